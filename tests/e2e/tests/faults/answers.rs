//! A fault at each request of a first run: it ends activated on a later run, with one seat taken and
//! everything reported once.
use std::fs;

use muster_core::agent::Event;
use muster_core::http::Failure;
use muster_core::licence::Phase;
use muster_core::vault::Purpose;
use muster_e2e::simulated::{Handset, Office, Wire, handset, scratch};
use serde_json::json;

use crate::ledger::Ledger;

const PEOPLE: usize = 12;
const HOUR_MS: i64 = 3_600_000;
const RETRY_AFTER_MS: i64 = 120_000;
/// More requests than any of these stories needs.
const MANY: usize = 80;

type Fault = (&'static str, fn() -> Wire);

const FAULTS: [Fault; 10] = [
    ("refused", || Wire::RequestLost(Failure::Refused)),
    ("timed out", || Wire::RequestLost(Failure::TimedOut)),
    ("answer lost", || Wire::AnswerLost),
    ("cut in half", || Wire::CUT_HALF),
    ("window closes", || Wire::WINDOW_CLOSES),
    ("500", || Wire::answer(500, &[], "oops")),
    ("429", || Wire::answer(429, &[("Retry-After", "120")], "")),
    ("captive portal", || {
        Wire::answer(200, &[("Content-Type", "text/html")], "<html>Welcome</html>")
    }),
    ("empty object", || Wire::answer(200, &[("Content-Type", "application/json")], "{}")),
    ("redirect", || Wire::answer(302, &[("Location", "https://portal.example/")], "")),
];

/// Lets `phone` work with the fault at request `index`; its path, if it was reached.
fn run_with(phone: &mut Handset, index: usize, fault: fn() -> Wire) -> Option<String> {
    phone.counts = Default::default();
    let before = phone.asked.len();
    phone.plan.request = Box::new(move |i, _| if i == index { fault() } else { Wire::Through });
    phone.run(HOUR_MS);
    assert!(phone.counts.requests < MANY, "{:?}", phone.asked);
    phone.asked.get(before + index).map(|(_, what)| what.clone())
}

/// Asks again for everything, as a person does who opens the app later.
fn run_later(phone: &mut Handset, office: &Office) {
    phone.plan = Default::default();
    phone.counts = Default::default();
    phone.pass(HOUR_MS);
    phone.launch(&office.managed());
    phone.handle(Event::CheckNow);
    phone.run(HOUR_MS);
    assert!(phone.counts.requests < MANY, "{:?}", phone.asked);
}

fn first_run_with(name: &str, fault: fn() -> Wire) {
    for index in 0.. {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 7);
        phone.launch(&office.managed());
        let Some(what) = run_with(&mut phone, index, fault) else {
            assert!(index > 8, "a first run needs more requests than {index}");
            return;
        };
        let case = format!("{name} at request {index}, {what}");
        assert!(phone.contacts() == 0 || phone.contacts() == PEOPLE as i64, "{case}");
        if name == "429" {
            let (at, _) = phone.asked[index];
            let again = phone.asked[index + 1..].iter().find(|(_, other)| *other == what);
            let patient = again.is_none_or(|(again, _)| *again >= at + RETRY_AFTER_MS);
            assert!(patient, "{case}: asked again too soon");
        }
        if name == "window closes" {
            assert_eq!(phone.counts.cancelled, 1, "{case}");
        }
        run_later(&mut phone, &office);
        assert_eq!(phone.phase(), Phase::Active, "{case}: {:?}", phone.problems());
        let mistakes = Ledger::of(&office, &mut phone).mistakes();
        assert!(mistakes.is_empty(), "{case}: {mistakes:#?}\n{:#?}", phone.asked);
        assert_eq!(phone.problems(), [""; 0], "{case}");
    }
}

/// One test for each fault, so that they run side by side.
macro_rules! first_runs {
    ($($test:ident: $fault:expr;)*) => {$(
        #[test]
        fn $test() {
            let (name, fault) = FAULTS[$fault];
            first_run_with(name, fault);
        }
    )*};
}

first_runs! {
    nobody_listens: 0;
    no_answer_in_time: 1;
    the_answer_is_lost: 2;
    the_answer_is_cut_in_half: 3;
    the_window_closes_in_the_middle: 4;
    the_server_fails: 5;
    the_server_is_busy: 6;
    a_captive_portal_answers: 7;
    an_empty_object_comes_back: 8;
    a_redirect_comes_back: 9;
}

/// Weeks later: somebody left, a setting is another. Whatever breaks, everybody else stays on the
/// phone, and the next run knows it all.
#[test]
fn the_old_state_stays_whole_until_the_new_one_is_there() {
    for (name, fault) in FAULTS {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 7);
        phone.launch(&office.managed());
        phone.run(HOUR_MS);
        let mut remaining = PEOPLE;
        for index in 0.. {
            if remaining > 4 {
                remaining -= 1;
                let leaves = office.people[remaining].email.as_str();
                office.acme("POST", &["people", "remove"], json!({ "people": [leaves] }));
            }
            let hours = json!({ "value": 1 + index % 24 });
            office.acme("PUT", &["settings", "contacts_sync_hours"], hours);
            phone.pass(2 * HOUR_MS);
            phone.launch(&office.managed());
            phone.handle(Event::CheckNow);
            let what = run_with(&mut phone, index, fault);
            let case = format!("{name} at request {index}, {what:?}");
            assert_eq!(phone.phase(), Phase::Active, "{case}");
            let kept = phone.addresses();
            assert!(kept.len() == remaining || kept.len() == remaining + 1, "{case}: {kept:?}");
            run_later(&mut phone, &office);
            assert_eq!(phone.phase(), Phase::Active, "{case}");
            assert_eq!(phone.addresses().len(), remaining, "{case}: {:#?}", phone.asked);
            assert_eq!(phone.problems(), [""; 0], "{case}");
            assert_eq!((office.devices().len(), office.seats_taken()), (1, 1), "{case}");
            if what.is_none() {
                assert!(index > 4, "a check needs more requests than {index}");
                break;
            }
        }
    }
}

/// The harness can find what it looks for: a phone that made its key after the request that names it
/// would, after a lost answer, come as another one.
#[test]
fn a_phone_that_forgets_its_key_is_seen_to_take_a_second_seat() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 7);
    phone.launch(&office.managed());
    // The first token answer is lost, and the key with it.
    let (mut asked, vault) = (0, folder.path().join("vault"));
    phone.plan.request = Box::new(move |_, request| {
        asked += i32::from(request.url.ends_with("/token"));
        if asked != 1 || !request.url.ends_with("/token") {
            return Wire::Through;
        }
        for key in fs::read_dir(&vault).unwrap().map(|entry| entry.unwrap().path()) {
            if key.to_string_lossy().contains(Purpose::Device.as_str()) {
                fs::remove_file(key).unwrap();
            }
        }
        Wire::AnswerLost
    });
    phone.run(HOUR_MS);
    run_later(&mut phone, &office);
    let mistakes = Ledger::of(&office, &mut phone).mistakes();
    let seen = |what: &str| mistakes.iter().any(|mistake| mistake.starts_with(what));
    assert!(seen("devices: ") && seen("seats taken: 2"), "{mistakes:#?}");
}
