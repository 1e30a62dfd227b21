//! Sockets on one side, plain requests and replies on the other. Beside it only `server` calls axum,
//! to serve.
//!
//! Handlers are ordinary blocking functions over the storage, so each runs on a blocking thread. A
//! long reply is written on a thread of its own while it is sent, so memory does not grow with the
//! address book.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body as HttpBody, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderValue, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::admin::{Admin, Call, Refusal};
use crate::app::App;
use crate::carddav;
use crate::events;
use crate::oauth::{challenge, metadata, metadata::paths, token};
use crate::policy;
use crate::reply::{Body, Reply, Request, Writing};
use crate::status;

/// Bytes of a form, a proof or an event.
const SMALL_BODY: usize = 256 * 1024;
/// Bytes of a call of the admin API: a piece of an import with photos.
const ADMIN_BODY: usize = 64 * 1024 * 1024;
/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;
/// Chunks that may wait for a slow phone.
const CHUNKS: usize = 4;
/// Replies shorter than this are not worth compressing.
const WORTH_GZIP: usize = 1024;
/// Where the admin API begins, under the issuer's path.
const ADMIN: &str = "/admin/v1/";

/// What the handlers need.
pub(crate) struct Shared {
    pub(crate) app: App,
    pub(crate) admin: Admin,
}

type Handler = fn(&App, &Request) -> Result<Reply, Reply>;

/// Exact paths under the issuer, with the one method each has. All of them need a DPoP proof but
/// the last two.
const ROUTES: &[(&str, &str, Handler)] = &[
    (paths::CHALLENGE, "POST", challenge::challenge),
    (paths::TOKEN, "POST", token::token),
    (paths::POLICY, "GET", policy::policy),
    (paths::STATUS, "POST", status::status),
    (paths::EVENTS, "POST", events::events),
    (paths::REVOKE, "POST", token::revoke),
    (paths::JWKS, "GET", metadata::jwks),
];

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

async fn serve(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: axum::extract::Request,
) -> Response<HttpBody> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let local = path.strip_prefix(&shared.app.issuer.base).unwrap_or(&path);
    let limit = match local {
        _ if local.starts_with(ADMIN) => ADMIN_BODY,
        _ if local.starts_with(paths::DAV) => carddav::BODY_BYTES,
        _ => SMALL_BODY,
    };
    let gzip = accepts_gzip(&parts.headers);
    let reply = match axum::body::to_bytes(body, limit).await {
        Err(_) => Reply::problem(413, "Too long", "The request has too many bytes."),
        Ok(body) => {
            let request = Request {
                method: parts.method.as_str().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                path,
                headers: parts.headers,
                body: body.to_vec(),
                peer: peer.ip(),
            };
            let shared = Arc::clone(&shared);
            let answered = tokio::task::spawn_blocking(move || dispatch(&shared, &request)).await;
            answered.unwrap_or_else(|_| {
                Reply::problem(500, "The server failed", "Nothing was changed. Try again later.")
            })
        }
    };
    respond(reply, gzip, &shared.app.now().http_date())
}

fn dispatch(shared: &Shared, request: &Request) -> Reply {
    let app = &shared.app;
    let base = app.issuer.base.as_str();
    let read = matches!(request.method.as_str(), "GET" | "HEAD");
    // RFC 8414 §3: the issuer's path comes after the well-known part.
    if let Some(of) = request.path.strip_prefix("/.well-known/oauth-authorization-server") {
        let of = of.trim_end_matches('/');
        if of == base {
            return if read { metadata::metadata(app, request) } else { wrong_method("GET") };
        }
    }
    if request.path == "/.well-known/carddav" {
        return carddav::well_known(app, request);
    }
    let Some(path) = request.path.strip_prefix(base) else { return not_found() };
    if let Some(call) = path.strip_prefix(ADMIN) {
        return admin(&shared.admin, call, request);
    }
    let reply = if path.starts_with(paths::DAV) || path == paths::DAV.trim_end_matches('/') {
        carddav::dav(app, request)
    } else {
        match ROUTES.iter().find(|(at, _, _)| *at == path) {
            None => return not_found(),
            Some((_, method, _)) if *method != request.method && !(*method == "GET" && read) => {
                return wrong_method(method);
            }
            Some((_, _, handler)) => handler(app, request),
        }
    };
    // Every answer carries the nonce in force, so a phone seldom has to be told to take a new one.
    reply.unwrap_or_else(|refusal| refusal).with("dpop-nonce", app.guard.nonce(app.now()))
}

