//! Codes, tokens and proofs.

use serde_json::{Value, json};

use crate::client::{World, fetch, form, verified};

const SHARED: [(&str, &str); 2] = [("username", "shared"), ("password", "pw")];

#[test]
fn a_code_is_bound_to_key_client_and_verifier_and_works_once() {
    let world = World::new();
    let phone = world.phone();
    let code = phone.code(&SHARED);
    let check = |by: &crate::client::Phone<'_>, client: &str, verifier: &str| {
        let answer = by.post(
            "/oauth/token",
            &[
                ("grant_type", "authorization_code"),
                ("client_id", client),
                ("code", &code),
                ("code_verifier", verifier),
            ],
        );
        assert_eq!((answer.status, answer.reason().as_str()), (400, "invalid_grant"));
    };
    let verifier = crate::client::VERIFIER;
    check(&world.phone(), "muster", verifier);
    check(&phone, "other", verifier);
    check(&phone, "muster", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX");
    phone.keep(&phone.redeem(&code));
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 200);
    assert_eq!(phone.redeem(&code).reason(), "invalid_grant");
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 401, "RFC 6749 §4.1.2");
    assert_eq!(phone.refresh().reason(), "invalid_grant");
}

#[test]
fn a_code_expires() {
    let world = World::new();
    let phone = world.phone();
    let code = phone.code(&SHARED);
    world.clock.advance(300);
    assert_eq!(phone.redeem(&code).reason(), "invalid_grant");
}

#[test]
fn an_access_token_expires_and_is_refreshed_without_rotation() {
    let world = World::new();
    let phone = world.active_phone();
    let refresh = phone.tokens.borrow().refresh.clone();
    world.clock.advance(600);
    let answer = phone.resource("GET", "/policy", &[], b"");
    assert_eq!(answer.status, 401);
    assert!(answer.header("www-authenticate").unwrap().contains(r#"error="invalid_token""#));
    phone.keep(&phone.refresh());
    assert_eq!(phone.tokens.borrow().refresh, refresh);
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 200);
}

#[test]
fn a_refresh_token_is_bound_to_its_key_and_client() {
    let world = World::new();
    let (phone, thief) = (world.active_phone(), world.phone());
    thief.tokens.replace(phone.tokens.borrow().clone());
    assert_eq!(thief.refresh().reason(), "invalid_grant");
    assert_eq!(thief.resource("GET", "/policy", &[], b"").status, 401);
    let refresh = phone.tokens.borrow().refresh.clone();
    let pairs =
        [("grant_type", "refresh_token"), ("client_id", "other"), ("refresh_token", &refresh)];
    assert_eq!(phone.post("/oauth/token", &pairs).reason(), "invalid_grant");
    assert_eq!(phone.refresh().status, 200);
    let unknown = [("grant_type", "password")];
    assert_eq!(phone.post("/oauth/token", &unknown).reason(), "unsupported_grant_type");
}

#[test]
fn signing_out_ends_the_tokens() {
    let world = World::new();
    let phone = world.active_phone();
    let tokens = phone.tokens.borrow().clone();
    assert_eq!(phone.post("/oauth/revoke", &[("token", "unknown")]).status, 200);
    assert_eq!(phone.post("/oauth/revoke", &[("token", &tokens.access)]).status, 200);
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 401);
    phone.keep(&phone.refresh());
    assert_eq!(phone.post("/oauth/revoke", &[("token", &tokens.refresh)]).status, 200);
    assert_eq!(phone.resource("GET", "/policy", &[], b"").status, 401);
    assert_eq!(phone.refresh().reason(), "invalid_grant");
    assert_eq!(phone.state(), "reauthenticate");
    assert_eq!(world.device(&phone)["state"], "signed_out");
    assert_eq!(phone.post("/oauth/revoke", &[]).reason(), "invalid_request");
}

