//! Private keys, which no code that ships has in its hands.
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair,
};
use serde_json::Value;

use crate::jose::{PublicKey, encode_base64url};
use crate::vault::SignatureForm;

/// A device's key on P-256.
pub(crate) enum SoftwareKey {
    Made(Vec<u8>),
    Known { private: Vec<u8>, point: Vec<u8> },
}

/// ring takes no other source.
#[expect(clippy::disallowed_methods, reason = "keys and signatures of tests")]
fn random() -> SystemRandom {
    SystemRandom::new()
}

fn algorithm(form: SignatureForm) -> &'static EcdsaSigningAlgorithm {
    match form {
        SignatureForm::Der => &ECDSA_P256_SHA256_ASN1_SIGNING,
        SignatureForm::Raw => &ECDSA_P256_SHA256_FIXED_SIGNING,
    }
}

impl SoftwareKey {
    /// A new one.
    pub(crate) fn fresh() -> Self {
        let made = EcdsaKeyPair::generate_pkcs8(algorithm(SignatureForm::Raw), &random());
        Self::Made(made.unwrap().as_ref().to_vec())
    }

    /// One that is known.
    pub(crate) fn of(private: &[u8], point: &[u8]) -> Self {
        Self::Known { private: private.to_vec(), point: point.to_vec() }
    }

    fn pair(&self, form: SignatureForm) -> EcdsaKeyPair {
        let pair = match self {
            Self::Made(pkcs8) => EcdsaKeyPair::from_pkcs8(algorithm(form), pkcs8, &random()),
            Self::Known { private, point } => EcdsaKeyPair::from_private_key_and_public_key(
                algorithm(form),
                private,
                point,
                &random(),
            ),
        };
        pair.unwrap()
    }

    /// Its public half as an uncompressed SEC 1 point.
    pub(crate) fn point(&self) -> Vec<u8> {
        self.pair(SignatureForm::Raw).public_key().as_ref().to_vec()
    }

    pub(crate) fn sign(&self, form: SignatureForm, message: &[u8]) -> Vec<u8> {
        self.pair(form).sign(&random(), message).unwrap().as_ref().to_vec()
    }
}

/// A key that signs policies.
pub(crate) struct Signer {
    pair: Ed25519KeyPair,
}

impl Signer {
    pub(crate) fn new(seed: u8) -> Self {
        Self { pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap() }
    }

    pub(crate) fn public(&self) -> PublicKey {
        PublicKey::Ed25519(self.pair.public_key().as_ref().try_into().unwrap())
    }

    /// Signs `payload` under exactly this header.
    pub(crate) fn sign_raw(&self, header: &str, payload: &str) -> String {
        let header = encode_base64url(header.as_bytes());
        let input = format!("{header}.{}", encode_base64url(payload.as_bytes()));
        let signature = self.pair.sign(input.as_bytes());
        format!("{input}.{}", encode_base64url(signature.as_ref()))
    }

    /// Signs `payload` as a token of the type `typ`; `more` goes into the header.
    pub(crate) fn sign(&self, typ: &str, more: &Value, payload: &Value) -> String {
        let kid = self.public().thumbprint().to_string();
        let mut header = serde_json::json!({ "alg": "Ed25519", "typ": typ, "kid": kid });
        for (name, value) in more.as_object().into_iter().flatten() {
            header[name] = value.clone();
        }
        self.sign_raw(&header.to_string(), &payload.to_string())
    }
}
