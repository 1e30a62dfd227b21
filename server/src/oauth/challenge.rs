//! The authorization challenge endpoint (OAuth 2.0 for First-Party Applications).
//!
//! Order: the proof and its nonce, the shape of the request, a pause if one runs, the secret (`ways`),
//! and only then, in one transaction, what stands behind it (`admit`). So nobody without the secret
//! learns anything but `unknown_credentials`.

use serde_json::{Value, json};

use super::admit::{self, Applicant};
use super::ways::Evidence;
use crate::app::App;
use crate::reply::{Form, Reply, Request};
use crate::storage::DeviceFacts;

/// Bytes of the `device` parameter.
const DEVICE_BYTES: usize = 4_096;

/// `POST authorization_challenge_endpoint`.
///
/// # Errors
/// The error reply.
pub fn challenge(app: &App, request: &Request) -> Result<Reply, Reply> {
    let proof = app.oauth_proof(request)?;
    let form =
        request.form().ok_or_else(|| bad("a form with each parameter at most once is needed"))?;
    let asked = Asked::read(&form)?;
    let evidence = Evidence::read(&form)?;
    let facts = device_facts(&form)?;
    let shown = evidence.prove(app, request)?;
    let applicant = Applicant { shown, key: proof, facts, asked };
    let now = app.now();
    match app.storage.write(|tx| admit::admit(tx, &applicant, now)) {
        Ok(code) => Ok(Reply::json(200, &json!({ "authorization_code": code }))),
        Err(denial) => Err(denial.into()),
    }
}

/// The answer to a request that is not in shape.
pub(super) fn bad(description: &str) -> Reply {
    Reply::oauth(400, "invalid_request", description)
}

/// The OAuth part of the request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The client.
    pub client_id: String,
    /// The PKCE challenge, S256.
    pub code_challenge: String,
}

impl Asked {
    fn read(form: &Form) -> Result<Self, Reply> {
        if form.get("response_type") != Some("code") {
            return Err(Reply::oauth(
                400,
                "unsupported_response_type",
                "response_type is not code",
            ));
        }
        let client_id = form.get("client_id").filter(|id| id.len() <= 200);
        let client_id = client_id.ok_or_else(|| bad("client_id is missing"))?.to_owned();
        if form.get("code_challenge_method") != Some("S256") {
            return Err(bad("code_challenge_method is not S256"));
        }
        // 32 bytes of SHA-256 in base64url (RFC 7636 §4.2).
        let challenge = form.get("code_challenge").filter(|text| text.len() == 43);
        let challenge = challenge.ok_or_else(|| bad("code_challenge is missing or no SHA-256"))?;
        Ok(Self { client_id, code_challenge: challenge.to_owned() })
    }
}

fn device_facts(form: &Form) -> Result<DeviceFacts, Reply> {
    let Some(text) = form.get("device") else { return Ok(DeviceFacts::default()) };
    if text.len() > DEVICE_BYTES {
        return Err(bad("device is too long"));
    }
    let device: Value = serde_json::from_str(text).unwrap_or_default();
    let device = device.as_object().ok_or_else(|| bad("device is not a JSON object"))?;
    // Member by member: a phone that says more, or leaves something null, is let in all the same.
    let fact = |name: &str| device.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(DeviceFacts {
        platform: fact("platform").unwrap_or_default(),
        model: fact("model").unwrap_or_default(),
        os_version: fact("os_version").unwrap_or_default(),
        app_version: fact("app_version").unwrap_or_default(),
        device_id: fact("device_id"),
        serial_number: fact("serial_number"),
        enrollment_id: fact("enrollment_id"),
    })
}
