//! Counts from what Rust's test harness prints.

/// How many passed and failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    /// Ignored ones too: a test that is not run shows nothing.
    pub(crate) failed: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The counts of one test program: its last `test result:` line. A program that ended without one,
/// or failed without naming a test, counts as one failure.
pub(crate) fn of_program(output: &str, success: bool) -> Counts {
    let counts = output.lines().rev().find_map(result_line);
    settle(counts.unwrap_or_default(), counts.is_some() && success)
}

/// The sum of several harnesses that ran in one output, as `cargo test --doc` prints them.
pub(crate) fn of_many(output: &str, success: bool) -> Counts {
    let mut sum = Counts::default();
    output.lines().filter_map(result_line).for_each(|counts| sum += counts);
    settle(sum, success)
}

fn settle(mut counts: Counts, well: bool) -> Counts {
    if !well && counts.failed == 0 {
        counts.failed = 1;
    }
    counts
}

/// `test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.4s`
fn result_line(line: &str) -> Option<Counts> {
    let rest = line.strip_prefix("test result: ")?;
    let (_, numbers) = rest.split_once(". ")?;
    let mut counts = Counts::default();
    for part in numbers.split("; ") {
        match part.split_once(' ') {
            Some((n, "passed")) => counts.passed = n.parse().ok()?,
            Some((n, "failed" | "ignored")) => counts.failed += n.parse::<usize>().ok()?,
            _ => {}
        }
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "test result: ok. 10 passed; 0 failed; 0 ignored; 0 measured; 3 filtered \
                        out; finished in 1.40s";
    const BAD: &str = "test result: FAILED. 9 passed; 1 failed; 0 ignored; 0 measured; 0 filtered \
                       out; finished in 14.15s";
    const LAZY: &str = "test result: ok. 4 passed; 0 failed; 2 ignored; 0 measured; 0 filtered \
                        out; finished in 0.00s";

    fn check(counts: Counts, passed: usize, failed: usize) {
        assert_eq!(counts, Counts { passed, failed });
    }

    #[test]
    fn one_program() {
        check(of_program(&format!("running 10 tests\n\n{GOOD}\n\n"), true), 10, 0);
        check(of_program(BAD, false), 9, 1);
    }

    #[test]
    fn an_ignored_test_is_a_failed_one() {
        check(of_program(LAZY, true), 4, 2);
    }

    #[test]
    fn a_program_that_breaks_off_has_failed() {
        check(of_program("running 10 tests\ntest a ... ok\n", false), 0, 1);
        check(of_program("running 10 tests\ntest a ... ok\n", true), 0, 1);
        check(of_program(GOOD, false), 10, 1);
        check(of_program("", true), 0, 1);
    }

    #[test]
    fn a_test_that_prints_a_result_line_of_its_own_changes_nothing() {
        check(of_program(&format!("{BAD}\n{GOOD}"), true), 10, 0);
        check(of_program(&format!("  {BAD}\n{GOOD}"), true), 10, 0);
    }

    #[test]
    fn several_programs_are_summed() {
        check(of_many(&[GOOD, "", BAD, GOOD].join("\n"), false), 29, 1);
        check(of_many("", true), 0, 0);
        check(of_many("", false), 0, 1);
    }
}
