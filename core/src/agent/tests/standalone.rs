//! A phone without a management server: its address books come and go with the configuration.
use serde_json::{Value, json};

use super::world::{BOOK, Story, hires, people};
use crate::contacts::sync::tests::server::{Server as Book, Ways};
use crate::flow::simulation::{Kill, Plan};
use crate::licence::{Hold, Phase};
use crate::time::{DAY_MS, HOUR_MS};
use crate::vault::{Purpose, VaultFailure, VaultOp};

/// The book of Ada, and a phone that was never started.
fn begin() -> Story {
    let mut book = Book::new(Ways::default());
    hires(&mut book, 0);
    let mut story = Story::begin();
    story.opens_a_book(book);
    story
}

fn book() -> Value {
    json!({ "carddav_url": BOOK })
}

/// Files and keys that hold contacts.
fn traces(story: &Story) -> Vec<String> {
    let mut traces = story.files();
    traces.retain(|name| name.contains("contacts"));
    let keys = story.keys.borrow().numbers(Purpose::Contacts);
    traces.extend(keys.into_iter().map(|number| format!("key {number}")));
    traces
}

#[test]
fn a_book_in_the_configuration_is_all_it_takes() {
    let mut story = begin();
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::NotRequired, 1));
    assert_eq!(story.phone.agent().reports(), [] as [Value; 0], "there is nobody to report to");
    hires(&mut story.book(), 1);
    story.phone.run(7 * HOUR_MS);
    assert_eq!(people(&mut story.phone).len(), 2);
}

#[test]
fn a_password_that_does_not_work_takes_nothing_away() {
    let mut story = begin();
    let login = |password: &str| {
        json!({
            "carddav_url": BOOK, "carddav_username": "ada", "carddav_password": password,
        })
    };
    // ada:geheim
    story.book().ways.login = Some("Basic YWRhOmdlaGVpbQ==".to_owned());
    story.phone.launch(&login("falsch"));
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.problems(), ["book_login_refused"]);
    story.phone.launch(&login("geheim"));
    story.phone.run(HOUR_MS);
    assert_eq!(people(&mut story.phone).len(), 1, "{:?}", story.phone.problems());
    story.phone.launch(&login("falsch"));
    story.phone.run(DAY_MS);
    assert_eq!(story.phone.problems(), ["book_login_refused"]);
    assert_eq!(people(&mut story.phone).len(), 1);
}

#[test]
fn an_address_book_that_the_configuration_no_longer_names_is_gone_at_once() {
    let mut story = begin();
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::NotRequired, 1));
    assert_eq!(traces(&story).len(), 2, "{:?}", traces(&story));

    // The key store is busy at first: it is tried again.
    let mut busy = 3;
    story.phone.plan.vault = Box::new(move |_, op| {
        let fails = matches!(op, VaultOp::Destroy { .. }) && busy > 0;
        busy -= i32::from(fails);
        fails.then_some(VaultFailure::Busy)
    });
    story.phone.launch(&json!({ "language": "de" }));
    story.phone.run(HOUR_MS);
    assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Unlicensed, 0));
    assert_eq!(traces(&story), [""; 0]);
    assert_eq!(story.phone.problems(), [""; 0]);

    // And it comes back as new.
    story.phone.plan = Plan::default();
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::NotRequired, 1));
    assert_eq!(traces(&story).len(), 2, "{:?}", traces(&story));
}

/// A kill at each step of the withdrawal: the next start goes on with it.
#[test]
fn a_withdrawal_that_is_cut_off_is_finished_at_the_next_start() {
    for index in 0.. {
        let mut story = begin();
        story.phone.launch(&book());
        story.phone.run(HOUR_MS);
        story.phone.counts = Default::default();
        story.phone.plan.kill = Some(Kill::Before(index));
        story.phone.launch(&json!({ "language": "de" }));
        story.phone.run(HOUR_MS);
        let done = story.phone.counts.steps < index;
        story.phone.plan = Plan::default();
        story.phone.launch(&json!({ "language": "de" }));
        story.phone.run(HOUR_MS);
        let now = (story.phone.phase(), story.phone.contacts());
        assert_eq!(now, (Phase::Unlicensed, 0), "step {index}");
        assert_eq!(traces(&story), [""; 0], "step {index}");
        if done {
            assert!(index > 1);
            break;
        }
    }
}

/// A configuration that vanished: hidden after the grace, erased a month later, by time alone.
#[test]
fn what_a_vanished_configuration_left_is_erased_a_month_after_it_was_hidden() {
    let mut story = begin();
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    story.phone.launch(&json!({}));
    story.phone.run(13 * DAY_MS);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::NotRequired, 1));
    story.phone.run(2 * DAY_MS);
    assert_eq!(story.phone.agent().status().licence.holds, [Hold::Offline]);
    assert_eq!(story.phone.contacts(), 1, "hidden, not erased");
    story.phone.run(28 * DAY_MS);
    assert_eq!(story.phone.contacts(), 1, "not yet");
    story.phone.run(3 * DAY_MS);
    assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Erased, 0));
    assert_eq!(traces(&story), [""; 0]);
}

#[test]
fn a_configuration_that_comes_back_in_time_costs_nothing() {
    let mut story = begin();
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    story.phone.launch(&json!({}));
    story.phone.run(20 * DAY_MS);
    assert_eq!(story.phone.agent().status().licence.holds, [Hold::Offline]);
    story.phone.launch(&book());
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.agent().status().licence.holds, []);
    assert_eq!((story.phone.phase(), people(&mut story.phone).len()), (Phase::NotRequired, 1));
}

/// Each change of the contacts file leaves one file and one key.
#[test]
fn a_generation_takes_its_key_with_it() {
    let mut story = begin();
    for round in 0..3 {
        story.phone.launch(&book());
        story.phone.run(HOUR_MS);
        assert_eq!(people(&mut story.phone).len(), 1, "round {round}");
        assert_eq!(traces(&story).len(), 2, "{round}: {:?}", traces(&story));
        story.phone.kill();
        // The file is damaged: another generation takes its place.
        for entry in std::fs::read_dir(story.profile()).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("contacts-") {
                std::fs::write(path, b"not a database").unwrap();
            }
        }
    }
}
