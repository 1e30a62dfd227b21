//! Signals and rules as they arrive.
use serde_json::{Value, json};

use super::*;

fn signals(json: Value) -> Result<Signals, SignalsError> {
    Signals::from_json(&json.to_string(), Platform::Android)
}

#[test]
fn one_member_per_signal() {
    let check = |kind: SignalKind, value: Value, expect: Signal| {
        let read = signals(json!({ kind.as_str(): value })).unwrap();
        assert_eq!(read.get(kind), expect, "{value}");
        let again = Signals::from_json(&read.to_json().to_string(), Platform::Android).unwrap();
        assert_eq!(again, read, "written and read again: {value}");
    };
    let known = Signal::Known;
    let lock = |set, scope| known(SignalValue::Lock { set, scope });
    check(SignalKind::ScreenLock, json!(true), lock(true, LockScope::Device));
    check(
        SignalKind::ScreenLock,
        json!({ "value": false, "scope": "work_profile" }),
        lock(false, LockScope::WorkProfile),
    );
    check(SignalKind::ScreenLock, json!({ "value": true }), lock(true, LockScope::Device));
    check(
        SignalKind::PasswordComplexity,
        json!("medium"),
        known(SignalValue::Complexity(Complexity::Medium)),
    );
    check(
        SignalKind::PasswordComplexity,
        json!({ "unknown": "too_old" }),
        Signal::Unknown(UnknownReason::TooOld),
    );
    check(
        SignalKind::OsVersion,
        json!("15"),
        known(SignalValue::Version(Version::parse("15").unwrap())),
    );
    check(
        SignalKind::SecurityPatch,
        json!("2024-02-29"),
        known(SignalValue::Date(PatchDate::parse("2024-02-29").unwrap())),
    );
    for (status, encrypted) in [
        (json!(true), true),
        (json!("active"), true),
        (json!("active_default_key"), true),
        (json!("active_per_user"), true),
        (json!("activating"), false),
        (json!("inactive"), false),
        (json!("unsupported"), false),
    ] {
        check(SignalKind::StorageEncryption, status, known(SignalValue::Flag(encrypted)));
    }
    check(SignalKind::Adb, json!(false), known(SignalValue::Flag(false)));
    check(SignalKind::WorkProfile, json!("not_applicable"), Signal::NotApplicable);
    check(
        SignalKind::Integrity,
        json!({ "unknown": "moon" }),
        Signal::Unknown(UnknownReason::Other),
    );
    assert_eq!(Signals::new().get(SignalKind::Adb), Signal::Unknown(UnknownReason::NotCollected));
}

#[test]
fn an_error_names_the_member() {
    let check = |json: Value, expect: &str| {
        assert_eq!(signals(json).unwrap_err().to_string(), expect);
    };
    check(json!({ "screenlock": true }), "`screenlock`: there is no such signal");
    check(json!({ "adb": "yes" }), "`adb`: expected true or false");
    check(json!({ "adb": null }), "`adb`: expected true or false");
    check(json!({ "adb": "active" }), "`adb`: expected true or false");
    check(json!({ "screen_lock": 1 }), "`screen_lock`: expected true, false or {value, scope}");
    check(
        json!({ "screen_lock": { "value": true, "scope": "car" } }),
        "`screen_lock`: expected true, false or {value, scope}",
    );
    check(
        json!({ "os_version": 15 }),
        "`os_version`: expected a version as text, such as \"17.10\"",
    );
    check(
        json!({ "security_patch": "2025-02-30" }),
        "`security_patch`: expected a date such as \"2025-06-05\"",
    );
    check(
        json!({ "password_complexity": "strong" }),
        "`password_complexity`: expected none, low, medium or high",
    );
    check(
        json!({ "integrity": { "unknown": 3 } }),
        "`integrity`: expected a reason as text in `unknown`",
    );
    check(json!([]), "not a JSON object");
    let broken = Signals::from_json("{\n\"adb\" true}", Platform::Android).unwrap_err();
    assert_eq!(broken.to_string(), "not JSON: line 2, column 7");
}

#[test]
fn a_value_of_the_wrong_form_counts_as_unknown() {
    let mut signals = Signals::new();
    signals.set(SignalKind::Adb, Signal::Known(SignalValue::Complexity(Complexity::High)));
    assert_eq!(signals.get(SignalKind::Adb), Signal::Unknown(UnknownReason::Failed));
}

