//! What `cargo xtask test` consists of: a table, one file per part.
//!
//! A new part is a file here and a row in [`PARTS`]. A part is a real command whose result is read
//! from what it says for machines; a part that shows nothing (no tests, or something it needs is
//! missing) has failed.
mod build;
mod clippy;
mod demo;
mod docs;
mod formatting;
mod kotlin;
mod release;
mod schema;
mod suites;
mod swift;
mod targets;

use crate::job::Job;
use crate::library::Library;
use crate::libtest::Counts;
use crate::python;
use crate::run::{Finished, Trouble, run};
use build::TestProgram;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::Command;
pub(crate) use swift::own_swift;
pub(crate) use targets::own_targets;

/// Which of `--only`'s words a part belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Language {
    /// Core, programs, stories.
    Rust,
    /// The Android shell.
    Kotlin,
    /// The iOS shell.
    Swift,
}

/// What a part found.
pub(crate) enum Verdict {
    /// One command that says yes or no.
    Check(bool),
    /// A test harness that counts.
    Tests(Counts),
}

/// One row of the table.
pub(crate) struct Part {
    /// As it stands in the summary.
    pub(crate) name: &'static str,
    /// For `--only`.
    pub(crate) language: Language,
    /// Left out by `--fast`.
    pub(crate) slow: bool,
    /// Does the work.
    pub(crate) run: fn(&Context) -> Result<Verdict, Trouble>,
}

/// All parts, in the order in which they run: cheap and telling ones first.
pub(crate) const PARTS: &[Part] = &[
    part("formatting", Language::Rust, false, formatting::run),
    part("build", Language::Rust, false, build::run),
    part("rust", Language::Rust, false, suites::rust),
    part("doc tests", Language::Rust, false, suites::documentation),
    part("stories", Language::Rust, false, suites::stories),
    part("demo", Language::Rust, false, demo::run),
    part("schema", Language::Rust, false, schema::run),
    part("clippy", Language::Rust, false, clippy::run),
    part("docs", Language::Rust, true, docs::run),
    part("release", Language::Rust, true, release::run_check),
    part("targets", Language::Rust, true, targets::check),
    part("kotlin", Language::Kotlin, true, kotlin::run_tests),
    part("kotlin lint", Language::Kotlin, true, kotlin::lint),
    part("swift", Language::Swift, true, swift::run_tests),
    part("swift stubs", Language::Swift, true, swift::check_stubs),
    part("swift lint", Language::Swift, true, swift::lint),
];

const fn part(
    name: &'static str,
    language: Language,
    slow: bool,
    run: fn(&Context) -> Result<Verdict, Trouble>,
) -> Part {
    Part { name, language, slow, run }
}

/// What the self-test makes of a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// The real thing.
    Whole,
    /// The part's planted test alone, which passes.
    Planted,
    /// The part's planted test alone, told to fail.
    Broken,
}

/// What parts share.
pub(crate) struct Context {
    /// The workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
    /// Whole, or which side of the self-test.
    pub(crate) mode: Mode,
    /// Test programs, once `build` has built them; the same in every mode.
    pub(crate) programs: OnceCell<Vec<TestProgram>>,
    /// The library for the shells, once it is built; the same in every mode.
    pub(crate) library: OnceCell<Library>,
    /// What is fetched in the background.
    pub(crate) fetched: Fetched,
}

/// What this machine may lack and what is fetched while cargo compiles.
#[derive(Default)]
pub(crate) struct Fetched {
    /// The CardDAV servers.
    pub(crate) python: Job,
    /// Java, Maven, aapt2.
    pub(crate) kotlin: Job,
    /// Swift.
    pub(crate) swift: Job,
    /// A compiler that can make the standard libraries of phones.
    pub(crate) rust: Job,
}

impl Context {
    /// Begins to fetch what `parts` need.
    pub(crate) fn fetch(&self, parts: &[&Part]) {
        let log = self.log("fetched");
        let wanted = |name: &str| parts.iter().any(|part| part.name.starts_with(name));
        let begin = |job: &Job, work: fn(&Path) -> Result<(), Trouble>| {
            let log = log.clone();
            job.begin(move || work(&log));
        };
        if wanted("stories") {
            begin(&self.fetched.python, python::ensure);
        }
        if wanted("kotlin") {
            begin(&self.fetched.kotlin, kotlin::fetch);
        }
        if wanted("swift") {
            begin(&self.fetched.swift, swift::fetch);
        }
        if wanted("targets") {
            begin(&self.fetched.rust, targets::fetch);
        }
    }

    /// The library for the shells.
    fn library(&self) -> Result<&Library, Trouble> {
        if let Some(library) = self.library.get() {
            return Ok(library);
        }
        let library = Library::build(&self.log("library"))?;
        Ok(self.library.get_or_init(|| library))
    }

    /// The log of the part with this name.
    pub(crate) fn log(&self, part: &str) -> PathBuf {
        self.target.join("xtask").join(format!("{}.log", part.replace(' ', "-")))
    }

    /// True where the planted mistake is to be there.
    pub(crate) fn broken(&self) -> bool {
        self.mode == Mode::Broken
    }
}

/// Runs a command that says yes or no by its exit code, and shows what it printed on a no.
fn check(context: &Context, name: &str, command: &mut Command) -> Result<Verdict, Trouble> {
    let done = run(command, &context.log(name))?;
    show_failure(context, &done);
    Ok(Verdict::Check(done.success))
}

/// A failure is shown at once, except where the self-test wants one.
fn show_failure(context: &Context, done: &Finished) {
    if !done.success && !context.broken() {
        println!("{}", done.tail());
    }
}
