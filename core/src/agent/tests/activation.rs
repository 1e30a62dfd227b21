//! How a phone gets in.
use std::cell::Cell;
use std::rc::Rc;

use serde_json::json;

use super::world::{
    PASSWORD, Story, USERNAME, asked, at, effects, managed, notified, people, typed,
};
use crate::agent::Event;
use crate::agent::handset::{Handset, configuration};
use crate::effect::Effect;
use crate::flow::simulation::{Plan, Wire};
use crate::http::Failure;
use crate::licence::Phase;
use crate::management::tests::{ISSUER, Standing};
use crate::secret::Secret;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

fn link(url: String) -> Event {
    Event::LinkAccepted { url: Secret::new(url) }
}

#[test]
fn a_configuration_is_all_it_takes() {
    let mut story = Story::begin();
    let managed = story.managed(json!({ "first_name": "Jana" }));
    let handed_out = effects(&mut story.phone);
    story.phone.launch(&managed);
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    let status = story.phone.agent().status();
    assert_eq!(status.organization.unwrap().name, "Acme AG");
    assert_eq!(status.person.unwrap().first_name.as_deref(), Some("Jana"));
    assert_eq!(story.seen().heard("activation")[0]["way"], "credentials");
    let told = handed_out.borrow();
    assert!(told.iter().any(|effect| matches!(effect, Effect::PublishFeedback { .. })), "{told:?}");
    drop(told);
    assert_eq!(notified(&handed_out), [""; 0], "a person has nothing to do");
    story.assert_nothing_lost("a first run");
}

#[test]
fn an_address_and_the_passcode_let_a_phone_in() {
    let mut story = Story::begin();
    let shown = [("login_hint", "jana@acme.example"), ("organization_passcode", "Sommerregen")];
    story.company().lets_in(&shown, 10);
    let managed = json!({
        "server_url": ISSUER, "email": "jana@acme.example", "company_passcode": "Sommerregen",
    });
    story.phone.launch(&managed);
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    assert_eq!(story.phone.agent().status().person.unwrap().email.unwrap(), "jana@acme.example");
}

#[test]
fn a_link_sends_nothing_before_the_person_has_agreed() {
    let mut story = Story::begin();
    let url = story.company().link();
    story.phone.launch(&json!({}));
    story.phone.run(MINUTE_MS);
    let preview = story.phone.agent().preview_link(&url).unwrap();
    assert_eq!((preview.host.as_str(), preview.already_active), ("muster.example", false));
    story.phone.run(MINUTE_MS);
    assert_eq!(story.phone.asked, []);
    story.phone.handle(link(url));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    let other = story.company().link();
    assert!(story.phone.agent().preview_link(&other).unwrap().already_active);
}

#[test]
fn a_link_lets_one_phone_in() {
    let mut story = Story::begin();
    let url = story.company().link();
    story.phone.launch(&json!({}));
    story.phone.handle(link(url.clone()));
    story.phone.run(HOUR_MS);
    let mut late = story.another_phone();
    late.launch(&json!({}));
    late.handle(link(url));
    late.run(HOUR_MS);
    assert_eq!((late.phase(), late.problems()), (Phase::Unlicensed, vec!["code_used".to_owned()]));
    let right = story.company().link();
    late.handle(link(right));
    late.run(HOUR_MS);
    assert_eq!((late.phase(), people(&mut late)), (Phase::Active, story.staff()));
}

#[test]
fn half_a_configuration_sends_nothing() {
    let mut story = Story::begin();
    let mut half = story.managed(json!({}));
    half.as_object_mut().unwrap().remove("license_password");
    story.phone.launch(&half);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.problems(), ["incomplete_configuration"]);
    assert_eq!((story.phone.phase(), story.phone.asked.len()), (Phase::Unlicensed, 0));
    let whole = story.managed(json!({}));
    story.phone.handle(Event::Configuration(configuration(&whole)));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

#[test]
fn a_configuration_that_is_still_coming_is_waited_for() {
    let mut story = Story::begin();
    let coming = story.managed(json!({ "restrictions_pending": true }));
    story.phone.launch(&coming);
    story.phone.run(30 * SECOND_MS);
    assert_eq!(story.phone.asked, [], "half of it may be missing");
    let whole = story.managed(json!({}));
    story.phone.handle(Event::Configuration(configuration(&whole)));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

/// Until evidence has been shown, and no further.
fn until_the_challenge_is_sent(phone: &mut Handset) {
    let sent = Rc::new(Cell::new(false));
    let seen = sent.clone();
    phone.plan = at("/challenge", move || {
        seen.set(true);
        Wire::Through
    });
    phone.run_until(|_| sent.get());
    phone.plan = Plan::default();
}

/// The person opens a link while the configuration's credentials are being tried.
#[test]
fn what_the_person_shows_wins_over_an_attempt_that_is_under_way() {
    let mut story = Story::begin();
    let (managed, url) = (story.managed(json!({})), story.company().link());
    story.phone.launch(&managed);
    until_the_challenge_is_sent(&mut story.phone);
    story.phone.handle(link(url));
    story.phone.run(10 * MINUTE_MS);
    assert_eq!(story.phone.phase(), Phase::Active, "{:?}", story.phone.problems());
    let ways = story.seen().heard("activation");
    assert_eq!(ways[0]["way"], "activation_code", "{ways:?}");
}

#[test]
fn signing_out_in_the_middle_of_an_activation_ends_it() {
    let mut story = Story::begin();
    let managed = story.managed(json!({}));
    story.phone.launch(&managed);
    until_the_challenge_is_sent(&mut story.phone);
    story.phone.handle(Event::SignOut);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.phase(), Phase::Erased);
    story.restarts(&managed);
    assert_eq!(story.phone.phase(), Phase::Erased, "not by itself again");
}

