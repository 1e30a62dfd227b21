//! A management server in this process, with one organisation and a clock that stands still.
use std::sync::Arc;

use muster_people::{Person, Version, people};
use muster_server::admin::{Actor, Call};
use muster_server::clock::SetClock;
use muster_server::ids::UnixTime;
use muster_server::{Config, Running, Server};
use serde_json::{Value, json};

/// When stories begin, in seconds since 1970.
pub const BEGIN_S: i64 = 1_800_000_000;
/// The user name of the licence that all phones share.
pub const USERNAME: &str = "phones-of-acme";
/// Its password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A management server in this process, with one organisation.
pub struct Office {
    /// The server.
    pub server: Running,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Who works there.
    pub people: Vec<Person>,
}

impl Office {
    /// A company of `count` people made from `seed`, on a clock that stands still.
    pub fn open(seed: u64, count: usize) -> Self {
        let clock = Arc::new(SetClock::new(UnixTime(BEGIN_S)));
        Self::with(Config { clock: clock.clone(), ..Config::default() }, clock, seed, count)
    }

    /// The same on the machine's clock, for programs that run on it.
    pub fn in_real_time(seed: u64, count: usize) -> Self {
        let clock = Arc::new(SetClock::new(UnixTime(BEGIN_S)));
        Self::with(Config::default(), clock, seed, count)
    }

    /// With a configuration of the server.
    pub fn with(config: Config, clock: Arc<SetClock>, seed: u64, count: usize) -> Self {
        let server = Server::start(config).expect("the server starts");
        let office = Self { server, clock, people: people(seed, count) };
        office.admin("POST", &["tenants"], json!({"id": "acme", "name": "Acme AG"}));
        let cards: Vec<Value> =
            office.people.iter().map(|p| json!({"vcard": p.vcard(Version::V4)})).collect();
        for cards in cards.chunks(500) {
            office.acme("POST", &["people", "import"], json!({ "people": cards }));
        }
        let licence = json!({"username": USERNAME, "password": PASSWORD, "seats": 100});
        office.acme("POST", &["licences"], licence);
        office
    }

    fn call(&self, call: &Call) -> Value {
        let answer = self.server.admin().handle(&Actor("ada".to_owned()), call);
        answer.unwrap_or_else(|e| panic!("{} {:?}: {e}", call.method, call.path)).1
    }

    /// A call of the admin API.
    pub fn admin(&self, method: &str, path: &[&str], body: Value) -> Value {
        self.call(&Call::new(method, path, body))
    }

    /// A call within the organisation.
    pub fn acme(&self, method: &str, path: &[&str], body: Value) -> Value {
        self.call(&Call::new(method, &[&["tenants", "acme"], path].concat(), body))
    }

    fn list(&self, what: &str) -> Vec<Value> {
        let call = Call::new("GET", &["tenants", "acme", what], Value::Null).with("limit", 1_000);
        self.call(&call)[what].as_array().cloned().unwrap_or_default()
    }

    /// The phones, as an admin sees them.
    pub fn devices(&self) -> Vec<Value> {
        self.list("devices")
    }

    /// What phones reported, in order of arrival.
    pub fn events(&self) -> Vec<Value> {
        self.list("events")
    }

    /// How many seats of the licence are taken.
    pub fn seats_taken(&self) -> i64 {
        self.list("licences").iter().filter_map(|l| l["seats_taken"].as_i64()).sum()
    }

    /// The e-mail addresses of all people, sorted.
    pub fn addresses(&self) -> Vec<String> {
        let mut addresses: Vec<String> = self.people.iter().map(|p| p.email.clone()).collect();
        addresses.sort();
        addresses
    }

    /// What an MDM hands to a phone of this company.
    pub fn managed(&self) -> Value {
        json!({
            "server_url": self.server.url(),
            "license_username": USERNAME,
            "license_password": PASSWORD,
            "default_region": "DE",
        })
    }
}
