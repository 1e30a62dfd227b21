use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::http::Failure;
use crate::jose::tests::{Reply, START, device_key};
use crate::jose::{SignError, Unverified};
use crate::licence::EraseCause;
use crate::management::tests::{ACCESS, ISSUER, World};
use crate::management::{ServerTrouble, TenantId, TrustOrigin};
use crate::secret::Secret;
use crate::store::EventClass;
use crate::vault::VaultFailure;

const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";
const THUMBPRINT: &str = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

fn with_reporter<T>(work: impl FnOnce(&Reporter<'_>) -> T) -> T {
    let (device, tenant) = (*device_key().thumbprint(), TenantId::new("t1").unwrap());
    work(&Reporter { device: &device, tenant: &tenant, audience: ISSUER, user: Some("u7") })
}

fn jti() -> Jti {
    Jti::existing("event-1")
}

fn change() -> ComplianceChange {
    let text = |t: &str| BTreeMap::from([("en".to_owned(), t.to_owned())]);
    ComplianceChange {
        previous: ComplianceStatus::Compliant,
        current: ComplianceStatus::NotCompliant,
        initiated_by: InitiatingEntity::Policy,
        reason_admin: text("require_screen_lock: no screen lock"),
        reason_user: text("Set a screen lock."),
    }
}

#[test]
fn a_compliance_change_is_exactly_what_caep_wants() {
    let event = with_reporter(|r| r.compliance_change(jti(), Some("cause"), START, &change()));
    assert_eq!(event.class, EventClass::State);
    assert_eq!(
        event.claims,
        json!({
            "iss": format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{THUMBPRINT}"),
            "jti": "event-1",
            "iat": 1_700_000_000,
            "aud": ISSUER,
            "txn": "cause",
            "sub_id": {
                "format": "complex",
                "device": { "format": "opaque", "id": THUMBPRINT },
                "user": { "format": "opaque", "id": "u7" },
                "tenant": { "format": "opaque", "id": "t1" },
            },
            "events": { CAEP: {
                "current_status": "not-compliant",
                "previous_status": "compliant",
                "initiating_entity": "policy",
                "reason_admin": { "en": "require_screen_lock: no screen lock" },
                "reason_user": { "en": "Set a screen lock." },
                "event_timestamp": 1_700_000_000,
            } },
        })
    );
    let bare = ComplianceChange {
        reason_admin: BTreeMap::new(),
        reason_user: BTreeMap::new(),
        ..change()
    };
    let event = with_reporter(|r| r.compliance_change(jti(), None, START, &bare));
    assert_eq!(event.claims["events"][CAEP].get("reason_user"), None);
    assert_eq!(event.claims["txn"], "event-1");
}

#[test]
fn every_other_event_has_its_type_its_class_and_its_members() {
    let check = |event: Outgoing, name: &str, class: EventClass, mut body: Value| {
        body["event_timestamp"] = START.as_seconds().into();
        let uri = format!("https://schemas.muster.dev/secevent/event-type/{name}");
        assert_eq!(event.claims["events"], json!({ uri: body }));
        assert_eq!(event.class, class);
        assert_eq!(event.jti.as_str(), event.claims["jti"]);
        for absent in ["sub", "exp", "nbf"] {
            assert_eq!(event.claims.get(absent), None);
        }
    };
    with_reporter(|r| {
        let device = json!({ "platform": "ios", "model": "X" });
        check(
            r.activation(jti(), START, "credentials", TrustOrigin::FirstUse, &device),
            "activation",
            EventClass::State,
            json!({ "way": "credentials", "policy_key_trust": "first_use", "device": device }),
        );
        let setting = AppliedSetting {
            key: "email".into(),
            state: "unexpanded".into(),
            layer: "default".into(),
        };
        check(
            r.configuration_applied(jti(), START, "abc", Some(7), &[setting]),
            "configuration-applied",
            EventClass::State,
            json!({
                "config_version": "abc",
                "policy_seq": 7,
                "settings": [{ "key": "email", "state": "unexpanded", "layer": "default" }],
            }),
        );
        check(
            r.policy_refused(jti(), START, "policy_older"),
            "policy-refused",
            EventClass::State,
            json!({ "reason": "policy_older" }),
        );
        let (done, lost) = (CommandOutcome::Done, Some(EraseCause::Lost));
        check(
            r.command_acknowledged(jti(), START, "c1", done, lost),
            "command-acknowledged",
            EventClass::Receipt,
            json!({ "command_jti": "c1", "outcome": "done", "kind": "erase", "cause": "lost" }),
        );
        let counts = SyncCounts { books: 1, contacts: 10, added: 2, ..SyncCounts::default() };
        check(
            r.contacts_synced(jti(), START, &counts),
            "contacts-synced",
            EventClass::Routine,
            json!({
                "books": 1, "contacts": 10, "added": 2, "changed": 0, "removed": 0, "skipped": 0,
            }),
        );
        check(
            r.compliance_unknown(jti(), START, ComplianceStatus::Compliant, &["encryption".into()]),
            "compliance-unknown",
            EventClass::State,
            json!({ "previous_status": "compliant", "signals": ["encryption"] }),
        );
        check(
            r.heartbeat(jti(), START, "attention", "1.0"),
            "heartbeat",
            EventClass::Routine,
            json!({ "state": "attention", "app_version": "1.0" }),
        );
        let endpoint =
            CheckedEndpoint { endpoint: "server".into(), result: "ok".into(), took_ms: 12 };
        check(
            r.connectivity_checked(jti(), START, &[endpoint]),
            "connectivity-checked",
            EventClass::Routine,
            json!({ "endpoints": [{ "endpoint": "server", "result": "ok", "took_ms": 12 }] }),
        );
        check(
            r.events_dropped(jti(), START, 17),
            "events-dropped",
            EventClass::Dropped,
            json!({ "count": 17 }),
        );
    });
}

#[test]
fn a_receipt_is_tied_to_its_command() {
    let event = with_reporter(|r| {
        r.command_acknowledged(jti(), START, "c1", CommandOutcome::Expired, None)
    });
    assert_eq!(event.claims["txn"], "c1");
}

#[test]
fn names_of_events_are_random_and_events_of_an_old_key_can_be_readdressed() {
    assert_eq!(Jti::from_entropy([0xff; 16]).as_str(), "_____________________w");
    let mut claims = with_reporter(|r| r.heartbeat(jti(), START, "compliant", "1")).claims;
    let new = crate::jose::tests::Signer::new(3).public().thumbprint();
    readdress(&mut claims, &new);
    assert_eq!(claims["iss"], new.to_urn());
    assert_eq!(claims["sub_id"]["device"]["id"], new.to_string());
    assert_eq!(claims["jti"], "event-1");
    let mut other = json!({ "x": 1 });
    readdress(&mut other, &new);
    assert_eq!(other, json!({ "x": 1 }));
}

// --- pushing ---

fn pushed(world: &mut World, token: Option<&Secret<String>>) -> PushOutcome {
    let claims = with_reporter(|r| r.compliance_change(jti(), None, START, &change())).claims;
    world.run(async |flow, server| push(flow, server, token, &claims).await)
}

#[test]
fn an_event_is_signed_when_it_is_sent() {
    let mut world = World::new();
    world.server.wants_nonce = true;
    let token = Secret::from(ACCESS);
    assert_eq!(pushed(&mut world, Some(&token)), PushOutcome::Accepted);
    let (compact, with_token) = world.server.pushed.clone().unwrap();
    assert!(with_token);
    let signed = Unverified::parse(&compact, 10_000).unwrap();
    assert_eq!(signed.header().kid(), Some(THUMBPRINT));
    assert_eq!(signed.header().text("alg"), Some("ES256"));
    let claims = signed.verify(device_key().public(), "secevent+jwt").unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["jti"], "event-1");
    // Again with the same claims, for instance after a lost answer.
    assert_eq!(pushed(&mut world, Some(&token)), PushOutcome::Accepted);
}

