//! Activation: how a phone comes to belong to a company.
//!
//! [`link`] and [`Evidence`] are the ways in, [`redeem`] turns evidence into a grant. What the
//! phone asks its server besides is `management`'s.
//!
//! Each of these is one flow that takes plain values and gives plain values back. Nothing here
//! stores or repeats a request by itself: the agent makes durable what must be durable first.
mod browser;
mod error;
mod evidence;
pub mod link;
mod redeem;
#[cfg(test)]
pub(crate) mod tests;

pub use browser::{BrowserSession, redeem_callback};
pub use error::ActivationError;
pub use evidence::{Evidence, PendingActivation, Pkce};
pub use link::{Link, LinkError};
pub use redeem::{CodeReason, OneTimeCode, Redeemed, redeem};
