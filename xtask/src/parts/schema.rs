//! The generated files are what the settings table says.

use std::fs;
use std::process::Command;

use super::{Context, Verdict, check};
use crate::run::Trouble;

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    let mut folder = context.root.clone();
    if context.broken() {
        // A folder in which every generated file is missing.
        folder = context.target.join("xtask/empty");
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    // Built with everything else; `cargo run` would build the core once more, alone.
    context.programs()?;
    let mut schema = Command::new(context.target.join("debug/muster-schema"));
    check(context, "schema", schema.arg("check").arg(folder))
}
