//! Which rules are in force when several speak of one thing.
use serde_json::json;

use super::*;
use crate::config::Effective;

fn mdm(least: &str, action: Action, hours: u32) -> Rule {
    let (mut rules, _) = configured(json!({
        "min_os_version": least, "noncompliance_action": action.as_str(),
        "noncompliance_grace_hours": hours,
    }));
    rules.remove(0)
}

fn server(least: &str, action: &str, hours: u32) -> Rule {
    rule(json!({
        "id": "os", "signal": "os_version", "op": "at_least", "value": least,
        "severity": "require", "action": action, "grace_s": hours * 3600,
    }))
}

#[test]
fn the_server_can_tighten_and_never_loosen() {
    let ours = || mdm("14", Action::HideContacts, 48);
    let check = |theirs: Rule, kept: bool, noted: bool| {
        let merged = merge([theirs.clone(), ours()]);
        assert!(merged.rules.contains(&ours()), "the MDM's rule always stays");
        assert_eq!(merged.rules.contains(&theirs), kept, "{theirs:?}");
        let note = RuleNote::LooserThanMdm { rule: "os".into(), than: "min_os_version".into() };
        assert_eq!(merged.notes.contains(&note), noted, "{theirs:?}");
        assert_eq!(merge([ours(), theirs]), merged, "in any order");
    };
    check(server("15", "hide_contacts", 48), true, false);
    check(server("14", "lock", 48), true, false);
    check(server("14", "hide_contacts", 24), true, false);
    check(server("13", "lock", 1_000), true, false);
    check(server("13", "hide_contacts", 48), false, true);
    check(server("14", "none", 48), false, true);
    check(server("14", "hide_contacts", 72), false, true);
    check(server("14.0", "hide_contacts", 48), false, false);
}

#[test]
fn rules_about_other_things_stay_apart() {
    let lock = rule(json!({
        "id": "os", "signal": "screen_lock", "op": "is", "value": true, "severity": "inform",
    }));
    let merged = merge([lock.clone(), mdm("14", Action::Lock, 0)]);
    assert_eq!(merged.rules.len(), 2);
    assert_eq!(merged.notes, []);
}

#[test]
fn settings_that_ask_for_nothing_make_no_rule() {
    let off = json!({
        "require_screen_lock": false, "forbid_debugging": false, "min_password_complexity": "none",
        "noncompliance_action": "lock",
    });
    assert_eq!(configured(off), (vec![], vec![]));
    assert_eq!(configured(json!({})), (vec![], vec![]));
    assert_eq!(rules_from_settings(&Effective::default()), (vec![], vec![]), "nothing read yet");
}

#[test]
fn every_setting_makes_its_rule() {
    let version = || Version::parse("2").unwrap();
    let (rules, notices) = configured(json!({
        "min_os_version": "2", "max_patch_age_days": 90, "require_screen_lock": true,
        "min_password_complexity": "high", "require_encryption": true,
        "forbid_developer_options": true, "forbid_debugging": true, "require_work_profile": true,
        "min_app_version": "2", "noncompliance_action": "lock",
    }));
    assert_eq!(notices, []);
    let rows: Vec<_> =
        rules.iter().map(|r| (r.id.as_str(), r.signal.as_str(), r.demand.clone())).collect();
    assert_eq!(
        rows,
        [
            ("min_os_version", "os_version", Demand::AtLeastVersion(version())),
            ("max_patch_age_days", "security_patch", Demand::MaxAgeDays(90)),
            ("require_screen_lock", "screen_lock", Demand::Is(true)),
            (
                "min_password_complexity",
                "password_complexity",
                Demand::AtLeastComplexity(Complexity::High)
            ),
            ("require_encryption", "storage_encryption", Demand::Is(true)),
            ("forbid_developer_options", "developer_options", Demand::Is(false)),
            ("forbid_debugging", "adb", Demand::Is(false)),
            ("require_work_profile", "work_profile", Demand::Is(true)),
            ("min_app_version", "app_version", Demand::AtLeastVersion(version())),
        ]
    );
    assert!(rules.iter().all(|r| {
        r.source == Source::Mdm
            && r.severity == Severity::Require
            && r.action == Action::Lock
            && r.grace == Grace::DEFAULT
    }));
}

#[test]
fn two_rules_of_one_name_both_count() {
    let lock = |action: &str, hours| {
        let mut rule = server("14", action, hours);
        rule.id = "same".into();
        rule
    };
    let mut phone = Phone::with(vec![lock("lock", 2), lock("hide_contacts", 1)]);
    phone.has(r#"{"os_version": "9"}"#);
    phone.check();
    phone.hours_pass(1);
    assert_eq!(phone.check().action, Action::HideContacts);
    phone.hours_pass(1);
    assert_eq!(phone.check().action, Action::Lock);
}
