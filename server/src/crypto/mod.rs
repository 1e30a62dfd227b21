//! Keys, signatures, hashes and random values, all from ring.

pub mod dpop;
pub mod jwk;
pub mod jws;
pub mod password;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};

/// The operating system gave no random bytes; nothing safe can be done then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandom;

/// base64url without padding, as all of JOSE uses it.
#[must_use]
pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
#[must_use]
pub fn unb64(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Random bytes.
///
/// # Errors
/// When the system has none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandom)?;
    Ok(bytes)
}

/// A new token or code: 256 random bits, base64url, never with a hyphen first: on a command line
/// that would be an option.
///
/// # Errors
/// When the system has no random bytes.
pub fn token() -> Result<String, NoRandom> {
    loop {
        let token = b64(random::<32>()?);
        if !token.starts_with('-') {
            return Ok(token);
        }
    }
}

/// A new name for a row or a card: 128 random bits as a version 4 UUID (RFC 9562 §5.4).
///
/// # Errors
/// When the system has no random bytes.
pub fn uuid() -> Result<String, NoRandom> {
    use std::fmt::Write as _;
    let mut bytes = random::<16>()?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut out = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{byte:02x}");
    }
    Ok(out)
}
