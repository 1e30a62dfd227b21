//! Reading a JWS in compact form (RFC 7515 §7.1).
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::{Map, Value};

use super::{PublicKey, decode_base64url, parse_object};

/// Why a signed token is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum JwsError {
    /// Longer than its kind may be.
    #[error("the signed token is too long")]
    TooLong,
    /// Not three base64url parts with a JSON object in front.
    #[error("not a signed token")]
    Malformed,
    /// It demands an extension (`crit`, RFC 7515 §4.1.11; `b64`, RFC 7797); none is supported.
    #[error("the signed token demands an unknown extension")]
    Critical,
    /// Its `typ` says that it is something else (RFC 8725 §3.11).
    #[error("the signed token is of another type")]
    WrongType,
    /// Its `alg` is not the one that the key is for.
    #[error("the signed token names another algorithm than its key")]
    WrongAlgorithm,
    /// The signature does not fit.
    #[error("the signature is wrong")]
    BadSignature,
}

/// The protected header. Nothing in it may be acted on before the signature is verified, except to
/// find the key.
#[derive(Clone, PartialEq, Debug)]
pub struct Header {
    members: Map<String, Value>,
}

impl Header {
    /// A member that is a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }

    /// The name of the key that signed, as the token claims.
    pub fn kid(&self) -> Option<&str> {
        self.text("kid")
    }

    /// Any member.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Whether `typ` is `expected`, compared as a media type: whatever its case, with or without
    /// `application/` (RFC 7515 §4.1.9).
    fn is_of_type(&self, expected: &str) -> bool {
        let Some(typ) = self.text("typ") else { return false };
        let prefix = "application/";
        let bare = match typ.get(..prefix.len()) {
            Some(start) if start.eq_ignore_ascii_case(prefix) => &typ[prefix.len()..],
            _ => typ,
        };
        bare.eq_ignore_ascii_case(expected)
    }
}

/// A signed token whose signature has not been looked at yet: its payload can't be reached.
#[derive(Clone, PartialEq, Debug)]
pub struct Unverified<'a> {
    header: Header,
    signing_input: &'a str,
    payload: &'a str,
    signature: [u8; 64],
}

impl<'a> Unverified<'a> {
    /// Takes `compact` apart if it has at most `limit` bytes.
    pub fn parse(compact: &'a str, limit: usize) -> Result<Self, JwsError> {
        if compact.len() > limit {
            return Err(JwsError::TooLong);
        }
        let (signing_input, signature) = compact.rsplit_once('.').ok_or(JwsError::Malformed)?;
        let (header, payload) = signing_input.split_once('.').ok_or(JwsError::Malformed)?;
        let header = decode_base64url(header).ok_or(JwsError::Malformed)?;
        let members = parse_object(&header).map_err(|_| JwsError::Malformed)?;
        if members.contains_key("crit") || members.contains_key("b64") {
            return Err(JwsError::Critical);
        }
        // Both algorithms have signatures of 64 bytes (RFC 7518 §3.4, RFC 8032 §5.1.6).
        let signature = decode_base64url(signature)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(JwsError::Malformed)?;
        if !payload.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_') {
            return Err(JwsError::Malformed);
        }
        Ok(Self { header: Header { members }, signing_input, payload, signature })
    }

    /// The header, to find the key by.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The payload, once `key` has verified it and the token is of the type `typ`.
    pub fn verify(&self, key: &PublicKey, typ: &str) -> Result<Vec<u8>, JwsError> {
        if !self.header.is_of_type(typ) {
            return Err(JwsError::WrongType);
        }
        self.verify_signature(key)
    }

    /// The payload, once `key` has verified it, whatever the token's type.
    pub(super) fn verify_signature(&self, key: &PublicKey) -> Result<Vec<u8>, JwsError> {
        if !self.header.text("alg").is_some_and(|alg| key.takes(alg)) {
            return Err(JwsError::WrongAlgorithm);
        }
        let (algorithm, bytes): (&dyn VerificationAlgorithm, &[u8]) = match key {
            PublicKey::Ed25519(x) => (&ED25519, x),
            PublicKey::P256(point) => (&ECDSA_P256_SHA256_FIXED, point),
        };
        UnparsedPublicKey::new(algorithm, bytes)
            .verify(self.signing_input.as_bytes(), &self.signature)
            .map_err(|_| JwsError::BadSignature)?;
        decode_base64url(self.payload).ok_or(JwsError::Malformed)
    }
}
