//! Why a book was not kept.
use super::auth::AuthError;
use crate::contacts::dav::XmlError;
use crate::http::Failure;
use crate::store::StoreError;

/// Why a sync of a book or a discovery ended early. Contacts that are there stay there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BookError {
    /// No answer, or only a part of one.
    #[error("no complete answer: {0}")]
    Unreachable(Failure),
    /// The agent's time is up; the next run goes on.
    #[error("interrupted")]
    Cancelled,
    /// The server wants another login (401, or `unauthenticated` of RFC 5397).
    #[error("the server refuses the login")]
    LoginRefused,
    /// The login can't be made at the moment.
    #[error(transparent)]
    Auth(AuthError),
    /// The login is right, but may not read the book (403).
    #[error("the server does not allow to read the address book")]
    Forbidden,
    /// There is nothing at the address (404, 410).
    #[error("there is no address book at the address")]
    NotFound,
    /// There is something, but no CardDAV.
    #[error("the address belongs to no CardDAV server")]
    NotCardDav,
    /// The server asks for patience (429, 503).
    #[error("the server asks to come back later")]
    Busy {
        /// `Retry-After`, if it says so.
        retry_after_seconds: Option<i64>,
    },
    /// The server is broken (5xx).
    #[error("the server failed with status {status}")]
    ServerFault {
        /// The status code.
        status: u16,
    },
    /// An answer that makes no sense.
    #[error(transparent)]
    BadAnswer(BadAnswer),
    /// More than the agent takes.
    #[error("over the limit {limit}")]
    TooLarge {
        /// The limit's name in [`crate::limits`].
        limit: &'static str,
    },
    /// The contacts file is locked, full or damaged.
    #[error("the contacts file can't be written: {}", .0.text())]
    Store(StoreFault),
}

/// An answer that makes no sense.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadAnswer {
    /// Not WebDAV.
    #[error("{0}")]
    Xml(#[from] XmlError),
    /// A status that does not belong there.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// More redirects than [`crate::limits::REDIRECTS`], or one that leads nowhere.
    #[error("the server redirects without end")]
    Redirect,
    /// A redirect from https to http.
    #[error("the server redirects to an address that is not https")]
    InsecureRedirect,
    /// Page after page with the same token.
    #[error("the server's list has no end")]
    EndlessPages,
}

/// What is wrong with the contacts file, for the report; details are the store's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StoreFault {
    /// The key is not there.
    Locked,
    /// The phone is full.
    Full,
    /// The data key has sealed as often as it may: a new generation is needed.
    KeyExhausted,
    /// A limit of the store.
    TooMany(&'static str),
    /// Anything else.
    Damaged,
}

impl StoreFault {
    fn text(self) -> &'static str {
        match self {
            StoreFault::Locked => "it is locked",
            StoreFault::Full => "the phone is full",
            StoreFault::KeyExhausted => "its key is worn out",
            StoreFault::TooMany(_) => "it is over a limit",
            StoreFault::Damaged => "it is damaged",
        }
    }
}

impl BookError {
    /// Seconds that the server asked to wait.
    pub fn retry_after_seconds(self) -> Option<i64> {
        match self {
            BookError::Busy { retry_after_seconds } => retry_after_seconds,
            _ => None,
        }
    }
}

impl From<Failure> for BookError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Cancelled => BookError::Cancelled,
            failure => BookError::Unreachable(failure),
        }
    }
}

impl From<XmlError> for BookError {
    fn from(error: XmlError) -> Self {
        match error {
            // A connection that just ends looks like a complete answer to some platforms.
            XmlError::Incomplete => BookError::Unreachable(Failure::Cut),
            XmlError::TooDeep => BookError::TooLarge { limit: "XML_DEPTH" },
            XmlError::TextTooLong => BookError::TooLarge { limit: "XML_TEXT_BYTES" },
            other => BookError::BadAnswer(BadAnswer::Xml(other)),
        }
    }
}

impl From<StoreError> for BookError {
    fn from(error: StoreError) -> Self {
        BookError::Store(match error {
            StoreError::Locked => StoreFault::Locked,
            StoreError::Full => StoreFault::Full,
            StoreError::KeyExhausted => StoreFault::KeyExhausted,
            StoreError::TooMany { limit } => StoreFault::TooMany(limit),
            _ => StoreFault::Damaged,
        })
    }
}
