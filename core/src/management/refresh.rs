//! Keeping the tokens alive, and giving them back.
use super::answer::no_trouble;
use super::oauth::{OAuthAnswer, access_token, form_request, post, read_oauth};
use super::{AccessToken, Grant, Server, ServerTrouble};
use crate::flow::Flow;
use crate::limits;
use crate::secret::Secret;

/// New tokens. [`Grant::renew`] takes them over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refreshed {
    /// For the next minutes.
    pub access: AccessToken,
    /// A new one, from a server that rotates refresh tokens: replaces the old one once it is stored.
    pub refresh_token: Option<Secret<String>>,
    /// A newer session name.
    pub auth_session: Option<Secret<String>>,
}

/// Why there are no new tokens.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum RefreshError {
    /// The server does not take the refresh token. That alone says nothing: it may be expired, used
    /// up, restored from a backup. Only the signed status says where the phone stands.
    #[error("the server did not take the refresh token")]
    AskStatus,
    /// Anything else.
    #[error(transparent)]
    Server(#[from] ServerTrouble),
}

/// Asks for a new access token (RFC 6749 §6). After a lost answer it may be asked again with the
/// same refresh token; a server that rotates then either repeats itself or leads to
/// [`RefreshError::AskStatus`].
pub async fn refresh(
    flow: &Flow,
    server: &Server<'_>,
    grant: &Grant,
) -> Result<Refreshed, RefreshError> {
    let form = vec![
        ("grant_type", "refresh_token".to_owned()),
        ("client_id", server.client_id.to_owned()),
        ("refresh_token", grant.refresh_token.expose().clone()),
    ];
    let request = form_request(&server.metadata.token_endpoint, form);
    let mut members = match post(flow, server, request).await {
        Ok(OAuthAnswer::Success(members)) => members,
        Ok(OAuthAnswer::Error(error)) => match error.error.as_str() {
            "invalid_dpop_proof" | "use_dpop_nonce" => return Err(error.into_trouble().into()),
            "invalid_grant" => return Err(RefreshError::AskStatus),
            _ if matches!(error.status, 401 | 403) => return Err(RefreshError::AskStatus),
            _ => return Err(error.into_trouble().into()),
        },
        Err(ServerTrouble::Refused { status: 401 | 403, .. }) => {
            return Err(RefreshError::AskStatus);
        }
        Err(trouble) => return Err(trouble.into()),
    };
    // Both names stay for the life of a grant.
    for (name, expected) in
        [("muster_tenant", grant.tenant.to_string()), ("muster_device", grant.device.to_string())]
    {
        if members.optional_text(name)?.is_some_and(|given| given != expected) {
            return Err(ServerTrouble::AnswerInvalid { what: name }.into());
        }
    }
    let refresh_token = members.take_token("refresh_token")?;
    Ok(Refreshed {
        access: access_token(flow, &mut members)?,
        refresh_token: refresh_token.filter(|token| *token != grant.refresh_token),
        auth_session: members.take_token("auth_session")?,
    })
}

/// Gives the refresh token back (RFC 7009), which ends the access token too. A server without a
/// revocation endpoint is told nothing. Signing out does not depend on the outcome.
pub async fn revoke(flow: &Flow, server: &Server<'_>, grant: &Grant) -> Result<(), ServerTrouble> {
    let Some(endpoint) = &server.metadata.revocation_endpoint else { return Ok(()) };
    let form = vec![
        ("token", grant.refresh_token.expose().clone()),
        ("token_type_hint", "refresh_token".to_owned()),
        ("client_id", server.client_id.to_owned()),
    ];
    let request = form_request(endpoint, form);
    let answer = server.prover().fetch(flow, request, limits::OAUTH_ANSWER_BYTES).await?;
    no_trouble(&answer.head)?;
    // The body of a success is of no interest (RFC 7009 §2.2); it may be empty.
    if answer.head.is_success() {
        return Ok(());
    }
    match read_oauth(answer)? {
        OAuthAnswer::Success(_) => Ok(()),
        OAuthAnswer::Error(error) => Err(error.into_trouble()),
    }
}
