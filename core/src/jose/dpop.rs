//! DPoP (RFC 9449): every request shows that it comes from the holder of the device key.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};
use url::Url;

use super::{DeviceKey, SignError, encode_base64url, parse_object, sha256_base64url, sign_es256};
use crate::flow::{Flow, Opened};
use crate::http::{Answer, Failure, Head, Request, check_url, http_date, origin_of};
use crate::limits;
use crate::secret::Secret;
use crate::time::WallMs;

/// How far the phone's clock is behind the server's. It corrects the `iat` of DPoP proofs and
/// nothing else: an HTTP `Date` is no proof of the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClockSkew {
    ms: i64,
}

impl ClockSkew {
    /// What `Date` in `head`, which has just arrived, says about the phone's clock.
    pub fn observed(head: &Head, wall: WallMs) -> Option<Self> {
        let date = http_date(head.header("Date")?)?;
        Some(Self { ms: date.0.saturating_sub(wall.0) })
    }

    /// The time to write into a proof.
    pub fn correct(self, wall: WallMs) -> WallMs {
        wall.plus_ms(self.ms)
    }
}

/// What servers said that helps the next request: the newest DPoP nonce of each origin (RFC 9449 §8)
/// and the clock skew. It is not stored; without it a request takes one more round trip. Clones
/// share what they know.
#[derive(Clone, Debug, Default)]
pub struct ServerMemory {
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    nonces: BTreeMap<String, String>,
    skews: BTreeMap<String, ClockSkew>,
}

impl ServerMemory {
    fn lock(&self) -> MutexGuard<'_, Known> {
        // Poisoned only by a panic, after which the whole agent answers `Broken`.
        self.known.lock().expect("a flow panicked")
    }

    /// Takes note of `Date` and `DPoP-Nonce` in an answer from `origin`.
    pub fn learn(&self, origin: &str, head: &Head, wall: WallMs) {
        let mut known = self.lock();
        if let Some(skew) = ClockSkew::observed(head, wall)
            && fits(&known.skews, origin)
        {
            known.skews.insert(origin.to_owned(), skew);
        }
        let nonce = head.header("DPoP-Nonce").filter(|n| is_nonce(n));
        if let Some(nonce) = nonce
            && fits(&known.nonces, origin)
        {
            known.nonces.insert(origin.to_owned(), nonce.to_owned());
        }
    }

    /// The newest nonce that `origin` gave.
    pub fn nonce(&self, origin: &str) -> Option<String> {
        self.lock().nonces.get(origin).cloned()
    }

    /// The clock skew that answers of `origin` showed.
    pub fn skew(&self, origin: &str) -> ClockSkew {
        self.lock().skews.get(origin).copied().unwrap_or_default()
    }
}

fn fits<T>(map: &BTreeMap<String, T>, origin: &str) -> bool {
    map.len() < limits::DPOP_NONCE_ORIGINS || map.contains_key(origin)
}

/// RFC 9449 §8.1: `1*NQCHAR`, the characters of RFC 6749 that stand in a quoted string.
fn is_nonce(text: &str) -> bool {
    let allowed = |c| matches!(c, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    (1..=limits::DPOP_NONCE_BYTES).contains(&text.len()) && text.bytes().all(allowed)
}

/// The hash of an access token in a proof (RFC 9449 §4.2).
pub fn ath(access_token: &Secret<String>) -> String {
    sha256_base64url(access_token.expose())
}

/// Sends requests with a DPoP proof each, and with the access token where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Prover<'a> {
    /// Signs the proofs.
    pub key: &'a DeviceKey,
    /// Nonces and skew, learnt from every answer.
    pub memory: &'a ServerMemory,
    /// The token to send as `Authorization: DPoP`. It must be bound to `key`, and the URL one that
    /// the token may go to: that is the caller's to check (`management::Authorized`).
    pub access_token: Option<&'a Secret<String>>,
}

