//! From evidence to tokens (OAuth 2.0 for First-Party Applications, RFC 6749, PKCE, DPoP).
use serde_json::Value;

use super::{ActivationError, PendingActivation};
use crate::flow::Flow;
use crate::jose::{Thumbprint, parse_key_set};
use crate::management::oauth::{OAuthAnswer, OAuthError, access_token, form_request, post};
use crate::management::{Grant, Members, PolicyKeys, Server, ServerTrouble, TenantId};
use crate::secret::Secret;

/// How far the server went along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Redeemed {
    /// The phone is in.
    Granted(Box<Grant>),
    /// The person has to type a code from an e-mail: put it into the pending activation together
    /// with the session, store that, and redeem again.
    NeedsOneTimeCode(OneTimeCode),
    /// The person has to sign in in the browser: [`super::BrowserSession`].
    NeedsBrowser {
        /// What the server prepared for the browser (RFC 9126).
        request_uri: Option<Secret<String>>,
        /// The session to keep.
        auth_session: Option<Secret<String>>,
    },
}

/// A one-time code that the server has sent to the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneTimeCode {
    /// Why it wants one.
    pub reason: CodeReason,
    /// The address that the code went to, with most letters hidden. For the person's eyes only.
    pub masked_email: Option<Secret<String>>,
    /// Seconds that the code is good for.
    pub expires_in: Option<i64>,
    /// Tries that are left.
    pub attempts_left: Option<i64>,
    /// The session that the code belongs to.
    pub auth_session: Secret<String>,
}

/// Why a one-time code is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeReason {
    /// To show that the address is the person's own.
    VerifyEmail,
    /// Because the person activates another device.
    NewDevice,
    /// For a reason that this version does not know.
    Other,
}

/// Shows the evidence of `pending` to the server, and turns its answer into tokens. `device` is the
/// JSON that describes the phone, `mdm_keys` the policy keys pinned by the managed configuration.
///
/// After a failure the same pending activation may be redeemed again: the server gives a new
/// authorization code for the same evidence by the same key (for ten minutes), and voids the one
/// before.
pub async fn redeem(
    flow: &Flow,
    server: &Server<'_>,
    pending: &PendingActivation,
    device: &Value,
    mdm_keys: &[Thumbprint],
) -> Result<Redeemed, ActivationError> {
    let mut session = pending.auth_session.as_ref();
    loop {
        let error = match challenge(flow, server, pending, session, device).await? {
            OAuthAnswer::Success(mut members) => {
                let code = members.take_required_token("authorization_code")?;
                let newer = members.take_token("auth_session")?;
                let grant = exchange(flow, server, pending, &code, None, mdm_keys).await?;
                return Ok(Redeemed::Granted(Box::new(with_session(grant, newer, pending))));
            }
            OAuthAnswer::Error(error) => error,
        };
        // A session of an earlier activation may be over: without a code that belongs to it, it is
        // not needed.
        if error.error == "invalid_session" && session.is_some() && pending.one_time_code.is_none()
        {
            session = None;
            continue;
        }
        return judge(error);
    }
}

async fn challenge(
    flow: &Flow,
    server: &Server<'_>,
    pending: &PendingActivation,
    session: Option<&Secret<String>>,
    device: &Value,
) -> Result<OAuthAnswer, ActivationError> {
    let mut form = vec![
        ("response_type", "code".to_owned()),
        ("client_id", server.client_id.to_owned()),
        ("code_challenge", pending.pkce.challenge()),
        ("code_challenge_method", "S256".to_owned()),
        ("device", device.to_string()),
    ];
    form.extend(pending.evidence.parameters().into_iter().map(|(n, v)| (n, v.to_owned())));
    if let Some(session) = session {
        form.push(("auth_session", session.expose().clone()));
    }
    if let Some(code) = &pending.one_time_code {
        form.push(("otp", code.expose().clone()));
    }
    let request = form_request(&server.metadata.challenge_endpoint, form);
    Ok(post(flow, server, request).await?)
}

