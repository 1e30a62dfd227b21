//! What an erase leaves on the disk while it runs, and afterwards.
//!
//! An erase takes the steps of [`EraseStep`] in order. The tombstone is written first and says which
//! step is next, so a start after a kill at any point goes on there; each step can be done twice. The
//! steps on keys and on the server are the agent's, those on files are here.
//!
//! Afterwards the marker stays: a keyed hash of the evidence the phone was activated with, so that the
//! same evidence does not activate it again by itself a second later.
use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ring::pbkdf2;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::profile::{remove_file, sync_folder, write_atomically};
use super::{ProfileDir, StoreError};
use crate::licence::EraseCause;
use crate::random::Random;
use crate::time::WallMs;
use crate::vault::Purpose;

/// The steps of an erase, in order. A step is named by what is to be done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseStep {
    /// Destroy both wrapping keys (vault).
    DestroyWrappingKeys,
    /// Forget the keys in memory.
    ForgetKeys,
    /// Delete databases, logs and whatever else is in the folder: [`delete_files`].
    DeleteFiles,
    /// Remove the exported copies and the notifications (effects).
    RemoveExports,
    /// Sign the receipt and send it. After 30 days, go on without.
    SendReceipt,
    /// Destroy the device key (vault).
    DestroyDeviceKey,
    /// Write the marker and remove the tombstone: [`Tombstone::finish`].
    #[serde(rename = "bury")]
    Finish,
}

impl EraseStep {
    /// Every step in order.
    pub const ALL: [EraseStep; 7] = [
        EraseStep::DestroyWrappingKeys,
        EraseStep::ForgetKeys,
        EraseStep::DeleteFiles,
        EraseStep::RemoveExports,
        EraseStep::SendReceipt,
        EraseStep::DestroyDeviceKey,
        EraseStep::Finish,
    ];

    /// The step after this one; the last is its own.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|step| *step == self).unwrap_or_default();
        Self::ALL[(at + 1).min(Self::ALL.len() - 1)]
    }
}

/// The highest numbers that keys of each purpose ever had.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeyNumbers {
    /// Of `Purpose::Service`.
    pub service: u32,
    /// Of `Purpose::Contacts`.
    pub contacts: u32,
    /// Of `Purpose::Device`.
    pub device: u32,
}

impl KeyNumbers {
    /// The number for `purpose`.
    pub fn of(&self, purpose: Purpose) -> u32 {
        match purpose {
            Purpose::Service => self.service,
            Purpose::Contacts => self.contacts,
            Purpose::Device => self.device,
        }
    }
}

/// An erase under way: the file `tombstone.json`, in the open. No personal data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    /// The issuer of the server that gets the receipt; empty without a server.
    pub issuer: String,
    /// The tenant.
    pub tenant: String,
    /// The thumbprint of the device key, which is the phone's name at the server.
    pub device: String,
    /// Of the command that ordered the erase.
    pub jti: Option<String>,
    /// Why.
    pub cause: EraseCause,
    /// When it began.
    pub begun: WallMs,
    /// What is next.
    pub step: EraseStep,
    /// The keys that may exist: these numbers and, after a kill, lower ones.
    pub keys: KeyNumbers,
    /// What the marker will say.
    pub marker: Marker,
    /// Notifications that may be on the screen, to be taken away. Ids of rules, nothing of a person.
    #[serde(default)]
    pub notifications: BTreeSet<String>,
}

impl Tombstone {
    /// The tombstone of `profile`. Look for it before anything else is opened.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if it can't be read. An erase was ordered then all the same.
    pub fn load(profile: &ProfileDir) -> Result<Option<Self>, StoreError> {
        read_json(&tombstone_file(profile))
    }

    /// Writes it: after a kill at any point the old one is there or this one.
    pub fn write(&self, profile: &ProfileDir) -> Result<(), StoreError> {
        write_json(&tombstone_file(profile), self)
    }

    /// The step at hand is done: makes it durable that the next one is next.
    pub fn advance(&mut self, profile: &ProfileDir) -> Result<EraseStep, StoreError> {
        let advanced = Self { step: self.step.next(), ..self.clone() };
        advanced.write(profile)?;
        *self = advanced;
        Ok(self.step)
    }

    /// The last step: the marker is written, then the tombstone goes.
    pub fn finish(self, profile: &ProfileDir) -> Result<(), StoreError> {
        self.marker.write(profile)?;
        let path = tombstone_file(profile);
        remove_file(&path, true)?;
        sync_folder(&path)
    }
}

