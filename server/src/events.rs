//! The events endpoint: Security Event Tokens (RFC 8417) pushed by devices (RFC 8935).
//!
//! Any event type is stored; those of `types` also change what the server knows about the device.
//! An event is answered 202 only once it is on disk, and counted once however often it comes.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::crypto::jws::Parts;
use crate::ids::{Digest, Thumbprint, UnixTime};
use crate::reply::{Reply, Request};
use crate::storage::{Arrival, DeviceRow, DeviceState, EventRow, StoreError, Tx};

/// Event types that the server understands.
pub mod types {
    /// CAEP: the device's compliance changed. `current_status` is `compliant` or `not-compliant`.
    pub const COMPLIANCE_CHANGE: &str =
        "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";
    /// Our own types begin so.
    pub const OWN: &str = "https://schemas.muster.dev/secevent/event-type/";
    /// The device can no longer say whether it complies.
    pub const COMPLIANCE_UNKNOWN: &str =
        "https://schemas.muster.dev/secevent/event-type/compliance-unknown";
    /// A command was carried out, or not: `command_jti`, `kind`, `outcome`.
    pub const COMMAND_ACKNOWLEDGED: &str =
        "https://schemas.muster.dev/secevent/event-type/command-acknowledged";
}

/// `outcome` values that say a command was not carried out; any other word means it was.
const FAILED: [&str; 4] = ["failed", "refused", "expired", "unsupported"];
/// How an issuer begins that is a key's thumbprint (RFC 9278).
const THUMBPRINT_URN: &str = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:";
/// Characters of a `jti`.
const JTI_CHARS: usize = 256;

/// `POST muster_events_endpoint`.
///
/// # Errors
/// 400 with `err` (RFC 8935 §2.4), or 401 without a valid token and proof. The receipt of an erase
/// needs neither: the phone destroyed its tokens before it could say so.
pub fn events(app: &App, request: &Request) -> Result<Reply, Reply> {
    let session = match request.header("authorization") {
        Some(_) => match app.session(request) {
            Ok(session) => Ok(Some(session)),
            Err(refusal) => Err(refusal),
        },
        None => Ok(None),
    };
    let content_type = request.header("content-type").unwrap_or_default();
    if content_type.split(';').next().map(str::trim) != Some("application/secevent+jwt") {
        return Err(refuse("invalid_request", "the content type is not application/secevent+jwt"));
    }
    let text = std::str::from_utf8(&request.body).unwrap_or_default().trim();
    let token = Parts::parse(text);
    let token = token.ok_or_else(|| refuse("invalid_request", "the body is not a compact JWS"))?;
    let set = Set::read(&token, &app.issuer.url)?;
    let session = match session {
        Ok(Some(session)) if session.device.name == set.device => Some(session),
        Ok(Some(_)) => {
            return Err(refuse("access_denied", "the access token belongs to another key"));
        }
        _ if set.is_erase_receipt() => None,
        Err(refusal) => return Err(refusal),
        Ok(None) => {
            return Err(Reply::json(
                401,
                &json!({"err": "authentication_failed", "description": "a DPoP access token is needed"}),
            )
            .with("www-authenticate", r#"DPoP algs="ES256""#));
        }
    };
    let device = match session {
        Some(session) => Some(session.device),
        None => app.storage.read(|tx| tx.device(&set.device)).map_err(Reply::from)?,
    };
    let device = device.ok_or_else(|| refuse("invalid_issuer", "no such device"))?;
    if !device.key.verifies(token.signing_input.as_bytes(), &token.signature) {
        return Err(refuse("authentication_failed", "the signature is wrong"));
    }
    let now = app.now();
    let arrival = app.storage.write(|tx| accept(tx, &set, &token.payload, now))?;
    match arrival {
        Arrival::New | Arrival::Repeated => Ok(Reply::empty(202)),
        Arrival::Conflict => Err(refuse("invalid_request", "this jti is known with other claims")),
    }
}

fn refuse(err: &str, description: &str) -> Reply {
    Reply::json(400, &json!({"err": err, "description": description}))
        .with("content-language", "en")
}

/// The claims of a token that the server looks at.
struct Set<'a> {
    device: Thumbprint,
    jti: &'a str,
    events: &'a Map<String, Value>,
}

impl<'a> Set<'a> {
    fn read(token: &'a Parts<'_>, audience: &str) -> Result<Self, Reply> {
        let typ = token.header_text("typ").unwrap_or_default();
        if typ != "secevent+jwt" && typ != "application/secevent+jwt" {
            return Err(refuse("invalid_request", "typ is not secevent+jwt"));
        }
        if token.header_text("alg") != Some("ES256") {
            return Err(refuse("invalid_key", "alg is not ES256"));
        }
        let device = token.text("iss").and_then(|iss| iss.strip_prefix(THUMBPRINT_URN));
        let device = device.ok_or_else(|| refuse("invalid_issuer", "iss is not a thumbprint"))?;
        if token.header_text("kid").is_some_and(|kid| kid != device) {
            return Err(refuse("invalid_key", "kid is not the thumbprint of iss"));
        }
        let meant = match token.payload.get("aud") {
            Some(Value::String(aud)) => aud == audience,
            Some(Value::Array(all)) => all.iter().any(|aud| aud == audience),
            _ => false,
        };
        if !meant {
            return Err(refuse("invalid_audience", "aud is not this server"));
        }
        let jti = token.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= JTI_CHARS);
        let jti = jti.ok_or_else(|| refuse("invalid_request", "jti is missing"))?;
        if token.payload.get("iat").and_then(Value::as_i64).is_none() {
            return Err(refuse("invalid_request", "iat is missing"));
        }
        let events = token.payload.get("events").and_then(Value::as_object);
        let events =
            events.filter(|events| !events.is_empty() && events.values().all(Value::is_object));
        let events = events.ok_or_else(|| refuse("invalid_request", "events is missing"))?;
        Ok(Self { device: Thumbprint::from(device), jti, events })
    }

    /// Nothing but the receipt of an erase.
    fn is_erase_receipt(&self) -> bool {
        self.events.len() == 1
            && self
                .events
                .get(types::COMMAND_ACKNOWLEDGED)
                .is_some_and(|event| text(event, "kind") == Some("erase"))
    }
}

