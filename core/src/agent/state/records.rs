//! Records that are stored as one value each.
use serde::{Deserialize, Serialize};

use crate::activation::{Evidence, EvidenceMark};
use crate::effect::KeyedState;
use crate::policy::LastPolicy;
use crate::store::erase::EvidenceHasher;
use crate::time::WallMs;

/// The evidence that the phone was activated with: what is kept of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::agent) struct UsedEvidence {
    /// Which way it was, for reports.
    pub(in crate::agent) kind: String,
    /// To know it again while the phone is in use.
    pub(in crate::agent) mark: EvidenceMark,
    /// How it is hashed for the time after an erase, when the key of the mark is gone.
    pub(in crate::agent) hasher: EvidenceHasher,
    /// Its hash for that time.
    pub(in crate::agent) hash: String,
}

impl UsedEvidence {
    /// What is kept of `evidence`. Takes some milliseconds: the hash is slow on purpose.
    pub(in crate::agent) fn of(evidence: &Evidence, key: &[u8], hasher: EvidenceHasher) -> Self {
        Self {
            kind: evidence.kind().as_str().to_owned(),
            mark: EvidenceMark::of(evidence, key),
            hash: hasher.hash(evidence.fingerprint_bytes().expose()),
            hasher,
        }
    }
}

/// The signed policy in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::agent) struct PolicyRecord {
    /// As it came.
    pub(in crate::agent) compact: String,
    /// Its ETag.
    pub(in crate::agent) etag: Option<String>,
    /// Its number and hash, so that an older one is noticed.
    pub(in crate::agent) last: LastPolicy,
}

/// What is known of an address book beside its contacts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(in crate::agent) struct BookRecord {
    /// When it was last up to date.
    pub(in crate::agent) last_sync: Option<WallMs>,
    /// When all etags were last compared.
    pub(in crate::agent) reconciled: Option<WallMs>,
    /// The login was refused.
    pub(in crate::agent) refused: bool,
}

/// What is on the phone altogether, kept for the time when it can't be counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(in crate::agent) struct ContactTotals {
    pub(in crate::agent) count: u64,
    pub(in crate::agent) books: u64,
    pub(in crate::agent) skipped: u64,
}

/// What the MDM was told.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(in crate::agent) struct FeedbackRecord {
    /// Grows with each change.
    pub(in crate::agent) version: i64,
    /// All states.
    pub(in crate::agent) states: Vec<KeyedState>,
}
