//! Nothing that is secret or personal can be read in any file of a phone, nor in its log: after a
//! run, after kills in the middle of one, after a failed activation, after a contact was deleted, and
//! after the phone was retired.
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use muster_e2e::program::Device;
use muster_e2e::scan::Scanner;
use muster_e2e::simulated::{BEGIN_S, Office, PASSWORD, USERNAME, scratch};
use muster_e2e::wiretap::Wiretap;
use muster_people::people;
use muster_server::Config;
use muster_server::clock::SetClock;
use muster_server::ids::UnixTime;
use serde_json::{Value, json};

/// Shorter texts stand in random bytes by chance.
const SHORTEST: usize = 6;

/// The person who carries the phone; not among the contacts.
const OWN: [(&str, &str); 6] = [
    ("first_name", "Kunigunde"),
    ("last_name", "Zwetschgenbaum"),
    ("email", "kunigunde@zwetschgenbaum.example"),
    ("device_id", "udid-4711-0815-4242"),
    ("serial_number", "SN-F00DBABE-77"),
    ("support_email", "helpdesk@acme-support.example"),
];

/// A company whose every word is heard.
struct Bugged {
    office: Office,
    tap: Wiretap,
    device: Device,
}

impl Bugged {
    fn new(folder: &Path, people: usize) -> Self {
        let tap = Wiretap::bind();
        let config = Config { issuer: Some(tap.url()), ..Config::default() };
        let clock = Arc::new(SetClock::new(UnixTime(BEGIN_S)));
        let office = Office::with(config, clock, 3, people);
        tap.pass_on_to(office.server.address());
        Self { office, tap, device: Device::new(folder.join("phone")) }
    }

    fn config(&self) -> String {
        let mut managed = self.office.managed();
        for (key, value) in OWN {
            managed[key] = json!(value);
        }
        self.device.file("config", managed.to_string())
    }

    fn run(&self) -> Value {
        self.device.run_managed(&self.config()).json()
    }

    /// Tokens, codes, passwords and hrefs.
    fn secrets(&self) -> Vec<String> {
        let heard = self.tap.heard();
        let mut secrets = vec![PASSWORD.to_owned(), USERNAME.to_owned()];
        for name in ["access_token", "refresh_token", "authorization_code", "auth_session"] {
            secrets.extend(between(&heard, &format!("\"{name}\":\""), "\""));
        }
        for name in ["code_verifier", "code_challenge"] {
            secrets.extend(between(&heard, &format!("{name}="), "&"));
        }
        let hrefs = between(&heard, "<D:href>", "</D:href>");
        // The last segment is what tells one contact from another.
        secrets.extend(hrefs.iter().filter_map(|href| href.rsplit('/').next().map(str::to_owned)));
        secrets.retain(|secret| secret.len() >= SHORTEST && !secret.contains(['\r', '\n']));
        secrets.sort();
        secrets.dedup();
        secrets
    }

    /// Names, addresses, numbers and remarks of everybody.
    fn personal(&self) -> Vec<String> {
        let mut personal: Vec<String> = OWN.iter().map(|(_, value)| (*value).to_owned()).collect();
        for person in &self.office.people {
            personal.extend([
                person.given.clone(),
                person.family.clone(),
                person.display_name(),
                person.email.clone(),
                person.organization.to_owned(),
                person.department.to_owned(),
                person.title.to_owned(),
                person.address.street.clone(),
                person.employee_id.clone(),
                person.uid.clone(),
            ]);
            for phone in &person.phones {
                personal.extend([phone.written.clone(), phone.e164[1..].to_owned()]);
            }
        }
        personal.retain(|text| text.len() >= SHORTEST);
        personal.sort();
        personal.dedup();
        personal
    }

    fn scanner(&self) -> Scanner {
        Scanner::new(self.secrets().into_iter().chain(self.personal()))
    }

    #[track_caller]
    fn nothing_can_be_read(&self) {
        assert_eq!(self.scanner().folder(&self.device.folder), []);
    }

    fn kill_at(&self, place: &str) -> bool {
        let config = self.config();
        let command = self.device.command(&["run", "--managed-config", &config]);
        kill_at(command, place)
    }
}

/// Runs `command` until `place` and kills it there. `false` if it ended before.
fn kill_at(mut command: Command, place: &str) -> bool {
    use std::io::{BufRead, BufReader};
    command.env("MUSTER_DEVICE_STOP_AT", place).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = command.spawn().expect("it starts");
    let lines = BufReader::new(process.stderr.take().expect("a pipe")).lines();
    let there = lines.map_while(Result::ok).any(|line| line.contains(": at step "));
    if there {
        process.kill().unwrap();
    }
    process.wait().unwrap();
    there
}

