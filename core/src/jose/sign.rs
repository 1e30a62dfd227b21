//! Signing with the device key, which only the vault can use.
use serde_json::Value;

use super::der::raw_from_der;
use super::{KeyError, PublicKey, Thumbprint, encode_base64url};
use crate::flow::Flow;
use crate::vault::{AccessClass, Alias, SignatureForm, VaultAnswer, VaultFailure, VaultOp};

/// Why something was not signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SignError {
    /// The vault did not do it.
    #[error(transparent)]
    Vault(#[from] VaultFailure),
    /// The vault's answer has a form that it may not have. Nothing is guessed from it.
    #[error("the key store gave a malformed answer")]
    Malformed,
}

impl From<KeyError> for SignError {
    fn from(_: KeyError) -> Self {
        Self::Malformed
    }
}

/// The key that an activation is bound to. Its thumbprint is the device's name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeviceKey {
    alias: Alias,
    public: PublicKey,
    thumbprint: Thumbprint,
}

impl DeviceKey {
    /// A key whose public half is already known: an uncompressed SEC 1 point on P-256.
    pub fn new(alias: Alias, point: &[u8]) -> Result<Self, KeyError> {
        let public = PublicKey::from_point(point)?;
        let thumbprint = public.thumbprint();
        Ok(Self { alias, public, thumbprint })
    }

    /// Makes the key `alias` in the vault.
    pub async fn create(flow: &Flow, alias: Alias) -> Result<Self, SignError> {
        let access = AccessClass::AfterFirstUnlock;
        let create = VaultOp::Create { alias: alias.clone(), access, attestation_challenge: None };
        match flow.vault(create).await? {
            VaultAnswer::Created { .. } => Self::load(flow, alias).await,
            _ => Err(SignError::Malformed),
        }
    }

    /// Asks the vault for the public half of `alias`.
    pub async fn load(flow: &Flow, alias: Alias) -> Result<Self, SignError> {
        match flow.vault(VaultOp::PublicKey { alias: alias.clone() }).await? {
            VaultAnswer::PublicKey { point } => Ok(Self::new(alias, &point)?),
            _ => Err(SignError::Malformed),
        }
    }

    /// The key's name in the vault.
    pub fn alias(&self) -> &Alias {
        &self.alias
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The device's name.
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}

/// Signs `payload` under `header` with ES256 (RFC 7518 §3.4) and the key `alias`. `header` must name
/// that algorithm itself.
pub async fn sign_es256(
    flow: &Flow,
    alias: &Alias,
    header: &Value,
    payload: &Value,
) -> Result<String, SignError> {
    let header = encode_base64url(header.to_string().as_bytes());
    let mut compact = format!("{header}.{}", encode_base64url(payload.to_string().as_bytes()));
    let message = compact.clone().into_bytes();
    let answer = flow.vault(VaultOp::Sign { alias: alias.clone(), message }).await?;
    let VaultAnswer::Signature { form, bytes } = answer else { return Err(SignError::Malformed) };
    let raw = match form {
        SignatureForm::Der => raw_from_der(&bytes),
        SignatureForm::Raw => bytes.try_into().ok(),
    };
    compact.push('.');
    compact.push_str(&encode_base64url(&raw.ok_or(SignError::Malformed)?));
    Ok(compact)
}
