//! Counts from reports in JUnit's XML form, as Maven's surefire and `swift test` write them.

use std::fs;
use std::path::Path;

use crate::libtest::Counts;
use crate::run::Trouble;

/// The sum of all reports in `folder`. No report, no test.
pub(crate) fn of_folder(folder: &Path) -> Result<Counts, Trouble> {
    let mut sum = Counts::default();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            sum += of_report(&text).ok_or(format!("{} is no report", path.display()))?;
        }
    }
    Ok(sum)
}

/// The sum of every `<testsuite …>` in a report.
fn of_report(report: &str) -> Option<Counts> {
    let mut suites = report.split("<testsuite ").skip(1).peekable();
    suites.peek()?;
    let mut sum = Counts::default();
    for suite in suites {
        sum += of_tag(suite.split_once('>')?.0)?;
    }
    Some(sum)
}

fn of_tag(tag: &str) -> Option<Counts> {
    let number = |name: &str| -> Option<usize> {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split_once('"')?.0.parse().ok()
    };
    let tests = number("tests")?;
    // A test that is not run shows nothing. Swift does not count those apart.
    let failed = number("errors")? + number("failures")? + number("skipped").unwrap_or(0);
    Some(Counts { passed: tests.checked_sub(failed)?, failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tag: &str, expect: Option<(usize, usize)>) {
        let report =
            format!("<?xml version=\"1.0\"?>\n<testsuite xmlns:x=\"y\" {tag}>\n<testcase/>");
        let counts = expect.map(|(passed, failed)| Counts { passed, failed });
        assert_eq!(of_report(&report), counts, "{tag}");
    }

    #[test]
    fn counts_are_read_from_reports() {
        check(r#"name="a" time="1.2" tests="9" errors="0" skipped="0" failures="0""#, Some((9, 0)));
        check(r#"name="a" tests="9" errors="1" skipped="2" failures="3""#, Some((3, 6)));
        check(r#"name="a" errors="0" tests="9" failures="1" time="0.5""#, Some((8, 1)));
        check(r#"name="a" tests="1" errors="1" skipped="1" failures="0""#, None);
        check(r#"name="a" tests="9""#, None);
        assert_eq!(of_report("cut off"), None);
    }

    #[test]
    fn suites_of_one_report_are_summed() {
        let suite =
            r#"<testsuite name="a" tests="2" errors="0" failures="1"><testcase/></testsuite>"#;
        let report = format!("<testsuites>{suite}{suite}</testsuites>");
        assert_eq!(of_report(&report), Some(Counts { passed: 2, failed: 2 }));
    }

    #[test]
    fn a_folder_without_reports_has_no_tests() {
        assert_eq!(of_folder(Path::new("/nowhere")).unwrap(), Counts::default());
    }
}
