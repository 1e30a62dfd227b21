//! The only place that names SQLite, and the only one that sees a data key.
//!
//! A profile is a folder with one writer ([`ProfileDir`]):
//!
//! | file | content |
//! | --- | --- |
//! | `agent.db` | [`AgentStore`]: settings, tokens, policy, outbox, commands, effects |
//! | `contacts-<generation>.db` | [`ContactsStore`]: one generation of contacts, complete in itself |
//! | `lock` | empty; locked while an agent has the profile |
//! | `tombstone.json` | [`erase::Tombstone`]: an erase is under way |
//! | `marker.json` | [`erase::Marker`]: what must not activate this phone again by itself |
//!
//! Both databases hold their data keys wrapped by a key of the vault ([`crate::vault`]). Opening a
//! file needs no key; a sealed value needs one, and until [`AgentStore::unlock`] the answer is
//! [`StoreError::Locked`]. Values are sealed as [`sealed`] says. What stands in the open (numbers,
//! classes, names of values, sizes, keyed hashes) names no person and is no secret.
//!
//! No transaction spans two files: a contacts file may be missing, or older than the agent file
//! knows, at any start. A call that changes nothing writes nothing.
//!
//! It must never hold a transaction open between two calls of the agent's loop, nor wait.
pub mod erase;
pub mod keys;
pub mod sealed;

mod agent;
mod contacts;
mod db;
mod error;
mod key_table;
mod profile;
#[cfg(test)]
pub(crate) mod tests;

pub use agent::{
    AgentStore, Claims, Command, Disposition, EventBody, EventClass, OutboxCounts, OutboxId,
    OutboxItem, SentReport, StoredEffect, Tx,
};
pub use contacts::{
    Batch, Book, BookId, Change, ContactId, ContactsReader, ContactsStore, EtagHash, HrefHash,
    NewContact, PassReason, Put, Removed,
};
pub use error::StoreError;
pub use keys::{KeyNumber, WrappedKey, new_data_key};
pub use profile::ProfileDir;
