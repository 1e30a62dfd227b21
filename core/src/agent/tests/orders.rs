//! What a company orders its phones to do, and what it takes away.
use serde_json::json;

use super::world::{PASSWORD, PEOPLE, Story, USERNAME, at, name, people, typed};
use crate::agent::Event;
use crate::flow::simulation::{Plan, Wire};
use crate::licence::{Hold, Phase};
use crate::management::tests::{ISSUER, Standing};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use crate::vault::Purpose;

fn holds(story: &mut Story) -> Vec<Hold> {
    story.phone.agent().status().licence.holds
}

#[test]
fn a_lost_phone_is_locked_and_unlocked() {
    let mut story = Story::active_with(json!({ "first_name": "Jana", "support_phone": "+4930" }));
    let managed = story.managed(json!({ "first_name": "Jana", "support_phone": "+4930" }));
    story.company().orders("lock", &json!({ "message": "Bitte bei Acme abgeben" }));
    story.checks();
    let status = story.phone.agent().status();
    assert_eq!(status.licence.holds, [Hold::Lost]);
    assert_eq!(status.licence.message.as_deref(), Some("Bitte bei Acme abgeben"));
    assert_eq!((status.person, status.contacts.count), (None, PEOPLE as i64));
    assert_eq!(people(&mut story.phone), [""; 0], "hidden, not erased");
    assert!(story.phone.agent().why_hidden().text.contains("locked this phone as lost"));
    let shown: Vec<&str> =
        story.phone.agent().config().settings.iter().map(|setting| setting.key).collect();
    assert_eq!(shown, ["support_email", "support_phone", "support_url"], "whom to call");
    // Neither the MDM nor a new start lifts it.
    story.restarts(&managed);
    assert_eq!(holds(&mut story), [Hold::Lost]);
    story.company().orders("unlock", &json!({}));
    story.checks();
    story.assert_in_order();
    let status = story.phone.agent().status();
    assert_eq!(
        (status.licence.message, status.person.unwrap().first_name.unwrap()),
        (None, "Jana".to_owned())
    );
    assert_eq!(story.seen().heard("command-acknowledged").len(), 2);
}

#[test]
fn an_order_is_carried_out_once_however_often_it_is_told() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    let order = story.company().orders("lock", &json!({}));
    let kept = story.company().only_phone().orders.clone();
    story.checks();
    story.company().orders("unlock", &json!({}));
    story.checks();
    // The server has lost the receipt and tells the phone again.
    story.company().only_phone().orders = kept;
    story.checks();
    story.restarts(&managed);
    story.checks();
    assert_eq!(holds(&mut story), [], "it was carried out before");
    let told = story.seen().heard("command-acknowledged");
    let about = told.iter().filter(|told| told["command_jti"] == order);
    assert!(about.clone().all(|told| told["outcome"] == "done"), "{told:?}");
}

#[test]
fn an_order_that_came_too_late_is_not_carried_out() {
    let mut story = Story::active();
    let end = story.seen().now_s + 3_600;
    let order = story.company().orders("lock", &json!({ "exp": end }));
    // The phone hears of it in time, and its time is over before it could do anything.
    story.phone.plan = at("/policy", || Wire::RequestLost(crate::http::Failure::TimedOut));
    story.phone.handle(Event::CheckNow);
    story.phone.run(2 * HOUR_MS);
    story.phone.plan = Plan::default();
    story.checks();
    assert_eq!(holds(&mut story), []);
    let told = story.seen().heard("command-acknowledged");
    assert!(told.iter().all(|told| told["command_jti"] != order || told["outcome"] == "expired"));
}

#[test]
fn an_order_of_a_kind_that_is_not_known_is_answered_as_such() {
    let mut story = Story::active();
    let order = story.company().orders("dance", &json!({}));
    story.checks();
    let told = story.seen().heard("command-acknowledged");
    assert_eq!(
        (&told[0]["command_jti"], &told[0]["outcome"]),
        (&json!(order), &json!("unsupported"))
    );
    story.assert_in_order();
}

