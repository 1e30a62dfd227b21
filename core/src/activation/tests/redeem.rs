use serde_json::{Value, json};

use crate::activation::tests::{PASSWORD, device};
use crate::activation::{
    ActivationError, CodeReason, Evidence, PendingActivation, Redeemed, redeem,
};
use crate::jose::Thumbprint;
use crate::jose::tests::{Reply, Signer};
use crate::management::TrustOrigin;
use crate::management::tests::World;
use crate::secret::Secret;
use crate::vault::VaultFailure;

fn redeemed(
    world: &mut World,
    pending: &PendingActivation,
    mdm: &[Thumbprint],
) -> Result<Redeemed, ActivationError> {
    world.run(async |flow, server| redeem(flow, server, pending, &device(), mdm).await)
}

fn granted(result: Result<Redeemed, ActivationError>) -> crate::management::Grant {
    match result {
        Ok(Redeemed::Granted(grant)) => *grant,
        other => panic!("not granted: {other:?}"),
    }
}

#[test]
fn credentials_become_a_grant_in_two_requests() {
    let mut world = World::new();
    let pending = world.pending();
    let grant = granted(redeemed(&mut world, &pending, &[]));
    assert_eq!(world.server.log, ["POST /challenge", "POST /token"]);
    assert_eq!(grant.tenant.as_str(), "t1");
    assert_eq!(&grant.device, world.key.thumbprint());
    assert_eq!(grant.policy_keys.origin(), TrustOrigin::FirstUse);
    assert!(grant.access.is_fresh(world.phone.now));
    let form = &world.server.forms[0];
    assert_eq!((form["username"].as_str(), form["password"].as_str()), ("canary-user", PASSWORD));
    assert!(!form.contains_key("auth_session") && !form.contains_key("otp"));
    assert!(!world.server.forms[1].contains_key("redirect_uri"));
}

#[test]
fn each_way_in_sends_exactly_its_parameters() {
    let s = |text: &str| Secret::from(text);
    let check = |evidence: Evidence, expect: &[(&str, &str)]| {
        let mut world = World::new();
        let pending = PendingActivation { evidence, ..world.pending() };
        granted(redeemed(&mut world, &pending, &[]));
        let common =
            ["response_type", "client_id", "code_challenge", "code_challenge_method", "device"];
        let mut form = world.server.forms[0].clone();
        form.retain(|name, _| !common.contains(&name.as_str()));
        let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (&n[..], &v[..])).collect();
        assert_eq!(form, expect);
    };
    check(
        Evidence::EmailPasscode { email: s("a+b@x.example"), passcode: s("p&=c ü") },
        &[("login_hint", "a+b@x.example"), ("organization_passcode", "p&=c ü")],
    );
    check(Evidence::OrganizationCode { code: s("acme") }, &[("organization_code", "acme")]);
    check(Evidence::ActivationCode { code: s("code") }, &[("activation_code", "code")]);
    check(Evidence::Browser, &[]);
}

#[test]
fn a_nonce_is_given_where_it_is_wanted_and_remembered() {
    let mut world = World::new();
    world.server.wants_nonce = true;
    let pending = world.pending();
    granted(redeemed(&mut world, &pending, &[]));
    assert_eq!(world.server.log, ["POST /challenge", "POST /challenge", "POST /token"]);
}

#[test]
fn every_refusal_has_its_own_name() {
    let check = |status: u16, answer: Value, code: &str, transient: bool| {
        let mut world = World::new();
        world.server.challenge = Some(Reply::json(status, &answer));
        let pending = world.pending();
        let error = redeemed(&mut world, &pending, &[]).unwrap_err();
        assert_eq!(error.code(), code, "{answer}");
        assert_eq!(error.is_transient(), transient, "{answer}");
    };
    for reason in
        ["unknown_credentials", "revoked", "code_used", "code_expired", "outside_allowed_devices"]
    {
        // The error code decides, not the status.
        for status in [400, 401, 403] {
            let answer = json!({ "error": "access_denied", "reason": reason });
            check(status, answer, reason, false);
        }
    }
    let denied = |reason: &str| json!({ "error": "access_denied", "reason": reason });
    check(400, denied("seats_exhausted"), "seats_exhausted", true);
    check(400, denied("a new reason"), "denied", false);
    check(400, json!({ "error": "access_denied" }), "denied", false);
    check(400, json!({ "error": "access_denied", "reason": 7 }), "answer_invalid", true);
    check(400, json!({ "error": "invalid_session" }), "session_expired", true);
    check(400, json!({ "error": "invalid_client" }), "refused", false);
    check(400, json!({ "error": "invalid_dpop_proof" }), "proof_refused", true);
    check(400, json!({ "error": "use_dpop_nonce" }), "proof_refused", true);
    // No error code: it is not the server that speaks.
    check(400, json!({ "error": 1 }), "refused", true);
    check(403, json!({ "message": "blocked" }), "refused", true);
    check(404, json!({}), "not_a_muster_server", true);
    check(200, json!({}), "answer_invalid", true);
    check(200, json!({ "authorization_code": "with space" }), "answer_invalid", true);
    check(201, json!({ "authorization_code": "c" }), "answer_invalid", true);
}

