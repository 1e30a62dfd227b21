//! Company sign-in in the person's browser: RFC 6749 code flow with PKCE, RFC 8252, `state` and
//! `iss` (RFC 9207).
use url::Url;

use super::redeem::{exchange, with_session};
use super::{ActivationError, PendingActivation};
use crate::flow::Flow;
use crate::http::check_url;
use crate::jose::{Thumbprint, encode_base64url};
use crate::limits;
use crate::management::{Grant, Server, ServerTrouble};
use crate::secret::Secret;

/// The sign-in that the browser was opened for. It is stored with the pending activation before the
/// browser opens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BrowserSession {
    /// Random, so that no other page can answer in the server's name (RFC 6749 §10.12).
    pub state: Secret<String>,
    /// Where the browser comes back to.
    pub redirect_uri: String,
}

impl BrowserSession {
    /// A new sign-in that comes back to `redirect_uri`.
    pub fn begin(flow: &Flow, redirect_uri: &str) -> Self {
        let state = Secret::new(encode_base64url(&flow.random::<16>()));
        Self { state, redirect_uri: redirect_uri.to_owned() }
    }

    /// The page to open for `pending`. `request_uri` and `auth_session` are what the server gave
    /// with `redirect_to_web`.
    pub fn url(
        &self,
        server: &Server<'_>,
        pending: &PendingActivation,
        request_uri: Option<&Secret<String>>,
    ) -> Result<Secret<String>, ActivationError> {
        let what = "authorization_endpoint";
        let invalid = ServerTrouble::AnswerInvalid { what };
        let endpoint = server.metadata.authorization_endpoint.as_deref();
        let mut url = endpoint.and_then(|text| check_url(text).ok()).ok_or(invalid)?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("response_type", "code");
            query.append_pair("client_id", server.client_id);
            query.append_pair("redirect_uri", &self.redirect_uri);
            query.append_pair("state", self.state.expose());
            query.append_pair("code_challenge", &pending.pkce.challenge());
            query.append_pair("code_challenge_method", "S256");
            // Binds the code to the device key (RFC 9449 §10).
            query.append_pair("dpop_jkt", &server.key.thumbprint().to_string());
            if let Some(request_uri) = request_uri {
                query.append_pair("request_uri", request_uri.expose());
            }
        }
        Ok(Secret::new(url.into()))
    }
}

/// Turns the URL that the browser came back with into tokens. A URL that is not an answer to the
/// sign-in in `pending` changes nothing, on the phone or at the server.
pub async fn redeem_callback(
    flow: &Flow,
    server: &Server<'_>,
    pending: &PendingActivation,
    callback: &Secret<String>,
    mdm_keys: &[Thumbprint],
) -> Result<Grant, ActivationError> {
    let session = pending.browser.as_ref().ok_or(ActivationError::BrowserMismatch)?;
    let code = read_callback(callback.expose(), session, server)?;
    let grant =
        exchange(flow, server, pending, &code, Some(&session.redirect_uri), mdm_keys).await?;
    Ok(with_session(grant, None, pending))
}

fn read_callback(
    callback: &str,
    session: &BrowserSession,
    server: &Server<'_>,
) -> Result<Secret<String>, ActivationError> {
    let mismatch = ActivationError::BrowserMismatch;
    let url = Some(callback).filter(|text| text.len() <= limits::TOKEN_BYTES);
    let url = url.and_then(|text| Url::parse(text).ok()).ok_or(mismatch.clone())?;
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    if Url::parse(&session.redirect_uri) != Ok(bare) {
        return Err(mismatch);
    }
    // A parameter that is there twice has no value.
    let get = |name: &str| {
        let mut values = url.query_pairs().filter(|(n, _)| n == name).map(|(_, v)| v);
        let first = values.next();
        first.filter(|_| values.next().is_none()).map(|v| v.into_owned())
    };
    if get("state").as_ref() != Some(session.state.expose()) {
        return Err(mismatch);
    }
    match get("iss") {
        Some(issuer) if issuer != server.metadata.issuer => return Err(mismatch),
        None if server.metadata.names_issuer_in_browser => return Err(mismatch),
        _ => {}
    }
    if get("error").is_some() {
        return Err(ActivationError::BrowserRefused);
    }
    match get("code").map(Secret::new) {
        Some(code) if !code.expose().is_empty() => Ok(code),
        _ => Err(mismatch),
    }
}
