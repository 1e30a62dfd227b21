//! The management server, and what its admin does, all through its command line and admin API.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::programs::ask;
use crate::run::Trouble;

/// The server's data file.
pub(crate) const DATA: &str = "company.db";

/// A running server; it ends with this value, unless it is kept.
pub(crate) struct Server {
    program: PathBuf,
    data: PathBuf,
    child: Option<Child>,
    token: String,
    /// Its address, which phones are told.
    pub(crate) url: String,
}

impl Server {
    /// Makes a data file in `folder` and serves it on a free port of 127.0.0.1.
    pub(crate) fn start(program: &Path, folder: &Path) -> Result<Self, Trouble> {
        let data = folder.join(DATA);
        let init = ask(clean(program).args(["--json", "init", "--data"]).arg(&data))?;
        let token = text(&init, "token")?;

        let log = folder.join("server.log");
        let log = File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let mut serve = clean(program);
        serve.args(["--json", "serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child =
            serve.spawn().map_err(|e| format!("muster-server can't be started: {e}"))?;
        // It says where it listens as soon as it does.
        let mut line = String::new();
        let read = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let mut server = Self {
            program: program.to_owned(),
            data,
            child: Some(child),
            token,
            url: String::new(),
        };
        if !matches!(read, Some(Ok(_))) {
            return Err("muster-server said nothing".to_owned().into());
        }
        let said: Value = serde_json::from_str(&line)
            .map_err(|_| "muster-server did not start")
            .map_err(|e| e.to_owned())?;
        server.url = text(&said, "issuer")?;
        Ok(server)
    }

    /// `host:port`, as links name it.
    pub(crate) fn authority(&self) -> String {
        self.url.trim_start_matches("http://").trim_end_matches('/').to_owned()
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Kills it, as a power cut would.
    pub(crate) fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Lets it run on after the demo.
    pub(crate) fn keep(&mut self) {
        self.child = None;
    }

    /// What one types instead of this.
    pub(crate) fn words(&self) -> String {
        format!("{} --data {}", self.program.display(), self.data.display())
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
        let mut command = clean(&self.program);
        command.env("MUSTER_SERVER_URL", &self.url).env("MUSTER_ADMIN_TOKEN", &self.token);
        ask(command.arg("--json").args(words))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, without what the caller's own environment says about another server.
fn clean(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in ["DATA", "URL", "TENANT"] {
        command.env_remove(format!("MUSTER_SERVER_{name}"));
    }
    command.env_remove("MUSTER_ADMIN_TOKEN").env_remove("MUSTER_TENANT");
    command
}

fn text(answer: &Value, member: &str) -> Result<String, Trouble> {
    let text = answer[member].as_str().map(str::to_owned);
    text.ok_or_else(|| format!("muster-server did not name the {member}").into())
}

fn list(answer: &Value) -> Result<&[Value], Trouble> {
    let list = answer.as_array().map(Vec::as_slice);
    list.ok_or_else(|| "muster-server gave no list".to_owned().into())
}
