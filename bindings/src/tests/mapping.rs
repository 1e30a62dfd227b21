//! Nothing is lost or swapped on the way.
use muster_core::agent::Event as CoreEvent;
use muster_core::compliance::Signals;
use muster_core::config::{ManagedInput, Source};
use muster_core::http::{Method, Request};
use muster_core::ids::{Platform, ProfileId};
use muster_core::secret::Secret;
use muster_core::step::{Step as CoreStep, StepId};
use muster_core::time::{BootId, ElapsedMs, Now as CoreNow, WallMs};
use muster_core::vault::{Alias, Purpose, VaultOp as CoreOp, VaultOutcome as CoreOutcome};

use crate::{
    ConfigurationChannel, ConfigurationSource, ConfigurationTree, Event, Evidence, HttpHeader, Now,
    PasswordComplexity, SignalKind, SignalReading, Step, UnknownReason, VaultAnswer, VaultFailure,
    VaultOp, VaultOutcome,
};

#[test]
fn a_moment_keeps_its_three_parts() {
    let now = Now { wall_ms: 1, elapsed_ms: 2, boot_id: 3 };
    let core = CoreNow { wall: WallMs(1), elapsed: ElapsedMs(2), boot: BootId(3) };
    assert_eq!(CoreNow::from(now), core);
}

#[test]
fn steps() {
    let request = Request::new(Method::Report, "https://a.example/b")
        .header("Depth", "1")
        .header("Depth", "2")
        .body("text/xml", b"<a/>".to_vec());
    let timeouts = request.timeouts;
    let Step::Send { id: 7, request } = CoreStep::Send { id: StepId(7), request }.into() else {
        panic!()
    };
    assert_eq!((request.method.as_str(), request.url.as_str()), ("REPORT", "https://a.example/b"));
    let header = |name: &str, value: &str| HttpHeader { name: name.into(), value: value.into() };
    let headers = [header("Depth", "1"), header("Depth", "2"), header("Content-Type", "text/xml")];
    assert!(request.headers == headers, "in order, doubles included");
    assert_eq!(request.body, b"<a/>");
    assert_eq!(request.timeouts, timeouts);

    let until = ElapsedMs(i64::MAX);
    assert!(Step::from(CoreStep::Wait { until }) == Step::Wait { until_ms: i64::MAX });
    assert!(Step::from(CoreStep::Cancel { id: StepId(-1) }) == Step::Cancel { id: -1 });
    assert!(Step::from(CoreStep::Idle) == Step::Idle);
}

#[test]
fn vault_operations_and_their_outcomes() {
    let alias = Alias {
        profile: ProfileId::new("anna").unwrap(),
        purpose: Purpose::Contacts,
        number: u32::MAX,
    };
    let op = CoreOp::Wrap { alias, plaintext: Secret::new(vec![1, 2, 3]) };
    let VaultOp::Wrap { alias, plaintext } = op.into() else { panic!() };
    assert_eq!(alias.name, "muster.anna.contacts.4294967295");
    assert_eq!((alias.profile.as_str(), alias.number), ("anna", 4_294_967_295));
    assert_eq!(alias.purpose, Purpose::Contacts);
    assert_eq!(plaintext, [1, 2, 3]);

    let answer = VaultAnswer::Unwrapped { plaintext: vec![4, 5] };
    let core = CoreOutcome::from(VaultOutcome::Answer { answer });
    let plaintext = Secret::new(vec![4, 5]);
    assert_eq!(core, Ok(muster_core::vault::VaultAnswer::Unwrapped { plaintext }));
    for failure in [VaultFailure::Locked, VaultFailure::Busy, VaultFailure::Lost] {
        assert_eq!(CoreOutcome::from(VaultOutcome::Failure { failure }), Err(failure));
    }
}

#[test]
fn evidence_keeps_what_is_what() {
    let evidence = Evidence::Credentials { username: "u".into(), password: "p".into() };
    let event = Event::Activate { server_url: Some("https://a.example".into()), evidence };
    let Ok(CoreEvent::Activate { server_url: Some(server_url), evidence }) = event.try_into()
    else {
        panic!()
    };
    assert_eq!(server_url, "https://a.example");
    let expected = muster_core::activation::Evidence::Credentials {
        username: "u".into(),
        password: "p".into(),
    };
    assert_eq!(evidence, expected);
}

