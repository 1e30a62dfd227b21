//! What the agent shows of itself. Moments are RFC 3339 in UTC, such as `2026-03-01T08:30:00Z`.
use muster_core::agent::{
    ContactsView, LicenceView, LinkPreview as CorePreview, OrganizationView, OutboxView,
    PersonView, StatusView,
};
use muster_core::compliance::State;
use muster_core::licence::{Hold, Phase, Prompt};
use muster_core::messages::Text;

pub use muster_core::agent::LinkPreview;

/// Where the phone stands.
pub type LicencePhase = Phase;

/// Where the phone stands.
#[uniffi::remote(Enum)]
pub enum LicencePhase {
    /// Contacts come straight from an address book of the managed configuration; no server.
    NotRequired,
    /// Not activated.
    Unlicensed,
    /// An activation is under way.
    Activating,
    /// Activated.
    Active,
    /// Activated, but the server wants proof again. Contacts stay for the usual grace.
    Reauthenticate,
    /// Being erased.
    Erasing,
    /// Erased.
    Erased,
}

/// A reason to hide the contacts without deleting them.
pub type LicenceHold = Hold;

/// A reason to hide the contacts without deleting them.
#[uniffi::remote(Enum)]
pub enum LicenceHold {
    /// The server, or a withdrawn configuration, was out of reach for longer than the grace.
    Offline,
    /// The admin locked the phone because it is lost or stolen.
    Lost,
    /// A compliance rule hides contacts or locks.
    Rule,
    /// The company's licence ran out.
    Expired,
    /// Activated, but no signed policy has been seen yet.
    NoPolicy,
}

/// Something the person has to give before the activation goes on.
pub type LicencePrompt = Prompt;

/// Something the person has to give before the activation goes on.
#[uniffi::remote(Enum)]
pub enum LicencePrompt {
    /// The code from an e-mail.
    OneTimeCode,
    /// A sign-in in the browser.
    Browser,
}

/// The phone as a whole, by the company's rules.
pub type ComplianceState = State;

/// The phone as a whole, by the company's rules.
#[uniffi::remote(Enum)]
pub enum ComplianceState {
    /// Every rule is met.
    Compliant,
    /// Something to see to, and nothing that counts yet.
    Attention,
    /// Nothing is broken beyond its grace, but a rule can't be judged.
    Unknown,
    /// A required rule is broken and its grace is over.
    NonCompliant,
}

/// The company.
pub type Organization = OrganizationView;

/// The company.
#[uniffi::remote(Record)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// The management server's host.
    pub host: String,
}

/// The person, as far as the configuration says.
pub type Person = PersonView;

/// The person, as far as the configuration says.
#[uniffi::remote(Record)]
pub struct Person {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// The contacts on the phone.
pub type ContactsStatus = ContactsView;

/// The contacts on the phone.
#[uniffi::remote(Record)]
pub struct ContactsStatus {
    /// How many there are, also while they are hidden.
    pub count: i64,
    /// Address books.
    pub books: i64,
    /// When all books were last up to date.
    pub last_sync: Option<String>,
    /// Cards that could not be read.
    pub skipped: i64,
}

/// Reports on their way.
pub type OutboxStatus = OutboxView;

/// Reports on their way.
#[uniffi::remote(Record)]
pub struct OutboxStatus {
    /// Waiting to be sent.
    pub pending: i64,
    /// Waiting until the server accepts this phone again.
    pub held: i64,
    /// Refused for good by the server.
    pub quarantined: i64,
    /// Dropped because there were too many.
    pub dropped: i64,
}

/// The licence.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct LicenceStatus {
    /// Where the phone stands.
    pub phase: LicencePhase,
    /// Why contacts are hidden.
    pub holds: Vec<LicenceHold>,
    /// What the person is asked for.
    pub prompt: Option<LicencePrompt>,
    /// Since when the phase is what it is.
    pub since: String,
    /// When the agent looks at the server again.
    pub next_check: Option<String>,
    /// Why the phone was erased: `signed_out`, `retired`, `lost`, `revoked`, `withdrawn` or
    /// `transferred`.
    pub cause: Option<String>,
    /// What the admin wrote to whoever holds a locked phone.
    pub message: Option<String>,
}

impl From<LicenceView> for LicenceStatus {
    fn from(view: LicenceView) -> Self {
        Self {
            phase: view.phase,
            holds: view.holds,
            prompt: view.prompt,
            since: view.since,
            next_check: view.next_check,
            cause: view.cause.map(str::to_owned),
            message: view.message,
        }
    }
}

/// The state in short.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Status {
    /// The licence.
    pub licence: LicenceStatus,
    /// The company, once a policy named it.
    pub organization: Option<Organization>,
    /// The person.
    pub person: Option<Person>,
    /// The contacts.
    pub contacts: ContactsStatus,
    /// Whether the phone meets the company's rules.
    pub compliance: ComplianceState,
    /// Reports on their way.
    pub outbox: OutboxStatus,
    /// Hash of the managed configuration in force; empty where there is none.
    pub config_version: String,
}

impl From<StatusView> for Status {
    fn from(view: StatusView) -> Self {
        Self {
            licence: view.licence.into(),
            organization: view.organization,
            person: view.person,
            contacts: view.contacts,
            compliance: view.compliance.state,
            outbox: view.outbox,
            config_version: view.config.version,
        }
    }
}

/// What an activation link says, for the person to confirm.
#[uniffi::remote(Record)]
pub struct LinkPreview {
    /// The management server's host and port, in a form that can't mislead.
    pub host: String,
    /// Whether the phone is already activated, so that the link will be refused.
    pub already_active: bool,
    /// The question to the person.
    pub title: String,
    /// What follows from a yes, or why the link is not needed.
    pub text: String,
}

/// A message to a person, in their language.
pub type Words = Text;

/// A message to a person, in their language.
#[uniffi::remote(Record)]
pub struct Words {
    /// What happened.
    pub text: String,
    /// What to do next.
    pub next: String,
}

/// Whether a link can be used.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum LinkVerdict {
    /// It can. Show the preview; if the person agrees, hand over `Event.LinkAccepted`.
    Usable {
        /// What it says.
        preview: LinkPreview,
    },
    /// It can't.
    Refused {
        /// Why, for the person.
        words: Words,
    },
}

impl From<Result<CorePreview, Text>> for LinkVerdict {
    fn from(preview: Result<CorePreview, Text>) -> Self {
        match preview {
            Ok(preview) => LinkVerdict::Usable { preview },
            Err(text) => LinkVerdict::Refused { words: text },
        }
    }
}
