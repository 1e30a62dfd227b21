use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::jose::JwsError;
use crate::jose::tests::{Reply, START, Signer, device_key};
use crate::licence::EraseCause;
use crate::limits;
use crate::management::tests::{ISSUER, World, merge};
use crate::management::{Grant, TenantId, TrustError};
use crate::time::WallMs;

/// A policy with every member, changed by `changes`.
fn claims(changes: &Value) -> Value {
    let now = START.as_seconds();
    let mut claims = json!({
        "iss": ISSUER,
        "aud": "t1",
        "sub": device_key().thumbprint().to_string(),
        "iat": now,
        "exp": now + 86_400,
        "seq": 5,
        "next_check_s": 3_600,
        "organization": {
            "name": "Müller & Söhne",
            "support": { "email": "help@x.example", "phone": "+4912345", "url": "https://x.example" },
            "customer_ids": { "apple_dep": "1", "samsung_kme": "2", "android_zero_touch": "3" },
        },
        "settings": { "block_copy": true, "email": null },
        "individual": { "first_name": "Ada" },
        "rules": [{ "id": "r1" }],
        "contacts": {
            "books": [
                { "url": "https://dav.example/books/1", "name": "All", "auth": "dpop" },
                { "url": "https://dav.example/books/2", "name": "Old", "auth": "basic" },
            ],
            "filter": ["category:Staff"],
            "export": { "caller_id": true },
        },
        "licence": { "valid_until": now + 1_000_000, "offline_grace_s": 1_209_600 },
        "commands": [
            { "jti": "c1", "kind": "lock", "exp": now + 100, "message": "Please call us" },
            { "jti": "c2", "kind": "erase", "cause": "lost", "exp": now + 100 },
        ],
        "update": { "android": { "latest": "1.2.0", "url": "https://x.example/app" } },
        "a_member_of_tomorrow": [1, 2, 3],
    });
    merge(&mut claims, changes);
    claims
}

fn sign(claims: &Value) -> String {
    Signer::new(1).sign("muster-policy+jwt", &json!({}), claims)
}

fn verified(token: &str, last: Option<LastPolicy>, now: WallMs) -> Result<Verdict, PolicyError> {
    let keys = crate::management::PolicyKeys::at_activation(&[Signer::new(1).public()], &[], None);
    let (tenant, device) = (TenantId::new("t1").unwrap(), *device_key().thumbprint());
    let expected = Expected { issuer: ISSUER, tenant: &tenant, device: &device };
    verify(token, &keys.unwrap(), expected, last, now)
}

