//! CardDAV servers that nobody here wrote, on 127.0.0.1, for tests and benchmarks.
//!
//! Radicale (which answers `sync-collection` with the cards inside, and wants a password) and
//! Xandikos (which gives ETags only, and wants none). `cargo xtask test` installs them from PyPI;
//! where they are missing a test fails and says so. Each server has its own folder and port and
//! goes away with its [`CardServer`].
mod process;
mod radicale;
mod tap;
mod xandikos;

pub use tap::{Seen, Tap};

use std::path::Path;

use muster_people::{Person, Version};
use tempfile::TempDir;
use ureq::http::{Request, StatusCode};

use process::Process;

/// Which server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Radicale 3, with basic authentication.
    Radicale,
    /// Xandikos 0.4, without authentication.
    Xandikos,
}

/// A user name and its password.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Login {
    /// User name.
    pub username: &'static str,
    /// Password.
    pub password: &'static str,
}

/// A running server with one address book.
pub struct CardServer {
    kind: Kind,
    process: Process,
    folder: TempDir,
    agent: ureq::Agent,
}

impl CardServer {
    /// Starts a server with an empty book.
    ///
    /// # Panics
    /// If it is not installed or does not start; the message says what to do.
    pub fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        if kind == Kind::Radicale {
            radicale::prepare(folder.path());
        }
        let process = Self::run(kind, folder.path());
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .allow_non_standard_methods(true)
            .build()
            .new_agent();
        Self { kind, process, folder, agent }
    }

    /// Stops the server and starts it again on the same data, on another port.
    pub fn restart(self) -> Self {
        let Self { kind, process, folder, agent } = self;
        drop(process);
        let process = Self::run(kind, folder.path());
        Self { kind, process, folder, agent }
    }

    fn run(kind: Kind, folder: &Path) -> Process {
        match kind {
            Kind::Radicale => radicale::run(folder),
            Kind::Xandikos => xandikos::run(folder),
        }
    }

    /// What the server wants to be told, if anything.
    pub fn login(&self) -> Option<Login> {
        match self.kind {
            Kind::Radicale => Some(radicale::LOGIN),
            Kind::Xandikos => None,
        }
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.process.port()
    }

    /// The root, where discovery starts.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port())
    }

    /// The path of the address book, with a slash at both ends.
    pub fn book_path(&self) -> &'static str {
        match self.kind {
            Kind::Radicale => radicale::BOOK,
            Kind::Xandikos => xandikos::BOOK,
        }
    }

    /// The address book.
    pub fn book_url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port(), self.book_path())
    }

    /// Puts all of them into the book past HTTP, which takes seconds for 10,000; each is named by
    /// [`card_name`].
    pub fn fill(&self, people: &[Person]) {
        let cards: Vec<_> = people.iter().map(|p| (card_name(p), p.vcard(Version::V3))).collect();
        match self.kind {
            Kind::Radicale => radicale::write(self.folder.path(), &cards),
            Kind::Xandikos => xandikos::write(self.folder.path(), &cards),
        }
    }

    /// Creates or replaces one card over HTTP.
    pub fn put(&self, name: &str, card: &str) {
        let request = self.request("PUT", name).header("Content-Type", "text/vcard; charset=utf-8");
        let status = self.status(request.body(card.to_owned()).expect("a request"));
        assert!(status.is_success(), "PUT {name}: {status}");
    }

    /// Creates or replaces somebody's card over HTTP.
    pub fn put_person(&self, person: &Person) {
        self.put(&card_name(person), &person.vcard(Version::V3));
    }

    /// Deletes one card over HTTP.
    pub fn delete(&self, name: &str) {
        let status = self.status(self.request("DELETE", name).body(String::new()).expect("one"));
        assert!(status.is_success(), "DELETE {name}: {status}");
    }

    fn request(&self, method: &str, name: &str) -> ureq::http::request::Builder {
        use base64::{Engine as _, engine::general_purpose::STANDARD};
        let request = Request::builder().method(method).uri(self.book_url() + name);
        match self.login() {
            Some(Login { username, password }) => {
                let value = STANDARD.encode(format!("{username}:{password}"));
                request.header("Authorization", format!("Basic {value}"))
            }
            None => request,
        }
    }

    fn status(&self, request: Request<String>) -> StatusCode {
        self.agent.run(request).expect("the server answers").status()
    }
}

/// The name of somebody's card in the book.
pub fn card_name(person: &Person) -> String {
    format!("{}.vcf", person.uid)
}

#[cfg(test)]
mod tests;
