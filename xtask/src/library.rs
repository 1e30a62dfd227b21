//! The library `muster` of this machine and the Kotlin and Swift sources that call it: what both
//! shells are compiled and tested with, and what `cargo xtask bindgen` leaves for an editor.
use crate::run::{Trouble, run};
use crate::workspace::{cargo, root, target};
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What tests use and no library that ships has: http to this machine, a panic on demand. And the
/// reader of Bundles, of which Swift knows nothing.
const FEATURES: &str = "muster/loopback-http,muster/test-hooks,muster/android-jni";

/// `cargo xtask bindgen`.
pub(crate) fn bindgen() -> Result<bool, Trouble> {
    let library = Library::build(&target().join("xtask/bindgen.log"))?;
    println!("Kotlin: {}", library.kotlin().display());
    println!("Swift:  {}", swift().display());
    println!("They fit {}, which is for tests.", library.folder.display());
    Ok(true)
}

/// Where the library and the Kotlin sources are. A copy, because a build without the features of
/// tests replaces cargo's own.
pub(crate) struct Library {
    /// The folder of the shared library.
    pub(crate) folder: PathBuf,
}

impl Library {
    /// Builds the library and the management server, and writes the sources.
    pub(crate) fn build(log: &Path) -> Result<Self, Trouble> {
        let built = Self { folder: target().join("bindings") };
        let packages = ["--package", "muster", "--package", "muster-server"];
        quietly(&["build", "--quiet"], &[&packages[..], &["--features", FEATURES]].concat(), log)?;
        copy(&file_name(), &built.folder)?;
        // Alone in its folder: a linker that sees both takes the shared one.
        copy("libmuster.a", &swift().join("lib"))?;

        let fresh = built.folder.join("swift");
        let [library, kotlin, swift_sources] = [built.shared(), built.kotlin(), fresh.clone()]
            .map(|path| path.to_string_lossy().into_owned());
        let arguments =
            ["--", "--library", &library, "--kotlin", &kotlin, "--swift", &swift_sources];
        quietly(&["run", "--quiet", "--package", "muster-bindgen"], &arguments, log)?;
        // As SwiftPM wants it: one folder a target.
        for (name, folder) in [
            ("MusterCore.swift", "MusterCore"),
            ("MusterFFI.h", "MusterFFI"),
            ("module.modulemap", "MusterFFI"),
        ] {
            put(&fresh.join(name), &swift().join(folder).join(name))?;
        }
        Ok(built)
    }

    /// The shared library.
    pub(crate) fn shared(&self) -> PathBuf {
        self.folder.join(file_name())
    }

    /// The folder of the Kotlin sources.
    pub(crate) fn kotlin(&self) -> PathBuf {
        self.folder.join("kotlin")
    }
}

/// What the shared library is called on this machine.
pub(crate) fn file_name() -> String {
    format!("{DLL_PREFIX}muster{DLL_SUFFIX}")
}

/// Copies `library` into `folder` and writes the Python module that calls it there.
pub(crate) fn with_python(library: &Path, folder: &Path, log: &Path) -> Result<(), Trouble> {
    put(library, &folder.join(file_name()))?;
    let [library, folder] = [library, folder].map(|path| path.to_string_lossy().into_owned());
    let arguments = ["--", "--library", &library, "--python", &folder];
    quietly(&["run", "--quiet", "--package", "muster-bindgen"], &arguments, log)
}

/// The folder of the Swift sources, as ios/Package.swift expects it.
fn swift() -> PathBuf {
    root().join("ios/Generated")
}

fn quietly(words: &[&str], more: &[&str], log: &Path) -> Result<(), Trouble> {
    let arguments = [words, more].concat();
    let done = run(&mut cargo(&arguments), log)?;
    match done.success {
        true => Ok(()),
        false => Err(format!("cargo {}:\n{}", arguments.join(" "), done.tail()).into()),
    }
}

/// Takes what cargo has just built out of its way.
fn copy(name: &str, folder: &Path) -> Result<(), Trouble> {
    put(&target().join("debug").join(name), &folder.join(name))
}

/// Copies a file if it differs, so that what is built from it is not built again for nothing.
fn put(from: &Path, to: &Path) -> Result<(), Trouble> {
    let copy = || -> io::Result<()> {
        let new = fs::read(from)?;
        if fs::read(to).is_ok_and(|old| old == new) {
            return Ok(());
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(to, new)
    };
    copy().map_err(|e| format!("{} to {}: {e}", from.display(), to.display()).into())
}
