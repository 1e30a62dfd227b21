//! Things that cross each other: an answer that comes when something else was decided meanwhile, a
//! server that says two things at once, an order while another is being carried out.
use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;

use muster_core::activation::Evidence;
use muster_core::agent::Event;
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::licence::{Hold, Phase};
use muster_core::secret::Secret;
use muster_core::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use muster_e2e::simulated::{
    Handset, Office, PASSWORD, Plan, USERNAME, Wire, handset, scratch, time_of,
};
use serde_json::{Value, json};

use crate::ledger::Ledger;

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

fn asked(phone: &Handset, what: &str) -> usize {
    phone.asked.iter().filter(|(_, asked)| asked.starts_with(what)).count()
}

fn typed(username: &str, password: &str) -> Event {
    let (username, password) = (Secret::from(username), Secret::from(password));
    Event::Activate { server_url: None, evidence: Evidence::Credentials { username, password } }
}

#[test]
fn a_server_that_is_content_with_the_phone_and_refuses_its_events_is_not_hammered() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = active(folder.path(), &office, &office.managed());
    for refusal in [
        (400, r#"{"err": "access_denied"}"#),
        (400, r#"{"err": "authentication_failed"}"#),
        (401, ""),
        (403, ""),
    ] {
        phone.plan = at("/events", move || {
            Wire::answer(refusal.0, &[("Content-Type", "application/json")], refusal.1)
        });
        phone.asked.clear();
        phone.handle(Event::CheckNow);
        phone.run(DAY_MS);
        let (events, status) = (asked(&phone, "POST /events"), asked(&phone, "POST /status"));
        assert!((2..40).contains(&events) && status < 40, "{refusal:?}: {events} and {status}");
        assert!(phone.problems().contains(&"report_refused".to_owned()), "{:?}", phone.problems());
        phone.plan = Plan::default();
        phone.handle(Event::CheckNow);
        phone.run(HOUR_MS);
        let mistakes = Ledger::of(&office, &mut phone).mistakes();
        let mistakes: Vec<_> = mistakes.iter().filter(|m| !m.contains("heartbeats")).collect();
        assert!(mistakes.is_empty(), "{mistakes:#?}");
        assert_eq!(phone.problems(), [""; 0]);
    }
}

#[test]
fn a_token_that_could_not_be_had_once_does_not_keep_the_contacts_old_for_a_day() {
    for outage_ms in [SECOND_MS, 20 * SECOND_MS, 5 * MINUTE_MS] {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = active(folder.path(), &office, &office.managed());
        // Contacts are due after six hours, the server itself after a day.
        let begin = phone.true_ms;
        let now = Rc::new(Cell::new(0));
        let clock = now.clone();
        phone.plan = at("/token", move || {
            clock.set(clock.get() + 1);
            Wire::answer(503, &[], "")
        });
        phone.asked.clear();
        while now.get() == 0 && phone.true_ms < begin + 8 * HOUR_MS {
            phone.run(MINUTE_MS);
        }
        assert!(now.get() > 0, "no token was wanted: {:?}", phone.asked);
        phone.run(outage_ms);
        phone.plan = Plan::default();
        phone.run(30 * MINUTE_MS);
        assert!(asked(&phone, "REPORT") > 0, "after {outage_ms} ms: {:?}", phone.asked);
    }
}

/// The window closes while a token is on its way: that says nothing about the login.
#[test]
fn a_window_that_closes_is_no_refused_login() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = active(folder.path(), &office, &office.managed());
    let mut closed = false;
    phone.plan = at("/token", move || {
        let first = !std::mem::replace(&mut closed, true);
        if first { Wire::WINDOW_CLOSES } else { Wire::Through }
    });
    phone.asked.clear();
    for _ in 0..32 {
        phone.run(15 * MINUTE_MS);
        assert_eq!(phone.problems(), [""; 0]);
    }
    assert!(
        asked(&phone, "POST /oauth/token") > 1 && asked(&phone, "REPORT") > 0,
        "{:?}",
        phone.asked
    );
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

/// The person opens a link while the configuration's credentials are being tried.
/// Until evidence has been shown, and no further.
fn until_the_challenge_is_sent(phone: &mut Handset) {
    let sent = Rc::new(Cell::new(false));
    let seen = sent.clone();
    phone.plan = at("/challenge", move || {
        seen.set(true);
        Wire::Through
    });
    phone.run_until(|_| sent.get());
}

#[test]
fn what_the_person_shows_wins_over_an_attempt_that_is_under_way() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    let link = office.acme("POST", &["links"], json!({}));
    let link = link["url"].as_str().unwrap_or_else(|| panic!("{link}")).to_owned();
    phone.launch(&office.managed());
    until_the_challenge_is_sent(&mut phone);
    phone.handle(Event::LinkAccepted { url: Secret::new(link) });
    phone.plan = Plan::default();
    phone.run(10 * MINUTE_MS);
    assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
    let ways = office.events();
    let ways: Vec<String> = ways
        .iter()
        .filter_map(|event| event["claims"]["events"].as_object()?.values().next()?.get("way"))
        .map(Value::to_string)
        .collect();
    assert_eq!(ways.first().map(String::as_str), Some("\"activation_code\""), "{ways:?}");
}

