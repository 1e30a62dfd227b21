//! Makes the library smaller on a phone, by what linkers can do and nothing in the code shows:
//! relocations are packed (a third of a megabyte of nothing but addresses), and functions that came
//! out the same, of which generic Rust has many, are kept once (three quarters of a megabyte).
use std::env;
use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let flags: &[&str] = match env::var("CARGO_CFG_TARGET_OS").as_deref() {
        // DT_RELR; a linker older than binutils 2.38 says that it does not know it, and goes on.
        Ok("linux") if links_with_lld() => &["-Wl,-z,pack-relative-relocs", "-Wl,--icf=all"],
        Ok("linux") => &["-Wl,-z,pack-relative-relocs"],
        // The NDK links with LLD. Its packing is understood since Android 6; DT_RELR only since
        // Android 11.
        Ok("android") => &["-Wl,--pack-dyn-relocs=android", "-Wl,--icf=all"],
        _ => &[],
    };
    for flag in flags {
        println!("cargo::rustc-cdylib-link-arg={flag}");
    }
}

/// Whether the compiler brings LLD along and uses it by itself, as Rust's own releases do for this
/// target since 1.90. Distributions may leave it out, and GNU's linker refuses `--icf`.
fn links_with_lld() -> bool {
    if env::var("TARGET").as_deref() != Ok("x86_64-unknown-linux-gnu") {
        return false;
    }
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(output) = Command::new(rustc).args(["--print", "sysroot"]).output() else {
        return false;
    };
    let sysroot = String::from_utf8_lossy(&output.stdout);
    let tools = Path::new(sysroot.trim()).join("lib/rustlib/x86_64-unknown-linux-gnu/bin");
    tools.join("gcc-ld/ld.lld").exists()
}
