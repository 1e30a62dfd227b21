//! Every way in, and every reason to stay out.

use serde_json::{Value, json};

use crate::client::{Phone, World, fetch};

const SHARED: [(&str, &str); 2] = [("username", "shared"), ("password", "pw")];

#[test]
fn the_metadata_names_every_endpoint_under_the_issuer() {
    let world = World::new();
    let url = world.server.url();
    let answer = fetch("GET", &format!("{url}/.well-known/oauth-authorization-server"), &[], "");
    assert_eq!(answer.status, 200);
    let metadata = answer.json();
    assert_eq!(metadata["issuer"], url);
    for member in [
        "authorization_challenge_endpoint",
        "token_endpoint",
        "revocation_endpoint",
        "muster_policy_endpoint",
        "muster_status_endpoint",
        "muster_events_endpoint",
        "muster_contacts_url",
        "muster_jwks_uri",
    ] {
        let endpoint = metadata[member].as_str().unwrap_or_default();
        assert!(endpoint.starts_with(url), "{member}: {endpoint}");
    }
    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(["ES256"]));
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
}

#[test]
fn an_issuer_with_a_path_has_its_metadata_where_rfc_8414_says() {
    let world = World::with(muster_server::Config {
        issuer: Some("http://127.0.0.1:1/muster".to_owned()),
        ..muster_server::Config::default()
    });
    let origin = format!("http://{}", world.server.address());
    let at = |path: &str| fetch("GET", &format!("{origin}{path}"), &[], "");
    let metadata = at("/.well-known/oauth-authorization-server/muster");
    assert_eq!(metadata.json()["issuer"], "http://127.0.0.1:1/muster");
    assert_eq!(metadata.json()["token_endpoint"], "http://127.0.0.1:1/muster/oauth/token");
    assert_eq!(at("/.well-known/oauth-authorization-server").status, 404);
    assert_eq!(at("/muster/oauth/jwks").status, 200);
    assert_eq!(at("/oauth/jwks").status, 404);
    assert_eq!(at("/.well-known/carddav").header("location"), Some("/muster/dav/"));
}

#[test]
fn a_shared_licence_lets_a_phone_in() {
    let world = World::new();
    let phone = world.active_phone();
    let answer = phone.tokens.borrow().answer.clone();
    assert_eq!(answer["token_type"], "DPoP");
    assert!(answer["expires_in"].as_i64().is_some_and(|seconds| seconds <= 600));
    assert_eq!(answer["muster_tenant"], "acme");
    assert_eq!(answer["muster_device"], phone.name.as_str());
    let device = world.device(&phone);
    assert_eq!(device["state"], "active");
    assert_eq!(device["model"], "Pixel 8");
    assert_eq!(device["identity_proven"], false);
    assert_eq!(phone.state(), "active");
}

#[test]
fn every_way_in_says_who_it_is_and_how_sure() {
    let world = World::new();
    world.licence("anna", None, Some("anna@acme.example"));
    let (link, open_link) = (world.link(Some("bert@acme.example")), world.link(None));
    let check = |evidence: &[(&str, &str)], way: &str, person: Value, proven: bool| {
        let phone = world.phone();
        phone.activate(evidence);
        let device = world.device(&phone);
        assert_eq!(device["way_in"], way);
        assert_eq!((&device["person"], &device["identity_proven"]), (&person, &json!(proven)));
    };
    let (anna, bert) = (json!("anna@acme.example"), json!("bert@acme.example"));
    check(&SHARED, "licence", Value::Null, false);
    check(&[("username", " Anna "), ("password", "pw")], "licence", anna, true);
    let passcode = [("login_hint", "Bert@Acme.example"), ("organization_passcode", "open sesame")];
    check(&passcode, "passcode", bert.clone(), false);
    check(&[("organization_code", "ACME-PUBLIC")], "organization_code", Value::Null, false);
    check(&[("activation_code", &link)], "link", bert, true);
    check(&[("activation_code", &open_link)], "link", Value::Null, false);
}

