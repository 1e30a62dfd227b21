//! How the agent signs in at a book's server: with the one scheme the book is configured with.
//! Servers exist that drop the connection on a scheme they don't know.
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::flow::Flow;
use crate::http::{Failure, Head, Method};
use crate::secret::Secret;

/// The credentials of a source.
#[derive(Clone, Debug)]
pub enum BookAuth {
    /// None.
    None,
    /// User name and password (RFC 7617), sent with the first request.
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: Secret<String>,
    },
    /// The management server's access token with a proof by the device key (RFC 9449).
    Dpop(Arc<dyn Authorizer>),
}

/// Header fields, once they are made.
pub type AuthFields<'a> =
    Pin<Box<dyn Future<Output = Result<Vec<(String, String)>, AuthError>> + Send + 'a>>;

/// Makes the header fields that prove who asks.
pub trait Authorizer: Send + Sync {
    /// Fields for a request of `method` to `url`. May itself ask servers and the vault.
    fn headers<'a>(&'a self, flow: &'a Flow, method: Method, url: &'a str) -> AuthFields<'a>;

    /// Sees every answer: keeps a nonce, notices an expired token, and says whether the request is
    /// worth repeating with fresh fields. It is repeated once.
    fn on_answer(&self, url: &str, head: &Head) -> Retry;
}

impl fmt::Debug for dyn Authorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authorizer")
    }
}

/// Whether a request is sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Retry {
    /// No: the answer stands.
    No,
    /// Yes, with fresh fields (RFC 9449 §8: `use_dpop_nonce`).
    Again,
}

/// Why there are no credentials.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AuthError {
    /// The licence does not give any: not active, revoked, or to be renewed by the person.
    #[error("the licence gives no access")]
    Refused,
    /// The server that gives them can't be reached.
    #[error("no access token: {0}")]
    Unreachable(Failure),
    /// The device key can't be used at the moment.
    #[error("the device key can't be used at the moment")]
    KeyUnavailable,
}

impl BookAuth {
    /// The user name, which with the address identifies a source.
    pub(super) fn user(&self) -> &str {
        match self {
            BookAuth::Basic { user, .. } => user,
            BookAuth::None | BookAuth::Dpop(_) => "",
        }
    }

    /// The header fields for one request.
    pub(super) async fn headers(
        &self,
        flow: &Flow,
        method: Method,
        url: &str,
    ) -> Result<Vec<(String, String)>, AuthError> {
        match self {
            BookAuth::None => Ok(Vec::new()),
            BookAuth::Basic { user, password } => {
                let pair = Secret::new(format!("{user}:{}", password.expose()));
                let value = format!("Basic {}", base64(pair.expose().as_bytes()));
                Ok(vec![("Authorization".to_owned(), value)])
            }
            BookAuth::Dpop(authorizer) => authorizer.headers(flow, method, url).await,
        }
    }
}

/// RFC 4648 §4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) as usize & 63;
            out.push(if place <= group.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    out
}
