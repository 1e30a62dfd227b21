//! Packages of Debian, for bare machines that run tests as root.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::run::{Trouble, run, version};

/// One at a time: several parts install in the background, and apt locks its lists.
static APT: Mutex<()> = Mutex::new(());

/// Installs `packages`, and says so. Elsewhere, or as somebody else than root, says what to do.
pub(crate) fn apt_get(packages: &[&str], log: &Path) -> Result<(), Trouble> {
    let hint = format!("install {} (Debian: apt-get install …)", packages.join(" and "));
    if !possible(log)? {
        return Err(hint.into());
    }
    let _one = APT.lock().unwrap_or_else(PoisonError::into_inner);
    println!("apt-get: installing {}", packages.join(" "));
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends"]] {
        let names = if arguments[0] == "install" { packages } else { &[] };
        let mut command = Command::new("apt-get");
        command.args(arguments).args(names).env("DEBIAN_FRONTEND", "noninteractive");
        let done = run(&mut command, log)?;
        if !done.success {
            return Err(format!("{hint}; apt-get said:\n{}", done.tail()).into());
        }
    }
    Ok(())
}

/// Whether this is root on a machine with apt.
pub(crate) fn possible(log: &Path) -> Result<bool, Trouble> {
    let is_root = run(Command::new("id").arg("-u"), log)?.stdout.trim() == "0";
    Ok(is_root && version("apt-get", "--version").is_some())
}
