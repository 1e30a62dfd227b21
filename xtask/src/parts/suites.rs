//! The Rust tests: those beside the code, those in documentation, and the stories.

use std::process::Command;

use super::{Context, Mode, TestProgram, Verdict, show_failure};
use crate::library::FEATURES;
use crate::libtest::{self, Counts};
use crate::run::{Finished, Trouble, run};
use crate::workspace::cargo;

/// The package of the stories: programs as a whole, real servers.
const STORIES: &str = "muster-e2e";
/// What the planted tests have in their names.
const PLANTED: &str = "notices_a_planted_failure";

/// Every package but the stories.
pub(super) fn rust(context: &Context) -> Result<Verdict, Trouble> {
    suite(context, "rust", |program| program.package != STORIES)
}

/// The stories.
pub(super) fn stories(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.python.wait()?;
    suite(context, "stories", |program| program.package == STORIES)
}

/// Examples in documentation.
pub(super) fn documentation(context: &Context) -> Result<Verdict, Trouble> {
    let what: &[&str] = match context.mode {
        Mode::Whole => &["--workspace", "--features", FEATURES],
        Mode::Planted | Mode::Broken => &["--package", "muster-people"],
    };
    let mut command = cargo(&["test", "--quiet", "--doc"]);
    prepare(context, "doc tests", command.args(what));
    let done = run(&mut command, &context.log("doc tests"))?;
    show_failure(context, &done);
    Ok(Verdict::Tests(libtest::of_many(&done.stdout, done.success)))
}

fn suite(
    context: &Context,
    name: &str,
    belongs: impl Fn(&TestProgram) -> bool,
) -> Result<Verdict, Trouble> {
    let mut sum = Counts::default();
    for program in context.programs()?.iter().filter(|p| belongs(p)) {
        let mut command = Command::new(&program.executable);
        command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
        // A snapshot that differs is a failure, never a new file.
        command.env("INSTA_UPDATE", "no").env("INSTA_WORKSPACE_ROOT", &context.root);
        if context.mode != Mode::Whole {
            command.arg(PLANTED);
        }
        prepare(context, name, &mut command);
        let done = run(&mut command, &context.log(name))?;
        let counts = libtest::of_program(&done.stdout, done.success);
        if counts.failed > 0 && !context.broken() {
            println!("{}:\n{}", program.package, failures(&done));
        }
        sum += counts;
    }
    Ok(Verdict::Tests(sum))
}

/// Tells the part's planted test to fail, if it shall.
fn prepare(context: &Context, name: &str, command: &mut Command) {
    command.env_remove("MUSTER_BREAK");
    if context.broken() {
        command.env("MUSTER_BREAK", name);
    }
}

/// From libtest's list of failures on, or the end where there is none.
fn failures(done: &Finished) -> String {
    match done.stdout.find("\nfailures:\n") {
        Some(at) => done.stdout[at..].to_owned(),
        None => done.tail(),
    }
}
