//! The OAuth endpoints of a management server: forms out, members or an error code back (RFC 6749).
use url::form_urlencoded::Serializer;

use super::answer::{Members, no_trouble, read_json};
use super::{AccessToken, Server, ServerTrouble};
use crate::flow::Flow;
use crate::http::{Answer, Method, Request};
use crate::limits;
use crate::secret::Secret;

/// A form POST. The form's strings are wiped.
pub(crate) fn form_request(url: &str, form: Vec<(&'static str, String)>) -> Request {
    let mut body = Serializer::new(String::new());
    for (name, value) in form {
        body.append_pair(name, Secret::new(value).expose());
    }
    Request::new(Method::Post, url)
        .header("Accept", "application/json")
        .body("application/x-www-form-urlencoded", body.finish())
}

/// Sends a request with a proof to an OAuth endpoint.
pub(crate) async fn post(
    flow: &Flow,
    server: &Server<'_>,
    request: Request,
) -> Result<OAuthAnswer, ServerTrouble> {
    let answer = server.prover().fetch(flow, request, limits::OAUTH_ANSWER_BYTES).await?;
    read_oauth(answer)
}

/// What an OAuth endpoint said.
pub(crate) enum OAuthAnswer {
    /// 200.
    Success(Members),
    /// An OAuth error (RFC 6749 §5.2), whatever the status: the error code decides.
    Error(OAuthError),
}

/// An OAuth error.
pub(crate) struct OAuthError {
    pub(crate) status: u16,
    pub(crate) error: String,
    pub(crate) members: Members,
}

impl OAuthError {
    /// The trouble that an error is which means nothing particular here.
    pub(crate) fn into_trouble(self) -> ServerTrouble {
        match self.error.as_str() {
            "use_dpop_nonce" | "invalid_dpop_proof" => ServerTrouble::ProofRefused,
            "temporarily_unavailable" | "server_error" => {
                ServerTrouble::Busy { status: self.status, retry_after: None }
            }
            _ => ServerTrouble::Refused { status: self.status, error: error_token(&self.error) },
        }
    }
}

/// Reads the answer of an OAuth endpoint.
pub(crate) fn read_oauth(answer: Answer) -> Result<OAuthAnswer, ServerTrouble> {
    no_trouble(&answer.head)?;
    let status = answer.head.status;
    if status == 200 {
        return Ok(OAuthAnswer::Success(read_json(answer)?));
    }
    if !(400..500).contains(&status) {
        return Err(ServerTrouble::AnswerInvalid { what: "status" });
    }
    let members = read_json(answer);
    match members.as_ref().ok().and_then(|m| m.text("error").ok()) {
        Some(error) => {
            let error = error.to_owned();
            Ok(OAuthAnswer::Error(OAuthError { status, error, members: members? }))
        }
        None if status == 404 || status == 405 => Err(ServerTrouble::NotAMusterServer),
        None => Err(ServerTrouble::Refused { status, error: "-".to_owned() }),
    }
}

/// Takes the access token out of a token answer. It must be bound to the device key (RFC 9449 §5).
pub(crate) fn access_token(
    flow: &Flow,
    members: &mut Members,
) -> Result<AccessToken, ServerTrouble> {
    if !members.text("token_type")?.eq_ignore_ascii_case("DPoP") {
        return Err(ServerTrouble::AnswerInvalid { what: "token_type" });
    }
    let expires_in = members.optional_number("expires_in")?;
    let token = members.take_required_token("access_token")?;
    Ok(AccessToken::new(token, expires_in, flow.now()))
}

/// An error code as it may stand in a log: cut, and only harmless characters.
fn error_token(error: &str) -> String {
    let harmless = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_';
    let token: String = error.chars().filter(harmless).take(64).collect();
    if token.is_empty() { "-".to_owned() } else { token }
}
