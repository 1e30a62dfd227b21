//! rustfmt has nothing to change.

use std::fs;

use super::{Context, Verdict, check};
use crate::run::Trouble;
use crate::workspace::cargo;

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    let mut command = cargo(&["fmt", "--all", "--check"]);
    if context.broken() {
        let file = context.target.join("xtask/unformatted.rs");
        fs::write(&file, "fn  main( ){}\n").map_err(|e| format!("{}: {e}", file.display()))?;
        command.arg("--").arg(file);
    }
    check(context, "formatting", &mut command)
}
