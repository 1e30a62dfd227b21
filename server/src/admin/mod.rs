//! The admin API: one table of calls, used over HTTP (`/admin/v1`, bearer token) and by the command
//! line on the data file alike.
//!
//! A call is a method, a path and a JSON body; the answer is a status and JSON. Nothing here knows
//! about sockets.

mod devices;
mod guard;
mod people;
mod tenants;
mod ways;

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::app::Issuer;
use crate::clock::Clock;
use crate::crypto::{self, NoRandom};
use crate::ids::{Digest, TenantId, UnixTime};
use crate::reply::Failure;
use crate::storage::{AdminRow, Storage, StoreError, TenantRow, Tx};

/// Where the issuer is noted for commands that work on the data file while no server runs.
pub const META_ISSUER: &str = "issuer";

/// What the calls work on.
pub struct Admin {
    /// The data.
    pub storage: Arc<dyn Storage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The server's address, when one runs.
    pub issuer: Option<Issuer>,
}

/// Who makes a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor(pub String);

/// A call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// Segments after `/admin/v1`, decoded.
    pub path: Vec<String>,
    /// Parameters of the query.
    pub query: Vec<(String, String)>,
    /// The body; null when there is none.
    pub body: Value,
}

impl Call {
    /// A call with a body.
    #[must_use]
    pub fn new(method: &str, path: &[&str], body: Value) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { method: method.to_owned(), path, query: Vec::new(), body }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn page(&self) -> usize {
        self.query("limit").and_then(|n| n.parse().ok()).unwrap_or(100).clamp(1, 1_000)
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_value(self.body.clone())
            .map_err(|error| Refusal::wrong(format!("the body is not as it should be: {error}")))
    }
}

/// An answer: status and body.
pub type Answer = (u16, Value);

/// Why a call was not carried out; then nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// What the admin can mend, with an HTTP status.
    #[error("{1}")]
    Told(u16, String),
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Refusal {
    fn wrong(text: impl Into<String>) -> Self {
        Self::Told(400, text.into())
    }

    fn none(text: impl Into<String>) -> Self {
        Self::Told(404, text.into())
    }

    fn taken(text: impl Into<String>) -> Self {
        Self::Told(409, text.into())
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Told(status, _) => *status,
            Self::Failed(_) => 500,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<NoRandom> for Refusal {
    fn from(error: NoRandom) -> Self {
        Self::Failed(error.into())
    }
}

/// A call in its tenant.
struct Within<'a> {
    admin: &'a Admin,
    actor: &'a Actor,
    call: &'a Call,
    tenant: TenantRow,
    /// A second admin has said yes.
    approved: bool,
}

impl Within<'_> {
    fn now(&self) -> UnixTime {
        self.admin.clock.now()
    }

    fn id(&self) -> &TenantId {
        &self.tenant.id
    }

    fn read<T>(&self, work: impl FnOnce(&dyn Tx) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.admin.storage.read(work)
    }

    fn write<T>(&self, work: impl FnOnce(&dyn Tx) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.admin.storage.write(work)
    }
}

