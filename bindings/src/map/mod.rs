//! Types of the core as Kotlin and Swift see them.
//!
//! Where a core type can cross as it is, UniFFI is told its shape (`#[uniffi::remote]`), so the core
//! need not know of UniFFI. Where it can't (secrets, unsigned numbers, tuples, `&'static str`) there
//! is a type of its own and a `From` in the direction that is needed.
mod configuration;
mod contact;
mod effect;
mod event;
mod finding;
mod http;
mod open;
mod signal;
mod state;
mod status;
mod step;
mod vault;

pub use configuration::{ConfigurationChannel, ConfigurationSource, ConfigurationTree};
pub use contact::{
    CallerContact, CallerMatch, CallerResult, Contact, ContactDetail, ContactDetailKind,
    ContactEmail, ContactPhone, MatchedField, MatchedRange, PhoneKind, PlaceKind, SearchHit,
    contact_detail_label, contact_email_label, contact_phone_label,
};
pub use effect::{EffectOutcome, KeyedState, KeyedStateSeverity, PhoneEffect};
pub use event::{Event, Evidence};
pub use finding::{Finding, FindingSeverity, MendAction, Problem, ProblemArea};
pub use http::{HttpFailure, HttpHeader, HttpRequest, HttpTimeouts};
pub use open::{DeviceInfo, OpenFailure, OpenOptions, Platform, open_failure_words};
pub use signal::{LockScope, PasswordComplexity, SignalKind, SignalReading, UnknownReason};
pub use state::{
    AgentState, BookTrouble, ButtonTarget, ContactsMode, ContactsModeSetting, ContactsState,
    EraseCause, FindingButton, FindingState, FlagSetting, Headline, HoldState, LicenceState,
    PromptState, ScreenSettings, StatusLine, StatusLineKind, SupportChannel, SupportKind, Tone,
    WordSetting, broken_state, starting_state, wake_after_ms,
};
pub use status::{
    ComplianceState, ContactsStatus, LicenceHold, LicencePhase, LicencePrompt, LicenceStatus,
    LinkPreview, LinkVerdict, Organization, OutboxStatus, Person, Status, Words,
};
pub use step::{Now, Step};
pub use vault::{
    KeyAccess, KeyAlias, KeyPurpose, KeySecurity, SignatureForm, VaultAnswer, VaultFailure,
    VaultOp, VaultOutcome,
};

pub(crate) use configuration::managed_input;
pub(crate) use signal::signals;

/// Counts as the other languages have them. No count of ours comes near the bound.
fn signed(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
