//! From the payload that an admin wrote to rules and notices.
use serde_json::{Value, json};

use super::*;
use crate::compliance::signals::Shape;
use crate::config::schema::{Group, Type};
use crate::config::{Key, Resolution};
fn resolved(mdm: Value, server: Value) -> Resolution {
    resolution(&mdm, server.as_object())
}

fn rules_of(resolution: &Resolution) -> Vec<Rule> {
    rules_from_settings(&resolution.effective).0
}

#[test]
fn a_payload_becomes_rules() {
    let resolution = resolved(
        json!({
            "min_os_version": "14", "max_patch_age_days": "90", "require_screen_lock": "true",
            "min_password_complexity": "medium", "require_encryption": true,
            "forbid_developer_options": 1, "forbid_debugging": true, "require_work_profile": false,
            "min_app_version": "1.4", "noncompliance_action": "lock",
            "noncompliance_grace_hours": 48,
        }),
        json!({}),
    );
    let version = |text| Demand::AtLeastVersion(Version::parse(text).unwrap());
    let (rules, notices) = rules_from_settings(&resolution.effective);
    let demands: Vec<_> = rules.iter().map(|rule| (rule.id.as_str(), &rule.demand)).collect();
    assert_eq!(
        demands,
        [
            ("min_os_version", &version("14")),
            ("max_patch_age_days", &Demand::MaxAgeDays(90)),
            ("require_screen_lock", &Demand::Is(true)),
            ("min_password_complexity", &Demand::AtLeastComplexity(Complexity::Medium)),
            ("require_encryption", &Demand::Is(true)),
            ("forbid_developer_options", &Demand::Is(false)),
            ("forbid_debugging", &Demand::Is(false)),
            ("min_app_version", &version("1.4")),
        ],
        "and nothing is demanded of the work profile"
    );
    assert!(rules.iter().all(|rule| rule.action == Action::Lock));
    assert!(rules.iter().all(|rule| rule.grace == Grace::hours(48)));
    assert_eq!(notices, []);
    assert_eq!(notices_from_configuration(&resolution), []);
}

/// Why the table of signals is not what the settings of the compliance group ask of it.
fn fault(key: Key, demands: &[(Key, SignalKind)]) -> Option<String> {
    let signals: Vec<SignalKind> =
        demands.iter().filter(|row| row.0 == key).map(|row| row.1).collect();
    let [signal] = signals[..] else {
        return Some(format!("{} signals are demanded by {key:?}", signals.len()));
    };
    let setting = key.setting();
    let fits = match signal.shape() {
        Shape::Flag { .. } => setting.kind == Type::Bool,
        Shape::Complexity => matches!(setting.kind, Type::Choice(_)),
        Shape::Version => setting.kind == Type::Version,
        Shape::Date => matches!(setting.kind, Type::Int { .. }),
    };
    if !fits {
        return Some(format!("{key:?} is of another type than {signal:?}"));
    }
    let anywhere = [Platform::Android, Platform::Ios];
    let elsewhere = |platform: &Platform| {
        setting.only_on.is_none_or(|only| only == *platform) && !signal.exists_on(*platform)
    };
    let platform = anywhere.iter().find(|platform| elsewhere(platform))?;
    Some(format!("{key:?} can be set on {platform:?}, where there is no {signal:?}"))
}

#[test]
fn every_setting_of_the_group_makes_a_rule() {
    let consequences = [Key::NoncomplianceAction, Key::NoncomplianceGraceHours];
    let demands = SignalKind::demands();
    let of_group = |key: &Key| key.setting().group == Group::Compliance;
    for key in Key::ALL.into_iter().filter(of_group).filter(|key| !consequences.contains(key)) {
        assert_eq!(fault(key, &demands), None);
    }
    assert!(demands.iter().all(|(key, _)| of_group(key)));
}

