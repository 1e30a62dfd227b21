//! Where a request may go at all: https everywhere, http to this machine only in host tests.
use url::{Host, Url};

/// A URL that must not be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum InsecureUrl {
    /// It can't be parsed, or has no host, or carries a user name.
    #[error("not a usable address")]
    Malformed,
    /// It is not https.
    #[error("not an https address")]
    NotHttps,
}

/// Parses `text` and refuses whatever is neither https nor, under the feature `loopback-http`,
/// http to 127.0.0.0/8 or ::1.
pub fn check_url(text: &str) -> Result<Url, InsecureUrl> {
    let url = Url::parse(text).map_err(|_| InsecureUrl::Malformed)?;
    if url.host().is_none() || !url.username().is_empty() || url.password().is_some() {
        return Err(InsecureUrl::Malformed);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if cfg!(feature = "loopback-http") && is_loopback(&url) => Ok(url),
        _ => Err(InsecureUrl::NotHttps),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(a)) => a.is_loopback(),
        Some(Host::Ipv6(a)) => a.is_loopback(),
        _ => false,
    }
}

/// Scheme, host and port of `url` (RFC 6454), the scope of a credential.
pub fn origin_of(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The host of `url`, with the port where it is not the scheme's own.
pub fn host_and_port(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// The bare host of the URL `text`, for logs and messages: nothing else of a URL may stand there.
pub fn host_of(text: &str) -> Option<String> {
    Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_accepted_and_everything_doubtful_refused() {
        assert!(check_url("https://muster.example/a").is_ok());
        for bad in
            ["", "muster.example", "https://", "https://user@muster.example/", "https://u:p@h/"]
        {
            assert_eq!(check_url(bad), Err(InsecureUrl::Malformed), "{bad}");
        }
        for bad in ["http://muster.example/", "ftp://muster.example/", "http://localhost/"] {
            assert_eq!(check_url(bad), Err(InsecureUrl::NotHttps), "{bad}");
        }
    }

    #[test]
    fn loopback_http_only_under_its_feature() {
        for url in ["http://127.0.0.1:8780/", "http://127.3.2.1/", "http://[::1]:8780/"] {
            assert_eq!(check_url(url).is_ok(), cfg!(feature = "loopback-http"), "{url}");
        }
        assert!(check_url("http://128.0.0.1/").is_err());
    }
}
