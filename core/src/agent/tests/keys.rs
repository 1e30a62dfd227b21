//! A key store that gives nothing for a while, and one that lost what it had.
use serde_json::json;

use super::world::{Story, people};
use crate::agent::Event;
use crate::flow::simulation::Plan;
use crate::licence::Phase;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::vault::{Purpose, VaultFailure};

/// More steps than a day of any of these stories needs.
const MANY: usize = 400;

#[test]
fn a_phone_that_was_not_unlocked_yet_waits_and_loses_nothing() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.phone.reboot();
    story.phone.plan.vault = Box::new(|_, _| Some(VaultFailure::Locked));
    story.phone.launch(&managed);
    story.phone.counts = Default::default();
    story.phone.run(DAY_MS);
    assert!(!story.phone.agent().is_ready());
    assert_eq!(story.phone.problems(), ["vault_locked"]);
    assert!(story.phone.counts.vault < 10, "it waits for the unlock: {:?}", story.phone.counts);
    story.phone.plan = Plan::default();
    story.phone.handle(Event::Unlocked);
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    story.assert_nothing_lost("locked for a day");
}

#[test]
fn a_busy_key_store_is_tried_again_ever_more_rarely() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.phone.plan.vault = Box::new(|_, _| Some(VaultFailure::Busy));
    story.phone.launch(&managed);
    story.phone.counts = Default::default();
    story.phone.run(DAY_MS);
    assert!((10..MANY).contains(&story.phone.counts.vault), "{:?}", story.phone.counts);
    assert_eq!(story.phone.problems(), ["vault_busy"]);
    story.phone.plan = Plan::default();
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    story.assert_nothing_lost("busy for a day");
}

#[test]
fn a_key_store_that_refuses_once_anywhere_in_a_later_start_costs_nothing() {
    for failure in [VaultFailure::Locked, VaultFailure::Busy, VaultFailure::Denied] {
        let mut story = Story::active();
        let managed = story.managed(json!({}));
        for index in 0.. {
            let case = format!("{failure:?} at key operation {index}");
            story.phone.counts = Default::default();
            story.phone.plan.vault = Box::new(move |i, _| (i == index).then_some(failure));
            story.phone.launch(&managed);
            story.phone.handle(Event::CheckNow);
            story.phone.run(MINUTE_MS);
            let reached = story.phone.counts.vault > index;
            story.phone.plan = Plan::default();
            story.phone.handle(Event::Unlocked);
            story.checks();
            assert!(story.phone.counts.steps < MANY, "{case}: {:?}", story.phone.asked);
            story.assert_in_order();
            story.assert_nothing_lost(&case);
            if !reached {
                assert!(index > 4, "a later run needs more key operations than {index}");
                break;
            }
        }
    }
}

#[test]
fn a_key_that_is_gone_for_good_is_replaced() {
    for purpose in [Purpose::Contacts, Purpose::Device, Purpose::Service] {
        let mut story = Story::active_with(json!({ "device_id": "udid-4711" }));
        let managed = story.managed(json!({ "device_id": "udid-4711" }));
        story.phone.kill();
        story.keys.borrow_mut().lose(purpose);
        story.phone.counts = Default::default();
        story.phone.launch(&managed);
        story.phone.handle(Event::CheckNow);
        story.phone.run(DAY_MS);
        assert!(story.phone.counts.steps < MANY, "{purpose:?}: {:?}", story.phone.asked);
        story.assert_in_order();
        assert_eq!(story.seen().active().len(), 1, "{purpose:?}");
        assert_eq!(story.seen().seats_taken(0), 1, "{purpose:?}");
    }
}

#[test]
fn contacts_are_read_with_the_phone_locked_once_it_was_unlocked() {
    let mut story = Story::active();
    // Keys are usable after the first unlock; from here on nothing of the key store is needed.
    story.phone.plan.vault = Box::new(|_, _| Some(VaultFailure::Locked));
    story.phone.run(MINUTE_MS);
    assert_eq!(people(&mut story.phone), story.staff());
    assert_eq!(story.phone.phase(), Phase::Active);
}
