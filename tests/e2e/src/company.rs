//! A company with the reference management server: the public program with a data file of its own,
//! people from a list, and every way in open.
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use muster_company::{Company as Program, Rule};
use muster_people::{Person, Version, vcards};
use muster_server::clock::SetClock;
use muster_server::ids::UnixTime;
use muster_server::{Config, Data, Running, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Ended, program};

/// The company's name, as phones show it.
pub const NAME: &str = "Acme AG";
/// User name of the licence that everybody shares.
pub const LICENCE_USER: &str = "acme-everybody";
/// Its password.
pub const LICENCE_PASSWORD: &str = "Korrekt-Pferd-Batterie";
/// The passcode that goes with an e-mail address.
pub const PASSCODE: &str = "Sommerregen-47";
/// Whom the phone tells people to ask.
pub const SUPPORT_PHONE: &str = "+49 30 2312500";

/// How often a stopped server is looked for.
const GONE_TRIES: usize = 100;

/// See the module. Dropping it stops the server by its process id and removes the data.
pub struct Company {
    program: Program,
    clock: Option<Arc<SetClock>>,
    port: u16,
    /// The same server in this process, so that its clock can be made up.
    inside: Option<Box<Running>>,
    folder: TempDir,
}

impl Company {
    /// A company of `people` whose server is up.
    pub fn open(people: &[Person]) -> Self {
        Self::begin(people, None)
    }

    /// The same with a server whose clock stands at `moment` (seconds since 1970) until
    /// [`Company::set_clock`].
    pub fn open_at(people: &[Person], moment: i64) -> Self {
        Self::begin(people, Some(Arc::new(SetClock::new(UnixTime(moment)))))
    }

    fn begin(people: &[Person], clock: Option<Arc<SetClock>>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let data = folder.path().join("company.db");
        let program = Program::found(&program("muster-server"), data).expect("a data file");
        let mut company = Self { program, clock, port: 0, inside: None, folder };
        company.serve();
        company.admin(&["tenant", "add", "acme", "--name", NAME, "--support-phone", SUPPORT_PHONE]);
        let list = company.folder.path().join("people.vcf");
        std::fs::write(&list, vcards(people, Version::V3)).expect("the list can be written");
        let imported = company.admin(&["person", "import", &list.to_string_lossy()]);
        assert_eq!(imported["added"], people.len(), "{imported}");
        let licence =
            ["licence", "add", "--username", LICENCE_USER, "--password", LICENCE_PASSWORD];
        company.admin(&licence);
        company.admin(&["passcode", "set", PASSCODE]);
        company
    }

    /// Starts the server, on the port it had before if it had one.
    pub fn serve(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        match &self.clock {
            None => {
                self.program.serve(&listen, Stdio::inherit()).expect("the server starts");
                let url = self.program.url().expect("it runs");
                let port = url.trim_end_matches('/').rsplit(':').next().map(str::parse);
                self.port = port.and_then(Result::ok).unwrap_or_else(|| panic!("no port: {url}"));
            }
            Some(clock) => {
                let clock = Arc::clone(clock) as _;
                let data = Data::File(self.program.data().to_owned());
                let config = Config { listen, data, clock, ..Config::default() };
                let running = Server::start(config).expect("the server starts");
                self.port = running.address().port();
                self.inside = Some(Box::new(running));
                self.program.served_at(self.url());
            }
        }
    }

    /// Stops the server. Nothing listens on its port when this returns.
    pub fn stop(&mut self) {
        self.inside = None;
        self.program.stop();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        for _ in 0..GONE_TRIES {
            if TcpStream::connect(address).is_err() {
                return;
            }
            // A process that another story is just starting holds a copy of every socket of this
            // one until its program is loaded.
            std::thread::park_timeout(Duration::from_millis(20));
        }
        panic!("something still listens at {address}");
    }

    /// Sets the server's made-up clock.
    pub fn set_clock(&self, moment: i64) {
        self.clock.as_ref().expect("the clock is a made-up one").set(UnixTime(moment));
    }

    /// The server's address, `server_url` for phones.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// An admin's command that must work; its answer. It goes through the admin API while the
    /// server runs.
    #[track_caller]
    pub fn admin(&self, args: &[&str]) -> Value {
        self.try_admin(args).json()
    }

    /// An admin's command.
    pub fn try_admin(&self, args: &[&str]) -> Ended {
        self.program.admin(args).output().expect("muster-server starts").into()
    }

    /// Sets a compliance rule.
    #[track_caller]
    pub fn sets(&self, rule: &Rule) {
        self.admin(&rule.words());
    }

    /// A new activation link.
    pub fn link(&self) -> String {
        self.admin(&["link", "new"])["url"].as_str().expect("a link").to_owned()
    }

    /// The phones that the server knows, those in use and others.
    pub fn devices(&self) -> Vec<Value> {
        list(self.admin(&["device", "list"]))
    }

    /// The name of the one phone there is.
    #[track_caller]
    pub fn only_device(&self) -> String {
        let devices = self.devices();
        assert_eq!(devices.len(), 1, "{devices:#?}");
        devices[0]["device"].as_str().expect("a name").to_owned()
    }

    /// What phones reported, oldest first: the last word of each event's type, and what it says.
    pub fn events(&self) -> Vec<(String, Value)> {
        let mut events = Vec::new();
        for row in list(self.admin(&["events"])) {
            for (kind, content) in row["claims"]["events"].as_object().expect("events by type") {
                let name = kind.rsplit('/').next().unwrap_or_default().to_owned();
                events.push((name, content.clone()));
            }
        }
        events
    }

    /// The statuses that phones reported as CAEP's device-compliance-change, oldest first.
    pub fn compliance_reported(&self) -> Vec<String> {
        let changes = self.events().into_iter().filter(|(n, _)| n == "device-compliance-change");
        let status =
            |(_, content): (String, Value)| content["current_status"].as_str().map(str::to_owned);
        changes.filter_map(status).collect()
    }

    /// The managed configuration that activates with the licence everybody shares, with `more` in it.
    pub fn shared_licence(&self, more: Value) -> Value {
        let mut tree = json!({
            "server_url": self.url(),
            "license_username": LICENCE_USER,
            "license_password": LICENCE_PASSWORD,
        });
        let more = more.as_object().expect("settings").clone();
        tree.as_object_mut().expect("settings").extend(more);
        tree
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => panic!("not a list: {other}"),
    }
}
