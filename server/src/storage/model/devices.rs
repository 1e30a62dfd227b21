//! Devices, their policies and commands, and the events they report.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::crypto::jwk::EcJwk;
use crate::ids::{Digest, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};
use crate::storage::Stored;

/// Where a device stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Let in, no token fetched yet. Holds its seat for ten minutes.
    Pending,
    /// In use.
    Active,
    /// To be erased; the receipt is still out.
    Retiring,
    /// Erased, with receipt.
    Erased,
    /// The same phone activated again with another key.
    Replaced,
    /// The person signed out.
    SignedOut,
    /// The person was revoked.
    Revoked,
}

impl DeviceState {
    /// The word in storage and in answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Erased => "erased",
            Self::Replaced => "replaced",
            Self::SignedOut => "signed_out",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::Pending,
            Self::Active,
            Self::Retiring,
            Self::Erased,
            Self::Replaced,
            Self::SignedOut,
            Self::Revoked,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
    }

    /// Whether tokens of a device in this state are honoured.
    #[must_use]
    pub fn may_use_tokens(self) -> bool {
        matches!(self, Self::Pending | Self::Active | Self::Retiring)
    }
}

/// By which evidence a device came in: the word that `oauth::ways` has for it. It is kept and shown
/// as it is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WayIn(String);

impl WayIn {
    /// The way that is called `word`.
    #[must_use]
    pub fn new(word: &str) -> Self {
        Self(word.to_owned())
    }

    /// The word in storage and in answers.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a phone says about itself (claims, not proof).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DeviceFacts {
    /// `android` or `ios`.
    #[serde(default)]
    pub platform: String,
    /// The model's name.
    #[serde(default)]
    pub model: String,
    /// Version of the operating system.
    #[serde(default)]
    pub os_version: String,
    /// Version of the app.
    #[serde(default)]
    pub app_version: String,
    /// Device id, only if an MDM supplied it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// Serial number, only if an MDM supplied it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    /// Enrolment id, only if an MDM supplied it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrollment_id: Option<String>,
}

impl DeviceFacts {
    /// Ids that an MDM supplied.
    pub fn mdm_ids(&self) -> impl Iterator<Item = &str> {
        [&self.device_id, &self.serial_number, &self.enrollment_id]
            .into_iter()
            .filter_map(|id| id.as_deref())
            .filter(|id| !id.is_empty())
    }
}

/// A device.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceRow {
    /// Its name, the thumbprint of its key.
    pub name: Thumbprint,
    /// In which organisation.
    pub tenant: TenantId,
    /// Its public key.
    pub key: EcJwk,
    /// Whose, as far as known.
    pub person: Option<PersonId>,
    /// Whether the person is proven (own licence or own link), not only claimed.
    pub proven: bool,
    /// Whose seat it takes.
    pub licence: Option<LicenceId>,
    /// By which evidence it came in.
    pub way: WayIn,
    /// What it says about itself.
    pub facts: DeviceFacts,
    /// Where it stands.
    pub state: DeviceState,
    /// Locked by an admin as lost.
    pub locked: bool,
    /// When it activated.
    pub created_at: UnixTime,
    /// When it was last heard of.
    pub last_contact: UnixTime,
    /// `compliant`, `not-compliant` or `unknown`, as last reported.
    pub compliance: Option<String>,
    /// When that was reported.
    pub compliance_at: Option<UnixTime>,
    /// When it confirmed its erasure.
    pub erased_at: Option<UnixTime>,
}

/// The policy a device was last given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyRow {
    /// Grows with every change.
    pub seq: i64,
    /// Digest of what it says, without the times and the seq.
    pub content: Digest,
    /// ETag, quotes included.
    pub etag: String,
    /// The signed bytes.
    pub jws: String,
    /// Issued.
    pub iat: UnixTime,
    /// Ends.
    pub exp: UnixTime,
}

