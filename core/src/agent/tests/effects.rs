//! Effects: each matter waits for itself, and what a shell can't do holds up nothing else.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::json;

use super::vault::MemoryVault;
use crate::agent::Event;
use crate::agent::handset::{Handset, configuration, signals};
use crate::effect::{Effect, EffectOutcome};
use crate::flow::simulation::Broken;
use crate::http::{Answer, Failure, Request};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// 2027-01-15T08:00:00Z.
const BEGIN_MS: i64 = 1_800_000_000_000;

/// What was handed out, by kind and in order.
type Handed = Rc<RefCell<Vec<Effect>>>;

fn nowhere(_: &Request) -> Result<Answer, Broken> {
    Err(Broken::from(Failure::NameNotFound))
}

fn phone(folder: &tempfile::TempDir) -> Handset {
    let root = folder.path().join("data");
    Handset::new(root, nowhere, MemoryVault::default(), 1, BEGIN_MS)
}

/// Hands each effect to `answer` and keeps it.
fn watch(phone: &mut Handset, answer: impl Fn(&Effect) -> EffectOutcome + 'static) -> Handed {
    let handed = Handed::default();
    let log = handed.clone();
    phone.plan.effect = Box::new(move |_, effect| {
        log.borrow_mut().push(effect.clone());
        answer(effect)
    });
    handed
}

fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::PublishFeedback { .. } => "feedback",
        Effect::Notify { .. } => "notify",
        Effect::ClearNotification { .. } => "clear",
        Effect::OpenBrowser { .. } => "browser",
        Effect::RemoveExports => "exports",
    }
}

fn count(handed: &Handed, wanted: &str) -> usize {
    handed.borrow().iter().filter(|effect| kind(effect) == wanted).count()
}

fn fail(wanted: &'static str) -> impl Fn(&Effect) -> EffectOutcome {
    move |effect| {
        if kind(effect) == wanted { EffectOutcome::Failed } else { EffectOutcome::Done }
    }
}

/// An address book without a server, a rule, and a setting that somebody mistyped.
fn managed() -> serde_json::Value {
    json!({
        "carddav_url": "https://dav.example/",
        "require_screen_lock": true,
        "noncompliance_grace_hours": 0,
        "noncompliance_action": "hide_contacts",
        "check_interval_hours": "soon",
    })
}

#[test]
fn a_notification_refused_for_a_day_silences_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = phone(&folder);
    let handed = watch(&mut phone, fail("notify"));
    phone.handle(Event::Configuration(configuration(&managed())));
    phone.handle(Event::Signals(signals(false)));
    phone.run(DAY_MS);
    assert_eq!(count(&handed, "feedback"), 1, "the MDM hears of the mistyped setting, once");
    let attempts = count(&handed, "notify");
    let matters = notified(&handed).len();
    assert!(attempts > matters, "a notification that failed is tried again");
    assert!(attempts <= 40 * matters, "{attempts} attempts at {matters} notifications in a day");
    println!("{attempts} attempts at {matters} notifications in a day");
}

/// How often each notification was handed out.
fn notified(handed: &Handed) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for effect in handed.borrow().iter() {
        if let Effect::Notify { id, .. } = effect {
            *ids.entry(id.clone()).or_insert(0) += 1;
        }
    }
    ids
}

#[test]
fn one_kind_that_fails_delays_no_other() {
    let expected = ["feedback", "notify", "exports", "clear"];
    for failing in expected {
        let folder = tempfile::tempdir().unwrap();
        let mut phone = phone(&folder);
        let handed = watch(&mut phone, fail(failing));
        phone.handle(Event::Configuration(configuration(&managed())));
        phone.handle(Event::Signals(signals(true)));
        phone.run(MINUTE_MS);
        // The rule is broken: a notification, other feedback, contacts hidden.
        phone.handle(Event::Signals(signals(false)));
        phone.run(MINUTE_MS);
        // It is met again: the notification goes, the feedback is another.
        phone.handle(Event::Signals(signals(true)));
        phone.run(0);
        for other in expected.into_iter().filter(|kind| *kind != failing) {
            assert!(count(&handed, other) > 0, "{other} waits for {failing}");
        }
        let feedback = count(&handed, "feedback");
        assert!(failing == "feedback" || feedback == 3, "{failing}: {feedback} feedbacks");
        phone.run(HOUR_MS);
        assert!(count(&handed, failing) > 1, "{failing} is tried again");
        assert!(count(&handed, failing) < 60, "{failing} is tried ever more rarely");
    }
}

#[test]
fn a_notification_goes_when_its_finding_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = phone(&folder);
    let handed = watch(&mut phone, |_| EffectOutcome::Done);
    phone.handle(Event::Configuration(configuration(&managed())));
    phone.handle(Event::Signals(signals(false)));
    phone.run(MINUTE_MS);
    assert!(notified(&handed).contains_key("finding.screen_lock"), "{:?}", notified(&handed));
    let cleared = |handed: &Handed| {
        let handed = handed.borrow();
        let ids = handed.iter().filter_map(|effect| match effect {
            Effect::ClearNotification { id } => Some(id.clone()),
            _ => None,
        });
        ids.collect::<Vec<_>>()
    };
    assert_eq!(cleared(&handed), [""; 0]);
    // Over a restart, too.
    phone.kill();
    phone.handle(Event::Signals(signals(true)));
    phone.run(MINUTE_MS);
    assert_eq!(cleared(&handed), ["finding.screen_lock"]);
    phone.run(DAY_MS);
    assert_eq!(cleared(&handed), ["finding.screen_lock"], "once");
}

#[test]
fn a_notification_that_nobody_saw_is_not_shown_after_its_finding_went() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = phone(&folder);
    let handed = watch(&mut phone, fail("notify"));
    phone.handle(Event::Configuration(configuration(&managed())));
    phone.handle(Event::Signals(signals(false)));
    phone.run(MINUTE_MS);
    phone.handle(Event::Signals(signals(true)));
    phone.run(MINUTE_MS);
    let before = notified(&handed)["finding.screen_lock"];
    phone.run(DAY_MS);
    assert_eq!(notified(&handed)["finding.screen_lock"], before);
}

#[test]
fn what_failed_is_tried_at_once_when_the_person_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut phone = phone(&folder);
    let handed = watch(&mut phone, fail("notify"));
    phone.handle(Event::Configuration(configuration(&managed())));
    phone.handle(Event::Signals(signals(false)));
    phone.run(12 * HOUR_MS);
    let before = notified(&handed)["finding.screen_lock"];
    phone.handle(Event::Foregrounded);
    phone.run(0);
    assert_eq!(notified(&handed)["finding.screen_lock"], before + 1);
}
