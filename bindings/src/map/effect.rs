//! What the agent wants to be true on the phone, outside its own files.
use muster_core::effect::{Effect, Severity};

pub use muster_core::effect::{EffectOutcome, KeyedState};

/// how severe a keyed app state is.
pub type KeyedStateSeverity = Severity;

/// how severe a keyed app state is.
#[uniffi::remote(Enum)]
pub enum KeyedStateSeverity {
    /// In order, or mended.
    Info,
    /// Something to see to.
    Error,
}

/// One line of feedback to the admin in the MDM console.
#[uniffi::remote(Record)]
pub struct KeyedState {
    /// What it is about: a setting's key, or `state`, `licence`, `last_sync`, … (≤100 characters).
    pub key: String,
    /// Whether something is wrong.
    pub severity: KeyedStateSeverity,
    /// For the admin to read (≤1,000 characters). No personal data, no secrets.
    pub message: String,
    /// For machines to read (≤1,000 characters).
    pub data: String,
}

/// A desired result. Bringing it about twice is the same as once, and it is handed out again after
/// a restart until it was answered.
pub type PhoneEffect = Effect;

/// A desired result. Bringing it about twice is the same as once, and it is handed out again after
/// a restart until it was answered.
#[uniffi::remote(Enum)]
pub enum PhoneEffect {
    /// Feedback to the MDM as a whole: on Android keyed app states by the AndroidX enterprise wire
    /// protocol, on iOS the dictionary `com.apple.feedback.managed`.
    PublishFeedback {
        /// Grows with each change.
        version: i64,
        /// Hash of the configuration in force, so that an admin sees which version it is.
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
        /// An https address.
        url: String,
    },
    /// Remove every copy of contacts that was handed to the system, without needing their content
    /// (Android account, Call Directory entries, Contact Provider).
    RemoveExports,
}

/// What became of an effect.
#[uniffi::remote(Enum)]
pub enum EffectOutcome {
    /// It is so now.
    Done,
    /// The platform can't do this, or there is nothing to do it for. Not tried again.
    NotApplicable,
    /// Not now (a permission, a busy provider). Tried again later.
    Failed,
}
