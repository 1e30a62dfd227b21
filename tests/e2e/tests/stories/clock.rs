//! Made-up time: a server and phones that agree on it.
use muster_e2e::company::Company;
use muster_e2e::program::{Device, Ended};

/// 2 March 2026, 08:00 UTC, a Monday.
pub(crate) const MONDAY: i64 = 1_772_438_400;
pub(crate) const MINUTE: i64 = 60;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// As it stands in an answer and behind `--now`.
pub(crate) fn rfc3339(moment: i64) -> String {
    jiff::Timestamp::from_second(moment).expect("a moment").to_string()
}

/// Runs `device` at `moment`, to which the server's clock is set too.
pub(crate) fn run_at(company: &Company, device: &Device, moment: i64, more: &[&str]) -> Ended {
    company.set_clock(moment);
    let now = rfc3339(moment);
    let mut args = vec!["run", "--now", &now];
    args.extend(more);
    device.run(&args)
}
