//! `cargo xtask schema`: the files that other systems read, from the one table of settings.
use crate::run::{Trouble, show};
use crate::workspace::{cargo, root};

/// What can be asked for.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only say which files differ, and fail if one does
    #[arg(long)]
    check: bool,
}

/// Runs `muster-schema` (xtask/schema): it knows the table, so this program need not link the core.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Trouble> {
    let mut command = cargo(&["run", "--quiet", "--package", "muster-schema"]);
    show(command.args(["--", if arguments.check { "check" } else { "write" }]).arg(root()))
}