/// What was refused is tried again after a day, by time alone: the mistake may have been the server's.
#[test]
fn evidence_that_was_refused_is_tried_once_a_day() {
    let mut story = Story::begin();
    let managed = story.managed(json!({ "license_username": "second" }));
    story.phone.launch(&managed);
    story.phone.run(3 * DAY_MS + HOUR_MS);
    assert_eq!(story.phone.problems(), ["unknown_credentials"]);
    let tried = asked(&story.phone, "GET /.well-known");
    assert!((3..=4).contains(&tried), "{:?}", story.phone.asked);
    story.company().lets_in(&[("username", "second"), ("password", PASSWORD)], 5);
    story.phone.run(DAY_MS);
    story.assert_in_order();
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
        for path in ["oauth-authorization-server", "/challenge", "/token"] {
            let mut story = Story::begin();
            let (kind, body) = (kind.to_owned(), body.to_owned());
            let instead = move || Wire::answer(status, &[("Content-Type", &kind)], body.as_str());
            story.phone.plan = at(path, instead);
            let managed = story.managed(json!({}));
            story.phone.launch(&managed);
            story.phone.run(10 * MINUTE_MS);
            assert_ne!(story.phone.phase(), Phase::Active, "{status} at {path}");
            assert!(!story.phone.problems().is_empty(), "{status} at {path}");
            story.phone.plan = Plan::default();
            story.phone.handle(Event::NetworkUp);
            story.phone.run(MINUTE_MS);
            story.assert_in_order();
        }
    }
}

/// An address that can't be used is what is told, not the failure of the attempt before.
#[test]
fn a_bad_address_is_told_as_such() {
    let mut story = Story::begin();
    let show = |phone: &mut Handset, url: &str| {
        phone.handle(typed(url, USERNAME, PASSWORD));
        phone.run(SECOND_MS);
        phone.problems()
    };
    story.phone.launch(&json!({}));
    story.phone.plan = at("server", || Wire::RequestLost(Failure::Refused));
    assert_eq!(show(&mut story.phone, "https://nobody.example"), ["connection_refused"]);
    for bad in ["http://example.com", "ftp://example.com", "nonsense", "", "https://"] {
        assert_eq!(show(&mut story.phone, bad), ["insecure_address"], "{bad}");
    }
    story.phone.plan = Plan::default();
    assert_eq!(show(&mut story.phone, ISSUER), [""; 0]);
}

#[test]
fn a_phone_without_a_seat_gets_the_next_that_is_free() {
    let mut story = Story::begin();
    story.company().account(0).seats = 0;
    let managed = story.managed(json!({}));
    story.phone.launch(&managed);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.problems(), ["seats_exhausted"]);
    assert_eq!(story.phone.phase(), Phase::Activating);
    story.company().account(0).seats = 1;
    story.phone.run(DAY_MS);
    story.assert_in_order();
}

/// A phone that was replaced and has its evidence in the configuration is back without a word.
#[test]
fn nobody_is_asked_for_what_the_phone_shows_by_itself() {
    let mut story = Story::active_with(json!({ "device_id": "udid-4711" }));
    let managed = story.managed(json!({ "device_id": "udid-4711" }));
    let mut twin = story.another_phone();
    twin.launch(&managed);
    twin.run(HOUR_MS);
    assert_eq!(twin.phase(), Phase::Active, "{:?}", twin.problems());
    let handed_out = effects(&mut story.phone);
    let before = story.seen().standings().len();
    story.checks();
    story.assert_in_order();
    assert_eq!(story.seen().standings().len(), before + 1, "it came back with another key");
    assert_eq!(notified(&handed_out), [""; 0]);
}

/// A phone that moves to another company leaves behind what it had to say to the first one.
#[test]
fn events_for_one_company_never_reach_another() {
    let mut story = Story::active();
    let second = story.opens_a_company("https://second.example", 7);
    story.phone.plan = at("/events", || Wire::answer(503, &[], ""));
    story.phone.handle(Event::CheckNow);
    story.phone.run(DAY_MS);
    assert!(story.phone.agent().status().outbox.pending > 0);
    story.phone.plan = Plan::default();
    let moved = managed(&second.borrow(), json!({}));
    story.phone.launch(&moved);
    story.phone.run(DAY_MS);
    let staff = second.borrow().book.people();
    assert_eq!((story.phone.phase(), people(&mut story.phone)), (Phase::Active, staff));
    let outbox = story.phone.agent().status().outbox;
    assert_eq!((outbox.pending, outbox.quarantined), (0, 0), "{:?}", story.phone.problems());
    let second = second.borrow();
    assert_eq!(second.heard("activation").len(), 1);
    assert!(second.told.iter().all(|told| told["aud"] == "https://second.example"));
    assert_eq!(second.standings(), [Standing::Active]);
}

#[test]
fn typed_evidence_that_is_wrong_changes_nothing() {
    let mut story = Story::active();
    story.phone.handle(typed(ISSUER, USERNAME, "falsch"));
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.phase(), Phase::Active, "{:?}", story.phone.problems());
    assert_eq!(people(&mut story.phone), story.staff());
    assert_eq!(story.seen().standings(), [Standing::Active]);
}
