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

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::job::Job;
use crate::library::Library;
use crate::libtest::Counts;
use crate::python;
use crate::run::{Finished, Trouble, run};
use build::TestProgram;

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

/// What runs side by side. The parts of one lane run one after another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lane {
    /// What compiles into target/debug, where cargo lets in one at a time, and runs what is there.
    Workspace,
    /// Rust that is compiled into folders of its own: much of it is one crate after another.
    Apart,
    /// The Android shell. Maven seldom uses more than one core.
    Kotlin,
    /// The iOS shell. Nor does Swift.
    Swift,
}

impl Lane {
    pub(crate) const ALL: [Self; 4] = [Self::Workspace, Self::Apart, Self::Kotlin, Self::Swift];
}

/// What a part found.
pub(crate) enum Verdict {
    /// One command that says yes or no.
    Check(bool),
    /// A test harness that counts.
    Tests(Counts),
}

/// One row of the table.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    /// As it stands in the summary.
    pub(crate) name: &'static str,
    /// For `--only`.
    pub(crate) language: Language,
    /// Beside what it runs.
    pub(crate) lane: Lane,
    /// Left out by `--fast`.
    pub(crate) slow: bool,
    pub(crate) run: Run,
}

/// All parts, in the order in which they run within their lane: cheap and telling ones first.
pub(crate) const PARTS: &[Part] = &[
    quick("formatting", formatting::run),
    quick("build", build::run),
    quick("rust", suites::rust),
    quick("doc tests", suites::documentation),
    quick("stories", suites::stories),
    quick("demo", demo::run),
    quick("schema", schema::run),
    quick("clippy", clippy::run),
    slow("docs", Language::Rust, Lane::Workspace, docs::run),
    slow("release", Language::Rust, Lane::Apart, release::run_check),
    slow("targets", Language::Rust, Lane::Apart, targets::check),
    // The lints need nothing of the build.
    slow("kotlin lint", Language::Kotlin, Lane::Kotlin, kotlin::lint),
    slow("kotlin", Language::Kotlin, Lane::Kotlin, kotlin::run_tests),
    slow("swift lint", Language::Swift, Lane::Swift, swift::lint),
    slow("swift", Language::Swift, Lane::Swift, swift::run_tests),
    slow("swift stubs", Language::Swift, Lane::Swift, swift::check_stubs),
];

/// Does the work of a part.
pub(crate) type Run = fn(&Context) -> Result<Verdict, Trouble>;

/// A part for every day.
const fn quick(name: &'static str, run: Run) -> Part {
    Part { name, language: Language::Rust, lane: Lane::Workspace, slow: false, run }
}

const fn slow(name: &'static str, language: Language, lane: Lane, run: Run) -> Part {
    Part { name, language, lane, slow: true, run }
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
    /// What became of `build`, once it has run; the same in every mode.
    pub(crate) built: OnceLock<Built>,
    /// The library for the shells, or why there is none; the same in every mode.
    pub(crate) library: OnceLock<Result<Library, String>>,
    /// What is fetched in the background.
    pub(crate) fetched: Fetched,
}

/// What became of the build of the whole workspace.
pub(crate) enum Built {
    /// Its test programs.
    Programs(Vec<TestProgram>),
    /// It failed, and said why.
    Nothing,
    /// `build` is none of the parts that run.
    NotAsked,
}

/// What this machine may lack and what is fetched while cargo compiles.
#[derive(Default)]
pub(crate) struct Fetched {
    /// The CardDAV servers.
    pub(crate) python: Job,
    /// Java, Maven, aapt2, and what Maven needs for the tests.
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

    /// The test programs, once the workspace is built.
    pub(crate) fn programs(&self) -> Result<&[TestProgram], Trouble> {
        match self.built.wait() {
            Built::Programs(programs) => Ok(programs),
            Built::Nothing | Built::NotAsked => Err(NOT_BUILT.to_owned().into()),
        }
    }

    /// The library for the shells, out of the build of the workspace, or where that is not asked
    /// for out of one of its own.
    fn library(&self) -> Result<&Library, Trouble> {
        let library = self.library.get_or_init(|| {
            let log = self.log("library");
            let library = match self.built.wait() {
                Built::Programs(_) => Library::of_workspace(&log),
                Built::NotAsked => Library::build(&log),
                Built::Nothing => Err(NOT_BUILT.to_owned().into()),
            };
            library.map_err(|trouble| trouble.0)
        });
        library.as_ref().map_err(|why| why.clone().into())
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

const NOT_BUILT: &str = "nothing to run: the build failed";

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
