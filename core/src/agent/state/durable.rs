//! Everything that survives a restart, declared once.
//!
//! A row of [`durable!`] below gives a value its field, its name in the agent file, its codec and its
//! secrecy; loading, writing and resetting follow from it. So a new value is one line, and neither
//! "load everything" nor "forget everything" can miss one.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::records::{BookRecord, ContactTotals, FeedbackRecord, PolicyRecord, UsedEvidence};
use crate::activation::{PendingActivation, Refusal};
use crate::compliance::{FindingMemory, Signals, State as ComplianceState};
use crate::config::{LastGood, ManagedInput};
use crate::ids::Platform;
use crate::licence::Licence;
use crate::management::{Grant, Metadata};
use crate::secret::Secret;
use crate::store::{AgentStore, StoreError, Tx};
use crate::time::{TrustedTime, WallMs};

/// What a value may be shown as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::agent) enum Secrecy {
    /// As it is, in a debug print.
    Plain,
    /// Never: it holds credentials, tokens, or what the company wrote.
    Secret,
}

/// A declared value.
#[cfg(test)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::agent) struct Row {
    /// Its name in the agent file. It stands there in the open, so it is never made of data.
    pub(in crate::agent) name: &'static str,
    /// Whether a debug print may show it.
    pub(in crate::agent) secrecy: Secrecy,
}

/// A value that could not be read: it counts as absent.
#[derive(Debug)]
pub(in crate::agent) struct Damaged {
    pub(in crate::agent) name: &'static str,
    pub(in crate::agent) error: StoreError,
}

