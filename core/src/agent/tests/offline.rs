//! Weeks: when the server is asked, what the phone believes the time to be, how long it goes on
//! without its company.
use std::cell::Cell;
use std::rc::Rc;

use serde_json::json;

use super::world::{PEOPLE, Story, asked, at, effects, no_network, notified, people};
use crate::agent::Event;
use crate::agent::handset::{Handset, configuration};
use crate::flow::simulation::{Plan, Wire};
use crate::licence::{Hold, Phase};
use crate::management::tests::Standing;
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

fn holds(story: &mut Story) -> Vec<Hold> {
    story.phone.agent().status().licence.holds
}

/// When `phone` looked at the server.
fn looks(phone: &Handset) -> Vec<i64> {
    let looks = phone.asked.iter().filter(|(_, what)| what == "GET /policy");
    let mut looks: Vec<i64> = looks.map(|(at, _)| *at).collect();
    // A request that is repeated with the server's nonce is one look.
    looks.dedup();
    looks
}

#[test]
fn the_server_is_asked_at_its_interval_with_some_jitter_and_never_too_often() {
    let mut story = Story::begin();
    // Address books are asked rarely, so that the weeks pass quickly.
    let managed = story.managed(json!({ "contacts_sync_hours": 168 }));
    let mut gaps_after = |interval_s: i64, lasting_ms: i64| {
        story.company().profile["next_check_s"] = interval_s.into();
        story.phone.launch(&managed);
        story.phone.handle(Event::CheckNow);
        story.phone.asked.clear();
        story.phone.run(lasting_ms);
        let looks = looks(&story.phone);
        looks.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
    };
    for (interval_s, lasting_ms) in
        [(86_400, 21 * DAY_MS), (3_600, 2 * DAY_MS), (604_800, 70 * DAY_MS)]
    {
        let gaps = gaps_after(interval_s, lasting_ms);
        let interval = interval_s * 1_000;
        assert!(gaps.len() as i64 >= lasting_ms / interval - 1, "{interval_s}: {gaps:?}");
        assert!(
            gaps.iter().all(|gap| (interval * 9 / 10..=interval).contains(gap)),
            "{interval_s}: {gaps:?}"
        );
        let first = gaps[0];
        assert!(gaps.iter().any(|gap| *gap != first), "a fleet would come at once: {gaps:?}");
    }
    let gaps = gaps_after(900, DAY_MS);
    assert!(gaps.len() > 90 && gaps.iter().all(|gap| *gap >= 15 * MINUTE_MS), "{gaps:?}");
    story.assert_in_order();
    assert_eq!((story.seen().standings().len(), story.seen().seats_taken(0)), (1, 1));
}

#[test]
fn without_the_company_everything_goes_on_for_two_weeks_and_comes_back() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.phone.plan = no_network();
    story.phone.run(13 * DAY_MS + 12 * HOUR_MS);
    assert_eq!((story.phone.phase(), holds(&mut story)), (Phase::Active, vec![]));
    assert_eq!(people(&mut story.phone), story.staff());
    story.phone.run(DAY_MS);
    assert_eq!(holds(&mut story), [Hold::Offline]);
    assert_eq!((people(&mut story.phone).len(), story.phone.contacts()), (0, PEOPLE as i64));
    // Nobody is locked in: it stays so over a restart, for as long as it takes.
    story.phone.launch(&managed);
    story.phone.run(200 * DAY_MS);
    assert_eq!(holds(&mut story), [Hold::Offline]);
    assert_eq!(story.phone.contacts(), PEOPLE as i64);
    story.phone.plan = Plan::default();
    story.phone.handle(Event::NetworkUp);
    story.phone.run(HOUR_MS);
    story.assert_in_order();

    // Back from three weeks off: nothing is hidden before the server was asked.
    story.phone.kill();
    story.phone.pass(21 * DAY_MS);
    story.phone.launch(&managed);
    let mut hidden = false;
    for _ in 0..60 {
        story.phone.run(SECOND_MS);
        hidden |= !holds(&mut story).is_empty();
    }
    assert!(!hidden);
    story.assert_in_order();
}

#[test]
fn a_person_is_told_once_before_contacts_are_hidden() {
    let mut story = Story::active();
    let handed_out = effects(&mut story.phone);
    story.phone.plan.request =
        Box::new(|_, _| Wire::RequestLost(crate::http::Failure::NameNotFound));
    story.phone.run(13 * DAY_MS);
    let findings = story.phone.agent().findings();
    let warning = findings.iter().find(|finding| finding.due.is_some());
    assert!(warning.is_some(), "{findings:?}");
    assert_eq!(notified(&handed_out).len(), 1, "{:?}", notified(&handed_out));
    story.phone.run(2 * DAY_MS);
    assert_eq!(holds(&mut story), [Hold::Offline]);
    let why = story.phone.agent().why_hidden().text;
    assert!(why.contains("the server has not been reached for a long time"), "{why}");
}

