//! Rules of the signed policy. Strict, one by one: a rule that can't be read is named and left out,
//! and the others stay.
//!
//! ```json
//! { "id": "patches", "signal": "security_patch", "op": "max_age_days", "value": 90,
//!   "severity": "require", "grace_s": 259200, "action": "hide_contacts",
//!   "reason": { "en": "Old phones were broken into." },
//!   "unknown": { "severity": "warn", "after_s": 604800 } }
//! ```
//! `id`, `signal`, `op`, `value` and `severity` must be there. `action` is `none` unless said,
//! `grace_s` 24 hours, `unknown` a warning after 7 days (`"ignore"` for none at all).
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Demand, Grace, Rule, RuleNote, Source, WhenUnknown};
use crate::compliance::level::{Action, Severity};
use crate::compliance::notice::Notice;
use crate::compliance::signals::{Complexity, PatchDate, Shape, SignalKind};
use crate::limits;
use crate::version::Version;

const MEMBERS: [&str; 9] =
    ["id", "signal", "op", "value", "severity", "grace_s", "action", "reason", "unknown"];

/// Why a rule could not be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RuleError {
    /// Not a JSON object.
    #[error("not an object")]
    NotAnObject,
    /// A member that must be there is not.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// There is no such signal in this version.
    #[error("there is no signal `{0}`")]
    NoSuchSignal(String),
    /// There is no such operator.
    #[error("there is no operator `{0}`")]
    NoSuchOp(String),
    /// The operator makes no sense for the signal.
    #[error("`{op}` can't be asked of `{signal}`")]
    OpDoesNotFit {
        /// As in the rule.
        signal: &'static str,
        /// As in the rule.
        op: &'static str,
    },
    /// A member has a wrong value.
    #[error("`{member}` must be {expected}")]
    BadValue {
        /// Which one.
        member: &'static str,
        /// What would be right.
        expected: &'static str,
    },
    /// Over `limits::POLICY_RULES`.
    #[error("more than {} rules", limits::POLICY_RULES)]
    TooMany,
}

/// A rule that was left out because it could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleProblem {
    /// Its id, or its place in the list (`#3`, from 1) if it has none.
    pub id: String,
    /// Why.
    pub error: RuleError,
}

/// What became of the `rules` of a policy.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PolicyRules {
    /// Those that could be read.
    pub rules: Vec<Rule>,
    /// Those that could not. Each becomes a finding, see [`PolicyRules::notices`].
    pub problems: Vec<RuleProblem>,
    /// What the admin should know about those that could.
    pub notes: Vec<RuleNote>,
}

impl PolicyRules {
    /// A notice for each rule that could not be read.
    pub fn notices(&self) -> impl Iterator<Item = Notice> + '_ {
        self.problems.iter().map(|problem| Notice::RuleUnreadable { rule: problem.id.clone() })
    }
}

/// Reads the `rules` of a policy.
pub fn rules_from_policy(values: &[Value]) -> PolicyRules {
    let mut out = PolicyRules::default();
    let mut ids = BTreeSet::new();
    for (at, value) in values.iter().enumerate() {
        let place = format!("#{}", at + 1);
        if at == limits::POLICY_RULES {
            out.problems.push(RuleProblem { id: place, error: RuleError::TooMany });
            break;
        }
        match Rule::read(value) {
            Err(error) => {
                let id = value.get("id").and_then(Value::as_str).and_then(|id| short(id).ok());
                out.problems.push(RuleProblem { id: id.unwrap_or(place), error });
            }
            Ok((mut rule, mut notes)) => {
                if !ids.insert(rule.id.clone()) {
                    let renamed = format!("{}{place}", rule.id);
                    notes.push(RuleNote::DuplicateId {
                        rule: rule.id.clone(),
                        renamed: renamed.clone(),
                    });
                    ids.insert(renamed.clone());
                    rule.id = renamed;
                }
                out.rules.push(rule);
                out.notes.append(&mut notes);
            }
        }
    }
    out
}

impl Rule {
    /// Reads one rule of a policy.
    pub fn from_json(value: &Value) -> Result<Self, RuleError> {
        Self::read(value).map(|(rule, _)| rule)
    }

    fn read(value: &Value) -> Result<(Self, Vec<RuleNote>), RuleError> {
        let members = value.as_object().ok_or(RuleError::NotAnObject)?;
        let id = short(text(members, "id")?)?;
        let token = text(members, "signal")?;
        let signal = SignalKind::from_token(token)
            .ok_or_else(|| RuleError::NoSuchSignal(token.chars().take(64).collect()))?;
        let demand = demand(signal, members)?;
        let severity =
            choice(members, "severity", Severity::from_token, "inform, warn or require")?
                .ok_or(RuleError::Missing("severity"))?;
        let expected = "none, hide_contacts or lock";
        let action =
            choice(members, "action", Action::from_token, expected)?.unwrap_or(Action::None);
        let grace = match present(members, "grace_s") {
            None => Grace::DEFAULT,
            Some(value) => seconds(value, "grace_s")?,
        };
        let mut rule = Rule {
            id,
            source: Source::Server,
            signal,
            demand,
            severity,
            grace,
            action,
            reason: reason(members)?,
            unknown: unknown(members)?,
        };
        let mut notes = Vec::new();
        for member in members.keys().filter(|key| !MEMBERS.contains(&key.as_str())) {
            let member = member.chars().take(64).collect();
            notes.push(RuleNote::UnknownMember { rule: rule.id.clone(), member });
        }
        let enforces = rule.action != Action::None;
        if signal.low_confidence() && (enforces || severity == Severity::Require) {
            notes.push(RuleNote::OnlyAGuess { rule: rule.id.clone() });
        } else if enforces && severity != Severity::Require {
            rule.severity = Severity::Require;
            notes.push(RuleNote::RaisedToRequire { rule: rule.id.clone() });
        }
        Ok((rule, notes))
    }
}

