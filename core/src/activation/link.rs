//! Activation links: `https://<app link host>/a#v=1&c=<code>&s=<host[:port]>&k=<thumbprint>`.
//!
//! Everything stands in the fragment, so a web server that gets to see the link does not see the
//! code. A link that can be read in two ways is refused, and nothing of it is sent or logged.
use std::collections::BTreeMap;

use url::Url;

use crate::http::host_and_port;
use crate::jose::Thumbprint;
use crate::limits;
use crate::management::{HostDisplay, ServerUrl};
use crate::secret::Secret;

/// An activation link, read but not yet confirmed by the person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// The management server.
    pub server_url: ServerUrl,
    /// Its host, to be shown before anything is sent.
    pub host: HostDisplay,
    /// The activation code.
    pub code: Secret<String>,
    /// The policy key that the link vouches for.
    pub policy_key: Option<Thumbprint>,
}

/// Why a link is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LinkError {
    /// Longer than [`limits::LINK_BYTES`].
    #[error("the link is too long")]
    TooLong,
    /// Not a link to this app: other scheme, host, port or path.
    #[error("not an activation link")]
    NotALink,
    /// A user name stands before the host.
    #[error("the link carries a user name")]
    UserInfo,
    /// Something stands in the query, where web servers would log it.
    #[error("the link carries something outside its fragment")]
    OutsideFragment,
    /// A newer kind of link: the app must be updated.
    #[error("the link needs a newer version of the app")]
    UpdateApp,
    /// A parameter is there twice.
    #[error("a parameter of the link is there twice")]
    Duplicate,
    /// A parameter is missing or malformed.
    #[error("the parameter {0} of the link is missing or malformed")]
    Parameter(&'static str),
}

impl LinkError {
    /// A stable name for logs, states and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "link_too_long",
            Self::NotALink => "link_not_ours",
            Self::UserInfo => "link_user_info",
            Self::OutsideFragment => "link_outside_fragment",
            Self::UpdateApp => "link_update_app",
            Self::Duplicate => "link_duplicate",
            Self::Parameter(_) => "link_parameter",
        }
    }
}

/// Shortest code, in characters: 128 bits in base64url.
const CODE_MIN_CHARS: usize = 22;

impl Link {
    /// Reads `text`, a link to `app_link_host` (a host name, or host and port).
    pub fn parse(text: &str, app_link_host: &str) -> Result<Self, LinkError> {
        if text.len() > limits::LINK_BYTES {
            return Err(LinkError::TooLong);
        }
        let text = text.trim();
        // The parser would drop line breaks and tabs, wherever they stand.
        if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(LinkError::NotALink);
        }
        let url = Url::parse(text).map_err(|_| LinkError::NotALink)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(LinkError::UserInfo);
        }
        if url.scheme() != "https" || host_and_port(&url) != app_link_host || url.path() != "/a" {
            return Err(LinkError::NotALink);
        }
        if url.query().is_some() {
            return Err(LinkError::OutsideFragment);
        }
        // Taken from the text itself: the parser would percent-encode and drop characters.
        let (_, fragment) = text.split_once('#').ok_or(LinkError::Parameter("v"))?;
        let parameters = parameters(fragment)?;
        let get = |name: &'static str| {
            parameters.get(name).map(String::as_str).ok_or(LinkError::Parameter(name))
        };
        if get("v")? != "1" {
            return Err(LinkError::UpdateApp);
        }
        let code = get("c")?;
        if code.len() < CODE_MIN_CHARS || !code.bytes().all(is_unreserved) {
            return Err(LinkError::Parameter("c"));
        }
        let server_url = server(get("s")?).ok_or(LinkError::Parameter("s"))?;
        let policy_key = parameters.get("k").map(|k| k.parse()).transpose();
        Ok(Self {
            host: server_url.host(),
            server_url,
            code: Secret::new(code.to_owned()),
            policy_key: policy_key.map_err(|_| LinkError::Parameter("k"))?,
        })
    }
}

/// RFC 3986 §2.3.
fn is_unreserved(c: u8) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~')
}

/// Names and values. Names stand as they are, values may be percent-encoded. Names that this
/// version does not know are read over.
fn parameters(fragment: &str) -> Result<BTreeMap<&str, String>, LinkError> {
    let mut found = BTreeMap::new();
    for pair in fragment.split('&').filter(|p| !p.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = percent_decode(value).unwrap_or_default();
        if found.insert(name, value).is_some() {
            return Err(LinkError::Duplicate);
        }
    }
    Ok(found)
}

/// RFC 3986 §2.1. `None` for broken escapes, and for what is not UTF-8 or has control characters.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |c: &u8| char::from(*c).to_digit(16);
        bytes.push(u8::try_from(digit(high)? * 16 + digit(low)?).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains(|c: char| c.is_control()))
}

/// Reads `host[:port]`. Only what a person can check by looking: no path, no user name, no escapes,
/// no number that stands for an address, no dot at the end.
fn server(text: &str) -> Option<ServerUrl> {
    if text.is_empty()
        || text.ends_with(':')
        || text.contains(|c: char| "/\\@?#% ".contains(c) || c.is_whitespace())
    {
        return None;
    }
    let scheme = if is_loopback(text) { "http" } else { "https" };
    let url = Url::parse(&format!("{scheme}://{text}/")).ok()?;
    if url.path() != "/" || url.host_str()?.ends_with('.') {
        return None;
    }
    // 0x7f.1 and 2130706433 are 127.0.0.1 to the parser, and nothing to a person.
    if let Some(url::Host::Ipv4(address)) = url.host()
        && text.split(':').next() != Some(&address.to_string())
    {
        return None;
    }
    ServerUrl::parse(url.as_str()).ok()
}

/// In host tests a server on this machine speaks plain http.
fn is_loopback(text: &str) -> bool {
    cfg!(feature = "loopback-http")
        && Url::parse(&format!("http://{text}/"))
            .is_ok_and(|url| crate::http::check_url(url.as_str()).is_ok())
}
