//! A toolchain of another Debian in a folder of its own, where the machine has none that fits. The
//! scripts in xtask/debian-root say how.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian;
use crate::run::{Trouble, run};
use crate::workspace::{root, target};

/// One such toolchain.
pub(crate) struct DebianRoot {
    /// Its folder in `target/roots`.
    name: &'static str,
    /// Debian's release.
    suite: &'static str,
    packages: &'static [&'static str],
}

/// Swift 6. Debian 12 has none.
pub(crate) const SWIFT: DebianRoot = DebianRoot {
    name: "swift",
    suite: "trixie",
    packages: &[
        "swiftlang",
        "libswiftlang",
        "swiftlang-dev",
        "libc6-dev",
        "libstdc++-14-dev",
        "libssl-dev",
        "ca-certificates",
    ],
};

/// Rust with the sources of its standard library, from which that of a phone can be made.
pub(crate) const RUST: DebianRoot = DebianRoot {
    name: "rust",
    suite: "sid",
    packages: &["cargo", "rustc", "rust-src", "gcc", "libc6-dev", "ca-certificates", "pkgconf"],
};

impl DebianRoot {
    /// Makes it if it is not there, and says so.
    pub(crate) fn ensure(&self, log: &Path) -> Result<(), Trouble> {
        let folder = self.folder();
        if !folder.join(".made-of").exists() {
            if !debian::possible(log)? {
                return Err(format!(
                    "{} is fetched by root on Debian only; `cargo xtask doctor` says what to \
                     install instead",
                    self.name
                )
                .into());
            }
            let names = self.packages.join(" ");
            println!("apt-get: unpacking into {}: {names} ({})", folder.display(), self.suite);
        }
        let mut make = Command::new("bash");
        make.arg(script("make.sh")).arg(self.suite).arg(&folder).args(self.packages);
        let done = run(&mut make, log)?;
        match done.success {
            true => Ok(()),
            false => Err(format!("{} could not be fetched:\n{}", self.name, done.tail()).into()),
        }
    }

    /// A command that runs in it, in the folder `place`, and sees the workspace, cargo's target
    /// folder and `folders` at their own paths.
    pub(crate) fn command(
        &self,
        place: &Path,
        folders: &[&Path],
        variables: &[(&str, String)],
    ) -> Command {
        let mut command = Command::new("bash");
        command.arg(script("run.sh")).arg(self.folder()).current_dir(place);
        let (workspace, target) = (root(), target());
        let seen = [&[workspace.as_path(), target.as_path()], folders].concat();
        let seen: Vec<_> = seen.iter().map(|folder| folder.to_string_lossy()).collect();
        let set: Vec<_> = variables.iter().map(|(name, value)| format!("{name}={value}")).collect();
        command.env("ROOT_BIND", seen.join(" ")).env("ROOT_ENV", set.join(" "));
        command
    }

    fn folder(&self) -> PathBuf {
        target().join("roots").join(self.name)
    }
}

/// A file in xtask/debian-root.
pub(crate) fn script(name: &str) -> PathBuf {
    root().join("xtask/debian-root").join(name)
}