fn between(text: &str, start: &str, end: &str) -> Vec<String> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split(end).next()).map(str::to_owned).collect()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.file_name().to_string_lossy().into_owned());
        if entry.path().is_dir() {
            names.extend(names_in(&entry.path()));
        }
    }
    names
}

/// The scanner finds every needle where nothing is sealed, so what it does not find is not there.
#[track_caller]
fn found_in_the_open(bugged: &Bugged) {
    let folder = scratch();
    let scanner = bugged.scanner();
    let everything = [bugged.secrets(), bugged.personal()].concat();
    fs::write(folder.path().join("open"), everything.join("\n")).unwrap();
    let in_open = scanner.folder(folder.path());
    assert!(everything.iter().all(|needle| in_open.iter().any(|found| found.needle == *needle)));
    // What went over the wire holds each kind: the needles are really what the phone was told.
    fs::write(folder.path().join("open"), bugged.tap.heard()).unwrap();
    let heard = scanner.folder(folder.path());
    let heard: Vec<&str> = heard.iter().map(|found| found.needle.as_str()).collect();
    for secret in bugged.secrets().iter().filter(|secret| *secret != PASSWORD) {
        assert!(heard.contains(&secret.as_str()), "{secret}");
    }
    let people = bugged.office.people.iter().filter(|p| heard.contains(&p.email.as_str()));
    assert!(people.count() >= bugged.office.people.len() / 2);
}

#[test]
fn after_a_run_a_deletion_and_a_retirement() {
    let folder = scratch();
    let bugged = Bugged::new(folder.path(), 200);
    assert_eq!(bugged.run()["contacts"]["count"], 200);
    assert!(bugged.secrets().len() > 200, "tokens and hrefs were heard");
    found_in_the_open(&bugged);
    bugged.nothing_can_be_read();

    let found = bugged.device.run(&["search", "mull"]).json();
    assert_ne!(found.as_array().map_or(0, Vec::len), 0, "the phone itself can read it");
    bugged.device.run(&["caller", &bugged.office.people[0].phones[0].e164]).json();
    bugged.device.run(&["contacts"]).json();
    bugged.nothing_can_be_read();

    let leaves: Vec<&str> = bugged.office.people[..20].iter().map(|p| p.email.as_str()).collect();
    bugged.office.acme("POST", &["people", "remove"], json!({ "people": leaves }));
    assert_eq!(bugged.run()["contacts"]["count"], 180);
    bugged.nothing_can_be_read();

    let device = bugged.office.devices()[0]["device"].clone();
    bugged.office.acme("POST", &["devices", "retire"], json!({ "devices": [device] }));
    let erased = bugged.device.run(&["run"]).any_json();
    assert_eq!(erased["licence"]["phase"], "erased");
    bugged.nothing_can_be_read();
    let left = names_in(&bugged.device.folder);
    assert!(!left.iter().any(|name| name.contains(".db") || name.ends_with(".key")), "{left:?}");
}

#[test]
fn after_kills_in_the_middle_of_a_sync() {
    let folder = scratch();
    let bugged = Bugged::new(folder.path(), 700);
    // The first run up to the address book; then every step of the run that goes on with it. One
    // answer is that large.
    let mut places = vec!["24".to_owned(), "30+100000".to_owned()];
    places.extend((0..14).map(|step| format!("{step}+100000")));
    let mut logs = Vec::new();
    for place in places {
        if bugged.kill_at(&place) {
            logs.extend(
                names_in(&bugged.device.folder).into_iter().filter(|n| n.ends_with("-wal")),
            );
            bugged.nothing_can_be_read();
        }
    }
    for kind in ["agent", "contacts"] {
        let count = logs.iter().filter(|name| name.starts_with(kind)).count();
        assert!(count > 4, "kills leave write-ahead logs: {logs:?}");
    }
    found_in_the_open(&bugged);
    assert_eq!(bugged.run()["contacts"]["count"], 700);
    bugged.nothing_can_be_read();
}

