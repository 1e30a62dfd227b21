//! The same events and the same seed give the same steps, byte for byte, in two processes. Answers
//! are those of one real run, written down: a phone's hardware signs with random numbers of its own.
use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use muster_core::agent::Event;
use muster_core::licence::Phase;
use muster_core::step::Step;
use muster_core::time::{DAY_MS, HOUR_MS};
use muster_core::vault::VaultOp;
use muster_device::vault::FileVault;
use muster_e2e::script::{Player, Recorder, Script, Shared};
use muster_e2e::simulated::{Handset, Office, Sockets, handset_of, scratch, signals, time_of};
use ring::digest::{Context, SHA256};
use serde_json::Value;

const PEOPLE: usize = 300;
const SEED: u64 = 11;
const SCRIPT: &str = "MUSTER_TEST_SCRIPT";
const MANAGED: &str = "MUSTER_TEST_MANAGED";
const CHILD_SEED: &str = "MUSTER_TEST_SEED";
/// The other processes are this test, run with a script.
const TEST: &str = "determinism::the_same_events_and_seed_give_the_same_steps_in_two_processes";
const SAYS: &str = "the steps are ";

/// A step with everything in it: `Debug` leaves out what must not be logged.
fn write_down(step: &Step, into: &mut Vec<u8>) {
    match step {
        Step::Send { id, request } => {
            let (method, url) = (request.method.as_str(), &request.url);
            let line = format!("send {id:?} {method} {url} {:?}\n", request.timeouts);
            into.extend(line.bytes());
            for (name, value) in &request.headers {
                into.extend(format!("{name}: {value}\n").bytes());
            }
            into.extend(&request.body);
        }
        Step::Vault { id, op } => {
            into.extend(format!("vault {id:?} {op:?}\n").bytes());
            if let VaultOp::Wrap { plaintext, .. } = op {
                into.extend(plaintext.expose());
            }
        }
        Step::Cancel { .. } | Step::Effect { .. } | Step::Wait { .. } | Step::Idle => {
            into.extend(format!("{step:?}\n").bytes());
        }
    }
}

/// A first run, a finding, some days of waiting, a restart; what it asked for, in hex.
fn story(mut phone: Handset, managed: &Value) -> (String, Phase) {
    let steps = Arc::new(Mutex::new(Vec::new()));
    let written = Arc::clone(&steps);
    phone.plan.step =
        Box::new(move |_, step| write_down(step, &mut written.lock().expect("steps")));
    phone.launch(managed);
    phone.run(HOUR_MS);
    phone.handle(Event::Signals(signals(false)));
    phone.run(2 * DAY_MS);
    phone.launch(managed);
    phone.handle(Event::CheckNow);
    phone.run(HOUR_MS);
    let mut all = Context::new(&SHA256);
    let steps = steps.lock().expect("steps");
    all.update(&steps);
    let hex: String = all.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let phase = phone.phase();
    (format!("{hex} of {} bytes", steps.len()), phase)
}

/// What the other processes do: they play the script and say which steps came of it.
fn play(script: &str) {
    let managed = serde_json::from_str(&env::var(MANAGED).unwrap()).unwrap();
    let seed = env::var(CHILD_SEED).unwrap().parse().unwrap();
    let script: Shared = Arc::new(Mutex::new(Script::load(Path::new(script))));
    let (player, folder) = (|| Player::new(&script), scratch());
    let (steps, _) = story(handset_of(folder.path(), player(), player(), seed), &managed);
    println!("{SAYS}{steps}");
}

fn run_again(script: &Path, managed: &Value, seed: u64) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", TEST, "--nocapture"])
        .env(SCRIPT, script)
        .env(MANAGED, managed.to_string())
        .env(CHILD_SEED, seed.to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = text.split_once(SAYS).and_then(|(_, rest)| rest.lines().next());
    said.unwrap_or_else(|| panic!("{output:#?}")).to_owned()
}

#[test]
fn the_same_events_and_seed_give_the_same_steps_in_two_processes() {
    if let Ok(script) = env::var(SCRIPT) {
        return play(&script);
    }
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let managed = office.managed();
    let script = Shared::default();
    let sockets = Recorder::new(Sockets::default(), &script);
    let vault = Recorder::new(FileVault::new(&folder.path().join("vault")), &script);
    let mut phone = handset_of(folder.path(), sockets, vault, SEED);
    phone.keep_time_with(time_of(&office));
    let (recorded, phase) = story(phone, &managed);
    assert_eq!(phase, Phase::Active);
    let path = folder.path().join("script");
    script.lock().unwrap().save(&path);
    assert!(script.lock().unwrap().left() > 50);

    let (one, two) = (run_again(&path, &managed, SEED), run_again(&path, &managed, SEED));
    assert_eq!(one, two);
    assert_eq!(one, recorded, "and the same as when the server was there");
    let other = run_again(&path, &managed, SEED + 1);
    assert_ne!(one, other, "another seed makes other nonces and names");
}