/// A command to a device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CommandRow {
    /// Its name.
    pub jti: String,
    /// For which device.
    pub device: Thumbprint,
    /// `sync`, `lock`, `unlock` or `erase`.
    pub kind: String,
    /// Cause of an erase.
    pub cause: Option<String>,
    /// What the person is shown.
    pub message: Option<String>,
    /// When given.
    pub created_at: UnixTime,
    /// Until when it is handed out.
    pub expires_at: UnixTime,
    /// When the device acknowledged it.
    pub acknowledged_at: Option<UnixTime>,
    /// How it went, in the device's word.
    pub outcome: Option<String>,
}

/// Devices, policies, commands.
pub trait Devices {
    /// Adds or overwrites a device.
    fn put_device(&self, row: &DeviceRow) -> Stored<()>;
    /// One device.
    fn device(&self, name: &Thumbprint) -> Stored<Option<DeviceRow>>;
    /// Devices of a tenant after `after` by name, a page of them.
    fn devices(&self, tenant: &TenantId, after: &str, limit: usize) -> Stored<Vec<DeviceRow>>;
    /// Devices whose name begins so, at most 2.
    fn devices_by_prefix(&self, tenant: &TenantId, prefix: &str) -> Stored<Vec<DeviceRow>>;
    /// All devices of a person.
    fn devices_of(&self, tenant: &TenantId, person: PersonId) -> Stored<Vec<DeviceRow>>;
    /// Devices of a tenant, living, that carry this MDM id.
    fn devices_by_mdm_id(&self, tenant: &TenantId, mdm_id: &str) -> Stored<Vec<DeviceRow>>;
    /// How many devices are in use.
    fn count_devices(&self, tenant: &TenantId) -> Stored<i64>;
    /// The policy a device was last given.
    fn policy(&self, device: &Thumbprint) -> Stored<Option<PolicyRow>>;
    /// Keeps the policy a device is given.
    fn put_policy(&self, device: &Thumbprint, row: &PolicyRow) -> Stored<()>;
    /// Adds a command.
    fn insert_command(&self, tenant: &TenantId, row: &CommandRow) -> Stored<()>;
    /// Commands neither acknowledged nor expired, in the order given.
    fn open_commands(&self, device: &Thumbprint, now: UnixTime) -> Stored<Vec<CommandRow>>;
    /// All commands of a device, in the order given.
    fn commands(&self, device: &Thumbprint) -> Stored<Vec<CommandRow>>;
    /// Marks a command of this device as acknowledged; false if there is no such open command.
    fn acknowledge(
        &self,
        device: &Thumbprint,
        jti: &str,
        outcome: &str,
        now: UnixTime,
    ) -> Stored<bool>;
    /// How many erase commands were given since then.
    fn count_erasures_since(&self, tenant: &TenantId, since: UnixTime) -> Stored<i64>;
}

/// A received event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventRow {
    /// Order of arrival.
    pub id: i64,
    /// In which organisation.
    pub tenant: TenantId,
    /// From which device.
    pub device: Thumbprint,
    /// The token's `jti`.
    pub jti: String,
    /// Digest of its claims.
    pub digest: Digest,
    /// Its claims, word for word.
    pub claims: Value,
    /// When it arrived.
    pub received_at: UnixTime,
}

/// Whether an event is new.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// Stored now.
    New,
    /// Known, with the same claims.
    Repeated,
    /// The `jti` is known with other claims.
    Conflict,
}

/// Events.
pub trait Reports {
    /// Stores an event once; the row's `id` is ignored.
    fn insert_event(&self, row: &EventRow) -> Stored<Arrival>;
    /// Events after `after` in order of arrival, of all devices or of one.
    fn events(
        &self,
        tenant: &TenantId,
        device: Option<&Thumbprint>,
        after: i64,
        limit: usize,
    ) -> Stored<Vec<EventRow>>;
    /// Forgets events that arrived before then.
    fn forget_events(&self, before: UnixTime) -> Stored<()>;
}