#[test]
fn signing_out_in_the_middle_of_an_activation_ends_it() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&office.managed());
    until_the_challenge_is_sent(&mut phone);
    phone.handle(Event::SignOut);
    phone.plan = Plan::default();
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Erased);
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Erased, "not by itself again");
}

/// A retired phone can't get rid of its receipt yet, and gets new credentials meanwhile.
#[test]
fn what_comes_during_an_erase_waits_until_it_is_through() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let licence = json!({"username": "second", "password": "another-password", "seats": 5});
    office.acme("POST", &["licences"], licence);
    for by_hand in [false, true] {
        let folder = folder.path().join(by_hand.to_string());
        let mut phone = active(&folder, &office, &office.managed());
        let device = phone.agent().reports()[0]["claims"]["sub_id"]["device"]["id"].clone();
        let order = json!({ "devices": [device], "cause": "retired" });
        office.acme("POST", &["devices", "erase"], order);
        phone.plan = at("/events", || Wire::answer(503, &[], ""));
        phone.handle(Event::CheckNow);
        phone.run(MINUTE_MS);
        assert_eq!(phone.phase(), Phase::Erasing);
        let mut again = office.managed();
        again["license_username"] = json!("second");
        again["license_password"] = json!("another-password");
        match by_hand {
            true => phone.handle(Event::Activate {
                server_url: Some(office.server.url().to_owned()),
                evidence: Evidence::Credentials {
                    username: Secret::from("second"),
                    password: Secret::from("another-password"),
                },
            }),
            false => phone.launch(&again),
        }
        phone.run(MINUTE_MS);
        assert_eq!(phone.phase(), Phase::Erasing, "the receipt is not through");
        assert_eq!(phone.agent().status().contacts.count, 0);
        let config = serde_json::to_string(&phone.agent().config()).unwrap();
        assert!(!config.contains("second"), "nothing of it is taken in yet");
        phone.plan = Plan::default();
        phone.handle(Event::NetworkUp);
        phone.run(HOUR_MS);
        assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
        assert_eq!(phone.addresses(), office.addresses());
    }
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

/// Pins and lists that nobody can read open nothing.
#[test]
fn trust_that_is_garbled_is_no_trust() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut managed = office.managed();
    managed["policy_key_thumbprints"] = json!("not-a-thumbprint");
    let mut phone = handset(&folder.path().join("pins"), &office, 1);
    phone.launch(&managed);
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Unlicensed);
    assert_eq!(phone.problems(), ["configuration_invalid"]);
    assert_eq!(phone.asked, [], "nothing is sent");
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.problems()), (Phase::Active, Vec::new()));

    let mut phone = handset(&folder.path().join("servers"), &office, 2);
    let link = office.acme("POST", &["links"], json!({}))["url"].as_str().unwrap().to_owned();
    phone.launch(&json!({ "allowed_servers": "not a host, nor this one" }));
    phone.handle(Event::LinkAccepted { url: Secret::new(link) });
    phone.run(HOUR_MS);
    assert_eq!(phone.problems(), ["host_not_allowed"]);
    assert_eq!(phone.asked, [], "nothing is sent");
}