fn not_found() -> Reply {
    Reply::problem(404, "Not found", "There is nothing at this address.")
}

fn wrong_method(allow: &str) -> Reply {
    Reply::problem(405, "Wrong method", "This address does not take that method.")
        .with("allow", allow)
}

fn admin(admin: &Admin, path: &str, request: &Request) -> Reply {
    let refuse = |refusal: Refusal| match refusal {
        Refusal::Told(status, text) => Reply::problem(status, "Not done", &text),
        Refusal::Failed(failure) => failure.into(),
    };
    let header = request.header("authorization").unwrap_or_default();
    let token = header.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let actor = match token.map(|(_, token)| admin.actor(token.trim())) {
        Some(Ok(Some(actor))) => actor,
        Some(Err(error)) => return error.into(),
        _ => {
            return Reply::problem(401, "Not signed in", "An admin token is needed.")
                .with("www-authenticate", "Bearer");
        }
    };
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match carddav::unescape(segment) {
            Some(segment) => segments.push(segment),
            None => return not_found(),
        }
    }
    let body = if request.body.is_empty() {
        Value::Null
    } else {
        match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(_) => return refuse(Refusal::Told(400, "the body is not JSON".to_owned())),
        }
    };
    let query = url::form_urlencoded::parse(request.query.as_bytes()).into_owned().collect();
    let call = Call { method: request.method.clone(), path: segments, query, body };
    match admin.handle(&actor, &call) {
        Ok((status, value)) => Reply::json(status, &value),
        Err(refusal) => refuse(refusal),
    }
}

fn accepts_gzip(headers: &axum::http::HeaderMap) -> bool {
    headers.get_all("accept-encoding").iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("gzip") && weight.trim() != "q=0"
        })
    })
}

fn respond(reply: Reply, gzip: bool, date: &str) -> Response<HttpBody> {
    let xml = reply
        .headers
        .iter()
        .any(|(name, value)| *name == "content-type" && value.starts_with("application/xml"));
    let mut response = Response::builder().status(reply.status);
    if let Some(headers) = response.headers_mut() {
        for (name, value) in &reply.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.append(*name, value);
            }
        }
        if let Ok(value) = HeaderValue::from_str(date) {
            headers.insert("date", value);
        }
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    }
    // Only the address book is long, and it holds no secret that a request could be mixed with.
    let (body, gzip) = match reply.body {
        Body::Whole(bytes) if xml && gzip && bytes.len() >= WORTH_GZIP => {
            (stream(Box::new(move |out| out.write_all(&bytes)), true), true)
        }
        Body::Whole(bytes) => (HttpBody::from(bytes), false),
        Body::Streamed(writing) => (stream(writing, gzip), gzip),
    };
    if let Some(headers) = response.headers_mut()
        && xml
    {
        headers.insert("vary", HeaderValue::from_static("accept-encoding"));
        if gzip {
            headers.insert("content-encoding", HeaderValue::from_static("gzip"));
        }
    }
    response.body(body).unwrap_or_else(|_| Response::new(HttpBody::empty()))
}

fn stream(writing: Writing, gzip: bool) -> HttpBody {
    let (sender, receiver) = mpsc::channel(CHUNKS);
    tokio::task::spawn_blocking(move || {
        let mut out = Sending { sender, buffer: Vec::with_capacity(CHUNK) };
        let result = if gzip {
            // The fastest level: the phone's network is slower than it, the server's disk is not.
            let mut encoder = GzEncoder::new(&mut out, Compression::fast());
            writing(&mut encoder).and_then(|()| encoder.finish().map(drop))
        } else {
            writing(&mut out)
        };
        if let Err(error) = result.and_then(|()| out.flush()) {
            // Cut the connection: a phone must not take half an answer for a whole one.
            let _ = out.sender.blocking_send(Err(error));
        }
    });
    HttpBody::from_stream(Chunks(receiver))
}

/// The writing end.
struct Sending {
    sender: mpsc::Sender<io::Result<Bytes>>,
    buffer: Vec<u8>,
}

impl Write for Sending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK));
        self.sender.blocking_send(Ok(full.into())).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The sending end.
struct Chunks(mpsc::Receiver<io::Result<Bytes>>);

impl futures_core::Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}