/// A proof with one thing wrong, at the token endpoint and at a resource.
#[test]
fn every_flaw_of_a_proof_is_seen() {
    let world = World::new();
    let phone = world.active_phone();
    let other = world.phone();
    let access = phone.tokens.borrow().access.clone();
    let url = phone.at("/policy");
    let get = |proof: &str| {
        let authorization = format!("DPoP {access}");
        let headers = [("dpop", proof), ("authorization", authorization.as_str())];
        fetch("GET", &url, &headers, "")
    };
    let good = || phone.claims("GET", &url, Some(&access));
    assert_eq!(get(&phone.proof(&good())).status, 200, "the control");
    let error = |answer: &crate::client::Answer| {
        assert_eq!(answer.status, 401);
        let value = answer.header("www-authenticate").unwrap_or_default();
        value.split("error=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
    };
    let but = |name: &str, value: Value| {
        let mut claims = good();
        if value.is_null() {
            claims.as_object_mut().unwrap().remove(name);
        } else {
            claims[name] = value;
        }
        claims
    };
    for (name, value) in [
        ("htm", json!("POST")),
        ("htu", json!(phone.at("/events"))),
        ("htu", json!("https://elsewhere.example/policy")),
        ("iat", json!(crate::client::NOW - 301)),
        ("iat", json!(crate::client::NOW + 301)),
        ("iat", Value::Null),
        ("jti", Value::Null),
        ("ath", Value::Null),
        ("ath", json!("AAAA")),
    ] {
        let claims = but(name, value);
        assert_eq!(error(&get(&phone.proof(&claims))), "invalid_dpop_proof", "{claims}");
    }
    for nonce in [Value::Null, json!("old")] {
        assert_eq!(error(&get(&phone.proof(&but("nonce", nonce)))), "use_dpop_nonce");
    }
    let header = |alg: &str, typ: &str, jwk: Value| json!({"alg": alg, "typ": typ, "jwk": jwk});
    for header in [
        header("ES384", "dpop+jwt", phone.jwk()),
        header("none", "dpop+jwt", phone.jwk()),
        header("ES256", "jwt", phone.jwk()),
        header("ES256", "dpop+jwt", other.jwk()),
        header("ES256", "dpop+jwt", json!({"kty": "oct", "k": "AA"})),
    ] {
        assert_eq!(error(&get(&phone.sign(&header, &good()))), "invalid_dpop_proof", "{header}");
    }
    for proof in ["", "a.b", "a.b.c", "....", "é"] {
        assert_eq!(error(&get(proof)), "invalid_dpop_proof", "{proof}");
    }
    assert_eq!(error(&get(&other.proof(&good()))), "invalid_token", "another key's proof");

    let used = phone.proof(&good());
    assert_eq!(get(&used).status, 200);
    assert_eq!(error(&get(&used)), "invalid_dpop_proof", "replayed");
    let bearer = fetch("GET", &url, &[("authorization", &format!("Bearer {access}"))], "");
    assert_eq!(bearer.status, 401);
    assert_eq!(bearer.header("content-type"), Some("application/problem+json"));

    let kind = ("content-type", "application/x-www-form-urlencoded");
    let token = fetch("POST", &phone.at("/oauth/token"), &[kind], form(&[("grant_type", "x")]));
    assert_eq!((token.status, token.reason().as_str()), (400, "invalid_dpop_proof"));
}

#[test]
fn a_replay_is_seen_over_the_change_of_the_nonce() {
    let world = World::new();
    let phone = world.active_phone();
    let access = phone.tokens.borrow().access.clone();
    let url = phone.at("/policy");
    let authorization = format!("DPoP {access}");
    let proof = phone.proof(&phone.claims("GET", &url, Some(&access)));
    let get = || {
        let headers = [("dpop", proof.as_str()), ("authorization", authorization.as_str())];
        fetch("GET", &url, &headers, "").status
    };
    assert_eq!(get(), 200);
    for _ in 0..4 {
        assert_eq!(get(), 401);
        world.clock.advance(100);
    }
}

#[test]
fn the_address_of_a_proof_is_normalised() {
    let world = World::new();
    let phone = world.active_phone();
    let access = phone.tokens.borrow().access.clone();
    let url = phone.at("/policy");
    let odd = url.replace("http://", "HTTP://") + "?x=1#y";
    let proof = phone.proof(&phone.claims("GET", &odd, Some(&access)));
    let authorization = format!("DPoP {access}");
    let headers = [("dpop", proof.as_str()), ("authorization", authorization.as_str())];
    assert_eq!(fetch("GET", &url, &headers, "").status, 200);
}

#[test]
fn the_status_is_signed_for_this_question_only() {
    let world = World::new();
    let phone = world.active_phone();
    let status = phone.status();
    assert_eq!(status["state"], "active");
    assert_eq!(status["iss"], world.server.url());
    let life = status["exp"].as_i64().unwrap() - status["iat"].as_i64().unwrap();
    assert!((1..=300).contains(&life));
    assert_eq!(phone.post("/status", &[]).status, 400);
    assert_eq!(fetch("POST", &phone.at("/status"), &[], "").status, 401);
}

#[test]
fn an_unknown_key_is_answered_under_the_right_signature() {
    let world = World::new();
    let stranger = world.phone();
    assert_eq!(stranger.state(), "unknown_device");
    let jwks = fetch("GET", &stranger.at("/oauth/jwks"), &[], "").json();
    let only = stranger.post("/status", &[("nonce", "n")]);
    assert_eq!(
        verified(&only.text(), "muster-status+jwt", &jwks["keys"][0])["state"],
        "unknown_device"
    );
    world.admin("POST", "tenants", json!({"id": "zebra", "name": "Zebra"}));
    let which = stranger.post("/status", &[("nonce", "n")]);
    assert_eq!(which.status, 404, "two organisations, and none named");
    assert_eq!(which.header("content-type"), Some("application/problem+json"));
    let none = stranger.post("/status", &[("nonce", "n"), ("tenant", "none")]);
    assert_eq!(none.status, 404);
}
