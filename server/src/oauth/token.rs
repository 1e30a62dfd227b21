//! The token endpoint (RFC 6749 with PKCE and DPoP) and revocation (RFC 7009).
//!
//! Refresh tokens are bound to the device key and not rotated: rotation without a repeatable answer
//! locks phones out whenever an answer is lost.

use serde_json::json;

use super::metadata::key_set;
use crate::app::App;
use crate::crypto::dpop::Proof;
use crate::crypto::{self, b64};
use crate::ids::{Digest, UnixTime};
use crate::reply::{Failure, Form, Reply, Request};
use crate::storage::{DeviceState, GrantRow, Tx};

/// Seconds an access token works: so long a phone keeps its access after it was taken away.
pub const ACCESS_S: i64 = 600;

/// `POST token_endpoint`.
///
/// # Errors
/// The error reply.
pub fn token(app: &App, request: &Request) -> Result<Reply, Reply> {
    let proof = app.oauth_proof(request)?;
    let form = request.form().ok_or_else(|| {
        Reply::oauth(400, "invalid_request", "a form with each parameter at most once is needed")
    })?;
    let now = app.now();
    match form.get("grant_type") {
        Some("authorization_code") => redeem(app, &form, &proof, now),
        Some("refresh_token") => refresh(app, &form, &proof, now),
        _ => Err(Reply::oauth(400, "unsupported_grant_type", "grant_type is not supported")),
    }
}

fn invalid_grant(why: &str) -> Reply {
    Reply::oauth(400, "invalid_grant", why)
}

fn redeem(app: &App, form: &Form, proof: &Proof, now: UnixTime) -> Result<Reply, Reply> {
    let missing = |name: &str| Reply::oauth(400, "invalid_request", &format!("{name} is missing"));
    let code = form.get("code").ok_or_else(|| missing("code"))?;
    let verifier = form.get("code_verifier").ok_or_else(|| missing("code_verifier"))?;
    let client_id = form.get("client_id").ok_or_else(|| missing("client_id"))?;
    let digest = Digest::of(code.as_bytes());
    app.storage.write(|tx| -> Result<Result<Reply, Reply>, Reply> {
        let grant = tx.grant_by_code(digest)?.ok_or_else(|| invalid_grant("unknown code"))?;
        if grant.device != proof.device {
            return Err(invalid_grant("the code belongs to another key"));
        }
        if grant.client_id != client_id {
            return Err(invalid_grant("the code belongs to another client"));
        }
        // RFC 7636 §4.6
        if b64(Digest::of(verifier.as_bytes()).0) != grant.code_challenge {
            return Err(invalid_grant("code_verifier does not fit"));
        }
        if grant.code_expires_at <= now {
            return Err(invalid_grant("the code has expired"));
        }
        if !tx.use_code(digest, now)? {
            // A code that comes twice: the tokens of the first time are void too (RFC 6749 §4.1.2).
            // This has to be kept, so the refusal goes out through a transaction that commits.
            tx.revoke_grant(grant.id, now)?;
            return Ok(Err(invalid_grant("the code was used before")));
        }
        let refresh = crypto::token()?;
        tx.set_refresh(grant.id, Digest::of(refresh.as_bytes()))?;
        answer(tx, &grant, &refresh, now).map(Ok)
    })?
}

fn refresh(app: &App, form: &Form, proof: &Proof, now: UnixTime) -> Result<Reply, Reply> {
    let token = form
        .get("refresh_token")
        .ok_or_else(|| Reply::oauth(400, "invalid_request", "refresh_token is missing"))?;
    app.storage.write(|tx| -> Result<_, Reply> {
        let grant = tx.grant_by_refresh(Digest::of(token.as_bytes()))?;
        let grant = grant.filter(|grant| grant.revoked_at.is_none());
        let grant = grant.ok_or_else(|| invalid_grant("the refresh token is not valid"))?;
        if grant.device != proof.device {
            return Err(invalid_grant("the refresh token belongs to another key"));
        }
        if form.get("client_id").is_some_and(|client| client != grant.client_id) {
            return Err(invalid_grant("the refresh token belongs to another client"));
        }
        answer(tx, &grant, token, now)
    })
}

/// Hands out an access token, and notes that the device is in use.
fn answer(tx: &dyn Tx, grant: &GrantRow, refresh: &str, now: UnixTime) -> Result<Reply, Reply> {
    let device = tx.device(&grant.device)?.filter(|device| device.state.may_use_tokens());
    let mut device = device.ok_or_else(|| invalid_grant("the device is no longer let in"))?;
    if device.state == DeviceState::Pending {
        device.state = DeviceState::Active;
    }
    device.last_contact = now;
    tx.put_device(&device)?;
    let access = crypto::token()?;
    tx.insert_access(Digest::of(access.as_bytes()), grant.id, now.plus(ACCESS_S))?;
    let keys = key_set(tx, &grant.tenant).map_err(Failure::into_reply)?;
    Ok(Reply::json(
        200,
        &json!({
            "access_token": access,
            "token_type": "DPoP",
            "expires_in": ACCESS_S,
            "refresh_token": refresh,
            "muster_tenant": grant.tenant,
            "muster_device": grant.device,
            "muster_policy_jwks": keys,
        }),
    ))
}

/// `POST revocation_endpoint`: always 200, so that nobody learns which tokens exist (RFC 7009 §2.2).
///
/// A refresh token signs the device out and frees its seat; an access token ends alone.
///
/// # Errors
/// When the request has no token, or the storage fails.
pub fn revoke(app: &App, request: &Request) -> Result<Reply, Reply> {
    let form = request.form();
    let token = form.as_ref().and_then(|form| form.get("token"));
    let token = token.ok_or_else(|| Reply::oauth(400, "invalid_request", "token is missing"))?;
    let (digest, now) = (Digest::of(token.as_bytes()), app.now());
    app.storage.write(|tx| -> Result<(), Reply> {
        let Some(grant) = tx.grant_by_refresh(digest)? else {
            return Ok(tx.remove_access(digest)?);
        };
        if grant.revoked_at.is_some() {
            return Ok(());
        }
        tx.revoke_grant(grant.id, now)?;
        if let Some(mut device) = tx.device(&grant.device)?
            && matches!(device.state, DeviceState::Pending | DeviceState::Active)
        {
            device.state = DeviceState::SignedOut;
            tx.put_device(&device)?;
        }
        Ok(())
    })?;
    Ok(Reply::empty(200).with("cache-control", "no-store"))
}
