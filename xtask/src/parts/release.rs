//! The library as it ships, for one ABI: the release profile, without what is for tests.

use std::fs;
use std::process::Command;

use super::{Context, Verdict, show_failure};
use crate::library;
use crate::run::{Trouble, run};
use crate::workspace::cargo;

/// Builds it, and has bindings/ships.py look at it and ask it: size, plain http, test hooks.
pub(super) fn run_check(context: &Context) -> Result<Verdict, Trouble> {
    let log = context.log("release");
    let folder = context.target.join("ships");
    // Leftovers of another build would be looked at instead.
    let _ = fs::remove_dir_all(&folder);
    if context.broken() {
        // That of the tests has all that must not ship.
        let tests = context.library()?;
        library::with_python(&tests.shared(), &folder, &log)?;
    } else {
        let mut build = cargo(&["build", "--release", "--quiet", "--package", "muster", "--lib"]);
        let built = run(build.args(["--features", "android-jni"]), &log)?;
        if !built.success {
            show_failure(context, &built);
            return Ok(Verdict::Check(false));
        }
        // The build of the workspace has what writes the module.
        context.programs()?;
        let release = context.target.join("release").join(library::file_name());
        library::with_python(&release, &folder, &log)?;
    }
    let mut ask = Command::new("python3");
    let done = run(ask.arg(context.root.join("bindings/ships.py")).arg(&folder), &log)?;
    show_failure(context, &done);
    if done.success {
        print!("{}", done.stdout);
    }
    Ok(Verdict::Check(done.success))
}
