//! `cargo xtask test`: runs the parts, prints a line for each and the sum at the end.
use crate::libtest::Counts;
use crate::parts::{Context, Fetched, Language, Mode, PARTS, Part, Verdict};
use crate::run::Trouble;
use crate::workspace::{root, target};
use std::cell::OnceCell;
use std::fs;
use std::time::{Duration, Instant};

/// Which parts.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Only the parts in this language
    #[arg(long, value_enum)]
    only: Option<Language>,
    /// Leave out what takes minutes
    #[arg(long)]
    fast: bool,
    /// Plant a failure in each part, and fail where it goes unnoticed
    #[arg(long)]
    self_test: bool,
}

impl Arguments {
    fn wants(&self, part: &Part) -> bool {
        self.only.is_none_or(|only| only == part.language) && !(self.fast && part.slow)
    }
}

/// A finished part.
struct Line {
    name: &'static str,
    verdict: Result<Verdict, Trouble>,
    took: Duration,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool, Trouble> {
    let mut context = Context {
        root: root(),
        target: target(),
        mode: Mode::Whole,
        programs: OnceCell::new(),
        library: OnceCell::new(),
        fetched: Fetched::default(),
    };
    // Old logs would be read as new ones.
    let _ = fs::remove_dir_all(context.target.join("xtask"));
    let parts: Vec<&Part> = PARTS.iter().filter(|part| arguments.wants(part)).collect();
    context.fetch(&parts);
    if arguments.self_test {
        return self_test(&mut context, &parts);
    }
    let lines: Vec<Line> = parts.iter().map(|part| run_part(part, &context, true)).collect();
    let sum = total(&lines);
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    Ok(sum.failed == 0)
}

fn run_part(part: &Part, context: &Context, print: bool) -> Line {
    let started = Instant::now();
    let verdict = (part.run)(context);
    let line = Line { name: part.name, verdict, took: started.elapsed() };
    if print {
        println!("{}", summary(&line));
    }
    line
}

fn summary(line: &Line) -> String {
    let minutes = line.took.as_secs_f64() / 60.0;
    let counts = counts(&line.verdict);
    let what = match &line.verdict {
        Ok(Verdict::Check(true)) => "1 check passed".to_owned(),
        Ok(Verdict::Check(false)) => "1 check FAILED".to_owned(),
        Ok(Verdict::Tests(Counts { passed: 0, failed: 0 })) => "FAILED: no tests ran".to_owned(),
        Ok(Verdict::Tests(Counts { passed, failed: 0 })) => format!("{passed} tests passed"),
        Ok(Verdict::Tests(_)) => {
            format!("{} tests passed, {} FAILED", counts.passed, counts.failed)
        }
        Err(why) => format!("FAILED: {why}"),
    };
    format!("{:12} {what:32} {minutes:6.1} min", line.name)
}

/// What a part adds to the sum. A part that shows nothing has failed once.
fn counts(verdict: &Result<Verdict, Trouble>) -> Counts {
    match verdict {
        Ok(Verdict::Check(true)) => Counts { passed: 1, failed: 0 },
        Ok(Verdict::Tests(counts)) if *counts != Counts::default() => *counts,
        Ok(Verdict::Check(false) | Verdict::Tests(_)) | Err(_) => Counts { passed: 0, failed: 1 },
    }
}

fn total(lines: &[Line]) -> Counts {
    let mut sum = Counts::default();
    lines.iter().for_each(|line| sum += counts(&line.verdict));
    sum
}

/// What is said of a part that is as it should be.
const NOTICED: &str = "notices a planted failure";

/// Each part twice on its planted test: it must pass, then, told to fail, be noticed.
fn self_test(context: &mut Context, parts: &[&Part]) -> Result<bool, Trouble> {
    let mut sum = Counts::default();
    for part in parts {
        let mut failed = |mode| {
            context.mode = mode;
            counts(&run_part(part, context, false).verdict).failed > 0
        };
        let word = match (failed(Mode::Planted), failed(Mode::Broken)) {
            (true, _) => "FAILED: it fails without a planted failure",
            (false, false) => "FAILED: a planted failure goes unnoticed",
            (false, true) => NOTICED,
        };
        println!("{:12} {word}", part.name);
        match word {
            NOTICED => sum.passed += 1,
            _ => sum.failed += 1,
        }
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    Ok(sum.failed == 0)
}
