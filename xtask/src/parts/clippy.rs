//! Lints of rustc and clippy, and the core's bans (core/clippy.toml).
use super::{Context, Mode, Verdict, check};
use crate::library::FEATURES;
use crate::run::Trouble;
use crate::workspace::cargo;

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    let what: &[&str] = match context.mode {
        Mode::Whole => &["--workspace", "--all-targets", "--features", FEATURES],
        Mode::Planted => &["--package", "muster-people"],
        Mode::Broken => &["--package", "muster-people", "--features", "self-test-break"],
    };
    let mut command = cargo(&["clippy", "--quiet"]);
    check(context, "clippy", command.args(what).args(["--", "--deny", "warnings"]))
}
