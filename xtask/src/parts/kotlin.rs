//! The Android shell: its sources and tests by Maven, which works where Gradle has no repository to
//! fetch the Android plugin from. See android/pom.xml.
use super::{Context, Mode, Verdict, show_failure};
use crate::debian;
use crate::junit;
use crate::run::{Trouble, run, version};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The test that the self-test tells to fail.
const PLANTED: &str = "PlantedTest";

/// Compiles with warnings as errors, checks the API level, runs the tests.
pub(super) fn run_tests(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.kotlin.wait()?;
    let library = context.library()?;
    let reports = android(context).join("target/surefire-reports");
    // Old reports would count as new ones.
    let _ = fs::remove_dir_all(&reports);
    let mut maven = maven(context, "pom.xml", "test");
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
    let mut maven = maven(context, "lint/pom.xml", "verify");
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
pub(super) fn fetch(log: &Path) -> Result<(), Trouble> {
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
    debian::apt_get(&packages, log)
}

fn maven(context: &Context, pom: &str, phase: &str) -> Command {
    let mut command = Command::new("mvn");
    // The compiler's daemon would go on running.
    command.args(["--batch-mode", "--quiet", "-Dkotlin.compiler.daemon=false", "--file"]);
    command.arg(android(context).join(pom)).arg(phase);
    command
}
