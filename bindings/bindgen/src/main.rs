//! Writes the Kotlin and Swift sources that call the library `muster`, and Python for those who want
//! to look into it.
//!
//! The names of package and modules stand in `bindings/uniffi.toml`. The library must not be
//! stripped, because the description of its surface is in its symbols, and it must have the features
//! that the sources are to be used with: a source that knows `test_panic` does not load a library
//! that lacks it.
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use uniffi::{
    GenerateOptions, SwiftBindingsOptions, TargetLanguage, generate, generate_swift_bindings,
};

/// Writes the Kotlin and Swift sources that call the library `muster`.
#[derive(Parser)]
#[command(name = "muster-bindgen", version)]
struct Arguments {
    /// The library, unstripped: libmuster.so, libmuster.dylib or libmuster.a
    #[arg(long, value_name = "PATH")]
    library: PathBuf,
    /// Folder for Kotlin sources; they go into dev/muster/ffi below it
    #[arg(long, value_name = "FOLDER", required_unless_present_any = ["swift", "python"])]
    kotlin: Option<PathBuf>,
    /// Folder for Swift: MusterCore.swift, MusterFFI.h and module.modulemap
    #[arg(long, value_name = "FOLDER")]
    swift: Option<PathBuf>,
    /// Folder for Python: muster.py, which loads the library from its own folder. For tests
    #[arg(long, value_name = "FOLDER")]
    python: Option<PathBuf>,
    /// Write a module map as an xcframework wants it
    #[arg(long, requires = "swift")]
    xcframework: bool,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("muster-bindgen: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let library = absolute(&arguments.library)?;
    if !Path::new(&library).is_file() {
        return Err(format!("there is no library {library}"));
    }
    let kotlin = arguments.kotlin.as_deref().map(absolute).transpose()?;
    let python = arguments.python.as_deref().map(absolute).transpose()?;
    let swift = arguments.swift.as_deref().map(absolute).transpose()?;
    // UniFFI asks cargo where the crate is whose uniffi.toml counts, and cargo looks around in the
    // folder it is started in.
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::env::set_current_dir(home).map_err(|e| format!("can't go to {}: {e}", home.display()))?;
    for (language, folder) in [(TargetLanguage::Kotlin, kotlin), (TargetLanguage::Python, python)] {
        let Some(folder) = folder else { continue };
        let name = format!("{language:?}");
        generate(GenerateOptions {
            languages: vec![language],
            source: library.clone().into(),
            out_dir: folder.clone().into(),
            config_override: None,
            format: false,
            crate_filter: None,
            metadata_no_deps: true,
        })
        .map_err(|e| format!("{name}: {e:#}"))?;
        if name == "Kotlin" {
            excuse_kotlin(&Path::new(&folder).join("dev/muster/ffi/muster.kt"))?;
        }
    }
    if let Some(folder) = swift {
        generate_swift_bindings(SwiftBindingsOptions {
            generate_swift_sources: true,
            generate_headers: true,
            generate_modulemap: true,
            source: library.into(),
            out_dir: folder.into(),
            xcframework: arguments.xcframework,
            module_name: Some("MusterFFI".to_owned()),
            modulemap_filename: Some("module.modulemap".to_owned()),
            metadata_no_deps: true,
            link_frameworks: Vec::new(),
            config: None,
        })
        .map_err(|e| format!("Swift: {e:#}"))?;
    }
    Ok(())
}

/// Generated declarations don't say that they are public. In the module that they are compiled with,
/// Muster's own have to: they alone are excused.
fn excuse_kotlin(source: &Path) -> Result<(), String> {
    const BEFORE: &str = r#"@file:Suppress("NAME_SHADOWING")"#;
    const AFTER: &str = r#"@file:Suppress(
    "NAME_SHADOWING",
    "NO_EXPLICIT_VISIBILITY_IN_API_MODE_WARNING",
    "NO_EXPLICIT_RETURN_TYPE_IN_API_MODE_WARNING",
)"#;
    let failed = |e: std::io::Error| format!("{}: {e}", source.display());
    let text = std::fs::read_to_string(source).map_err(failed)?;
    if !text.contains(BEFORE) {
        return Err(format!("{} has no line {BEFORE}", source.display()));
    }
    std::fs::write(source, text.replacen(BEFORE, AFTER, 1)).map_err(failed)
}

/// `path` whatever folder the program goes to, as text.
fn absolute(path: &Path) -> Result<String, String> {
    let absolute = std::path::absolute(path).map_err(|e| format!("{}: {e}", path.display()))?;
    absolute.into_os_string().into_string().map_err(|_| "a path is not UTF-8".to_owned())
}
