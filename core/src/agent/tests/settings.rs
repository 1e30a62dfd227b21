//! Settings from everywhere, and what the MDM hears of them.
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::world::{PASSWORD, Story, effects};
use crate::agent::Event;
use crate::agent::handset::{Handset, configuration};
use crate::effect::{Effect, KeyedState, Severity};
use crate::ids::Language;
use crate::licence::Phase;
use crate::time::{HOUR_MS, MINUTE_MS};

/// Layer and value of a setting.
fn setting(phone: &mut Handset, key: &str) -> (String, Value) {
    let config = serde_json::to_value(phone.agent().config()).unwrap();
    let settings = config["settings"].as_array().unwrap();
    let found = settings.iter().find(|setting| setting["key"] == key).cloned().unwrap();
    (found["layer"].as_str().unwrap_or_default().to_owned(), found["value"].clone())
}

/// The newest feedback, by key.
fn newest(effects: &[Effect]) -> Option<Vec<KeyedState>> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::PublishFeedback { states, .. } => Some(states.clone()),
        _ => None,
    })
}

fn about<'a>(states: &'a [KeyedState], key: &str) -> Option<&'a KeyedState> {
    states.iter().find(|state| state.key == key)
}

#[test]
fn one_setting_of_the_server_wins_and_the_others_stay() {
    let more = json!({
        "block_screenshots": false, "block_copy": true, "support_url": "https://mdm.example/help",
    });
    let mut story = Story::active_with(more);
    let help = json!("https://mdm.example/help");
    let of_the_mdm = |value: Value| ("mdm".to_owned(), value);
    assert_eq!(setting(&mut story.phone, "support_url"), of_the_mdm(help.clone()));
    story.company().sets("support_url", json!("https://acme.example/hilfe"));
    story.checks();
    let hilfe = json!("https://acme.example/hilfe");
    assert_eq!(setting(&mut story.phone, "support_url"), ("server".to_owned(), hilfe));
    assert_eq!(setting(&mut story.phone, "block_copy"), of_the_mdm(json!(true)));
    assert_eq!(setting(&mut story.phone, "block_screenshots"), of_the_mdm(json!(false)));
    story.company().profile["settings"] = json!({});
    story.checks();
    assert_eq!(setting(&mut story.phone, "support_url"), of_the_mdm(help));
    // `null` takes the layer below away; that is something else than saying nothing.
    story.company().sets("support_url", Value::Null);
    story.checks();
    assert_eq!(setting(&mut story.phone, "support_url").1, Value::Null);
    // What the server must not set, it can't.
    story.company().sets("server_url", json!("https://evil.example"));
    story.checks();
    assert_eq!(
        setting(&mut story.phone, "server_url"),
        of_the_mdm(json!("https://muster.example"))
    );
    story.assert_in_order();
}

#[test]
fn what_is_for_one_person_wins_over_what_is_for_everybody() {
    let mut story = Story::active();
    story.company().sets("language", json!("de"));
    story.checks();
    assert_eq!(story.phone.agent().language(), Language::De);
    story.company().profile["individual"] = json!({ "language": "sv" });
    story.checks();
    assert_eq!(story.phone.agent().language(), Language::Sv);
    assert_eq!(setting(&mut story.phone, "language"), ("individual".to_owned(), json!("sv")));
}

#[test]
fn the_setting_goes_before_the_language_of_the_phone() {
    let mut texts = BTreeSet::new();
    for (of_the_phone, set) in
        [(Language::De, None), (Language::De, Some("sv")), (Language::Sv, Some("en"))]
    {
        let mut story = Story::begin();
        story.phone.options.language = of_the_phone;
        let mut wrong = story.managed(json!({ "license_password": "falsch" }));
        if let Some(set) = set {
            wrong["language"] = json!(set);
        }
        story.phone.launch(&wrong);
        story.phone.run(HOUR_MS);
        let problem = &story.phone.agent().problems()[0];
        assert_eq!(problem.code, "unknown_credentials");
        assert!(!problem.next.is_empty(), "what to do next");
        let swedish = problem.text.contains("Inloggningsuppgifterna stämmer inte.");
        assert_eq!(swedish, set == Some("sv"), "{problem:?}");
        texts.insert(problem.text.clone());
    }
    assert_eq!(texts.len(), 3, "{texts:?}");
}

#[test]
fn a_mistyped_setting_is_told_to_the_admin_until_it_is_right() {
    let mut story = Story::begin();
    let handed_out = effects(&mut story.phone);
    let wrong = story.managed(json!({ "contacts_sync_hours": "often" }));
    story.phone.launch(&wrong);
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    let states = newest(&handed_out.borrow()).unwrap();
    let told = about(&states, "contacts_sync_hours").unwrap();
    assert_eq!(told.severity, Severity::Error);
    assert_eq!(about(&states, "licence").unwrap().severity, Severity::Info);
    let right = story.managed(json!({ "contacts_sync_hours": 4 }));
    story.phone.handle(Event::Configuration(configuration(&right)));
    story.phone.run(MINUTE_MS);
    let states = newest(&handed_out.borrow()).unwrap();
    let told = about(&states, "contacts_sync_hours");
    assert!(told.is_none_or(|told| told.severity == Severity::Info), "{told:?}");
}

#[test]
fn the_admin_hears_why_a_phone_does_not_get_in_and_no_secret() {
    let mut story = Story::begin();
    let handed_out = effects(&mut story.phone);
    let wrong = story.managed(json!({ "license_username": "nobody", "first_name": "Kunigunde" }));
    story.phone.launch(&wrong);
    story.phone.run(HOUR_MS);
    let states = newest(&handed_out.borrow()).unwrap();
    let licence = about(&states, "licence").unwrap();
    assert_eq!(licence.severity, Severity::Error, "{licence:?}");
    let all = format!("{:?}", handed_out.borrow());
    for secret in [PASSWORD, "Kunigunde"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn a_configuration_that_did_not_change_is_no_news() {
    let mut story = Story::active_with(json!({ "support_url": "https://mdm.example/help" }));
    let again = story.managed(json!({ "support_url": "https://mdm.example/help" }));
    let (handed_out, told) = (effects(&mut story.phone), story.seen().told.len());
    story.phone.counts = Default::default();
    for _ in 0..3 {
        story.phone.handle(Event::Configuration(configuration(&again)));
        story.phone.run(MINUTE_MS);
    }
    assert_eq!((handed_out.borrow().len(), story.phone.counts.requests), (0, 0));
    assert_eq!(story.seen().told.len(), told);
}

#[test]
fn a_configuration_that_vanishes_from_an_activated_phone_takes_nothing_away() {
    let mut story = Story::active();
    story.phone.launch(&json!({}));
    story.checks();
    assert_eq!(story.phone.phase(), Phase::Active);
    assert_eq!(super::world::people(&mut story.phone), story.staff());
    let managed = story.managed(json!({}));
    story.restarts(&managed);
    story.assert_in_order();
    assert_eq!(story.seen().heard("activation").len(), 1);
}
