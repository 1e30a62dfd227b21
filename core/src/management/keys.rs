//! Whose signature under a policy or a status counts.
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::read_json;
use super::{Server, ServerTrouble, TenantId, no_trouble};
use crate::flow::Flow;
use crate::http::{Method, Request};
use crate::jose::{
    Header, JwsError, PublicKey, Thumbprint, Unverified, parse_key_set, parse_object,
};
use crate::limits;

/// Who vouched for the policy keys. The order is the order of trust, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustOrigin {
    /// Nobody: what the server gave over TLS at the activation.
    FirstUse,
    /// The activation link.
    Link,
    /// The managed configuration.
    Mdm,
}

/// The tenant's policy keys that count on this phone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PolicyKeys {
    origin: TrustOrigin,
    pinned: BTreeSet<Thumbprint>,
    /// Keys whose names are pinned.
    known: Vec<PublicKey>,
}

/// Why a signed token of the server does not count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TrustError {
    /// The token itself.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// Signed by a key that does not count (any more).
    #[error("signed by an unknown key")]
    UnknownKey,
    /// `next_keys` is malformed.
    #[error("the list of next keys is malformed")]
    BadChain,
}

/// A token whose signature counts.
#[derive(Clone, PartialEq, Debug)]
pub struct Trusted {
    /// The payload, as it was signed.
    pub payload: Vec<u8>,
    /// The keys that count from now on, if the token brought news. To be stored with what it says.
    pub rotated: Option<PolicyKeys>,
}

impl PolicyKeys {
    /// Decides at the activation: `offered` by the server, `mdm` from the managed configuration
    /// (empty: nothing is said there), `link` from an activation link. `None` if the server offers
    /// none of the keys that were vouched for.
    pub fn at_activation(
        offered: &[PublicKey],
        mdm: &[Thumbprint],
        link: Option<Thumbprint>,
    ) -> Option<Self> {
        let (origin, pinned): (_, BTreeSet<Thumbprint>) = match link {
            _ if !mdm.is_empty() => (TrustOrigin::Mdm, mdm.iter().copied().collect()),
            Some(key) => (TrustOrigin::Link, [key].into()),
            None => (TrustOrigin::FirstUse, offered.iter().map(PublicKey::thumbprint).collect()),
        };
        let mut keys = Self { origin, pinned, known: Vec::new() };
        keys.learn(offered);
        (!keys.known.is_empty()).then_some(keys)
    }

    /// Who vouched for them.
    pub fn origin(&self) -> TrustOrigin {
        self.origin
    }

    /// The names that count.
    pub fn pinned(&self) -> impl Iterator<Item = &Thumbprint> {
        self.pinned.iter()
    }

    /// What counts while the managed configuration says `mdm`. Its list always wins, also later:
    /// that is the way back after a lost or stolen key. When the list goes away, what it pinned
    /// stays.
    #[must_use]
    pub fn with_mdm(&self, mdm: &[Thumbprint]) -> Self {
        let mut keys = self.clone();
        if !mdm.is_empty() {
            keys.origin = TrustOrigin::Mdm;
            keys.pinned = mdm.iter().copied().collect();
            keys.known.retain(|key| keys.pinned.contains(&key.thumbprint()));
        }
        keys
    }

    /// Takes in those of `offered` whose names are pinned. It never widens trust, so they may come
    /// from anywhere.
    pub fn learn(&mut self, offered: &[PublicKey]) {
        for key in offered {
            if self.pinned.contains(&key.thumbprint()) && !self.known.contains(key) {
                self.known.push(key.clone());
            }
        }
    }

    /// Verifies `compact`, a token of the type `typ` and at most `limit` bytes. Follows `next_keys`
    /// in its header first, which the token's own signature then confirms.
    pub fn verify(
        &self,
        compact: &str,
        limit: usize,
        typ: &str,
        issuer: &str,
        tenant: &TenantId,
    ) -> Result<Trusted, TrustError> {
        let token = Unverified::parse(compact, limit)?;
        let keys = self.follow(token.header(), issuer, tenant)?;
        let payload = keys.verify_by_any(&token, typ)?;
        let rotated = (keys != *self).then_some(keys);
        Ok(Trusted { payload, rotated })
    }

