//! What is kept of the agent's own state. Each is one sealed value of the agent file.
use serde::{Deserialize, Serialize};

use crate::effect::KeyedState;
use crate::licence::Licence;
use crate::policy::LastPolicy;
use crate::time::{DAY_MS, WallMs};

/// The licence and what is said about it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct LicenceRecord {
    pub(super) licence: Licence,
    /// Since when the phase is what it is.
    pub(super) since: WallMs,
    /// What the admin wrote to whoever holds a locked phone.
    #[serde(default)]
    pub(super) message: Option<String>,
}

/// The managed configuration as a whole; the tree itself is a value of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct ConfigRecord {
    /// Keys the hash that is shown as the version, so that nothing can be guessed from it.
    pub(super) key: [u8; 32],
    /// Of the tree in force; empty where there never was one.
    pub(super) version: String,
    /// Since when a tree that was there is gone.
    pub(super) vanished_since: Option<WallMs>,
}

/// Evidence that the server refused, or that an erase made useless.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Refused {
    /// [`crate::activation::Evidence::fingerprint_bytes`]; sealed like everything here.
    pub(super) evidence: Vec<u8>,
    /// The refusal, as [`crate::messages::Code`] names it.
    pub(super) code: String,
    /// When.
    pub(super) at: WallMs,
}

impl Refused {
    /// When it is tried again, even if it did not change.
    pub(super) fn until(&self) -> WallMs {
        self.at.plus_ms(DAY_MS)
    }
}

/// The signed policy in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct PolicyRecord {
    /// As it came.
    pub(super) compact: String,
    /// Its ETag.
    pub(super) etag: Option<String>,
    /// Its number and hash, so that an older one is noticed.
    pub(super) last: LastPolicy,
}

/// What is known of an address book beside its contacts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct BookRecord {
    /// When it was last up to date.
    pub(super) last_sync: Option<WallMs>,
    /// When all etags were last compared.
    pub(super) reconciled: Option<WallMs>,
    /// The login was refused.
    pub(super) refused: bool,
}

/// What is on the phone altogether, kept for the time when it can't be counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct ContactTotals {
    pub(super) count: u64,
    pub(super) books: u64,
    pub(super) skipped: u64,
}

/// What the MDM was told.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(super) struct FeedbackRecord {
    /// Grows with each change.
    pub(super) version: i64,
    /// All states.
    pub(super) states: Vec<KeyedState>,
}