#[test]
fn after_failed_activations_and_other_ways_in() {
    let folder = scratch();
    let bugged = Bugged::new(folder.path(), 10);
    let passcode = "open sesame, I beg you";
    bugged.office.acme("PUT", &["passcode"], json!({ "passcode": passcode }));
    let wrong = ["never the right password", "never the right passcode"];
    let link = bugged.office.acme("POST", &["links"], json!({}))["url"].clone();
    let code = between(link.as_str().unwrap(), "c=", "&").remove(0);
    let needles = || {
        let more = wrong.into_iter().chain([passcode, code.as_str()]).map(str::to_owned);
        Scanner::new(bugged.secrets().into_iter().chain(bugged.personal()).chain(more))
    };
    let mut managed = bugged.office.managed();
    managed["license_password"] = json!(wrong[0]);
    let config = bugged.device.file("wrong", managed.to_string());
    bugged.device.run_managed(&config).complaint();
    assert_eq!(needles().folder(&bugged.device.folder), []);

    let person = bugged.office.people[3].email.clone();
    let typed = |device: &Device, passcode: &str| {
        let file = device.file("passcode", passcode);
        let server = bugged.tap.url();
        device.run(&["activate", "--server", &server, "--email", &person, "--password-file", &file])
    };
    let other = Device::new(folder.path().join("other"));
    typed(&other, wrong[1]).complaint();
    assert_eq!(needles().folder(&other.folder), []);
    assert_eq!(typed(&other, passcode).json()["licence"]["phase"], "active");
    assert_eq!(needles().folder(&other.folder), []);

    let third = Device::new(folder.path().join("third"));
    let opened = third.run(&["open-link", link.as_str().unwrap(), "--accept"]);
    assert_eq!(opened.json()["licence"]["phase"], "active");
    assert_eq!(needles().folder(&third.folder), []);
    let again = Device::new(folder.path().join("again"));
    again.run(&["open-link", link.as_str().unwrap(), "--accept"]).complaint();
    assert_eq!(needles().folder(&again.folder), []);
}

#[test]
fn in_the_log_of_a_phone_that_logs_everything() {
    let folder = scratch();
    let bugged = Bugged::new(folder.path(), 50);
    let (out, log) = (folder.path().join("out"), folder.path().join("log"));
    fs::create_dir_all(&out).unwrap();
    fs::create_dir_all(&log).unwrap();
    let mut count = 0;
    let mut logged = |args: &[&str]| {
        count += 1;
        let mut command = bugged.device.command(args);
        let ended = command.env("MUSTER_LOG", "trace").output().unwrap();
        fs::write(out.join(count.to_string()), &ended.stdout).unwrap();
        fs::write(log.join(count.to_string()), &ended.stderr).unwrap();
        String::from_utf8_lossy(&ended.stderr).into_owned()
    };
    let mut managed = bugged.office.managed();
    managed["license_password"] = json!("never the right password");
    let wrong = bugged.device.file("wrong", managed.to_string());
    let failed = logged(&["run", "--managed-config", &wrong]);
    assert!(failed.contains("WARN muster_core::agent"), "the log is on: {failed}");
    let config = bugged.config();
    let run = logged(&["run", "--managed-config", &config]);
    assert!(run.contains("DEBUG muster_core::agent"), "the log is on: {run}");
    logged(&["config"]);
    logged(&["report"]);
    let leaves = bugged.office.people[0].email.as_str();
    bugged.office.acme("POST", &["people", "remove"], json!({ "people": [leaves] }));
    logged(&["run"]);
    let device = bugged.office.devices()[0]["device"].clone();
    bugged.office.acme("POST", &["devices", "retire"], json!({ "devices": [device] }));
    logged(&["run"]);

    found_in_the_open(&bugged);
    let mut secrets = bugged.secrets();
    secrets.push("never the right password".to_owned());
    assert_eq!(Scanner::new(secrets.iter().chain(&bugged.personal())).folder(&log), []);
    // What a command answers may name the person; it never holds a secret.
    secrets.retain(|secret| secret != USERNAME);
    assert_eq!(Scanner::new(&secrets).folder(&out), []);
}

/// The files are looked through so closely that rows which were deleted are found, where nothing is
/// sealed and nothing is overwritten.
#[test]
fn a_database_that_is_not_sealed_is_seen_through() {
    let folder = scratch();
    let everybody = people(3, 50);
    let file = folder.path().join("contacts.db");
    let db = rusqlite::Connection::open(&file).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA secure_delete = OFF; CREATE TABLE c (email, name);",
    )
    .unwrap();
    for person in &everybody {
        db.execute("INSERT INTO c VALUES (?, ?)", (&person.email, person.display_name())).unwrap();
    }
    let scanner = Scanner::new(everybody.iter().map(|person| &person.email));
    let in_log = scanner.folder(folder.path());
    assert!(in_log.iter().any(|found| found.file.to_string_lossy().ends_with("-wal")));
    db.execute_batch("DELETE FROM c; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    drop(db);
    assert_ne!(scanner.folder(folder.path()), []);
}
