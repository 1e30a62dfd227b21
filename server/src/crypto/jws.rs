//! JWS in compact form (RFC 7515): read tokens of devices, sign policies and statuses.

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use serde_json::{Value, json};

use super::{NoRandom, b64, jwk, unb64};
use crate::ids::Thumbprint;

/// A compact JWS taken apart; the signature is not checked yet.
#[derive(Debug)]
pub struct Parts<'a> {
    /// The protected header.
    pub header: Value,
    /// The payload, as JSON.
    pub payload: Value,
    /// What was signed.
    pub signing_input: &'a str,
    /// The signature.
    pub signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Takes a token apart. Anything that is not three base64url parts with JSON objects in the
    /// first two is `None`; so is a `crit` header, because nothing critical is understood here.
    #[must_use]
    pub fn parse(token: &'a str) -> Option<Self> {
        let (signing_input, signature) = token.rsplit_once('.')?;
        let (header, payload) = signing_input.split_once('.')?;
        let json = |part: &str| -> Option<Value> {
            serde_json::from_slice::<Value>(&unb64(part)?).ok().filter(Value::is_object)
        };
        let (header, payload) = (json(header)?, json(payload)?);
        if header.get("crit").is_some() {
            return None;
        }
        Some(Self { header, payload, signing_input, signature: unb64(signature)? })
    }

    /// A text member of the header.
    #[must_use]
    pub fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// A text member of the payload.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.payload.get(name).and_then(Value::as_str)
    }
}

/// A tenant's policy key.
pub struct PolicyKey {
    pair: Ed25519KeyPair,
    thumbprint: Thumbprint,
}

impl PolicyKey {
    /// Makes a new key; the bytes are PKCS #8.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn generate() -> Result<Vec<u8>, NoRandom> {
        let random = ring::rand::SystemRandom::new();
        let document = Ed25519KeyPair::generate_pkcs8(&random).map_err(|_| NoRandom)?;
        Ok(document.as_ref().to_vec())
    }

    /// Reads a key that `generate` made.
    #[must_use]
    pub fn read(pkcs8: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).ok()?;
        let thumbprint = jwk::ed25519_thumbprint(pair.public_key().as_ref());
        Some(Self { pair, thumbprint })
    }

    /// The key's name.
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// The public half.
    #[must_use]
    pub fn jwk(&self) -> Value {
        jwk::ed25519_jwk(self.pair.public_key().as_ref())
    }

    /// Signs a payload as a compact JWS of the given `typ`. `alg` is `Ed25519` (RFC 9864).
    #[must_use]
    pub fn sign(&self, typ: &str, payload: &Value) -> String {
        let header = json!({"alg": "Ed25519", "typ": typ, "kid": self.thumbprint.as_str()});
        let input = format!("{}.{}", b64(header.to_string()), b64(payload.to_string()));
        let signature = self.pair.sign(input.as_bytes());
        format!("{input}.{}", b64(signature))
    }
}
