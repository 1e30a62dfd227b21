use serde_json::json;
use url::Url;

use crate::activation::tests::device;
use crate::activation::{
    ActivationError, BrowserSession, Evidence, PendingActivation, Redeemed, redeem, redeem_callback,
};
use crate::jose::tests::Reply;
use crate::management::Grant;
use crate::management::tests::World;
use crate::secret::Secret;

const BACK: &str = "https://go.example/cb";

/// A phone whose browser is open: the sign-in, and the parameters of the page.
fn opened(world: &mut World) -> (PendingActivation, std::collections::BTreeMap<String, String>) {
    let mut pending = PendingActivation { evidence: Evidence::Browser, ..world.pending() };
    let answer = json!({ "error": "redirect_to_web", "request_uri": "urn:x", "auth_session": "s" });
    world.server.challenge = Some(Reply::json(400, &answer));
    let asked =
        world.run(async |flow, server| redeem(flow, server, &pending, &device(), &[]).await);
    let Ok(Redeemed::NeedsBrowser { request_uri, auth_session }) = asked else {
        panic!("the browser should be wanted: {asked:?}")
    };
    pending.auth_session = auth_session;
    let session = BrowserSession::begin(&world.phone.flow, BACK);
    let url = world.run(async |_, server| session.url(server, &pending, request_uri.as_ref()));
    let url = Url::parse(url.unwrap().expose()).unwrap();
    assert_eq!(url.path(), "/authorize");
    pending.browser = Some(session);
    (pending, url.query_pairs().into_owned().collect())
}

fn back(
    world: &mut World,
    pending: &PendingActivation,
    callback: String,
) -> Result<Grant, ActivationError> {
    let callback = Secret::new(callback);
    world.run(async |flow, server| redeem_callback(flow, server, pending, &callback, &[]).await)
}

#[test]
fn a_sign_in_in_the_browser() {
    let mut world = World::new();
    let (pending, page) = opened(&mut world);
    assert_eq!(page["redirect_uri"], BACK);
    assert_eq!(page["response_type"], "code");
    assert_eq!(page["code_challenge_method"], "S256");
    assert_eq!(page["dpop_jkt"], world.key.thumbprint().to_string());
    assert_eq!(page["request_uri"], "urn:x");
    world.server.allow_code("web-code", &page["code_challenge"]);
    let callback =
        format!("{BACK}?code=web-code&state={}&iss=https://muster.example", page["state"]);
    let grant = back(&mut world, &pending, callback).unwrap();
    assert_eq!(grant.auth_session.unwrap().expose(), "s");
    assert_eq!(world.server.forms.last().unwrap()["redirect_uri"], BACK);
}

#[test]
fn an_answer_to_another_question_changes_nothing() {
    use ActivationError::{BrowserMismatch, BrowserRefused};
    let check = |names_issuer: bool, answer: &str, expect: ActivationError| {
        let mut world = World::new();
        world.server.metadata =
            json!({ "authorization_response_iss_parameter_supported": names_issuer });
        let (pending, page) = opened(&mut world);
        let callback = answer.replace("STATE", &page["state"]);
        assert_eq!(back(&mut world, &pending, callback), Err(expect), "{answer}");
        assert_eq!(world.server.log, ["POST /challenge"], "nothing is sent");
    };
    let cb = BACK;
    check(false, &format!("{cb}?code=c&state=other"), BrowserMismatch);
    check(false, &format!("{cb}?code=c"), BrowserMismatch);
    check(false, &format!("{cb}?state=STATE"), BrowserMismatch);
    check(false, &format!("{cb}?code=&state=STATE"), BrowserMismatch);
    check(false, &format!("{cb}?code=c&code=d&state=STATE"), BrowserMismatch);
    check(false, &format!("{cb}?code=c&state=STATE&state=STATE"), BrowserMismatch);
    check(false, "https://evil.example/cb?code=c&state=STATE", BrowserMismatch);
    check(false, &format!("{cb}?code=c&state=STATE&iss=https://evil.example"), BrowserMismatch);
    check(true, &format!("{cb}?code=c&state=STATE"), BrowserMismatch);
    check(false, "", BrowserMismatch);
    check(false, &format!("{cb}?code={}&state=STATE", "c".repeat(10_000)), BrowserMismatch);
    check(false, &format!("{cb}?error=access_denied&state=STATE"), BrowserRefused);
    check(false, &format!("{cb}?error=access_denied&state=other"), BrowserMismatch);
}

#[test]
fn a_callback_without_a_sign_in_is_refused() {
    let mut world = World::new();
    let pending = world.pending();
    let callback = format!("{BACK}?code=c&state=s");
    let error = back(&mut world, &pending, callback).unwrap_err();
    assert_eq!(error, ActivationError::BrowserMismatch);
}

#[test]
fn a_server_without_a_page_for_the_browser() {
    let mut world = World::new();
    world.server.metadata = json!({ "authorization_endpoint": null });
    let pending = world.pending();
    let session = BrowserSession::begin(&world.phone.flow, BACK);
    let url = world.run(async |_, server| session.url(server, &pending, None));
    assert_eq!(url.unwrap_err().code(), "answer_invalid");
}
