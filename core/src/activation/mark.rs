//! What is kept of evidence once it was shown: enough to know it again, not enough to show it again.
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::Evidence;

/// Evidence as it is remembered: a hash under a key that never leaves this phone.
///
/// Two marks under one key are equal exactly when the evidence is the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EvidenceMark(String);

impl EvidenceMark {
    /// The mark of `evidence` under the profile's `key`.
    pub fn of(evidence: &Evidence, key: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let hash = hmac::sign(&key, evidence.fingerprint_bytes().expose());
        Self(hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
