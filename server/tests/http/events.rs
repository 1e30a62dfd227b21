//! Events, receipts, and the end of a phone.

use serde_json::{Value, json};

use crate::client::{World, fetch};

const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";
const OWN: &str = "https://schemas.muster.dev/secevent/event-type/";

fn own(name: &str) -> String {
    format!("{OWN}{name}")
}

#[test]
fn compliance_is_kept_per_device() {
    let world = World::new();
    let phone = world.active_phone();
    let change = |jti: &str, now: &str| {
        let body = json!({"current_status": now, "previous_status": "compliant"});
        assert_eq!(phone.push(&phone.event(jti, CAEP, body)).status, 202);
    };
    change("1", "not-compliant");
    assert_eq!(world.device(&phone)["compliance"], "not-compliant");
    change("2", "compliant");
    assert_eq!(world.device(&phone)["compliance"], "compliant");
    change("3", "nonsense");
    assert_eq!(world.device(&phone)["compliance"], "compliant", "stored, but no conclusion");
    phone.push(&phone.event("4", &own("compliance-unknown"), json!({})));
    assert_eq!(world.device(&phone)["compliance"], "unknown");
    let events = world.acme("GET", "events", Value::Null);
    assert_eq!(events["events"].as_array().unwrap().len(), 4);
    assert_eq!(events["events"][0]["types"], json!([CAEP]));
}

#[test]
fn an_event_is_counted_once() {
    let world = World::new();
    let phone = world.active_phone();
    let event = phone.event("1", &own("anything-at-all"), json!({"n": 1}));
    for _ in 0..3 {
        let answer = phone.push(&event);
        assert_eq!((answer.status, answer.body.len()), (202, 0));
    }
    let mut other = event.clone();
    other["iat"] = json!(1);
    let answer = phone.push(&other);
    assert_eq!((answer.status, answer.reason().as_str()), (400, "invalid_request"));
    assert_eq!(world.acme("GET", "events", Value::Null)["events"].as_array().unwrap().len(), 1);
    let second = world.active_phone();
    assert_eq!(second.push(&second.event("1", &own("x"), json!({}))).status, 202, "its own jti");
}

#[test]
fn events_out_of_order_are_refused_with_the_right_word() {
    let world = World::new();
    let phone = world.active_phone();
    let other = world.active_phone();
    let good = || phone.event("1", &own("x"), json!({}));
    let but = |name: &str, value: Value| {
        let mut claims = good();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        claims
    };
    let check = |set: &str, err: &str| {
        let answer = phone.push_raw(set);
        assert_eq!((answer.status, answer.reason().as_str()), (400, err), "{set}");
        assert!(answer.json()["description"].is_string());
    };
    for (name, value, err) in [
        ("aud", json!("https://elsewhere.example"), "invalid_audience"),
        ("aud", Value::Null, "invalid_audience"),
        ("iss", json!("https://muster.example"), "invalid_issuer"),
        ("iss", Value::Null, "invalid_issuer"),
        ("jti", json!(""), "invalid_request"),
        ("jti", Value::Null, "invalid_request"),
        ("iat", json!("now"), "invalid_request"),
        ("events", json!({}), "invalid_request"),
        ("events", json!({"x": 1}), "invalid_request"),
    ] {
        check(&phone.set(&but(name, value)), err);
    }
    let header = |typ: &str, alg: &str, kid: &str| json!({"typ": typ, "alg": alg, "kid": kid});
    check(&phone.sign(&header("jwt", "ES256", &phone.name), &good()), "invalid_request");
    check(&phone.sign(&header("secevent+jwt", "none", &phone.name), &good()), "invalid_key");
    check(&phone.sign(&header("secevent+jwt", "ES256", &other.name), &good()), "invalid_key");
    check(&other.set(&good()).replace(&other.name, &phone.name), "invalid_key");
    let forged = other.sign(&header("secevent+jwt", "ES256", &phone.name), &good());
    check(&forged, "authentication_failed");
    check(&other.set(&other.event("1", &own("x"), json!({}))), "access_denied");
    check("rubbish", "invalid_request");
    let text = [("content-type", "text/plain")];
    let answer = phone.resource("POST", "/events", &text, phone.set(&good()).as_bytes());
    assert_eq!(answer.reason(), "invalid_request");
    let mut list = good();
    list["aud"] = json!(["x", world.server.url()]);
    assert_eq!(phone.push(&list).status, 202, "aud may be a list");
}

