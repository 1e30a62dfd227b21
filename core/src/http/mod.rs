//! HTTP as values. The shell sends a [`Request`] exactly as it stands: no redirect is followed, no
//! cookie, cache, credential store or retry of the platform takes part.
use std::fmt;

pub mod backoff;
mod date;
mod secure;

pub use date::{http_date, retry_after};
pub use secure::{InsecureUrl, check_url, host_and_port, host_of, origin_of};

/// Request methods the agent uses (RFC 9110, RFC 4918, RFC 3253).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PROPFIND (RFC 4918 §9.1)
    Propfind,
    /// REPORT (RFC 3253 §3.6)
    Report,
}

impl Method {
    /// The method as it stands in the request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Propfind => "PROPFIND",
            Method::Report => "REPORT",
        }
    }
}

/// How long a shell waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// Milliseconds until the connection stands, TLS included.
    pub connect_ms: i64,
    /// Milliseconds from the request until the first byte of the answer. Some CardDAV servers need
    /// 40 s and more for a first listing.
    pub first_byte_ms: i64,
    /// Milliseconds between two pieces of the answer.
    pub between_bytes_ms: i64,
}

impl Timeouts {
    /// For the management server's small answers.
    pub const SMALL: Timeouts =
        Timeouts { connect_ms: 15_000, first_byte_ms: 30_000, between_bytes_ms: 30_000 };
    /// For address books.
    pub const BOOK: Timeouts =
        Timeouts { connect_ms: 15_000, first_byte_ms: 120_000, between_bytes_ms: 60_000 };
}

/// A request to run.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// An absolute `https` URL (or `http` to this machine, under the feature `loopback-http`).
    pub url: String,
    /// Header fields in order. They can hold credentials.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// How long to wait.
    pub timeouts: Timeouts,
}

impl Request {
    /// A request without body and header fields.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            timeouts: Timeouts::SMALL,
        }
    }

    /// Adds a header field.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sets the body and its type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", content_type)
    }

    /// Sets how long to wait.
    #[must_use]
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }
}

/// Only method and host: URLs, header fields and bodies can hold what must not be logged.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = host_of(&self.url);
        write!(
            f,
            "{} {} ({} bytes)",
            self.method.as_str(),
            host.as_deref().unwrap_or("?"),
            self.body.len()
        )
    }
}

/// The first part of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Head {
    /// The status code.
    pub status: u16,
    /// Header fields as they came.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The first field called `name`, whatever its case (RFC 9110 §5.1).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The media type of the body, in lower case and without parameters.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("Content-Type")?;
        Some(value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }
}

/// A whole answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answer {
    /// Status and header fields.
    pub head: Head,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer, or only a part of one. Shells map the platform's errors to these.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Failure {
    /// The host name is unknown, or the phone is not connected.
    #[error("host name not found")]
    NameNotFound,
    /// Nobody listens there.
    #[error("connection refused")]
    Refused,
    /// No answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// No trusted TLS connection.
    #[error("no trusted TLS connection")]
    Tls,
    /// A proxy wants a login.
    #[error("the proxy wants a login")]
    ProxyLogin,
    /// The connection broke in the middle of the answer.
    #[error("the connection broke")]
    Cut,
    /// Given up by the agent itself: its time window closed, or the work became pointless.
    #[error("cancelled")]
    Cancelled,
    /// More bytes than the limit for this kind of answer.
    #[error("the answer is too large")]
    TooLarge,
    /// The agent may not send there: not https.
    #[error("not an https address")]
    Insecure,
    /// Anything else.
    #[error("the connection failed")]
    Other,
}