/// An address that can't be used is what is told, not the failure of the attempt before.
#[test]
fn a_bad_address_is_told_as_such() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    let show = |phone: &mut Handset, url: &str| {
        let evidence = Evidence::Credentials {
            username: Secret::from(USERNAME),
            password: Secret::from(PASSWORD),
        };
        phone.handle(Event::Activate { server_url: Some(url.to_owned()), evidence });
        phone.run(SECOND_MS);
        phone.problems()
    };
    phone.launch(&json!({}));
    assert_eq!(show(&mut phone, "http://127.0.0.1:9"), ["connection_refused"]);
    for bad in ["http://example.com", "ftp://example.com", "nonsense", "", "https://"] {
        assert_eq!(show(&mut phone, bad), ["insecure_address"], "{bad}");
    }
    let url = office.server.url().to_owned();
    assert_eq!(show(&mut phone, &url), [""; 0]);
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

/// A token that our own server does not take at the address book leads to its signed status.
#[test]
fn an_address_book_of_our_own_server_that_refuses_us_leads_to_the_status() {
    for status in [401, 403] {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = active(folder.path(), &office, &office.managed());
        phone.plan = at("/people/", move || Wire::answer(status, &[], ""));
        phone.asked.clear();
        phone.run(7 * HOUR_MS);
        assert!(asked(&phone, "REPORT") > 0, "{:?}", phone.asked);
        assert!((1..20).contains(&asked(&phone, "POST /status")), "{:?}", phone.asked);
        assert_eq!(phone.addresses(), office.addresses(), "nothing is taken away");
        phone.plan = Plan::default();
        phone.handle(Event::CheckNow);
        phone.run(HOUR_MS);
        assert_eq!((phone.phase(), phone.problems()), (Phase::Active, Vec::new()));
    }
}

/// What was refused is tried again after a day, by time alone: the mistake may have been the server's.
#[test]
fn evidence_that_was_refused_is_tried_once_a_day() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut managed = office.managed();
    managed["license_username"] = json!("second");
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&managed);
    phone.run(3 * DAY_MS + HOUR_MS);
    assert_eq!(phone.problems(), ["unknown_credentials"]);
    let tried = asked(&phone, "GET /.well-known");
    assert!((3..=4).contains(&tried), "{:?}", phone.asked);
    let licence = json!({"username": "second", "password": PASSWORD, "seats": 5});
    office.acme("POST", &["licences"], licence);
    phone.run(DAY_MS);
    assert_eq!((phone.phase(), phone.problems()), (Phase::Active, Vec::new()));
}

/// A network that answers in the server's place has not refused anything, however it does it.
#[test]
fn a_network_that_answers_for_the_server_does_not_cost_a_day() {
    let page = format!("<html>{}</html>", "welcome ".repeat(20_000));
    for (status, kind, body) in [
        (200, "text/html", page.as_str()),
        (403, "text/plain", "blocked"),
        (403, "application/json", r#"{"message": "blocked by the proxy"}"#),
        (407, "text/html", "who are you?"),
        (511, "text/html", "sign in first"),
    ] {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        for path in ["oauth-authorization-server", "/challenge", "/token"] {
            let folder = folder.path().join(path.trim_start_matches('/'));
            let mut phone = handset(&folder, &office, 1);
            let (kind, body) = (kind.to_owned(), body.to_owned());
            phone.plan =
                at(path, move || Wire::answer(status, &[("Content-Type", &kind)], body.as_str()));
            phone.launch(&office.managed());
            phone.run(10 * MINUTE_MS);
            assert_ne!(phone.phase(), Phase::Active, "{status} at {path}");
            assert!(!phone.problems().is_empty(), "{status} at {path}");
            phone.plan = Plan::default();
            phone.handle(Event::NetworkUp);
            phone.run(MINUTE_MS);
            let now = (phone.phase(), phone.problems());
            assert_eq!(now, (Phase::Active, Vec::new()), "{status} at {path}");
        }
    }
}

#[test]
fn nobody_signs_out_where_the_company_does_not_allow_it() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut managed = office.managed();
    // Mangled, a restriction counts as the strict value.
    for forbidden in [json!(false), json!("perhaps")] {
        managed["allow_sign_out"] = forbidden;
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed);
        phone.run(HOUR_MS);
        phone.handle(Event::SignOut);
        phone.run(HOUR_MS);
        assert_eq!(phone.problems(), ["sign_out_forbidden"]);
        assert_eq!((phone.phase(), phone.addresses()), (Phase::Active, office.addresses()));
    }
    managed["allow_sign_out"] = json!(true);
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&managed);
    phone.handle(Event::SignOut);
    phone.run(HOUR_MS);
    assert_eq!(phone.phase(), Phase::Erased);
}
