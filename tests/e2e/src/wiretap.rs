//! Writes down every byte between phones and their server: there stand in the open all the tokens,
//! names and addresses that must not stand in the open on the phone.
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// One row of bytes for each direction of each connection.
type Heard = Arc<Mutex<Vec<Vec<u8>>>>;

/// A port of 127.0.0.1 that passes everything on. Its threads end with the test.
pub struct Wiretap {
    listener: TcpListener,
    heard: Heard,
}

impl Wiretap {
    /// Takes a free port; nothing is passed on yet.
    pub fn bind() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of 127.0.0.1");
        Self { listener, heard: Arc::default() }
    }

    /// The address to be used in place of the server's own.
    pub fn url(&self) -> String {
        let address = self.listener.local_addr().expect("a bound socket has an address");
        format!("http://{address}")
    }

    /// From now on everything goes to `server` and back.
    pub fn pass_on_to(&self, server: SocketAddr) {
        let listener = self.listener.try_clone().expect("a socket can be shared");
        let heard = Arc::clone(&self.heard);
        thread::spawn(move || {
            for phone in listener.incoming().map_while(Result::ok) {
                // A side that breaks off, as a killed phone does, ends its connection only.
                let _ = connect(&phone, server, &heard);
            }
        });
    }

    /// Everything that went either way so far, as text.
    pub fn heard(&self) -> String {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&heard.join(&b'\n')).into_owned()
    }
}

fn connect(phone: &TcpStream, server: SocketAddr, heard: &Heard) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    pump(phone.try_clone()?, server.try_clone()?, heard);
    pump(server, phone.try_clone()?, heard);
    Ok(())
}

fn pump(mut from: TcpStream, mut to: TcpStream, heard: &Heard) {
    let heard = Arc::clone(heard);
    // Each direction of each connection by itself, and before it goes on: what has reached anybody
    // has been written down.
    let mut all = heard.lock().unwrap_or_else(PoisonError::into_inner);
    let index = all.len();
    all.push(Vec::new());
    drop(all);
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let piece = &mut buffer[..count];
            refuse_compression(piece);
            heard.lock().unwrap_or_else(PoisonError::into_inner)[index].extend_from_slice(piece);
            if to.write_all(piece).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

/// Renames the header field that allows a compressed answer, in which nothing could be heard.
fn refuse_compression(piece: &mut [u8]) {
    let field = b"accept-encoding";
    let found = piece.windows(field.len()).position(|w| w.eq_ignore_ascii_case(field));
    if let Some(at) = found {
        piece[at..at + field.len()].copy_from_slice(b"not-compressing");
    }
}
