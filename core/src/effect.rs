//! What the agent wants to be true on the phone, outside its own files.
//!
//! An effect states a desired result and is idempotent. One that must happen is stored before it is
//! handed out, and handed out again after a restart until the shell reports an outcome.
use serde::{Deserialize, Serialize};

use crate::limits;

/// How grave a keyed app state or a notification is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// In order, or mended.
    Info,
    /// Something to see to.
    Error,
}

/// One line of feedback to the admin in the MDM console.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyedState {
    /// What it is about: a setting's key, or `state`, `licence`, `last_sync`, … (≤100 characters).
    pub key: String,
    /// Whether something is wrong.
    pub severity: Severity,
    /// For the admin to read (≤1,000 characters). No personal data, no secrets.
    pub message: String,
    /// For machines to read (≤1,000 characters).
    pub data: String,
}

impl KeyedState {
    /// A state within the limits of AndroidX enterprise feedback, which counts in UTF-16 units.
    pub fn new(key: &str, severity: Severity, message: &str, data: &str) -> Self {
        Self {
            key: cut(key, limits::FEEDBACK_KEY_CHARS),
            severity,
            message: cut(message, limits::FEEDBACK_TEXT_CHARS),
            data: cut(data, limits::FEEDBACK_TEXT_CHARS),
        }
    }
}

/// As much of `text` as fits into `max` UTF-16 units, in whole characters.
fn cut(text: &str, max: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|character| {
            units += character.len_utf16();
            units <= max
        })
        .collect()
}

/// A desired result.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// Feedback to the MDM as a whole: on Android keyed app states by the AndroidX enterprise wire
    /// protocol, on iOS the dictionary `com.apple.feedback.managed`.
    PublishFeedback {
        /// Grows with each change.
        version: i64,
        /// Hash of the configuration tree in force, so that an admin sees which version it is.
        config_version: String,
        /// All states; a shell sends those that changed.
        states: Vec<KeyedState>,
    },
    /// Show a notification, or replace the one of the same `id`.
    Notify {
        /// Stable for one matter.
        id: String,
        /// One line.
        title: String,
        /// What happened and what to do next.
        body: String,
    },
    /// Take the notification `id` away again.
    ClearNotification {
        /// As in `Notify`.
        id: String,
    },
    /// Open a page in the person's browser.
    OpenBrowser {
        /// An https URL.
        url: String,
    },
    /// Remove every copy of contacts that was handed to the system, without needing their content
    /// (Android account, Call Directory entries, Contact Provider).
    RemoveExports,
}

/// What became of an effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectOutcome {
    /// It is so now.
    Done,
    /// The platform can't do this, or there is nothing to do it for. Not tried again.
    NotApplicable,
    /// Not now (a permission, a busy provider). Tried again later.
    Failed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_keeps_the_limits_of_its_receivers() {
        let state = KeyedState::new(
            &"k".repeat(150),
            Severity::Info,
            &"ä".repeat(1_500),
            &"😀".repeat(600),
        );
        assert_eq!(state.key, "k".repeat(100));
        assert_eq!(state.message, "ä".repeat(1_000));
        // Two units each: no half of a character is left at the end.
        assert_eq!(state.data, "😀".repeat(500));
        let odd = format!("x{}", "😀".repeat(500));
        let cut = KeyedState::new("k", Severity::Info, &odd, "").message;
        assert_eq!(cut.encode_utf16().count(), 999);
        let short = KeyedState::new("k", Severity::Error, "m", "d");
        assert_eq!(
            (short.key.as_str(), short.message.as_str(), short.data.as_str()),
            ("k", "m", "d")
        );
    }
}
