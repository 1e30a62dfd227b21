//! Signals, rules, findings, grace, enforcement.
//!
//! The shell collects [`Signals`], the rules come from managed configuration and the signed policy,
//! and [`evaluate`] says what the person sees ([`Finding`]s), what the company hears ([`State`]) and
//! what follows from it ([`Action`]). Everything here is a pure function over plain values: no
//! clock, no store, no network. The agent keeps the [`FindingMemory`] sealed between two calls; all
//! that has to survive a restart is in it.
//!
//! What it must never do: take an unknown signal for a broken rule, act before the phone was
//! activated and has seen its first policy, or let one unreadable rule take the others with it.
mod configuration;
mod evaluate;
mod finding;
mod level;
mod memory;
mod mend;
mod notice;
mod rules;
mod signals;

#[cfg(test)]
mod tests;

pub use crate::version::{BadVersion, Version};
pub use configuration::notices_from_configuration;
pub use evaluate::{Context, Evaluation, evaluate};
pub use finding::{Finding, Subject};
pub use level::{Action, FindingId, Severity, State};
pub use memory::FindingMemory;
pub use mend::Mend;
pub use notice::{Notice, notices_from_signals};
pub use rules::{
    Demand, Grace, MergedRules, PolicyRules, Rule, RuleError, RuleNote, RuleProblem, Source,
    WhenUnknown, merge, rules_from_policy, rules_from_settings,
};
pub use signals::{
    Complexity, LockScope, PatchDate, Signal, SignalError, SignalKind, SignalValue, Signals,
    SignalsError, UnknownReason,
};
