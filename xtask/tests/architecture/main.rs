//! The rules of ARCHITECTURE.md that a program can check, each with a control: an offence made up
//! for the purpose must be found, or the check is worth nothing.
mod bans;
mod dependencies;
mod imports;
mod maps;
mod modules;
mod source;
mod words;

use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
