use serde_json::{Value, json};

use crate::jose::tests::{Reply, START, Signer};
use crate::management::tests::World;
use crate::management::{Grant, Status, StatusError, StatusState, status};

fn asked(world: &mut World, grant: &Grant) -> Result<Status, StatusError> {
    world.run(async |flow, server| status(flow, server, grant).await)
}

#[test]
fn every_state_is_understood() {
    let check = |token: &str, state: StatusState| {
        let mut world = World::new();
        let grant = world.activate();
        world.server.status = json!({ "state": token });
        let expect = Status { state, issued_at: START, rotated: None };
        assert_eq!(asked(&mut world, &grant), Ok(expect));
    };
    check("active", StatusState::Active);
    check("reauthenticate", StatusState::Reauthenticate);
    check("reactivate", StatusState::Reactivate);
    check("revoked", StatusState::Revoked);
    check("wipe", StatusState::Wipe);
    check("unknown_device", StatusState::UnknownDevice);
}

#[test]
fn a_status_that_is_not_the_answer_to_our_question_is_refused() {
    let check = |changes: Value, what: &str| {
        let mut world = World::new();
        let grant = world.activate();
        world.server.status = changes.clone();
        let error = asked(&mut world, &grant).unwrap_err();
        assert_eq!(error.to_string(), format!("the answer is invalid: {what}"), "{changes}");
    };
    let now = START.as_seconds();
    check(json!({ "iss": "https://evil.example" }), "iss");
    check(json!({ "aud": "t2" }), "aud");
    check(json!({ "sub": "another" }), "sub");
    check(json!({ "nonce": "another" }), "nonce");
    check(json!({ "nonce": null }), "nonce");
    check(json!({ "iat": null }), "iat");
    check(json!({ "exp": null }), "exp");
    check(json!({ "exp": now }), "exp");
    check(json!({ "exp": now + 301 }), "exp");
    check(json!({ "iat": -1 }), "exp");
    let never = 253_402_300_800_i64;
    check(json!({ "iat": never, "exp": never + 60 }), "exp");
    check(json!({ "iat": i64::MAX - 60, "exp": i64::MAX }), "exp");
    check(json!({ "iat": i64::MIN, "exp": i64::MAX }), "exp");
    check(json!({ "state": "fine" }), "state");
    check(json!({ "state": null }), "state");
}

#[test]
fn a_server_that_knows_neither_key_nor_company_says_so_itself() {
    let check = |content_type: &str, code: &str| {
        let mut world = World::new();
        let grant = world.activate();
        world.server.instead.insert(0, Reply::new(404, content_type, "{}"));
        assert_eq!(asked(&mut world, &grant).unwrap_err().code(), code);
        assert_eq!(world.server.forms[0]["tenant"], "t1");
    };
    check("application/problem+json", "refused");
    check("text/plain", "not_a_muster_server");
}

#[test]
fn a_wrong_clock_takes_no_part() {
    // The phone is years behind; the nonce shows that the answer is fresh.
    let mut world = World::new();
    let grant = world.activate();
    let later = START.as_seconds() + 100_000_000;
    world.server.status = json!({ "iat": later, "exp": later + 60 });
    assert_eq!(asked(&mut world, &grant).unwrap().issued_at.as_seconds(), later);
}

#[test]
fn an_answer_that_was_on_its_way_for_too_long_is_refused() {
    let mut world = World::new();
    let grant = world.activate();
    world.phone.latency_ms = 300_001;
    assert_eq!(asked(&mut world, &grant).unwrap_err().code(), "answer_invalid");
}

#[test]
fn only_a_pinned_key_counts() {
    let mut world = World::new();
    let grant = world.activate();
    world.server.signer = Signer::new(2);
    let error = asked(&mut world, &grant).unwrap_err();
    assert_eq!(error.code(), "untrusted_signature");
    // It was looked up, and is still not ours.
    assert_eq!(world.server.log, ["POST /status", "GET /jwks"]);
}

#[test]
fn a_key_that_the_configuration_names_is_looked_up() {
    let mut world = World::new();
    let mut grant = world.activate();
    world.server.signer = Signer::new(2);
    let key = world.server.signer.public();
    grant.policy_keys = grant.policy_keys.with_mdm(&[key.thumbprint()]);
    let status = asked(&mut world, &grant).unwrap();
    grant.policy_keys = status.rotated.expect("the key is known from now on");
    world.server.forget();
    assert_eq!(asked(&mut world, &grant).unwrap().rotated, None);
    assert_eq!(world.server.log, ["POST /status"]);
}