fn present<'a>(members: &'a Map<String, Value>, member: &str) -> Option<&'a Value> {
    members.get(member).filter(|value| !value.is_null())
}

fn text<'a>(members: &'a Map<String, Value>, member: &'static str) -> Result<&'a str, RuleError> {
    let value = present(members, member).ok_or(RuleError::Missing(member))?;
    value.as_str().ok_or(RuleError::BadValue { member, expected: "text" })
}

fn short(id: &str) -> Result<String, RuleError> {
    let fits = !id.is_empty()
        && id.chars().count() <= limits::RULE_ID_CHARS
        && !id.chars().any(char::is_control);
    let expected = "1 to 64 characters";
    fits.then(|| id.to_owned()).ok_or(RuleError::BadValue { member: "id", expected })
}

fn choice<T>(
    members: &Map<String, Value>,
    member: &'static str,
    read: impl Fn(&str) -> Option<T>,
    expected: &'static str,
) -> Result<Option<T>, RuleError> {
    let Some(value) = present(members, member) else { return Ok(None) };
    let read = value.as_str().and_then(read);
    read.map(Some).ok_or(RuleError::BadValue { member, expected })
}

fn seconds(value: &Value, member: &'static str) -> Result<Grace, RuleError> {
    let read = value.as_u64().and_then(|s| u32::try_from(s).ok());
    let bad = RuleError::BadValue { member, expected: "whole seconds, at most 31536000" };
    read.filter(|s| *s <= limits::GRACE_SECONDS).map(Grace::seconds).ok_or(bad)
}

/// Operators and the spellings that are understood.
const OPS: [(&str, &[&str]); 3] = [
    ("is", &["is", "eq", "=="]),
    ("at_least", &["at_least", "gte", ">=", "min"]),
    ("max_age_days", &["max_age_days", "max_age"]),
];

fn demand(signal: SignalKind, members: &Map<String, Value>) -> Result<Demand, RuleError> {
    let token = text(members, "op")?;
    let op = OPS
        .iter()
        .find(|(_, spellings)| spellings.contains(&token))
        .map(|(op, _)| *op)
        .ok_or_else(|| RuleError::NoSuchOp(token.chars().take(64).collect()))?;
    let value = present(members, "value").ok_or(RuleError::Missing("value"))?;
    let bad = |expected| RuleError::BadValue { member: "value", expected };
    match (signal.shape(), op) {
        (Shape::Flag { good }, "is") => {
            // The other way round nobody could want: a rule against a screen lock.
            let expected = if good { "true" } else { "false" };
            (value.as_bool() == Some(good)).then_some(Demand::Is(good)).ok_or(bad(expected))
        }
        (Shape::Complexity, "at_least") => value
            .as_str()
            .and_then(Complexity::from_token)
            .map(Demand::AtLeastComplexity)
            .ok_or(bad("none, low, medium or high")),
        (Shape::Version, "at_least") => value
            .as_str()
            .and_then(|text| Version::parse(text).ok())
            .map(Demand::AtLeastVersion)
            .ok_or(bad("a version as text")),
        (Shape::Date, "at_least") => value
            .as_str()
            .and_then(PatchDate::parse)
            .map(Demand::NotBefore)
            .ok_or(bad("a date such as 2025-06-05")),
        (Shape::Date, "max_age_days") => value
            .as_u64()
            .and_then(|days| u32::try_from(days).ok())
            .filter(|days| *days <= limits::PATCH_AGE_DAYS)
            .map(Demand::MaxAgeDays)
            .ok_or(bad("whole days, at most 3650")),
        _ => Err(RuleError::OpDoesNotFit { signal: signal.as_str(), op }),
    }
}

fn reason(members: &Map<String, Value>) -> Result<BTreeMap<String, String>, RuleError> {
    let Some(value) = present(members, "reason") else { return Ok(BTreeMap::new()) };
    let bad = RuleError::BadValue { member: "reason", expected: "texts by language" };
    let texts = value.as_object().ok_or(bad.clone())?;
    let read = |(language, text): (&String, &Value)| {
        let text: String = text.as_str()?.trim().chars().take(limits::REASON_CHARS).collect();
        let plain = !text.chars().any(|c| c.is_control() && c != '\n');
        (plain && language.len() <= 35).then(|| (language.to_ascii_lowercase(), text))
    };
    let read: Option<BTreeMap<_, _>> = texts.iter().map(read).collect();
    let mut texts = read.ok_or(bad)?;
    texts.retain(|_, text| !text.is_empty());
    Ok(texts)
}

fn unknown(members: &Map<String, Value>) -> Result<WhenUnknown, RuleError> {
    let bad = RuleError::BadValue {
        member: "unknown",
        expected: "\"ignore\", \"warn\" or {severity: \"warn\", after_s}",
    };
    let Some(value) = present(members, "unknown") else { return Ok(WhenUnknown::default()) };
    let severity = value.as_str().or_else(|| value.get("severity")?.as_str());
    match severity {
        Some("ignore") => Ok(WhenUnknown::Ignore),
        Some("warn") => match value.get("after_s") {
            None => Ok(WhenUnknown::default()),
            Some(after) => Ok(WhenUnknown::Warn { after: seconds(after, "unknown")? }),
        },
        _ => Err(bad),
    }
}
