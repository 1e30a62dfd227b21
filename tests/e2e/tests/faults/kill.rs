//! kill -9 at every step of a first run, and at fifty other moments: the next run completes, nothing
//! is counted twice, nothing that was acknowledged is lost.
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};

use muster_core::agent::Event;
use muster_core::contacts::directory::Page;
use muster_core::ids::{Language, Platform};
use muster_core::random::Random;
use muster_core::step::Step;
use muster_device::clock::Clock;
use muster_device::phone::{Phone, PhoneOptions};
use muster_e2e::program::Device;
use muster_e2e::simulated::{Office, Wire, handset, scratch, seeded};

use crate::ledger::Ledger;

const PEOPLE: usize = 50;
const RANDOM_KILLS: usize = 50;
/// Each phone is killed so often before it may finish.
const KILLS_A_PHONE: usize = 2;
/// Where random kills happen: in the steps of a first run, and after so many bytes of an answer.
const STEPS: u64 = 37;
const BYTES: u64 = 60_000;
const SEED: u64 = 20_270_115;
const SIGKILL: i32 = 9;

/// A phone that is a real process, with its company.
struct Victim {
    office: Office,
    device: Device,
    config: String,
    runs: usize,
}

impl Victim {
    fn new(folder: &Path) -> Self {
        let office = Office::in_real_time(1, PEOPLE);
        let device = Device::new(folder.join("phone"));
        let config = device.file("config", office.managed().to_string());
        Self { office, device, config, runs: 0 }
    }

    fn command(&self) -> Command {
        self.device.command(&["run", "--managed-config", &self.config])
    }

    /// Runs until `place` and kills the process that waits there. `false` if the run was over
    /// before.
    fn kill_at(&mut self, place: &str) -> bool {
        self.runs += 1;
        let mut command = self.command();
        command.env("MUSTER_DEVICE_STOP_AT", place);
        let mut process =
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
        let lines = BufReader::new(process.stderr.take().expect("a pipe")).lines();
        let there = lines.map_while(Result::ok).any(|line| line.contains(": at step "));
        if there {
            assert_eq!(process.try_wait().unwrap(), None, "alive when it is killed");
            process.kill().unwrap();
        }
        let status = process.wait().unwrap();
        let signal = if there { Some(SIGKILL) } else { None };
        assert_eq!(status.signal(), signal, "{place}: {status}");
        there
    }

    /// Runs to the end, and compares both sides.
    #[track_caller]
    fn finishes(mut self, case: &str) {
        self.runs += 1;
        let ended = self.device.run_managed(&self.config);
        assert_eq!(ended.code, Some(0), "after a kill {case}: {ended:#?}");
        let mut phone = Phone::open(PhoneOptions {
            folder: self.device.folder.clone(),
            platform: Platform::Android,
            language: Language::En,
            clock: Clock::Real,
        })
        .expect("it opens");
        phone.unlock();
        let everybody = phone.agent.directory().contacts(Page::ALL).expect("contacts");
        let emails = everybody.into_iter().flat_map(|contact| contact.record.emails);
        let mut contacts: Vec<String> = emails.map(|email| email.address).collect();
        contacts.sort();
        let ledger = Ledger {
            devices: self.office.devices(),
            seats_taken: self.office.seats_taken(),
            at_server: self.office.events(),
            looks: self.runs,
            people: self.office.addresses(),
            sent: phone.agent.reports(),
            outbox: serde_json::to_value(phone.agent.status().outbox).unwrap(),
            contacts,
        };
        let mistakes = ledger.mistakes();
        assert!(mistakes.is_empty(), "after a kill {case}: {mistakes:#?}");
    }
}

#[test]
fn at_every_step_of_a_first_run() {
    for step in 0.. {
        let folder = scratch();
        let mut victim = Victim::new(folder.path());
        if !victim.kill_at(&step.to_string()) {
            assert!(step > 30, "a first run has more steps than {step}");
            victim.finishes("never");
            return;
        }
        victim.finishes(&format!("before step {step}"));
    }
}

