//! The authorization challenge endpoint (OAuth 2.0 for First-Party Applications).
//!
//! Order: the proof and its nonce, the shape of the request, a pause if one runs, the secret, and
//! only then, in one transaction, what stands behind it (`admit`). So nobody without the secret
//! learns anything but `unknown_credentials`.

use serde_json::{Value, json};

use super::admit::{self, Applicant, Denial, Shown};
use crate::app::App;
use crate::ids::{Digest, TenantId};
use crate::limit::Pause;
use crate::reply::{Form, Reply, Request};
use crate::storage::{DeviceFacts, StoreError, Tx};

/// Bytes of the `device` parameter.
const DEVICE_BYTES: usize = 4_096;
/// Characters of a name, password, passcode or code.
const SECRET_CHARS: usize = 1_024;
/// Organisations in which one e-mail address is looked for.
const TENANTS_PER_EMAIL: usize = 5;

/// What a request shows to be let in: exactly one of these.
///
/// Company sign-in (`redirect_to_web`) and one-time codes (`auth_session`, `otp`) will be further
/// variants; until they exist they are not advertised.
enum Way<'a> {
    Licence { username: &'a str, password: &'a str },
    Passcode { email: &'a str, passcode: &'a str },
    OrganizationCode(&'a str),
    Link(&'a str),
}

/// `POST authorization_challenge_endpoint`.
///
/// # Errors
/// The error reply.
pub fn challenge(app: &App, request: &Request) -> Result<Reply, Reply> {
    let proof = app.oauth_proof(request)?;
    let form =
        request.form().ok_or_else(|| bad("a form with each parameter at most once is needed"))?;
    let asked = Asked::read(&form)?;
    let way = Way::read(&form)?;
    let facts = device_facts(&form)?;
    let shown = prove(app, request, &form, &way)?;
    let applicant = Applicant { shown, key: proof, facts, asked };
    let now = app.now();
    match app.storage.write(|tx| admit::admit(tx, &applicant, now)) {
        Ok(code) => Ok(Reply::json(200, &json!({ "authorization_code": code }))),
        Err(denial) => Err(denial.into()),
    }
}

fn bad(description: &str) -> Reply {
    Reply::oauth(400, "invalid_request", description)
}

/// The OAuth part of the request.
#[derive(Debug, Clone)]
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

impl<'a> Way<'a> {
    fn read(form: &'a Form) -> Result<Self, Reply> {
        let get = |name| form.get(name);
        let too_long = |name| get(name).is_some_and(|value: &str| value.len() > SECRET_CHARS);
        let names = [
            "username",
            "password",
            "login_hint",
            "organization_passcode",
            "organization_code",
            "activation_code",
        ];
        if names.into_iter().any(too_long) {
            return Err(bad("a parameter is too long"));
        }
        let passcode = get("organization_passcode");
        let (name, password) = (get("username"), get("password"));
        let (code, link) = (get("organization_code"), get("activation_code"));
        let kinds = [name.or(password), passcode, code, link];
        if kinds.iter().flatten().count() != 1 {
            return Err(bad("exactly one kind of evidence is needed"));
        }
        if let (Some(username), Some(password)) = (name, password) {
            return Ok(Self::Licence { username, password });
        }
        if let (Some(passcode), Some(email)) = (passcode, get("login_hint")) {
            return Ok(Self::Passcode { email, passcode });
        }
        if let Some(code) = code {
            return Ok(Self::OrganizationCode(code));
        }
        if let Some(code) = link {
            return Ok(Self::Link(code));
        }
        Err(bad("the evidence is incomplete"))
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

/// Checks the secret part and says what it stands for. Nothing is changed here, and nothing is
/// locked while a password is being checked.
fn prove(app: &App, request: &Request, form: &Form, way: &Way<'_>) -> Result<Shown, Reply> {
    let (from, now) = (app.source(request), app.now());
    let pause = |tenant: Option<&TenantId>| {
        app.limiter.admit(tenant, from, now).map_err(|Pause(seconds)| {
            Reply::oauth(429, "temporarily_unavailable", "too many wrong guesses from this address")
                .with("retry-after", seconds.to_string())
        })
    };
    let wrong = |tenant: Option<&TenantId>| {
        app.limiter.wrong(tenant, from, now);
        Reply::from(Denial::UnknownCredentials)
    };
    match *way {
        Way::Licence { username, password } => {
            let username = username.trim().to_lowercase();
            let licence = app.storage.read(|tx| tx.licence_by_username(&username)).map_err(fail)?;
            let tenant = licence.as_ref().map(|licence| &licence.tenant);
            pause(tenant)?;
            let stored = licence.as_ref().map(|licence| licence.password_hash.as_str());
            let right = app.passwords.check(stored, password);
            let licence = licence.as_ref().filter(|_| right).ok_or_else(|| wrong(tenant))?;
            // With a shared licence the e-mail address is a claim: good enough to show a name and
            // to refuse the revoked, not to hand out what is personal.
            let claimed = match (licence.person, form.get("login_hint")) {
                (None, Some(email)) => person(app, &licence.tenant, email)?,
                _ => None,
            };
            Ok(Shown::Licence { licence: licence.clone(), claimed })
        }
        Way::Passcode { email, passcode } => {
            let email = email.trim().to_lowercase();
            let candidates = app
                .storage
                .read(|tx| -> Result<_, StoreError> {
                    let mut found = Vec::new();
                    for person in tx.people_by_email(&email)?.into_iter().take(TENANTS_PER_EMAIL) {
                        let tenant = tx.tenant(&person.tenant)?;
                        found.push((person, tenant.and_then(|tenant| tenant.passcode_hash)));
                    }
                    Ok(found)
                })
                .map_err(fail)?;
            if candidates.is_empty() {
                pause(None)?;
                app.passwords.check(None, passcode);
                return Err(wrong(None));
            }
            for (person, _) in &candidates {
                pause(Some(&person.tenant))?;
            }
            for (person, stored) in &candidates {
                if app.passwords.check(stored.as_deref(), passcode) {
                    return Ok(Shown::Passcode { person: person.clone() });
                }
            }
            for (person, _) in &candidates[1..] {
                app.limiter.wrong(Some(&person.tenant), from, now);
            }
            Err(wrong(Some(&candidates[0].0.tenant)))
        }
        Way::OrganizationCode(code) => {
            pause(None)?;
            let digest = Digest::of(code.trim().as_bytes());
            let tenant =
                app.storage.read(|tx| tx.tenant_by_organization_code(digest)).map_err(fail)?;
            let tenant = tenant.ok_or_else(|| wrong(None))?;
            let claimed = match form.get("login_hint") {
                Some(email) => person(app, &tenant.id, email)?,
                None => None,
            };
            Ok(Shown::OrganizationCode { tenant: tenant.id, claimed })
        }
        Way::Link(code) => {
            pause(None)?;
            let digest = Digest::of(code.as_bytes());
            let link = app.storage.read(|tx| tx.link(digest)).map_err(fail)?;
            Ok(Shown::Link(link.ok_or_else(|| wrong(None))?))
        }
    }
}

fn fail(error: StoreError) -> Reply {
    error.into()
}

fn person(
    app: &App,
    tenant: &TenantId,
    email: &str,
) -> Result<Option<crate::storage::PersonRow>, Reply> {
    let email = email.trim().to_lowercase();
    app.storage.read(|tx: &dyn Tx| tx.person_by_email(tenant, &email)).map_err(fail)
}
