//! What the company demands of the phone.
//!
//! Rules come from two places: settings of managed configuration ([`rules_from_settings`]) and the
//! signed policy of the management server ([`rules_from_policy`]). [`merge`] puts them together; a
//! server can tighten what the MDM set, never loosen it.
use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::level::{Action, Severity};
use super::signals::{Complexity, PatchDate, SignalKind, SignalValue};
use crate::time::{DAY_MS, HOUR_MS, SECOND_MS, WallMs};
use crate::version::Version;

mod json;
mod merge;
mod settings;

pub use json::{PolicyRules, RuleError, RuleProblem, rules_from_policy};
pub use merge::{MergedRules, merge};
pub use settings::rules_from_settings;

/// How long a broken rule is only shown before it counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grace {
    ms: i64,
}

impl Grace {
    /// It counts at once.
    pub const NONE: Grace = Grace { ms: 0 };
    /// Where nobody said anything: as the setting `noncompliance_grace_hours` has it.
    pub const DEFAULT: Grace = Grace::hours(24);
    /// After how long an unknown signal is worth a warning, where nobody said anything.
    pub const UNKNOWN: Grace = Grace::hours(7 * 24);

    /// So many hours.
    pub const fn hours(hours: u32) -> Self {
        Self { ms: hours as i64 * HOUR_MS }
    }

    /// So many seconds.
    pub const fn seconds(seconds: u32) -> Self {
        Self { ms: seconds as i64 * SECOND_MS }
    }

    /// When a grace that began at `start` is over.
    pub fn after(self, start: WallMs) -> WallMs {
        start.plus_ms(self.ms)
    }
}

/// Which hand wrote a rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A setting: managed configuration, and what the server's settings tightened in it.
    Mdm,
    /// The `rules` of the signed policy.
    Server,
}

impl Source {
    /// The token in stored names.
    pub fn as_str(self) -> &'static str {
        match self {
            Source::Mdm => "mdm",
            Source::Server => "server",
        }
    }
}

/// What is demanded of a signal: `op` and `value` of a rule in one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "op", content = "value", rename_all = "snake_case")]
pub enum Demand {
    /// `is`: yes or no.
    Is(bool),
    /// `at_least`: a version.
    AtLeastVersion(Version),
    /// `at_least`: a grade.
    AtLeastComplexity(Complexity),
    /// `at_least`: a day.
    NotBefore(PatchDate),
    /// `max_age_days`: not more than so many days ago, on trusted time.
    MaxAgeDays(u32),
}

impl Demand {
    /// Whether `value` meets this at the moment `now`; `None` if the two don't belong together.
    pub fn met_by(&self, value: &SignalValue, now: WallMs) -> Option<bool> {
        match (self, value) {
            (Demand::Is(wanted), _) => value.flag().map(|is| is == *wanted),
            (Demand::AtLeastVersion(least), SignalValue::Version(is)) => Some(is >= least),
            (Demand::AtLeastComplexity(least), SignalValue::Complexity(is)) => Some(is >= least),
            (Demand::NotBefore(least), SignalValue::Date(is)) => Some(is >= least),
            (Demand::MaxAgeDays(most), SignalValue::Date(is)) => {
                Some(is.age_days(now) <= i64::from(*most))
            }
            _ => None,
        }
    }

    /// When a value that meets this stops doing so by the passing of time alone.
    pub fn met_until(&self, value: &SignalValue) -> Option<WallMs> {
        match (self, value) {
            (Demand::MaxAgeDays(most), SignalValue::Date(is)) => {
                Some(is.start().plus_ms((i64::from(*most) + 1) * DAY_MS))
            }
            _ => None,
        }
    }

