//! A wire tap between a client and a server on this machine: it writes down every request, and can
//! cut answers short, so that a story can say "an unchanged book costs one request".
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

/// One request that went through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    /// `PROPFIND`, for example.
    pub method: String,
    /// The target as it stood in the request line.
    pub path: String,
}

/// Listens on a free port of 127.0.0.1 and passes everything on to another; each connection
/// carries one request, because the tap asks both sides to close after it.
pub struct Tap {
    port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    upstream: SocketAddr,
    seen: Mutex<Vec<Seen>>,
    /// How many bytes of each answer are let through; `usize::MAX` for all.
    answer_limit: AtomicUsize,
    closing: AtomicBool,
}

impl Tap {
    /// A tap in front of what listens on `port` of 127.0.0.1.
    pub fn before(port: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of 127.0.0.1");
        let port_here = listener.local_addr().expect("a bound socket has an address").port();
        let shared = Arc::new(Shared {
            upstream: (Ipv4Addr::LOCALHOST, port).into(),
            seen: Mutex::new(Vec::new()),
            answer_limit: AtomicUsize::new(usize::MAX),
            closing: AtomicBool::new(false),
        });
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || accept(&listener, &shared)
        });
        Self { port: port_here, shared, thread: Some(thread) }
    }

    /// The root, to be used instead of the server's own.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What came through since the last call, in order.
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on the connection breaks after so many bytes of each answer, head included.
    pub fn cut_answers_after(&self, bytes: usize) {
        self.shared.answer_limit.store(bytes, Ordering::SeqCst);
    }

    /// From now on answers arrive whole again.
    pub fn let_answers_through(&self) {
        self.cut_answers_after(usize::MAX);
    }
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        // Wakes the thread up, so that it sees that it shall end.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for client in listener.incoming() {
        if shared.closing.load(Ordering::SeqCst) {
            return;
        }
        let shared = Arc::clone(shared);
        // A side that breaks off is what the client under test has to live with.
        thread::spawn(move || client.and_then(|client| pass_on(client, &shared)));
    }
}

fn pass_on(client: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut from_client = BufReader::new(client.try_clone()?);
    let (head, length) = read_head(&mut from_client)?;
    let mut server = TcpStream::connect(shared.upstream)?;
    server.write_all(head.as_bytes())?;
    let mut words = head.split(' ').map(str::to_owned);
    if let (Some(method), Some(path)) = (words.next(), words.next()) {
        let mut seen = shared.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(Seen { method, path });
    }
    io::copy(&mut from_client.take(length), &mut server)?;
    let limit = shared.answer_limit.load(Ordering::SeqCst) as u64;
    let mut answer = server.take(limit);
    let mut to_client = client;
    io::copy(&mut answer, &mut to_client)?;
    to_client.shutdown(Shutdown::Both)
}

/// The request's head with `Connection: close`, and the length of the body that follows.
fn read_head(from: &mut impl BufRead) -> io::Result<(String, u64)> {
    let mut head = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == "\r\n" {
            head.push_str("Connection: close\r\n\r\n");
            return Ok((head, length));
        }
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "connection" => continue,
            "transfer-encoding" => return Err(io::Error::other("chunked requests are not tapped")),
            "content-length" => {
                length = line[name.len() + 1..].trim().parse().map_err(io::Error::other)?;
            }
            _ => {}
        }
        head.push_str(&line);
    }
}
