//! `cargo xtask demo`: the main job, told while it happens.
//!
//! A table of steps. Each runs the two programs as anybody would, reads their `--json` answers,
//! checks them, and only then says what happened. The first thing that is not as it should be ends
//! the demo with the name of its step.
mod admin;
mod android;
mod iphone;
mod leaving;
mod organisation;
mod phone;
mod programs;
mod rules;
mod scan;
mod stage;
mod telling;

use std::path::PathBuf;
use std::time::Instant;

use crate::run::{Trouble, show};
use crate::workspace::{cargo, target};
use programs::Programs;
use stage::{Sabotage, Stage};
use telling::Telling;

/// How the demo is told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Other people, same story
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How large the company is
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(50..=50_000))]
    people: u64,
    /// Leave the server running and the phones as they are, and say what to type
    #[arg(long)]
    keep: bool,
    /// Spoil it on purpose, to see that it is noticed
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Use the programs as they are built
    #[arg(long)]
    no_build: bool,
    /// Where server and phones are kept; emptied first [default: demo in cargo's target folder]
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// A part of the story. What it says has been checked.
struct Step {
    name: &'static str,
    run: fn(&mut Stage) -> Result<(), Trouble>,
}

const STEPS: &[Step] = &[
    step("the organisation", organisation::founded),
    step("the people", organisation::people_imported),
    step("the payload", android::payload),
    step("the first launch", android::first_launch),
    step("the search", android::search),
    step("the incoming call", android::incoming_call),
    step("no screen lock", rules::lock_missing),
    step("the end of the grace", rules::grace_ends),
    step("the lock is set", rules::mended),
    step("the reports", rules::reported),
    step("the link", iphone::link_opened),
    step("the iPhone", iphone::activated),
    step("the used link", iphone::link_used_up),
    step("one setting from the server", iphone::one_setting_wins),
    step("somebody leaves", leaving::person_leaves),
    step("the phone is retired", leaving::phone_retired),
    step("no way back by itself", leaving::stays_away),
];

const fn step(name: &'static str, run: fn(&mut Stage) -> Result<(), Trouble>) -> Step {
    Step { name, run }
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool, Trouble> {
    if !arguments.no_build {
        println!("Building muster-server and muster-device …");
        let packages = ["--package", "muster-server", "--package", "muster-device"];
        if !show(cargo(&["build", "--bins"]).args(packages))? {
            return Ok(false);
        }
    }
    let started = Instant::now();
    let programs = Programs::in_folder(&target().join("debug"));
    let mut stage = Stage::open(arguments, &programs, Telling::new(STEPS.len()))
        .map_err(|trouble| stopped("the start of the server", &trouble))?;
    for step in STEPS {
        stage.telling.doing(step.name);
        let done = (step.run)(&mut stage);
        if let Err(trouble) = done {
            stage.telling.end();
            return Err(stopped(step.name, &trouble));
        }
        stage.telling.done();
    }
    stage.telling.end();
    stage.fact("the whole story took", format!("{:.1} s", started.elapsed().as_secs_f64()));
    println!("\n{}", telling::table(&stage.facts));
    if arguments.keep {
        println!("{}", next(&stage));
        stage.server.keep();
    } else {
        println!("With --keep the server and the phones stay, with commands to type.");
    }
    Ok(true)
}

fn stopped(step: &str, trouble: &Trouble) -> Trouble {
    Trouble(format!("\nThe demo stopped at the step \"{step}\": {trouble}"))
}

/// What to type after `--keep`.
fn next(stage: &Stage) -> String {
    let (phone, server) = (stage.iphone.words(), stage.server.words());
    format!(
        "The server is still there, and so are the phones. Try:\n\
         \n  {phone} search anders\
         \n  {phone} findings\
         \n  {phone} report\
         \n  {server} device list\
         \n  {server} events\
         \n  {server} setting set support_email other@nordlicht.example\
         \n  {phone} run && {phone} config\
         \n\nStop the server with: kill {}",
        stage.server.pid()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_step_is_known_by_its_name() {
        let names: BTreeSet<&str> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
    }
}