impl Prover<'_> {
    /// Sends `request` and waits for the whole answer, at most `limit` bytes. A server that wants a
    /// (new) nonce gets it once, and one that finds the phone's clock wrong gets a corrected proof
    /// once; a further refusal is the answer.
    pub async fn fetch(
        &self,
        flow: &Flow,
        request: Request,
        limit: usize,
    ) -> Result<Answer, SendError> {
        let mut tried = Tried::default();
        loop {
            let (proof, proven) = self.prove(flow, &request).await?;
            let answer = flow.fetch(proven, limit).await?;
            if !self.repeat(flow, &proof, &mut tried, &answer.head, Some(&answer.body)) {
                return Ok(answer);
            }
        }
    }

    /// Like [`Prover::fetch`], but hands the body over piece by piece. Only what a resource server
    /// says in `WWW-Authenticate` is heard (RFC 9449 §9), since the body is not read.
    pub async fn open(&self, flow: &Flow, request: Request) -> Result<Opened, SendError> {
        let mut tried = Tried::default();
        loop {
            let (proof, proven) = self.prove(flow, &request).await?;
            let opened = flow.open(proven).await?;
            if !self.repeat(flow, &proof, &mut tried, &opened.head, None) {
                return Ok(opened);
            }
        }
    }

    /// Learns from an answer, and says whether the request is worth sending again at once.
    fn repeat(
        &self,
        flow: &Flow,
        proof: &Proof,
        tried: &mut Tried,
        head: &Head,
        body: Option<&[u8]>,
    ) -> bool {
        let wall = flow.now().wall;
        self.memory.learn(&proof.origin, head, wall);
        if wants_nonce(head, body) {
            return !std::mem::replace(&mut tried.nonce, true);
        }
        let now = self.memory.skew(&proof.origin).correct(wall).as_seconds();
        names_error(head, body, "invalid_dpop_proof")
            && (now - proof.issued_at).abs() > CLOCK_TOLERANCE_S
            && !std::mem::replace(&mut tried.clock, true)
    }

    /// `request` with its proof.
    ///
    /// For callers that send by other means. They learn from the answer with
    /// [`ServerMemory::learn`], and repeat once if [`wants_nonce`] says so.
    pub(crate) async fn prove(
        &self,
        flow: &Flow,
        request: &Request,
    ) -> Result<(Proof, Request), SendError> {
        let url = check_url(&request.url).map_err(|_| Failure::Insecure)?;
        let origin = origin_of(&url);
        let issued_at = self.memory.skew(&origin).correct(flow.now().wall).as_seconds();
        let mut claims = json!({
            "jti": encode_base64url(&flow.random::<16>()),
            "htm": request.method.as_str(),
            "htu": htu(url),
            "iat": issued_at,
        });
        if let Some(nonce) = self.memory.nonce(&origin) {
            claims["nonce"] = Value::from(nonce);
        }
        let mut request = request.clone();
        if let Some(token) = self.access_token {
            claims["ath"] = Value::from(ath(token));
            request = request.header("Authorization", format!("DPoP {}", token.expose()));
        }
        let header =
            json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.key.public().to_jwk() });
        let proof = sign_es256(flow, self.key.alias(), &header, &claims).await?;
        Ok((Proof { origin, issued_at }, request.header("DPoP", proof)))
    }
}

/// Seconds by which servers let an `iat` be off; below it the clock is not what they dislike.
const CLOCK_TOLERANCE_S: i64 = 30;

/// What was put into a proof.
pub(crate) struct Proof {
    origin: String,
    issued_at: i64,
}

/// For what a request was sent again already.
#[derive(Default)]
struct Tried {
    nonce: bool,
    clock: bool,
}

/// Why there is no answer to a request with a proof.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SendError {
    /// No proof could be made, so nothing was sent.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The request failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// The URL without query and fragment (RFC 9449 §4.2).
fn htu(mut url: Url) -> String {
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Whether the answer refuses the proof for want of a nonce, and brings one. Without `body` only a
/// resource server is heard.
pub(crate) fn wants_nonce(head: &Head, body: Option<&[u8]>) -> bool {
    names_error(head, body, "use_dpop_nonce") && head.header("DPoP-Nonce").is_some_and(is_nonce)
}

/// Whether the answer names the error `code`: an authorization server does so in the body (RFC 9449
/// §8), a resource server in `WWW-Authenticate` (§9).
fn names_error(head: &Head, body: Option<&[u8]>, code: &str) -> bool {
    if !matches!(head.status, 400 | 401) {
        return false;
    }
    let mut challenges =
        head.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("WWW-Authenticate"));
    challenges.any(|(_, value)| value.contains(code))
        || body
            .and_then(|body| parse_object(body).ok())
            .is_some_and(|answer| answer.get("error").is_some_and(|e| e == code))
}
