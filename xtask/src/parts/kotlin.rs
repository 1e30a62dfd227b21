//! The Android shell: its sources and tests by Maven, which works where Gradle has no repository to
//! fetch the Android plugin from. See android/pom.xml.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Context, Mode, Verdict, show_failure};
use crate::debian;
use crate::junit;
use crate::run::{Trouble, run, version};
use crate::workspace::{root, target};

/// The test that the self-test tells to fail.
const PLANTED: &str = "PlantedTest";

/// Compiles with warnings as errors, checks the API level, runs the tests.
pub(super) fn run_tests(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.kotlin.wait()?;
    let library = context.library()?;
    let reports = android().join("target/surefire-reports");
    // Old reports would count as new ones.
    let _ = fs::remove_dir_all(&reports);
    let mut maven = maven("pom.xml", "test");
    let property = |name: &str, path: &Path| format!("-D{name}={}", path.display());
    maven.arg(property("muster.library", &library.folder));
    maven.arg(property("muster.bindings", &library.kotlin()));
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
    let mut counts = junit::of_folder(&reports)?;
    if !done.success && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(Verdict::Tests(counts))
}

/// ktlint over all Kotlin sources that are not generated.
pub(super) fn lint(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.kotlin.wait()?;
    let mut maven = maven("lint/pom.xml", "verify");
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

fn android() -> PathBuf {
    root().join("android")
}

/// Installs what a bare Debian lacks, and says so; then has Maven fetch what it will ask for.
pub(super) fn fetch(log: &Path) -> Result<(), Trouble> {
    let wanted = [
        ("mvn", "-version", "maven"),
        ("javac", "-version", "openjdk-17-jdk-headless"),
        ("aapt2", "version", "aapt"),
        ("python3", "--version", "python3"),
    ];
    let missing = wanted.iter().filter(|(program, word, _)| version(program, word).is_none());
    let packages: Vec<&str> = missing.map(|(_, _, package)| *package).collect();
    if !packages.is_empty() {
        debian::apt_get(&packages, log)?;
    }
    fetch_for_maven(log)
}

/// Plug-ins, libraries and Robolectric's framework: half a gigabyte, and no more than a look where it
/// has been fetched for the same pom.xml before.
fn fetch_for_maven(log: &Path) -> Result<(), Trouble> {
    let pom = fs::read(android().join("pom.xml")).map_err(|e| format!("pom.xml: {e}"))?;
    let marker = target().join("maven-fetched.xml");
    if fs::read(&marker).is_ok_and(|fetched| fetched == pom) {
        return Ok(());
    }
    let mut fetch = maven("pom.xml", "dependency:go-offline");
    // What could not be fetched the tests ask for again, and say so.
    if run(fetch.arg("dependency:copy@framework"), log)?.success {
        fs::write(&marker, pom).map_err(|e| format!("{}: {e}", marker.display()))?;
    }
    Ok(())
}

fn maven(pom: &str, goal: &str) -> Command {
    let mut command = Command::new("mvn");
    // The compiler's daemon would go on running.
    command.args(["--batch-mode", "--quiet", "-Dkotlin.compiler.daemon=false", "--file"]);
    command.arg(android().join(pom)).arg(goal);
    command
}
