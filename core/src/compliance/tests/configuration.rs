//! From the payload that an admin wrote to rules and notices.
use serde_json::{Value, json};

use super::*;
use crate::config::{Inputs, LastGood, ManagedInput, Resolution, resolve};

fn resolved(mdm: Value, server: Value) -> Resolution {
    let mdm = ManagedInput::from_android_json(mdm.to_string().as_bytes()).unwrap();
    resolve(&Inputs {
        platform: Platform::Android,
        mdm: Some(&mdm),
        person: None,
        server: server.as_object(),
        individual: None,
        last_good: &LastGood::default(),
    })
}

fn rules_of(resolution: &Resolution) -> Vec<Rule> {
    rules_from_settings(&ComplianceSettings::from(&resolution.effective)).0
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
    let (version, lock) = (|text| Version::parse(text).unwrap(), Setting::Valid(true));
    assert_eq!(
        ComplianceSettings::from(&resolution.effective),
        ComplianceSettings {
            min_os_version: Setting::Valid(version("14")),
            max_patch_age_days: Setting::Valid(90),
            require_screen_lock: lock,
            min_password_complexity: Setting::Valid(Complexity::Medium),
            require_encryption: lock,
            forbid_developer_options: lock,
            forbid_debugging: lock,
            require_work_profile: Setting::Valid(false),
            min_app_version: Setting::Valid(version("1.4")),
            noncompliance_action: Setting::Valid(Action::Lock),
            noncompliance_grace: Setting::Valid(Grace::hours(48)),
        }
    );
    assert_eq!(rules_of(&resolution).len(), 8);
    assert_eq!(notices_from_configuration(&resolution), []);
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
    let settings = ComplianceSettings::from(&resolution.effective);
    assert_eq!(settings.noncompliance_grace, Setting::Valid(Grace::DEFAULT));
    assert_eq!(settings.noncompliance_action, Setting::Valid(Action::None));
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
    phone.notices.extend(rules_from_settings(&(&resolution.effective).into()).1);
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
    phone.notices.extend(rules_from_settings(&(&resolution.effective).into()).1);
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
