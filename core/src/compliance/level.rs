//! How much a finding weighs and what follows from it: values that everything here speaks in.
use serde::{Deserialize, Serialize};

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