fn taken(changes: &Value) -> Box<Verified> {
    match verified(&sign(&claims(changes)), None, START) {
        Ok(Verdict::New(verified)) => verified,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_policy_is_read() {
    let policy = taken(&json!({})).policy;
    assert_eq!((policy.seq, policy.next_check_s), (5, 3_600));
    assert_eq!(policy.issued_at, START);
    assert_eq!(policy.organization.name.as_deref(), Some("Müller & Söhne"));
    assert_eq!(policy.organization.support.phone.as_deref(), Some("+4912345"));
    assert_eq!(policy.organization.customer_ids.samsung_kme.as_deref(), Some("2"));
    assert_eq!(policy.settings["block_copy"], true);
    assert_eq!(policy.settings["email"], Value::Null, "null unsets the layer below");
    assert_eq!(policy.individual["first_name"], "Ada");
    assert_eq!(policy.rules, [json!({ "id": "r1" })]);
    assert_eq!(policy.contacts.books.len(), 2);
    assert_eq!(policy.contacts.books[0].url.expose(), "https://dav.example/books/1");
    assert_eq!(policy.contacts.books[1].auth, BookAuth::Basic);
    assert_eq!(policy.contacts.filter, Some(vec!["category:Staff".to_owned()]));
    assert_eq!(policy.licence.offline_grace_s, Some(1_209_600));
    assert_eq!(policy.licence.valid_until, Some(START.plus_ms(1_000_000_000)));
    assert_eq!(policy.commands[0].kind, CommandKind::Lock);
    assert_eq!(policy.commands[0].message.as_deref(), Some("Please call us"));
    assert_eq!(policy.commands[1].kind, CommandKind::Erase(EraseCause::Lost));
    assert_eq!(policy.commands[1].expires_at, START.plus_ms(100_000));
    assert_eq!(policy.update.android.unwrap().latest, "1.2.0");
    assert_eq!(policy.update.ios, None);
}

#[test]
fn nobody_goes_on_without_the_server_for_ever() {
    let long = json!({ "licence": { "offline_grace_s": i64::MAX } });
    let policy = taken(&long).policy;
    assert_eq!(policy.licence.offline_grace_s, Some(limits::OFFLINE_GRACE_MAX_S));
}

#[test]
fn an_absent_member_says_nothing_in_this_layer() {
    let none = json!({
        "next_check_s": null, "organization": null, "settings": null, "individual": null,
        "rules": null, "contacts": null, "licence": null, "commands": null, "update": null,
    });
    let policy = taken(&none).policy;
    assert_eq!(policy.next_check_s, 86_400);
    assert_eq!(policy.organization, Organization::default());
    assert!(policy.settings.is_empty() && policy.individual.is_empty());
    assert!(policy.rules.is_empty() && policy.commands.is_empty());
    assert_eq!(policy.contacts, PolicyContacts::default());
    assert_eq!(policy.licence, LicenceTerms::default());
    assert_eq!(policy.update, Updates::default());
}

#[test]
fn one_malformed_member_refuses_the_whole_policy_and_is_named() {
    let check = |changes: Value, member: &str| {
        let error = verified(&sign(&claims(&changes)), None, START).unwrap_err();
        assert_eq!(error, PolicyError::Member { member: member.to_owned() }, "{changes}");
    };
    let now = START.as_seconds();
    check(json!({ "iat": null }), "iat");
    check(json!({ "iat": 1.5 }), "iat");
    check(json!({ "iat": START.0 * 1_000 }), "iat");
    check(json!({ "exp": now }), "exp");
    check(json!({ "exp": "tomorrow" }), "exp");
    check(json!({ "seq": null }), "seq");
    check(json!({ "seq": -1 }), "seq");
    check(json!({ "seq": "5" }), "seq");
    check(json!({ "seq": 1e30 }), "seq");
    check(json!({ "next_check_s": -1 }), "next_check_s");
    check(json!({ "organization": [] }), "organization");
    check(json!({ "organization": { "name": 7 } }), "organization.name");
    check(json!({ "organization": { "name": "a\u{0}" } }), "organization.name");
    check(json!({ "organization": { "support": { "email": [] } } }), "organization.support.email");
    check(json!({ "settings": ["x"] }), "settings");
    check(json!({ "individual": true }), "individual");
    check(json!({ "rules": {} }), "rules");
    check(json!({ "rules": vec![json!({}); 201] }), "rules");
    check(json!({ "contacts": { "books": {} } }), "contacts.books");
    check(json!({ "contacts": { "books": [1] } }), "contacts.books[0]");
    let book = |url: &str, auth: &str| {
        json!({ "contacts": { "books": [
            { "url": "https://a.example/", "auth": "none" },
            { "url": url, "name": "x", "auth": auth },
        ] } })
    };
    check(book("http://a.example/", "none"), "contacts.books[1].url");
    check(book("/books", "none"), "contacts.books[1].url");
    check(book("https://u:p@a.example/", "none"), "contacts.books[1].url");
    check(book("https://a.example/", "digest"), "contacts.books[1].auth");
    check(json!({ "contacts": { "filter": "category:Staff" } }), "contacts.filter");
    check(json!({ "contacts": { "filter": [1] } }), "contacts.filter");
    check(json!({ "contacts": { "export": 1 } }), "contacts.export");
    check(json!({ "licence": { "valid_until": "2030-01-01" } }), "licence.valid_until");
    check(json!({ "licence": { "offline_grace_s": -1 } }), "licence.offline_grace_s");
    let commands = |command: Value| {
        let first = json!({ "jti": "c1", "kind": "sync", "exp": now });
        json!({ "commands": [first, command] })
    };
    check(commands(json!({ "jti": "c1", "kind": "sync", "exp": now })), "commands[1].jti");
    check(commands(json!({ "kind": "sync", "exp": now })), "commands[1].jti");
    check(commands(json!({ "jti": "c 2", "kind": "sync", "exp": now })), "commands[1].jti");
    check(commands(json!({ "jti": "c2", "exp": now })), "commands[1].kind");
    check(commands(json!({ "jti": "c2", "kind": "no\nkind", "exp": now })), "commands[1].kind");
    check(commands(json!({ "jti": "c2", "kind": "sync" })), "commands[1].exp");
    let erase = json!({ "jti": "c2", "kind": "erase", "cause": "spite", "exp": now });
    check(commands(erase), "commands[1].cause");
    check(json!({ "update": { "ios": { "url": "https://x.example" } } }), "update.ios.latest");
    let update = json!({ "update": { "ios": { "latest": "1", "url": "javascript:x" } } });
    check(update, "update.ios.url");
}

#[test]
fn an_unknown_command_is_kept_to_be_acknowledged() {
    let command = json!({ "jti": "c9", "kind": "ring_loudly", "exp": START.as_seconds() });
    let policy = taken(&json!({ "commands": [command] })).policy;
    assert_eq!(policy.commands[0].kind, CommandKind::Unknown("ring_loudly".into()));
    let command = json!({ "jti": "c9", "kind": "erase", "exp": START.as_seconds() });
    let policy = taken(&json!({ "commands": [command] })).policy;
    assert_eq!(policy.commands[0].kind, CommandKind::Erase(EraseCause::Retired));
}

#[test]
fn the_next_check_stays_within_its_bounds() {
    for (asked, kept) in [(0, 900), (899, 900), (900, 900), (604_800, 604_800), (i64::MAX, 604_800)]
    {
        assert_eq!(taken(&json!({ "next_check_s": asked })).policy.next_check_s, kept);
    }
}

#[test]
fn a_policy_for_somebody_else_is_refused() {
    for (name, value) in
        [("iss", json!("https://evil.example")), ("aud", json!("t2")), ("sub", json!("another"))]
    {
        for value in [value, Value::Null, json!(["t1"])] {
            let token = sign(&claims(&json!({ name: value })));
            assert_eq!(verified(&token, None, START), Err(PolicyError::NotForUs(name)));
        }
    }
}

#[test]
fn nothing_is_read_before_it_is_verified() {
    let check = |token: &str, expect: TrustError| {
        let error = verified(token, None, START).unwrap_err();
        assert_eq!(error, PolicyError::Untrusted(expect));
        assert_eq!(error.code(), "untrusted_signature");
    };
    let good = claims(&json!({}));
    let stranger = Signer::new(2);
    check(&stranger.sign("muster-policy+jwt", &json!({}), &good), TrustError::UnknownKey);
    let kid = Signer::new(1).public().thumbprint().to_string();
    let forged = stranger.sign("muster-policy+jwt", &json!({ "kid": kid }), &good);
    check(&forged, TrustError::Jws(JwsError::BadSignature));
    let status = Signer::new(1).sign("muster-status+jwt", &json!({}), &good);
    check(&status, TrustError::Jws(JwsError::WrongType));
    let none = Signer::new(1).sign("muster-policy+jwt", &json!({ "alg": "none" }), &good);
    check(&none, TrustError::Jws(JwsError::WrongAlgorithm));
    check(&good.to_string(), TrustError::Jws(JwsError::Malformed));
    check(&"a".repeat(1_048_577), TrustError::Jws(JwsError::TooLong));
    let twice = Signer::new(1)
        .sign_raw(r#"{"alg":"EdDSA","typ":"muster-policy+jwt"}"#, r#"{"seq":1,"seq":2}"#);
    let error = verified(&twice, None, START).unwrap_err();
    assert_eq!(error, PolicyError::Member { member: "json".into() });
}

#[test]
fn the_number_only_ever_grows() {
    let token = sign(&claims(&json!({})));
    let Ok(Verdict::New(first)) = verified(&token, None, START) else { panic!("taken") };
    let last = first.last;
    assert_eq!(verified(&token, Some(last), START), Ok(Verdict::NotModified));

    let other = sign(&claims(&json!({ "settings": {} })));
    let conflict = verified(&other, Some(last), START).unwrap_err();
    assert_eq!(conflict, PolicyError::Conflicting { seq: 5 });
    let older = sign(&claims(&json!({ "seq": 4 })));
    let replay = verified(&older, Some(last), START).unwrap_err();
    assert_eq!(replay, PolicyError::Older { seq: 4, last: 5 });

    let newer = sign(&claims(&json!({ "seq": 6 })));
    let Ok(Verdict::New(second)) = verified(&newer, Some(last), START) else { panic!("taken") };
    assert_eq!(second.last.seq, 6);
}

#[test]
fn an_expired_policy_is_taken_but_is_no_contact() {
    let token = sign(&claims(&json!({})));
    for (after, contact) in [(0, true), (86_399_999, true), (86_400_000, false)] {
        let Ok(Verdict::New(verified)) = verified(&token, None, START.plus_ms(after)) else {
            panic!("taken")
        };
        assert_eq!(verified.is_contact, contact);
        assert_eq!(verified.policy.counts_as_contact(START.plus_ms(after)), contact);
    }
}

// --- over the network ---

fn checked(
    world: &mut World,
    grant: &Grant,
    etag: Option<&str>,
    last: Option<LastPolicy>,
) -> Result<Checked, PolicyError> {
    world.run(async |flow, server| check(flow, server, grant, etag, last, START).await)
}

#[test]
fn a_policy_is_fetched_once_and_then_only_asked_for() {
    let mut world = World::new();
    world.server.wants_nonce = true;
    let grant = world.activate();
    world.server.policy = Some((sign(&claims(&json!({}))), "\"v5\"".into()));
    let Ok(Checked::New { verified, etag, compact }) = checked(&mut world, &grant, None, None)
    else {
        panic!("a policy")
    };
    assert_eq!(verified.policy.seq, 5);
    assert_eq!(Some(&compact), world.server.policy.as_ref().map(|(token, _)| token));
    assert_eq!(etag.as_deref(), Some("\"v5\""));
    let again = checked(&mut world, &grant, etag.as_deref(), Some(verified.last));
    assert_eq!(again, Ok(Checked::NotModified { etag: None }));
    // A server that does not know conditional requests sends the same bytes.
    let again = checked(&mut world, &grant, None, Some(verified.last));
    assert_eq!(again, Ok(Checked::NotModified { etag }));
    assert_eq!(world.server.log, ["GET /policy"; 3]);
}

#[test]
fn every_other_answer_has_its_own_error() {
    let check = |reply: Reply, etag: Option<&str>, code: &str| {
        let mut world = World::new();
        let grant = world.activate();
        world.server.policy = Some((sign(&claims(&json!({}))), "\"v5\"".into()));
        world.server.instead.insert(0, reply.clone());
        let error = checked(&mut world, &grant, etag, None).unwrap_err();
        assert_eq!(error.code(), code, "{reply:?}");
        assert!(checked(&mut world, &grant, None, None).is_ok(), "the next one works");
    };
    let jwt = |body: &str| Reply::new(200, "application/jwt", body);
    check(Reply::json(401, &json!({ "title": "no" })), None, "unauthorized");
    check(Reply::new(403, "application/problem+json", "{}"), None, "unauthorized");
    check(Reply::new(404, "text/plain", ""), None, "not_a_muster_server");
    check(Reply::new(200, "text/html", "<html>"), None, "not_a_muster_server");
    check(Reply::new(304, "text/plain", ""), None, "answer_invalid");
    check(Reply::new(302, "text/plain", ""), None, "redirected");
    check(Reply::new(204, "application/jwt", ""), None, "answer_invalid");
    check(Reply::new(500, "text/plain", ""), None, "server_busy");
    check(Reply::new(429, "text/plain", ""), None, "rate_limited");
    check(Reply::new(410, "text/plain", ""), None, "refused");
    check(Reply::new(200, "application/json", "{}"), None, "answer_invalid");
    check(Reply::new(200, "application/jwt", vec![0xff]), None, "answer_invalid");
    check(jwt(""), None, "untrusted_signature");
    check(jwt("a.b.c"), None, "untrusted_signature");
    check(jwt(&sign(&claims(&json!({})))[..200]), None, "untrusted_signature");
    check(jwt(&"a".repeat(1_048_577)), None, "answer_too_large");
    check(Reply::Fail(crate::http::Failure::Refused), None, "unreachable");
}

#[test]
fn a_rotated_key_comes_with_the_policy() {
    let mut world = World::new();
    let mut grant = world.activate();
    let (old, new) = (Signer::new(1), Signer::new(2));
    let set = json!({ "keys": [new.public().to_jwk()] });
    let handover = json!({ "iss": ISSUER, "aud": "t1", "keys": set });
    let next = json!({ "next_keys": [old.sign("muster-keys+jwt", &json!({}), &handover)] });
    let token = new.sign("muster-policy+jwt", &next, &claims(&json!({})));
    world.server.policy = Some((token, "\"1\"".into()));
    let Ok(Checked::New { verified, .. }) = checked(&mut world, &grant, None, None) else {
        panic!("a policy")
    };
    grant.policy_keys = verified.rotated.unwrap();

    // The old key signs once more, with a higher number: refused.
    let token = sign(&claims(&json!({ "seq": 99 })));
    world.server.policy = Some((token, "\"2\"".into()));
    let refused = checked(&mut world, &grant, None, Some(verified.last)).unwrap_err();
    assert_eq!(refused, PolicyError::Untrusted(TrustError::UnknownKey));
}

#[test]
fn a_key_that_the_configuration_names_is_looked_up() {
    let mut world = World::new();
    let mut grant = world.activate();
    world.server.signer = Signer::new(2);
    let key = world.server.signer.public();
    let token = world.server.signer.sign("muster-policy+jwt", &json!({}), &claims(&json!({})));
    world.server.policy = Some((token, "\"1\"".into()));
    let refused = checked(&mut world, &grant, None, None).unwrap_err();
    assert_eq!(refused, PolicyError::Untrusted(TrustError::UnknownKey));

    grant.policy_keys = grant.policy_keys.with_mdm(&[key.thumbprint()]);
    world.server.forget();
    let Ok(Checked::New { verified, .. }) = checked(&mut world, &grant, None, None) else {
        panic!("a policy")
    };
    assert_eq!(world.server.log, ["GET /policy", "GET /jwks"]);
    assert!(verified.rotated.is_some(), "the key is known from now on");
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(text in ".{0,100}", member in "[a-z_]{0,12}", n: i64) {
        let _ = verified(&text, None, START);
        for value in [json!(text), json!(n), json!([n]), json!({ &member: n })] {
            let mut claims = claims(&json!({}));
            claims[&member] = value;
            let _ = verified(&sign(&claims), None, START);
        }
    }

    /// Any single known member replaced by any wrong type is refused or read, never half-read.
    #[test]
    fn a_policy_is_taken_whole_or_not(which in 0_usize..14, n: i64) {
        let whole = claims(&json!({}));
        let name = whole.as_object().unwrap().keys().nth(which).unwrap().clone();
        let token = sign(&claims(&json!({ name: n })));
        let last = LastPolicy { seq: 4, hash: [0; 32] };
        if let Ok(Verdict::New(verified)) = verified(&token, Some(last), START) {
            prop_assert!(verified.policy.seq > last.seq);
            prop_assert!(verified.policy.expires_at > verified.policy.issued_at);
        }
    }
}