#[test]
fn what_a_server_calls_an_error_is_tamed_before_it_is_printed() {
    let mut world = World::new();
    let answer = json!({ "error": "BAD\n canary@x.example", "error_description": "canary" });
    world.server.challenge = Some(Reply::json(400, &answer));
    let pending = world.pending();
    let error = redeemed(&mut world, &pending, &[]).unwrap_err();
    assert_eq!(error.to_string(), "the server refused the request (status 400, canaryxexample)");
}

#[test]
fn a_server_that_asks_to_wait_is_obeyed() {
    let mut world = World::new();
    let reply = Reply::json(429, &json!({ "error": "temporarily_unavailable" }));
    world.server.challenge = Some(reply.with("Retry-After", "90"));
    let pending = world.pending();
    let error = redeemed(&mut world, &pending, &[]).unwrap_err();
    assert_eq!((error.code(), error.retry_after()), ("rate_limited", Some(90)));
}

#[test]
fn a_one_time_code_is_asked_for_and_sent_with_its_session() {
    let mut world = World::new();
    let mut pending = world.pending();
    world.server.challenge = Some(Reply::json(
        403,
        &json!({
            "error": "insufficient_authorization",
            "auth_session": "session-1",
            "challenge": "email_otp",
            "reason": "new_device",
            "masked_email": "a••@x.example",
            "otp_expires_in": 600,
            "otp_attempts_left": 5,
        }),
    ));
    let Ok(Redeemed::NeedsOneTimeCode(asked)) = redeemed(&mut world, &pending, &[]) else {
        panic!("a code should be asked for")
    };
    assert_eq!(asked.reason, CodeReason::NewDevice);
    assert_eq!(asked.masked_email.as_ref().unwrap().expose(), "a••@x.example");
    assert_eq!((asked.expires_in, asked.attempts_left), (Some(600), Some(5)));
    assert!(!format!("{asked:?}").contains("x.example"));

    pending.auth_session = Some(asked.auth_session);
    pending.one_time_code = Some(Secret::from("123456"));
    world.server.challenge = None;
    let grant = granted(redeemed(&mut world, &pending, &[]));
    let form = &world.server.forms[1];
    assert_eq!((form["auth_session"].as_str(), form["otp"].as_str()), ("session-1", "123456"));
    assert_eq!(grant.auth_session, pending.auth_session, "kept for later challenges");
}

#[test]
fn a_one_time_code_request_that_breaks_the_protocol_is_refused() {
    let check = |answer: Value, what: &str| {
        let mut world = World::new();
        world.server.challenge = Some(Reply::json(403, &answer));
        let pending = world.pending();
        let error = redeemed(&mut world, &pending, &[]).unwrap_err();
        assert_eq!(error.to_string(), format!("the answer is invalid: {what}"));
    };
    let error = "insufficient_authorization";
    check(json!({ "error": error, "auth_session": "s" }), "challenge");
    check(json!({ "error": error, "challenge": "sms", "auth_session": "s" }), "challenge");
    check(json!({ "error": error, "challenge": "email_otp" }), "auth_session");
    let answer = json!({
        "error": error, "challenge": "email_otp", "auth_session": "s", "otp_expires_in": "soon",
    });
    check(answer, "otp_expires_in");
}

#[test]
fn an_old_session_that_is_over_is_left_out_once() {
    let mut world = World::new();
    let mut pending = world.pending();
    pending.auth_session = Some(Secret::from("old"));
    world.server.instead.insert(0, Reply::json(400, &json!({ "error": "invalid_session" })));
    granted(redeemed(&mut world, &pending, &[]));
    assert_eq!(world.server.log, ["POST /challenge", "POST /challenge", "POST /token"]);
    assert_eq!(world.server.forms[0]["auth_session"], "old");
    assert!(!world.server.forms[1].contains_key("auth_session"));

    // With a code that belongs to the session, the person has to start again.
    let mut world = World::new();
    pending.one_time_code = Some(Secret::from("123456"));
    world.server.challenge = Some(Reply::json(400, &json!({ "error": "invalid_session" })));
    assert_eq!(redeemed(&mut world, &pending, &[]), Err(ActivationError::SessionExpired));
    assert_eq!(world.server.log.len(), 1);
}

