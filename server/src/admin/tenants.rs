//! Tenants, their settings and rules.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Admin, Answer, Call, Refusal, Within, unknown};
use crate::app::policy_key;
use crate::crypto::jws::PolicyKey;
use crate::crypto::{self, password};
use crate::ids::{Digest, PersonId, TenantId};
use crate::storage::{KeyRow, TenantProfile, TenantRow, Tx};

/// Shortest passcode: it opens the door for everybody whose e-mail address is known.
const PASSCODE_CHARS: usize = 8;
/// Bytes of a setting's value or a rule.
const VALUE_BYTES: usize = 64 * 1024;
/// Seconds between two checks that a phone accepts.
const CHECK_S: std::ops::RangeInclusive<i64> = 900..=604_800;
/// Seconds of grace without the server: 1 to 90 days.
const GRACE_S: std::ops::RangeInclusive<i64> = 86_400..=7_776_000;
/// Compliance actions and severities a phone knows.
const ACTIONS: [&str; 3] = ["none", "hide_contacts", "lock"];
const SEVERITIES: [&str; 3] = ["inform", "warn", "require"];

fn view(tx: &dyn Tx, row: &TenantRow) -> Result<Value, Refusal> {
    let profile = &row.profile;
    Ok(json!({
        "id": row.id,
        "name": profile.name,
        "support": profile.support,
        "customer_ids": profile.customer_ids,
        "update": profile.update,
        "next_check_s": profile.next_check_s,
        "offline_grace_s": profile.offline_grace_s,
        "listed_devices_only": profile.listed_devices_only,
        "passcode_set": row.passcode_hash.is_some(),
        "organization_code_set": row.organization_code.is_some(),
        "policy_key_thumbprint": policy_key(tx, &row.id)?.thumbprint(),
        "people": tx.count_people(&row.id)?,
        "contacts": tx.count_cards(&row.id)?,
        "devices": tx.count_devices(&row.id)?,
        "created_at": row.created_at.rfc3339(),
    }))
}

