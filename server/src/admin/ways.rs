//! The ways in: licences, links, and the list of devices.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, META_ISSUER, Refusal, Within, unknown};
use crate::app::{Issuer, policy_key};
use crate::crypto::{self, password};
use crate::ids::{Digest, LicenceId, UnixTime};
use crate::oauth::admit::REPEAT_S;
use crate::storage::{LicenceRow, LinkRow, Tx};

/// Longest life of a link, in hours.
const LINK_HOURS: i64 = 72;
/// Where links lead when the admin names no other host: it opens the app.
const LINK_HOST: &str = "https://link.muster.dev";
/// Links shown in a list.
const LINKS: usize = 200;

fn licence(at: &Within<'_>, tx: &dyn Tx, row: &LicenceRow) -> Result<Value, Refusal> {
    let person = match row.person {
        Some(id) => tx.person(at.id(), id)?.and_then(|person| person.email.or(Some(person.uid))),
        None => None,
    };
    Ok(json!({
        "username": row.username,
        "person": person,
        "seats": row.seats,
        "seats_taken": tx.seats_taken(row.id, at.now().plus(-REPEAT_S))?,
        "revoked_at": row.revoked_at.map(UnixTime::rfc3339),
        "created_at": row.created_at.rfc3339(),
    }))
}

pub(super) fn licences(at: &Within<'_>) -> Result<Answer, Refusal> {
    let rows = at.read(|tx| {
        tx.licences(at.id())?.iter().map(|row| licence(at, tx, row)).collect::<Result<Vec<_>, _>>()
    })?;
    Ok((200, json!({ "licences": rows })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLicence {
    username: String,
    password: String,
    seats: Option<i64>,
    person: Option<String>,
}

pub(super) fn add_licence(at: &Within<'_>) -> Result<Answer, Refusal> {
    let new: NewLicence = at.call.read()?;
    let username = new.username.trim().to_lowercase();
    if username.is_empty() || username.len() > 200 || new.password.is_empty() {
        return Err(Refusal::wrong("a licence needs a user name and a password"));
    }
    if new.seats.is_some_and(|seats| seats < 1) {
        return Err(Refusal::wrong("a licence has at least one seat"));
    }
    let password_hash = password::hash(&new.password)?;
    let view = at.write(|tx| {
        let person = match &new.person {
            Some(name) => Some(super::people::find(at, tx, name)?.id),
            None => None,
        };
        let row = LicenceRow {
            id: LicenceId(0),
            tenant: at.id().clone(),
            username: username.clone(),
            password_hash,
            // A person's own licence is for one phone, unless the admin says otherwise.
            seats: new.seats.or(person.map(|_| 1)),
            person,
            revoked_at: None,
            created_at: at.now(),
        };
        if tx.insert_licence(&row)?.is_none() {
            return Err(Refusal::taken(format!("there is a licence {username} on this server")));
        }
        licence(at, tx, &row)
    })?;
    Ok((201, view))
}

pub(super) fn revoke_licence(at: &Within<'_>, username: &str) -> Result<Answer, Refusal> {
    let username = username.trim().to_lowercase();
    let revoked = at.write(|tx| Ok(tx.revoke_licence(at.id(), &username, at.now())?))?;
    if revoked {
        Ok((200, json!({ "revoked": username })))
    } else {
        Err(unknown("licence", &username))
    }
}

pub(super) fn links(at: &Within<'_>) -> Result<Answer, Refusal> {
    let now = at.now();
    let rows = at.read(|tx| {
        let mut views = Vec::new();
        for row in tx.links(at.id(), LINKS)? {
            let person = match row.person {
                Some(id) => tx.person(at.id(), id)?.and_then(|person| person.email),
                None => None,
            };
            let state = match row.used_at {
                Some(_) => "used",
                None if row.expires_at <= now => "expired",
                None => "open",
            };
            views.push(json!({
                "person": person, "state": state,
                "created_at": row.created_at.rfc3339(), "expires_at": row.expires_at.rfc3339(),
                "used_at": row.used_at.map(UnixTime::rfc3339), "used_by": row.used_by,
            }));
        }
        Ok(views)
    })?;
    Ok((200, json!({ "links": rows })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLink {
    person: Option<String>,
    host: Option<String>,
    server: Option<String>,
    valid_hours: Option<i64>,
}

pub(super) fn add_link(at: &Within<'_>) -> Result<Answer, Refusal> {
    let new: NewLink = at.call.read()?;
    let hours = new.valid_hours.unwrap_or(LINK_HOURS);
    if !(1..=LINK_HOURS).contains(&hours) {
        return Err(Refusal::wrong(format!("a link lives 1 to {LINK_HOURS} hours")));
    }
    let host = new.host.as_deref().unwrap_or(LINK_HOST).trim_end_matches('/');
    let host = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    if url::Url::parse(&host).is_err() {
        return Err(Refusal::wrong("host is not a web address"));
    }
    let code = crypto::token()?;
    let (now, expires_at) = (at.now(), at.now().plus(hours * 3_600));
    let view = at.write(|tx| {
        let server = match &new.server {
            Some(server) => server.trim().to_owned(),
            None => authority(at, tx)?,
        };
        let person = match &new.person {
            Some(name) => Some(super::people::find(at, tx, name)?),
            None => None,
        };
        tx.insert_link(&LinkRow {
            code: Digest::of(code.as_bytes()),
            tenant: at.id().clone(),
            person: person.as_ref().map(|person| person.id),
            created_at: now,
            expires_at,
            used_at: None,
            used_by: None,
        })?;
        let key = policy_key(tx, at.id())?;
        let url = format!("{host}/a#v=1&c={code}&s={server}&k={}", key.thumbprint());
        Ok(json!({
            "url": url, "expires_at": expires_at.rfc3339(),
            "person": person.and_then(|person| person.email),
        }))
    })?;
    Ok((201, view))
}

/// `host[:port]` of the server: of the one running, else of the one that last ran on this data.
fn authority(at: &Within<'_>, tx: &dyn Tx) -> Result<String, Refusal> {
    let issuer = match &at.admin.issuer {
        Some(issuer) => Some(issuer.clone()),
        None => tx.meta(META_ISSUER)?.as_deref().and_then(Issuer::parse),
    };
    issuer.map(|issuer| issuer.authority).ok_or_else(|| {
        Refusal::wrong("the server's address is not known yet: run serve once, or give --server")
    })
}

pub(super) fn allowed(at: &Within<'_>) -> Result<Answer, Refusal> {
    let ids = at.read(|tx| Ok(tx.allowed_devices(at.id())?))?;
    let only = at.tenant.profile.listed_devices_only;
    Ok((200, json!({"allowed_devices": ids, "listed_devices_only": only})))
}

#[derive(Deserialize)]
struct Ids {
    ids: Vec<String>,
}

pub(super) fn allow(at: &Within<'_>) -> Result<Answer, Refusal> {
    let given: Ids = at.call.read()?;
    at.write(|tx| {
        for id in given.ids.iter().map(|id| id.trim()).filter(|id| !id.is_empty()) {
            tx.allow_device(at.id(), id)?;
        }
        Ok(())
    })?;
    Ok((200, json!({ "allowed": given.ids })))
}

pub(super) fn disallow(at: &Within<'_>, id: &str) -> Result<Answer, Refusal> {
    let removed = at.write(|tx| Ok(tx.disallow_device(at.id(), id)?))?;
    if removed { Ok((200, json!({ "removed": id }))) } else { Err(unknown("device id", id)) }
}
