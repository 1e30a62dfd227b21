//! A key store in memory, which survives the agent's process.
use std::collections::BTreeMap;

use crate::flow::simulation::Vault;
use crate::jose::testing::TestVault;
use crate::secret::Secret;
use crate::vault::{
    Alias, SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};

/// Wrapping keys by their names; they wrap by exclusive or, because nobody looks for data keys in a
/// test's memory.
pub(super) struct MemoryVault {
    keys: BTreeMap<Alias, u8>,
    made: u8,
    signer: TestVault,
}

impl Default for MemoryVault {
    fn default() -> Self {
        let signer = TestVault { form: SignatureForm::Raw, failure: None, signature: None };
        Self { keys: BTreeMap::new(), made: 0, signer }
    }
}

impl MemoryVault {
    fn key(&self, alias: &Alias) -> Result<u8, VaultFailure> {
        self.keys.get(alias).copied().ok_or(VaultFailure::Lost)
    }
}

impl Vault for MemoryVault {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        Ok(match op {
            VaultOp::Create { alias, .. } => {
                self.made += 1;
                self.keys.insert(alias.clone(), self.made);
                VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() }
            }
            VaultOp::PublicKey { alias } | VaultOp::Sign { alias, .. } => {
                self.key(alias)?;
                return self.signer.run(op);
            }
            VaultOp::Wrap { alias, plaintext } => {
                let pad = self.key(alias)?;
                let wrapped = plaintext.expose().iter().map(|byte| byte ^ pad).collect();
                VaultAnswer::Wrapped { wrapped }
            }
            VaultOp::Unwrap { alias, wrapped } => {
                let pad = self.key(alias)?;
                let plaintext = Secret::new(wrapped.iter().map(|byte| byte ^ pad).collect());
                VaultAnswer::Unwrapped { plaintext }
            }
            VaultOp::Destroy { alias } => {
                self.keys.remove(alias);
                VaultAnswer::Destroyed
            }
        })
    }
}
