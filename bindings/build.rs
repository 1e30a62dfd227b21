//! Packs the relocations of the library: a third of a megabyte, which is nothing but addresses.
use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let flag = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        // DT_RELR; a linker older than binutils 2.38 says that it does not know it, and goes on.
        Ok("linux") => "-Wl,-z,pack-relative-relocs",
        // Understood since Android 6; DT_RELR only since Android 11.
        Ok("android") => "-Wl,--pack-dyn-relocs=android",
        _ => return,
    };
    println!("cargo::rustc-cdylib-link-arg={flag}");
}
