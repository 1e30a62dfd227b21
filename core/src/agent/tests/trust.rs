//! Whom a phone believes.
use serde_json::json;

use super::world::{Story, asked, at, people};
use crate::agent::Event;
use crate::flow::simulation::{Plan, Wire};
use crate::jose::tests::Signer;
use crate::licence::Phase;
use crate::secret::Secret;
use crate::time::{DAY_MS, HOUR_MS};

/// Pins and lists that nobody can read open nothing.
#[test]
fn trust_that_is_garbled_is_no_trust() {
    let mut story = Story::begin();
    let garbled = story.managed(json!({ "policy_key_thumbprints": "not-a-thumbprint" }));
    story.phone.launch(&garbled);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.phase(), Phase::Unlicensed);
    assert_eq!(story.phone.problems(), ["configuration_invalid"]);
    assert_eq!(story.phone.asked, [], "nothing is sent");
    let right = story.managed(json!({}));
    story.restarts(&right);
    story.assert_in_order();

    let url = story.company().link();
    let mut other = story.another_phone();
    other.launch(&json!({ "allowed_servers": "not a host, nor this one" }));
    other.handle(Event::LinkAccepted { url: Secret::new(url) });
    other.run(HOUR_MS);
    assert_eq!(other.problems(), ["host_not_allowed"]);
    assert_eq!(other.asked, [], "nothing is sent");
}

#[test]
fn a_pinned_key_lets_no_other_server_in() {
    let mut story = Story::begin();
    let pinned = story.managed(json!({ "policy_key_thumbprints": "A".repeat(43) }));
    story.phone.launch(&pinned);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.problems(), ["key_mismatch"]);
    assert_eq!(story.phone.phase(), Phase::Unlicensed);
    let key = story.seen().signer.public().thumbprint().to_string();
    let right = story.managed(json!({ "policy_key_thumbprints": key }));
    story.restarts(&right);
    story.assert_in_order();
}

#[test]
fn a_policy_signed_by_somebody_else_changes_nothing_and_is_reported() {
    let mut story = Story::active();
    story.company().sets("support_phone", json!("+49 666"));
    story.company().signer = Signer::new(2);
    story.phone.handle(Event::CheckNow);
    story.phone.run(HOUR_MS);
    let config = serde_json::to_string(&story.phone.agent().config()).unwrap();
    assert!(!config.contains("+49 666"), "{config}");
    assert_eq!(story.phone.phase(), Phase::Active);
    assert_eq!(people(&mut story.phone), story.staff());
    assert!(!story.phone.problems().is_empty());
    story.company().signer = Signer::new(1);
    story.company().sets("support_phone", json!("+4930"));
    story.checks();
    story.assert_in_order();
    let refused = story.seen().heard("policy-refused");
    let left = story.phone.agent().status().outbox;
    assert!(!refused.is_empty(), "{:#?} {left:?}", story.seen().told);
}

#[test]
fn an_older_policy_is_not_put_back_into_force() {
    let mut story = Story::active();
    let old = {
        let phone = story.company().only_phone().clone();
        phone.policy_in_force().expect("a policy")
    };
    story.company().sets("support_phone", json!("+4930"));
    story.checks();
    story.company().policy = Some((old, "\"old\"".to_owned()));
    story.phone.handle(Event::CheckNow);
    story.phone.run(HOUR_MS);
    let config = serde_json::to_string(&story.phone.agent().config()).unwrap();
    assert!(config.contains("+4930"), "{config}");
    story.company().policy = None;
    story.checks();
    assert_eq!(story.phone.phase(), Phase::Active);
}

/// However the events are refused, the server is not hammered.
#[test]
fn a_server_that_is_content_with_the_phone_and_refuses_its_events_is_not_hammered() {
    let mut story = Story::active();
    for (status, body) in [
        (400, r#"{"err": "access_denied"}"#),
        (400, r#"{"err": "authentication_failed"}"#),
        (401, ""),
        (403, ""),
    ] {
        story.phone.plan = at("/events", move || {
            Wire::answer(status, &[("Content-Type", "application/json")], body)
        });
        story.phone.asked.clear();
        story.phone.handle(Event::CheckNow);
        story.phone.run(DAY_MS);
        let events = asked(&story.phone, "POST /events");
        let statuses = asked(&story.phone, "POST /status");
        assert!(
            (2..40).contains(&events) && statuses < 40,
            "{status} {body}: {events}, {statuses}"
        );
        let problems = story.phone.problems();
        assert!(problems.contains(&"report_refused".to_owned()), "{problems:?}");
        story.phone.plan = Plan::default();
        story.checks();
        story.assert_in_order();
        story.assert_nothing_lost(body);
    }
}
