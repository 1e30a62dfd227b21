//! Something that listens where a management server should be.
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

/// Answers every request with the same bytes and hangs up.
pub(crate) struct Imposter {
    port: u16,
    closing: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Imposter {
    /// One that answers with `answer`, byte for byte.
    pub(crate) fn new(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of 127.0.0.1");
        let port = listener.local_addr().expect("an address").port();
        let closing = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let closing = Arc::clone(&closing);
            move || {
                for client in listener.incoming() {
                    if closing.load(Ordering::SeqCst) {
                        return;
                    }
                    // A client that breaks off is no business of ours.
                    let _ = client.and_then(|client| respond(client, &answer));
                }
            }
        });
        Self { port, closing, thread: Some(thread) }
    }

    /// One that answers `status` with a body of a type, and perhaps another header field.
    pub(crate) fn http(status: &str, content_type: &str, more: &str, body: &str) -> Self {
        Self::new(format!(
            "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}Content-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len(),
        ))
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn respond(client: TcpStream, answer: &[u8]) -> std::io::Result<()> {
    let mut from = BufReader::new(client.try_clone()?);
    let mut length = 0;
    let mut line = String::new();
    while from.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        line.clear();
    }
    std::io::copy(&mut from.take(length), &mut std::io::sink())?;
    (&client).write_all(answer)
}

impl Drop for Imposter {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the thread up, so that it sees that it shall end.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
