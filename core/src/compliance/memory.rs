//! What has to survive a restart: since when each rule is broken, and from when its grace runs.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::level::{Action, FindingId, Severity, State};
use super::notice::Notice;
use super::rules::{Demand, Grace, Rule};
use crate::time::WallMs;

/// The memory of [`super::evaluate`]. The agent keeps it sealed and hands it back unchanged.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FindingMemory {
    /// By rule: those that are broken or can't be judged.
    pub(super) rules: BTreeMap<String, RuleMemory>,
    /// By notice: since when.
    pub(super) notices: BTreeMap<FindingId, WallMs>,
    /// What the last evaluation came to; `None` before the first.
    pub(super) last: Option<Outcome>,
}

impl FindingMemory {
    /// Whether `notice` was there at the last evaluation.
    pub fn remembers(&self, notice: &Notice) -> bool {
        self.notices.contains_key(&notice.id())
    }
}

/// What the last evaluation came to, as far as somebody could notice a change.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) state: State,
    pub(super) action: Action,
    pub(super) findings: BTreeMap<FindingId, Seen>,
}

/// A finding as it was last shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) severity: Severity,
    pub(super) overdue: bool,
    pub(super) in_force: Action,
    pub(super) unknown: bool,
}

/// One rule that is not simply met.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct RuleMemory {
    /// The rule as it was when last seen.
    pub(super) terms: Terms,
    /// Since when it is broken. Kept while the signal is unknown: taking a permission away is no
    /// way to more grace.
    pub(super) broken: Option<Span>,
    /// Since when its signal is unknown.
    pub(super) unknown: Option<Span>,
}

/// What makes a rule harder or easier to meet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Terms {
    demand: Demand,
    severity: Severity,
    action: Action,
    grace: Grace,
}

impl Terms {
    pub(super) fn of(rule: &Rule) -> Self {
        let (severity, action) = rule.force();
        Self { demand: rule.demand.clone(), severity, action, grace: rule.grace }
    }

    /// The admin made the rule stricter in some respect, so that the person has to be given time
    /// anew.
    pub(super) fn raised_since(&self, before: &Terms) -> bool {
        !before.demand.at_least_as_strict_as(&self.demand)
            || self.severity > before.severity
            || self.action > before.action
            || self.grace < before.grace
    }
}

/// A stretch of time that is still going on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Span {
    /// When it was first seen.
    pub(super) since: WallMs,
    /// From when the grace runs; `None` until the phone was activated and has seen its first policy.
    pub(super) grace_from: Option<WallMs>,
}

impl Span {
    /// Begins at `now`, or goes on.
    pub(super) fn carry_on(before: Option<Span>, now: WallMs, armed: bool) -> Span {
        let before = before.unwrap_or(Span { since: now, grace_from: None });
        // A moment that is still to come was taken from a clock that ran ahead. The whole grace is
        // given anew then: nobody's grace becomes shorter because a clock was mended.
        let grace_from = before.grace_from.map(|from| from.min(now));
        Span {
            since: before.since.min(now),
            grace_from: if armed { grace_from.or(Some(now)) } else { grace_from },
        }
    }
}