#[test]
fn without_a_token_only_the_receipt_of_an_erase_is_taken() {
    let world = World::new();
    let phone = world.active_phone();
    let answer = phone.push_bare(&phone.event("1", CAEP, json!({"current_status": "compliant"})));
    assert_eq!(answer.status, 401);
    let mut two = phone.event("2", &own("command-acknowledged"), json!({"kind": "erase"}));
    two["events"][CAEP] = json!({});
    assert_eq!(phone.push_bare(&two).status, 401, "nothing rides along with a receipt");
    let lock = phone.event("3", &own("command-acknowledged"), json!({"kind": "lock"}));
    assert_eq!(phone.push_bare(&lock).status, 401);
    let stranger = world.phone();
    let receipt = stranger.event("4", &own("command-acknowledged"), json!({"kind": "erase"}));
    assert_eq!(stranger.push_bare(&receipt).reason(), "invalid_issuer");
    let forged = stranger.sign(
        &json!({"typ": "secevent+jwt", "alg": "ES256", "kid": phone.name}),
        &phone.event("5", &own("command-acknowledged"), json!({"kind": "erase"})),
    );
    let kind = [("content-type", "application/secevent+jwt")];
    let answer = fetch("POST", &phone.at("/events"), &kind, forged);
    assert_eq!(answer.reason(), "authentication_failed");
    assert_eq!(world.device(&phone)["state"], "active");
}

#[test]
fn a_retired_phone_is_erased_and_out() {
    let world = World::new();
    let phone = world.active_phone();
    world.acme("POST", "devices/retire", json!({"devices": [&phone.name[..8]]}));
    assert_eq!(phone.state(), "wipe");
    assert_eq!(phone.resource("PROPFIND", "/dav/", &[], b"").status, 403, "no contacts any more");
    let command = phone.policy()["commands"][0].clone();
    assert_eq!((&command["kind"], &command["cause"]), (&json!("erase"), &json!("retired")));

    let failed = json!({"command_jti": "other", "kind": "erase", "outcome": "failed"});
    phone.push_bare(&phone.event("0", &own("command-acknowledged"), failed));
    assert_eq!(world.device(&phone)["state"], "retiring", "it says that it was not done");

    let body = json!({
        "command_jti": command["jti"], "kind": "erase", "outcome": "done", "cause": "retired",
    });
    let receipt = phone.event("1", &own("command-acknowledged"), body);
    assert_eq!(phone.push_bare(&receipt).status, 202);
    assert_eq!(phone.push_bare(&receipt).status, 202, "repeated");
    let device = world.device(&phone);
    assert_eq!(device["state"], "erased");
    assert_eq!(device["commands"][0]["outcome"], "done");
    assert!(device["erased_at"].is_string());
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 401);
    assert_eq!(phone.resource("PROPFIND", "/dav/", &[], b"").status, 401);
    assert_eq!(phone.refresh().reason(), "invalid_grant");
    assert_eq!(phone.state(), "wipe", "a copy of that phone must hold nothing either");
    let shared = [("username", "shared"), ("password", "pw")];
    assert_eq!(phone.challenge(&shared).reason(), "invalid_request", "that key is spent");
    world.active_phone();
}

#[test]
fn a_revoked_phone_is_told_so_and_may_send_its_receipt() {
    let world = World::new();
    world.licence("anna", None, Some("anna@acme.example"));
    let phone = world.phone();
    phone.activate(&[("username", "anna"), ("password", "pw")]);
    let answer = world.acme("POST", "people/revoke", json!({"people": ["anna@acme.example"]}));
    assert_eq!(answer["can_return"], false);
    assert_eq!(phone.state(), "revoked");
    let body = json!({"kind": "erase", "cause": "revoked", "outcome": "done"});
    let receipt = phone.event("1", &own("command-acknowledged"), body);
    assert_eq!(phone.push_bare(&receipt).status, 202);
    assert_eq!(phone.state(), "revoked");
    assert!(world.device(&phone)["erased_at"].is_string());
}

#[test]
fn what_was_answered_202_is_there_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let data = muster_server::Data::File(path.clone());
    let world = World::with(muster_server::Config { data, ..muster_server::Config::default() });
    let phone = world.active_phone();
    assert_eq!(phone.push(&phone.event("1", &own("x"), json!({}))).status, 202);
    // A copy of the files as they are while the server runs is what a crash leaves behind.
    let copy = folder.path().join("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(folder.path().join("data.db-wal"), folder.path().join("copy.db-wal")).unwrap();
    let data = muster_server::Data::File(copy);
    let config = muster_server::Config { data, ..muster_server::Config::default() };
    let again = muster_server::Server::start(config).unwrap();
    let call = muster_server::admin::Call::new("GET", &["tenants", "acme", "events"], Value::Null);
    let actor = muster_server::admin::Actor("ada".to_owned());
    let (_, events) = again.admin().handle(&actor, &call).unwrap();
    assert_eq!(events["events"][0]["jti"], "1");
}