#[test]
fn ios_says_nothing_of_what_it_does_not_have() {
    let of_shell = Signals::new().with(SignalKind::ScreenLock, SignalValue::Flag(true));
    let on_ios = of_shell.on(Platform::Ios);
    for kind in [
        SignalKind::PasswordComplexity,
        SignalKind::SecurityPatch,
        SignalKind::DeveloperOptions,
        SignalKind::Adb,
        SignalKind::WorkProfile,
        SignalKind::OrganizationOwned,
        SignalKind::BackgroundAllowed,
    ] {
        assert_eq!(on_ios.get(kind), Signal::NotApplicable, "{kind:?}");
    }
    let not_said = Signal::Unknown(UnknownReason::NotCollected);
    assert_eq!(on_ios.get(SignalKind::BackgroundAppRefresh), not_said);
}

#[test]
fn storage_is_encrypted_on_ios_where_there_is_a_passcode() {
    let check = |passcode: Signal, expect: Signal| {
        let mut signals = Signals::new();
        signals.set(SignalKind::ScreenLock, passcode);
        assert_eq!(signals.on(Platform::Ios).get(SignalKind::StorageEncryption), expect);
    };
    let lock = |set| Signal::Known(SignalValue::Lock { set, scope: LockScope::Device });
    let flag = |set| Signal::Known(SignalValue::Flag(set));
    let unknown = Signal::Unknown(UnknownReason::Failed);
    check(lock(true), flag(true));
    check(lock(false), flag(false));
    check(unknown.clone(), unknown);
}

#[test]
fn tokens_are_those_of_the_stored_form() {
    for kind in SignalKind::all() {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert_eq!(SignalKind::from_token(kind.as_str()), Some(kind));
    }
}

#[test]
fn days_are_counted_from_midnight_utc() {
    let date = PatchDate::parse("2025-12-31").unwrap();
    assert_eq!(date.start(), START.plus_ms(-DAY_MS));
    assert_eq!(date.age_days(START), 1);
    assert_eq!(date.age_days(START.plus_ms(-1)), 0);
    assert_eq!(date.age_days(START.plus_ms(-DAY_MS - 1)), -1);
    assert_eq!(date.to_string(), "2025-12-31");
    for bad in ["", "2025-13-01", "2025-1-1", "2025-12-31T00", "31.12.2025", "20251231"] {
        assert_eq!(PatchDate::parse(bad), None, "{bad}");
    }
}

#[test]
fn a_rule_with_everything() {
    let read = rule(json!({
        "id": "patches", "signal": "security_patch", "op": "max_age_days", "value": 90,
        "severity": "require", "grace_s": 3600, "action": "hide_contacts",
        "reason": { "en": " Old phones were broken into. ", "DE": "Alt", "sv": "" },
        "unknown": { "severity": "warn", "after_s": 60 },
    }));
    assert_eq!(
        read,
        Rule {
            id: "patches".into(),
            source: Source::Server,
            signal: SignalKind::SecurityPatch,
            demand: Demand::MaxAgeDays(90),
            severity: Severity::Require,
            grace: Grace::seconds(3600),
            action: Action::HideContacts,
            reason: [("en", "Old phones were broken into."), ("de", "Alt")]
                .map(|(l, t)| (l.to_owned(), t.to_owned()))
                .into(),
            unknown: WhenUnknown::Warn { after: Grace::seconds(60) },
        }
    );
    let least = rule(json!({
        "id": "x", "signal": "adb", "op": "is", "value": false, "severity": "warn"
    }));
    assert_eq!((least.grace, least.action), (Grace::DEFAULT, Action::None));
    assert_eq!(least.unknown, WhenUnknown::Warn { after: Grace::hours(168) });
}

#[test]
fn every_signal_can_be_asked_for() {
    let check = |signal: &str, op: &str, value: Value, expect: Demand| {
        let json =
            json!({ "id": "x", "signal": signal, "op": op, "value": value, "severity": "warn" });
        assert_eq!(rule(json).demand, expect, "{signal}");
    };
    for (signal, good) in [
        ("screen_lock", true),
        ("storage_encryption", true),
        ("developer_options", false),
        ("adb", false),
        ("work_profile", true),
        ("organization_owned", true),
        ("background_allowed", true),
        ("background_app_refresh", true),
        ("caller_id_enabled", true),
        ("integrity", true),
    ] {
        check(signal, "is", json!(good), Demand::Is(good));
        check(signal, "eq", json!(good), Demand::Is(good));
    }
    let version = || Version::parse("17.10").unwrap();
    check("os_version", "at_least", json!("17.10"), Demand::AtLeastVersion(version()));
    check("app_version", ">=", json!("17.10"), Demand::AtLeastVersion(version()));
    check(
        "password_complexity",
        "at_least",
        json!("high"),
        Demand::AtLeastComplexity(Complexity::High),
    );
    let date = PatchDate::parse("2025-06-05").unwrap();
    check("security_patch", "at_least", json!("2025-06-05"), Demand::NotBefore(date));
    check("security_patch", "max_age_days", json!(0), Demand::MaxAgeDays(0));
}

