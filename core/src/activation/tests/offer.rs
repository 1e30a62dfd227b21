//! What configurations offer for activation, whole and half.
use serde_json::{Value, json};

use super::choose::effective;
use crate::activation::{Evidence, EvidenceKind, Offer};
use crate::config::{Effective, Key};
use crate::secret::Secret;

const SERVER: &str = "https://m.example";

fn offered(managed: Value) -> Offer {
    Offer::of(&effective(&managed))
}

fn kind(managed: Value) -> EvidenceKind {
    match offered(managed) {
        Offer::Evidence(configured) => configured.evidence.kind(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn half_a_configuration_names_what_is_missing() {
    let missing = |json| match offered(json) {
        Offer::Incomplete { missing } => missing,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        missing(json!({"license_username": "u", "license_password": "p"})),
        [Key::ServerUrl]
    );
    assert_eq!(
        missing(json!({"server_url": SERVER, "license_username": "u"})),
        [Key::LicensePassword]
    );
    assert_eq!(
        missing(json!({"server_url": SERVER, "company_passcode": "c", "email": "{{mail}}"})),
        [Key::Email]
    );
    assert_eq!(missing(json!({"company_passcode": "c"})), [Key::ServerUrl, Key::Email]);
    assert_eq!(
        missing(json!({"server_url": SERVER, "email": "a@b.example"})),
        [Key::CompanyPasscode]
    );
    assert_eq!(missing(json!({"activation_code": "c"})), [Key::ServerUrl]);
    assert_eq!(missing(json!({"carddav_password": "c"})), [Key::CarddavUrl]);

    // The address of the person goes with anything, and begins a way only where nothing else does.
    assert_eq!(missing(json!({"email": "a@b.example"})), [Key::ServerUrl, Key::CompanyPasscode]);
    assert_eq!(
        missing(json!({"email": "a@b.example", "organization_code": "o"})),
        [Key::ServerUrl]
    );
    assert_eq!(
        missing(json!({"email": "a@b.example", "carddav_username": "u"})),
        [Key::CarddavUrl]
    );
    // What is there in full is not taken for half of another.
    assert_eq!(
        missing(json!({"license_username": "u", "license_password": "p", "company_passcode": "c"})),
        [Key::ServerUrl]
    );
    assert_eq!(
        missing(json!({"activation_code": "c", "license_username": "u"})),
        [Key::ServerUrl, Key::LicensePassword]
    );
}

#[test]
fn whole_configurations_say_how_to_get_in() {
    assert_eq!(offered(json!({"asset_tag": "x"})), Offer::Nothing);
    assert_eq!(offered(json!({"server_url": SERVER})), Offer::PersonSignsIn);
    let licence = json!({"server_url": SERVER, "license_username": "u", "license_password": "p"});
    assert_eq!(kind(licence), EvidenceKind::Credentials);
    let passcode = json!({"server_url": SERVER, "email": "a@b.example", "company_passcode": 1234});
    assert_eq!(kind(passcode), EvidenceKind::EmailPasscode);
    let organization =
        json!({"server_url": SERVER, "organization_code": "o", "email": "a@b.example"});
    assert_eq!(effective(&organization).text(Key::Email), Some("a@b.example"));
    assert_eq!(kind(organization), EvidenceKind::OrganizationCode);
    let code = json!({"server_url": SERVER, "activation_code": "o"});
    assert_eq!(kind(code), EvidenceKind::ActivationCode);
    match offered(json!({
        "carddav_url": "https://d.example/a", "carddav_username": "u", "carddav_password": "p",
        "contact_sources": [{"name": "B", "carddav_url": "https://d.example/b"}],
    })) {
        Offer::Standalone { sources } => {
            let urls: Vec<_> = sources.iter().map(|source| source.url.as_str()).collect();
            assert_eq!(urls, ["https://d.example/a", "https://d.example/b"]);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_strongest_evidence_comes_first_each_part_from_its_setting() {
    let everything = json!({
        "server_url": SERVER, "activation_code": "the code", "license_username": "the name",
        "license_password": "the password", "email": "the@address.example",
        "company_passcode": "the passcode", "organization_code": "the organisation",
    });
    let s = |text: &str| Secret::from(text);
    let expected = [
        (Evidence::ActivationCode { code: s("the code") }, "activation_code"),
        (
            Evidence::Credentials { username: s("the name"), password: s("the password") },
            "license_password",
        ),
        (
            Evidence::EmailPasscode {
                email: s("the@address.example"),
                passcode: s("the passcode"),
            },
            "company_passcode",
        ),
        (Evidence::OrganizationCode { code: s("the organisation") }, "organization_code"),
    ];
    let mut managed = everything;
    for (evidence, taken_away) in expected {
        let Offer::Evidence(configured) = offered(managed.clone()) else { panic!() };
        assert_eq!(configured.evidence, evidence);
        assert_eq!(configured.server, "https://m.example/");
        managed.as_object_mut().unwrap().remove(taken_away);
    }
    assert_eq!(Offer::of(&Effective::default()), Offer::Nothing);
}

#[test]
fn each_part_has_a_parameter_and_a_setting_of_its_own() {
    for kind in EvidenceKind::ALL {
        assert_eq!(kind.parameters().len(), kind.settings().len());
        for (at, key) in kind.settings().iter().enumerate() {
            assert!(!kind.settings()[..at].contains(key), "{key:?} twice");
        }
    }
}
