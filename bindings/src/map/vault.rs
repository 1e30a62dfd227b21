//! Key operations, which the shell answers from Android Keystore, or from Keychain and Secure
//! Enclave.
use muster_core::secret::Secret;
use muster_core::vault::{
    AccessClass, Alias, Purpose, SecurityLevel, VaultAnswer as CoreAnswer, VaultOp as CoreOp,
    VaultOutcome as CoreOutcome,
};

pub use muster_core::vault::{SignatureForm, VaultFailure};

/// What a key is for.
pub type KeyPurpose = Purpose;

/// What a key is for.
#[uniffi::remote(Enum)]
pub enum KeyPurpose {
    /// Wraps the data key of the agent's own file: AES-256.
    Service,
    /// Wraps the data key of one generation of the contacts file: AES-256.
    Contacts,
    /// Signs proofs and event tokens: ECDSA on P-256 with SHA-256.
    Device,
}

/// When a key can be used.
pub type KeyAccess = AccessClass;

/// When a key can be used.
#[uniffi::remote(Enum)]
pub enum KeyAccess {
    /// From the first unlock after a boot, on this device only: background sync and caller ID happen
    /// on a locked phone.
    AfterFirstUnlock,
}

/// Where a key lives.
pub type KeySecurity = SecurityLevel;

/// Where a key lives.
#[uniffi::remote(Enum)]
pub enum KeySecurity {
    /// Software only.
    Software,
    /// A trusted execution environment.
    TrustedEnvironment,
    /// A separate secure element, such as the Secure Enclave.
    SecureElement,
}

/// How a signature is written.
#[uniffi::remote(Enum)]
pub enum SignatureForm {
    /// ASN.1 DER `SEQUENCE { r, s }`, as Android and iOS give it.
    Der,
    /// r and s of 32 bytes each.
    Raw,
}

/// Why a key operation did not work.
#[uniffi::remote(Enum)]
pub enum VaultFailure {
    /// Not before the phone is unlocked. Tried again after the next unlock.
    Locked,
    /// The key store has no room or no time at the moment. Tried again later.
    Busy,
    /// The key does not exist any more and will not come back.
    Lost,
    /// The platform refuses.
    Denied,
    /// The platform can't do this at all.
    Unsupported,
}

/// The name of a key. Numbers grow and are never used again, so a destroyed key stays gone.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct KeyAlias {
    /// The name for the platform's key store: `muster.<profile>.<purpose>.<number>`.
    pub name: String,
    /// Whose key it is.
    pub profile: String,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// Which one, from 1.
    pub number: i64,
}

impl From<Alias> for KeyAlias {
    fn from(alias: Alias) -> Self {
        Self {
            name: alias.to_name(),
            profile: alias.profile.to_string(),
            purpose: alias.purpose,
            number: alias.number.into(),
        }
    }
}

/// One key operation. No `Debug`: some hold a data key.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum VaultOp {
    /// Make the key, replacing one of that name that a killed process left behind.
    Create {
        /// The key.
        alias: KeyAlias,
        /// When it can be used.
        access: KeyAccess,
        /// Ask the platform to attest the key over this challenge.
        attestation_challenge: Option<Vec<u8>>,
    },
    /// The public half of a signing key.
    PublicKey {
        /// The key.
        alias: KeyAlias,
    },
    /// Sign `message` (the vault hashes it with SHA-256).
    Sign {
        /// The key.
        alias: KeyAlias,
        /// What to sign.
        message: Vec<u8>,
    },
    /// Encrypt a data key.
    Wrap {
        /// The key.
        alias: KeyAlias,
        /// The 32 bytes of a data key: never log or store them; overwrite them after use.
        plaintext: Vec<u8>,
    },
    /// Decrypt a data key.
    Unwrap {
        /// The key.
        alias: KeyAlias,
        /// What `Wrap` gave.
        wrapped: Vec<u8>,
    },
    /// Remove the key for good. Removing one that is not there succeeds.
    Destroy {
        /// The key.
        alias: KeyAlias,
    },
}

impl From<CoreOp> for VaultOp {
    fn from(op: CoreOp) -> Self {
        match op {
            CoreOp::Create { alias, access, attestation_challenge } => {
                VaultOp::Create { alias: alias.into(), access, attestation_challenge }
            }
            CoreOp::PublicKey { alias } => VaultOp::PublicKey { alias: alias.into() },
            CoreOp::Sign { alias, message } => VaultOp::Sign { alias: alias.into(), message },
            CoreOp::Wrap { alias, plaintext } => {
                VaultOp::Wrap { alias: alias.into(), plaintext: plaintext.expose().clone() }
            }
            CoreOp::Unwrap { alias, wrapped } => VaultOp::Unwrap { alias: alias.into(), wrapped },
            CoreOp::Destroy { alias } => VaultOp::Destroy { alias: alias.into() },
        }
    }
}

/// The answer to a key operation that worked: to each operation the case of its name. No `Debug`:
/// one holds a data key.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum VaultAnswer {
    /// The key was made.
    Created {
        /// Where it lives.
        security: KeySecurity,
        /// Attestation certificates in DER, leaf first; empty if not asked for or not offered.
        attestation: Vec<Vec<u8>>,
    },
    /// The public key.
    PublicKey {
        /// An uncompressed SEC 1 point: 0x04, x, y (65 bytes).
        point: Vec<u8>,
    },
    /// A signature.
    Signature {
        /// How `bytes` is written.
        form: SignatureForm,
        /// The signature.
        bytes: Vec<u8>,
    },
    /// A wrapped data key, opaque to the agent.
    Wrapped {
        /// What `Unwrap` wants back.
        wrapped: Vec<u8>,
    },
    /// A data key.
    Unwrapped {
        /// 32 bytes.
        plaintext: Vec<u8>,
    },
    /// The key is gone.
    Destroyed,
}

impl From<VaultAnswer> for CoreAnswer {
    fn from(answer: VaultAnswer) -> Self {
        match answer {
            VaultAnswer::Created { security, attestation } => {
                CoreAnswer::Created { security, attestation }
            }
            VaultAnswer::PublicKey { point } => CoreAnswer::PublicKey { point },
            VaultAnswer::Signature { form, bytes } => CoreAnswer::Signature { form, bytes },
            VaultAnswer::Wrapped { wrapped } => CoreAnswer::Wrapped { wrapped },
            VaultAnswer::Unwrapped { plaintext } => {
                CoreAnswer::Unwrapped { plaintext: Secret::new(plaintext) }
            }
            VaultAnswer::Destroyed => CoreAnswer::Destroyed,
        }
    }
}

/// What became of a key operation.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum VaultOutcome {
    /// It worked.
    Answer {
        /// What it gave.
        answer: VaultAnswer,
    },
    /// It did not.
    Failure {
        /// Why.
        failure: VaultFailure,
    },
}

impl From<VaultOutcome> for CoreOutcome {
    fn from(outcome: VaultOutcome) -> Self {
        match outcome {
            VaultOutcome::Answer { answer } => Ok(answer.into()),
            VaultOutcome::Failure { failure } => Err(failure),
        }
    }
}