impl Admin {
    /// Who has this token.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn actor(&self, token: &str) -> Result<Option<Actor>, StoreError> {
        let digest = Digest::of(token.as_bytes());
        let row = self.storage.read(|tx| tx.admin_by_token(digest))?;
        Ok(row.map(|row| Actor(row.name)))
    }

    /// Adds an admin; `Ok` is the token, shown this once.
    ///
    /// # Errors
    /// When the name is taken or empty, or the storage fails.
    pub fn add_admin(&self, name: &str) -> Result<String, Refusal> {
        let name = name.trim();
        if name.is_empty() || name.len() > 100 {
            return Err(Refusal::wrong("an admin needs a name of at most 100 characters"));
        }
        let token = crypto::token()?;
        let row = AdminRow {
            name: name.to_owned(),
            token: Digest::of(token.as_bytes()),
            created_at: self.clock.now(),
        };
        let added = self.storage.write(|tx| tx.insert_admin(&row))?;
        if added { Ok(token) } else { Err(Refusal::taken(format!("there is an admin {name}"))) }
    }

    /// Carries out a call.
    ///
    /// # Errors
    /// Why not; then nothing was changed.
    pub fn handle(&self, actor: &Actor, call: &Call) -> Result<Answer, Refusal> {
        let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
        match (call.method.as_str(), path.as_slice()) {
            ("GET", ["tenants"]) => tenants::list(self),
            ("POST", ["tenants"]) => tenants::add(self, call),
            ("GET", ["admins"]) => {
                let rows = self.storage.read(|tx| tx.admins())?;
                let rows: Vec<Value> = rows
                    .into_iter()
                    .map(|row| json!({"name": row.name, "created_at": row.created_at.rfc3339()}))
                    .collect();
                Ok((200, json!({ "admins": rows })))
            }
            ("POST", ["admins"]) => {
                let name = call.body.get("name").and_then(Value::as_str).unwrap_or_default();
                Ok((201, json!({"name": name.trim(), "token": self.add_admin(name)?})))
            }
            ("DELETE", ["admins", name]) => {
                if *name == actor.0 {
                    return Err(Refusal::taken("nobody removes themselves: ask another admin"));
                }
                let removed = self.storage.write(|tx| tx.remove_admin(name))?;
                if removed {
                    Ok((200, json!({ "removed": name })))
                } else {
                    Err(unknown("admin", name))
                }
            }
            ("GET", ["approvals"]) => guard::list(self),
            ("POST", ["approvals", id]) => guard::approve(self, actor, id),
            (_, ["tenants", tenant, rest @ ..]) => self.within(actor, call, tenant, rest, false),
            _ => Err(Refusal::none("there is no such call")),
        }
    }

    fn within(
        &self,
        actor: &Actor,
        call: &Call,
        tenant: &str,
        rest: &[&str],
        approved: bool,
    ) -> Result<Answer, Refusal> {
        let id = TenantId::from(tenant);
        let row = self.storage.read(|tx| tx.tenant(&id))?;
        let tenant = row.ok_or_else(|| unknown("tenant", tenant))?;
        let at = Within { admin: self, actor, call, tenant, approved };
        match (call.method.as_str(), rest) {
            ("GET", []) => tenants::show(&at),
            ("PATCH", []) => tenants::change(&at),
            ("POST", ["resync"]) => tenants::resync(&at),
            ("PUT", ["passcode"]) => tenants::set_passcode(&at),
            ("DELETE", ["passcode"]) => tenants::remove_passcode(&at),
            ("PUT", ["organization-code"]) => tenants::set_organization_code(&at),
            ("DELETE", ["organization-code"]) => tenants::remove_organization_code(&at),
            ("GET", ["settings"]) => tenants::settings(&at),
            ("PUT", ["settings", key]) => tenants::set(&at, key),
            ("DELETE", ["settings", key]) => tenants::unset(&at, key),
            ("GET", ["rules"]) => tenants::rules(&at),
            ("PUT", ["rules", id]) => tenants::set_rule(&at, id),
            ("DELETE", ["rules", id]) => tenants::remove_rule(&at, id),
            ("GET", ["people"]) => people::list(&at),
            ("POST", ["people"]) => people::add(&at),
            ("POST", ["people", "import"]) => people::import(&at),
            ("POST", ["people", "revoke"]) => people::revoke(&at),
            ("POST", ["people", "remove"]) => people::remove(&at),
            ("POST", ["people", "readmit"]) => people::readmit(&at),
            ("GET", ["licences"]) => ways::licences(&at),
            ("POST", ["licences"]) => ways::add_licence(&at),
            ("DELETE", ["licences", username]) => ways::revoke_licence(&at, username),
            ("GET", ["links"]) => ways::links(&at),
            ("POST", ["links"]) => ways::add_link(&at),
            ("GET", ["allowed-devices"]) => ways::allowed(&at),
            ("POST", ["allowed-devices"]) => ways::allow(&at),
            ("DELETE", ["allowed-devices", id]) => ways::disallow(&at, id),
            ("GET", ["devices"]) => devices::list(&at),
            ("GET", ["devices", name]) => devices::show(&at, name),
            ("POST", ["devices", action]) => devices::command(&at, action),
            ("GET", ["events"]) => devices::events(&at),
            _ => Err(Refusal::none("there is no such call")),
        }
    }
}

fn unknown(what: &str, name: &str) -> Refusal {
    Refusal::none(format!("there is no {what} {name}"))
}
