//! Runs the agent's requests, each on a thread of its own, and hands the answers over in order.
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use muster_core::flow::shell::Arrival;
use muster_core::http::{Failure, Head, Method, Request};
use muster_core::limits;
use muster_core::step::StepId;
use ureq::http;

/// The requests under way.
pub struct Http {
    client: OnceLock<ureq::Agent>,
    sender: SyncSender<(StepId, Arrival)>,
    arrivals: Receiver<(StepId, Arrival)>,
    running: BTreeMap<StepId, Arc<AtomicBool>>,
}

impl Default for Http {
    fn default() -> Self {
        // A few pieces in flight, so that a fast server does not fill the memory.
        let (sender, arrivals) = sync_channel(8);
        Self { client: OnceLock::new(), sender, arrivals, running: BTreeMap::new() }
    }
}

impl Http {
    /// Starts `request`.
    pub fn start(&mut self, id: StepId, request: Request) {
        let cancelled = Arc::new(AtomicBool::new(false));
        self.running.insert(id, cancelled.clone());
        let sender = self.sender.clone();
        let client = self.client.get_or_init(client).clone();
        std::thread::spawn(move || {
            let tell =
                |arrival| !cancelled.load(Ordering::Relaxed) && sender.send((id, arrival)).is_ok();
            match transfer(&client, request, &tell) {
                Ok(()) => tell(Arrival::End),
                Err(failure) => tell(Arrival::Failed(failure)),
            };
        });
    }

    /// Gives the request `id` up.
    pub fn cancel(&mut self, id: StepId) {
        if let Some(cancelled) = self.running.remove(&id) {
            cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Whether an answer may still come.
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// The next arrival, or `None` when `patience` is over first.
    pub fn next(&mut self, patience: Option<Duration>) -> Option<(StepId, Arrival)> {
        loop {
            let (id, arrival) = match patience {
                None => self.arrivals.recv().ok()?,
                Some(patience) => match self.arrivals.recv_timeout(patience) {
                    Ok(arrival) => arrival,
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
                },
            };
            if !self.running.contains_key(&id) {
                continue; // given up meanwhile
            }
            if matches!(arrival, Arrival::End | Arrival::Failed(_)) {
                self.running.remove(&id);
            }
            return Some((id, arrival));
        }
    }
}

/// No redirects, no cookies, no retries, no proxy of the environment: exactly what the agent asked.
fn client() -> ureq::Agent {
    ureq::Agent::config_builder()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .proxy(None)
        .user_agent(concat!("muster-device/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

fn transfer(
    client: &ureq::Agent,
    request: Request,
    tell: &dyn Fn(Arrival) -> bool,
) -> Result<(), Failure> {
    let method = match request.method {
        Method::Get => http::Method::GET,
        Method::Post => http::Method::POST,
        Method::Propfind | Method::Report => {
            http::Method::from_bytes(request.method.as_str().as_bytes())
                .map_err(|_| Failure::Other)?
        }
    };
    let mut wire = http::Request::builder().method(method).uri(&request.url);
    for (name, value) in &request.headers {
        wire = wire.header(name, value);
    }
    let wire = wire.body(request.body).map_err(|_| Failure::Other)?;
    let wire = client
        .configure_request(wire)
        .timeout_connect(Some(Duration::from_millis(request.timeouts.connect_ms as u64)))
        .timeout_recv_response(Some(Duration::from_millis(request.timeouts.first_byte_ms as u64)))
        .build();
    let answer = client.run(wire).map_err(|e| failure(&e))?;
    let headers = answer
        .headers()
        .iter()
        .map(|(n, v)| (n.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
        .collect();
    if !tell(Arrival::Head(Head { status: answer.status().as_u16(), headers })) {
        return Ok(());
    }
    let mut body = answer.into_body().into_reader();
    let mut buffer = vec![0; limits::BODY_CHUNK_BYTES];
    loop {
        match body.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) if !tell(Arrival::Body(buffer[..n].to_vec())) => return Ok(()),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return Err(Failure::Cut),
        }
    }
}

fn failure(error: &ureq::Error) -> Failure {
    match error {
        ureq::Error::HostNotFound => Failure::NameNotFound,
        ureq::Error::Timeout(_) => Failure::TimedOut,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => Failure::Tls,
        ureq::Error::ConnectionFailed => Failure::Refused,
        ureq::Error::Io(e) => match e.kind() {
            io::ErrorKind::ConnectionRefused => Failure::Refused,
            io::ErrorKind::TimedOut => Failure::TimedOut,
            io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkDown => Failure::NameNotFound,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => Failure::Cut,
            // The standard library gives a name that can't be looked up no kind of its own.
            _ if e.to_string().contains("lookup address") => Failure::NameNotFound,
            _ => Failure::Other,
        },
        _ => Failure::Other,
    }
}
