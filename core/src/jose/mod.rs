//! Signed tokens: JWS compact (RFC 7515), keys (RFC 7517, RFC 7638, RFC 8037) and DPoP proofs
//! (RFC 9449).
//!
//! Reading is strict: nothing is used before its signature is verified, the key says which
//! algorithm counts, and a token that can be read in two ways is refused. Signing is the vault's
//! work; no private key is ever seen here.
mod base64url;
mod der;
mod dpop;
mod json;
mod jwk;
mod jws;
mod sign;
#[cfg(test)]
pub(crate) mod tests;

pub use base64url::{decode as decode_base64url, encode as encode_base64url};
pub(crate) use dpop::wants_nonce;
pub use dpop::{ClockSkew, Prover, SendError, ServerMemory, ath};
pub use json::{NotStrictJson, parse_object, parse_value};
pub use jwk::{KeyError, PublicKey, Thumbprint, parse_key_set};
pub use jws::{Header, JwsError, Unverified};
pub use sign::{DeviceKey, SignError, sign_es256};

/// Unpadded base64url of the SHA-256 of `text`: PKCE's `S256` (RFC 7636 §4.2) and DPoP's `ath`
/// (RFC 9449 §4.2).
pub fn sha256_base64url(text: &str) -> String {
    encode_base64url(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref())
}
