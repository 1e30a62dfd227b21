//! People come, change and leave.
use serde_json::json;

use super::world::{PEOPLE, Story, asked, at, hires, name, number, people};
use crate::agent::Event;
use crate::contacts::caller::CallerMatch;
use crate::flow::simulation::{Plan, Wire};
use crate::licence::Phase;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::vault::Purpose;

#[test]
fn somebody_comes_and_somebody_leaves() {
    let mut story = Story::active();
    let directory = story.phone.agent().directory();
    let finds = |query: &str| directory.search(query).unwrap().len();
    assert_eq!(finds(&name(0)), 1);
    story.company().book.deletes("000.vcf");
    hires(&mut story.company().book, PEOPLE);
    story.phone.run(7 * HOUR_MS);
    story.assert_in_order();
    assert_eq!((finds(&name(0)), finds(&name(PEOPLE))), (0, 1));
    let calls = |index| directory.look_up_caller(&number(index)).unwrap().found;
    assert_eq!((calls(0), calls(1)), (CallerMatch::None, CallerMatch::One));
    let synced = story.seen().heard("contacts-synced");
    let last = synced.last().unwrap();
    assert_eq!((&last["added"], &last["removed"]), (&json!(1), &json!(1)));
}

#[test]
fn a_book_that_did_not_change_is_one_request_and_no_event() {
    let mut story = Story::active();
    let told = story.seen().told.len();
    let synced = story.phone.agent().status().contacts.last_sync;
    story.phone.asked.clear();
    story.phone.run(6 * HOUR_MS);
    // With a token and nonces that are too old, each is asked for once more.
    let reports = asked(&story.phone, "REPORT");
    assert!((1..=2).contains(&reports), "{:?}", story.phone.asked);
    assert_eq!(asked(&story.phone, "PROPFIND"), 0);
    assert_eq!(story.seen().told.len(), told, "nothing to tell");
    assert_ne!(story.phone.agent().status().contacts.last_sync, synced);
}

#[test]
fn a_book_that_the_company_takes_back_is_gone() {
    let mut story = Story::active();
    let url = story.seen().book_url();
    story.company().profile["contacts"] = json!({ "books": [] });
    story.checks();
    assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Active, 0));
    story.company().profile["contacts"] =
        json!({ "books": [{ "url": url, "name": "Staff", "auth": "dpop" }] });
    story.checks();
    story.assert_in_order();
}

#[test]
fn contacts_that_are_switched_off_are_gone_and_come_back() {
    let mut story = Story::active();
    story.company().sets("contacts_mode", json!("off"));
    story.checks();
    assert_eq!((story.phone.phase(), story.phone.contacts()), (Phase::Active, 0));
    story.company().sets("contacts_mode", json!("in_app"));
    story.checks();
    story.assert_in_order();
}

#[test]
fn a_filter_keeps_others_off_the_phone() {
    let mut story = Story::begin();
    let managed = story.managed(json!({ "contacts_filter": "department:Sales" }));
    let card =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:s\r\nFN:Sven Sales\r\nORG:Acme;Sales\r\nEND:VCARD\r\n";
    story.company().book.puts_card("s.vcf", card);
    story.phone.launch(&managed);
    story.phone.run(HOUR_MS);
    assert_eq!(people(&mut story.phone), ["Sven Sales"]);
}

/// A token that our own server does not take at the address book leads to its signed status.
#[test]
fn an_address_book_of_our_own_server_that_refuses_us_leads_to_the_status() {
    for status in [401, 403] {
        let mut story = Story::active();
        story.phone.plan = at("/u/book/", move || Wire::answer(status, &[], ""));
        story.phone.asked.clear();
        story.phone.run(7 * HOUR_MS);
        assert!(asked(&story.phone, "REPORT") > 0, "{:?}", story.phone.asked);
        let asked = asked(&story.phone, "POST /status");
        assert!((1..20).contains(&asked), "{:?}", story.phone.asked);
        assert_eq!(people(&mut story.phone), story.staff(), "nothing is taken away");
        story.phone.plan = Plan::default();
        story.checks();
        story.assert_in_order();
    }
}

#[test]
fn a_book_that_forgets_everything_is_read_again_and_nobody_is_missing_meanwhile() {
    let mut story = Story::active();
    story.company().book.forgets_tokens();
    story.company().book.deletes("001.vcf");
    story.company().book.forgets_tokens();
    story.phone.handle(Event::CheckNow);
    for _ in 0..20 {
        story.phone.run(1_000);
        assert!(people(&mut story.phone).len() >= PEOPLE - 1);
    }
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

#[test]
fn everything_is_compared_once_a_week() {
    let mut story = Story::active();
    story.phone.asked.clear();
    story.phone.run(6 * DAY_MS);
    assert_eq!(asked(&story.phone, "PROPFIND"), 0, "changes only");
    story.phone.run(2 * DAY_MS);
    assert!(asked(&story.phone, "PROPFIND") > 0, "{:?}", story.phone.asked);
    story.assert_in_order();
}

#[test]
fn a_push_message_brings_what_is_new_within_a_minute() {
    let mut story = Story::active();
    story.company().sets("support_phone", json!("+49301234"));
    story.phone.run(MINUTE_MS);
    let phone = |story: &mut Story| {
        let config = story.phone.agent().config();
        let found = config.settings.iter().find(|setting| setting.key == "support_phone").cloned();
        serde_json::to_value(found).unwrap()["value"].clone()
    };
    assert_ne!(phone(&mut story), "+49301234", "not known yet");
    story.phone.handle(Event::Wake);
    story.phone.run(MINUTE_MS);
    assert_eq!(phone(&mut story), "+49301234");
}

#[test]
fn contacts_have_one_key_however_often_the_phone_starts() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    for _ in 0..3 {
        story.restarts(&managed);
        story.checks();
    }
    assert_eq!(story.keys.borrow().numbers(Purpose::Contacts).len(), 1);
    let files = story.files();
    assert_eq!(files.iter().filter(|f| f.starts_with("contacts-")).count(), 1, "{files:?}");
}
