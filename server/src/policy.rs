//! The signed policy of a device.
//!
//! A policy is complete: what it does not name is not in this layer, whatever an earlier one said.
//! Equal `seq` means equal bytes, so the signed bytes are kept and handed out again until what they
//! say changes, or until half of their life is over.

use serde_json::{Map, Value, json};

use crate::app::{App, policy_key};
use crate::carddav::book_path;
use crate::ids::{Digest, UnixTime};
use crate::reply::{Failure, Reply, Request};
use crate::storage::{DeviceRow, PolicyRow, TenantRow, Tx};

/// Seconds a policy counts as contact with the server.
const LIFE_S: i64 = 7 * 24 * 3_600;
/// The `typ` of a signed policy.
pub const TYP: &str = "muster-policy+jwt";

/// `GET muster_policy_endpoint`.
///
/// # Errors
/// 401 without a valid token and proof.
pub fn policy(app: &App, request: &Request) -> Result<Reply, Reply> {
    let device = app.session(request)?.device;
    let now = app.now();
    let row = current(app, &device, now)?;
    let reply = if matches(request.header("if-none-match"), &row.etag) {
        Reply::empty(304)
    } else {
        Reply::typed(200, "application/jose", row.jws)
    };
    Ok(reply.with("etag", row.etag).with("cache-control", "private, no-cache"))
}

/// The policy in force for a device, signing a new one where needed.
///
/// # Errors
/// When the storage fails.
pub fn current(app: &App, device: &DeviceRow, now: UnixTime) -> Result<PolicyRow, Reply> {
    let usable = |tx: &dyn Tx, content: Digest| -> Result<Option<PolicyRow>, Failure> {
        let row = tx.policy(&device.name)?;
        Ok(row.filter(|row| row.content == content && now.0 < (row.iat.0 + row.exp.0) / 2))
    };
    // Nearly always nothing has changed, and no writer is needed to see that.
    let kept = app
        .storage
        .read(|tx| -> Result<_, Failure> { usable(tx, digest(&content(app, tx, device, now)?)) })?;
    if let Some(row) = kept {
        return Ok(row);
    }
    let row = app.storage.write(|tx| -> Result<_, Failure> {
        let content = content(app, tx, device, now)?;
        let digest = digest(&content);
        if let Some(row) = usable(tx, digest)? {
            return Ok(row);
        }
        let row = sign(app, tx, device, content, digest, now)?;
        tx.put_policy(&device.name, &row)?;
        Ok(row)
    })?;
    Ok(row)
}

fn digest(content: &Map<String, Value>) -> Digest {
    Digest::of(serde_json::to_string(content).unwrap_or_default().as_bytes())
}

fn sign(
    app: &App,
    tx: &dyn Tx,
    device: &DeviceRow,
    mut content: Map<String, Value>,
    digest: Digest,
    now: UnixTime,
) -> Result<PolicyRow, Failure> {
    let seq = tx.policy(&device.name)?.map_or(0, |row| row.seq) + 1;
    let exp = now.plus(LIFE_S);
    content.insert("iss".into(), json!(app.issuer.url));
    content.insert("aud".into(), json!(device.tenant));
    content.insert("sub".into(), json!(device.name));
    content.insert("iat".into(), json!(now));
    content.insert("exp".into(), json!(exp));
    content.insert("seq".into(), json!(seq));
    let jws = policy_key(tx, &device.tenant)?.sign(TYP, &Value::Object(content));
    let etag = format!("\"{seq}-{}\"", digest.hex(16));
    Ok(PolicyRow { seq, content: digest, etag, jws, iat: now, exp })
}

/// What a policy says, without the times and the number.
fn content(
    app: &App,
    tx: &dyn Tx,
    device: &DeviceRow,
    now: UnixTime,
) -> Result<Map<String, Value>, Failure> {
    let tenant = tx.tenant(&device.tenant)?;
    let tenant = tenant.ok_or_else(|| Failure::NoKey(device.tenant.to_string()))?;
    let mut content = Map::new();
    content.insert("next_check_s".into(), json!(tenant.profile.next_check_s));
    content.insert("organization".into(), organization(&tenant));
    content.insert("settings".into(), Value::Object(tx.settings(&tenant.id, None)?));
    // What is personal goes only to somebody whose identity is proven by an own licence or link.
    if let Some(person) = device.person.filter(|_| device.proven) {
        let individual = tx.settings(&tenant.id, Some(person))?;
        content.insert("individual".into(), Value::Object(individual));
    }
    content.insert("rules".into(), Value::Array(tx.rules(&tenant.id)?));
    let book = json!({
        "url": format!("{}{}", app.issuer.origin, book_path(&app.issuer.base, &tenant.id)),
        "name": tenant.profile.name,
        "auth": "dpop",
    });
    content.insert("contacts".into(), json!({ "books": [book] }));
    content.insert("licence".into(), json!({"offline_grace_s": tenant.profile.offline_grace_s}));
    let commands = tx.open_commands(&device.name, now)?;
    let commands: Vec<Value> = commands
        .into_iter()
        .map(|command| {
            let mut object = Map::new();
            object.insert("jti".into(), json!(command.jti));
            object.insert("kind".into(), json!(command.kind));
            object.insert("exp".into(), json!(command.expires_at));
            if let Some(cause) = command.cause {
                object.insert("cause".into(), json!(cause));
            }
            if let Some(message) = command.message {
                object.insert("message".into(), json!(message));
            }
            Value::Object(object)
        })
        .collect();
    content.insert("commands".into(), Value::Array(commands));
    if !tenant.profile.update.is_empty() {
        content.insert("update".into(), Value::Object(tenant.profile.update));
    }
    Ok(content)
}

fn organization(tenant: &TenantRow) -> Value {
    let profile = &tenant.profile;
    let mut object = Map::new();
    object.insert("name".into(), json!(profile.name));
    object.insert("support".into(), Value::Object(profile.support.clone()));
    if !profile.customer_ids.is_empty() {
        object.insert("customer_ids".into(), Value::Object(profile.customer_ids.clone()));
    }
    Value::Object(object)
}

/// `If-None-Match` with weak comparison (RFC 9110 §13.1.2).
#[must_use]
pub fn matches(if_none_match: Option<&str>, etag: &str) -> bool {
    let Some(list) = if_none_match else { return false };
    list.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match() {
        let check = |header, expect| assert_eq!(matches(header, "\"1-a\""), expect, "{header:?}");
        check(None, false);
        check(Some("\"1-a\""), true);
        check(Some("W/\"1-a\""), true);
        check(Some("\"0\", \"1-a\""), true);
        check(Some("*"), true);
        check(Some("\"2-b\""), false);
        check(Some(""), false);
    }
}