#[test]
fn the_smaller_grace_of_mdm_and_company_counts() {
    for (mdm, company, grace) in [(3, 10, 3), (10, 4, 4)] {
        let mut story = Story::begin();
        story.company().profile["licence"]["offline_grace_s"] = (company * 86_400).into();
        let managed = story.managed(json!({ "offline_grace_days": mdm }));
        story.phone.launch(&managed);
        story.phone.run(HOUR_MS);
        story.phone.plan = no_network();
        story.phone.run(grace * DAY_MS - 2 * HOUR_MS);
        assert_eq!(holds(&mut story), [], "{mdm} and {company} days");
        story.phone.run(2 * HOUR_MS);
        assert_eq!(holds(&mut story), [Hold::Offline], "{mdm} and {company} days");
    }
}

#[test]
fn a_clock_that_jumps_never_erases_anything() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    for years in [-30, 0, 10, -1, 40, 0] {
        story.phone.reboot();
        story.phone.skew_ms = years * 365 * DAY_MS;
        story.phone.plan = no_network();
        story.phone.launch(&managed);
        story.phone.run(DAY_MS);
        assert_eq!(story.phone.phase(), Phase::Active, "{years} years off, without a network");
        assert_eq!(story.phone.contacts(), PEOPLE as i64, "{years} years off, without a network");
        story.phone.plan = Plan::default();
        story.phone.handle(Event::NetworkUp);
        story.phone.run(DAY_MS);
        story.assert_in_order();
    }
    assert_eq!((story.seen().standings().len(), story.seen().seats_taken(0)), (1, 1));
}

#[test]
fn a_clock_that_is_turned_back_wins_no_time() {
    let mut story = Story::active();
    story.phone.plan = no_network();
    // Each evening the clock goes back to the morning, while the phone stays on.
    let mut days = 0;
    while holds(&mut story).is_empty() {
        story.phone.run(DAY_MS);
        story.phone.skew_ms -= DAY_MS;
        days += 1;
        assert!(days < 20, "the grace never ends");
    }
    assert_eq!((holds(&mut story), days), (vec![Hold::Offline], 14));
}

#[test]
fn a_licence_that_ends_hides_and_one_that_is_renewed_shows() {
    let mut story = Story::active();
    let end = story.seen().now_s + 3 * 86_400;
    story.company().profile["licence"]["valid_until"] = end.into();
    story.checks();
    story.assert_in_order();
    story.phone.run(3 * DAY_MS);
    assert_eq!(holds(&mut story), [Hold::Expired]);
    assert_eq!((people(&mut story.phone).len(), story.phone.contacts()), (0, PEOPLE as i64));
    story.company().profile["licence"]["valid_until"] = (end + 90 * 86_400).into();
    story.checks();
    story.assert_in_order();
}

#[test]
fn what_a_phone_has_to_tell_waits_for_the_server_and_is_told_once() {
    let mut story = Story::active();
    let applied = story.seen().heard("configuration-applied").len();
    story.phone.plan = no_network();
    for hours in 1..=3 {
        let managed = story.managed(json!({ "contacts_sync_hours": hours }));
        story.phone.handle(Event::Configuration(configuration(&managed)));
        story.phone.run(6 * HOUR_MS);
    }
    assert!(story.phone.agent().status().outbox.pending >= 3);
    story.phone.plan = Plan::default();
    story.phone.handle(Event::NetworkUp);
    story.checks();
    story.assert_in_order();
    assert_eq!(story.seen().heard("configuration-applied").len(), applied + 3);
    story.assert_nothing_lost("most of a day without a network");
}

#[test]
fn a_token_that_could_not_be_had_once_does_not_keep_the_contacts_old_for_a_day() {
    for outage_ms in [SECOND_MS, 20 * SECOND_MS, 5 * MINUTE_MS] {
        let mut story = Story::active();
        // Contacts are due after six hours, the server itself after a day.
        let begin = story.phone.true_ms;
        let tried = Rc::new(Cell::new(0));
        let counts = tried.clone();
        story.phone.plan = at("/token", move || {
            counts.set(counts.get() + 1);
            Wire::answer(503, &[], "")
        });
        story.phone.asked.clear();
        while tried.get() == 0 && story.phone.true_ms < begin + 8 * HOUR_MS {
            story.phone.run(MINUTE_MS);
        }
        assert!(tried.get() > 0, "no token was wanted: {:?}", story.phone.asked);
        story.phone.run(outage_ms);
        story.phone.plan = Plan::default();
        story.phone.run(30 * MINUTE_MS);
        assert!(asked(&story.phone, "REPORT") > 0, "{outage_ms} ms: {:?}", story.phone.asked);
    }
}

#[test]
fn a_network_that_comes_back_is_used_at_once() {
    let mut story = Story::begin();
    let managed = story.managed(json!({}));
    story.phone.plan = no_network();
    story.phone.launch(&managed);
    story.phone.run(3 * DAY_MS);
    assert_eq!(story.phone.phase(), Phase::Activating);
    assert!(asked(&story.phone, "GET") < 100, "retries come ever more rarely");
    story.phone.plan = Plan::default();
    story.phone.handle(Event::NetworkUp);
    story.phone.run(MINUTE_MS);
    story.assert_in_order();
    assert_eq!(story.seen().standings(), [Standing::Active]);
}
