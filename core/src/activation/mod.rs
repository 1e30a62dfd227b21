//! Activation: how a phone comes to belong to a company.
//!
//! [`link`] and [`Evidence`] are the ways in, [`choose()`] says which of them is tried by itself, and
//! [`redeem`] turns evidence into a grant. What the
//! phone asks its server besides is `management`'s.
//!
//! Each of these is one flow that takes plain values and gives plain values back. Nothing here
//! stores or repeats a request by itself: the agent makes durable what must be durable first.
mod browser;
mod choose;
mod error;
mod evidence;
pub mod link;
mod mark;
mod offer;
mod redeem;
#[cfg(test)]
pub(crate) mod tests;

pub use browser::{BrowserSession, redeem_callback};
pub use choose::{
    Candidate, Choice, Inputs, Objection, Refusal, choose, is_trust_unreadable, proves_itself,
};
pub use error::ActivationError;
pub use evidence::{Evidence, EvidenceKind, PendingActivation, Pkce};
pub use link::{Link, LinkError};
pub use mark::EvidenceMark;
pub use offer::{Configured, Offer};
pub use redeem::{CodeReason, OneTimeCode, Redeemed, redeem};
