//! Getting the policy from the server.
use super::{Expected, LastPolicy, PolicyError, Verdict, Verified, verify};
use crate::flow::Flow;
use crate::http::{Method, Request, http_date};
use crate::limits;
use crate::management::{
    Grant, PolicyKeys, Server, ServerTrouble, TrustError, fetch_policy_keys, no_trouble,
    signed_text,
};
use crate::time::WallMs;

/// Bytes of an entity tag that is worth keeping.
const ETAG_BYTES: usize = 256;

/// A policy token as it came, unverified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Retrieved {
    /// The token.
    pub compact: String,
    /// For the next conditional request.
    pub etag: Option<String>,
    /// When the server says it answered. No proof of the time.
    pub date: Option<WallMs>,
}

/// What the policy endpoint answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fetched {
    /// 304.
    NotModified,
    /// 200.
    Token(Retrieved),
}

/// Asks for the policy, with the access token of `grant`. With an `etag`, only for a newer one
/// (RFC 9110 §13.1.2).
pub async fn fetch(
    flow: &Flow,
    server: &Server<'_>,
    grant: &Grant,
    etag: Option<&str>,
) -> Result<Fetched, PolicyError> {
    let mut request = Request::new(Method::Get, server.metadata.policy_endpoint.as_str())
        .header("Accept", "application/jwt, application/muster-policy+jwt");
    if let Some(etag) = etag {
        request = request.header("If-None-Match", etag);
    }
    let answer =
        server.authorized(&grant.access.token).fetch(flow, request, limits::POLICY_BYTES).await?;
    no_trouble(&answer.head)?;
    match answer.head.status {
        200 => {}
        304 if etag.is_some() => return Ok(Fetched::NotModified),
        401 | 403 => return Err(PolicyError::Unauthorized),
        404 | 405 => return Err(ServerTrouble::NotAMusterServer.into()),
        status if (400..500).contains(&status) => {
            return Err(ServerTrouble::Refused { status, error: "-".to_owned() }.into());
        }
        _ => return Err(ServerTrouble::AnswerInvalid { what: "status" }.into()),
    }
    let sendable =
        |tag: &&str| tag.len() <= ETAG_BYTES && tag.bytes().all(|c| c.is_ascii_graphic());
    let etag = answer.head.header("ETag").filter(sendable).map(str::to_owned);
    let date = answer.head.header("Date").and_then(http_date);
    Ok(Fetched::Token(Retrieved { compact: signed_text(answer)?, etag, date }))
}

/// What a policy check found.
#[derive(Clone, PartialEq, Debug)]
pub enum Checked {
    /// The policy in force is the newest. It counts as contact only before it expires.
    NotModified {
        /// The entity tag, if the server sent the whole policy again.
        etag: Option<String>,
    },
    /// A newer policy: to be committed in one transaction with its number, keys, entity tag and
    /// commands.
    New {
        /// What to put into force.
        verified: Box<Verified>,
        /// The token, to be kept.
        compact: String,
        /// The entity tag.
        etag: Option<String>,
    },
}

/// Fetches and verifies the policy. A key that the managed configuration pinned and that was never
/// seen is looked up once at the server.
pub async fn check(
    flow: &Flow,
    server: &Server<'_>,
    grant: &Grant,
    etag: Option<&str>,
    last: Option<LastPolicy>,
    trusted_now: WallMs,
) -> Result<Checked, PolicyError> {
    let Retrieved { compact, etag, .. } = match fetch(flow, server, grant, etag).await? {
        Fetched::Token(retrieved) => retrieved,
        Fetched::NotModified => return Ok(Checked::NotModified { etag: None }),
    };
    let judge = |keys: &PolicyKeys| {
        let expected =
            Expected { issuer: &grant.issuer, tenant: &grant.tenant, device: &grant.device };
        verify(&compact, keys, expected, last, trusted_now)
    };
    let verdict = match judge(&grant.policy_keys) {
        Err(PolicyError::Untrusted(TrustError::UnknownKey)) => {
            let mut keys = grant.policy_keys.clone();
            keys.learn(&fetch_policy_keys(flow, server).await?);
            let mut verdict = judge(&keys)?;
            if let Verdict::New(verified) = &mut verdict {
                verified.rotated.get_or_insert(keys);
            }
            verdict
        }
        other => other?,
    };
    match verdict {
        Verdict::NotModified => Ok(Checked::NotModified { etag }),
        Verdict::New(verified) => Ok(Checked::New { verified, compact, etag }),
    }
}
