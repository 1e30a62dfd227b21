//! The iOS shell on Linux: MusterKit as it is, and what needs Apple's frameworks against stubs of
//! them. Both with the project's own Swift, or where there is none with Debian's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Context, Mode, Verdict, show_failure};
use crate::debian_root::SWIFT;
use crate::junit;
use crate::run::{Trouble, run, version};

/// The suite that the self-test tells to fail.
const PLANTED: &str = "PlantedTests";
/// How many people the stories have: those of the demo's seed.
const PEOPLE: (u64, usize) = (1, 2_000);

/// MusterKit by URLSession against a running server, and what the app decides by itself.
pub(super) fn run_tests(context: &Context) -> Result<Verdict, Trouble> {
    prepare(context)?;
    let folder = context.target.join("swift-tests");
    let people = folder.join("people.csv");
    let (seed, count) = PEOPLE;
    let list = muster_people::csv(&muster_people::people(seed, count));
    let reports = folder.join("reports");
    // Old reports would count as new ones.
    let _ = fs::remove_dir_all(&reports);
    fs::create_dir_all(&reports)
        .and_then(|()| fs::write(&people, list))
        .map_err(|e| format!("{}: {e}", people.display()))?;

    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let mut set = vec![
        ("MUSTER_TEST_SERVER", text(context.target.join("debug/muster-server"))),
        ("MUSTER_TEST_PEOPLE", text(people)),
        // Drawing up the stack of a crashed test takes minutes.
        ("SWIFT_BACKTRACE", "enable=no".to_owned()),
    ];
    if context.broken() {
        set.push(("MUSTER_BREAK", "swift".to_owned()));
    }
    let mut command = swift(context, &set);
    command.arg("test").arg("--xunit-output").arg(reports.join("tests.xml"));
    if context.mode != Mode::Whole {
        command.args(["--filter", PLANTED]);
    }
    let done = run(strictly(&mut command, context, "swift"), &context.log("swift"))?;
    show_failure(context, &done);
    let mut counts = junit::of_folder(&reports)?;
    if !done.success && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(Verdict::Tests(counts))
}

/// Compiles MusterKit and the app with Apple's frameworks as stubs of our own: it finds wrong types
/// and nothing else.
pub(super) fn check_stubs(context: &Context) -> Result<Verdict, Trouble> {
    prepare(context)?;
    let mut command = swift(context, &[("MUSTER_STUBS", "1".to_owned())]);
    // With the tests: a snippet of docs/embedding.md among them is for Apple's systems alone.
    command.args(["build", "--build-tests"]);
    if context.broken() {
        // ios/App/Sources/Planted.swift
        command.args(["-Xswiftc", "-DMUSTER_BREAK"]);
    }
    super::check(context, "swift stubs", strictly(&mut command, context, "swift-stubs"))
}

/// `swift format` over all Swift that is not generated.
pub(super) fn lint(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.swift.wait()?;
    let mut command = swift(context, &[]);
    command.args(["format", "lint", "--strict", "--recursive", "--parallel"]);
    if context.broken() {
        let file = context.target.join("xtask/Odd.swift");
        fs::write(&file, "class Odd {let a=1 }\n")
            .map_err(|e| format!("{}: {e}", file.display()))?;
        command.arg(file);
    } else {
        command.args(["Package.swift", "App", "Sources", "Stubs", "Tests"]);
    }
    super::check(context, "swift lint", &mut command)
}

/// Fetches Debian's Swift, unless there is one that will do.
pub(super) fn fetch(log: &Path) -> Result<(), Trouble> {
    if own_swift().is_some() { Ok(()) } else { SWIFT.ensure(log) }
}

/// What has to be there before Swift builds anything.
fn prepare(context: &Context) -> Result<(), Trouble> {
    if !cfg!(target_os = "linux") {
        return Err("it runs on Linux; on macOS use Xcode, see ios/README.md".to_owned().into());
    }
    context.fetched.swift.wait()?;
    context.library().map(drop)
}

/// Swift 6 mode stands in the package; here warnings become errors. Nobody debugs what is built here.
fn strictly<'a>(command: &'a mut Command, context: &Context, folder: &str) -> &'a mut Command {
    command.args(["--quiet", "-Xswiftc", "-warnings-as-errors"]);
    command.args(["-debug-info-format", "none"]);
    command.arg("--scratch-path").arg(context.target.join(folder))
}

/// Swift, to be run in ios/ with `variables` set.
fn swift(context: &Context, variables: &[(&str, String)]) -> Command {
    let place = context.root.join("ios");
    if own_swift().is_none() {
        let mut command = SWIFT.command(&place, &[], variables);
        command.arg("swift");
        return command;
    }
    let mut command = Command::new("swift");
    command.current_dir(place).env_remove("MUSTER_BREAK").env_remove("MUSTER_STUBS");
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command
}

/// The machine's own Swift, if it is 6 or newer.
pub(crate) fn own_swift() -> Option<String> {
    version("swift", "--version").filter(|line| is_new_enough(line))
}

/// `Swift version 6.0.3 (swift-6.0.3-RELEASE)`, with Apple's word before it on macOS.
fn is_new_enough(line: &str) -> bool {
    let number = line.split("Swift version ").nth(1).and_then(|rest| rest.split('.').next());
    number.and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major >= 6)
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn swift_six_and_newer_will_do() {
        assert!(is_new_enough("Swift version 6.0.3 (swift-6.0.3-RELEASE)"));
        assert!(is_new_enough("Apple Swift version 10.1 (swiftlang-10.1.0)"));
        assert!(!is_new_enough("Swift version 5.10.1 (swift-5.10.1-RELEASE)"));
        assert!(!is_new_enough("swift: an OpenStack client"));
    }
}
