//! Activation: how a phone comes to belong to a company, and stays so.
//!
//! [`link`] and [`Evidence`] are the ways in; [`discover`] finds the server's endpoints, [`redeem`]
//! turns evidence into a [`Grant`], [`refresh`] keeps it alive, [`status`] asks where the phone
//! stands when something was refused, and [`revoke`] ends it. [`PolicyKeys`] says whose signature
//! counts.
//!
//! Each of these is one flow that takes plain values and gives plain values back. Nothing here
//! stores, decides about erasing, or repeats a request by itself, but for the one repetition that
//! a DPoP nonce or a wrong clock needs: the agent makes durable what must be durable first.
mod answer;
mod authorized;
mod browser;
mod codec;
mod error;
mod evidence;
mod grant;
mod keys;
pub mod link;
mod metadata;
mod redeem;
mod refresh;
mod servers;
mod status;
mod tenant;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use authorized::Authorized;
pub use browser::{BrowserSession, redeem_callback};
pub use codec::Unreadable;
pub use error::{ActivationError, ServerTrouble};
pub use evidence::{Evidence, PendingActivation, Pkce};
pub use grant::{AccessToken, Grant};
pub use keys::{PolicyKeys, TrustError, TrustOrigin, Trusted, fetch_policy_keys};
pub use link::{Link, LinkError};
pub use metadata::{Metadata, discover};
pub use redeem::{CodeReason, OneTimeCode, Redeemed, redeem};
pub use refresh::{RefreshError, Refreshed, refresh, revoke};
pub use servers::{HostDisplay, ServerAllowList, ServerUrl};
pub use status::{Status, StatusState, status};
pub use tenant::TenantId;

pub(crate) use answer::{Members, no_trouble, signed_text};

use crate::jose::{DeviceKey, Prover, ServerMemory};
use crate::secret::Secret;

/// The management server as the flows see it.
#[derive(Clone, Copy, Debug)]
pub struct Server<'a> {
    /// Its endpoints.
    pub metadata: &'a Metadata,
    /// The key that this phone proves itself with.
    pub key: &'a DeviceKey,
    /// Nonces and clock skew.
    pub memory: &'a ServerMemory,
    /// The OAuth client: `muster`, unless the embedding app has its own.
    pub client_id: &'a str,
}

impl<'a> Server<'a> {
    /// Sends requests with a proof, without an access token.
    pub(crate) fn prover(&self) -> Prover<'a> {
        Prover { key: self.key, memory: self.memory, access_token: None }
    }

    /// Sends requests with a proof and `token`.
    pub fn authorized(&self, token: &'a Secret<String>) -> Authorized<'a> {
        Authorized::new(*self, token)
    }
}
