//! Pushing one event (RFC 8935).
use serde_json::{Value, json};

use crate::flow::Flow;
use crate::http::backoff::is_transient_status;
use crate::http::{Answer, Method, Request, retry_after};
use crate::jose::{SignError, parse_object, sign_es256};
use crate::limits;
use crate::management::{Server, ServerTrouble};
use crate::secret::Secret;
use crate::vault::VaultFailure;

/// What became of a push.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PushOutcome {
    /// The server has it (202). Only now it may be forgotten.
    Accepted,
    /// The server does not accept this phone at the moment: refresh, ask for the status, and send
    /// nothing before.
    Hold,
    /// The server will never take this event. It is kept aside and counted.
    Quarantine {
        /// The error code of RFC 8935 §2.4, or `status_413` or `status_422`.
        err: String,
    },
    /// Later. The event may have arrived all the same; the server counts it once.
    Retry {
        /// Seconds that the server wants us to wait.
        after: Option<i64>,
        /// Why, for the log and the person.
        trouble: ServerTrouble,
    },
}

/// Signs `claims` with the device key and pushes them. `token` is the access token; the receipt of an
/// erase goes without, since the server takes it on its signature alone.
///
/// | answer | outcome |
/// | --- | --- |
/// | 202 | accepted |
/// | 400 authentication_failed, access_denied, invalid_key | hold |
/// | 400 any other `err` | quarantine |
/// | 401, 403 | hold |
/// | 413, 422 | quarantine |
/// | anything else, or no answer | retry |
pub async fn push(
    flow: &Flow,
    server: &Server<'_>,
    token: Option<&Secret<String>>,
    claims: &Value,
) -> PushOutcome {
    let header = json!({
        "alg": "ES256",
        "typ": "secevent+jwt",
        "kid": server.key.thumbprint().to_string(),
    });
    let signed = match sign_es256(flow, server.key.alias(), &header, claims).await {
        Ok(signed) => signed,
        Err(error) => return unsent(error.into()),
    };
    let request = Request::new(Method::Post, server.metadata.events_endpoint.as_str())
        .header("Accept", "application/json")
        .body("application/secevent+jwt", signed);
    let limit = limits::OAUTH_ANSWER_BYTES;
    let answer = match token {
        Some(token) => server.authorized(token).fetch(flow, request, limit).await,
        None => flow.fetch(request, limit).await.map_err(ServerTrouble::from),
    };
    match answer {
        Ok(answer) => judge(&answer),
        Err(trouble) => unsent(trouble),
    }
}

/// No answer, or none that could be read.
fn unsent(trouble: ServerTrouble) -> PushOutcome {
    match trouble {
        // The key will not come back by waiting: the phone has to prove itself anew.
        ServerTrouble::Sign(SignError::Vault(
            VaultFailure::Lost | VaultFailure::Denied | VaultFailure::Unsupported,
        )) => PushOutcome::Hold,
        trouble => PushOutcome::Retry { after: trouble.retry_after(), trouble },
    }
}

fn judge(answer: &Answer) -> PushOutcome {
    let status = answer.head.status;
    match status {
        202 => PushOutcome::Accepted,
        401 | 403 => PushOutcome::Hold,
        413 | 422 => PushOutcome::Quarantine { err: format!("status_{status}") },
        400 => match error_code(&answer.body) {
            Some(err) => by_error_code(err),
            // Not the events endpoint, but something in front of it.
            None => retry(answer),
        },
        _ => retry(answer),
    }
}

fn by_error_code(err: String) -> PushOutcome {
    match err.as_str() {
        "authentication_failed" | "access_denied" | "invalid_key" => PushOutcome::Hold,
        _ => PushOutcome::Quarantine { err },
    }
}

/// `err` of the answer to a refused event (RFC 8935 §2.3), if it is one.
fn error_code(body: &[u8]) -> Option<String> {
    let answer = parse_object(body).ok()?;
    let err = answer.get("err")?.as_str()?;
    let tame = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    ((1..=64).contains(&err.len()) && err.bytes().all(tame)).then(|| err.to_owned())
}

fn retry(answer: &Answer) -> PushOutcome {
    let (status, after) = (answer.head.status, retry_after(&answer.head));
    let trouble = match status {
        429 => ServerTrouble::RateLimited { retry_after: after },
        300..=399 => ServerTrouble::Redirected,
        _ if is_transient_status(status) => ServerTrouble::Busy { status, retry_after: after },
        200..=299 => ServerTrouble::AnswerInvalid { what: "status" },
        404 | 405 => ServerTrouble::NotAMusterServer,
        _ => ServerTrouble::Refused { status, error: "-".to_owned() },
    };
    PushOutcome::Retry { after, trouble }
}
