//! The client of the management server: what the phone asks it, and what of its answers counts.
//!
//! [`discover`] finds the server's endpoints, [`refresh`] keeps a [`Grant`] alive, [`status`] asks
//! where the phone stands when something was refused, and [`revoke`] ends it. [`PolicyKeys`] says
//! whose signature counts, [`Authorized`] where an access token may go. How a phone gets its grant
//! is `activation`'s.
//!
//! Each of these is one flow that takes plain values and gives plain values back. Nothing here
//! stores, decides about erasing, or repeats a request by itself, but for the one repetition that
//! a DPoP nonce or a wrong clock needs: the agent makes durable what must be durable first.
mod answer;
mod authorized;
pub(crate) mod codec;
mod error;
mod grant;
mod keys;
mod metadata;
pub(crate) mod oauth;
mod refresh;
mod servers;
mod status;
mod tenant;
#[cfg(test)]
pub(crate) mod tests;

pub use authorized::Authorized;
pub use codec::Unreadable;
pub use error::{AddressError, DiscoveryError, ServerTrouble, StatusError};
pub use grant::{AccessToken, Grant};
pub use keys::{PolicyKeys, TrustError, TrustOrigin, Trusted, fetch_policy_keys};
pub use metadata::{Metadata, discover};
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