#[test]
fn the_newest_session_of_any_answer_is_kept() {
    let mut world = World::new();
    let mut pending = world.pending();
    pending.auth_session = Some(Secret::from("oldest"));
    let grant = granted(redeemed(&mut world, &pending, &[]));
    assert_eq!(grant.auth_session.unwrap().expose(), "oldest");
    world.server.token = json!({ "auth_session": "newest" });
    let grant = granted(redeemed(&mut world, &pending, &[]));
    assert_eq!(grant.auth_session.unwrap().expose(), "newest");
}

#[test]
fn a_token_answer_that_is_not_for_this_phone_is_refused() {
    let check = |changes: Value, what: &str| {
        let mut world = World::new();
        world.server.token = changes;
        let pending = world.pending();
        let error = redeemed(&mut world, &pending, &[]).unwrap_err();
        assert_eq!(error.to_string(), format!("the answer is invalid: {what}"));
    };
    check(json!({ "token_type": "Bearer" }), "token_type");
    check(json!({ "token_type": null }), "token_type");
    check(json!({ "access_token": null }), "access_token");
    check(json!({ "access_token": "a\r\nX: y" }), "access_token");
    check(json!({ "access_token": "" }), "access_token");
    check(json!({ "access_token": "a".repeat(8_193) }), "access_token");
    check(json!({ "refresh_token": null }), "refresh_token");
    check(json!({ "expires_in": "600" }), "expires_in");
    check(json!({ "muster_tenant": null }), "muster_tenant");
    check(json!({ "muster_tenant": "" }), "muster_tenant");
    check(json!({ "muster_device": "another" }), "muster_device");
    check(json!({ "muster_policy_jwks": null }), "muster_policy_jwks");
    check(json!({ "muster_policy_jwks": { "keys": [] } }), "muster_policy_jwks");
    check(json!({ "muster_policy_jwks": { "keys": [{ "kty": "RSA" }] } }), "muster_policy_jwks");
}

#[test]
fn pinned_policy_keys_decide() {
    let own = Signer::new(1).public().thumbprint();
    let other = Signer::new(9).public().thumbprint();
    let check =
        |mdm: &[Thumbprint], link: Option<Thumbprint>, expect: Result<TrustOrigin, &str>| {
            let mut world = World::new();
            let pending = PendingActivation { link_key: link, ..world.pending() };
            let origin = match redeemed(&mut world, &pending, mdm) {
                Ok(Redeemed::Granted(grant)) => Ok(grant.policy_keys.origin()),
                Ok(other) => panic!("{other:?}"),
                Err(error) => Err(error.code()),
            };
            assert_eq!(origin, expect);
        };
    check(&[], None, Ok(TrustOrigin::FirstUse));
    check(&[], Some(own), Ok(TrustOrigin::Link));
    check(&[], Some(other), Err("policy_key_mismatch"));
    check(&[own, other], None, Ok(TrustOrigin::Mdm));
    check(&[other], None, Err("policy_key_mismatch"));
    // The managed configuration outranks the link.
    check(&[own], Some(other), Ok(TrustOrigin::Mdm));
    check(&[other], Some(own), Err("policy_key_mismatch"));
}

#[test]
fn a_key_store_that_refuses_sends_nothing() {
    for failure in [VaultFailure::Locked, VaultFailure::Busy, VaultFailure::Lost] {
        let mut world = World::new();
        world.phone.vault.failure = Some(failure);
        let pending = world.pending();
        let error = redeemed(&mut world, &pending, &[]).unwrap_err();
        assert_eq!(error.code(), "vault");
        assert_eq!(error.is_transient(), failure != VaultFailure::Lost);
        assert!(world.server.log.is_empty());
    }
}

#[test]
fn a_voided_code_is_told_apart_and_the_evidence_can_go_again() {
    let mut world = World::new();
    world.server.instead.insert(1, Reply::json(400, &json!({ "error": "invalid_grant" })));
    let pending = world.pending();
    assert_eq!(redeemed(&mut world, &pending, &[]), Err(ActivationError::GrantRefused));
    granted(redeemed(&mut world, &pending, &[]));
}
