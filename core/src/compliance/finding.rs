//! What is found.
use std::collections::BTreeMap;

use super::level::{Action, FindingId, Severity};
use super::mend::Mend;
use super::notice::Notice;
use super::rules::Demand;
use super::signals::{SignalKind, SignalValue, UnknownReason};
use crate::time::WallMs;

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
