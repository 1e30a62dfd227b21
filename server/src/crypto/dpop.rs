//! Proof of possession of the device key (RFC 9449).
//!
//! A proof counts only with a nonce of this server, so replayed proofs have to be remembered only
//! as long as a nonce lives. Nonces are an HMAC of the time under a key that lives with the
//! process: after a restart all old proofs are worthless, and nothing has to be stored.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use ring::hmac;
use serde_json::Value;

use super::jwk::EcJwk;
use super::jws::Parts;
use super::{NoRandom, b64, random, unb64};
use crate::ids::{Digest, Thumbprint, UnixTime};

/// Seconds after which the server hands out another nonce; one lives for one to two of these.
const NONCE_S: i64 = 150;
/// How far a proof's `iat` may be from the server's clock. Freshness comes from the nonce; this
/// only catches a client whose clock is so wrong that other things would fail.
const IAT_S: i64 = 300;
/// Characters of a proof. A P-256 proof has some 700.
const PROOF_CHARS: usize = 4_096;

/// Why a proof was not accepted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ProofError {
    /// No nonce, or an old one: the client repeats with the nonce of the answer.
    #[error("a fresh server nonce is needed in the proof")]
    UseNonce,
    /// Anything else, with the reason for developers.
    #[error("{0}")]
    Invalid(&'static str),
}

/// A proof that holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The key that signed it.
    pub key: EcJwk,
    /// That key's name.
    pub device: Thumbprint,
}

/// What a proof has to fit.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The request's address without query and fragment.
    pub url: &'a str,
    /// The access token that comes with it, if any.
    pub access_token: Option<&'a str>,
    /// The time.
    pub now: UnixTime,
}

/// Proofs seen in the nonce period `bucket` and the one before.
#[derive(Default)]
struct Seen {
    bucket: i64,
    current: HashSet<Digest>,
    previous: HashSet<Digest>,
}

/// Checks proofs and hands out nonces.
pub struct Guard {
    key: hmac::Key,
    seen: Mutex<Seen>,
}

impl Guard {
    /// A guard with a new nonce key.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn new() -> Result<Self, NoRandom> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &random::<32>()?);
        Ok(Self { key, seen: Mutex::default() })
    }

    /// The nonce to use from now.
    #[must_use]
    pub fn nonce(&self, now: UnixTime) -> String {
        self.nonce_of(now.0.div_euclid(NONCE_S))
    }

    fn nonce_of(&self, bucket: i64) -> String {
        b64(hmac::sign(&self.key, &bucket.to_be_bytes()))
    }

    /// Checks the value of a `DPoP` header (RFC 9449 §4.3).
    ///
    /// # Errors
    /// [`ProofError::UseNonce`] when all is well but the nonce; else what is wrong.
    pub fn check(&self, proof: &str, expected: Expected<'_>) -> Result<Proof, ProofError> {
        use ProofError::Invalid;
        if proof.len() > PROOF_CHARS {
            return Err(Invalid("the proof is too long"));
        }
        let parts = Parts::parse(proof).ok_or(Invalid("the proof is not a compact JWS"))?;
        if parts.header_text("typ") != Some("dpop+jwt") {
            return Err(Invalid("typ is not dpop+jwt"));
        }
        if parts.header_text("alg") != Some("ES256") {
            return Err(Invalid("alg is not ES256"));
        }
        let key = parts
            .header
            .get("jwk")
            .and_then(EcJwk::parse)
            .ok_or(Invalid("jwk is not a public P-256 key"))?;
        if !key.verifies(parts.signing_input.as_bytes(), &parts.signature) {
            return Err(Invalid("the signature is wrong"));
        }
        if parts.text("htm") != Some(expected.method) {
            return Err(Invalid("htm is not the request's method"));
        }
        if !parts.text("htu").is_some_and(|htu| same_address(htu, expected.url)) {
            return Err(Invalid("htu is not the request's address"));
        }
        if let Some(token) = expected.access_token {
            let ath = b64(Digest::of(token.as_bytes()).0);
            if parts.text("ath") != Some(&ath) {
                return Err(Invalid("ath is not the hash of the access token"));
            }
        }
        let jti = parts.text("jti").filter(|jti| !jti.is_empty() && jti.len() <= 256);
        let jti = jti.ok_or(Invalid("jti is missing"))?;
        let iat = parts.payload.get("iat").and_then(Value::as_i64).ok_or(Invalid("no iat"))?;

        // The nonce comes before `iat`, so that a phone with a wrong clock learns both the nonce
        // and, from the answer's Date, the time.
        let bucket = expected.now.0.div_euclid(NONCE_S);
        let nonce = parts.text("nonce").ok_or(ProofError::UseNonce)?;
        let tag = unb64(nonce).ok_or(ProofError::UseNonce)?;
        let is = |bucket: i64| hmac::verify(&self.key, &bucket.to_be_bytes(), &tag).is_ok();
        if !is(bucket) && !is(bucket - 1) {
            return Err(ProofError::UseNonce);
        }
        if (iat - expected.now.0).abs() > IAT_S {
            return Err(Invalid("iat is too far from the server's time"));
        }
        let device = key.thumbprint();
        if !self.is_first(Digest::of(format!("{device} {jti}").as_bytes()), bucket) {
            return Err(Invalid("this proof was used before"));
        }
        Ok(Proof { key, device })
    }

    fn is_first(&self, mark: Digest, bucket: i64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not make the guard forget.
        if seen.bucket < bucket {
            let last = std::mem::take(&mut seen.current);
            // A nonce lives for two periods; after a longer pause none of the old ones is valid.
            seen.previous = if bucket == seen.bucket + 1 { last } else { HashSet::new() };
            seen.bucket = bucket;
        }
        !seen.previous.contains(&mark) && seen.current.insert(mark)
    }
}

/// Compares after syntax-based normalisation, without query and fragment (RFC 9449 §4.3).
fn same_address(htu: &str, url: &str) -> bool {
    let normal = |text: &str| {
        let mut url = url::Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    htu == url || normal(htu).is_some_and(|htu| Some(htu) == normal(url))
}
