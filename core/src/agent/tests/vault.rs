//! A key store in memory, which survives the agent's process.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::flow::simulation::Vault;
use crate::jose::tests::SoftwareKey;
use crate::secret::Secret;
use crate::vault::{
    Alias, Purpose, SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};

/// Keys by their names.
#[derive(Default)]
pub(super) struct MemoryVault {
    keys: BTreeMap<Alias, Key>,
    made: u8,
}

enum Key {
    Signing(SoftwareKey),
    /// Told from all others by this number.
    Wrapping(u8),
}

impl MemoryVault {
    /// A store that the test keeps a hand on.
    pub(super) fn shared() -> Rc<RefCell<Self>> {
        Rc::default()
    }

    /// The keys for a purpose are gone for good, as after a reset of the phone's key store.
    pub(super) fn lose(&mut self, purpose: Purpose) {
        self.keys.retain(|alias, _| alias.purpose != purpose);
    }

    /// Numbers of the keys for a purpose.
    pub(super) fn numbers(&self, purpose: Purpose) -> Vec<u32> {
        let of = self.keys.keys().filter(|alias| alias.purpose == purpose);
        of.map(|alias| alias.number).collect()
    }

    fn wrapping(&self, alias: &Alias) -> Result<u8, VaultFailure> {
        match self.keys.get(alias) {
            Some(Key::Wrapping(number)) => Ok(*number),
            Some(Key::Signing(_)) => Err(VaultFailure::Denied),
            None => Err(VaultFailure::Lost),
        }
    }

    fn signing(&self, alias: &Alias) -> Result<&SoftwareKey, VaultFailure> {
        match self.keys.get(alias) {
            Some(Key::Signing(key)) => Ok(key),
            Some(Key::Wrapping(_)) => Err(VaultFailure::Denied),
            None => Err(VaultFailure::Lost),
        }
    }
}

impl Vault for MemoryVault {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        Ok(match op {
            VaultOp::Create { alias, .. } => {
                self.made += 1;
                let key = match alias.purpose {
                    Purpose::Device => Key::Signing(SoftwareKey::fresh()),
                    Purpose::Service | Purpose::Contacts => Key::Wrapping(self.made),
                };
                self.keys.insert(alias.clone(), key);
                VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() }
            }
            VaultOp::PublicKey { alias } => {
                VaultAnswer::PublicKey { point: self.signing(alias)?.point() }
            }
            VaultOp::Sign { alias, message } => {
                let form = SignatureForm::Raw;
                let bytes = self.signing(alias)?.sign(form, message);
                VaultAnswer::Signature { form, bytes }
            }
            VaultOp::Wrap { alias, plaintext } => {
                let number = self.wrapping(alias)?;
                let mut wrapped = vec![number];
                wrapped.extend(plaintext.expose().iter().map(|byte| byte ^ number));
                VaultAnswer::Wrapped { wrapped }
            }
            VaultOp::Unwrap { alias, wrapped } => {
                let number = self.wrapping(alias)?;
                let (by, bytes) = wrapped.split_first().ok_or(VaultFailure::Lost)?;
                if *by != number {
                    return Err(VaultFailure::Lost);
                }
                let plaintext = bytes.iter().map(|byte| byte ^ number).collect();
                VaultAnswer::Unwrapped { plaintext: Secret::new(plaintext) }
            }
            VaultOp::Destroy { alias } => {
                self.keys.remove(alias);
                VaultAnswer::Destroyed
            }
        })
    }
}

impl Vault for Rc<RefCell<MemoryVault>> {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        self.borrow_mut().run(op)
    }
}
