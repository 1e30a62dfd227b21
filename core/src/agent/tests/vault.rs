//! A key store in memory, which survives the agent's process.
use std::collections::BTreeMap;

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

use crate::flow::simulation::Vault;
use crate::secret::Secret;
use crate::vault::{
    Alias, SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};

/// Keys by their names.
#[derive(Default)]
pub(super) struct MemoryVault {
    keys: BTreeMap<String, Key>,
    made: u8,
}

/// A key of either purpose.
struct Key {
    /// Wraps by exclusive or: nobody looks for data keys in a test's memory.
    pad: u8,
    pair: EcdsaKeyPair,
}

impl MemoryVault {
    fn key(&self, alias: &Alias) -> Result<&Key, VaultFailure> {
        self.keys.get(&format!("{alias:?}")).ok_or(VaultFailure::Lost)
    }
}

impl Vault for MemoryVault {
    #[expect(clippy::disallowed_methods, reason = "ring makes and uses keys with no other source")]
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        let random = SystemRandom::new();
        Ok(match op {
            VaultOp::Create { alias, .. } => {
                let form = &ECDSA_P256_SHA256_FIXED_SIGNING;
                let pkcs8 = EcdsaKeyPair::generate_pkcs8(form, &random).unwrap();
                let pair = EcdsaKeyPair::from_pkcs8(form, pkcs8.as_ref(), &random).unwrap();
                self.made += 1;
                self.keys.insert(format!("{alias:?}"), Key { pad: self.made, pair });
                VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() }
            }
            VaultOp::PublicKey { alias } => {
                VaultAnswer::PublicKey { point: self.key(alias)?.pair.public_key().as_ref().into() }
            }
            VaultOp::Sign { alias, message } => {
                let signature = self.key(alias)?.pair.sign(&random, message).unwrap();
                let (form, bytes) = (SignatureForm::Raw, signature.as_ref().to_vec());
                VaultAnswer::Signature { form, bytes }
            }
            VaultOp::Wrap { alias, plaintext } => {
                let pad = self.key(alias)?.pad;
                let wrapped = plaintext.expose().iter().map(|byte| byte ^ pad).collect();
                VaultAnswer::Wrapped { wrapped }
            }
            VaultOp::Unwrap { alias, wrapped } => {
                let pad = self.key(alias)?.pad;
                let plaintext = Secret::new(wrapped.iter().map(|byte| byte ^ pad).collect());
                VaultAnswer::Unwrapped { plaintext }
            }
            VaultOp::Destroy { alias } => {
                self.keys.remove(&format!("{alias:?}"));
                VaultAnswer::Destroyed
            }
        })
    }
}
