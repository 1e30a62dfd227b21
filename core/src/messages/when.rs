//! Times in words.
use crate::ids::Language;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, WallMs};

/// One unit: its length, one of it, many of it.
type Unit = (i64, [&'static str; 3], [&'static str; 3]);

/// From long to short. A unit is used from two of it up, so that little is lost by rounding.
const UNITS: [Unit; 3] = [
    (DAY_MS, ["in 1 day", "in 1 Tag", "om 1 dag"], ["in {n} days", "in {n} Tagen", "om {n} dagar"]),
    (
        HOUR_MS,
        ["in 1 hour", "in 1 Stunde", "om 1 timme"],
        ["in {n} hours", "in {n} Stunden", "om {n} timmar"],
    ),
    (
        MINUTE_MS,
        ["in 1 minute", "in 1 Minute", "om 1 minut"],
        ["in {n} minutes", "in {n} Minuten", "om {n} minuter"],
    ),
];

/// When `due` is, seen from `now`: "in 2 days", "in 5 hours", "now". Rounded down: nobody is
/// promised more time than there is.
pub fn due_words(due: WallMs, now: WallMs, language: Language) -> String {
    words(due.0.saturating_sub(now.0), language)
}

/// How long to wait, rounded up to the next minute: nobody is sent too early.
pub(crate) fn wait_words(ms: i64, language: Language) -> String {
    let up = |unit: i64| ms.saturating_add(unit - 1) / unit * unit;
    words(if ms > 2 * HOUR_MS { up(HOUR_MS) } else { up(MINUTE_MS) }.max(MINUTE_MS), language)
}

fn words(ms: i64, language: Language) -> String {
    for (length, one, many) in UNITS {
        let count = ms.div_euclid(length);
        if count >= 2 || (count == 1 && (length == MINUTE_MS || ms == length)) {
            let row = if count == 1 { one } else { many };
            return super::fill::fill(language.of(row), &[("n", count.to_string())]);
        }
    }
    language.of(["now", "jetzt", "nu"]).to_owned()
}
