//! Sorting answers before anything in them is used.
use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::ServerTrouble;
use crate::http::backoff::is_transient_status;
use crate::http::{Answer, Head, retry_after};
use crate::jose::parse_object;
use crate::limits;
use crate::secret::Secret;

/// Refuses what no endpoint of a management server may answer: redirects, being busy, web pages.
pub(crate) fn no_trouble(head: &Head) -> Result<(), ServerTrouble> {
    let status = head.status;
    match status {
        429 => return Err(ServerTrouble::RateLimited { retry_after: retry_after(head) }),
        // 304 answers a conditional request; it never gets here where none was made.
        300..=399 if status != 304 => return Err(ServerTrouble::Redirected),
        _ if is_transient_status(status) => {
            return Err(ServerTrouble::Busy { status, retry_after: retry_after(head) });
        }
        _ => {}
    }
    match head.media_type().as_deref() {
        Some("text/html" | "application/xhtml+xml") => Err(ServerTrouble::NotAMusterServer),
        _ => Ok(()),
    }
}

/// Reads a JSON body, and wipes it.
pub(super) fn read_json(mut answer: Answer) -> Result<Members, ServerTrouble> {
    let is_json = answer.head.media_type().is_some_and(|t| {
        t.starts_with("application/") && (t.ends_with("/json") || t.ends_with("+json"))
    });
    let members = if is_json {
        parse_object(&answer.body).map_err(|_| ServerTrouble::AnswerInvalid { what: "json" })
    } else {
        Err(ServerTrouble::AnswerInvalid { what: "content_type" })
    };
    answer.body.zeroize();
    members.map(Members)
}

/// The text of a JWS answer. Its type may be `application/jwt`, a `+jwt` type, `application/jose`,
/// or missing: the signature is what counts.
pub(crate) fn signed_text(answer: Answer) -> Result<String, ServerTrouble> {
    let fits = match answer.head.media_type().as_deref() {
        None | Some("application/jwt" | "application/jose") => true,
        Some(other) => other.starts_with("application/") && other.ends_with("+jwt"),
    };
    if !fits {
        return Err(ServerTrouble::AnswerInvalid { what: "content_type" });
    }
    String::from_utf8(answer.body).map_err(|_| ServerTrouble::AnswerInvalid { what: "encoding" })
}

/// The members of a JSON object, strictly typed. Errors name the member.
pub(crate) struct Members(pub(crate) Map<String, Value>);

impl Members {
    /// A string that must be there.
    pub(crate) fn text(&self, name: &'static str) -> Result<&str, ServerTrouble> {
        self.optional_text(name)?.ok_or(ServerTrouble::AnswerInvalid { what: name })
    }

    /// A string that may be absent (or null).
    pub(crate) fn optional_text(&self, name: &'static str) -> Result<Option<&str>, ServerTrouble> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(ServerTrouble::AnswerInvalid { what: name }),
        }
    }

    /// A whole number that may be absent.
    pub(crate) fn optional_number(&self, name: &'static str) -> Result<Option<i64>, ServerTrouble> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                value.as_i64().map(Some).ok_or(ServerTrouble::AnswerInvalid { what: name })
            }
        }
    }

    /// Takes a token, code or session name out. It can stand in a header field or form: visible
    /// ASCII (RFC 6749 appendix A), not longer than [`limits::TOKEN_BYTES`].
    pub(crate) fn take_token(
        &mut self,
        name: &'static str,
    ) -> Result<Option<Secret<String>>, ServerTrouble> {
        let text = match self.0.remove(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(text)) => Secret::new(text),
            Some(_) => return Err(ServerTrouble::AnswerInvalid { what: name }),
        };
        let fits = (1..=limits::TOKEN_BYTES).contains(&text.expose().len())
            && text.expose().bytes().all(|c| c.is_ascii_graphic());
        if fits { Ok(Some(text)) } else { Err(ServerTrouble::AnswerInvalid { what: name }) }
    }

    /// Takes a token that must be there.
    pub(crate) fn take_required_token(
        &mut self,
        name: &'static str,
    ) -> Result<Secret<String>, ServerTrouble> {
        self.take_token(name)?.ok_or(ServerTrouble::AnswerInvalid { what: name })
    }
}
