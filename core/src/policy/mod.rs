//! The signed policy: what the management server wants of this phone.
//!
//! A policy is complete. A member that is absent says "nothing in this layer", whatever the one
//! before said, so the state of a phone never depends on its history. Nothing in a policy is looked
//! at before its signature is verified, and it is taken as a whole or not at all.
//!
//! This module fetches, verifies and reads. It stores nothing and carries nothing out.
mod error;
mod fetch;
mod model;
mod parse;
mod reader;
#[cfg(test)]
mod tests;
mod verify;

pub use error::PolicyError;
pub use fetch::{Checked, Fetched, Retrieved, check, fetch};
pub use model::{
    AppUpdate, Book, BookAuth, Command, CommandKind, CustomerIds, LicenceTerms, Organization,
    Policy, PolicyContacts, Support, Updates,
};
pub use verify::{Expected, LastPolicy, Verdict, Verified, verify};
