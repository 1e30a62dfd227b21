//! Two phones that cross each other at one server, and two servers at one phone: what the reference
//! server says to each. What crosses within one phone is told in the core (`agent/tests`).
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use muster_core::activation::Evidence;
use muster_core::agent::Event;
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::licence::{Hold, Phase};
use muster_core::secret::Secret;
use muster_core::time::{DAY_MS, HOUR_MS};
use muster_e2e::simulated::{
    Handset, Office, PASSWORD, Plan, USERNAME, Wire, handset, scratch, time_of,
};
use serde_json::{Value, json};

const PEOPLE: usize = 12;

fn active(folder: &Path, office: &Office, managed: &Value) -> Handset {
    let mut phone = handset(folder, office, 1);
    phone.launch(managed);
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
    phone
}

/// Requests to `path` get what `instead` makes; everything else goes through.
fn at(path: &'static str, mut instead: impl FnMut() -> Wire + 'static) -> Plan<'static> {
    let request = move |_: usize, request: &muster_core::http::Request| {
        if request.url.ends_with(path) { instead() } else { Wire::Through }
    };
    Plan { request: Box::new(request), ..Plan::default() }
}

fn typed(username: &str, password: &str) -> Event {
    let (username, password) = (Secret::from(username), Secret::from(password));
    Event::Activate { server_url: None, evidence: Evidence::Credentials { username, password } }
}

/// Somebody else took the seat with the same person's phone. The server answers, but not with yes.
#[test]
fn a_phone_that_has_to_prove_itself_again_keeps_its_contacts_for_the_grace_and_no_longer() {
    let (office, folder, other) = (Office::open(1, PEOPLE), scratch(), scratch());
    let managed = json!({
        "server_url": office.server.url(), "device_id": "udid-4711", "default_region": "DE",
    });
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&managed);
    phone.handle(typed(USERNAME, PASSWORD));
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
    let mut twin = handset(other.path(), &office, 2);
    twin.true_ms = phone.true_ms;
    twin.launch(&managed);
    twin.handle(typed(USERNAME, PASSWORD));
    twin.run(HOUR_MS);
    assert_eq!(twin.phase(), Phase::Active, "{:?}", twin.problems());

    phone.run(2 * DAY_MS);
    assert_eq!(phone.phase(), Phase::Reauthenticate);
    assert_eq!(phone.addresses(), office.addresses());
    phone.run(11 * DAY_MS);
    assert_eq!(phone.agent().status().licence.holds, []);
    phone.run(4 * DAY_MS);
    assert_eq!(phone.agent().status().licence.holds, [Hold::Offline]);
    assert_eq!(phone.contacts(), PEOPLE as i64, "hidden, not erased");
    // Not judged anew by a restart alone, but by what the server says then.
    phone.launch(&managed);
    phone.run(HOUR_MS);
    assert_eq!(phone.agent().status().licence.holds, [Hold::Offline]);
    phone.handle(typed(USERNAME, PASSWORD));
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.addresses()), (Phase::Active, office.addresses()));
}

/// A phone that moves to another company leaves behind what it had to say to the first one.
#[test]
fn events_for_one_company_never_reach_another() {
    let (first, second) = (Office::open(1, PEOPLE), Office::open(2, PEOPLE + 1));
    let folder = scratch();
    let mut phone = active(folder.path(), &first, &first.managed());
    phone.plan = at("/events", || Wire::answer(503, &[], ""));
    phone.handle(Event::CheckNow);
    phone.run(DAY_MS);
    assert!(phone.agent().status().outbox.pending > 0);
    phone.plan = Plan::default();
    phone.keep_time_with(time_of(&second));
    phone.launch(&second.managed());
    phone.run(DAY_MS);
    assert_eq!((phone.phase(), phone.addresses()), (Phase::Active, second.addresses()));
    assert_eq!(phone.agent().status().outbox.pending, 0);
    assert_eq!(phone.agent().status().outbox.quarantined, 0, "{:?}", phone.problems());
    let told = second.events();
    let kinds = |name: &str| told.iter().filter(|e| e["types"].to_string().contains(name)).count();
    assert_eq!(kinds("/activation"), 1, "{told:#?}");
    assert!(told.iter().all(|e| e["claims"]["aud"] == second.server.url()), "{told:#?}");
}

/// A phone that was replaced and has its evidence in the configuration is back without a word.
#[test]
fn nobody_is_asked_for_what_the_phone_shows_by_itself() {
    let (office, folder, other) = (Office::open(1, PEOPLE), scratch(), scratch());
    let mut managed = office.managed();
    managed["device_id"] = json!("udid-4711");
    let mut phone = active(folder.path(), &office, &managed);
    let mut twin = handset(other.path(), &office, 2);
    twin.true_ms = phone.true_ms;
    twin.launch(&managed);
    twin.run(HOUR_MS);
    let told = Rc::new(RefCell::new(Vec::new()));
    let hears = told.clone();
    phone.plan.effect = Box::new(move |_, effect| {
        if let Effect::Notify { title, .. } = effect {
            hears.borrow_mut().push(title.clone());
        }
        EffectOutcome::Done
    });
    let before = office.devices().len();
    phone.handle(Event::CheckNow);
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.addresses()), (Phase::Active, office.addresses()));
    assert_eq!(office.devices().len(), before + 1, "it came back with another key");
    assert_eq!(*told.borrow(), [""; 0]);
}
