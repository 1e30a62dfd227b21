//! The admin API over HTTP, and what it refuses.

use serde_json::{Value, json};

use crate::client::{World, fetch};

#[test]
fn the_api_wants_a_token_and_speaks_json() {
    let world = World::new();
    let token = world.server.admin().add_admin("ada").unwrap();
    let url = |path: &str| format!("{}/admin/v1/{path}", world.server.url());
    let with = format!("Bearer {token}");
    let get = |path: &str, authorization: &str| {
        fetch("GET", &url(path), &[("authorization", authorization)], "")
    };
    for wrong in ["", "Bearer x", &format!("Basic {token}")] {
        let answer = get("tenants", wrong);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")));
    }
    let answer = get("tenants", &with);
    assert_eq!(answer.json()["tenants"][0]["people"], 3);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let missing = get("tenants/none", &with);
    assert_eq!(
        (missing.status, missing.header("content-type")),
        (404, Some("application/problem+json"))
    );
    assert_eq!(get("nothing", &with).status, 404);
    let broken = fetch("POST", &url("tenants"), &[("authorization", &with)], "{");
    assert_eq!(broken.status, 400);
    let person = get("tenants/acme/settings?person=anna%40acme.example", &with);
    assert_eq!(person.json(), json!({"settings": {}}));
}

#[test]
fn wrong_values_are_refused_with_a_reason() {
    let world = World::new();
    let check = |method: &str, path: &str, body: Value, status: u16| {
        let (got, answer) = world.try_admin("ada", method, path, body.clone());
        assert_eq!(got, status, "{method} {path} {body}: {answer}");
    };
    check("POST", "tenants", json!({"id": "Acme!", "name": "x"}), 400);
    check("POST", "tenants", json!({"id": "acme", "name": "x"}), 409);
    check("POST", "tenants", json!({"id": "b", "name": " "}), 400);
    check("PATCH", "tenants/acme", json!({"next_check_s": 899}), 400);
    check("PATCH", "tenants/acme", json!({"offline_grace_s": 1}), 400);
    check("PATCH", "tenants/acme", json!({"support": {"fax": "1"}}), 400);
    check("PATCH", "tenants/acme", json!({"nonsense": 1}), 400);
    check("PUT", "tenants/acme/passcode", json!({"passcode": "short"}), 400);
    check("PUT", "tenants/acme/settings/a b", json!({"value": 1}), 400);
    check("PUT", "tenants/acme/settings/a", json!({}), 400);
    check("DELETE", "tenants/acme/settings/a", Value::Null, 404);
    check("PUT", "tenants/acme/rules/r", json!({"signal": "x"}), 400);
    check("POST", "tenants/acme/people", json!({"email": "no address"}), 400);
    check("POST", "tenants/acme/people", json!({}), 400);
    check("POST", "tenants/acme/people/revoke", json!({"people": ["x@y"]}), 404);
    check("POST", "tenants/acme/licences", json!({"username": "shared", "password": "x"}), 409);
    check(
        "POST",
        "tenants/acme/licences",
        json!({"username": "n", "password": "x", "seats": 0}),
        400,
    );
    check("POST", "tenants/acme/links", json!({"valid_hours": 73}), 400);
    check("POST", "tenants/acme/devices/erase", json!({"devices": ["short"]}), 400);
    check("POST", "tenants/acme/devices/erase", json!({"devices": ["unknown"]}), 404);
    check("POST", "tenants/acme/devices/explode", json!({"devices": []}), 404);
}

#[test]
fn a_list_imported_twice_adds_nobody_twice() {
    let world = World::new();
    let vcard = |fn_: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{fn_}\nTEL:1\nEND:VCARD\n");
    let people = json!({"people": [
        {"first_name": "Dora", "email": "Dora@acme.example"},
        {"first_name": "Emil", "phone": "1"},
        {"vcard": vcard("Fritz")},
        {"vcard": "nonsense"},
        {"email": "nonsense"},
    ]});
    let first = world.acme("POST", "people/import", people.clone());
    assert_eq!((&first["added"], &first["unchanged"]), (&json!(3), &json!(0)));
    let rows: Vec<_> =
        first["skipped"].as_array().unwrap().iter().map(|skipped| skipped["row"].clone()).collect();
    assert_eq!(rows, [json!(4), json!(5)]);
    let again = world.acme("POST", "people/import", people);
    assert_eq!((&again["added"], &again["unchanged"]), (&json!(0), &json!(3)));
    let tenant = world.admin("GET", "tenants/acme", Value::Null);
    assert_eq!((&tenant["people"], &tenant["contacts"]), (&json!(6), &json!(6)));
}

#[test]
fn removing_a_person_retires_their_phones_and_ends_their_licence() {
    let world = World::new();
    world.licence("anna", None, Some("anna@acme.example"));
    let anna = [("username", "anna"), ("password", "pw")];
    let phone = world.phone();
    phone.activate(&anna);
    let answer = world.acme("POST", "people/remove", json!({"people": ["anna@acme.example"]}));
    assert_eq!(answer["devices_retired"], 1);
    assert_eq!(phone.state(), "wipe");
    assert_eq!(world.phone().challenge(&anna).reason(), "revoked");
}

#[test]
fn a_mass_action_waits_for_a_second_admin() {
    let world = World::new();
    let phones: Vec<_> = (0..4).map(|_| world.active_phone()).collect();
    let erase = |phone: &crate::client::Phone<'_>| {
        let body = json!({"devices": [phone.name], "cause": "lost"});
        world.try_admin("ada", "POST", "tenants/acme/devices/erase", body)
    };
    for phone in &phones[..3] {
        assert_eq!(erase(phone).0, 200);
    }
    let (status, waiting) = erase(&phones[3]);
    assert_eq!(status, 202);
    assert_eq!(phones[3].state(), "active", "nothing has happened");
    let id = waiting["waiting"].as_str().unwrap();
    let list = world.admin("GET", "approvals", Value::Null);
    assert_eq!(list["approvals"][0]["id"], id);
    let approve = |who: &str| world.try_admin(who, "POST", &format!("approvals/{id}"), Value::Null);
    assert_eq!(approve("ada").0, 403);
    assert_eq!(phones[3].state(), "active");
    assert_eq!(approve("bob").0, 200);
    assert_eq!(phones[3].state(), "wipe");
    assert_eq!(approve("bob").0, 404, "once");
    world.clock.advance(3_601);
    let phone = world.active_phone();
    assert_eq!(erase(&phone).0, 200, "the next hour");
}

#[test]
fn all_at_once_waits_too() {
    let world = World::new();
    let everybody =
        json!({"people": ["anna@acme.example", "bert@acme.example", "clara@acme.example"]});
    assert_eq!(world.try_admin("ada", "POST", "tenants/acme/people/revoke", everybody).0, 200);
    world.clock.advance(3_601);
    let phones: Vec<String> = (0..4).map(|_| world.active_phone().name.clone()).collect();
    let body = json!({ "devices": phones });
    assert_eq!(world.try_admin("ada", "POST", "tenants/acme/devices/retire", body).0, 202);
}
