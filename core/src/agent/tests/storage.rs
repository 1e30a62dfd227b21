//! An agent file that can't be written for a while.
use serde_json::json;

use super::world::{Story, people};
use crate::agent::Event;
use crate::flow::simulation::Plan;
use crate::licence::{Hold, Phase};
use crate::store::tests::refusing::FullDisk;
use crate::time::{HOUR_MS, MINUTE_MS};

/// More steps than ten minutes of these stories need, with an attempt each minute.
const MANY: usize = 150;

/// Every write is refused from the step `index` on.
fn full_from(story: &Story, disk: &FullDisk, index: usize) -> Plan<'static> {
    let (disk, profile) = (disk.clone(), story.profile());
    let step = move |i: usize, _: &crate::step::Step| {
        if i >= index {
            disk.refuse(&profile);
        }
    };
    Plan { step: Box::new(step), ..Plan::default() }
}

#[test]
fn a_first_run_on_a_disk_that_fills_up_goes_on_when_there_is_room() {
    for index in [0, 1, 3, 6, 10, 15, 21, 28] {
        let (mut story, disk) = (Story::begin(), FullDisk::default());
        let managed = story.managed(json!({ "device_id": "udid-4711" }));
        story.phone.plan = full_from(&story, &disk, index);
        story.phone.launch(&managed);
        story.phone.run(10 * MINUTE_MS);
        let case = format!("from step {index} on");
        assert!(disk.refuses(), "{case}: a first run has more steps");
        assert!(story.phone.counts.steps < MANY, "{case}: {:?}", story.phone.counts);
        assert!(!story.phone.problems().is_empty(), "{case}: nobody is told");
        story.phone.plan = Plan::default();
        disk.recover();
        story.phone.run(2 * HOUR_MS);
        story.assert_in_order();
        story.assert_nothing_lost(&case);
    }
}

#[test]
fn an_order_that_arrives_on_a_full_disk_is_carried_out_once() {
    for restart in [false, true] {
        let (mut story, disk) = (Story::active(), FullDisk::default());
        let managed = story.managed(json!({}));
        story.company().orders("lock", &json!({}));
        story.phone.counts = Default::default();
        story.phone.plan = full_from(&story, &disk, 0);
        story.phone.handle(Event::CheckNow);
        story.phone.run(10 * MINUTE_MS);
        assert!(story.phone.counts.steps < MANY, "{:?}", story.phone.counts);
        story.phone.plan = Plan::default();
        disk.recover();
        if restart {
            story.phone.launch(&managed);
            story.phone.handle(Event::CheckNow);
        }
        story.phone.run(2 * HOUR_MS);
        assert_eq!(story.phone.agent().status().licence.holds, [Hold::Lost]);
        let told = story.seen().heard("command-acknowledged");
        assert_eq!(told.len(), 1, "{told:?}");
        story.company().orders("unlock", &json!({}));
        story.checks();
        story.assert_in_order();
        story.assert_nothing_lost("a lock on a full disk");
    }
}

/// The order to erase can't be written down: the contacts are closed at once, and the erase begins as
/// soon as there is room.
#[test]
fn an_erase_that_can_not_begin_is_tried_until_it_can() {
    let mut story = Story::active();
    story.company().orders("erase", &json!({ "cause": "lost" }));
    // What is in the way of the tombstone.
    let obstacle = story.profile().join("tombstone.tmp");
    std::fs::create_dir(&obstacle).unwrap();
    story.phone.counts = Default::default();
    story.phone.handle(Event::CheckNow);
    story.phone.run(10 * MINUTE_MS);
    assert!(story.phone.counts.steps < MANY, "{:?}", story.phone.counts);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::Erasing, 0));
    assert!(!story.phone.problems().is_empty(), "nobody is told");
    let retiring = crate::management::tests::Standing::Retiring;
    assert_eq!(story.seen().standings(), [retiring]);
    std::fs::remove_dir(&obstacle).unwrap();
    story.phone.run(10 * MINUTE_MS);
    assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Erased, 0));
    let erased = crate::management::tests::Standing::Erased;
    assert_eq!(story.seen().standings(), [erased], "with its receipt");
}

/// The harness can find what it looks for: on a disk that stays as it is, something is missing.
#[test]
fn control_a_disk_that_stays_full_is_seen_to_lose_something() {
    let (mut story, disk) = (Story::begin(), FullDisk::default());
    let managed = story.managed(json!({}));
    story.phone.plan = full_from(&story, &disk, 20);
    story.phone.launch(&managed);
    story.phone.run(2 * HOUR_MS);
    assert!(disk.refuses());
    assert!(!story.mistakes().is_empty());
}
