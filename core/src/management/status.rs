//! Asking the server, in a way that can't be forged, where this phone stands.
use serde::{Deserialize, Serialize};

use super::oauth::form_request;
use super::{
    Grant, Members, PolicyKeys, Server, ServerTrouble, StatusError, TrustError, fetch_policy_keys,
    no_trouble, signed_text,
};
use crate::flow::Flow;
use crate::http::Head;
use crate::jose::{encode_base64url, parse_object};
use crate::limits;
use crate::time::{SECOND_MS, WallMs};

/// The end of the year 9999: what is beyond is milliseconds, or nonsense.
const LAST_SECOND: i64 = 253_402_300_799;

/// Where the phone stands. Only `Revoked` and `Wipe` erase.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusState {
    /// All is well.
    Active,
    /// The server wants the evidence again; the contacts stay for the usual grace.
    Reauthenticate,
    /// Like `Reauthenticate`, and evidence that was used before may be used again by itself.
    Reactivate,
    /// Access was withdrawn.
    Revoked,
    /// Erase this phone.
    Wipe,
    /// The server does not know this device key.
    UnknownDevice,
}

/// A verified status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    /// Where the phone stands.
    pub state: StatusState,
    /// The server's time, good as an anchor of trusted time: the nonce shows that it is fresh.
    pub issued_at: WallMs,
    /// The policy keys that count from now on, if the answer brought news.
    pub rotated: Option<PolicyKeys>,
}

/// Whether a Muster server explains itself here (RFC 9457), rather than something else.
fn is_problem(head: &Head) -> bool {
    head.media_type().as_deref() == Some("application/problem+json")
}

/// Asks with the device key alone, no token: so it works when tokens don't any more.
pub async fn status(
    flow: &Flow,
    server: &Server<'_>,
    grant: &Grant,
) -> Result<Status, StatusError> {
    let nonce = encode_base64url(&flow.random::<16>());
    let form = vec![
        ("nonce", nonce.clone()),
        ("client_id", server.client_id.to_owned()),
        // So that a key which the server has forgotten is answered under the right signature.
        ("tenant", grant.tenant.to_string()),
    ];
    let mut request = form_request(&server.metadata.status_endpoint, form);
    request.headers.retain(|(name, _)| name != "Accept");
    let request = request.header("Accept", "application/jwt, application/muster-status+jwt");
    let asked = flow.now();
    let answer = server
        .prover()
        .fetch(flow, request, limits::OAUTH_ANSWER_BYTES)
        .await
        .map_err(ServerTrouble::from)?;
    no_trouble(&answer.head)?;
    match answer.head.status {
        200 => {}
        404 | 405 if !is_problem(&answer.head) => {
            return Err(ServerTrouble::NotAMusterServer.into());
        }
        status => return Err(ServerTrouble::Refused { status, error: "-".to_owned() }.into()),
    }
    let compact = signed_text(answer)?;
    let mut status = match read(&compact, &grant.policy_keys, grant, &nonce) {
        Err(StatusError::Untrusted(TrustError::UnknownKey)) => {
            // A key that is pinned but was never seen: the managed configuration named it.
            let mut keys = grant.policy_keys.clone();
            keys.learn(&fetch_policy_keys(flow, server).await?);
            let mut status = read(&compact, &keys, grant, &nonce)?;
            status.rotated = status.rotated.or(Some(keys));
            status
        }
        other => other?,
    };
    if status.rotated.as_ref() == Some(&grant.policy_keys) {
        status.rotated = None;
    }
    // The answer may not have been on its way for longer than it is good for.
    let now = flow.now();
    let on_its_way = now.elapsed.0.saturating_sub(asked.elapsed.0);
    if now.boot != asked.boot || on_its_way > limits::STATUS_WINDOW_S * SECOND_MS {
        return Err(ServerTrouble::AnswerInvalid { what: "exp" }.into());
    }
    Ok(status)
}

fn read(
    compact: &str,
    keys: &PolicyKeys,
    grant: &Grant,
    nonce: &str,
) -> Result<Status, StatusError> {
    let trusted = keys.verify(
        compact,
        limits::OAUTH_ANSWER_BYTES,
        "muster-status+jwt",
        &grant.issuer,
        &grant.tenant,
    )?;
    let claims = parse_object(&trusted.payload)
        .map(Members)
        .map_err(|_| ServerTrouble::AnswerInvalid { what: "json" })?;
    let device = grant.device.to_string();
    for (name, expected) in [
        ("iss", grant.issuer.as_str()),
        ("aud", grant.tenant.as_str()),
        ("sub", device.as_str()),
        ("nonce", nonce),
    ] {
        if claims.text(name)? != expected {
            return Err(ServerTrouble::AnswerInvalid { what: name }.into());
        }
    }
    let number = |name: &'static str| {
        claims.optional_number(name)?.ok_or(ServerTrouble::AnswerInvalid { what: name })
    };
    let (iat, exp) = (number("iat")?, number("exp")?);
    // The phone's own clock takes no part: it may be what is wrong.
    if !(1..=LAST_SECOND).contains(&iat) || exp <= iat || exp - iat > limits::STATUS_WINDOW_S {
        return Err(ServerTrouble::AnswerInvalid { what: "exp" }.into());
    }
    let state = match claims.text("state")? {
        "active" => StatusState::Active,
        "reauthenticate" => StatusState::Reauthenticate,
        "reactivate" => StatusState::Reactivate,
        "revoked" => StatusState::Revoked,
        "wipe" => StatusState::Wipe,
        "unknown_device" => StatusState::UnknownDevice,
        _ => return Err(ServerTrouble::AnswerInvalid { what: "state" }.into()),
    };
    let issued_at = WallMs(iat * SECOND_MS);
    Ok(Status { state, issued_at, rotated: trusted.rotated })
}
