//! `cargo xtask test`: runs the parts, prints a line for each and the sum at the end.

use std::fs;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::libtest::Counts;
use crate::parts::{Built, Context, Fetched, Lane, Language, Mode, PARTS, Part, Verdict};
use crate::run::Trouble;
use crate::workspace::{root, target};

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
    let mut context = context();
    // Old logs would be read as new ones.
    let _ = fs::remove_dir_all(context.target.join("xtask"));
    let parts: Vec<&Part> = PARTS.iter().filter(|part| arguments.wants(part)).collect();
    if !parts.iter().any(|part| part.name == BUILD) {
        let _ = context.built.set(Built::NotAsked);
    }
    context.fetch(&parts);
    if arguments.self_test {
        return self_test(&mut context, &parts);
    }
    let started = Instant::now();
    let lines = side_by_side(&parts, &context);
    println!("{:12} {:32} {:6.1} min", "altogether", "", minutes(started.elapsed()));
    let sum = total(&lines);
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    Ok(sum.failed == 0)
}

fn context() -> Context {
    Context {
        root: root(),
        target: target(),
        mode: Mode::Whole,
        built: OnceLock::new(),
        library: OnceLock::new(),
        fetched: Fetched::default(),
    }
}

/// The part that the other lanes wait for.
const BUILD: &str = "build";

/// Runs the lanes on a thread each, and says of each part when it is done what became of it.
fn side_by_side(parts: &[&Part], context: &Context) -> Vec<Line> {
    let lane = |lane| {
        let mut lines = Vec::new();
        for part in parts.iter().filter(|part| part.lane == lane) {
            let line = run_part(part, context);
            println!("{}", summary(&line));
            lines.push(line);
        }
        lines
    };
    thread::scope(|scope| {
        let lanes = Lane::ALL.map(|name| scope.spawn(move || lane(name)));
        lanes.into_iter().flat_map(|lane| lane.join().expect("no part panics")).collect()
    })
}

/// However the build ends, nobody waits for it any longer.
struct BuildIsOver<'a>(&'a Context);

impl Drop for BuildIsOver<'_> {
    fn drop(&mut self) {
        // Says nothing new where it succeeded.
        let _ = self.0.built.set(Built::Nothing);
    }
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}

fn run_part(part: &Part, context: &Context) -> Line {
    let started = Instant::now();
    let _over = (part.name == BUILD).then(|| BuildIsOver(context));
    let verdict = (part.run)(context);
    Line { name: part.name, verdict, took: started.elapsed() }
}

fn summary(line: &Line) -> String {
    let minutes = minutes(line.took);
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
            counts(&run_part(part, context).verdict).failed > 0
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parts::Run;

    const fn part(name: &'static str, lane: Lane, run: Run) -> Part {
        Part { name, language: Language::Rust, lane, slow: false, run }
    }

    /// Whether each part passed, in the order of the lanes.
    fn passed(parts: &[Part]) -> Vec<(&'static str, bool)> {
        let lines = side_by_side(&parts.iter().collect::<Vec<_>>(), &context());
        lines.iter().map(|line| (line.name, counts(&line.verdict).failed == 0)).collect()
    }

    #[test]
    fn other_lanes_wait_for_the_build_however_it_ends() {
        let shells = part("shells", Lane::Swift, |context| {
            context.programs().map(|programs| Verdict::Check(programs.is_empty()))
        });
        let built = part(BUILD, Lane::Workspace, |context| {
            let _ = context.built.set(Built::Programs(Vec::new()));
            Ok(Verdict::Check(true))
        });
        let fails = part(BUILD, Lane::Workspace, |_| Ok(Verdict::Check(false)));
        assert_eq!(passed(&[built, shells]), [(BUILD, true), ("shells", true)]);
        assert_eq!(passed(&[fails, shells]), [(BUILD, false), ("shells", false)]);
    }

    #[test]
    fn parts_of_one_lane_run_in_order_and_lanes_side_by_side() {
        // Each needs the other to have begun, so one after the other would never end.
        let first = part(BUILD, Lane::Workspace, |context| {
            context.library.wait();
            Ok(Verdict::Check(true))
        });
        let second = part("second", Lane::Workspace, |context| {
            Ok(Verdict::Check(context.library.get().is_some()))
        });
        let apart = part("apart", Lane::Apart, |context| {
            let _ = context.library.set(Err("made up".to_owned()));
            Ok(Verdict::Check(true))
        });
        assert_eq!(
            passed(&[first, second, apart]),
            [(BUILD, true), ("second", true), ("apart", true)]
        );
    }

    #[test]
    fn every_part_is_in_a_lane_that_runs() {
        assert!(PARTS.iter().all(|part| Lane::ALL.contains(&part.lane)));
        assert!(PARTS.iter().any(|part| part.name == BUILD && part.lane == Lane::Workspace));
    }
}
