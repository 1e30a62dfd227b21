//! The management server, and what its admin does, all through its command line and admin API.
use std::fs::File;
use std::path::Path;

use muster_company::Company;
use serde_json::Value;

use super::programs::ask;
use crate::run::Trouble;

/// The server's data file.
pub(crate) const DATA: &str = "company.db";

/// A running server; it ends with this value, unless it is kept.
pub(crate) struct Server {
    company: Company,
    /// Its address, which phones are told.
    pub(crate) url: String,
}

impl Server {
    /// Makes a data file in `folder` and serves it on a free port of 127.0.0.1.
    pub(crate) fn start(program: &Path, folder: &Path) -> Result<Self, Trouble> {
        let mut company = Company::found(program, folder.join(DATA))?;
        let log = folder.join("server.log");
        let log = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        company.serve("127.0.0.1:0", log.into())?;
        let url = company.url().unwrap_or_default().to_owned();
        Ok(Self { company, url })
    }

    /// `host:port`, as links name it.
    pub(crate) fn authority(&self) -> String {
        self.url.trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.company.pid().unwrap_or_default()
    }

    /// Kills it, as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.company.kill();
    }

    /// Lets it run on after the demo.
    pub(crate) fn keep(&mut self) {
        self.company.keep();
    }

    /// What one types instead of this.
    pub(crate) fn words(&self) -> String {
        format!("{} --data {}", self.company.program().display(), self.company.data().display())
    }

    /// Adds the only organisation.
    pub(crate) fn found(&self, name: &str) -> Result<Value, Trouble> {
        self.ask(&["tenant", "add", "nordlicht", "--name", name])?;
        self.ask(&["tenant", "show"])
    }

    /// Adds a licence that any number of phones may share.
    pub(crate) fn add_licence(&self, username: &str, password: &str) -> Result<Value, Trouble> {
        self.ask(&["licence", "add", "--username", username, "--password", password])
    }

    /// Imports a list of people.
    pub(crate) fn import(&self, file: &Path) -> Result<Value, Trouble> {
        self.ask(&["person", "import", &file.to_string_lossy()])
    }

    /// The addresses of all people who are not revoked.
    pub(crate) fn emails(&self) -> Result<Vec<String>, Trouble> {
        let people = self.ask(&["person", "list"])?;
        let people = list(&people)?.iter().filter(|person| person["revoked_at"].is_null());
        Ok(people.filter_map(|person| person["email"].as_str()).map(str::to_owned).collect())
    }

    /// Takes somebody's access away.
    pub(crate) fn revoke(&self, email: &str) -> Result<(), Trouble> {
        self.ask(&["person", "revoke", email]).map(drop)
    }

    /// A new activation link for somebody.
    pub(crate) fn new_link(&self, email: &str) -> Result<Value, Trouble> {
        self.ask(&["link", "new", "--person", email])
    }

    /// Sets a value for all phones.
    pub(crate) fn set(&self, key: &str, value: &str) -> Result<(), Trouble> {
        self.ask(&["setting", "set", key, value]).map(drop)
    }

    /// Takes the value away again.
    pub(crate) fn unset(&self, key: &str) -> Result<(), Trouble> {
        self.ask(&["setting", "unset", key]).map(drop)
    }

    /// All phones.
    pub(crate) fn devices(&self) -> Result<Vec<Value>, Trouble> {
        Ok(list(&self.ask(&["device", "list"])?)?.to_vec())
    }

    /// One phone.
    pub(crate) fn device(&self, name: &str) -> Result<Value, Trouble> {
        // A name is a thumbprint and may begin with a hyphen.
        self.ask(&["device", "show", "--", name])
    }

    /// Takes a phone out of use.
    pub(crate) fn retire(&self, name: &str) -> Result<(), Trouble> {
        self.ask(&["device", "retire", "--", name]).map(drop)
    }

    /// What a phone has reported, oldest first.
    pub(crate) fn events(&self, device: &str) -> Result<Vec<Value>, Trouble> {
        Ok(list(&self.ask(&["events", &format!("--device={device}")])?)?.to_vec())
    }

    /// One command through the running server's admin API.
    fn ask(&self, words: &[&str]) -> Result<Value, Trouble> {
        ask(&mut self.company.admin(words))
    }
}

fn list(answer: &Value) -> Result<&[Value], Trouble> {
    let list = answer.as_array().map(Vec::as_slice);
    list.ok_or_else(|| "muster-server gave no list".to_owned().into())
}
