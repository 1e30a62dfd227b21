//! Finding the server's endpoints (RFC 8414).
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::answer::read_json;
use super::{DiscoveryError, Members, ServerTrouble, ServerUrl, no_trouble};
use crate::flow::Flow;
use crate::http::{Method, Request, check_url, origin_of};
use crate::limits;

/// The endpoints of a management server. Plain data, no secrets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Metadata {
    /// The server's name for itself, letter for letter.
    pub issuer: String,
    /// Where evidence goes (draft-ietf-oauth-first-party-apps).
    pub challenge_endpoint: String,
    /// Where codes and refresh tokens go (RFC 6749).
    pub token_endpoint: String,
    /// Where the browser goes, if the server knows sign-in in the browser.
    pub authorization_endpoint: Option<String>,
    /// Where tokens are given back (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// The signed policy.
    pub policy_endpoint: String,
    /// The signed status.
    pub status_endpoint: String,
    /// Where reports go (RFC 8935).
    pub events_endpoint: String,
    /// The server's own address book, if it has one.
    pub contacts_url: Option<String>,
    /// The policy keys (RFC 7517).
    pub jwks_uri: Option<String>,
    /// Whether every answer in the browser names the issuer (RFC 9207).
    pub names_issuer_in_browser: bool,
}

impl Metadata {
    /// Whether the issuer or one of the endpoints is at `origin`: the only ones that may see an
    /// access token.
    pub fn names_origin(&self, origin: &str) -> bool {
        let required = [
            &self.issuer,
            &self.challenge_endpoint,
            &self.token_endpoint,
            &self.policy_endpoint,
            &self.status_endpoint,
            &self.events_endpoint,
        ];
        let optional = [&self.contacts_url];
        let named = required.into_iter().chain(optional.into_iter().flatten());
        named.filter_map(|url| Url::parse(url).ok()).any(|url| origin_of(&url) == origin)
    }
}

/// Asks the server at `server_url` for its endpoints.
pub async fn discover(flow: &Flow, server_url: &ServerUrl) -> Result<Metadata, DiscoveryError> {
    let request =
        Request::new(Method::Get, server_url.metadata_url()).header("Accept", "application/json");
    let answer =
        flow.fetch(request, limits::OAUTH_ANSWER_BYTES).await.map_err(ServerTrouble::from)?;
    no_trouble(&answer.head)?;
    if answer.head.status != 200 {
        // Whatever else answers there, it does not know this standard.
        return Err(ServerTrouble::NotAMusterServer.into());
    }
    read(&read_json(answer)?, server_url)
}

fn read(members: &Members, server_url: &ServerUrl) -> Result<Metadata, DiscoveryError> {
    let Some(issuer) = members.optional_text("issuer")? else {
        return Err(ServerTrouble::NotAMusterServer.into());
    };
    if !ServerUrl::parse(issuer).is_ok_and(|i| i.as_str() == server_url.as_str()) {
        return Err(DiscoveryError::IssuerMismatch);
    }
    let optional = |name: &'static str| -> Result<Option<String>, ServerTrouble> {
        let Some(text) = members.optional_text(name)? else { return Ok(None) };
        let url = check_url(text).map_err(|_| ServerTrouble::AnswerInvalid { what: name })?;
        // An https server has no endpoints on http, not even in host tests.
        let downgraded = server_url.is_https() && url.scheme() != "https";
        if downgraded || url.fragment().is_some() {
            return Err(ServerTrouble::AnswerInvalid { what: name });
        }
        Ok(Some(text.to_owned()))
    };
    // A server without these is some other OAuth server.
    let required = |name| optional(name)?.ok_or(ServerTrouble::NotAMusterServer);
    offers(members, "code_challenge_methods_supported", "S256")?;
    offers(members, "dpop_signing_alg_values_supported", "ES256")?;
    let flag = "authorization_response_iss_parameter_supported";
    Ok(Metadata {
        issuer: issuer.to_owned(),
        challenge_endpoint: required("authorization_challenge_endpoint")?,
        token_endpoint: required("token_endpoint")?,
        authorization_endpoint: optional("authorization_endpoint")?,
        revocation_endpoint: optional("revocation_endpoint")?,
        policy_endpoint: required("muster_policy_endpoint")?,
        status_endpoint: required("muster_status_endpoint")?,
        events_endpoint: required("muster_events_endpoint")?,
        contacts_url: optional("muster_contacts_url")?,
        jwks_uri: optional("muster_jwks_uri")?,
        names_issuer_in_browser: members.0.get(flag).and_then(Value::as_bool).unwrap_or(false),
    })
}

/// If the server lists what it supports, what we need must be on the list.
fn offers(members: &Members, name: &'static str, needed: &str) -> Result<(), ServerTrouble> {
    let fits = match members.0.get(name) {
        None => true,
        Some(list) => list.as_array().is_some_and(|l| l.iter().any(|v| v == needed)),
    };
    if fits { Ok(()) } else { Err(ServerTrouble::AnswerInvalid { what: name }) }
}
