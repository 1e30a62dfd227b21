//! Addresses of management servers: how they are written, shown, and which are allowed.
use std::fmt;

use url::Url;

use super::AddressError;
use crate::http::{InsecureUrl, check_url};

/// The address of a management server: its OAuth issuer (RFC 8414 §2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ServerUrl {
    url: Url,
}

impl ServerUrl {
    /// Reads `text`: https, no query, no fragment. A trailing slash makes no difference.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = check_url(text.trim()).map_err(|error| match error {
            InsecureUrl::NotHttps => AddressError::Insecure,
            InsecureUrl::Malformed => AddressError::Unusable,
        })?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(AddressError::Unusable);
        }
        Ok(Self { url })
    }

    /// The address without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Where the server describes itself (RFC 8414 §3.1: the well-known part stands before the path).
    pub(super) fn metadata_url(&self) -> String {
        let mut url = self.url.clone();
        let path = self.url.path().trim_end_matches('/');
        url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
        url.into()
    }

    /// The host as a person should see it.
    pub fn host(&self) -> HostDisplay {
        HostDisplay::of(&self.url)
    }

    /// Whether the address is https.
    pub(super) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// A host to show to a person: never only in a form in which look-alike letters could mislead.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostDisplay {
    /// In ASCII (punycode for international names), with the port if it is not the usual one.
    pub ascii: String,
    /// In Unicode, if that differs.
    pub unicode: Option<String>,
}

impl HostDisplay {
    fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
        let (readable, _) = idna::domain_to_unicode(host);
        let unicode = (readable != host).then(|| format!("{readable}{port}"));
        Self { ascii: format!("{host}{port}"), unicode }
    }
}

impl fmt::Display for HostDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.unicode {
            Some(unicode) => write!(f, "{unicode} ({})", self.ascii),
            None => f.write_str(&self.ascii),
        }
    }
}

/// Which servers the managed configuration allows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ServerAllowList {
    /// `None`: the configuration says nothing, and every server is allowed.
    allowed: Option<Vec<Allowed>>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Allowed {
    host: String,
    port: Option<u16>,
}

impl ServerAllowList {
    /// Reads the settings `allowed_servers`, if it is set, and `server_url`. Each entry is a host, a
    /// host with a port, or a URL. The host of `server_url` is always allowed, and without a list it
    /// is the only one. An entry that can't be read allows nothing, and never opens the list; nor
    /// does a list of nothing else.
    pub fn new(allowed_servers: Option<&[String]>, server_url: Option<&str>) -> Self {
        if allowed_servers.is_none() && server_url.is_none() {
            return Self::default();
        }
        let entries = allowed_servers.unwrap_or_default().iter().map(String::as_str);
        let entries: Vec<&str> = entries.chain(server_url).collect();
        Self { allowed: Some(entries.into_iter().filter_map(Allowed::parse).collect()) }
    }

    /// Refuses `server` if it is not on the list.
    pub fn check(&self, server: &ServerUrl) -> Result<(), AddressError> {
        let Some(allowed) = &self.allowed else { return Ok(()) };
        let host = server.url.host_str().unwrap_or_default();
        let port = server.url.port_or_known_default();
        let fits =
            |entry: &Allowed| entry.host == host && entry.port.is_none_or(|p| Some(p) == port);
        if allowed.iter().any(fits) {
            return Ok(());
        }
        Err(AddressError::NotAllowed { host: server.host().ascii })
    }
}

impl Allowed {
    fn parse(entry: &str) -> Option<Self> {
        let entry = entry.trim();
        if let Some((_, authority)) = entry.split_once("://") {
            // A URL allows exactly its port.
            let url = Url::parse(entry).ok().filter(|_| !authority.is_empty())?;
            let host = url.host_str()?.to_owned();
            return Some(Self { host, port: url.port_or_known_default() });
        }
        if entry.contains(['/', '@', '?', '#', '\\']) {
            return None;
        }
        let url = Url::parse(&format!("https://{entry}/")).ok()?;
        // The parser drops ":443"; a port that was written counts.
        let port = match entry.ends_with(":443") {
            true => Some(443),
            false => url.port(),
        };
        Some(Self { host: url.host_str()?.to_owned(), port })
    }
}
