use serde_json::{Value, json};

use crate::http::{Method, Request};
use crate::jose::tests::Reply;
use crate::management::tests::{ACCESS, REFRESH, World};
use crate::management::{Grant, RefreshError, Refreshed, ServerTrouble, refresh, revoke};
use crate::secret::Secret;
use crate::time::{BootId, Now};

fn refreshed(world: &mut World, grant: &Grant) -> Result<Refreshed, RefreshError> {
    world.run(async |flow, server| refresh(flow, server, grant).await)
}

#[test]
fn a_token_lives_by_both_clocks_and_not_beyond_a_boot() {
    let mut world = World::new();
    let grant = world.activate();
    let now = world.phone.now;
    let later =
        |ms: i64| Now { wall: now.wall.plus_ms(ms), elapsed: now.elapsed.plus_ms(ms), ..now };
    assert!(grant.access.is_fresh(later(0)));
    assert!(grant.access.is_fresh(later(579_000)));
    assert!(!grant.access.is_fresh(later(580_000)), "not in its last seconds");
    assert!(!grant.access.is_fresh(Now { boot: BootId(2), ..now }));
    assert!(!grant.access.is_fresh(Now { wall: now.wall.plus_ms(600_000), ..now }));
    assert!(!grant.access.is_fresh(Now { elapsed: now.elapsed.plus_ms(600_000), ..now }));
}

#[test]
fn a_server_that_says_nothing_or_too_much_about_the_life_of_a_token() {
    for life in [Value::Null, json!(1_000_000)] {
        let mut world = World::new();
        world.server.token = json!({ "expires_in": life });
        let grant = world.activate();
        assert!(grant.access.is_fresh(world.phone.now));
        world.phone.pass(600_000);
        assert!(!grant.access.is_fresh(world.phone.now));
    }
}

#[test]
fn servers_that_rotate_and_servers_that_do_not() {
    let mut world = World::new();
    let mut grant = world.activate();
    for answer in [json!({}), json!({ "refresh_token": null })] {
        world.server.token = answer;
        let new = refreshed(&mut world, &grant).unwrap();
        assert_eq!(new.refresh_token, None);
        grant.renew(new);
        assert_eq!(grant.refresh_token.expose(), REFRESH);
    }
    world.server.token =
        json!({ "refresh_token": "next", "access_token": "new", "auth_session": "s" });
    let new = refreshed(&mut world, &grant).unwrap();
    grant.renew(new);
    assert_eq!(grant.refresh_token.expose(), "next");
    assert_eq!(grant.access.token.expose(), "new");
    assert_eq!(grant.auth_session.as_ref().unwrap().expose(), "s");
    // This server has forgotten it now: only the status can say what that means.
    assert_eq!(refreshed(&mut world, &grant), Err(RefreshError::AskStatus));
}

#[test]
fn a_refusal_only_ever_leads_to_the_status() {
    let check = |status: u16, answer: Value, expect: Result<(), &str>| {
        let mut world = World::new();
        let grant = world.activate();
        world.server.instead.insert(0, Reply::json(status, &answer));
        match (refreshed(&mut world, &grant).unwrap_err(), expect) {
            (RefreshError::AskStatus, Ok(())) => {}
            (RefreshError::Server(trouble), Err(code)) => assert_eq!(trouble.code(), code),
            (got, _) => panic!("{status} {answer}: {got:?}"),
        }
    };
    check(400, json!({ "error": "invalid_grant" }), Ok(()));
    check(401, json!({ "error": "invalid_client" }), Ok(()));
    check(403, json!({ "error": "access_denied" }), Ok(()));
    check(401, json!({}), Ok(()));
    check(403, json!({}), Ok(()));
    check(400, json!({ "error": "invalid_request" }), Err("refused"));
    check(401, json!({ "error": "invalid_dpop_proof" }), Err("proof_refused"));
    check(200, json!({ "access_token": "a", "token_type": "Bearer" }), Err("answer_invalid"));
}

#[test]
fn tenant_and_device_stay_the_same() {
    for name in ["muster_tenant", "muster_device"] {
        let mut world = World::new();
        let grant = world.activate();
        world.server.token = json!({ name: "other" });
        let expect = RefreshError::Server(ServerTrouble::AnswerInvalid { what: name });
        assert_eq!(refreshed(&mut world, &grant), Err(expect));
    }
}

#[test]
fn revocation_names_the_refresh_token() {
    let mut world = World::new();
    let grant = world.activate();
    let done = world.run(async |flow, server| revoke(flow, server, &grant).await);
    assert_eq!(done, Ok(()));
    assert_eq!(world.server.forms[0]["token"], REFRESH);
    assert_eq!(world.server.forms[0]["token_type_hint"], "refresh_token");

    let mut world = World::new();
    world.server.metadata = json!({ "revocation_endpoint": null });
    let done = world.run(async |flow, server| revoke(flow, server, &grant).await);
    assert_eq!((done, world.server.log.len()), (Ok(()), 0));
}

#[test]
fn the_access_token_goes_only_where_the_metadata_sends_it() {
    let mut world = World::new();
    let metadata = world.metadata();
    let token = Secret::from(ACCESS);
    let mut send = |url: &str| {
        let flow = world.phone.flow.clone();
        let server = crate::management::Server {
            metadata: &metadata,
            key: &world.key,
            memory: &world.memory,
            client_id: "muster",
        };
        let authorized = server.authorized(&token);
        let request = Request::new(Method::Propfind, url);
        world.phone.run(authorized.fetch(&flow, request, 100), |request| {
            assert!(
                request.headers.iter().any(|(n, v)| n == "Authorization" && v.contains(ACCESS))
            );
            Reply::new(207, "application/xml", "")
        })
    };
    assert!(send("https://muster.example/dav/").is_ok());
    assert!(send("https://dav.example/books/1").is_ok());
    for url in ["https://evil.example/", "https://muster.example:8443/", "https://x.dav.example/"] {
        assert_eq!(send(url), Err(ServerTrouble::ForeignOrigin), "{url}");
    }
    assert_eq!(send("http://muster.example/"), Err(ServerTrouble::InsecureUrl));
}