    /// How strict this is beside `other`; `None` if one can't tell.
    pub fn strictness(&self, other: &Demand) -> Option<Ordering> {
        match (self, other) {
            (Demand::Is(a), Demand::Is(b)) => (a == b).then_some(Ordering::Equal),
            (Demand::AtLeastVersion(a), Demand::AtLeastVersion(b)) => Some(a.cmp(b)),
            (Demand::AtLeastComplexity(a), Demand::AtLeastComplexity(b)) => Some(a.cmp(b)),
            (Demand::NotBefore(a), Demand::NotBefore(b)) => Some(a.cmp(b)),
            (Demand::MaxAgeDays(a), Demand::MaxAgeDays(b)) => Some(b.cmp(a)),
            _ => None,
        }
    }

    pub(crate) fn at_least_as_strict_as(&self, other: &Demand) -> bool {
        self.strictness(other).is_some_and(Ordering::is_ge)
    }
}

/// What a rule says about a signal that is unknown. Unknown is never broken, so at most a warning.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnknown {
    /// Nothing.
    Ignore,
    /// A warning after so long.
    Warn {
        /// From when it was first seen unknown.
        after: Grace,
    },
}

impl Default for WhenUnknown {
    fn default() -> Self {
        WhenUnknown::Warn { after: Grace::UNKNOWN }
    }
}

impl WhenUnknown {
    fn at_least_as_strict_as(self, other: WhenUnknown) -> bool {
        match (self, other) {
            (_, WhenUnknown::Ignore) => true,
            (WhenUnknown::Ignore, WhenUnknown::Warn { .. }) => false,
            (WhenUnknown::Warn { after: a }, WhenUnknown::Warn { after: b }) => a <= b,
        }
    }
}

/// One demand of the company, and what follows when it is not met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rule {
    /// Its name: the setting's key, or what the server calls it.
    pub id: String,
    /// Who wrote it.
    pub source: Source,
    /// The signal that it is about.
    pub signal: SignalKind,
    /// What is demanded.
    pub demand: Demand,
    /// How grave it is.
    pub severity: Severity,
    /// How long it is only shown. Counts for `Severity::Require` alone.
    pub grace: Grace,
    /// What follows after the grace. Counts for `Severity::Require` alone.
    pub action: Action,
    /// Why, in the admin's words: language tag → text.
    pub reason: BTreeMap<String, String>,
    /// What an unknown signal means.
    pub unknown: WhenUnknown,
}

impl Rule {
    /// The name that the memory knows it by: ids of the two sources may coincide.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.source.as_str(), self.id)
    }

    /// Severity and action as they count: a guess can warn and no more, and only what is required
    /// is enforced.
    pub(crate) fn force(&self) -> (Severity, Action) {
        if self.signal.low_confidence() {
            return (self.severity.min(Severity::Warn), Action::None);
        }
        match self.severity {
            Severity::Require => (Severity::Require, self.action),
            other => (other, Action::None),
        }
    }

    /// Nothing in `other` goes beyond this rule.
    pub(crate) fn covers(&self, other: &Rule) -> bool {
        self.signal == other.signal
            && self.demand.at_least_as_strict_as(&other.demand)
            && self.force() >= other.force()
            && self.force().1 >= other.force().1
            && self.grace <= other.grace
            && self.unknown.at_least_as_strict_as(other.unknown)
    }
}

/// Something about a rule that the admin should know. Nothing is wrong for the person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum RuleNote {
    /// A rule of the server asks for less than managed configuration does, so it is ignored.
    LooserThanMdm {
        /// The server's rule.
        rule: String,
        /// The setting that asks for more.
        than: String,
    },
    /// An action needs severity `require`; the rule was raised to it.
    RaisedToRequire {
        /// The rule.
        rule: String,
    },
    /// The signal is a guess, so the rule can only warn.
    OnlyAGuess {
        /// The rule.
        rule: String,
    },
    /// Two rules had one id; the second goes by another.
    DuplicateId {
        /// As it was.
        rule: String,
        /// As it is now.
        renamed: String,
    },
    /// A member of the rule that this version does not know.
    UnknownMember {
        /// The rule.
        rule: String,
        /// The member.
        member: String,
    },
}
