//! What is found: severity, state, action, and the finding itself.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mend::Mend;
use super::notice::Notice;
use super::rules::Demand;
use super::signals::{SignalKind, SignalValue, UnknownReason};
use crate::time::WallMs;

/// How grave a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know. Does not change the state of the phone.
    Inform,
    /// Something to see to. The phone stays compliant.
    Warn,
    /// The company requires it: after the grace the phone is non-compliant.
    Require,
}

impl Severity {
    /// The token in rules and views.
    pub fn as_str(self) -> &'static str {
        ["inform", "warn", "require"][self as usize]
    }

    /// Finds a severity by its token.
    pub fn from_token(token: &str) -> Option<Self> {
        [Self::Inform, Self::Warn, Self::Require].into_iter().find(|s| s.as_str() == token)
    }
}

/// What follows from a broken rule, from weak to strong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Nothing but the finding and the report.
    #[default]
    None,
    /// The contacts are hidden and exported copies withdrawn.
    HideContacts,
    /// The app shows nothing but the findings.
    Lock,
}

impl Action {
    /// The token in rules and views.
    pub fn as_str(self) -> &'static str {
        ["none", "hide_contacts", "lock"][self as usize]
    }

    /// Finds an action by its token; `warn`, as the setting `noncompliance_action` calls it, is
    /// `none`.
    pub fn from_token(token: &str) -> Option<Self> {
        match token {
            "none" | "warn" => Some(Action::None),
            "hide_contacts" => Some(Action::HideContacts),
            "lock" => Some(Action::Lock),
            _ => None,
        }
    }
}

/// The phone as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Every rule is met.
    Compliant,
    /// Something to see to, and nothing that counts yet.
    Attention,
    /// Nothing is broken beyond its grace, but a rule can't be judged: to say "compliant" would be a
    /// guess.
    #[default]
    Unknown,
    /// A required rule is broken and its grace is over.
    NonCompliant,
}

impl State {
    /// The token in views: `compliance.state`.
    pub fn as_str(self) -> &'static str {
        ["compliant", "attention", "unknown", "non_compliant"][self as usize]
    }
}

/// Names a finding. There is one for each signal and for each notice, so it stays the same when the
/// rule behind it changes; it can serve as the id of a notification.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FindingId(pub String);

/// What a finding is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A signal is not as a rule demands.
    Broken {
        /// The signal.
        signal: SignalKind,
        /// The strictest demand that is not met.
        demand: Demand,
        /// What the phone has instead.
        value: SignalValue,
    },
    /// A signal that a rule asks for has been unknown for too long.
    Unknown {
        /// The signal.
        signal: SignalKind,
        /// Why it is unknown.
        reason: UnknownReason,
    },
    /// Something that is no rule.
    Notice(Notice),
}

/// One thing that the person should know or do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Its name.
    pub id: FindingId,
    /// How grave it is: the gravest of its rules.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// The rules that are broken or can't be judged, by id. Empty for a notice.
    pub rules: Vec<String>,
    /// Why the company demands it, in the admin's words: language tag → text.
    pub reason: BTreeMap<String, String>,
    /// When it was first seen.
    pub since: WallMs,
    /// When the next consequence comes, or, if all have come, when the last one came. `None` while
    /// nothing will follow.
    pub due: Option<WallMs>,
    /// A required rule is broken beyond its grace: this counts as non-compliant.
    pub overdue: bool,
    /// What comes at `due`.
    pub consequence: Action,
    /// What is in force because of it.
    pub in_force: Action,
    /// How it is mended.
    pub mend: Option<Mend>,
    /// The page that `mend` opens, where it is one that the server named.
    pub link: Option<String>,
}