fn text<'v>(event: &'v Value, name: &str) -> Option<&'v str> {
    event.get(name).and_then(Value::as_str)
}

/// Stores a verified token and draws the conclusions, once.
fn accept(tx: &dyn Tx, set: &Set<'_>, claims: &Value, now: UnixTime) -> Result<Arrival, Reply> {
    let Some(mut device) = tx.device(&set.device)? else {
        return Err(refuse("invalid_issuer", "no such device"));
    };
    let arrival = tx.insert_event(&EventRow {
        id: 0,
        tenant: device.tenant.clone(),
        device: device.name.clone(),
        jti: set.jti.to_owned(),
        // serde_json keeps members sorted, so this is the same for the same claims in any order.
        digest: Digest::of(claims.to_string().as_bytes()),
        claims: claims.clone(),
        received_at: now,
    })?;
    if arrival == Arrival::New {
        device.last_contact = now;
        for (kind, event) in set.events {
            conclude(tx, &mut device, kind, event, now)?;
        }
        tx.put_device(&device)?;
    }
    Ok(arrival)
}

fn conclude(
    tx: &dyn Tx,
    device: &mut DeviceRow,
    kind: &str,
    event: &Value,
    now: UnixTime,
) -> Result<(), StoreError> {
    match kind {
        types::COMPLIANCE_CHANGE => {
            let status = text(event, "current_status");
            if let Some(status @ ("compliant" | "not-compliant")) = status {
                device.compliance = Some(status.to_owned());
                device.compliance_at = Some(now);
            }
        }
        types::COMPLIANCE_UNKNOWN => {
            device.compliance = Some("unknown".to_owned());
            device.compliance_at = Some(now);
        }
        types::COMMAND_ACKNOWLEDGED => {
            let outcome = text(event, "outcome").unwrap_or("done");
            if let Some(jti) = text(event, "command_jti") {
                tx.acknowledge(&device.name, jti, outcome, now)?;
            }
            if text(event, "kind") == Some("erase") && !FAILED.contains(&outcome) {
                erased(tx, device, now)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The phone holds nothing any more: its tokens are void and its other commands pointless.
///
/// A receipt may also come without a command, after an erase that a signed status or the person
/// asked for.
fn erased(tx: &dyn Tx, device: &mut DeviceRow, now: UnixTime) -> Result<(), StoreError> {
    for command in tx.open_commands(&device.name, now)? {
        tx.acknowledge(&device.name, &command.jti, "erased", now)?;
    }
    tx.revoke_grants_of(&device.name, now)?;
    device.erased_at = Some(now);
    if device.state != DeviceState::Revoked {
        device.state = DeviceState::Erased;
    }
    Ok(())
}
