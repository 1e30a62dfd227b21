//! `cargo xtask schema`: the files that other systems read, from the one table of settings.
use crate::run::{Trouble, show};
use crate::workspace::{cargo, root};
use std::path::Path;
use std::process::Command;

/// What can be asked for.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only say which files differ, and fail if one does
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool, Trouble> {
    let mut command = if arguments.check { check(&root()) } else { write(&root()) };
    show(&mut command)
}

/// Compares the files under `folder`.
pub(crate) fn check(folder: &Path) -> Command {
    example("check", folder)
}

fn write(folder: &Path) -> Command {
    example("write", folder)
}

/// The core's example `schema`: it knows the table, this program need not link it.
fn example(verb: &str, folder: &Path) -> Command {
    let mut command = cargo(&["run", "--quiet", "--package", "muster-core", "--example", "schema"]);
    command.args(["--", verb]).arg(folder);
    command
}