    fn verify_by_any(&self, token: &Unverified<'_>, typ: &str) -> Result<Vec<u8>, TrustError> {
        let named = token.header().kid().and_then(|kid| kid.parse::<Thumbprint>().ok());
        let candidates: Vec<&PublicKey> = match named {
            Some(name) => self.known.iter().filter(|k| k.thumbprint() == name).collect(),
            None => self.known.iter().collect(),
        };
        let mut reason = TrustError::UnknownKey;
        for key in candidates {
            match token.verify(key, typ) {
                Ok(payload) => return Ok(payload),
                Err(error) => reason = error.into(),
            }
        }
        Err(reason)
    }

    /// The keys after all rotations that the header proves. Each entry of `next_keys` is a JWS of
    /// the type `muster-keys+jwt` with `iss`, `aud` and `keys` (a JWK Set): the whole next set,
    /// signed by a key of the set before. Entries that none of our keys signed are from before our
    /// time and are passed over; a key that is not in the newest set counts no more.
    fn follow(&self, header: &Header, issuer: &str, tenant: &TenantId) -> Result<Self, TrustError> {
        let mut keys = self.clone();
        let Some(chain) = header.member("next_keys") else { return Ok(keys) };
        let chain = chain.as_array().ok_or(TrustError::BadChain)?;
        if chain.len() > limits::POLICY_KEY_CHAIN {
            return Err(TrustError::BadChain);
        }
        for entry in chain {
            let entry = entry.as_str().ok_or(TrustError::BadChain)?;
            let token = Unverified::parse(entry, limits::OAUTH_ANSWER_BYTES)?;
            let Ok(payload) = keys.verify_by_any(&token, "muster-keys+jwt") else { continue };
            let claims = parse_object(&payload).map_err(|_| TrustError::BadChain)?;
            let ours = claims.get("iss").is_some_and(|v| v == issuer)
                && claims.get("aud").is_some_and(|v| v == tenant.as_str());
            let next = claims.get("keys").map(parse_key_set);
            let Some(Ok(next)) = next.filter(|_| ours) else { return Err(TrustError::BadChain) };
            if next.is_empty() {
                return Err(TrustError::BadChain);
            }
            keys.succeed(next);
        }
        Ok(keys)
    }

    /// Replaces the set. What the managed configuration pinned stays pinned: there a rotation only
    /// brings keys that are on its list.
    fn succeed(&mut self, next: Vec<PublicKey>) {
        if self.origin == TrustOrigin::Mdm {
            return self.learn(&next);
        }
        self.pinned = next.iter().map(PublicKey::thumbprint).collect();
        self.known = next;
    }
}

/// Fetches the server's present policy keys from `muster_jwks_uri`, for [`PolicyKeys::learn`]. Empty
/// if the server names no such place.
pub async fn fetch_policy_keys(
    flow: &Flow,
    server: &Server<'_>,
) -> Result<Vec<PublicKey>, ServerTrouble> {
    let Some(uri) = &server.metadata.jwks_uri else { return Ok(Vec::new()) };
    let request = Request::new(Method::Get, uri.as_str())
        .header("Accept", "application/jwk-set+json, application/json");
    let answer = flow.fetch(request, limits::OAUTH_ANSWER_BYTES).await?;
    no_trouble(&answer.head)?;
    if answer.head.status != 200 {
        return Err(ServerTrouble::Refused { status: answer.head.status, error: "-".to_owned() });
    }
    let set = Value::Object(read_json(answer)?.0);
    parse_key_set(&set).map_err(|_| ServerTrouble::AnswerInvalid { what: "keys" })
}
