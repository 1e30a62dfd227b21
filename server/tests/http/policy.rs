//! The signed policy.

use serde_json::{Value, json};

use crate::client::World;

#[test]
fn a_policy_is_complete_and_names_its_reader() {
    let world = World::new();
    world.admin(
        "PATCH",
        "tenants/acme",
        json!({"support": {"email": "help@acme.example"}, "next_check_s": 3600}),
    );
    world.acme("PUT", "settings/block_export", json!({"value": true}));
    world.acme("PUT", "settings/caller_id", json!({"value": null}));
    let rule = json!({
        "signal": "screen_lock", "op": "is", "value": true, "severity": "require",
        "grace_s": 3600, "action": "hide_contacts",
    });
    world.acme("PUT", "rules/lock", rule);
    let phone = world.active_phone();
    let policy = phone.policy();
    assert_eq!(policy["iss"], world.server.url());
    assert_eq!(policy["aud"], "acme");
    assert_eq!(policy["sub"], phone.name.as_str());
    assert_eq!(policy["seq"], 1);
    assert_eq!(policy["exp"].as_i64().unwrap() - policy["iat"].as_i64().unwrap(), 7 * 86_400);
    assert_eq!(policy["next_check_s"], 3600);
    assert_eq!(policy["organization"]["name"], "Acme AG");
    assert_eq!(policy["organization"]["support"], json!({"email": "help@acme.example"}));
    assert_eq!(policy["settings"], json!({"block_export": true, "caller_id": null}));
    assert_eq!(policy["rules"][0]["id"], "lock");
    assert_eq!(policy["licence"]["offline_grace_s"], 14 * 86_400);
    assert_eq!(policy["commands"], json!([]));
    let book = &policy["contacts"]["books"][0];
    assert_eq!((&book["auth"], &book["name"]), (&json!("dpop"), &json!("Acme AG")));
    assert!(book["url"].as_str().unwrap().starts_with(world.server.url()));
}

#[test]
fn equal_seq_means_equal_bytes_and_seq_grows_only_with_the_content() {
    let world = World::new();
    let phone = world.active_phone();
    let get = |etag: &str| phone.resource("GET", "/policy", &[("if-none-match", etag)], b"");
    let first = get("\"none\"");
    let etag = first.header("etag").unwrap().to_owned();
    assert_eq!(get(&etag).status, 304);
    assert_eq!(get(&etag).header("etag"), Some(etag.as_str()));
    world.clock.advance(3_600);
    phone.keep(&phone.refresh());
    assert_eq!(get("\"none\"").body, first.body);
    world.acme("PUT", "settings/block_export", json!({"value": true}));
    assert_eq!(get(&etag).status, 200);
    assert_eq!(phone.policy()["seq"], 2);
    world.acme("PUT", "settings/block_export", json!({"value": true}));
    assert_eq!(phone.policy()["seq"], 2, "the same value again");
    world.acme("DELETE", "settings/block_export", Value::Null);
    assert_eq!(phone.policy()["seq"], 3);
    assert_eq!(phone.policy()["settings"], json!({}));
}

#[test]
fn after_half_its_life_a_policy_is_signed_anew() {
    let world = World::new();
    let phone = world.active_phone();
    let etag = phone.resource("GET", "/policy", &[], b"").header("etag").unwrap().to_owned();
    world.clock.advance(7 * 86_400 / 2);
    phone.keep(&phone.refresh());
    let answer = phone.resource("GET", "/policy", &[("if-none-match", &etag)], b"");
    assert_eq!(answer.status, 200);
    assert_eq!(phone.policy()["seq"], 2);
}

#[test]
fn what_is_personal_goes_only_to_a_proven_identity() {
    let world = World::new();
    world.licence("anna", None, Some("anna@acme.example"));
    world.acme("PUT", "settings/nickname?person=anna@acme.example", json!({"value": "Änni"}));
    let check = |evidence: &[(&str, &str)], individual: Value| {
        let phone = world.phone();
        phone.activate(evidence);
        assert_eq!(phone.policy()["individual"], individual, "{evidence:?}");
    };
    check(&[("username", "anna"), ("password", "pw")], json!({"nickname": "Änni"}));
    let link = world.link(Some("anna@acme.example"));
    check(&[("activation_code", &link)], json!({"nickname": "Änni"}));
    let claimed = [("login_hint", "anna@acme.example"), ("organization_passcode", "open sesame")];
    check(&claimed, Value::Null);
    check(&[("username", "shared"), ("password", "pw")], Value::Null);
}

#[test]
fn commands_stay_until_acknowledged_or_expired() {
    let world = World::new();
    let phone = world.active_phone();
    let order = |action: &str, body: Value| world.acme("POST", &format!("devices/{action}"), body);
    order("lock", json!({"devices": [phone.name], "message": "Please bring it back"}));
    order("sync", json!({"devices": [phone.name]}));
    let policy = phone.policy();
    let commands = policy["commands"].as_array().unwrap();
    assert_eq!(commands[0]["kind"], "lock");
    assert_eq!(commands[0]["message"], "Please bring it back");
    assert_eq!(commands[1]["kind"], "sync");
    assert_eq!(world.device(&phone)["locked"], true);
    let kind = "https://schemas.muster.dev/secevent/event-type/command-acknowledged";
    let body = json!({"command_jti": commands[0]["jti"], "outcome": "done"});
    assert_eq!(phone.push(&phone.event("e1", kind, body)).status, 202);
    let policy = phone.policy();
    assert_eq!(policy["commands"].as_array().unwrap().len(), 1);
    let device = world.device(&phone);
    assert_eq!(device["commands"][0]["outcome"], "done");
    assert_eq!(device["commands"][1]["outcome"], Value::Null);
    world.clock.advance(91 * 86_400);
    phone.keep(&phone.refresh());
    assert_eq!(phone.policy()["commands"], json!([]));
}

#[test]
fn no_policy_without_token() {
    let world = World::new();
    let phone = world.phone();
    assert_eq!(phone.send("GET", "/policy", None, &[], b"").status, 401);
    assert_eq!(phone.send("GET", "/policy", Some("made-up"), &[], b"").status, 401);
    assert_eq!(phone.send("POST", "/policy", None, &[], b"").status, 405);
}
