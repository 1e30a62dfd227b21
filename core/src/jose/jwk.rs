//! Public keys and their names.
use std::fmt;
use std::str::FromStr;

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{decode_base64url, encode_base64url};
use crate::limits;

/// The name of a key: SHA-256 over its required members in their canonical form (RFC 7638). Written
/// in base64url, 43 characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// The 32 bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The URI that names the key (RFC 9278).
    pub fn to_urn(&self) -> String {
        format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{self}")
    }

    fn of(canonical: &str) -> Self {
        let hash = digest(&SHA256, canonical.as_bytes());
        Self(hash.as_ref().try_into().expect("SHA-256 has 32 bytes"))
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_base64url(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Thumbprint {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = decode_base64url(text).ok_or(KeyError::Thumbprint)?;
        Ok(Self(bytes.try_into().map_err(|_| KeyError::Thumbprint)?))
    }
}

impl TryFrom<String> for Thumbprint {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<Thumbprint> for String {
    fn from(thumbprint: Thumbprint) -> String {
        thumbprint.to_string()
    }
}

/// Why a key can't be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum KeyError {
    /// Neither Ed25519 (RFC 8037) nor EC on P-256 (RFC 7518 §6.2).
    #[error("a kind of key that is not supported")]
    Unsupported,
    /// A member is missing or has a wrong form.
    #[error("a malformed key")]
    Malformed,
    /// Not the thumbprint of a key.
    #[error("a malformed key thumbprint")]
    Thumbprint,
    /// More keys than [`limits::KEY_SET_KEYS`].
    #[error("too many keys")]
    TooMany,
}

/// A key that verifies signatures. Its kind fixes the algorithm.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum PublicKey {
    /// Ed25519 (RFC 8037).
    Ed25519([u8; 32]),
    /// P-256, as an uncompressed SEC 1 point: 0x04, x, y.
    P256([u8; 65]),
}

impl PublicKey {
    /// Reads a JWK (RFC 7517). A key that says it is for encryption or for another algorithm is
    /// refused.
    pub fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, KeyError> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let coordinate = |name: &str| -> Result<[u8; 32], KeyError> {
            let bytes = text(name).and_then(decode_base64url).ok_or(KeyError::Malformed)?;
            bytes.try_into().map_err(|_| KeyError::Malformed)
        };
        if jwk.get("use").is_some_and(|purpose| purpose != "sig") {
            return Err(KeyError::Unsupported);
        }
        let key = match (text("kty"), text("crv")) {
            (Some("OKP"), Some("Ed25519")) => Self::Ed25519(coordinate("x")?),
            (Some("EC"), Some("P-256")) => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(&coordinate("x")?);
                point[33..].copy_from_slice(&coordinate("y")?);
                Self::P256(point)
            }
            (Some(_), _) => return Err(KeyError::Unsupported),
            (None, _) => return Err(KeyError::Malformed),
        };
        match jwk.get("alg") {
            Some(alg) if !alg.as_str().is_some_and(|a| key.takes(a)) => Err(KeyError::Unsupported),
            _ => Ok(key),
        }
    }

    /// Takes an uncompressed SEC 1 point on P-256.
    pub fn from_point(point: &[u8]) -> Result<Self, KeyError> {
        match <[u8; 65]>::try_from(point) {
            Ok(point) if point[0] == 4 => Ok(Self::P256(point)),
            _ => Err(KeyError::Malformed),
        }
    }

    /// Whether this key verifies signatures of the JWS algorithm `alg`: "Ed25519" (RFC 9864) or its
    /// older name "EdDSA", "ES256".
    pub fn takes(&self, alg: &str) -> bool {
        match self {
            Self::Ed25519(_) => alg == "Ed25519" || alg == "EdDSA",
            Self::P256(_) => alg == "ES256",
        }
    }

    /// The JWK with its required members only.
    pub fn to_jwk(&self) -> Value {
        match self {
            Self::Ed25519(x) => json!({ "kty": "OKP", "crv": "Ed25519", "x": encode_base64url(x) }),
            Self::P256(point) => json!({
                "kty": "EC",
                "crv": "P-256",
                "x": encode_base64url(&point[1..33]),
                "y": encode_base64url(&point[33..]),
            }),
        }
    }

    /// The name of this key.
    pub fn thumbprint(&self) -> Thumbprint {
        // Members in lexicographic order, no white space (RFC 7638 §3, RFC 8037 §2).
        Thumbprint::of(&match self {
            Self::Ed25519(x) => {
                format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode_base64url(x))
            }
            Self::P256(point) => format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
                encode_base64url(&point[1..33]),
                encode_base64url(&point[33..]),
            ),
        })
    }
}

impl TryFrom<Value> for PublicKey {
    type Error = KeyError;

    fn try_from(value: Value) -> Result<Self, KeyError> {
        Self::from_jwk(value.as_object().ok_or(KeyError::Malformed)?)
    }
}

impl From<PublicKey> for Value {
    fn from(key: PublicKey) -> Value {
        key.to_jwk()
    }
}

/// Reads a JWK Set (RFC 7517 §5). Keys of kinds that are not supported are left out, as the RFC
/// demands; a malformed one refuses the whole set.
pub fn parse_key_set(set: &Value) -> Result<Vec<PublicKey>, KeyError> {
    let entries = set.get("keys").and_then(Value::as_array).ok_or(KeyError::Malformed)?;
    if entries.len() > limits::KEY_SET_KEYS {
        return Err(KeyError::TooMany);
    }
    let mut keys = Vec::new();
    for entry in entries {
        match PublicKey::from_jwk(entry.as_object().ok_or(KeyError::Malformed)?) {
            Ok(key) => keys.push(key),
            Err(KeyError::Unsupported) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(keys)
}
