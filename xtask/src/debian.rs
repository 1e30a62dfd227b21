//! Packages of Debian, for bare machines that run tests as root.
use crate::run::{Trouble, run};
use std::path::Path;
use std::process::Command;

/// Installs `packages`, and says so. Elsewhere, or as somebody else than root, says what to do.
pub(crate) fn apt_get(packages: &[&str], log: &Path) -> Result<(), Trouble> {
    let hint = format!("install {} (Debian: apt-get install …)", packages.join(" and "));
    let root_user = run(Command::new("id").arg("-u"), log)?.stdout.trim() == "0";
    if !root_user || crate::run::version("apt-get", "--version").is_none() {
        return Err(hint.into());
    }
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
