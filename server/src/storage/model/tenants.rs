//! Tenants, their keys, settings and rules; and the desk of the admins.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{Digest, PersonId, TenantId, Thumbprint, UnixTime};
use crate::storage::Stored;

/// What an admin may change about a tenant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TenantProfile {
    /// The organisation's name, shown on every phone.
    pub name: String,
    /// Whom people turn to: `email`, `phone`, `url`.
    #[serde(default)]
    pub support: Map<String, Value>,
    /// Ids at the manufacturers: `apple_dep`, `samsung_kme`, `android_zero_touch`.
    #[serde(default)]
    pub customer_ids: Map<String, Value>,
    /// The newest app and its store page, per platform.
    #[serde(default)]
    pub update: Map<String, Value>,
    /// Seconds between two policy checks, 900..=604,800.
    pub next_check_s: i64,
    /// Seconds a phone goes on without the server.
    pub offline_grace_s: i64,
    /// Only phones whose MDM device id is on the list may activate.
    #[serde(default)]
    pub listed_devices_only: bool,
}

/// A tenant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TenantRow {
    /// Its name in URLs and commands.
    pub id: TenantId,
    /// What admins change.
    pub profile: TenantProfile,
    /// The organisation passcode, hashed with cost (`crypto::password`).
    pub passcode_hash: Option<String>,
    /// The public organisation code, as a digest.
    pub organization_code: Option<Digest>,
    /// When it was added.
    pub created_at: UnixTime,
}

/// A policy signing key of a tenant (Ed25519).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRow {
    /// Whose key.
    pub tenant: TenantId,
    /// RFC 7638 thumbprint of the public key, also its `kid`.
    pub thumbprint: Thumbprint,
    /// The private key, PKCS #8.
    pub pkcs8: Vec<u8>,
    /// When it was made.
    pub created_at: UnixTime,
}

/// Tenants and what holds for everybody in one.
pub trait Tenants {
    /// Adds a tenant; false if the id is taken.
    fn insert_tenant(&self, row: &TenantRow) -> Stored<bool>;
    /// Overwrites a tenant's profile, passcode and code.
    fn update_tenant(&self, row: &TenantRow) -> Stored<()>;
    /// One tenant.
    fn tenant(&self, id: &TenantId) -> Stored<Option<TenantRow>>;
    /// All tenants, by id.
    fn tenants(&self) -> Stored<Vec<TenantRow>>;
    /// The tenant with this public code.
    fn tenant_by_organization_code(&self, code: Digest) -> Stored<Option<TenantRow>>;
    /// Adds a signing key.
    fn insert_key(&self, row: &KeyRow) -> Stored<()>;
    /// Signing keys, the newest first: that one signs.
    fn keys(&self, tenant: &TenantId) -> Stored<Vec<KeyRow>>;
    /// Sets a value, for all or for one person. Null unsets the layer below on the phone.
    fn put_setting(
        &self,
        tenant: &TenantId,
        person: Option<PersonId>,
        key: &str,
        value: &Value,
    ) -> Stored<()>;
    /// Takes a value away; false if there was none.
    fn remove_setting(
        &self,
        tenant: &TenantId,
        person: Option<PersonId>,
        key: &str,
    ) -> Stored<bool>;
    /// The values for all, or for one person.
    fn settings(&self, tenant: &TenantId, person: Option<PersonId>) -> Stored<Map<String, Value>>;
    /// Adds or replaces a compliance rule.
    fn put_rule(&self, tenant: &TenantId, id: &str, rule: &Value) -> Stored<()>;
    /// Takes a rule away; false if there was none.
    fn remove_rule(&self, tenant: &TenantId, id: &str) -> Stored<bool>;
    /// All rules, by id.
    fn rules(&self, tenant: &TenantId) -> Stored<Vec<Value>>;
    /// A fact about the server itself.
    fn meta(&self, key: &str) -> Stored<Option<String>>;
    /// Sets a fact about the server itself.
    fn set_meta(&self, key: &str, value: &str) -> Stored<()>;
}

/// An admin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AdminRow {
    /// Who.
    pub name: String,
    /// Digest of the bearer token.
    pub token: Digest,
    /// Since when.
    pub created_at: UnixTime,
}

/// An action that waits for a second admin.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingRow {
    /// Its name.
    pub id: String,
    /// In whose organisation.
    pub tenant: TenantId,
    /// The call to repeat once approved.
    pub call: Value,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_at: UnixTime,
    /// Who said yes, if anybody did.
    pub approved_by: Option<String>,
}

/// Admins and their waiting actions.
pub trait Context {
    /// Adds an admin; false if the name is taken.
    fn insert_admin(&self, row: &AdminRow) -> Stored<bool>;
    /// Removes an admin; false if there was none.
    fn remove_admin(&self, name: &str) -> Stored<bool>;
    /// The admin with this token.
    fn admin_by_token(&self, token: Digest) -> Stored<Option<AdminRow>>;
    /// All admins, by name.
    fn admins(&self) -> Stored<Vec<AdminRow>>;
    /// Puts an action aside.
    fn insert_pending(&self, row: &PendingRow) -> Stored<()>;
    /// Actions that wait.
    fn pending(&self) -> Stored<Vec<PendingRow>>;
    /// One waiting action.
    fn pending_by_id(&self, id: &str) -> Stored<Option<PendingRow>>;
    /// Marks a waiting action as approved; false if it no longer waits.
    fn approve_pending(&self, id: &str, by: &str) -> Stored<bool>;
}
