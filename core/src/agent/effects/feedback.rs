//! What the MDM is told: the state of the phone, and every setting's problem. No personal data.
use super::State;
use crate::config;
use crate::effect::{Effect, KeyedState, Severity};
use crate::ids::Language;
use crate::licence::Phase;
use crate::messages::{phase_words, state_words};

/// Admin consoles are read in English.
const CONSOLE: Language = Language::En;

impl State {
    /// Queues the feedback if it differs from what was said last. Quiet on a phone that no MDM has
    /// configured.
    pub(in crate::agent) fn publish_feedback(&mut self) {
        if self.stored.managed.is_none() && self.stored.feedback.version == 0 {
            return;
        }
        let mut states = config::feedback(&self.stored.feedback.states, &self.resolution, CONSOLE);
        states.retain(|state| !OWN_KEYS.contains(&state.key.as_str()));
        states.push(self.licence_state());
        states.extend(self.compliance_state());
        if states == self.stored.feedback.states {
            return;
        }
        self.stored.feedback.version += 1;
        self.stored.feedback.states = states.clone();
        let effect = Effect::PublishFeedback {
            version: self.stored.feedback.version,
            config_version: self.stored.config_version.clone(),
            states,
        };
        self.queue_effect("feedback".to_owned(), effect);
    }

    fn licence_state(&self) -> KeyedState {
        let phase = self.phase();
        let failed =
            self.run.problems.values().find(|p| p.area == crate::messages::Area::Activation);
        let (severity, message) = match (phase, failed) {
            (Phase::Unlicensed | Phase::Activating | Phase::Reauthenticate, Some(problem)) => {
                let words = problem.view(CONSOLE);
                (Severity::Error, format!("{} {}", words.text, words.next))
            }
            _ => (Severity::Info, phase_words(phase, CONSOLE).text),
        };
        let data = serde_json::to_string(&phase).unwrap_or_default();
        KeyedState::new("licence", severity, &message, &data)
    }

    fn compliance_state(&self) -> Option<KeyedState> {
        let state = self.evaluation.as_ref()?.state;
        let severity = match state {
            crate::compliance::State::NonCompliant => Severity::Error,
            _ => Severity::Info,
        };
        let message = state_words(state, CONSOLE);
        Some(KeyedState::new("state", severity, message, state.as_str()))
    }
}

/// Keys of states that are not about a setting.
const OWN_KEYS: [&str; 2] = ["licence", "state"];
