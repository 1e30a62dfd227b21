//! Why a phone was not let in, each cause apart.
use crate::management::{AddressError, DiscoveryError, ServerTrouble};

/// Why an activation did not succeed.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ActivationError {
    /// The server does not know these credentials, or does not say more about them.
    #[error("unknown credentials")]
    UnknownCredentials,
    /// The company took this person's or phone's access away.
    #[error("access was withdrawn")]
    Revoked,
    /// Every seat of the licence is taken.
    #[error("no seat is free")]
    SeatsExhausted,
    /// The code was used already, by another phone.
    #[error("the code was used before")]
    CodeUsed,
    /// The code is too old.
    #[error("the code has expired")]
    CodeExpired,
    /// The company lets only phones in that it manages, and this is none of them.
    #[error("this device is not on the company's list")]
    OutsideAllowedDevices,
    /// Refused for a reason that this version does not know.
    #[error("the server refused the activation")]
    Denied,
    /// The session in which a one-time code was asked for is over: start again.
    #[error("the session with the server is over")]
    SessionExpired,
    /// The authorization code was not accepted. The evidence can be sent again.
    #[error("the server did not accept its own authorization code")]
    GrantRefused,
    /// The person, or the sign-in page, said no.
    #[error("the sign-in in the browser was refused")]
    BrowserRefused,
    /// The browser came back with an answer that is not to our question (RFC 6749 §10.12,
    /// RFC 9207).
    #[error("the answer of the browser belongs to another sign-in")]
    BrowserMismatch,
    /// The configured address can't be used at all.
    #[error("the server's address is unusable")]
    BadServerUrl,
    /// The configuration does not allow this server.
    #[error("the server {host} is not allowed")]
    HostNotAllowed {
        /// Host, and port where it is not the usual one.
        host: String,
    },
    /// The server says it is another one (RFC 8414 §3.3).
    #[error("the server names another issuer")]
    IssuerMismatch,
    /// The server's policy keys are not the ones that the configuration or the link pinned.
    #[error("the server's policy key is not the expected one")]
    PolicyKeyMismatch,
    /// Anything that is not about this activation.
    #[error(transparent)]
    Server(#[from] ServerTrouble),
}

impl ActivationError {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCredentials => "unknown_credentials",
            Self::Revoked => "revoked",
            Self::SeatsExhausted => "seats_exhausted",
            Self::CodeUsed => "code_used",
            Self::CodeExpired => "code_expired",
            Self::OutsideAllowedDevices => "outside_allowed_devices",
            Self::Denied => "denied",
            Self::SessionExpired => "session_expired",
            Self::GrantRefused => "grant_refused",
            Self::BrowserRefused => "browser_refused",
            Self::BrowserMismatch => "browser_mismatch",
            Self::BadServerUrl => "bad_server_url",
            Self::HostNotAllowed { .. } => "host_not_allowed",
            Self::IssuerMismatch => "issuer_mismatch",
            Self::PolicyKeyMismatch => "policy_key_mismatch",
            Self::Server(trouble) => trouble.code(),
        }
    }

    /// Whether the same evidence may work later without anybody changing anything.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Server(trouble) => trouble.is_transient(),
            Self::SessionExpired | Self::GrantRefused | Self::SeatsExhausted => true,
            _ => false,
        }
    }

    /// Seconds that the server wants us to wait.
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Server(trouble) => trouble.retry_after(),
            _ => None,
        }
    }
}

impl From<AddressError> for ActivationError {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::Unusable => Self::BadServerUrl,
            AddressError::Insecure => Self::Server(ServerTrouble::InsecureUrl),
            AddressError::NotAllowed { host } => Self::HostNotAllowed { host },
        }
    }
}

impl From<DiscoveryError> for ActivationError {
    fn from(error: DiscoveryError) -> Self {
        match error {
            DiscoveryError::IssuerMismatch => Self::IssuerMismatch,
            DiscoveryError::Server(trouble) => Self::Server(trouble),
        }
    }
}
