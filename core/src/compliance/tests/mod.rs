//! A phone with a made-up clock, and what happens to it.
mod configuration;
mod json;
mod properties;
mod rules;
mod stories;

use serde_json::{Map, Value};

use super::*;
use crate::config::{Inputs, LastGood, ManagedInput, Resolution, resolve};
use crate::ids::{Language, Platform};
use crate::messages::FindingView;
use crate::time::{DAY_MS, HOUR_MS, WallMs};

/// 2026-01-01T00:00:00Z
pub(super) const START: WallMs = WallMs(1_767_225_600_000);

/// A phone as far as compliance sees it.
pub(super) struct Phone {
    pub(super) now: WallMs,
    pub(super) rules: Vec<Rule>,
    pub(super) signals: Signals,
    pub(super) notices: Vec<Notice>,
    pub(super) memory: FindingMemory,
    pub(super) context: Context,
}

impl Phone {
    /// Activated, with its first policy.
    pub(super) fn with(rules: Vec<Rule>) -> Self {
        Self {
            now: START,
            rules,
            signals: Signals::new(),
            notices: Vec::new(),
            memory: FindingMemory::default(),
            context: Context { activated_and_policy_seen: true },
        }
    }

    pub(super) fn has(&mut self, signals: &str) {
        self.has_on(signals, Platform::Android);
    }

    pub(super) fn has_on(&mut self, signals: &str, platform: Platform) {
        self.signals = Signals::from_json(signals, platform).unwrap();
    }

    pub(super) fn check(&mut self) -> Evaluation {
        let evaluation = self.peek();
        self.memory = evaluation.memory.clone();
        evaluation
    }

    /// An evaluation that nobody remembers.
    pub(super) fn peek(&self) -> Evaluation {
        let Self { rules, signals, notices, memory, now, context } = self;
        evaluate(rules, signals, notices, memory, *now, *context)
    }

    pub(super) fn hours_pass(&mut self, hours: i64) {
        self.now = self.now.plus_ms(hours * HOUR_MS);
    }

    pub(super) fn days_pass(&mut self, days: i64) {
        self.now = self.now.plus_ms(days * DAY_MS);
    }

    /// The process ends and starts again: only what was stored is left.
    pub(super) fn restarts(&mut self) {
        let stored = serde_json::to_vec(&self.memory).unwrap();
        self.memory = serde_json::from_slice(&stored).unwrap();
    }
}

/// A managed configuration, with what the server's settings add to it.
pub(super) fn resolution(mdm: &Value, server: Option<&Map<String, Value>>) -> Resolution {
    let mdm = ManagedInput::from_android_json(mdm.to_string().as_bytes()).unwrap();
    resolve(&Inputs {
        platform: Platform::Android,
        mdm: Some(&mdm),
        person: None,
        server,
        individual: None,
        last_good: &LastGood::default(),
    })
}

/// What the settings of a managed configuration demand, and what can't be read in them.
pub(super) fn configured(mdm: Value) -> (Vec<Rule>, Vec<Notice>) {
    rules_from_settings(&resolution(&mdm, None).effective)
}

/// A rule as the server writes it.
pub(super) fn rule(json: Value) -> Rule {
    Rule::from_json(&json).unwrap()
}

pub(super) fn ids(evaluation: &Evaluation) -> Vec<&str> {
    evaluation.findings.iter().map(|finding| finding.id.0.as_str()).collect()
}

pub(super) fn view(evaluation: &Evaluation, now: WallMs, language: Language) -> FindingView {
    evaluation.findings.first().expect("a finding").view(now, language)
}