#[test]
fn after_every_step_of_a_first_run_before_the_agent_hears_of_it() {
    for step in 0.. {
        let folder = scratch();
        let mut victim = Victim::new(folder.path());
        if !victim.kill_at(&format!("{step}+0")) {
            return;
        }
        victim.finishes(&format!("after step {step}"));
    }
}

#[test]
fn at_fifty_random_moments() {
    let mut random = seeded(SEED, 0);
    let mut below = |most: u64| {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        u64::from_le_bytes(bytes) % most
    };
    let mut kills = 0;
    while kills < RANDOM_KILLS {
        let folder = scratch();
        let mut victim = Victim::new(folder.path());
        let mut places = Vec::new();
        while places.len() < KILLS_A_PHONE {
            // A later run is shorter, so some places are not reached. Small numbers of bytes are as
            // likely as large ones.
            let most = below(BYTES) >> below(16);
            let place = format!("{}+{}", below(STEPS), most);
            if victim.kill_at(&place) {
                places.push(place);
            }
            assert!(victim.runs < 40, "seed {SEED}: {places:?}");
        }
        kills += places.len();
        victim.finishes(&format!("at {places:?}, seed {SEED}"));
    }
}

const HOUR_MS: i64 = 3_600_000;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The ledger sees it when a commit comes after the request it belongs to: a phone whose files are
/// those of before its activation was committed activates again, and reports it again; the same for the
/// contacts. An event that was committed before it was sent is sent again under its own name, which
/// does no harm.
#[test]
fn a_commit_that_comes_after_sending_is_seen() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 7);
    let root = folder.path().to_owned();
    phone.plan.step = Box::new(move |index, step| {
        if matches!(step, Step::Send { .. }) {
            copy(&root.join("data"), &root.join("before").join(index.to_string()));
        }
    });
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    assert_eq!(Ledger::of(&office, &mut phone).mistakes(), [""; 0]);
    let asked = phone.asked.clone();
    drop(phone);

    let before = folder.path().join("before");
    let mut steps: Vec<usize> = fs::read_dir(&before)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().parse().unwrap())
        .collect();
    steps.sort_unstable();
    let fetched = asked.iter().position(|(_, what)| what.starts_with("REPORT")).unwrap();
    let redeemed = asked.iter().position(|(_, what)| what.contains("/token")).unwrap();
    let then = |request: usize| {
        let data = folder.path().join("data");
        fs::remove_dir_all(&data).unwrap();
        copy(&before.join(steps[request].to_string()), &data);
        // Another life draws other numbers, or its events would have names that are taken.
        let mut phone = handset(folder.path(), &office, 100 + request as u64);
        phone.asked = asked.clone();
        phone.launch(&office.managed());
        phone.handle(Event::CheckNow);
        phone.run(HOUR_MS);
        Ledger::of(&office, &mut phone).mistakes()
    };
    let seen = |mistakes: &[String], what: &str| mistakes.iter().any(|m| m.starts_with(what));
    assert_eq!(then(asked.len() - 1), [""; 0]);
    let mistakes = then(fetched);
    assert!(seen(&mistakes, "doubled: 100 contacts added"), "{mistakes:#?}");
    let mistakes = then(redeemed);
    assert!(seen(&mistakes, "doubled or lost: 2 activations"), "{mistakes:#?}");
    assert!(seen(&mistakes, "the phone forgot"), "{mistakes:#?}");
}

/// The ledger sees it when something was acknowledged and is not there.
#[test]
fn an_event_that_is_lost_after_its_acknowledgement_is_seen() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 7);
    phone.launch(&office.managed());
    let mut events = 0;
    phone.plan.request = Box::new(move |_, request| {
        events += i32::from(request.url.ends_with("/events"));
        let second = request.url.ends_with("/events") && events == 2;
        if second { Wire::answer(202, &[], "") } else { Wire::Through }
    });
    phone.run(HOUR_MS);
    let mistakes = Ledger::of(&office, &mut phone).mistakes();
    assert!(mistakes.iter().any(|mistake| mistake.starts_with("lost: ")), "{mistakes:#?}");
}