#[test]
fn an_order_to_sync_brings_news_at_once() {
    let mut story = Story::active();
    super::world::hires(&mut story.company().book, PEOPLE);
    story.company().orders("sync", &json!({}));
    story.phone.handle(Event::Wake);
    story.phone.run(MINUTE_MS);
    assert!(people(&mut story.phone).contains(&name(PEOPLE)));
    story.assert_in_order();
}

#[test]
fn an_erase_leaves_nothing_and_sends_its_receipt() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    let order = story.company().orders("erase", &json!({ "cause": "retired" }));
    story.checks();
    let status = story.phone.agent().status();
    assert_eq!((status.licence.phase, status.licence.cause), (Phase::Erased, Some("retired")));
    assert_eq!((status.contacts.count, status.organization, status.person), (0, None, None));
    assert_eq!(story.files(), ["lock", "marker.json"]);
    for purpose in [Purpose::Service, Purpose::Contacts, Purpose::Device] {
        assert_eq!(story.keys.borrow().numbers(purpose), [0; 0], "{purpose:?}");
    }
    let receipts = story.seen().heard("command-acknowledged");
    assert_eq!(receipts.len(), 1);
    assert_eq!(
        (&receipts[0]["command_jti"], &receipts[0]["cause"]),
        (&json!(order), &json!("retired"))
    );
    assert_eq!(story.seen().standings(), [Standing::Erased]);
    // The configuration still has the evidence; that is not enough, however often it comes.
    for _ in 0..2 {
        story.restarts(&managed);
        assert_eq!(story.phone.problems(), ["erased_evidence"]);
        assert_eq!(story.phone.phase(), Phase::Erased);
    }
    assert_eq!(story.seen().standings().len(), 1);
    // The person who may comes back on purpose.
    story.phone.handle(typed(ISSUER, USERNAME, PASSWORD));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

/// A retired phone can't get rid of its receipt yet, and gets new credentials meanwhile.
#[test]
fn what_comes_during_an_erase_waits_until_it_is_through() {
    for by_hand in [false, true] {
        let mut story = Story::active();
        story.company().lets_in(&[("username", "second"), ("password", "another-password")], 5);
        story.company().orders("erase", &json!({ "cause": "retired" }));
        story.phone.plan = at("/events", || Wire::answer(503, &[], ""));
        story.phone.handle(Event::CheckNow);
        story.phone.run(MINUTE_MS);
        assert_eq!(story.phone.phase(), Phase::Erasing);
        let second = json!({
            "license_username": "second", "license_password": "another-password",
        });
        let again = story.managed(second);
        match by_hand {
            true => story.phone.handle(typed(ISSUER, "second", "another-password")),
            false => story.phone.launch(&again),
        }
        story.phone.run(MINUTE_MS);
        assert_eq!(story.phone.phase(), Phase::Erasing, "the receipt is not through");
        assert_eq!(story.phone.contacts(), 0);
        let config = serde_json::to_string(&story.phone.agent().config()).unwrap();
        assert!(!config.contains("second"), "nothing of it is taken in yet");
        story.phone.plan = Plan::default();
        story.phone.handle(Event::NetworkUp);
        story.phone.run(HOUR_MS);
        story.assert_in_order();
    }
}

#[test]
fn a_revoked_phone_is_erased_by_a_signed_status_and_by_nothing_less() {
    let mut story = Story::active();
    for status in [401, 403] {
        story.phone.plan.request = Box::new(move |_, _| Wire::answer(status, &[], ""));
        story.phone.handle(Event::CheckNow);
        story.phone.run(DAY_MS);
        assert_eq!(story.phone.phase(), Phase::Active, "a {status} says nothing for certain");
        assert_eq!(people(&mut story.phone), story.staff());
    }
    story.phone.plan = Plan::default();
    story.company().revokes();
    story.checks();
    let status = story.phone.agent().status();
    assert_eq!((status.licence.phase, status.licence.cause), (Phase::Erased, Some("revoked")));
    assert_eq!(story.files(), ["lock", "marker.json"]);
    // Its key is gone, and its evidence is refused.
    story.phone.handle(typed(ISSUER, USERNAME, PASSWORD));
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.problems(), ["revoked"]);
    assert_eq!(story.phone.phase(), Phase::Unlicensed);
}

