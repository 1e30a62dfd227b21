//! Requests to one source: credentials, redirects, and what common answers mean.
use url::Url;

use super::auth::{BookAuth, Retry};
use super::error::{BadAnswer, BookError};
use crate::contacts::dav::{Condition, Item, Multistatus};
use crate::flow::{Body, Flow, Opened};
use crate::http::{Head, Request, check_url, origin_of, retry_after};
use crate::limits;

/// Sends a source's requests.
pub(super) struct Session<'a> {
    pub(super) flow: &'a Flow,
    auth: &'a BookAuth,
    /// Where credentials may go.
    origin: String,
    pub(super) requests: u64,
    pub(super) bytes: u64,
}

/// An answer, and where it came from in the end.
pub(super) struct Reached {
    pub(super) head: Head,
    pub(super) body: Body,
    pub(super) url: Url,
}

impl<'a> Session<'a> {
    /// For the source configured as `url`.
    pub(super) fn new(
        flow: &'a Flow,
        auth: &'a BookAuth,
        url: &str,
    ) -> Result<(Self, Url), BookError> {
        let url = check_url(url).map_err(|_| crate::http::Failure::Insecure)?;
        let session = Self { flow, auth, origin: origin_of(&url), requests: 0, bytes: 0 };
        Ok((session, url))
    }

    /// Sends `request`, follows redirects with the same method and body, and gives on whatever else
    /// is answered but 401.
    pub(super) async fn open(&mut self, mut request: Request) -> Result<Reached, BookError> {
        for _ in 0..=limits::REDIRECTS {
            let url =
                Url::parse(&request.url).map_err(|_| BookError::BadAnswer(BadAnswer::Redirect))?;
            let Opened { head, body } = self.send(&request, &url).await?;
            match head.status {
                301 | 302 | 307 | 308 => {
                    request.url = redirected(&url, &head)?.into();
                }
                401 => return Err(BookError::LoginRefused),
                _ => return Ok(Reached { head, body, url }),
            }
        }
        Err(BookError::BadAnswer(BadAnswer::Redirect))
    }

    async fn send(&mut self, request: &Request, url: &Url) -> Result<Opened, BookError> {
        let trusted = origin_of(url) == self.origin;
        let mut tries = 0;
        loop {
            let mut signed = request.clone();
            if trusted {
                let headers = self.auth.headers(self.flow, request.method, &request.url).await;
                signed.headers.extend(headers.map_err(BookError::Auth)?);
            }
            self.requests += 1;
            tries += 1;
            let opened = self.flow.open(signed).await?;
            let BookAuth::Dpop(authorizer) = self.auth else { return Ok(opened) };
            let again = trusted
                && authorizer.on_answer(&request.url, &opened.head) == Retry::Again
                && tries < 2;
            if !again {
                return Ok(opened);
            }
        }
    }

    /// The next piece of a body.
    pub(super) async fn chunk(&mut self, body: &mut Body) -> Result<Option<Vec<u8>>, BookError> {
        let chunk = body.chunk().await?;
        self.bytes += chunk.as_ref().map_or(0, Vec::len) as u64;
        Ok(chunk)
    }

    /// The whole of a body that must be short.
    pub(super) async fn whole(
        &mut self,
        body: &mut Body,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, BookError> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.chunk(body).await? {
            if whole.len() + chunk.len() > limit {
                return Ok(None);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Some(whole))
    }

    /// The conditions that an error answer names; none if it is no XML.
    pub(super) async fn conditions(
        &mut self,
        reached: &mut Reached,
    ) -> Result<Vec<Condition>, BookError> {
        const LONGEST: usize = 64 * 1024;
        let body = self.whole(&mut reached.body, LONGEST).await?.unwrap_or_default();
        let mut items = Vec::new();
        // Whatever could be read before an error counts.
        let _ = Multistatus::new().push(&body, &mut items);
        let condition = |item| match item {
            Item::Condition(condition) => Some(condition),
            _ => None,
        };
        Ok(items.into_iter().filter_map(condition).collect())
    }

    /// Reads a multistatus answer.
    pub(super) fn answer(reached: Reached) -> DavAnswer {
        let Reached { body, .. } = reached;
        DavAnswer { body, reader: Some(Multistatus::new()), items: Vec::new() }
    }
}

/// A multistatus answer that is coming in.
pub(super) struct DavAnswer {
    body: Body,
    reader: Option<Multistatus>,
    items: Vec<Item>,
}

impl DavAnswer {
    /// What the next piece of the answer completed; `None` at the end of a complete answer.
    pub(super) async fn next(
        &mut self,
        session: &mut Session<'_>,
    ) -> Result<Option<std::vec::Drain<'_, Item>>, BookError> {
        let Some(reader) = self.reader.as_mut() else { return Ok(None) };
        match session.chunk(&mut self.body).await? {
            Some(chunk) => {
                reader.push(&chunk, &mut self.items)?;
                Ok(Some(self.items.drain(..)))
            }
            None => {
                self.reader.take().map_or(Ok(()), Multistatus::finish)?;
                Ok(None)
            }
        }
    }
}

fn redirected(from: &Url, head: &Head) -> Result<Url, BookError> {
    let target = head
        .header("Location")
        .and_then(|location| from.join(location).ok())
        .ok_or(BookError::BadAnswer(BadAnswer::Redirect))?;
    let downgrade = from.scheme() == "https" && target.scheme() != "https";
    match check_url(target.as_str()) {
        Ok(target) if !downgrade => Ok(target),
        _ => Err(BookError::BadAnswer(BadAnswer::InsecureRedirect)),
    }
}

/// What a status that is not the expected one means.
pub(super) fn refusal(head: &Head) -> BookError {
    match head.status {
        401 => BookError::LoginRefused,
        403 => BookError::Forbidden,
        404 | 410 => BookError::NotFound,
        429 | 503 => BookError::Busy { retry_after_seconds: retry_after(head) },
        status @ 500..=599 => BookError::ServerFault { status },
        status => BookError::BadAnswer(BadAnswer::Status(status)),
    }
}