#[test]
fn signals_are_what_the_json_of_the_simulated_phone_says() {
    let json = r#"{ "screen_lock": { "value": true, "scope": "work_profile" }, "os_version": "15.1",
        "security_patch": "2025-06-05", "adb": false, "password_complexity": "high",
        "integrity": { "unknown": "too_old" }, "work_profile": "not_applicable" }"#;
    use SignalReading as Is;
    let scope = crate::LockScope::WorkProfile;
    let readings = [
        (SignalKind::ScreenLock, Is::Lock { set: true, scope }),
        (SignalKind::OsVersion, Is::Version { text: "15.1".into() }),
        (SignalKind::SecurityPatch, Is::Date { text: "2025-06-05".into() }),
        (SignalKind::Adb, Is::Flag { value: false }),
        (SignalKind::PasswordComplexity, Is::Complexity { grade: PasswordComplexity::High }),
        (SignalKind::Integrity, Is::Unknown { reason: UnknownReason::TooOld }),
        (SignalKind::WorkProfile, Is::NotApplicable),
    ];
    let Ok(CoreEvent::Signals(signals)) = (Event::Signals { readings: readings.into() }).try_into()
    else {
        panic!()
    };
    let expected = Signals::from_json(json, Platform::Android).unwrap();
    assert_eq!(signals.on(Platform::Android), expected);
}

#[test]
fn a_reading_that_makes_no_sense_is_unknown_and_costs_no_other() {
    let readings = [
        (SignalKind::OsVersion, SignalReading::Version { text: "VanillaIceCream".into() }),
        (SignalKind::SecurityPatch, SignalReading::Date { text: "2025-13-77".into() }),
        (SignalKind::Adb, SignalReading::Version { text: "1".into() }),
        (SignalKind::DeveloperOptions, SignalReading::Flag { value: true }),
    ];
    let signals = crate::map::signals(readings.into());
    let json = signals.to_json();
    for odd in ["os_version", "security_patch", "adb"] {
        assert_eq!(json[odd], serde_json::json!({ "unknown": "failed" }), "{odd}");
    }
    assert_eq!(json["developer_options"], true);
}

fn source(channel: ConfigurationChannel, json: &str) -> ConfigurationSource {
    ConfigurationSource { channel, tree: ConfigurationTree::Json { text: json.to_owned() } }
}

fn input(sources: Vec<ConfigurationSource>) -> ManagedInput {
    crate::map::managed_input(sources).unwrap()
}

#[test]
fn a_property_list_and_json_of_the_same_settings_are_the_same() {
    let plist = br#"<?xml version="1.0" encoding="UTF-8"?>
        <plist version="1.0"><dict><key>allow_sign_out</key><true/></dict></plist>"#;
    let list = ConfigurationSource {
        channel: ConfigurationChannel::Os,
        tree: ConfigurationTree::PropertyList { bytes: plist.to_vec() },
    };
    let json = source(ConfigurationChannel::Os, r#"{ "allow_sign_out": true }"#);
    assert_eq!(input(vec![list]), input(vec![json]));
}

#[test]
fn a_null_bundle_is_nothing_and_an_empty_one_is_a_configuration_without_settings() {
    let of = |json| input(vec![source(ConfigurationChannel::Os, json)]).trees[0].tree.clone();
    assert!(of("null").is_none());
    assert!(of("{}").is_some_and(|tree| tree.is_empty()));
    let absent = ConfigurationTree::Absent;
    let absent = vec![ConfigurationSource { channel: ConfigurationChannel::Os, tree: absent }];
    assert!(input(absent).trees[0].tree.is_none());
}

#[test]
fn admins_without_a_name_are_told_apart_whatever_their_order() {
    let nameless = || ConfigurationChannel::Admin { name: String::new() };
    let one = || source(nameless(), r#"{ "email": "a@example.org" }"#);
    let two = || source(nameless(), r#"{ "email": "b@example.org" }"#);
    let both = input(vec![one(), two()]);
    assert_eq!(both, input(vec![two(), one()]));
    let sources: Vec<Source> = both.trees.into_iter().map(|tree| tree.source).collect();
    assert_eq!(sources, [Source::Admin("admin-1".into()), Source::Admin("admin-2".into())]);
    let named = ConfigurationChannel::Admin { name: "com.example.dpc".into() };
    let named = input(vec![source(named, "{}")]);
    assert_eq!(named.trees[0].source, Source::Admin("com.example.dpc".into()));
}

#[test]
fn pending_is_seen_in_any_source() {
    let pending = source(ConfigurationChannel::Os, r#"{ "restrictions_pending": true }"#);
    assert!(input(vec![pending]).pending);
}
