//! Addresses of members: servers write one and the same in many ways.
use std::fmt::Write as _;

use url::Url;

/// A collection, and what addresses in its answers mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Collection {
    url: Url,
    key: String,
}

/// The address of a member.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Href {
    /// The same for every way of writing the same address: a path in which only unreserved
    /// characters are written out.
    pub key: String,
    /// The path as the server wants to see it again.
    pub path: String,
}

/// Why an address is not one of a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HrefError {
    /// It can't be read.
    #[error("an address that can't be read")]
    Malformed,
    /// It is on another host.
    #[error("an address on another host")]
    Foreign,
    /// It is the collection's own.
    #[error("the address of the collection itself")]
    Collection,
}

impl Collection {
    /// The collection at `url`; its path is taken to end with a slash.
    pub fn new(mut url: Url) -> Self {
        url.set_query(None);
        url.set_fragment(None);
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        let key = canonical(url.path());
        Self { url, key }
    }

    /// The collection's address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Reads an address from an answer of this collection: absolute, an absolute path, or relative;
    /// encoded or not. The host must be the collection's. Scheme and port may differ, since servers
    /// behind a proxy don't know theirs; nothing is ever sent there.
    pub fn member(&self, text: &str) -> Result<Href, HrefError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(HrefError::Malformed);
        }
        let url = self.join(text)?;
        if url.host() != self.url.host() {
            return Err(HrefError::Foreign);
        }
        let key = canonical(url.path());
        if key.trim_end_matches('/') == self.key.trim_end_matches('/') {
            return Err(HrefError::Collection);
        }
        // A server may not know its own names in any other spelling than the one it gave.
        let as_given = text.starts_with('/') && !text.starts_with("//") && !text.contains('#');
        let path = if as_given { text.to_owned() } else { url.path().to_owned() };
        Ok(Href { key, path })
    }

    /// Where to fetch a member by itself.
    pub fn url_of(&self, path: &str) -> Option<Url> {
        self.join(path).ok()
    }

    fn join(&self, text: &str) -> Result<Url, HrefError> {
        let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
        let absolute = start.starts_with("http://") || start.starts_with("https://");
        let joined = match text {
            _ if absolute || text.starts_with('/') => self.url.join(text),
            // A colon in a name is no scheme.
            _ => self.url.join(&format!("./{text}")),
        };
        joined.map_err(|_| HrefError::Malformed)
    }
}

/// `path` with every escape decoded and only what must be escaped escaped again: `%2B` and `+`, `ü`
/// and `%c3%bc` become the same. An escaped slash stays one.
fn canonical(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, slash_is_name, after) = match (first, after) {
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, true, after),
                _ => (b'%', false, &rest[1..]),
            },
            _ => (*first, false, after),
        };
        let plain = byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
            || byte == b'/' && !slash_is_name;
        if plain {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        rest = after;
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|d| d as u8)
}