macro_rules! durable {
    ($( $(#[$meta:meta])* $field:ident: $type:ty = $name:literal, $codec:ident, $secrecy:ident; )+) => {
        /// See the module. The default is a phone that is new.
        #[derive(Clone, Default)]
        pub(in crate::agent) struct Durable {
            $( $(#[$meta])* pub(in crate::agent) $field: $type, )+
        }

        impl Durable {
            /// Every value, in the order of the table.
            #[cfg(test)]
            pub(in crate::agent) const ROWS: &[Row] =
                &[$( Row { name: $name, secrecy: Secrecy::$secrecy } ),+];

            /// Writes what differs from what is stored.
            pub(in crate::agent) fn write(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
                $( put(tx, $name, $codec::encode(&self.$field)?)?; )+
                Ok(())
            }

            /// Reads everything. A value that is damaged is absent, and named.
            ///
            /// # Errors
            /// If the file could not be read: then nothing is known.
            pub(in crate::agent) fn load(
                store: &AgentStore,
                platform: Platform,
            ) -> Result<(Self, Vec<Damaged>), StoreError> {
                let mut damaged = Vec::new();
                let loaded = Self {
                    $( $field: get(store, $name, &mut damaged, |bytes| {
                        <$codec as Codec<$type>>::decode(bytes, platform)
                    })?, )+
                };
                Ok((loaded, damaged))
            }
        }

        impl fmt::Debug for Durable {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut shown = f.debug_struct("Durable");
                $( match Secrecy::$secrecy {
                    Secrecy::Plain => shown.field($name, &self.$field),
                    Secrecy::Secret => shown.field($name, &"•••"),
                }; )+
                shown.finish()
            }
        }
    };
}

durable! {
    /// The licence machine.
    licence: Licence = "licence", Json, Plain;
    /// Since when the phase is what it is.
    phase_since: WallMs = "licence.since", Json, Plain;
    /// What the admin wrote to whoever holds a locked phone.
    lock_message: Option<String> = "licence.message", Json, Secret;
    /// The command that ordered the erase, on its way to the tombstone and the receipt.
    erase_command: Option<String> = "erase.command", Json, Plain;
    /// What time it is.
    time: TrustedTime = "time", Json, Plain;
    /// Keys the hashes that are shown or compared on this phone: of the configuration (its version)
    /// and of evidence.
    hash_key: [u8; 32] = "hash_key", Json, Secret;
    /// The managed configuration as the OS handed it over.
    managed: Option<ManagedInput> = "config.tree", Binary, Secret;
    /// The last readable value of each setting.
    last_good: LastGood = "config.last_good", Binary, Secret;
    /// Of the tree in force; empty where there never was one.
    config_version: String = "config.version", Json, Plain;
    /// Since when a tree that was there is gone.
    config_vanished_since: Option<WallMs> = "config.vanished", Json, Plain;
    /// An activation under way.
    pending: Option<PendingActivation> = "activation.pending", Binary, Secret;
    /// Evidence that the server refused.
    refusal: Option<Refusal> = "activation.refused", Json, Plain;
    /// The evidence that the phone was activated with.
    used_evidence: Option<UsedEvidence> = "activation.used", Json, Plain;
    /// What the management server gave this phone. Without its metadata it counts as absent.
    grant: Option<Grant> = "server.grant", Binary, Secret;
    /// What the management server says of itself.
    metadata: Option<Metadata> = "server.metadata", Json, Plain;
    /// When a signed answer of it last said that all is well.
    contact_at: Option<WallMs> = "server.contact", Json, Plain;
    /// The signed policy in force.
    policy: Option<PolicyRecord> = "policy", Json, Secret;
    /// The phone as its shell last saw it.
    signals: Signals = "compliance.signals", Tokens, Plain;
    /// Since when what is wrong.
    findings: FindingMemory = "compliance.memory", Json, Plain;
    /// The state that the company was told.
    reported: Option<ComplianceState> = "compliance.reported", Json, Plain;
    /// Address books, by source.
    books: BTreeMap<String, BookRecord> = "contacts.books", Json, Secret;
    /// What is on the phone altogether.
    totals: ContactTotals = "contacts.totals", Json, Plain;
    /// What the MDM was told.
    feedback: FeedbackRecord = "feedback", Json, Plain;
    /// Findings whose notification may be on the screen, by the id of the notification.
    announced: BTreeSet<String> = "notifications.announced", Json, Plain;
    /// Number of the newest effect: each version of an effect has one of its own.
    last_effect: i64 = "effects.last", Json, Plain;
}

/// How a value becomes bytes and is read again.
trait Codec<T> {
    /// `None` if there is nothing to store.
    fn encode(value: &T) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;
    fn decode(bytes: &[u8], platform: Platform) -> Result<T, StoreError>;
}

/// JSON. What would be `null` is not stored.
struct Json;

impl<T: Serialize + DeserializeOwned> Codec<T> for Json {
    fn encode(value: &T) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let json = Zeroizing::new(serde_json::to_vec(value).map_err(|_| StoreError::Form)?);
        Ok(Some(json).filter(|json| json.as_slice() != b"null"))
    }

    fn decode(bytes: &[u8], _: Platform) -> Result<T, StoreError> {
        serde_json::from_slice(bytes).map_err(|_| StoreError::Form)
    }
}

/// A form of the type's own, which leaves no secrets in parser buffers.
struct Binary;

trait BinaryForm: Sized {
    fn write(&self) -> Secret<Vec<u8>>;
    fn read(bytes: &[u8]) -> Option<Self>;
}

macro_rules! binary_form {
    ($($type:ty),+) => { $(
        impl BinaryForm for $type {
            fn write(&self) -> Secret<Vec<u8>> {
                self.to_bytes()
            }

            fn read(bytes: &[u8]) -> Option<Self> {
                Self::from_bytes(bytes).ok()
            }
        }
    )+ };
}

binary_form!(ManagedInput, LastGood, PendingActivation, Grant);

impl<T: BinaryForm> Codec<Option<T>> for Binary {
    fn encode(value: &Option<T>) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(value.as_ref().map(|value| Zeroizing::new(value.write().expose().clone())))
    }

    fn decode(bytes: &[u8], _: Platform) -> Result<Option<T>, StoreError> {
        T::read(bytes).map(Some).ok_or(StoreError::Form)
    }
}

impl Codec<LastGood> for Binary {
    fn encode(value: &LastGood) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Ok(Some(Zeroizing::new(value.write().expose().clone())))
    }

    fn decode(bytes: &[u8], _: Platform) -> Result<LastGood, StoreError> {
        LastGood::read(bytes).ok_or(StoreError::Form)
    }
}

/// Signals by their tokens, as rules name them.
struct Tokens;

impl Codec<Signals> for Tokens {
    fn encode(value: &Signals) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Json::encode(&value.to_json())
    }

    fn decode(bytes: &[u8], platform: Platform) -> Result<Signals, StoreError> {
        let text = std::str::from_utf8(bytes).map_err(|_| StoreError::Form)?;
        // A signal that this version does not know is collected anew in a moment.
        Ok(Signals::from_json(text, platform).unwrap_or_default())
    }
}

fn put(
    tx: &mut Tx<'_>,
    name: &'static str,
    value: Option<Zeroizing<Vec<u8>>>,
) -> Result<(), StoreError> {
    match value {
        Some(value) => tx.put(name, &value),
        None => tx.remove(name),
    }
}

fn get<T: Default>(
    store: &AgentStore,
    name: &'static str,
    damaged: &mut Vec<Damaged>,
    decode: impl FnOnce(&[u8]) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let bytes = store.get(name).map(|bytes| bytes.map(Zeroizing::new));
    match bytes.and_then(|bytes| bytes.map(|bytes| decode(&bytes)).transpose()) {
        Ok(value) => Ok(value.unwrap_or_default()),
        Err(error @ (StoreError::Form | StoreError::Sealed(_))) => {
            damaged.push(Damaged { name, error });
            Ok(T::default())
        }
        Err(error) => Err(error),
    }
}