/// Deletes everything in the profile's folder, logs and temporary files included, but for the lock,
/// the tombstone and the marker. Goes on after a failure and reports the first.
///
/// The agent drops its stores before. Readers that are still open elsewhere have no keys any more.
pub fn delete_files(profile: &ProfileDir) -> Result<(), StoreError> {
    let mut outcome = Ok(());
    for entry in fs::read_dir(profile.path())? {
        let entry = entry?;
        let name = entry.file_name();
        if ["lock", "tombstone.json", "marker.json"].iter().any(|kept| name == *kept) {
            continue;
        }
        // Links are removed, never followed.
        let removed = if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path()).map_err(StoreError::from)
        } else {
            // The -shm is mapped into readers, which must not lose it under their feet.
            remove_file(&entry.path(), !name.to_string_lossy().ends_with("-shm"))
        };
        outcome = outcome.and(removed);
    }
    outcome?;
    sync_folder(&profile.path().join("lock"))
}

/// PBKDF2 rounds for evidence. A passcode is short, so guessing it from the marker should cost
/// something; 20,000 rounds take some 20 ms on a slow phone.
const EVIDENCE_ROUNDS: u32 = 20_000;

/// Hashes evidence so that it is known again after an erase: PBKDF2-HMAC-SHA-256 (RFC 8018 §5.2) with
/// a salt of its own, slow on purpose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EvidenceHasher {
    /// Hexadecimal.
    salt: String,
    rounds: NonZeroU32,
}

impl EvidenceHasher {
    /// A hasher with a fresh salt.
    pub fn new(random: &mut dyn Random) -> Self {
        let mut salt = [0; 32];
        random.fill(&mut salt);
        let rounds = NonZeroU32::new(EVIDENCE_ROUNDS).unwrap_or(NonZeroU32::MIN);
        Self { salt: to_hex(&salt), rounds }
    }

    /// The hash of `evidence`, hexadecimal. Takes some milliseconds.
    pub fn hash(&self, evidence: &[u8]) -> String {
        let mut out = [0; 32];
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        pbkdf2::derive(algorithm, self.rounds, self.salt.as_bytes(), evidence, &mut out);
        to_hex(&out)
    }
}

/// What an erase leaves for good: the file `marker.json`, in the open.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Marker {
    /// Why the profile was erased.
    pub cause: EraseCause,
    /// Numbers that keys must not have again.
    pub keys: KeyNumbers,
    #[serde(flatten)]
    hasher: EvidenceHasher,
    /// Of each piece of evidence that was in use, by the hasher.
    evidence: Vec<String>,
}

impl Marker {
    /// A marker with the hashes of the `evidence` that the profile was activated with.
    pub fn new(
        cause: EraseCause,
        keys: KeyNumbers,
        hasher: EvidenceHasher,
        evidence: Vec<String>,
    ) -> Self {
        Self { cause, keys, hasher, evidence }
    }

    /// Whether the profile was activated with this evidence before the erase. Takes some milliseconds.
    pub fn matches(&self, evidence: &[u8]) -> bool {
        self.evidence.contains(&self.hasher.hash(evidence))
    }

    /// The marker of `profile`.
    pub fn load(profile: &ProfileDir) -> Result<Option<Self>, StoreError> {
        read_json(&marker_file(profile))
    }

    /// Writes it, in place of an older one.
    pub fn write(&self, profile: &ProfileDir) -> Result<(), StoreError> {
        write_json(&marker_file(profile), self)
    }

    /// Writes it without the evidence: that may be used again. The numbers of keys stay.
    pub fn lift(mut self, profile: &ProfileDir) -> Result<(), StoreError> {
        self.evidence.clear();
        self.write(profile)
    }
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn tombstone_file(profile: &ProfileDir) -> PathBuf {
    profile.path().join("tombstone.json")
}

fn marker_file(profile: &ProfileDir) -> PathBuf {
    profile.path().join("marker.json")
}

fn read_json<T: DeserializeOwned>(path: &PathBuf) -> Result<Option<T>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|_| StoreError::Corrupt),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write_json<T: Serialize>(path: &std::path::Path, value: &T) -> Result<(), StoreError> {
    let json = serde_json::to_vec(value).map_err(|_| StoreError::Form)?;
    write_atomically(path, &json)
}
