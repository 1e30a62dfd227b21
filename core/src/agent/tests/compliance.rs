//! Findings come and go, and what follows from them.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::{BOOK, PEOPLE, Story, effects, hires, no_network, notified, people};
use crate::agent::Event;
use crate::agent::handset::{healthy, signals};
use crate::compliance::{Signals, State};
use crate::contacts::sync::tests::server::{Server as Book, Ways};
use crate::flow::simulation::Plan;
use crate::ids::{Language, Platform};
use crate::licence::Hold;
use crate::time::{HOUR_MS, MINUTE_MS, SECOND_MS};

fn rule(grace_h: i64) -> Value {
    json!({
        "id": "lock", "signal": "screen_lock", "op": "eq", "value": true, "severity": "require",
        "grace_s": grace_h * 3_600, "action": "hide_contacts",
    })
}

fn state(story: &mut Story) -> State {
    story.phone.agent().status().compliance.state
}

#[test]
fn a_broken_rule_gives_time_then_hides_and_is_in_order_again_at_once() {
    let mut story = Story::active();
    assert_eq!(state(&mut story), State::Compliant);
    story.company().rules(rule(24));
    let handed_out = effects(&mut story.phone);
    story.phone.handle(Event::Signals(signals(false)));
    story.phone.handle(Event::CheckNow);
    story.phone.run(SECOND_MS);
    assert_eq!(state(&mut story), State::Attention);
    let findings = story.phone.agent().findings();
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].due.is_some() && findings[0].action.is_some(), "{findings:?}");
    assert_eq!(notified(&handed_out).len(), 1);
    story.phone.run(24 * HOUR_MS - MINUTE_MS);
    assert_eq!(people(&mut story.phone), story.staff(), "contacts stay for the grace");
    story.phone.run(2 * MINUTE_MS);
    assert_eq!(state(&mut story), State::NonCompliant);
    assert_eq!(story.phone.agent().status().licence.holds, [Hold::Rule]);
    assert_eq!((people(&mut story.phone).len(), story.phone.contacts()), (0, PEOPLE as i64));
    let why = story.phone.agent().why_hidden().text;
    assert!(why.contains("does not meet a rule of your organisation"), "{why}");

    // In order with no network: back at once, and told later.
    story.phone.plan = no_network();
    story.phone.handle(Event::Signals(signals(true)));
    assert_eq!(state(&mut story), State::Compliant);
    story.phone.run(MINUTE_MS);
    assert_eq!(people(&mut story.phone), story.staff());
    story.phone.plan = Plan::default();
    story.checks();
    let changes = story.seen().heard("device-compliance-change");
    let statuses: Vec<&Value> = changes.iter().map(|change| &change["current_status"]).collect();
    // Within the grace it still counts as compliant.
    assert_eq!(statuses, ["compliant", "compliant", "not-compliant", "compliant"]);
    assert_eq!(story.phone.agent().findings(), []);
}

#[test]
fn a_finding_is_told_once_however_often_it_is_seen() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.company().rules(rule(240));
    let handed_out = effects(&mut story.phone);
    for _ in 0..5 {
        story.phone.handle(Event::Signals(signals(false)));
        story.checks();
    }
    assert_eq!(notified(&handed_out).len(), 1, "{:?}", notified(&handed_out));
    story.phone.launch(&managed);
    story.phone.handle(Event::Signals(signals(false)));
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.agent().findings().len(), 1, "over a restart too");
}

#[test]
fn the_time_that_a_rule_gives_goes_on_over_a_restart() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.company().rules(rule(24));
    story.phone.handle(Event::Signals(signals(false)));
    story.checks();
    for _ in 0..4 {
        story.phone.kill();
        story.phone.pass(5 * HOUR_MS);
        story.phone.launch(&managed);
        story.phone.handle(Event::Signals(signals(false)));
        story.phone.run(MINUTE_MS);
        assert_eq!(story.phone.agent().status().licence.holds, []);
    }
    story.phone.run(4 * HOUR_MS);
    assert_eq!(story.phone.agent().status().licence.holds, [Hold::Rule]);
}

#[test]
fn what_a_phone_can_not_say_is_unknown_and_hides_nothing() {
    let mut story = Story::active();
    story.company().rules(rule(0));
    let mut silent = healthy(Platform::Android);
    silent.as_object_mut().unwrap().remove("screen_lock");
    let silent = Signals::from_json(&silent.to_string(), Platform::Android).unwrap();
    story.phone.handle(Event::Signals(silent));
    story.checks();
    assert_eq!(state(&mut story), State::Unknown);
    assert_eq!(people(&mut story.phone), story.staff());
    let told = story.seen().heard("compliance-unknown");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["previous_status"], "compliant");
    story.phone.handle(Event::Signals(signals(true)));
    story.checks();
    assert_eq!(state(&mut story), State::Compliant);
}

#[test]
fn a_rule_that_is_taken_back_shows_contacts_again() {
    let mut story = Story::active();
    story.company().rules(rule(0));
    story.phone.handle(Event::Signals(signals(false)));
    story.checks();
    assert_eq!(story.phone.agent().status().licence.holds, [Hold::Rule]);
    story.company().profile["rules"] = json!([]);
    story.checks();
    story.assert_in_order();
}

#[test]
fn a_rule_of_the_mdm_needs_no_server() {
    let mut story = Story::begin();
    let mut book = Book::new(Ways::default());
    hires(&mut book, 0);
    story.opens_a_book(book);
    story.phone.launch(&json!({
        "carddav_url": BOOK, "require_screen_lock": true, "noncompliance_grace_hours": 0,
        "noncompliance_action": "hide_contacts",
    }));
    story.phone.run(MINUTE_MS);
    assert_eq!(people(&mut story.phone).len(), 1);
    story.phone.handle(Event::Signals(signals(false)));
    story.phone.run(MINUTE_MS);
    assert_eq!(state(&mut story), State::NonCompliant);
    assert_eq!(people(&mut story.phone).len(), 0);
    story.phone.handle(Event::Signals(signals(true)));
    story.phone.run(MINUTE_MS);
    assert_eq!(state(&mut story), State::Compliant);
    assert_eq!(people(&mut story.phone).len(), 1);
}

#[test]
fn findings_and_the_reason_for_hiding_are_in_the_language_of_the_phone() {
    let (mut titles, mut reasons) = (BTreeSet::new(), BTreeSet::new());
    for language in [Language::En, Language::De, Language::Sv] {
        let mut story = Story::begin();
        story.company().rules(rule(0));
        story.phone.options.language = language;
        let managed = story.managed(json!({}));
        story.phone.launch(&managed);
        story.phone.handle(Event::Signals(signals(false)));
        story.phone.run(HOUR_MS);
        assert_eq!(story.phone.agent().status().licence.holds, [Hold::Rule]);
        titles.insert(story.phone.agent().findings()[0].title.clone());
        reasons.insert(story.phone.agent().why_hidden().text);
    }
    assert_eq!((titles.len(), reasons.len()), (3, 3), "{titles:#?} {reasons:#?}");
}