#[test]
fn tokens_that_a_server_lost_are_got_anew_without_a_word() {
    let mut story = Story::active();
    let handed_out = super::world::effects(&mut story.phone);
    story.company().voids_tokens();
    story.checks();
    story.assert_in_order();
    assert_eq!(super::world::notified(&handed_out), [""; 0]);
    assert_eq!(
        story.seen().standings(),
        [Standing::Active, Standing::Active][..story.seen().standings().len()]
    );
}

/// Somebody else took the seat with the same person's phone. The server answers, but not with yes.
#[test]
fn a_phone_that_has_to_prove_itself_again_keeps_its_contacts_for_the_grace_and_no_longer() {
    let mut story = Story::begin();
    let managed = json!({
        "server_url": ISSUER, "device_id": "udid-4711", "default_region": "DE",
    });
    story.phone.launch(&managed);
    story.phone.handle(typed(ISSUER, USERNAME, PASSWORD));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
    let mut twin = story.another_phone();
    twin.launch(&managed);
    twin.handle(typed(ISSUER, USERNAME, PASSWORD));
    twin.run(HOUR_MS);
    assert_eq!(twin.phase(), Phase::Active, "{:?}", twin.problems());

    story.phone.run(2 * DAY_MS);
    assert_eq!(story.phone.phase(), Phase::Reauthenticate);
    assert_eq!(people(&mut story.phone), story.staff());
    story.phone.run(11 * DAY_MS);
    assert_eq!(holds(&mut story), []);
    story.phone.run(4 * DAY_MS);
    assert_eq!(holds(&mut story), [Hold::Offline]);
    assert_eq!(story.phone.contacts(), PEOPLE as i64, "hidden, not erased");
    // Not judged anew by a restart alone, but by what the server says then.
    story.restarts(&managed);
    assert_eq!(holds(&mut story), [Hold::Offline]);
    story.phone.handle(typed(ISSUER, USERNAME, PASSWORD));
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

#[test]
fn signing_out_takes_everything_along() {
    let mut story = Story::active();
    let managed = story.managed(json!({}));
    story.phone.handle(Event::SignOut);
    story.phone.run(HOUR_MS);
    let status = story.phone.agent().status();
    assert_eq!((status.licence.phase, status.licence.cause), (Phase::Erased, Some("signed_out")));
    assert_eq!(story.files(), ["lock", "marker.json"]);
    assert_eq!(story.seen().standings(), [Standing::Erased]);
    story.restarts(&managed);
    assert_eq!(story.phone.problems(), ["erased_evidence"], "out means out");
    let url = story.company().link();
    story.phone.handle(Event::LinkAccepted { url: crate::secret::Secret::new(url) });
    story.phone.run(HOUR_MS);
    story.assert_in_order();
}

#[test]
fn nobody_signs_out_where_the_company_does_not_allow_it() {
    // Mangled, a restriction counts as the strict value.
    for forbidden in [json!(false), json!("perhaps")] {
        let mut story = Story::active_with(json!({ "allow_sign_out": forbidden }));
        story.phone.handle(Event::SignOut);
        story.phone.run(HOUR_MS);
        assert_eq!(story.phone.problems(), ["sign_out_forbidden"]);
        assert_eq!((story.phone.phase(), people(&mut story.phone)), (Phase::Active, story.staff()));
    }
    let mut story = Story::active_with(json!({ "allow_sign_out": true }));
    story.phone.handle(Event::SignOut);
    story.phone.run(HOUR_MS);
    assert_eq!(story.phone.phase(), Phase::Erased);
}
