//! Which evidence is tried by itself: each reason to try it, and each not to.
use serde_json::{Value, json};

use crate::activation::{
    Choice, Configured, Evidence, EvidenceMark, Inputs, Objection, Refusal, choose, proves_itself,
};
use crate::config::{self, Effective, LastGood, ManagedInput};
use crate::ids::Platform;
use crate::licence::Phase;
use crate::secret::Secret;
use crate::time::{DAY_MS, WallMs};

const SERVER: &str = "https://muster.example/";
/// The same, as an issuer is written.
const ISSUER: &str = "https://muster.example";
const KEY: [u8; 32] = [7; 32];
const NOW: WallMs = WallMs(1_700_000_000_000);

pub(super) fn effective(managed: &Value) -> Effective {
    let managed = ManagedInput::from_android_json(managed.to_string().as_bytes()).unwrap();
    let inputs = config::Inputs {
        platform: Platform::Android,
        mdm: Some(&managed),
        person: None,
        server: None,
        individual: None,
        last_good: &LastGood::default(),
    };
    config::resolve(&inputs).effective
}

/// A configuration with a licence of its own, and `more`.
fn licence(more: &Value) -> Effective {
    let mut managed =
        json!({ "server_url": SERVER, "license_username": "anna", "license_password": "pw" });
    for (name, value) in more.as_object().unwrap() {
        managed[name] = value.clone();
    }
    effective(&managed)
}

fn evidence() -> Evidence {
    Evidence::Credentials { username: Secret::from("anna"), password: Secret::from("pw") }
}

fn inputs(phase: Phase, effective: &Effective) -> Inputs<'_> {
    Inputs {
        phase,
        effective,
        is_unfinished: false,
        in_use: None,
        refusal: None,
        mark_key: &KEY,
        now: NOW,
    }
}

fn never(_: &Evidence) -> bool {
    false
}

fn tried(choice: Choice) -> Option<Evidence> {
    match choice {
        Choice::Try(candidate) => {
            assert_eq!(candidate.server.as_str(), ISSUER);
            assert_eq!(candidate.link_key, None);
            Some(candidate.evidence)
        }
        Choice::Problem(_) | Choice::Nothing => None,
    }
}

#[test]
fn a_phone_that_is_not_in_shows_what_the_configuration_has() {
    let effective = licence(&json!({}));
    for phase in [Phase::Unlicensed, Phase::Activating, Phase::NotRequired, Phase::Reauthenticate] {
        let choice = choose(&inputs(phase, &effective), never);
        assert_eq!(tried(choice), Some(evidence()), "{phase:?}");
    }
}

#[test]
fn each_way_in_is_read_off_the_settings() {
    let ways = [
        (json!({ "activation_code": "C" }), "activation_code"),
        (json!({ "license_username": "anna", "license_password": "pw" }), "credentials"),
        (json!({ "email": "anna@a.example", "company_passcode": "123" }), "email_passcode"),
        (json!({ "organization_code": "ACME" }), "organization_code"),
    ];
    for (mut managed, kind) in ways {
        managed["server_url"] = SERVER.into();
        let configured = Configured::read(&effective(&managed)).unwrap();
        assert_eq!(configured.evidence.kind().as_str(), kind);
        assert_eq!(configured.server, SERVER);
    }
    for nothing in [json!({}), json!({ "server_url": SERVER }), json!({ "carddav_url": SERVER })] {
        assert_eq!(Configured::read(&effective(&nothing)), None, "{nothing}");
    }
}

#[test]
fn a_phone_that_is_erased_or_on_its_way_there_shows_nothing() {
    let effective = licence(&json!({}));
    for phase in [Phase::Erasing, Phase::Erased] {
        assert_eq!(choose(&inputs(phase, &effective), never), Choice::Nothing, "{phase:?}");
    }
}

#[test]
fn an_active_phone_shows_only_what_is_new() {
    let effective = licence(&json!({}));
    let same = EvidenceMark::of(&evidence(), &KEY);
    let other = EvidenceMark::of(&Evidence::Browser, &KEY);
    let with = |in_use| Inputs { in_use, ..inputs(Phase::Active, &effective) };
    assert_eq!(choose(&with(Some((&same, ISSUER))), never), Choice::Nothing);
    assert!(tried(choose(&with(Some((&other, ISSUER))), never)).is_some(), "other evidence");
    let moved = with(Some((&same, "https://elsewhere.example")));
    assert!(tried(choose(&moved, never)).is_some(), "another server");
    let again = Inputs { phase: Phase::Reauthenticate, ..with(Some((&same, ISSUER))) };
    assert!(tried(choose(&again, never)).is_some(), "the server wants proof");
}

#[test]
fn half_a_configuration_or_one_that_wants_a_tap_waits() {
    let whole = licence(&json!({}));
    let unfinished = Inputs { is_unfinished: true, ..inputs(Phase::Unlicensed, &whole) };
    assert_eq!(choose(&unfinished, never), Choice::Nothing);
    let by_hand = licence(&json!({ "auto_activate": false }));
    assert_eq!(choose(&inputs(Phase::Unlicensed, &by_hand), never), Choice::Nothing);
}

#[test]
fn what_was_refused_rests_for_a_day_and_what_is_new_does_not() {
    let effective = licence(&json!({}));
    let refusal = |evidence: &Evidence| Refusal {
        mark: EvidenceMark::of(evidence, &KEY),
        code: "unknown_credentials".to_owned(),
        at: NOW,
    };
    let same = refusal(&evidence());
    let mut inputs = Inputs { refusal: Some(&same), ..inputs(Phase::Unlicensed, &effective) };
    let code = "unknown_credentials".to_owned();
    let server = SERVER.to_owned();
    let objection = Objection::RefusedBefore { code, server };
    assert_eq!(choose(&inputs, never), Choice::Problem(objection.clone()));
    assert!(!proves_itself(&effective, Some(&same), &KEY));
    inputs.now = NOW.plus_ms(DAY_MS - 1);
    assert_eq!(choose(&inputs, never), Choice::Problem(objection));
    inputs.now = NOW.plus_ms(DAY_MS);
    assert!(tried(choose(&inputs, never)).is_some());

    let other = refusal(&Evidence::Browser);
    inputs.now = NOW;
    inputs.refusal = Some(&other);
    assert!(tried(choose(&inputs, never)).is_some());
    assert!(proves_itself(&effective, Some(&other), &KEY));
}

#[test]
fn what_an_erase_put_aside_is_not_shown_and_asked_about_last() {
    let whole = licence(&json!({}));
    let choice = choose(&inputs(Phase::Unlicensed, &whole), |shown| *shown == evidence());
    assert_eq!(choice, Choice::Problem(Objection::ErasedBefore));
    let unread = licence(&json!({ "policy_key_thumbprints": "no thumbprint" }));
    let choice = choose(&inputs(Phase::Unlicensed, &unread), |_| panic!("asked for nothing"));
    assert_eq!(choice, Choice::Problem(Objection::UnreadableTrust));
}

#[test]
fn marks_differ_by_evidence_and_by_phone() {
    let mark = EvidenceMark::of(&evidence(), &KEY);
    assert_eq!(mark, EvidenceMark::of(&evidence(), &KEY));
    assert_ne!(mark, EvidenceMark::of(&evidence(), &[8; 32]));
    assert_ne!(mark, EvidenceMark::of(&Evidence::Browser, &KEY));
    assert!(!serde_json::to_string(&mark).unwrap().contains("anna"));
}
