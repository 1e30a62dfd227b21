//! What people type, read.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::args::{RuleSet, Support};
use super::context::Failed;

/// JSON if it is, else text. A number with a point is text too: it is a version, and as a number
/// 17.10 would become 17.1.
pub(super) fn value_of(text: &str) -> Value {
    serde_json::from_str(text)
        .ok()
        .filter(|value: &Value| !value.is_f64())
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// Seconds from `90`, `90s`, `15m`, `24h` or `7d`.
pub(super) fn seconds_of(text: &str) -> Result<i64, Failed> {
    let text = text.trim();
    let (number, unit) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3_600),
        Some((at, 'd')) => (&text[..at], 86_400),
        _ => (text, 1),
    };
    let seconds = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit));
    seconds.ok_or_else(|| Failed::Use(format!("{text} is not a duration like 15m, 24h or 7d")))
}

/// Seconds as they would be typed: `15m`, `7d`.
pub(super) fn words_of(seconds: &Value) -> String {
    let Some(seconds) = seconds.as_i64() else { return "-".to_owned() };
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    match units.into_iter().find(|(unit, _)| seconds > 0 && seconds % unit == 0) {
        Some((unit, letter)) => format!("{}{letter}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

/// `NAME=VALUE`.
pub(super) fn pair(text: &str) -> Result<(&str, &str), Failed> {
    text.split_once('=').ok_or_else(|| Failed::Use(format!("{text}: NAME=VALUE is wanted")))
}

/// The support contacts that were given.
pub(super) fn support(support: Support) -> Map<String, Value> {
    let given = [
        ("email", support.support_email),
        ("phone", support.support_phone),
        ("url", support.support_url),
    ];
    given
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), Value::String(value))))
        .collect()
}

/// The first line of a file, or of standard input.
pub(super) fn first_line(path: &Path) -> Result<String, Failed> {
    let text = if path == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(path)
    };
    let text =
        text.map_err(|error| Failed::Work(format!("{} can't be read: {error}", path.display())))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// The rule that the options describe, with its id.
pub(super) fn rule_of(set: RuleSet) -> Result<(String, Value), Failed> {
    if let Some(text) = set.rule {
        let rule: Value = serde_json::from_str(&text)
            .map_err(|error| Failed::Use(format!("the rule is not JSON: {error}")))?;
        let id = rule["id"].as_str().ok_or_else(|| Failed::Use("the rule has no id".to_owned()))?;
        return Ok((id.to_owned(), rule));
    }
    let id = set.id.unwrap_or_default();
    let mut rule = json!({
        "id": id,
        "signal": set.signal,
        "op": set.op,
        "value": set.value.as_deref().map(value_of),
        "severity": set.severity,
        "grace_s": set.grace_hours.saturating_mul(3_600),
        "action": set.action,
    });
    let mut reasons = Map::new();
    for text in &set.reason {
        let (language, reason) = pair(text)?;
        reasons.insert(language.to_owned(), json!(reason));
    }
    if !reasons.is_empty() {
        rule["reason"] = Value::Object(reasons);
    }
    Ok((id, rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |text: &str, expect| assert_eq!(seconds_of(text).ok(), expect, "{text}");
        check("90", Some(90));
        check("15m", Some(900));
        check("24h", Some(86_400));
        check("7d", Some(604_800));
        check("", None);
        check("1w", None);
        check("9999999999999999d", None);
        for text in ["90s", "15m", "25h", "7d"] {
            assert_eq!(words_of(&json!(seconds_of(text).ok())), text);
        }
    }

    #[test]
    fn values() {
        assert_eq!(value_of("true"), json!(true));
        assert_eq!(value_of("24"), json!(24));
        assert_eq!(value_of("null"), Value::Null);
        assert_eq!(value_of("17.10"), json!("17.10"));
        assert_eq!(value_of("\"17.10\""), json!("17.10"));
        assert_eq!(value_of("hide_contacts"), json!("hide_contacts"));
    }
}
