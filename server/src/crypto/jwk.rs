//! JSON Web Keys (RFC 7517, RFC 8037) and their thumbprints (RFC 7638).

use serde_json::{Value, json};

use super::{b64, unb64};
use crate::ids::{Digest, Thumbprint};

/// A device's public key: P-256, coordinates in base64url as they stand in the JWK.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EcJwk {
    /// The x coordinate.
    pub x: String,
    /// The y coordinate.
    pub y: String,
}

impl EcJwk {
    /// Reads a public P-256 JWK. A private part, another curve or a wrong length is refused.
    #[must_use]
    pub fn parse(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("kty")? != "EC" || text("crv")? != "P-256" || jwk.get("d").is_some() {
            return None;
        }
        let key = Self { x: text("x")?.to_owned(), y: text("y")?.to_owned() };
        key.point().map(|_| key)
    }

    /// The uncompressed point, as ring takes it.
    #[must_use]
    pub fn point(&self) -> Option<[u8; 65]> {
        let (x, y) = (unb64(&self.x)?, unb64(&self.y)?);
        let mut point = [4; 65];
        point[1..33].copy_from_slice(x.get(..32).filter(|_| x.len() == 32)?);
        point[33..].copy_from_slice(y.get(..32).filter(|_| y.len() == 32)?);
        Some(point)
    }

    /// The device's name.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        // RFC 7638 §3.2: the required members in lexicographic order, no white space.
        let canonical =
            format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        Thumbprint(b64(Digest::of(canonical.as_bytes()).0))
    }

    /// Checks an ES256 signature in the fixed form of JWS (RFC 7518 §3.4).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Some(point) = self.point() else { return false };
        ring::signature::UnparsedPublicKey::new(
            &ring::signature::ECDSA_P256_SHA256_FIXED,
            &point[..],
        )
        .verify(message, signature)
        .is_ok()
    }
}

/// The public JWK of an Ed25519 policy key, `kid` = thumbprint.
#[must_use]
pub fn ed25519_jwk(public: &[u8]) -> Value {
    json!({
        "kty": "OKP", "crv": "Ed25519", "x": b64(public), "use": "sig", "alg": "Ed25519",
        "kid": ed25519_thumbprint(public).as_str(),
    })
}

/// The thumbprint of an Ed25519 public key (RFC 8037 §2).
#[must_use]
pub fn ed25519_thumbprint(public: &[u8]) -> Thumbprint {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, b64(public));
    Thumbprint(b64(Digest::of(canonical.as_bytes()).0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprint_of_rfc_8037_appendix_a3() {
        let x = unb64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(ed25519_thumbprint(&x).as_str(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn only_public_p256_keys_are_read() {
        let x = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
        let y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";
        let good = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        assert!(EcJwk::parse(&good).is_some());
        for bad in [
            json!({"kty": "EC", "crv": "P-384", "x": x, "y": y}),
            json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": x}),
            json!({"kty": "EC", "crv": "P-256", "x": "AAAA", "y": y}),
            json!({"kty": "EC", "crv": "P-256", "x": x}),
            json!([]),
        ] {
            assert!(EcJwk::parse(&bad).is_none(), "{bad}");
        }
    }
}