#[test]
fn a_receipt_goes_on_its_signature_alone() {
    let mut world = World::new();
    assert_eq!(pushed(&mut world, None), PushOutcome::Accepted);
    assert_eq!(world.server.pushed.as_ref().map(|(_, with_token)| *with_token), Some(false));
}

#[test]
fn what_each_answer_means() {
    let outcome = |reply: Reply| {
        let mut world = World::new();
        world.server.events = Some(reply);
        pushed(&mut world, Some(&Secret::from(ACCESS)))
    };
    let err = |status: u16, err: &str| outcome(Reply::json(status, &json!({ "err": err })));
    for hold in ["authentication_failed", "access_denied", "invalid_key"] {
        assert_eq!(err(400, hold), PushOutcome::Hold, "{hold}");
    }
    for bad in ["invalid_request", "invalid_issuer", "invalid_audience", "something_new"] {
        assert_eq!(err(400, bad), PushOutcome::Quarantine { err: bad.into() });
    }
    assert_eq!(err(401, "invalid_request"), PushOutcome::Hold);
    assert_eq!(outcome(Reply::new(403, "text/plain", "")), PushOutcome::Hold);
    for status in [413, 422] {
        let quarantined = PushOutcome::Quarantine { err: format!("status_{status}") };
        assert_eq!(outcome(Reply::new(status, "text/plain", "")), quarantined);
    }
    let retried = |reply: Reply| match outcome(reply.clone()) {
        PushOutcome::Retry { after, trouble } => (trouble.code(), after),
        other => panic!("{reply:?}: {other:?}"),
    };
    for status in [408, 425, 500, 502, 503, 504] {
        assert_eq!(retried(Reply::new(status, "text/html", "<html>")), ("server_busy", None));
    }
    let wait = Reply::new(429, "text/plain", "").with("Retry-After", "30");
    assert_eq!(retried(wait), ("rate_limited", Some(30)));
    let wait = Reply::new(503, "text/plain", "").with("Retry-After", "30");
    assert_eq!(retried(wait), ("server_busy", Some(30)));
    // Whatever is not a clear answer of the events endpoint never loses an event.
    for status in [200, 201, 204] {
        assert_eq!(retried(Reply::new(status, "text/html", "")), ("answer_invalid", None));
    }
    assert_eq!(retried(Reply::new(302, "text/plain", "")), ("redirected", None));
    assert_eq!(retried(Reply::new(404, "text/plain", "")), ("not_a_muster_server", None));
    assert_eq!(retried(Reply::new(415, "text/plain", "")), ("refused", None));
    for body in ["", "<html>", "{}", r#"{"err":7}"#, r#"{"err":"a b"}"#, r#"{"err":""}"#] {
        assert_eq!(retried(Reply::new(400, "application/json", body)), ("refused", None), "{body}");
    }
    assert_eq!(retried(Reply::Fail(Failure::TimedOut)), ("unreachable", None));
}

#[test]
fn a_key_that_can_not_sign() {
    let check = |failure: VaultFailure, held: bool| {
        let mut world = World::new();
        world.phone.vault.failure = Some(failure);
        let trouble = ServerTrouble::Sign(SignError::Vault(failure));
        let expect = match held {
            true => PushOutcome::Hold,
            false => PushOutcome::Retry { after: None, trouble },
        };
        assert_eq!(pushed(&mut world, None), expect);
        assert!(world.server.log.is_empty());
    };
    check(VaultFailure::Locked, false);
    check(VaultFailure::Busy, false);
    check(VaultFailure::Lost, true);
    check(VaultFailure::Denied, true);
    check(VaultFailure::Unsupported, true);
}

proptest! {
    /// Only a 202 lets an event be forgotten.
    #[test]
    fn nothing_but_202_is_accepted(status in 100_u16..1_000, body: Vec<u8>) {
        let mut world = World::new();
        world.server.events = Some(Reply::new(status, "application/json", body));
        let accepted = pushed(&mut world, None) == PushOutcome::Accepted;
        prop_assert_eq!(accepted, status == 202);
    }
}
