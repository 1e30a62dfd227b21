//! rustdoc for the whole workspace, without a warning.
use super::{Context, Mode, Verdict, check};
use crate::library::FEATURES;
use crate::run::Trouble;
use crate::workspace::cargo;

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    let what: &[&str] = match context.mode {
        Mode::Whole => &["--workspace", "--features", FEATURES],
        Mode::Planted => &["--package", "muster-people"],
        Mode::Broken => &["--package", "muster-people", "--features", "self-test-break"],
    };
    let mut command = cargo(&["doc", "--quiet", "--no-deps"]);
    check(context, "docs", command.args(what).env("RUSTDOCFLAGS", "--deny warnings"))
}
