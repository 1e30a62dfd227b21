//! The core as it ships: the release profile, no features.
use super::{Context, Verdict, check};
use crate::run::Trouble;
use crate::workspace::cargo;

/// Builds core's example `ships`, which exits 0 only if what must not ship is not there.
pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    let mut command = cargo(&["run", "--release", "--quiet", "--package", "muster-core"]);
    command.args(["--example", "ships"]);
    if context.broken() {
        command.args(["--features", "loopback-http"]);
    }
    check(context, "release", &mut command)
}
