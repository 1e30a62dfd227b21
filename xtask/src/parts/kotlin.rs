//! The Android shell: its sources and tests by Maven, which works where Gradle has no repository to
//! fetch the Android plugin from. See android/pom.xml.
use super::{Context, Mode, Verdict, show_failure};
use crate::debian;
use crate::libtest::Counts;
use crate::run::{Trouble, run, version};
use crate::workspace::cargo;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The test that the self-test tells to fail.
const PLANTED: &str = "PlantedTest";
/// Features of the library that tests use: http to this machine, a panic on demand, Bundles.
const FEATURES: &str = "muster/loopback-http,muster/test-hooks,muster/android-jni";

/// Compiles with warnings as errors, checks the API level, runs the tests.
pub(super) fn run_tests(context: &Context) -> Result<Verdict, Trouble> {
    let library = library(context)?;
    let reports = android(context).join("target/surefire-reports");
    // Old reports would count as new ones.
    let _ = fs::remove_dir_all(&reports);
    let mut maven = maven(context, "pom.xml", "test")?;
    let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
    maven.arg(property("muster.library", &library));
    maven.arg(property("muster.bindings", &library.join("bindings")));
    maven.arg(property("muster.server", &context.target.join("debug/muster-server")));
    maven.arg(property("muster.screens", &context.target.join("screens/android")));
    if context.mode != Mode::Whole {
        maven.arg(format!("-Dtest={PLANTED}"));
    }
    maven.env_remove("MUSTER_BREAK");
    if context.broken() {
        maven.env("MUSTER_BREAK", "kotlin");
    }
    let done = run(&mut maven, &context.log("kotlin"))?;
    show_failure(context, &done);
    let mut counts = surefire(&reports)?;
    if !done.success && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(Verdict::Tests(counts))
}

/// ktlint over all Kotlin sources that are not generated.
pub(super) fn lint(context: &Context) -> Result<Verdict, Trouble> {
    need_tools(context)?;
    let mut maven = maven(context, "lint/pom.xml", "verify")?;
    if context.broken() {
        let folder = context.target.join("xtask/kotlin");
        let file = folder.join("Odd.kt");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(&file, "class Odd {val a=1 }\n"))
            .map_err(|e| format!("{}: {e}", file.display()))?;
        maven.arg(format!("-Dsources={}/**/*.kt", folder.display()));
    }
    super::check(context, "kotlin lint", &mut maven)
}

fn android(context: &Context) -> PathBuf {
    context.root.join("android")
}

/// Installs what a bare Debian lacks, and says so.
fn need_tools(context: &Context) -> Result<(), Trouble> {
    let wanted = [
        ("mvn", "-version", "maven"),
        ("javac", "-version", "openjdk-17-jdk-headless"),
        ("aapt2", "version", "aapt"),
        ("python3", "--version", "python3"),
    ];
    let missing = wanted.iter().filter(|(program, word, _)| version(program, word).is_none());
    let packages: Vec<&str> = missing.map(|(_, _, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    debian::apt_get(&packages, &context.log("kotlin"))
}

/// Builds the host's library with what the tests need and writes the bindings that fit it; gives
/// the folder with both. A copy, because a build without these features replaces cargo's own.
fn library(context: &Context) -> Result<PathBuf, Trouble> {
    need_tools(context)?;
    let log = context.log("kotlin");
    let run_cargo = |arguments: &[&str]| -> Result<(), Trouble> {
        let done = run(&mut cargo(arguments), &log)?;
        match done.success {
            true => Ok(()),
            false => Err(format!("cargo {}:\n{}", arguments.join(" "), done.tail()).into()),
        }
    };
    let library = format!("{}muster{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    run_cargo(&[
        "build",
        "--quiet",
        "-p",
        "muster",
        "-p",
        "muster-server",
        "--features",
        FEATURES,
    ])?;
    let folder = context.target.join("kotlin");
    let copy = folder.join(&library);
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(context.target.join("debug").join(&library), &copy))
        .map_err(|e| format!("{}: {e}", copy.display()))?;
    let (from, to) = (copy.to_string_lossy(), folder.join("bindings"));
    let to = to.to_string_lossy();
    run_cargo(&[
        "run",
        "--quiet",
        "-p",
        "muster-bindgen",
        "--",
        "--library",
        &from,
        "--kotlin",
        &to,
    ])?;
    Ok(folder)
}

fn maven(context: &Context, pom: &str, phase: &str) -> Result<Command, Trouble> {
    let mut command = Command::new("mvn");
    // The compiler's daemon would go on running.
    command.args(["--batch-mode", "--quiet", "-Dkotlin.compiler.daemon=false", "--file"]);
    command.arg(android(context).join(pom)).arg(phase);
    Ok(command)
}

/// The sum of all reports in `folder`. No report, no test.
fn surefire(folder: &Path) -> Result<Counts, Trouble> {
    let mut sum = Counts::default();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            sum += suite(&text).ok_or(format!("{} is no report", path.display()))?;
        }
    }
    Ok(sum)
}

/// The counts in the first `<testsuite …>` of a report.
fn suite(report: &str) -> Option<Counts> {
    let tag = report.split_once("<testsuite ")?.1.split_once('>')?.0;
    let number = |name: &str| -> Option<usize> {
        tag.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.parse().ok()
    };
    let tests = number("tests")?;
    // A test that is not run shows nothing.
    let failed = number("errors")? + number("failures")? + number("skipped")?;
    Some(Counts { passed: tests.checked_sub(failed)?, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, expect: Option<(usize, usize)>) {
        let report =
            format!("<?xml version=\"1.0\"?>\n<testsuite xmlns:x=\"y\" {tag}>\n<testcase/>");
        let counts = expect.map(|(passed, failed)| Counts { passed, failed });
        assert_eq!(suite(&report), counts, "{tag}");
    }

    #[test]
    fn counts_are_read_from_reports() {
        check(r#"name="a" time="1.2" tests="9" errors="0" skipped="0" failures="0""#, Some((9, 0)));
        check(r#"name="a" tests="9" errors="1" skipped="2" failures="3""#, Some((3, 6)));
        check(r#"name="a" tests="1" errors="1" skipped="1" failures="0""#, None);
        check(r#"name="a" tests="9""#, None);
        assert_eq!(suite("cut off"), None);
    }

    #[test]
    fn a_folder_without_reports_has_no_tests() {
        assert_eq!(surefire(Path::new("/nowhere")).unwrap(), Counts::default());
    }
}