#[test]
fn the_control_finds_a_setting_without_a_rule_of_its_own() {
    let wrong = |key, signal| fault(key, &[(key, signal)]).is_some();
    assert!(fault(Key::RequireScreenLock, &[]).is_some(), "nothing is demanded");
    assert!(wrong(Key::MinOsVersion, SignalKind::ScreenLock), "of another type");
    assert!(wrong(Key::RequireScreenLock, SignalKind::Adb), "not on iOS");
    assert!(!wrong(Key::ForbidDebugging, SignalKind::Adb));
}

#[test]
fn a_setting_without_an_effect_yet_bothers_no_person() {
    let set = json!({ "log_level": "debug", "contacts_mode": "directory", "job_title": "Nurse" });
    let resolution = resolved(set.clone(), set);
    let noted =
        resolution.entries.iter().filter(|e| e.notes.iter().any(|n| n.what.is_planned())).count();
    assert_eq!(noted, 3, "control: the admin is told");
    assert_eq!(notices_from_configuration(&resolution), []);
}

#[test]
fn an_empty_payload_makes_no_rule_and_the_defaults_agree() {
    let resolution = resolved(json!({}), json!({}));
    assert_eq!(rules_of(&resolution), []);
    let rules = rules_of(&resolved(json!({ "require_screen_lock": true }), json!({})));
    assert_eq!((rules[0].grace, rules[0].action), (Grace::DEFAULT, Action::None));
    assert!(resolution.effective.is_set(Key::NoncomplianceGraceHours), "the table's, not ours");
    assert!(resolution.effective.is_set(Key::NoncomplianceAction));
}

#[test]
fn a_typing_mistake_warns_and_locks_nobody() {
    let resolution = resolved(
        json!({
            "min_os_version": "fourteen", "require_screen_lock": "maybe",
            "noncompliance_action": "explode", "companypasscode": "x", "moon": 1,
        }),
        json!({}),
    );
    let rules = rules_of(&resolution);
    let names: Vec<_> = rules.iter().map(|rule| (rule.id.as_str(), rule.action)).collect();
    assert_eq!(names, [("require_screen_lock", Action::None)], "a boolean takes its strict value");

    let mut phone = Phone::with(rules);
    phone.notices = notices_from_configuration(&resolution);
    phone.notices.extend(rules_from_settings(&resolution.effective).1);
    phone.has(r#"{"screen_lock": true}"#);
    assert_eq!(
        ids(&phone.check()),
        [
            "setting.min_os_version",
            "setting.noncompliance_action",
            "setting.require_screen_lock",
            "setting_unknown.companypasscode",
            "setting_unknown.moon",
        ]
    );
}

#[test]
fn a_placeholder_is_called_one() {
    let resolution = resolved(json!({ "min_os_version": "{{osversion}}" }), json!({}));
    let mut phone = Phone::with(rules_of(&resolution));
    phone.notices = notices_from_configuration(&resolution);
    phone.notices.extend(rules_from_settings(&resolution.effective).1);
    let evaluation = phone.check();
    assert_eq!(ids(&evaluation), ["setting.min_os_version"]);
    let words = view(&evaluation, phone.now, Language::En);
    assert_eq!(words.title, "A setting of your organisation was not filled in");
}

#[test]
fn a_mistake_on_the_server_does_not_loosen_what_the_mdm_set() {
    let mdm = json!({ "min_os_version": "14", "noncompliance_action": "lock" });
    let server = json!({ "min_os_version": "fifteen", "noncompliance_action": "explode" });
    let resolution = resolved(mdm, server);
    let rules = rules_of(&resolution);
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].action, Action::Lock);
    assert_eq!(rules[0].demand, Demand::AtLeastVersion(Version::parse("14").unwrap()));
    let unreadable = |key: &str| Notice::SettingUnreadable { key: key.into() };
    assert_eq!(
        notices_from_configuration(&resolution),
        [unreadable("min_os_version"), unreadable("noncompliance_action")]
    );
}
