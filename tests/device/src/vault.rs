//! A vault made of files, one per key. It stands in for the hardware of a real phone: it keeps the
//! same promises about names and answers, not the same secrecy.
use std::fs;
use std::path::{Path, PathBuf};

use muster_core::flow::simulation::Vault;
use muster_core::secret::Secret;
use muster_core::vault::{
    Alias, Purpose, SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

/// Keys as files in one folder.
pub struct FileVault {
    folder: PathBuf,
    random: SystemRandom,
}

impl FileVault {
    /// The vault in `folder`, which is made at the first key.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), random: SystemRandom::new() }
    }

    /// Answers one operation.
    pub fn run(&self, op: &VaultOp) -> VaultOutcome {
        match op {
            VaultOp::Create { alias, .. } => self.create(alias),
            VaultOp::PublicKey { alias } => {
                let pair = self.signing_key(alias)?;
                Ok(VaultAnswer::PublicKey { point: pair.public_key().as_ref().to_vec() })
            }
            VaultOp::Sign { alias, message } => {
                let signature = self
                    .signing_key(alias)?
                    .sign(&self.random, message)
                    .map_err(|_| VaultFailure::Denied)?;
                let bytes = signature.as_ref().to_vec();
                Ok(VaultAnswer::Signature { form: SignatureForm::Raw, bytes })
            }
            VaultOp::Wrap { alias, plaintext } => self.wrap(alias, plaintext.expose()),
            VaultOp::Unwrap { alias, wrapped } => self.unwrap(alias, wrapped),
            VaultOp::Destroy { alias } => match fs::remove_file(self.path(alias)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(VaultFailure::Denied),
                _ => Ok(VaultAnswer::Destroyed),
            },
        }
    }

    fn path(&self, alias: &Alias) -> PathBuf {
        self.folder.join(format!("{}.key", alias.to_name()))
    }

    fn create(&self, alias: &Alias) -> VaultOutcome {
        let key = match alias.purpose {
            Purpose::Device => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.random)
                    .map_err(|_| VaultFailure::Unsupported)?
                    .as_ref()
                    .to_vec()
            }
            Purpose::Service | Purpose::Contacts => {
                let mut key = vec![0; 32];
                self.random.fill(&mut key).map_err(|_| VaultFailure::Busy)?;
                key
            }
        };
        // Written beside and renamed, so that a kill leaves a whole key or none.
        let path = self.path(alias);
        let beside = path.with_extension("new");
        fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&beside, key))
            .and_then(|()| fs::rename(&beside, &path))
            .map_err(|_| VaultFailure::Busy)?;
        Ok(VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() })
    }

    fn read(&self, alias: &Alias) -> Result<Vec<u8>, VaultFailure> {
        fs::read(self.path(alias)).map_err(|_| VaultFailure::Lost)
    }

    fn signing_key(&self, alias: &Alias) -> Result<EcdsaKeyPair, VaultFailure> {
        let pkcs8 = self.read(alias)?;
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &self.random)
            .map_err(|_| VaultFailure::Lost)
    }

    fn wrapping_key(&self, alias: &Alias) -> Result<LessSafeKey, VaultFailure> {
        let key = self.read(alias)?;
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| VaultFailure::Lost)?;
        Ok(LessSafeKey::new(key))
    }

    fn wrap(&self, alias: &Alias, plaintext: &[u8]) -> VaultOutcome {
        let key = self.wrapping_key(alias)?;
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| VaultFailure::Busy)?;
        let mut wrapped = plaintext.to_vec();
        let aad = Aad::from(alias.to_name().into_bytes());
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut wrapped)
            .map_err(|_| VaultFailure::Denied)?;
        wrapped.splice(0..0, nonce);
        Ok(VaultAnswer::Wrapped { wrapped })
    }

    fn unwrap(&self, alias: &Alias, wrapped: &[u8]) -> VaultOutcome {
        let key = self.wrapping_key(alias)?;
        let (nonce, sealed) = wrapped.split_at_checked(NONCE_LEN).ok_or(VaultFailure::Lost)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultFailure::Lost)?;
        let mut sealed = sealed.to_vec();
        let aad = Aad::from(alias.to_name().into_bytes());
        let plaintext =
            key.open_in_place(nonce, aad, &mut sealed).map_err(|_| VaultFailure::Lost)?.to_vec();
        Ok(VaultAnswer::Unwrapped { plaintext: Secret::new(plaintext) })
    }
}

impl Vault for FileVault {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        FileVault::run(self, op)
    }
}

#[cfg(test)]
mod tests {
    use muster_core::ids::ProfileId;
    use muster_core::vault::AccessClass;

    use super::*;

    fn alias(purpose: Purpose, number: u32) -> Alias {
        Alias { profile: ProfileId::default(), purpose, number }
    }

    fn create(vault: &FileVault, alias: &Alias) {
        let op = VaultOp::Create {
            alias: alias.clone(),
            access: AccessClass::AfterFirstUnlock,
            attestation_challenge: None,
        };
        assert!(matches!(vault.run(&op), Ok(VaultAnswer::Created { .. })));
    }

    #[test]
    fn a_wrapped_key_comes_back_from_its_own_alias_only() {
        let folder = tempfile::tempdir().unwrap();
        let vault = FileVault::new(folder.path());
        let (one, two) = (alias(Purpose::Service, 1), alias(Purpose::Service, 2));
        create(&vault, &one);
        create(&vault, &two);
        let plaintext = Secret::new(vec![9; 32]);
        let Ok(VaultAnswer::Wrapped { wrapped }) =
            vault.run(&VaultOp::Wrap { alias: one.clone(), plaintext: plaintext.clone() })
        else {
            panic!("not wrapped")
        };
        let unwrap = |alias: &Alias, wrapped: &[u8]| {
            vault.run(&VaultOp::Unwrap { alias: alias.clone(), wrapped: wrapped.to_vec() })
        };
        assert_eq!(unwrap(&one, &wrapped), Ok(VaultAnswer::Unwrapped { plaintext }));
        assert_eq!(unwrap(&two, &wrapped), Err(VaultFailure::Lost));
        assert_eq!(unwrap(&one, &wrapped[..5]), Err(VaultFailure::Lost));
        assert_eq!(vault.run(&VaultOp::Destroy { alias: one.clone() }), Ok(VaultAnswer::Destroyed));
        assert_eq!(vault.run(&VaultOp::Destroy { alias: one.clone() }), Ok(VaultAnswer::Destroyed));
        assert_eq!(unwrap(&one, &wrapped), Err(VaultFailure::Lost));
    }

    #[test]
    fn a_device_key_signs_what_its_public_key_verifies() {
        let folder = tempfile::tempdir().unwrap();
        let vault = FileVault::new(folder.path());
        let key = alias(Purpose::Device, 1);
        create(&vault, &key);
        let Ok(VaultAnswer::PublicKey { point }) =
            vault.run(&VaultOp::PublicKey { alias: key.clone() })
        else {
            panic!("no public key")
        };
        let message = b"a proof".to_vec();
        let Ok(VaultAnswer::Signature { form: SignatureForm::Raw, bytes }) =
            vault.run(&VaultOp::Sign { alias: key, message: message.clone() })
        else {
            panic!("no signature")
        };
        let public = ring::signature::UnparsedPublicKey::new(
            &ring::signature::ECDSA_P256_SHA256_FIXED,
            point,
        );
        assert!(public.verify(&message, &bytes).is_ok());
        assert!(public.verify(b"another", &bytes).is_err());
    }
}