#[test]
fn whoever_lacks_the_secret_learns_nothing() {
    let world = World::new();
    for evidence in [
        vec![("username", "shared"), ("password", "wrong")],
        vec![("username", "nobody"), ("password", "pw")],
        vec![("login_hint", "anna@acme.example"), ("organization_passcode", "wrong")],
        vec![("login_hint", "x@acme.example"), ("organization_passcode", "open sesame")],
        vec![("organization_code", "wrong")],
        vec![("activation_code", "wrong")],
    ] {
        let answer = world.phone().challenge(&evidence);
        let expect = json!({"error": "access_denied", "reason": "unknown_credentials"});
        assert_eq!(answer.json(), expect, "{evidence:?}");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn requests_out_of_shape_are_told_what_is_wrong() {
    let world = World::new();
    let phone = world.phone();
    let check = |pairs: &[(&str, &str)], error: &str| {
        let answer = phone.post("/oauth/challenge", pairs);
        assert_eq!((answer.status, answer.reason().as_str()), (400, error), "{pairs:?}");
    };
    let challenge = crate::client::CHALLENGE;
    let good = [
        ("response_type", "code"),
        ("client_id", "muster"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
        ("username", "shared"),
        ("password", "pw"),
    ];
    let but = |name: &str, value: &'static str| -> Vec<(&str, &str)> {
        good.iter().map(|&(n, v)| (n, if n == name { value } else { v })).collect()
    };
    check(&but("response_type", "token"), "unsupported_response_type");
    check(&but("client_id", ""), "invalid_request");
    check(&but("code_challenge", "short"), "invalid_request");
    check(&but("code_challenge_method", "plain"), "invalid_request");
    check(&but("password", ""), "invalid_request");
    let mut two = good.to_vec();
    two.push(("activation_code", "x"));
    check(&two, "invalid_request");
    check(&good[..4], "invalid_request");
    let mut twice = good.to_vec();
    twice.push(("username", "other"));
    check(&twice, "invalid_request");
    let mut device = good.to_vec();
    device.push(("device", "[]"));
    check(&device, "invalid_request");
    assert_eq!(phone.post("/oauth/challenge", &good).status, 200, "the control");
}

#[test]
fn seats_run_out_and_come_free() {
    let world = World::new();
    world.licence("two", Some(2), None);
    let two = [("username", "two"), ("password", "pw")];
    let (first, second, third) = (world.phone(), world.phone(), world.phone());
    first.activate(&two);
    second.activate(&two);
    assert_eq!(third.challenge(&two).reason(), "seats_exhausted");
    first.activate(&two);
    assert_eq!(third.challenge(&two).reason(), "seats_exhausted", "the same phone, the same seat");
    let refresh = first.tokens.borrow().refresh.clone();
    assert_eq!(first.post("/oauth/revoke", &[("token", &refresh)]).status, 200);
    third.activate(&two);
}

#[test]
fn a_seat_taken_for_nothing_comes_free_after_ten_minutes() {
    let world = World::new();
    world.licence("one", Some(1), None);
    let one = [("username", "one"), ("password", "pw")];
    world.phone().code(&one);
    let other = world.phone();
    assert_eq!(other.challenge(&one).reason(), "seats_exhausted");
    world.clock.advance(601);
    other.activate(&one);
}

#[test]
fn the_same_phone_with_a_new_key_takes_its_own_seat() {
    let world = World::new();
    world.licence("anna", Some(1), Some("anna@acme.example"));
    let anna = [("username", "anna"), ("password", "pw")];
    let before = world.phone().managed("MDM-7");
    before.activate(&anna);
    let elsewhere = world.phone().managed("MDM-8");
    assert_eq!(elsewhere.challenge(&anna).reason(), "seats_exhausted");
    let after = world.phone().managed("MDM-7");
    after.activate(&anna);
    assert_eq!(before.refresh().reason(), "invalid_grant");
    assert_eq!(before.state(), "reauthenticate");
    assert_eq!(world.device(&before)["state"], "replaced");
    assert_eq!(after.state(), "active");
}

#[test]
fn somebody_else_with_the_same_device_id_replaces_nobody() {
    let world = World::new();
    world.licence("anna", Some(1), Some("anna@acme.example"));
    let before = world.phone().managed("MDM-7");
    before.activate(&[("username", "anna"), ("password", "pw")]);
    world.phone().managed("MDM-7").activate(&SHARED);
    assert_eq!(before.state(), "active");
}

#[test]
fn a_link_works_once_and_not_for_ever() {
    let world = World::new();
    let code = world.link(None);
    world.phone().activate(&[("activation_code", &code)]);
    assert_eq!(world.phone().challenge(&[("activation_code", &code)]).reason(), "code_used");
    let late = world.link(None);
    world.clock.advance(73 * 3_600);
    assert_eq!(world.phone().challenge(&[("activation_code", &late)]).reason(), "code_expired");
}

#[test]
fn of_sixteen_phones_with_one_link_exactly_one_gets_in() {
    let world = World::new();
    let code = world.link(None);
    let reasons: Vec<String> = std::thread::scope(|threads| {
        let handles: Vec<_> = (0..16)
            .map(|_| {
                let (world, code) = (&world, &code);
                threads.spawn(move || {
                    let answer = world.phone().challenge(&[("activation_code", code)]);
                    if answer.status == 200 { "in".to_owned() } else { answer.reason() }
                })
            })
            .collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    assert_eq!(reasons.iter().filter(|reason| *reason == "in").count(), 1, "{reasons:?}");
    assert_eq!(reasons.iter().filter(|reason| *reason == "code_used").count(), 15, "{reasons:?}");
}

#[test]
fn of_sixteen_phones_for_four_seats_exactly_four_get_in() {
    let world = World::new();
    world.licence("four", Some(4), None);
    let inside = std::thread::scope(|threads| {
        let handles: Vec<_> = (0..16)
            .map(|_| {
                let world = &world;
                threads.spawn(move || {
                    world.phone().challenge(&[("username", "four"), ("password", "pw")]).status
                })
            })
            .collect();
        handles
            .into_iter()
            .filter(|_| true)
            .map(|h| h.join().unwrap())
            .filter(|s| *s == 200)
            .count()
    });
    assert_eq!(inside, 4);
}

#[test]
fn a_lost_answer_is_repeated_by_the_same_key_only() {
    let world = World::new();
    let code = world.link(None);
    let evidence = [("activation_code", code.as_str())];
    let phone = world.phone();
    let lost = phone.code(&evidence);
    assert_eq!(world.phone().challenge(&evidence).reason(), "code_used", "another key");
    world.clock.advance(540);
    let again = phone.code(&evidence);
    assert_ne!(lost, again);
    assert_eq!(phone.redeem(&lost).reason(), "invalid_grant", "the earlier code is void");
    phone.keep(&phone.redeem(&again));
    // The token answer was lost as well, say: the tokens of the first time are void.
    let first = phone.tokens.borrow().clone();
    phone.activate(&evidence);
    let second = phone.tokens.replace(first);
    assert_eq!(phone.refresh().reason(), "invalid_grant");
    phone.tokens.replace(second);
    assert_eq!(phone.refresh().status, 200);
    world.clock.advance(61);
    assert_eq!(phone.challenge(&evidence).reason(), "code_used", "ten minutes are over");
}

#[test]
fn a_lost_answer_takes_no_second_seat() {
    let world = World::new();
    world.licence("one", Some(1), None);
    let one = [("username", "one"), ("password", "pw")];
    let phone = world.phone();
    phone.code(&one);
    phone.activate(&one);
    phone.code(&one);
    assert_eq!(phone.state(), "reactivate", "its tokens are void, its evidence is not");
    phone.activate(&one);
    assert_eq!(phone.state(), "active");
    let licences = world.acme("GET", "licences", Value::Null);
    assert_eq!(licences["licences"][0]["seats_taken"], 1);
}

#[test]
fn a_revoked_person_stays_out_by_every_way() {
    let world = World::new();
    world.licence("anna", None, Some("anna@acme.example"));
    let link = world.link(Some("anna@acme.example"));
    let phone = world.phone().managed("MDM-7");
    phone.activate(&[("username", "anna"), ("password", "pw")]);
    world.acme("POST", "people/revoke", json!({"people": ["anna@acme.example"]}));
    let check = |phone: Phone<'_>, evidence: &[(&str, &str)]| {
        assert_eq!(phone.challenge(evidence).reason(), "revoked", "{evidence:?}");
    };
    check(world.phone(), &[("username", "anna"), ("password", "pw")]);
    check(world.phone(), &[("activation_code", &link)]);
    let passcode = [("login_hint", "anna@acme.example"), ("organization_passcode", "open sesame")];
    check(world.phone(), &passcode);
    let hinted = [SHARED[0], SHARED[1], ("login_hint", "anna@acme.example")];
    check(world.phone(), &hinted);
    check(world.phone().managed("MDM-7"), &SHARED);
    assert_eq!(phone.challenge(&SHARED).reason(), "revoked", "the key");
    assert_eq!(phone.state(), "revoked");
    assert_eq!(phone.refresh().reason(), "invalid_grant");
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 401);

    world.acme("POST", "people/readmit", json!({"people": ["anna@acme.example"]}));
    world.phone().managed("MDM-7").activate(&[("username", "anna"), ("password", "pw")]);
}

#[test]
fn a_withdrawn_licence_lets_nobody_else_in() {
    let world = World::new();
    let phone = world.active_phone();
    world.acme("DELETE", "licences/shared", Value::Null);
    assert_eq!(world.phone().challenge(&SHARED).reason(), "revoked");
    assert_eq!(phone.refresh().status, 200, "who is in stays in");
}

#[test]
fn a_changed_passcode_keeps_the_old_one_out() {
    let world = World::new();
    let with =
        |passcode| [("login_hint", "anna@acme.example"), ("organization_passcode", passcode)];
    let phone = world.phone();
    phone.activate(&with("open sesame"));
    world.acme("PUT", "passcode", json!({"passcode": "close sesame"}));
    assert_eq!(world.phone().challenge(&with("open sesame")).reason(), "unknown_credentials");
    world.phone().activate(&with("close sesame"));
    assert_eq!(phone.refresh().status, 200, "who is in stays in");
}

#[test]
fn only_listed_devices_where_the_company_wants_that() {
    let world = World::new();
    world.admin("PATCH", "tenants/acme", json!({"listed_devices_only": true}));
    world.acme("POST", "allowed-devices", json!({"ids": ["MDM-7"]}));
    assert_eq!(world.phone().challenge(&SHARED).reason(), "outside_allowed_devices");
    let other = world.phone().managed("MDM-8");
    assert_eq!(other.challenge(&SHARED).reason(), "outside_allowed_devices");
    let wrong = [("username", "shared"), ("password", "wrong")];
    assert_eq!(other.challenge(&wrong).reason(), "unknown_credentials", "the secret comes first");
    world.phone().managed("MDM-7").activate(&SHARED);
}

#[test]
fn guessing_is_paused() {
    let world = World::new();
    let phone = world.phone();
    let wrong = [("username", "shared"), ("password", "guess")];
    for _ in 0..10 {
        assert_eq!(phone.challenge(&wrong).reason(), "unknown_credentials");
    }
    let paused = phone.challenge(&SHARED);
    assert_eq!(paused.status, 429, "right or wrong");
    assert_eq!(paused.header("retry-after"), Some("60"));
    world.clock.advance(60);
    phone.activate(&SHARED);
}

#[test]
fn the_nonce_comes_before_the_evidence() {
    let world = World::new();
    let code = world.link(None);
    let phone = world.phone();
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let pairs = [
        ("response_type", "code"),
        ("client_id", "muster"),
        ("code_challenge", crate::client::CHALLENGE),
        ("code_challenge_method", "S256"),
        ("activation_code", code.as_str()),
    ];
    let body = crate::client::form(&pairs);
    let answer = phone.once("POST", "/oauth/challenge", None, &kind, body.clone());
    assert_eq!((answer.status, answer.reason().as_str()), (400, "use_dpop_nonce"));
    assert!(answer.header("dpop-nonce").is_some());
    let links = world.acme("GET", "links", Value::Null);
    assert_eq!(links["links"][0]["state"], "open", "the link is untouched");
    assert_eq!(phone.once("POST", "/oauth/challenge", None, &kind, body).status, 200);
}
