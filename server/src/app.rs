//! What every request handler shares, and how a device proves who it is.

use std::net::IpAddr;
use std::sync::Arc;

use crate::clock::Clock;
use crate::crypto::dpop::{Expected, Guard, Proof, ProofError};
use crate::crypto::jws::PolicyKey;
use crate::crypto::password::Checker;
use crate::ids::{Digest, TenantId, UnixTime};
use crate::limit::Limiter;
use crate::reply::{Failure, Reply, Request};
use crate::storage::{DeviceRow, GrantRow, Storage, Tx};

/// A device that was heard of less long ago than this is not written down again: a read stays a
/// read.
const CONTACT_S: i64 = 300;

/// The server's own address, as phones know it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issuer {
    /// Without a slash at the end; also the OAuth issuer and the audience of events.
    pub url: String,
    /// Scheme and host of it.
    pub origin: String,
    /// Its path, empty or beginning with a slash.
    pub base: String,
    /// `host` or `host:port`, as it stands in activation links.
    pub authority: String,
}

impl Issuer {
    /// Reads an issuer URL: http or https, no query, no fragment.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        let host = url.host_str().filter(|_| plain)?;
        let base = url.path().trim_end_matches('/').to_owned();
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let origin = format!("{}://{authority}", url.scheme());
        Some(Self { url: format!("{origin}{base}"), origin, base, authority })
    }

    /// The address of an endpoint.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Everything behind the sockets.
pub struct App {
    /// The data.
    pub storage: Arc<dyn Storage>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The server's address.
    pub issuer: Issuer,
    /// DPoP nonces and replays.
    pub guard: Guard,
    /// Password checks.
    pub passwords: Checker,
    /// Pauses after wrong guesses.
    pub limiter: Limiter,
    /// Cards in one answer of the address book.
    pub page_size: usize,
    /// Whether the source address stands in `X-Forwarded-For`.
    pub behind_proxy: bool,
}

/// A request whose access token and proof hold.
#[derive(Clone, Debug)]
pub struct Session {
    /// The device.
    pub device: DeviceRow,
    /// Its authorization.
    pub grant: GrantRow,
}

impl App {
    /// The time.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        self.clock.now()
    }

    /// Where a request came from, for pauses.
    #[must_use]
    pub fn source(&self, request: &Request) -> IpAddr {
        let forwarded = || {
            let value = request.headers.get_all("x-forwarded-for").iter().next_back()?;
            value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        if self.behind_proxy { forwarded().unwrap_or(request.peer) } else { request.peer }
    }

    fn proof(&self, request: &Request, token: Option<&str>) -> Result<Proof, ProofError> {
        let proof = request.header("dpop");
        let proof = proof.ok_or(ProofError::Invalid("one DPoP header is needed"))?;
        let url = format!("{}{}", self.issuer.origin, request.path);
        let expected =
            Expected { method: &request.method, url: &url, access_token: token, now: self.now() };
        self.guard.check(proof, expected)
    }

    /// The proof at an OAuth endpoint: errors as RFC 9449 §5 and §8 say, status 400.
    ///
    /// # Errors
    /// The reply to send.
    pub fn oauth_proof(&self, request: &Request) -> Result<Proof, Reply> {
        self.proof(request, None).map_err(|error| match error {
            ProofError::UseNonce => Reply::oauth(400, "use_dpop_nonce", &error.to_string()),
            ProofError::Invalid(why) => Reply::oauth(400, "invalid_dpop_proof", why),
        })
    }

    /// The proof at a resource without an access token (the status endpoint).
    ///
    /// # Errors
    /// The reply to send.
    pub fn bare_proof(&self, request: &Request) -> Result<Proof, Reply> {
        self.proof(request, None).map_err(|error| refuse_proof(&error))
    }

    /// The device behind a request with access token and proof (RFC 9449 §7).
    ///
    /// # Errors
    /// The 401 to send.
    pub fn session(&self, request: &Request) -> Result<Session, Reply> {
        let header = request.header("authorization").unwrap_or_default();
        let token =
            header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("dpop"));
        let Some((_, token)) = token else {
            return Err(Reply::problem(401, "Not signed in", "A DPoP access token is needed.")
                .with("www-authenticate", r#"DPoP algs="ES256""#));
        };
        let token = token.trim();
        let proof = self.proof(request, Some(token)).map_err(|error| refuse_proof(&error))?;
        let now = self.now();
        let session = self.storage.read(|tx| -> Result<_, Reply> {
            let Some((grant, expires_at)) = tx.grant_by_access(Digest::of(token.as_bytes()))?
            else {
                return Ok(None);
            };
            if grant.revoked_at.is_some() || expires_at <= now || grant.device != proof.device {
                return Ok(None);
            }
            let device = tx.device(&grant.device)?;
            Ok(device
                .filter(|device| device.state.may_use_tokens())
                .map(|device| Session { device, grant }))
        })?;
        let mut session =
            session.ok_or_else(|| refuse("invalid_token", "The access token is not valid."))?;
        if now.0 - session.device.last_contact.0 >= CONTACT_S {
            session.device = self.storage.write(|tx| -> Result<_, Reply> {
                let mut device = tx.device(&session.device.name)?.unwrap_or(session.device);
                device.last_contact = now;
                tx.put_device(&device)?;
                Ok(device)
            })?;
        }
        Ok(session)
    }
}

fn refuse_proof(error: &ProofError) -> Reply {
    match error {
        ProofError::UseNonce => refuse("use_dpop_nonce", &error.to_string()),
        ProofError::Invalid(why) => refuse("invalid_dpop_proof", why),
    }
}

fn refuse(error: &str, detail: &str) -> Reply {
    Reply::problem(401, "Not signed in", detail)
        .with("www-authenticate", format!(r#"DPoP algs="ES256", error="{error}""#))
}

/// The key that signs for a tenant.
///
/// # Errors
/// When the tenant has none, which only a damaged file explains.
pub fn policy_key(tx: &dyn Tx, tenant: &TenantId) -> Result<PolicyKey, Failure> {
    tx.keys(tenant)?
        .first()
        .and_then(|row| PolicyKey::read(&row.pkcs8))
        .ok_or_else(|| Failure::NoKey(tenant.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers() {
        let check = |text: &str, expect: Option<(&str, &str, &str)>| {
            let issuer = Issuer::parse(text);
            let parts =
                issuer.as_ref().map(|i| (i.url.as_str(), i.base.as_str(), i.authority.as_str()));
            assert_eq!(parts, expect, "{text}");
        };
        check("http://127.0.0.1:8780", Some(("http://127.0.0.1:8780", "", "127.0.0.1:8780")));
        check("https://m.example/", Some(("https://m.example", "", "m.example")));
        check("https://m.example/a/b/", Some(("https://m.example/a/b", "/a/b", "m.example")));
        check("https://m.example:443/", Some(("https://m.example", "", "m.example")));
        check("https://m.example/?x", None);
        check("https://u@m.example/", None);
        check("ftp://m.example/", None);
        check("muster", None);
    }
}