pub(super) fn list(admin: &Admin) -> Result<Answer, Refusal> {
    let tenants = admin.storage.read(|tx| -> Result<Vec<Value>, Refusal> {
        tx.tenants()?.iter().map(|row| view(tx, row)).collect()
    })?;
    Ok((200, json!({ "tenants": tenants })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Added {
    id: String,
    name: String,
    #[serde(default)]
    support: Map<String, Value>,
}

pub(super) fn add(admin: &Admin, call: &Call) -> Result<Answer, Refusal> {
    let added: Added = call.read()?;
    let proper = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if added.id.is_empty()
        || added.id.len() > 40
        || !added.id.chars().all(proper)
        || added.id.starts_with('-')
    {
        return Err(Refusal::wrong(
            "a tenant's id has 1 to 40 lower-case letters, digits or hyphens",
        ));
    }
    let now = admin.clock.now();
    let id = TenantId::from(added.id.as_str());
    let pkcs8 = PolicyKey::generate()?;
    let key = PolicyKey::read(&pkcs8).ok_or(crypto::NoRandom)?;
    let profile = TenantProfile {
        name: name(&added.name)?,
        support: support(added.support)?,
        customer_ids: Map::new(),
        update: Map::new(),
        next_check_s: 86_400,
        offline_grace_s: 14 * 86_400,
        listed_devices_only: false,
    };
    let row = TenantRow {
        id: id.clone(),
        profile,
        passcode_hash: None,
        organization_code: None,
        created_at: now,
    };
    let generation = crypto::uuid()?;
    let view = admin.storage.write(|tx| -> Result<_, Refusal> {
        if !tx.insert_tenant(&row)? {
            return Err(Refusal::taken(format!("there is a tenant {id}")));
        }
        let thumbprint = key.thumbprint().clone();
        tx.insert_key(&KeyRow { tenant: id.clone(), thumbprint, pkcs8, created_at: now })?;
        tx.renew_book(&id, &generation)?;
        view(tx, &row)
    })?;
    Ok((201, view))
}

fn name(text: &str) -> Result<String, Refusal> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > 200 {
        return Err(Refusal::wrong("an organisation needs a name of at most 200 characters"));
    }
    Ok(name.to_owned())
}

fn support(support: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    for (key, value) in &support {
        if !["email", "phone", "url"].contains(&key.as_str()) || !value.is_string() {
            return Err(Refusal::wrong("support has email, phone and url, each a text"));
        }
    }
    Ok(support)
}

pub(super) fn show(at: &Within<'_>) -> Result<Answer, Refusal> {
    Ok((200, at.read(|tx| view(tx, &at.tenant))?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    name: Option<String>,
    support: Option<Map<String, Value>>,
    customer_ids: Option<Map<String, Value>>,
    update: Option<Map<String, Value>>,
    next_check_s: Option<i64>,
    offline_grace_s: Option<i64>,
    listed_devices_only: Option<bool>,
}

pub(super) fn change(at: &Within<'_>) -> Result<Answer, Refusal> {
    let changed: Changed = at.call.read()?;
    change_tenant(at, |row| {
        let profile = &mut row.profile;
        if let Some(text) = &changed.name {
            profile.name = name(text)?;
        }
        if let Some(given) = changed.support {
            // Member by member, so that a new telephone number does not lose the e-mail address.
            profile.support.extend(support(given)?);
            profile.support.retain(|_, value| value != "");
        }
        if let Some(given) = changed.customer_ids {
            profile.customer_ids.extend(given);
            profile.customer_ids.retain(|_, value| value != "");
        }
        if let Some(given) = changed.update {
            profile.update = given;
        }
        if let Some(seconds) = changed.next_check_s {
            profile.next_check_s = within(seconds, CHECK_S, "the check interval")?;
        }
        if let Some(seconds) = changed.offline_grace_s {
            profile.offline_grace_s = within(seconds, GRACE_S, "the offline grace")?;
        }
        if let Some(only) = changed.listed_devices_only {
            profile.listed_devices_only = only;
        }
        Ok(())
    })
}

fn within(seconds: i64, range: std::ops::RangeInclusive<i64>, what: &str) -> Result<i64, Refusal> {
    if range.contains(&seconds) {
        return Ok(seconds);
    }
    let (least, most) = (range.start(), range.end());
    Err(Refusal::wrong(format!("{what} must be {least} to {most} seconds")))
}

fn change_tenant(
    at: &Within<'_>,
    change: impl FnOnce(&mut TenantRow) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let view = at.write(|tx| {
        let mut row = tx.tenant(at.id())?.ok_or_else(|| unknown("tenant", at.id().as_str()))?;
        change(&mut row)?;
        tx.update_tenant(&row)?;
        view(tx, &row)
    })?;
    Ok((200, view))
}

pub(super) fn resync(at: &Within<'_>) -> Result<Answer, Refusal> {
    let generation = crypto::uuid()?;
    at.write(|tx| Ok(tx.renew_book(at.id(), &generation)?))?;
    Ok((200, json!({"message": "Every phone lists the address book anew at its next sync."})))
}

/// Easy to read out and to type: no 0/O, 1/I/L. 12 of 31 letters are 59 bits.
fn invent() -> Result<String, Refusal> {
    const LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    let mut out = String::new();
    while out.len() < 14 {
        for byte in crypto::random::<32>()? {
            // Bytes beyond the last whole multiple are dropped, or some letters came more often.
            if byte < 248 && out.len() < 14 {
                if matches!(out.len(), 4 | 9) {
                    out.push('-');
                }
                out.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
    }
    Ok(out)
}

fn given(at: &Within<'_>, member: &str) -> Result<String, Refusal> {
    match at.call.body.get(member).and_then(Value::as_str) {
        Some(text) if text.trim().chars().count() < PASSCODE_CHARS => {
            Err(Refusal::wrong(format!("the {member} needs at least {PASSCODE_CHARS} characters")))
        }
        Some(text) => Ok(text.trim().to_owned()),
        None => invent(),
    }
}

pub(super) fn set_passcode(at: &Within<'_>) -> Result<Answer, Refusal> {
    let passcode = given(at, "passcode")?;
    let hash = password::hash(&passcode)?;
    change_tenant(at, |row| {
        row.passcode_hash = Some(hash);
        Ok(())
    })?;
    Ok((200, json!({ "passcode": passcode })))
}

pub(super) fn remove_passcode(at: &Within<'_>) -> Result<Answer, Refusal> {
    change_tenant(at, |row| {
        row.passcode_hash = None;
        Ok(())
    })
}

pub(super) fn set_organization_code(at: &Within<'_>) -> Result<Answer, Refusal> {
    let code = given(at, "code")?;
    let digest = Digest::of(code.as_bytes());
    let other = at.read(|tx| Ok(tx.tenant_by_organization_code(digest)?))?;
    if other.is_some_and(|row| row.id != *at.id()) {
        return Err(Refusal::taken("another organisation has this code"));
    }
    change_tenant(at, |row| {
        row.organization_code = Some(digest);
        Ok(())
    })?;
    Ok((200, json!({ "code": code })))
}

pub(super) fn remove_organization_code(at: &Within<'_>) -> Result<Answer, Refusal> {
    change_tenant(at, |row| {
        row.organization_code = None;
        Ok(())
    })
}

/// The person named by `?person=`, if any.
fn whom(at: &Within<'_>, tx: &dyn Tx) -> Result<Option<PersonId>, Refusal> {
    at.call
        .query("person")
        .map(|email| super::people::find(at, tx, email))
        .transpose()
        .map(|person| person.map(|person| person.id))
}

pub(super) fn settings(at: &Within<'_>) -> Result<Answer, Refusal> {
    let settings = at.read(|tx| {
        let person = whom(at, tx)?;
        Ok(tx.settings(at.id(), person)?)
    })?;
    Ok((200, json!({ "settings": settings })))
}

pub(super) fn set(at: &Within<'_>, key: &str) -> Result<Answer, Refusal> {
    let proper = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if key.is_empty() || key.len() > 100 || !key.chars().all(proper) {
        return Err(Refusal::wrong("a setting's key has letters, digits and underscores"));
    }
    let value = at.call.body.get("value").cloned();
    let value = value.ok_or_else(|| Refusal::wrong("value is missing"))?;
    if value.to_string().len() > VALUE_BYTES {
        return Err(Refusal::wrong("the value is longer than 64 KB"));
    }
    at.write(|tx| {
        let person = whom(at, tx)?;
        Ok(tx.put_setting(at.id(), person, key, &value)?)
    })?;
    Ok((200, json!({"key": key, "value": value, "person": at.call.query("person")})))
}

pub(super) fn unset(at: &Within<'_>, key: &str) -> Result<Answer, Refusal> {
    let removed = at.write(|tx| {
        let person = whom(at, tx)?;
        Ok(tx.remove_setting(at.id(), person, key)?)
    })?;
    if removed { Ok((200, json!({ "removed": key }))) } else { Err(unknown("setting", key)) }
}

pub(super) fn rules(at: &Within<'_>) -> Result<Answer, Refusal> {
    Ok((200, json!({"rules": at.read(|tx| Ok(tx.rules(at.id())?))?})))
}

pub(super) fn set_rule(at: &Within<'_>, id: &str) -> Result<Answer, Refusal> {
    let mut rule = at.call.body.clone();
    let object = rule.as_object_mut().ok_or_else(|| Refusal::wrong("a rule is an object"))?;
    object.insert("id".to_owned(), json!(id));
    check_rule(id, object)?;
    at.write(|tx| Ok(tx.put_rule(at.id(), id, &rule)?))?;
    Ok((200, rule))
}

fn check_rule(id: &str, rule: &Map<String, Value>) -> Result<(), Refusal> {
    let text = |name: &str| rule.get(name).and_then(Value::as_str);
    if id.is_empty()
        || id.len() > 100
        || serde_json::to_string(rule).map_or(0, |t| t.len()) > VALUE_BYTES
    {
        return Err(Refusal::wrong("a rule needs an id of at most 100 characters"));
    }
    for name in ["signal", "op"] {
        if text(name).is_none_or(str::is_empty) {
            return Err(Refusal::wrong(format!("the rule has no {name}")));
        }
    }
    if !rule.contains_key("value") {
        return Err(Refusal::wrong("the rule has no value"));
    }
    if !text("severity").is_some_and(|severity| SEVERITIES.contains(&severity)) {
        return Err(Refusal::wrong(format!("severity is one of {}", SEVERITIES.join(", "))));
    }
    if !text("action").is_some_and(|action| ACTIONS.contains(&action)) {
        return Err(Refusal::wrong(format!("action is one of {}", ACTIONS.join(", "))));
    }
    if rule.get("grace_s").and_then(Value::as_i64).is_none_or(|seconds| seconds < 0) {
        return Err(Refusal::wrong("grace_s is a number of seconds, 0 or more"));
    }
    Ok(())
}

pub(super) fn remove_rule(at: &Within<'_>, id: &str) -> Result<Answer, Refusal> {
    let removed = at.write(|tx| Ok(tx.remove_rule(at.id(), id)?))?;
    if removed { Ok((200, json!({ "removed": id }))) } else { Err(unknown("rule", id)) }
}