#[test]
fn an_unreadable_rule_is_named_and_the_others_stay() {
    let good =
        json!({ "id": "ok", "signal": "adb", "op": "is", "value": false, "severity": "warn" });
    let check = |change: Value, expect: &str| {
        let mut bad = json!({
            "id": "bad", "signal": "screen_lock", "op": "is", "value": true, "severity": "require"
        });
        for (member, value) in change.as_object().unwrap() {
            bad[member] = value.clone();
        }
        let read = rules_from_policy(&[bad, good.clone()]);
        assert_eq!(read.rules.len(), 1, "{change}");
        let problem = &read.problems[0];
        assert_eq!(format!("{}: {}", problem.id, problem.error), expect);
    };
    check(json!({ "id": null }), "#1: `id` is missing");
    check(json!({ "id": 7 }), "#1: `id` must be text");
    check(json!({ "id": "a".repeat(65) }), "#1: `id` must be 1 to 64 characters");
    check(json!({ "signal": null }), "bad: `signal` is missing");
    check(json!({ "signal": "moon" }), "bad: there is no signal `moon`");
    check(json!({ "op": "like" }), "bad: there is no operator `like`");
    check(json!({ "op": "at_least" }), "bad: `at_least` can't be asked of `screen_lock`");
    check(json!({ "value": null }), "bad: `value` is missing");
    check(json!({ "value": false }), "bad: `value` must be true");
    check(json!({ "value": "true" }), "bad: `value` must be true");
    check(json!({ "severity": null }), "bad: `severity` is missing");
    check(json!({ "severity": "high" }), "bad: `severity` must be inform, warn or require");
    check(json!({ "action": "wipe" }), "bad: `action` must be none, hide_contacts or lock");
    check(json!({ "grace_s": -1 }), "bad: `grace_s` must be whole seconds, at most 31536000");
    check(
        json!({ "grace_s": 31_536_001 }),
        "bad: `grace_s` must be whole seconds, at most 31536000",
    );
    check(json!({ "reason": "because" }), "bad: `reason` must be texts by language");
    check(
        json!({ "unknown": "require" }),
        "bad: `unknown` must be \"ignore\", \"warn\" or {severity: \"warn\", after_s}",
    );
    let read = rules_from_policy(&[json!(null), good.clone()]);
    assert_eq!(read.problems, [RuleProblem { id: "#1".into(), error: RuleError::NotAnObject }]);
    assert!(read.notices().eq([Notice::RuleUnreadable { rule: "#1".into() }]));
    assert_eq!(read.rules.len(), 1);
}

#[test]
fn what_is_put_right_by_itself_is_noted() {
    let read = rules_from_policy(&[
        json!({ "id": "a", "signal": "adb", "op": "is", "value": false, "severity": "warn",
                "action": "lock", "colour": "red" }),
        json!({ "id": "a", "signal": "integrity", "op": "is", "value": true,
                "severity": "require", "action": "lock" }),
    ]);
    assert_eq!(read.problems, []);
    assert_eq!(read.rules[0].severity, Severity::Require);
    let ids: Vec<_> = read.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(ids, ["a", "a#2"]);
    let (rule, member) = ("a".to_owned(), "colour".to_owned());
    assert_eq!(
        read.notes,
        [
            RuleNote::UnknownMember { rule: rule.clone(), member },
            RuleNote::RaisedToRequire { rule: rule.clone() },
            RuleNote::OnlyAGuess { rule: rule.clone() },
            RuleNote::DuplicateId { rule, renamed: "a#2".into() },
        ]
    );
}

#[test]
fn too_many_rules_are_cut_off_and_said_so() {
    let one = |id| json!({ "id": format!("r{id}"), "signal": "adb", "op": "is", "value": false, "severity": "warn" });
    let read = rules_from_policy(&(0..250).map(one).collect::<Vec<_>>());
    assert_eq!(read.rules.len(), 200);
    assert_eq!(read.problems, [RuleProblem { id: "#201".into(), error: RuleError::TooMany }]);
}
