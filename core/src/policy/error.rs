use crate::management::{ServerTrouble, TrustError};

/// Why there is no new policy. The last one stays in force.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PolicyError {
    /// The server does not take the access token (401, 403): refresh it, then ask for the status.
    #[error("the server does not accept this phone's token")]
    Unauthorized,
    /// No usable answer.
    #[error(transparent)]
    Server(#[from] ServerTrouble),
    /// The signature does not count.
    #[error("the policy's signature does not count: {0}")]
    Untrusted(#[from] TrustError),
    /// It is for somebody else: `iss`, `aud` or `sub`.
    #[error("the policy is for another {0}")]
    NotForUs(&'static str),
    /// Older than the policy in force. To be reported: somebody may be replaying.
    #[error("the policy ({seq}) is older than the one in force ({last})")]
    Older {
        /// Its number.
        seq: i64,
        /// The number of the policy in force.
        last: i64,
    },
    /// The same number as the policy in force, and other content. To be reported.
    #[error("two different policies have the number {seq}")]
    Conflicting {
        /// The number.
        seq: i64,
    },
    /// A member is missing or malformed. Nothing of the policy is applied.
    #[error("the member {member} of the policy is missing or malformed")]
    Member {
        /// Its path, such as `contacts.books[2].url`.
        member: String,
    },
}

impl PolicyError {
    /// A stable name for logs, states and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Server(trouble) => trouble.code(),
            Self::Untrusted(_) => "untrusted_signature",
            Self::NotForUs(_) => "policy_not_for_us",
            Self::Older { .. } => "policy_older",
            Self::Conflicting { .. } => "policy_conflicting",
            Self::Member { .. } => "policy_member",
        }
    }

    pub(super) fn member(name: impl Into<String>) -> Self {
        Self::Member { member: name.into() }
    }
}
