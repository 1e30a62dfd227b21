//! The demo tells its story, and stops where it is spoilt.

use std::process::Command;

use super::{Context, Mode, Verdict, show_failure};
use crate::libtest::Counts;
use crate::run::{Trouble, run as run_command};

/// How it is told, and the step at which it must stop.
const TELLINGS: &[(&[&str], Option<&str>)] = &[
    (&["--seed", "7", "--people", "300"], None),
    (&["--seed", "8", "--people", "120", "--sabotage", "lose-person"], Some("the people")),
    (&["--seed", "9", "--people", "120", "--sabotage", "kill-server"], Some("no screen lock")),
];

pub(super) fn run(context: &Context) -> Result<Verdict, Trouble> {
    context.programs()?;
    let mut counts = Counts::default();
    let tellings = if context.mode == Mode::Whole { TELLINGS } else { &TELLINGS[..1] };
    for (arguments, stops_at) in tellings {
        match told(context, arguments, *stops_at)? {
            true => counts.passed += 1,
            false => counts.failed += 1,
        }
    }
    Ok(Verdict::Tests(counts))
}

/// Whether the demo went on to its end, or stopped where it must.
fn told(context: &Context, arguments: &[&str], stops_at: Option<&str>) -> Result<bool, Trouble> {
    // Not the file that is running: the build puts a new one in its place.
    let mut command = Command::new(context.target.join("debug/xtask"));
    command.args(["demo", "--no-build", "--folder"]).arg(context.target.join("xtask/demo"));
    command.args(arguments);
    if context.broken() {
        command.args(["--sabotage", "lose-person"]);
    }
    let done = run_command(&mut command, &context.log("demo"))?;
    let well = match stops_at {
        None => done.success,
        Some(step) => !done.success && done.stderr.contains(&format!("the step \"{step}\"")),
    };
    if !well {
        show_failure(context, &done);
    }
    Ok(well)
}
