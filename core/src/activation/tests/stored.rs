//! What is sealed comes back as it was, and nothing secret is ever printed.
use proptest::prelude::*;

use crate::activation::tests::{PASSWORD, credentials};
use crate::activation::{BrowserSession, Evidence, EvidenceKind, PendingActivation, Pkce};
use crate::management::Grant;
use crate::management::tests::{ACCESS, REFRESH, World};
use crate::secret::Secret;

fn whole(world: &World) -> PendingActivation {
    PendingActivation {
        link_key: Some(*world.key.thumbprint()),
        auth_session: Some(Secret::from("canary-session")),
        one_time_code: Some(Secret::from("canary-otp")),
        browser: Some(BrowserSession {
            state: Secret::from("canary-state"),
            redirect_uri: "https://go.example/cb".into(),
        }),
        ..world.pending()
    }
}

#[test]
fn rfc_7636_appendix_b() {
    let pkce = Pkce::from_entropy([
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37,
        77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ]);
    assert_eq!(pkce.verifier(), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_eq!(pkce.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn pending_activations_and_grants_come_back_as_they_were() {
    let mut world = World::new();
    for pending in [whole(&world), world.pending()] {
        let bytes = pending.to_bytes();
        assert_eq!(PendingActivation::from_bytes(bytes.expose()), Ok(pending));
    }
    let mut grant = world.activate();
    for session in [None, Some(Secret::from("s"))] {
        grant.auth_session = session;
        assert_eq!(Grant::from_bytes(grant.to_bytes().expose()).as_ref(), Ok(&grant));
    }
}

#[test]
fn cut_or_lengthened_bytes_are_not_read() {
    let mut world = World::new();
    let pending = whole(&world).to_bytes();
    let grant = world.activate().to_bytes();
    for (bytes, reads) in [
        (pending.expose(), (|b| PendingActivation::from_bytes(b).is_ok()) as fn(&[u8]) -> bool),
        (grant.expose(), |b| Grant::from_bytes(b).is_ok()),
    ] {
        assert!(reads(bytes));
        for length in 0..bytes.len() {
            assert!(!reads(&bytes[..length]), "{length}");
        }
        assert!(!reads(&[bytes, &[0][..]].concat()));
        let mut newer = bytes.clone();
        newer[0] = 2;
        assert!(!reads(&newer));
    }
}

#[test]
fn evidence_is_told_apart_by_its_fingerprint() {
    let s = |text: &str| Secret::from(text);
    let all = [
        credentials(),
        Evidence::Credentials { username: s("canary-use"), password: s("rcanary-password") },
        Evidence::EmailPasscode { email: s("canary-user"), passcode: s(PASSWORD) },
        Evidence::OrganizationCode { code: s("x") },
        Evidence::ActivationCode { code: s("x") },
        Evidence::Browser,
    ];
    for (i, a) in all.iter().enumerate() {
        assert_eq!(Evidence::from_bytes(a.to_bytes().expose()).as_ref(), Ok(a));
        for b in &all[i + 1..] {
            assert_ne!(a.fingerprint_bytes(), b.fingerprint_bytes());
        }
    }
}

#[test]
fn the_sealed_form_of_evidence_never_changes() {
    let field = |text: &str| [&(text.len() as u32).to_be_bytes()[..], text.as_bytes()].concat();
    let check = |evidence: Evidence, fields: &[&str]| {
        let mut expect = vec![1];
        fields.iter().for_each(|text| expect.extend(field(text)));
        assert_eq!(evidence.to_bytes().expose(), &expect);
    };
    let s = |text: &str| Secret::from(text);
    let credentials = Evidence::Credentials { username: s("u"), password: s("p") };
    check(credentials, &["credentials", "u", "p"]);
    let passcode = Evidence::EmailPasscode { email: s("e"), passcode: s("p") };
    check(passcode, &["email_passcode", "e", "p"]);
    check(Evidence::OrganizationCode { code: s("c") }, &["organization_code", "c"]);
    check(Evidence::ActivationCode { code: s("c") }, &["activation_code", "c"]);
    check(Evidence::Browser, &["browser"]);
}

#[test]
fn evidence_is_made_of_exactly_the_parameters_of_its_kind() {
    let made = |names: &[&str]| {
        let given: Vec<_> = names.iter().map(|name| (*name, Secret::from(*name))).collect();
        Evidence::from_parameters(&given)
    };
    for kind in EvidenceKind::ALL {
        assert_eq!(EvidenceKind::from_token(kind.as_str()), Some(*kind));
        let names = kind.parameters();
        let evidence = made(names).unwrap();
        assert_eq!(evidence.kind(), *kind);
        let pairs: Vec<_> = names.iter().map(|name| (*name, *name)).collect();
        assert_eq!(evidence.parameters(), pairs, "each part in its own parameter");
        let backwards: Vec<_> = names.iter().rev().copied().collect();
        assert_eq!(made(&backwards), Some(evidence), "in any order");
    }
    assert_eq!(made(&["username"]), None, "half of it");
    assert_eq!(made(&["username", "password", "login_hint"]), None, "more than one kind has");
    assert_eq!(made(&["username", "username"]), None, "one part twice");
    assert_eq!(made(&["moon"]), None);
}

#[test]
fn nothing_secret_is_printed() {
    let mut world = World::new();
    let pending = whole(&world);
    let verifier = pending.pkce.verifier().to_owned();
    let grant = world.activate();
    let printed = format!("{pending:?} {grant:?} {:?} {:?}", world.memory, credentials());
    for secret in [&verifier, ACCESS, REFRESH, PASSWORD, "canary"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

/// Flows run on lanes that may be on any thread.
#[test]
fn flows_can_move_between_threads() {
    fn is_send<T: Send>(_: &T) {}
    let mut world = World::new();
    let grant = world.activate();
    let pending = world.pending();
    world.run(async |flow, server| {
        is_send(&crate::activation::redeem(flow, server, &pending, &serde_json::json!({}), &[]));
        is_send(&crate::management::refresh(flow, server, &grant));
        is_send(&crate::management::revoke(flow, server, &grant));
        is_send(&crate::management::status(flow, server, &grant));
        is_send(&crate::policy::check(flow, server, &grant, None, None, flow.now().wall));
        is_send(&crate::report::push(flow, server, None, &serde_json::json!({})));
    });
}

proptest! {
    #[test]
    fn evidence_of_any_text_comes_back(a in ".{0,40}", b in ".{0,40}") {
        let evidence = Evidence::EmailPasscode { email: Secret::new(a), passcode: Secret::new(b) };
        prop_assert_eq!(Evidence::from_bytes(evidence.to_bytes().expose()), Ok(evidence));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
        let _ = Evidence::from_bytes(&bytes);
        let _ = Grant::from_bytes(&bytes);
        let _ = PendingActivation::from_bytes(&bytes);
        let framed = [&[1][..], &bytes].concat();
        let _ = Evidence::from_bytes(&framed);
        let _ = Grant::from_bytes(&framed);
    }
}
