//! What a phone shows to be let in: licences, links, lists; and the grants that follow.

use serde::Serialize;

use crate::ids::{Digest, GrantId, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};
use crate::storage::Stored;

/// A licence: a user name and a password.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenceRow {
    /// Row name.
    pub id: LicenceId,
    /// In which organisation.
    pub tenant: TenantId,
    /// Unique on the server, lower case.
    pub username: String,
    /// Hashed with cost (`crypto::password`).
    pub password_hash: String,
    /// How many phones at once; `None` = no limit.
    pub seats: Option<i64>,
    /// Whose licence, if one person's own.
    pub person: Option<PersonId>,
    /// When it was withdrawn.
    pub revoked_at: Option<UnixTime>,
    /// When it was added.
    pub created_at: UnixTime,
}

/// An activation link.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkRow {
    /// Digest of the code.
    pub code: Digest,
    /// In which organisation.
    pub tenant: TenantId,
    /// Whose link, if one person's own.
    pub person: Option<PersonId>,
    /// When it was made.
    pub created_at: UnixTime,
    /// Until when it works.
    pub expires_at: UnixTime,
    /// When it was used.
    pub used_at: Option<UnixTime>,
    /// By which key.
    pub used_by: Option<Thumbprint>,
}

/// What a revocation blocks besides the person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A device key.
    Key,
    /// An e-mail address.
    Email,
    /// A device, serial or enrolment id from an MDM.
    DeviceId,
}

impl BlockKind {
    /// The word in storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Email => "email",
            Self::DeviceId => "device_id",
        }
    }
}

/// Licences, links and lists.
pub trait Evidence {
    /// Adds a licence; the row's `id` is ignored. `None` if the user name is taken.
    fn insert_licence(&self, row: &LicenceRow) -> Stored<Option<LicenceId>>;
    /// By user name, in any tenant.
    fn licence_by_username(&self, username: &str) -> Stored<Option<LicenceRow>>;
    /// All licences of a tenant, by user name.
    fn licences(&self, tenant: &TenantId) -> Stored<Vec<LicenceRow>>;
    /// Withdraws a licence; false if there was none in force.
    fn revoke_licence(&self, tenant: &TenantId, username: &str, now: UnixTime) -> Stored<bool>;
    /// Seats of a licence that are taken: living devices, and those that began since `pending_since`.
    fn seats_taken(&self, licence: LicenceId, pending_since: UnixTime) -> Stored<i64>;
    /// Adds a link.
    fn insert_link(&self, row: &LinkRow) -> Stored<()>;
    /// By code.
    fn link(&self, code: Digest) -> Stored<Option<LinkRow>>;
    /// Links of a tenant, the newest first, at most `limit`.
    fn links(&self, tenant: &TenantId, limit: usize) -> Stored<Vec<LinkRow>>;
    /// Uses a link up in one step: true for exactly one caller ever.
    fn use_link(&self, code: Digest, by: &Thumbprint, now: UnixTime) -> Stored<bool>;
    /// Blocks a value on behalf of a revoked person.
    fn block(
        &self,
        tenant: &TenantId,
        kind: BlockKind,
        value: &str,
        person: PersonId,
    ) -> Stored<()>;
    /// Whether a value is blocked.
    fn is_blocked(&self, tenant: &TenantId, kind: BlockKind, value: &str) -> Stored<bool>;
    /// Lifts all blocks of a person.
    fn unblock(&self, tenant: &TenantId, person: PersonId) -> Stored<()>;
    /// Puts a device id on the list of those that may activate.
    fn allow_device(&self, tenant: &TenantId, device_id: &str) -> Stored<()>;
    /// Takes a device id off the list; false if it was not on it.
    fn disallow_device(&self, tenant: &TenantId, device_id: &str) -> Stored<bool>;
    /// Whether a device id is on the list.
    fn is_allowed(&self, tenant: &TenantId, device_id: &str) -> Stored<bool>;
    /// The whole list.
    fn allowed_devices(&self, tenant: &TenantId) -> Stored<Vec<String>>;
}

/// One activation's authorization.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GrantRow {
    /// Row name.
    pub id: GrantId,
    /// In which organisation.
    pub tenant: TenantId,
    /// For which device key.
    pub device: Thumbprint,
    /// For which client.
    pub client_id: String,
    /// Digest of the authorization code.
    pub code: Digest,
    /// PKCE challenge, S256.
    pub code_challenge: String,
    /// Until when the code works.
    pub code_expires_at: UnixTime,
    /// When the code was redeemed.
    pub code_used_at: Option<UnixTime>,
    /// Digest of the refresh token.
    pub refresh: Option<Digest>,
    /// When all of it was voided.
    pub revoked_at: Option<UnixTime>,
    /// When it began.
    pub created_at: UnixTime,
}

/// Codes and tokens.
pub trait Grants {
    /// Adds a grant; the row's `id` is ignored.
    fn insert_grant(&self, row: &GrantRow) -> Stored<GrantId>;
    /// By authorization code.
    fn grant_by_code(&self, code: Digest) -> Stored<Option<GrantRow>>;
    /// Redeems a code in one step: true for exactly one caller ever.
    fn use_code(&self, code: Digest, now: UnixTime) -> Stored<bool>;
    /// Sets the refresh token of a grant.
    fn set_refresh(&self, grant: GrantId, refresh: Digest) -> Stored<()>;
    /// By refresh token.
    fn grant_by_refresh(&self, refresh: Digest) -> Stored<Option<GrantRow>>;
    /// Adds an access token.
    fn insert_access(&self, token: Digest, grant: GrantId, expires_at: UnixTime) -> Stored<()>;
    /// By access token: its grant, and until when it works.
    fn grant_by_access(&self, token: Digest) -> Stored<Option<(GrantRow, UnixTime)>>;
    /// Forgets one access token.
    fn remove_access(&self, token: Digest) -> Stored<()>;
    /// Voids one grant: code, refresh token and access tokens.
    fn revoke_grant(&self, grant: GrantId, now: UnixTime) -> Stored<()>;
    /// Voids every grant of a device.
    fn revoke_grants_of(&self, device: &Thumbprint, now: UnixTime) -> Stored<()>;
    /// Whether a device holds a refresh token in force.
    fn has_live_grant(&self, device: &Thumbprint) -> Stored<bool>;
    /// Drops access tokens, codes and voided grants that ended before then.
    fn forget_grants(&self, before: UnixTime) -> Stored<()>;
}
