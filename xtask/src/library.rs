//! The library `muster` of this machine and the Kotlin and Swift sources that call it: what both
//! shells are compiled and tested with, and what `cargo xtask bindgen` leaves for an editor.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Trouble, run};
use crate::workspace::{cargo, root, target};

/// What tests use and no library that ships has: http to this machine, a panic on demand. And the
/// reader of Bundles, of which Swift knows nothing. Every cargo call of the tests has them, so that
/// nothing is compiled once with and once without.
pub(crate) const FEATURES: &str = "muster/loopback-http,muster/test-hooks,muster/android-jni";

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
    /// Builds the library, what writes the sources and the management server, but no test, then as
    /// [`Library::of_workspace`].
    pub(crate) fn build(log: &Path) -> Result<Self, Trouble> {
        let mut build = cargo(&["build", "--quiet", "--workspace", "--features", FEATURES]);
        build.args(["--lib", "--bin", "muster-bindgen", "--bin", "muster-server"]);
        // Nobody needs it here. But with an example, dependencies of tests count when cargo settles
        // features: all is compiled as by the build of the whole workspace, and so only once.
        build.args(["--example", "search_bench"]);
        quietly(&mut build, log)?;
        Self::of_workspace(log)
    }

    /// Takes what the build of the whole workspace left, and writes the sources.
    pub(crate) fn of_workspace(log: &Path) -> Result<Self, Trouble> {
        let built = Self { folder: target().join("bindings") };
        copy(&file_name(), &built.folder)?;
        // Alone in its folder: a linker that sees both takes the shared one.
        copy("libmuster.a", &swift().join("lib"))?;

        let fresh = built.folder.join("swift");
        let mut sources = bindgen_of(&built.shared());
        quietly(sources.arg("--kotlin").arg(built.kotlin()).arg("--swift").arg(&fresh), log)?;
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
    quietly(bindgen_of(library).arg("--python").arg(folder), log)
}

/// The program that writes sources, as the build left it, for one library.
fn bindgen_of(library: &Path) -> Command {
    // It asks cargo for the packages and their uniffi.toml.
    let mut command = Command::new(target().join("debug/muster-bindgen"));
    command.current_dir(root()).arg("--library").arg(library);
    command
}

/// The folder of the Swift sources, as ios/Package.swift expects it.
fn swift() -> PathBuf {
    root().join("ios/Generated")
}

fn quietly(command: &mut Command, log: &Path) -> Result<(), Trouble> {
    let done = run(command, log)?;
    match done.success {
        true => Ok(()),
        false => {
            let name = command.get_program().to_string_lossy();
            let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
            Err(format!("{name} {}:\n{}", words.join(" "), done.tail()).into())
        }
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
