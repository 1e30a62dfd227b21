//! The virtual environment with the CardDAV servers that the stories run against.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian::apt_get;
use crate::run::{Trouble, run};
use crate::workspace::{root, target};

/// Where it is.
pub(crate) fn venv() -> PathBuf {
    target().join("venv")
}

/// Makes the environment if it is not there or holds other versions than
/// tests/e2e/requirements.txt asks for. Says what it installs.
pub(crate) fn ensure(log: &Path) -> Result<(), Trouble> {
    let wanted = root().join("tests/e2e/requirements.txt");
    let text = fs::read_to_string(&wanted).map_err(|e| format!("{}: {e}", wanted.display()))?;
    let marker = venv().join("installed.txt");
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    create(log)?;
    println!("pip: installing into {}: {}", venv().display(), wanted_words(&text));
    let mut pip = Command::new(venv().join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
    let done = run(pip.arg(&wanted), log)?;
    if !done.success {
        return Err(format!("pip could not install the CardDAV servers:\n{}", done.tail()).into());
    }
    fs::write(&marker, text).map_err(|e| format!("{}: {e}", marker.display()).into())
}

fn create(log: &Path) -> Result<(), Trouble> {
    let make = || run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(venv()), log);
    if make().is_ok_and(|done| done.success) {
        return Ok(());
    }
    // Debian keeps venv out of python3; a machine for tests may be given it.
    apt_get(&["python3", "python3-venv"], log)?;
    let done = make()?;
    if done.success {
        return Ok(());
    }
    Err(format!("`python3 -m venv` failed:\n{}", done.tail()).into())
}

fn wanted_words(requirements: &str) -> String {
    let lines = requirements.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join(" ")
}
