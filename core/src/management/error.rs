//! What can go wrong between a phone and its management server, each cause apart.
use super::TrustError;
use crate::http::Failure;
use crate::http::backoff::is_transient_failure;
use crate::jose::{SendError, SignError};

/// A request to the management server did not lead to a usable answer. Common to every flow.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ServerTrouble {
    /// No answer, or only a part of one.
    #[error("the server can't be reached: {0}")]
    Unreachable(Failure),
    /// The address is neither https nor, in host tests, this machine.
    #[error("the address is not an https address")]
    InsecureUrl,
    /// The access token may not go to that origin.
    #[error("the access token may not be sent there")]
    ForeignOrigin,
    /// The answer is larger than its kind may be.
    #[error("the answer is too large")]
    AnswerTooLarge,
    /// Too many requests (429).
    #[error("the server asks to wait")]
    RateLimited {
        /// Seconds to wait, if the server said so.
        retry_after: Option<i64>,
    },
    /// The server is in trouble itself (5xx, 408, 425).
    #[error("the server is in trouble (status {status})")]
    Busy {
        /// The HTTP status.
        status: u16,
        /// Seconds to wait, if the server said so.
        retry_after: Option<i64>,
    },
    /// The answer sends us elsewhere (3xx), as captive portals do. It is not followed.
    #[error("the answer is a redirect")]
    Redirected,
    /// Something answers there, but not a Muster server: a web page, or an unknown address.
    #[error("no Muster server answers there")]
    NotAMusterServer,
    /// The answer breaks the protocol.
    #[error("the answer is invalid: {what}")]
    AnswerInvalid {
        /// The member or part that is wrong.
        what: &'static str,
    },
    /// The server does not accept the proof of the device key (`invalid_dpop_proof`), most often
    /// because the phone's clock is wrong.
    #[error("the server did not accept the proof of the device key")]
    ProofRefused,
    /// The server said no, for a reason that concerns the program and not the person.
    #[error("the server refused the request (status {status}, {error})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The OAuth error code, or `-`. Only lower-case letters, digits and `_`.
        error: String,
    },
    /// The device key could not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl ServerTrouble {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::InsecureUrl => "insecure_url",
            Self::ForeignOrigin => "foreign_origin",
            Self::AnswerTooLarge => "answer_too_large",
            Self::RateLimited { .. } => "rate_limited",
            Self::Busy { .. } => "server_busy",
            Self::Redirected => "redirected",
            Self::NotAMusterServer => "not_a_muster_server",
            Self::AnswerInvalid { .. } => "answer_invalid",
            Self::ProofRefused => "proof_refused",
            Self::Refused { .. } => "refused",
            Self::Sign(SignError::Vault(_)) => "vault",
            Self::Sign(SignError::Malformed) => "vault_malformed",
        }
    }

    /// Whether the same request may work later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        use crate::vault::VaultFailure::{Busy, Locked};
        match self {
            Self::Unreachable(failure) => is_transient_failure(*failure),
            // A captive portal looks like any of these.
            Self::Redirected | Self::NotAMusterServer | Self::AnswerInvalid { .. } => true,
            Self::AnswerTooLarge => true,
            // Without an error code it is not the server that refuses, but something before it.
            Self::Refused { error, .. } => error == "-",
            Self::RateLimited { .. } | Self::Busy { .. } | Self::ProofRefused => true,
            Self::Sign(SignError::Vault(failure)) => matches!(failure, Locked | Busy),
            Self::Sign(SignError::Malformed) => false,
            Self::InsecureUrl | Self::ForeignOrigin => false,
        }
    }

    /// Seconds that the server wants us to wait.
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::RateLimited { retry_after } | Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

impl From<Failure> for ServerTrouble {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::TooLarge => Self::AnswerTooLarge,
            Failure::Insecure => Self::InsecureUrl,
            other => Self::Unreachable(other),
        }
    }
}

impl From<SendError> for ServerTrouble {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Sign(error) => Self::Sign(error),
            SendError::Failure(failure) => failure.into(),
        }
    }
}

/// Why an address is not that of a management server which this phone may talk to.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AddressError {
    /// It can't be used at all.
    #[error("the server's address is unusable")]
    Unusable,
    /// It is neither https nor, in host tests, this machine.
    #[error("the address is not an https address")]
    Insecure,
    /// The configuration does not allow this server.
    #[error("the server {host} is not allowed")]
    NotAllowed {
        /// Host, and port where it is not the usual one.
        host: String,
    },
}

impl AddressError {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unusable => "bad_server_url",
            Self::Insecure => "insecure_url",
            Self::NotAllowed { .. } => "host_not_allowed",
        }
    }
}

/// Why a server's endpoints were not found.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// The server says it is another one (RFC 8414 §3.3).
    #[error("the server names another issuer")]
    IssuerMismatch,
    /// Anything that is not about this server's description.
    #[error(transparent)]
    Server(#[from] ServerTrouble),
}

impl DiscoveryError {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IssuerMismatch => "issuer_mismatch",
            Self::Server(trouble) => trouble.code(),
        }
    }

    /// Seconds that the server wants us to wait.
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::IssuerMismatch => None,
            Self::Server(trouble) => trouble.retry_after(),
        }
    }
}

/// Why there is no status that counts.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StatusError {
    /// The status is signed by nobody we trust, or badly.
    #[error("the server's signature does not count: {0}")]
    Untrusted(#[from] TrustError),
    /// Anything else.
    #[error(transparent)]
    Server(#[from] ServerTrouble),
}

impl StatusError {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Untrusted(_) => "untrusted_signature",
            Self::Server(trouble) => trouble.code(),
        }
    }
}
