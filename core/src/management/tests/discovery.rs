use serde_json::{Value, json};

use crate::jose::tests::Reply;
use crate::management::tests::{ISSUER, World};
use crate::management::{DiscoveryError, Metadata, ServerUrl, discover};

fn discovered(world: &mut World, url: &str) -> Result<Metadata, DiscoveryError> {
    let flow = world.phone.flow.clone();
    let url = ServerUrl::parse(url).unwrap();
    world.phone.run(discover(&flow, &url), |request| world.server.answer(request))
}

#[test]
fn endpoints_are_found_and_a_slash_makes_no_difference() {
    for url in [ISSUER, "https://muster.example/"] {
        let mut world = World::new();
        let metadata = discovered(&mut world, url).unwrap();
        assert_eq!(world.server.log, ["GET /.well-known/oauth-authorization-server"]);
        assert_eq!(metadata.token_endpoint, "https://muster.example/token");
        assert!(metadata.names_origin("https://muster.example"));
        assert!(metadata.names_origin("https://dav.example"));
        assert!(!metadata.names_origin("https://evil.example"));
        let stored = serde_json::to_string(&metadata).unwrap();
        assert_eq!(serde_json::from_str::<Metadata>(&stored).unwrap(), metadata);
    }
}

#[test]
fn the_well_known_part_stands_before_the_path() {
    let mut world = World::new();
    let flow = world.phone.flow.clone();
    let url = ServerUrl::parse("https://muster.example/tenants/7/").unwrap();
    let mut seen = String::new();
    let _ = world.phone.run(discover(&flow, &url), |request| {
        seen.clone_from(&request.url);
        Reply::json(404, &json!({}))
    });
    assert_eq!(seen, "https://muster.example/.well-known/oauth-authorization-server/tenants/7");
}

#[test]
fn metadata_that_does_not_fit_is_refused() {
    let check = |changes: Value, code: &str, text: &str| {
        let mut world = World::new();
        world.server.metadata = changes.clone();
        let error = discovered(&mut world, ISSUER).unwrap_err();
        assert_eq!(error.code(), code, "{changes}");
        assert!(error.to_string().contains(text), "{changes}: {error}");
    };
    check(json!({ "issuer": "https://evil.example" }), "issuer_mismatch", "issuer");
    check(json!({ "issuer": "https://muster.example/x" }), "issuer_mismatch", "issuer");
    check(json!({ "issuer": "http://muster.example" }), "issuer_mismatch", "issuer");
    check(json!({ "issuer": null }), "not_a_muster_server", "");
    check(json!({ "issuer": 7 }), "answer_invalid", "issuer");
    check(json!({ "muster_policy_endpoint": null }), "not_a_muster_server", "");
    check(json!({ "token_endpoint": null }), "not_a_muster_server", "");
    check(json!({ "token_endpoint": "/token" }), "answer_invalid", "token_endpoint");
    check(json!({ "token_endpoint": ["x"] }), "answer_invalid", "token_endpoint");
    for url in [
        "http://muster.example/e",
        "http://127.0.0.1/e",
        "https://u@x.example/",
        "https://x.example/#f",
    ] {
        check(json!({ "muster_events_endpoint": url }), "answer_invalid", "muster_events_endpoint");
        check(json!({ "muster_contacts_url": url }), "answer_invalid", "muster_contacts_url");
    }
    let methods = "code_challenge_methods_supported";
    check(json!({ methods: ["plain"] }), "answer_invalid", methods);
    let algorithms = "dpop_signing_alg_values_supported";
    check(json!({ algorithms: ["RS256"] }), "answer_invalid", algorithms);
    check(json!({ algorithms: "ES256" }), "answer_invalid", algorithms);
}

#[test]
fn whatever_else_answers_is_no_muster_server() {
    let check = |reply: Reply, code: &str| {
        let mut world = World::new();
        world.server.instead.insert(0, reply.clone());
        assert_eq!(discovered(&mut world, ISSUER).unwrap_err().code(), code, "{reply:?}");
    };
    check(Reply::new(404, "text/plain", "no"), "not_a_muster_server");
    check(Reply::new(403, "application/json", "{}"), "not_a_muster_server");
    check(Reply::new(200, "text/html; charset=utf-8", "<html>"), "not_a_muster_server");
    check(
        Reply::new(302, "text/plain", "").with("Location", "https://portal.example/"),
        "redirected",
    );
    check(Reply::new(304, "text/plain", ""), "not_a_muster_server");
    check(Reply::new(200, "application/json", "{\"issuer\":"), "answer_invalid");
    check(Reply::new(200, "application/json", "[]"), "answer_invalid");
    check(Reply::new(200, "application/json", r#"{"issuer":"a","issuer":"b"}"#), "answer_invalid");
    check(Reply::new(200, "text/plain", "{}"), "answer_invalid");
    check(Reply::new(200, "application/json", vec![b' '; 65_537]), "answer_too_large");
    check(Reply::new(429, "text/plain", "").with("Retry-After", "7"), "rate_limited");
    check(Reply::new(503, "text/html", "<html>"), "server_busy");
}
