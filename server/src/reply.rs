//! Requests and replies as plain values, so that everything below the socket is an ordinary
//! function; and the two kinds of error body: OAuth's (RFC 6749 §5.2) at OAuth endpoints, problem
//! details (RFC 9457) everywhere else.

use std::io::Write;
use std::net::IpAddr;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use crate::crypto::NoRandom;
use crate::storage::StoreError;

/// A request, its body read whole.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query, without the question mark.
    pub query: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// Where it came from.
    pub peer: IpAddr,
}

impl Request {
    /// A header that is there exactly once and readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?;
        if values.next().is_some() { None } else { value.to_str().ok() }
    }

    /// The parameters of a form-encoded body. A parameter that comes twice is an error of the
    /// client (RFC 6749 §3.1), told by `None`.
    #[must_use]
    pub fn form(&self) -> Option<Form> {
        let content_type = self.header("content-type").unwrap_or_default();
        if !content_type.starts_with("application/x-www-form-urlencoded") {
            return None;
        }
        let mut form = std::collections::BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(&self.body) {
            if form.insert(name.into_owned(), value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Form(form))
    }

    /// One parameter of the query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// Parameters of a form.
#[derive(Debug)]
pub struct Form(std::collections::BTreeMap<String, String>);

impl Form {
    /// A parameter; an empty one counts as absent (RFC 6749 §3.1).
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Writes a body piece by piece, on a thread of its own.
pub type Writing = Box<dyn FnOnce(&mut dyn Write) -> std::io::Result<()> + Send>;

/// The body of a reply.
pub enum Body {
    /// All of it.
    Whole(Vec<u8>),
    /// Written while it is sent.
    Streamed(Writing),
}

/// A reply.
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

impl Reply {
    /// A reply without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Whole(Vec::new()) }
    }

    /// A reply with a body of some type.
    #[must_use]
    pub fn typed(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::empty(status).with("content-type", content_type).body(Body::Whole(body.into()))
    }

    /// A JSON reply, never to be cached: all of ours hold something personal or secret.
    #[must_use]
    pub fn json(status: u16, value: &Value) -> Self {
        Self::typed(status, "application/json", value.to_string()).with("cache-control", "no-store")
    }

    /// An OAuth error (RFC 6749 §5.2). The description is for developers.
    #[must_use]
    pub fn oauth(status: u16, error: &str, description: &str) -> Self {
        Self::json(status, &json!({"error": error, "error_description": description}))
    }

    /// Problem details (RFC 9457).
    #[must_use]
    pub fn problem(status: u16, title: &str, detail: &str) -> Self {
        let body =
            json!({"type": "about:blank", "status": status, "title": title, "detail": detail});
        Self::typed(status, "application/problem+json", body.to_string())
    }

    /// Adds a header field.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }
}

/// Nothing the client did: the reason goes to the operator on stderr, the client learns only that.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The storage.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] NoRandom),
    /// A tenant without a readable signing key.
    #[error("tenant {0} has no readable policy key")]
    NoKey(String),
}

impl Failure {
    /// The reply that tells it.
    #[must_use]
    pub fn into_reply(self) -> Reply {
        self.into()
    }
}

impl From<Failure> for Reply {
    fn from(failure: Failure) -> Self {
        eprintln!("muster-server: {failure}");
        Self::problem(500, "The server failed", "Nothing was changed. Try again later.")
    }
}

impl From<StoreError> for Reply {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<NoRandom> for Reply {
    fn from(error: NoRandom) -> Self {
        Failure::from(error).into()
    }
}
