//! Key operations as values. Keys that must never leave the phone's hardware are used through
//! [`VaultOp`]; the shell answers from Android Keystore or the Secure Enclave and Keychain.
use crate::ids::ProfileId;
use crate::secret::Secret;

/// What a key is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Purpose {
    /// Wraps the data key of the agent file: tokens, queue, configuration, policy.
    Service,
    /// Wraps the data key of one generation of the contacts file.
    Contacts,
    /// Signs DPoP proofs (RFC 9449) and event tokens (RFC 8417): ECDSA on P-256 with SHA-256.
    Device,
}

impl Purpose {
    /// The token in key aliases.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Service => "service",
            Purpose::Contacts => "contacts",
            Purpose::Device => "device",
        }
    }
}

/// The name of a key. Numbers grow and are never used again, so a destroyed key stays gone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Alias {
    /// Whose key it is.
    pub profile: ProfileId,
    /// What it is for.
    pub purpose: Purpose,
    /// Which one, from 1.
    pub number: u32,
}

impl Alias {
    /// The name as a platform key store wants it: `muster.<profile>.<purpose>.<number>`.
    pub fn to_name(&self) -> String {
        format!("muster.{}.{}.{}", self.profile, self.purpose.as_str(), self.number)
    }
}

/// When a key can be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AccessClass {
    /// From the first unlock after a boot, on this device only: background sync and caller ID happen
    /// on a locked phone.
    AfterFirstUnlock,
}

/// Where a key lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SecurityLevel {
    /// Software only.
    Software,
    /// A trusted execution environment.
    TrustedEnvironment,
    /// A separate secure element, such as the Secure Enclave.
    SecureElement,
}

/// One key operation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VaultOp {
    /// Make the key `alias`, replacing one of that name that a killed process left behind.
    /// `Purpose::Device` is a P-256 signing key, the others are AES-256 wrapping keys.
    Create {
        /// The key.
        alias: Alias,
        /// When it can be used.
        access: AccessClass,
        /// Ask the platform to attest the key over this challenge.
        attestation_challenge: Option<Vec<u8>>,
    },
    /// The public half of a signing key.
    PublicKey {
        /// The key.
        alias: Alias,
    },
    /// Sign `message` (the vault hashes it with SHA-256).
    Sign {
        /// The key.
        alias: Alias,
        /// What to sign.
        message: Vec<u8>,
    },
    /// Encrypt a data key.
    Wrap {
        /// The key.
        alias: Alias,
        /// 32 bytes.
        plaintext: Secret<Vec<u8>>,
    },
    /// Decrypt a data key.
    Unwrap {
        /// The key.
        alias: Alias,
        /// What `Wrap` gave.
        wrapped: Vec<u8>,
    },
    /// Remove the key for good. Removing one that is not there succeeds.
    Destroy {
        /// The key.
        alias: Alias,
    },
}

/// How a signature is written. It is always said, never guessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignatureForm {
    /// ASN.1 DER `SEQUENCE { r, s }`, as Android and iOS give it.
    Der,
    /// r and s of 32 bytes each, as JWS wants it (RFC 7518 §3.4).
    Raw,
}

/// The answer to a [`VaultOp`] that worked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum VaultAnswer {
    /// `Create` made the key.
    Created {
        /// Where it lives.
        security: SecurityLevel,
        /// Attestation certificates in DER, leaf first; empty if not asked for or not offered.
        attestation: Vec<Vec<u8>>,
    },
    /// The public key as an uncompressed SEC 1 point: 0x04, x, y (65 bytes).
    PublicKey {
        /// The point.
        point: Vec<u8>,
    },
    /// A signature.
    Signature {
        /// How `bytes` is written.
        form: SignatureForm,
        /// The signature.
        bytes: Vec<u8>,
    },
    /// A wrapped data key, opaque to the core.
    Wrapped {
        /// What `Unwrap` wants back.
        wrapped: Vec<u8>,
    },
    /// A data key.
    Unwrapped {
        /// 32 bytes.
        plaintext: Secret<Vec<u8>>,
    },
    /// `Destroy` is done.
    Destroyed,
}

/// Why a [`VaultOp`] did not work.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum VaultFailure {
    /// Not before the phone is unlocked. Tried again after the next unlock.
    #[error("the key store is locked")]
    Locked,
    /// The key store has no room or no time at the moment. Tried again later.
    #[error("the key store is busy")]
    Busy,
    /// The key does not exist any more and will not come back.
    #[error("the key is lost")]
    Lost,
    /// The platform refuses.
    #[error("the key store refused")]
    Denied,
    /// The platform can't do this at all.
    #[error("the key store does not support this")]
    Unsupported,
}

/// The answer to a [`crate::step::Step::Vault`].
pub type VaultOutcome = Result<VaultAnswer, VaultFailure>;
