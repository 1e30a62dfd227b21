//! HTTP as values.
use muster_core::http::{Failure, Request, Timeouts};

/// How long a shell waits for an answer.
pub type HttpTimeouts = Timeouts;

/// How long a shell waits for an answer.
#[uniffi::remote(Record)]
pub struct HttpTimeouts {
    /// Milliseconds until the connection stands, TLS included.
    pub connect_ms: i64,
    /// Milliseconds from the request until the first byte of the answer. Some address books need
    /// 40 s and more for a first listing.
    pub first_byte_ms: i64,
    /// Milliseconds between two pieces of the answer.
    pub between_bytes_ms: i64,
}

/// Why there is no answer, or only a part of one. Shells map the platform's errors to these.
pub type HttpFailure = Failure;

/// Why there is no answer, or only a part of one. Shells map the platform's errors to these.
#[uniffi::remote(Enum)]
pub enum HttpFailure {
    /// The host name is unknown, or the phone is not connected.
    NameNotFound,
    /// Nobody listens there.
    Refused,
    /// No answer in time.
    TimedOut,
    /// No trusted TLS connection.
    Tls,
    /// A proxy wants a login.
    ProxyLogin,
    /// The connection broke in the middle of the answer.
    Cut,
    /// Given up by the agent itself. A shell need not report a request that it was told to cancel.
    Cancelled,
    /// More bytes than the limit for this kind of answer.
    TooLarge,
    /// The agent may not send there: not https.
    Insecure,
    /// Anything else.
    Other,
}

/// A header field.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpHeader {
    /// Its name, in any case (RFC 9110 §5.1).
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A request to run exactly as it stands: no redirect is followed; no cookie, cache, credential
/// store, automatic login or retry of the platform takes part. URL, header fields and body can hold
/// credentials: never log them.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct HttpRequest {
    /// `GET`, `POST`, `PROPFIND` (RFC 4918) or `REPORT` (RFC 3253).
    pub method: String,
    /// An absolute `https` address.
    pub url: String,
    /// Header fields, in order.
    pub headers: Vec<HttpHeader>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// How long to wait.
    pub timeouts: HttpTimeouts,
}

impl From<Request> for HttpRequest {
    fn from(request: Request) -> Self {
        let header = |(name, value)| HttpHeader { name, value };
        Self {
            method: request.method.as_str().to_owned(),
            url: request.url,
            headers: request.headers.into_iter().map(header).collect(),
            body: request.body,
            timeouts: request.timeouts,
        }
    }
}
