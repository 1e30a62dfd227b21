//! A company whose management server is the program: a data file of its own, the server on
//! 127.0.0.1, and an admin at the command line. Stories and the demo are told with it.
mod rule;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub use rule::Rule;

/// See the module. Dropping it stops the server by its process id; the data file stays.
pub struct Company {
    program: PathBuf,
    data: PathBuf,
    token: String,
    url: Option<String>,
    child: Option<Child>,
}

impl Company {
    /// Makes the data file `data` with `program`, the path of `muster-server`.
    ///
    /// # Errors
    /// In the program's words.
    pub fn found(program: &Path, data: PathBuf) -> Result<Self, String> {
        let mut init = clean(program);
        let output = init.args(["--json", "init", "--data"]).arg(&data).output();
        let output = output.map_err(|e| format!("muster-server can't be started: {e}"))?;
        let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let token = said["token"].as_str().map(str::to_owned);
        let token =
            token.ok_or_else(|| String::from_utf8_lossy(&output.stderr).trim().to_owned())?;
        Ok(Self { program: program.to_owned(), data, token, url: None, child: None })
    }

    /// Serves it at `listen`; what the server complains about goes to `log`.
    ///
    /// # Errors
    /// If it does not start.
    pub fn serve(&mut self, listen: &str, log: Stdio) -> Result<(), String> {
        self.stop();
        let mut serve = clean(&self.program);
        serve.args(["--json", "serve", "--listen", listen, "--data"]).arg(&self.data);
        serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child =
            serve.spawn().map_err(|e| format!("muster-server can't be started: {e}"))?;
        // It says where it listens as soon as it does.
        let mut line = String::new();
        let read = child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        self.child = Some(child);
        let said: Value = match read {
            Some(Ok(_)) => serde_json::from_str(&line).unwrap_or_default(),
            _ => Value::Null,
        };
        let issuer = said["issuer"].as_str().ok_or("muster-server did not start")?;
        self.url = Some(issuer.to_owned());
        Ok(())
    }

    /// From now on its data file is served at `url` by other means than the program.
    pub fn served_at(&mut self, url: String) {
        self.url = Some(url);
    }

    /// Stops the server. An admin works on the data file then.
    pub fn stop(&mut self) {
        self.kill();
        self.url = None;
    }

    /// Kills the server, as a power cut would: everybody still looks for it at its address.
    pub fn kill(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
        self.child = None;
    }

    /// Lets the server run on when this value is gone.
    pub fn keep(&mut self) {
        self.child = None;
    }

    /// The data file.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The program.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The server's address, while it runs.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The server's process.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// An admin's command, answered in JSON: through the admin API while the server runs, else on
    /// the data file.
    pub fn admin(&self, words: &[&str]) -> Command {
        let mut command = clean(&self.program);
        command.arg("--json").args(words).stdin(Stdio::null());
        match &self.url {
            Some(url) => {
                command.env("MUSTER_SERVER_URL", url).env("MUSTER_ADMIN_TOKEN", &self.token);
            }
            None => {
                command.env("MUSTER_SERVER_DATA", &self.data);
            }
        }
        command
    }
}

impl Drop for Company {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, without what the caller's own environment says about another server.
fn clean(program: &Path) -> Command {
    let mut command = Command::new(program);
    for name in ["MUSTER_SERVER_DATA", "MUSTER_SERVER_URL", "MUSTER_ADMIN_TOKEN", "MUSTER_TENANT"] {
        command.env_remove(name);
    }
    command
}
