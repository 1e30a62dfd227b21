//! What the agent shows of itself. The JSON of these structs is public: members may be added, none
//! is renamed.
use serde::Serialize;

use crate::licence::{Hold, Phase, Prompt};

/// The state in short.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StatusView {
    /// The licence.
    pub licence: LicenceView,
    /// The company, once a policy named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationView>,
    /// The person, as far as the configuration says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonView>,
    /// The contacts.
    pub contacts: ContactsView,
    /// Compliance.
    pub compliance: ComplianceView,
    /// Reports on their way.
    pub outbox: OutboxView,
    /// The configuration.
    pub config: ConfigVersionView,
}

/// The licence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LicenceView {
    /// Where the phone stands.
    pub phase: Phase,
    /// Why contacts are hidden.
    pub holds: Vec<Hold>,
    /// What the person is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Prompt>,
    /// Since when the phase is what it is, RFC 3339.
    pub since: String,
    /// When the agent looks at the server again, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_check: Option<String>,
    /// Why the phone was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// What the admin wrote to whoever holds a locked phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The company.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct OrganizationView {
    /// Its name.
    pub name: String,
    /// The management server's host.
    pub host: String,
}

/// The person.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct PersonView {
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// The contacts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ContactsView {
    /// Contacts on the phone, also while they are hidden.
    pub count: i64,
    /// Address books.
    pub books: i64,
    /// When all books were last up to date, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_sync: Option<String>,
    /// Cards that could not be read.
    pub skipped: i64,
}

/// Compliance.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct ComplianceView {
    /// The overall state.
    pub state: crate::compliance::State,
}

/// Reports on their way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct OutboxView {
    /// Waiting to be sent.
    pub pending: i64,
    /// Waiting until the server accepts this phone again.
    pub held: i64,
    /// Refused for good by the server.
    pub quarantined: i64,
    /// Dropped because there were too many.
    pub dropped: i64,
}

/// The configuration.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConfigVersionView {
    /// Hash of the managed configuration in force; empty where there is none.
    pub version: String,
}

/// What an activation link says, for the person to confirm.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LinkPreview {
    /// The management server's host and port, in a form that can't mislead.
    pub host: String,
    /// Whether the phone is already activated, so that the link will be refused.
    pub already_active: bool,
    /// The question to the person.
    #[serde(skip)]
    pub title: String,
    /// What follows from a yes, or why the link is not needed.
    #[serde(skip)]
    pub text: String,
}