/// What an error of the challenge endpoint means. The error code decides, not the status.
fn judge(error: OAuthError) -> Result<Redeemed, ActivationError> {
    let OAuthError { error: code, mut members, status } = error;
    match code.as_str() {
        "insufficient_authorization" => one_time_code(members).map(Redeemed::NeedsOneTimeCode),
        "redirect_to_web" => Ok(Redeemed::NeedsBrowser {
            request_uri: members.take_token("request_uri")?,
            auth_session: members.take_token("auth_session")?,
        }),
        "access_denied" => Err(match members.optional_text("reason")? {
            Some("unknown_credentials") => ActivationError::UnknownCredentials,
            Some("revoked") => ActivationError::Revoked,
            Some("seats_exhausted") => ActivationError::SeatsExhausted,
            Some("code_used") => ActivationError::CodeUsed,
            Some("code_expired") => ActivationError::CodeExpired,
            Some("outside_allowed_devices") => ActivationError::OutsideAllowedDevices,
            _ => ActivationError::Denied,
        }),
        "invalid_session" => Err(ActivationError::SessionExpired),
        _ => Err(OAuthError { error: code, members, status }.into_trouble().into()),
    }
}

fn one_time_code(mut members: Members) -> Result<OneTimeCode, ActivationError> {
    if members.optional_text("challenge")? != Some("email_otp") {
        return Err(ServerTrouble::AnswerInvalid { what: "challenge" }.into());
    }
    let reason = match members.optional_text("reason")? {
        Some("verify_email") => CodeReason::VerifyEmail,
        Some("new_device") => CodeReason::NewDevice,
        _ => CodeReason::Other,
    };
    // Shown to the person, so no line breaks and no tricks with writing direction.
    let shown = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || "•…".contains(c);
    let masked_email = members
        .optional_text("masked_email")?
        .filter(|text| text.chars().count() <= 320 && text.chars().all(shown))
        .map(Secret::from);
    Ok(OneTimeCode {
        reason,
        masked_email,
        expires_in: members.optional_number("otp_expires_in")?,
        attempts_left: members.optional_number("otp_attempts_left")?,
        auth_session: members.take_required_token("auth_session")?,
    })
}

/// The token request (RFC 6749 §4.1.3) and what its answer gives.
pub(super) async fn exchange(
    flow: &Flow,
    server: &Server<'_>,
    pending: &PendingActivation,
    code: &Secret<String>,
    redirect_uri: Option<&str>,
    mdm_keys: &[Thumbprint],
) -> Result<Grant, ActivationError> {
    let mut form = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("client_id", server.client_id.to_owned()),
        ("code", code.expose().clone()),
        ("code_verifier", pending.pkce.verifier().to_owned()),
    ];
    form.extend(redirect_uri.map(|uri| ("redirect_uri", uri.to_owned())));
    let request = form_request(&server.metadata.token_endpoint, form);
    let mut members = match post(flow, server, request).await? {
        OAuthAnswer::Success(members) => members,
        OAuthAnswer::Error(error) if error.error == "invalid_grant" => {
            return Err(ActivationError::GrantRefused);
        }
        OAuthAnswer::Error(error) => return Err(error.into_trouble().into()),
    };
    let access = access_token(flow, &mut members)?;
    let tenant = TenantId::new(members.text("muster_tenant")?)
        .ok_or(ServerTrouble::AnswerInvalid { what: "muster_tenant" })?;
    let device = *server.key.thumbprint();
    if members.text("muster_device")? != device.to_string() {
        return Err(ServerTrouble::AnswerInvalid { what: "muster_device" }.into());
    }
    let offered = members
        .0
        .get("muster_policy_jwks")
        .and_then(|set| parse_key_set(set).ok())
        .filter(|keys| !keys.is_empty())
        .ok_or(ServerTrouble::AnswerInvalid { what: "muster_policy_jwks" })?;
    let policy_keys = PolicyKeys::at_activation(&offered, mdm_keys, pending.link_key)
        .ok_or(ActivationError::PolicyKeyMismatch)?;
    Ok(Grant {
        issuer: server.metadata.issuer.clone(),
        tenant,
        device,
        device_key: pending.device_key,
        policy_keys,
        access,
        refresh_token: members.take_required_token("refresh_token")?,
        auth_session: members.take_token("auth_session")?,
    })
}

/// Keeps the newest session name: of the token answer, of the challenge answer, or the one before.
pub(super) fn with_session(
    mut grant: Grant,
    newer: Option<Secret<String>>,
    pending: &PendingActivation,
) -> Grant {
    if grant.auth_session.is_none() {
        grant.auth_session = newer.or_else(|| pending.auth_session.clone());
    }
    grant
}
