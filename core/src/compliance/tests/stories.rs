//! What happens to a phone over days.
use serde_json::{Value, json};

use super::*;

/// Settings that demand one thing and hide the contacts after two days.
fn demanding(key: &str, value: impl Into<Value>) -> Vec<Rule> {
    let (rules, notices) = configured(json!({
        key: value.into(), "noncompliance_action": "hide_contacts", "noncompliance_grace_hours": 48,
    }));
    assert_eq!((rules.len(), notices.len()), (1, 0));
    rules
}

/// Broken → finding → restart → grace over → action → mended → lifted at once.
fn story(platform: Platform, rules: Vec<Rule>, broken: &str, mended: &str, id: &str, mend: Mend) {
    let mut phone = Phone::with(rules);
    phone.has_on(broken, platform);

    let first = phone.check();
    assert_eq!(ids(&first), [id]);
    assert_eq!((first.state, first.action), (State::Attention, Action::None), "{id}");
    assert!(first.changed);
    assert_eq!(first.risen, [FindingId(id.to_owned())]);
    let finding = &first.findings[0];
    assert_eq!(finding.mend, Some(mend));
    assert_eq!(finding.severity, Severity::Require);
    assert_eq!(finding.due, Some(START.plus_ms(48 * HOUR_MS)));
    assert_eq!(first.next_due, finding.due);

    phone.hours_pass(47);
    phone.restarts();
    let later = phone.check();
    assert_eq!((later.state, later.action), (State::Attention, Action::None), "{id}");
    assert!(!later.changed && later.risen.is_empty(), "nothing new: {id}");
    assert_eq!(later.findings[0].since, START);

    phone.hours_pass(1);
    let over = phone.check();
    assert_eq!((over.state, over.action), (State::NonCompliant, Action::HideContacts), "{id}");
    assert!(over.changed);
    assert_eq!(over.risen, [FindingId(id.to_owned())]);
    phone.restarts();
    assert_eq!(phone.check().action, Action::HideContacts);

    phone.has_on(mended, platform);
    let done = phone.check();
    assert_eq!(ids(&done), Vec::<&str>::new());
    assert_eq!((done.state, done.action), (State::Compliant, Action::None), "{id}");
    assert!(done.changed && done.risen.is_empty());

    phone.has_on(broken, platform);
    assert_eq!(phone.check().state, State::Attention, "a second time gives a new grace");
}

#[test]
fn a_story_for_each_rule_on_android() {
    let check = |demand: Vec<Rule>, broken: &str, mended: &str, id: &str, mend| {
        story(Platform::Android, demand, broken, mended, id, mend);
    };
    check(
        demanding("require_screen_lock", true),
        r#"{"screen_lock": false}"#,
        r#"{"screen_lock": true}"#,
        "screen_lock",
        Mend::OpenSecuritySettings,
    );
    check(
        demanding("min_password_complexity", "medium"),
        r#"{"password_complexity": "low"}"#,
        r#"{"password_complexity": "high"}"#,
        "password_complexity",
        Mend::OpenSecuritySettings,
    );
    check(
        demanding("min_os_version", "14"),
        r#"{"os_version": "9"}"#,
        r#"{"os_version": "14"}"#,
        "os_version",
        Mend::OpenSystemUpdate,
    );
    check(
        demanding("max_patch_age_days", 90),
        r#"{"security_patch": "2025-06-05"}"#,
        r#"{"security_patch": "2025-12-05"}"#,
        "security_patch",
        Mend::OpenSystemUpdate,
    );
    check(
        demanding("require_encryption", true),
        r#"{"storage_encryption": "inactive"}"#,
        r#"{"storage_encryption": "active_per_user"}"#,
        "storage_encryption",
        Mend::OpenEncryption,
    );
    check(
        demanding("forbid_developer_options", true),
        r#"{"developer_options": true}"#,
        r#"{"developer_options": false}"#,
        "developer_options",
        Mend::OpenDeveloperOptions,
    );
    check(
        demanding("forbid_debugging", true),
        r#"{"adb": true}"#,
        r#"{"adb": false}"#,
        "adb",
        Mend::OpenDeveloperOptions,
    );
    check(
        demanding("require_work_profile", true),
        r#"{"work_profile": false}"#,
        r#"{"work_profile": true}"#,
        "work_profile",
        Mend::ContactSupport,
    );
    check(
        demanding("min_app_version", "2.10"),
        r#"{"app_version": "2.9"}"#,
        r#"{"app_version": "2.10.1"}"#,
        "app_version",
        Mend::OpenAppStore,
    );
}

#[test]
fn a_story_for_each_rule_that_ios_knows() {
    let check = |demand: Vec<Rule>, broken: &str, mended: &str, id: &str, mend| {
        story(Platform::Ios, demand, broken, mended, id, mend);
    };
    check(
        demanding("require_screen_lock", true),
        r#"{"screen_lock": false}"#,
        r#"{"screen_lock": true}"#,
        "screen_lock",
        Mend::OpenSecuritySettings,
    );
    check(
        demanding("require_encryption", true),
        // The encryption follows the passcode, whatever else is said.
        r#"{"screen_lock": false, "storage_encryption": true}"#,
        r#"{"screen_lock": true}"#,
        "storage_encryption",
        Mend::OpenEncryption,
    );
    check(
        demanding("min_os_version", "17.10"),
        r#"{"os_version": "17.9"}"#,
        r#"{"os_version": "17.10"}"#,
        "os_version",
        Mend::OpenSystemUpdate,
    );
    check(
        demanding("min_app_version", "2"),
        r#"{"app_version": "1.99"}"#,
        r#"{"app_version": "2.0"}"#,
        "app_version",
        Mend::OpenAppStore,
    );
}

#[test]
fn what_ios_does_not_have_is_never_found() {
    let rules = [
        demanding("max_patch_age_days", 30),
        demanding("min_password_complexity", "high"),
        demanding("forbid_developer_options", true),
        demanding("forbid_debugging", true),
        demanding("require_work_profile", true),
    ];
    let mut phone = Phone::with(rules.concat());
    phone.has_on(r#"{"screen_lock": true, "adb": true}"#, Platform::Ios);
    phone.check();
    phone.days_pass(100);
    let evaluation = phone.check();
    assert_eq!((evaluation.state, evaluation.findings.len()), (State::Compliant, 0));
}

#[test]
fn a_phone_fresh_from_the_box_is_not_locked_by_a_rule_it_had_no_time_to_meet() {
    let mut phone = Phone::with(vec![rule(json!({
        "id": "os", "signal": "os_version", "op": "at_least", "value": "15",
        "severity": "require", "grace_s": 86400, "action": "lock",
    }))]);
    phone.context.activated_and_policy_seen = false;
    phone.has(r#"{"os_version": "13"}"#);
    let in_the_box = phone.check();
    assert_eq!((in_the_box.state, in_the_box.action), (State::Attention, Action::None));
    assert_eq!(in_the_box.findings[0].due, None);
    assert_eq!(in_the_box.next_due, None);

    phone.days_pass(30);
    assert_eq!(phone.check().action, Action::None, "not activated yet");

    phone.context.activated_and_policy_seen = true;
    let activated = phone.check();
    assert_eq!(activated.action, Action::None, "the grace begins now");
    assert_eq!(activated.findings[0].due, Some(phone.now.plus_ms(DAY_MS)));
    assert_eq!(activated.findings[0].since, START, "but it has been so since the first start");

    phone.days_pass(1);
    assert_eq!(phone.check().action, Action::Lock);
}

#[test]
fn raising_a_rule_gives_its_grace_anew_and_lowering_it_does_not() {
    let os = |least: &str, action: &str, days: i64| {
        rule(json!({
            "id": "os", "signal": "os_version", "op": "at_least", "value": least,
            "severity": "require", "grace_s": days * 86400, "action": action,
        }))
    };
    let locked = || {
        let mut phone = Phone::with(vec![os("14", "hide_contacts", 2)]);
        phone.has(r#"{"os_version": "12"}"#);
        phone.check();
        phone.days_pass(3);
        assert_eq!(phone.check().action, Action::HideContacts);
        phone
    };
    let after = |change: Rule| {
        let mut phone = locked();
        phone.rules = vec![change];
        phone.restarts();
        let evaluation = phone.check();
        // Evaluating once more must not give it a second time.
        assert_eq!(phone.check().action, evaluation.action);
        phone.days_pass(2);
        assert_ne!(phone.check().action, Action::None, "after the new grace at the latest");
        evaluation.action
    };
    assert_eq!(after(os("15", "hide_contacts", 2)), Action::None, "a higher version");
    assert_eq!(after(os("14", "lock", 2)), Action::None, "a stronger action");
    assert_eq!(after(os("14", "hide_contacts", 1)), Action::None, "a shorter grace");
    assert_eq!(after(os("13", "hide_contacts", 2)), Action::HideContacts, "a lower version");
    assert_eq!(after(os("14", "hide_contacts", 3)), Action::HideContacts, "a longer grace, over");
}

#[test]
fn a_rule_that_the_server_adds_gives_no_new_grace_for_the_one_of_the_mdm() {
    let mut phone = Phone::with(demanding("min_os_version", "14"));
    phone.has(r#"{"os_version": "12"}"#);
    phone.check();
    phone.days_pass(2);
    assert_eq!(phone.check().action, Action::HideContacts);

    let server = rule(json!({
        "id": "newer", "signal": "os_version", "op": "at_least", "value": "15",
        "severity": "require", "grace_s": 86400, "action": "lock", "reason": { "en": "A hole." },
    }));
    phone.rules = merge(phone.rules.clone().into_iter().chain([server])).rules;
    let both = phone.check();
    assert_eq!(both.action, Action::HideContacts);
    assert_eq!(ids(&both), ["os_version"], "one thing to do, one finding");
    let finding = view(&both, phone.now, Language::En);
    assert_eq!(
        finding.explanation,
        "This phone has version 12; your organisation requires at least 15. Install the system \
         update. Your organisation says: A hole. Until then the contacts are hidden, and in 1 day \
         the app is locked."
    );
    phone.has(r#"{"os_version": "14"}"#);
    assert_eq!(phone.check().action, Action::None, "the first rule is met");
    phone.days_pass(1);
    assert_eq!(phone.check().action, Action::Lock, "the second is not");
}

#[test]
fn unknown_is_a_warning_after_a_week_and_never_more() {
    let mut phone = Phone::with(demanding("require_screen_lock", true));
    phone.has(r#"{"screen_lock": {"unknown": "no_permission"}}"#);
    let first = phone.check();
    assert_eq!((first.state, first.findings.len()), (State::Unknown, 0));
    assert_eq!(first.next_due, Some(START.plus_ms(7 * DAY_MS)));

    phone.days_pass(7);
    phone.restarts();
    let week = phone.check();
    assert_eq!((week.state, week.action), (State::Unknown, Action::None));
    assert_eq!(ids(&week), ["screen_lock"]);
    assert_eq!(week.findings[0].severity, Severity::Warn);
    assert_eq!(week.findings[0].mend, Some(Mend::OpenAppPermissions));
    assert_eq!(view(&week, phone.now, Language::En).title, "Could not be checked: screen lock");

    phone.days_pass(1_000);
    let years = phone.check();
    assert_eq!((years.state, years.action), (State::Unknown, Action::None));

    phone.has(r#"{"screen_lock": true}"#);
    assert_eq!(phone.check().state, State::Compliant);
}

#[test]
fn a_rule_says_itself_what_unknown_means() {
    let with = |unknown: serde_json::Value| {
        let mut phone = Phone::with(vec![rule(json!({
            "id": "lock", "signal": "screen_lock", "op": "is", "value": true,
            "severity": "require", "unknown": unknown,
        }))]);
        let state = phone.check().state;
        phone.days_pass(2);
        (state, phone.check().findings.len())
    };
    assert_eq!(with(json!("ignore")), (State::Compliant, 0));
    assert_eq!(with(json!("warn")), (State::Unknown, 0));
    assert_eq!(with(json!({"severity": "warn", "after_s": 86400})), (State::Unknown, 1));
}

#[test]
fn taking_a_permission_away_does_not_buy_grace() {
    let mut phone = Phone::with(demanding("require_screen_lock", true));
    phone.has(r#"{"screen_lock": false}"#);
    phone.check();
    phone.days_pass(1);
    phone.has(r#"{"screen_lock": {"unknown": "no_permission"}}"#);
    assert_eq!(phone.check().state, State::Unknown);
    phone.restarts();
    phone.days_pass(1);
    assert_eq!(phone.check().action, Action::None, "unknown is not non-compliant");
    phone.has(r#"{"screen_lock": false}"#);
    let back = phone.check();
    assert_eq!((back.action, back.findings[0].since), (Action::HideContacts, START));
}

#[test]
fn a_guess_can_warn_and_no_more() {
    let mut phone = Phone::with(vec![rule(json!({
        "id": "root", "signal": "integrity", "op": "is", "value": true,
        "severity": "require", "grace_s": 0, "action": "lock",
    }))]);
    phone.has(r#"{"integrity": false}"#);
    phone.check();
    phone.days_pass(30);
    let evaluation = phone.check();
    assert_eq!(ids(&evaluation), ["integrity"]);
    assert_eq!((evaluation.state, evaluation.action), (State::Attention, Action::None));
}

#[test]
fn the_strongest_action_of_all_rules_applies() {
    let lock = json!({ "id": "a", "signal": "screen_lock", "op": "is", "value": true,
        "severity": "require", "grace_s": 3600, "action": "hide_contacts" });
    let adb = json!({ "id": "b", "signal": "adb", "op": "is", "value": false,
        "severity": "require", "grace_s": 7200, "action": "lock" });
    let mut phone = Phone::with(vec![rule(lock), rule(adb)]);
    phone.has(r#"{"screen_lock": false, "adb": true}"#);
    phone.check();
    phone.hours_pass(1);
    let one = phone.check();
    assert_eq!(one.action, Action::HideContacts);
    assert_eq!(one.next_due, Some(START.plus_ms(2 * HOUR_MS)));
    phone.hours_pass(1);
    assert_eq!(phone.check().action, Action::Lock);
    phone.has(r#"{"screen_lock": false, "adb": false}"#);
    assert_eq!(phone.check().action, Action::HideContacts);
}

#[test]
fn a_patch_grows_old_by_itself_and_the_next_look_is_due_then() {
    let mut phone = Phone::with(demanding("max_patch_age_days", 30));
    phone.has(r#"{"security_patch": "2025-12-05"}"#);
    let fresh = phone.check();
    assert_eq!(fresh.state, State::Compliant);
    // 31 days after 5 December: the first moment at which it is more than 30 days old.
    let due = fresh.next_due.unwrap();
    assert_eq!(due, START.plus_ms(4 * DAY_MS));
    phone.now = due.plus_ms(-1);
    assert_eq!(phone.check().state, State::Compliant);
    phone.now = due;
    assert_eq!(ids(&phone.check()), ["security_patch"]);
}

#[test]
fn a_clock_that_ran_ahead_costs_nobody_grace() {
    let mut phone = Phone::with(demanding("require_screen_lock", true));
    phone.days_pass(365);
    phone.has(r#"{"screen_lock": false}"#);
    phone.check();
    // The next signed answer puts the clock right.
    phone.now = START;
    let mended = phone.check();
    assert_eq!(mended.action, Action::None);
    assert_eq!(mended.findings[0].due, Some(START.plus_ms(48 * HOUR_MS)));
    assert_eq!(mended.findings[0].since, START, "nothing has been so since next year");
    phone.hours_pass(48);
    assert_eq!(phone.check().action, Action::HideContacts, "nor does it give a year");
}

#[test]
fn an_unreadable_value_warns_and_never_enforces() {
    let (rules, notices) = configured(json!({
        "min_os_version": "fourteen", "noncompliance_action": "explode",
        "noncompliance_grace_hours": 0, "require_screen_lock": true,
    }));
    let mut phone = Phone::with(rules);
    phone.notices = notices;
    phone.has(r#"{"screen_lock": false, "os_version": "1"}"#);
    let evaluation = phone.check();
    assert_eq!(
        ids(&evaluation),
        ["screen_lock", "setting.min_os_version", "setting.noncompliance_action"]
    );
    assert_eq!((evaluation.state, evaluation.action), (State::NonCompliant, Action::None));
    let words = evaluation.findings[1].view(phone.now, Language::De);
    assert_eq!(
        (words.severity.as_str(), words.action.map(Mend::as_str)),
        ("warn", Some("check_configuration"))
    );
    assert!(words.explanation.contains("min_os_version"), "{}", words.explanation);
}

#[test]
fn an_unreadable_grace_enforces_nothing() {
    let (rules, notices) = configured(json!({
        "require_screen_lock": true, "noncompliance_action": "lock",
        "noncompliance_grace_hours": "soon",
    }));
    assert_eq!(rules[0].action, Action::None);
    let key = "noncompliance_grace_hours".to_owned();
    assert_eq!(notices, [Notice::SettingUnreadable { key }]);
}

#[test]
fn notices_are_shown_remembered_and_never_enforced() {
    let mut phone = Phone::with(vec![]);
    let hidden_at = Some(START.plus_ms(2 * DAY_MS));
    phone.notices =
        vec![Notice::Offline { hidden_at }, Notice::BookRefused { host: "b.example".into() }];
    let first = phone.check();
    assert_eq!((first.state, first.action), (State::Attention, Action::None));
    assert_eq!(ids(&first), ["book_refused.b.example", "offline"]);
    assert_eq!(first.risen.len(), 2);
    assert!(
        first.findings[1]
            .view(phone.now, Language::En)
            .explanation
            .ends_with("The contacts are hidden in 2 days if nothing changes.")
    );
    phone.days_pass(1);
    phone.restarts();
    phone.notices.push(Notice::Offline { hidden_at });
    let again = phone.check();
    assert!(!again.changed && again.risen.is_empty());
    assert_eq!(again.findings[0].since, START);
    phone.notices.clear();
    assert_eq!(phone.check().state, State::Compliant);
    phone.notices = vec![Notice::SettingUnknown { key: "companypasscode".into(), meant: None }];
    let inform = phone.check();
    assert_eq!((inform.state, inform.risen.len()), (State::Compliant, 0), "information only");
}

#[test]
fn signals_make_notices_of_their_own_unless_a_rule_says_more() {
    let mut phone = Phone::with(vec![]);
    phone.has_on(r#"{"caller_id_enabled": false, "background_app_refresh": false}"#, Platform::Ios);
    let notices = |wanted| notices_from_signals(&phone.signals, wanted);
    assert_eq!(notices(true), [Notice::BackgroundRefreshOff, Notice::CallerIdOff]);
    assert_eq!(notices(false), [Notice::BackgroundRefreshOff]);

    phone.has(r#"{"background_allowed": false}"#);
    phone.notices = notices_from_signals(&phone.signals, true);
    assert_eq!(phone.notices, [Notice::BackgroundNotAllowed]);
    phone.rules = vec![rule(json!({
        "id": "awake", "signal": "background_allowed", "op": "is", "value": true,
        "severity": "require",
    }))];
    let evaluation = phone.check();
    assert_eq!(ids(&evaluation), ["background_allowed"]);
    assert_eq!(evaluation.findings[0].rules, ["awake"]);
}

#[test]
fn the_store_page_goes_with_every_finding_that_opens_it() {
    let mut phone = Phone::with(demanding("min_app_version", "2"));
    phone.has(r#"{"app_version": "1.9"}"#);
    let url = Some("https://store.example/app".to_owned());
    phone.notices = vec![Notice::UpdateAvailable { latest: "2.1".into(), url: url.clone() }];
    let evaluation = phone.check();
    assert_eq!(ids(&evaluation), ["app_version", "update_available"]);
    assert!(evaluation.findings.iter().all(|finding| finding.link == url));
}

#[test]
fn a_finding_as_programs_read_it() {
    let mut phone = Phone::with(demanding("require_screen_lock", true));
    phone.has(r#"{"screen_lock": {"value": false, "scope": "work_profile"}}"#);
    let evaluation = phone.check();
    phone.hours_pass(3);
    let view = serde_json::to_value(view(&evaluation, phone.now, Language::Sv)).unwrap();
    assert_eq!(
        view,
        json!({
            "id": "screen_lock",
            "severity": "require",
            "title": "Inget lås för jobbprofilen",
            "explanation": "Ställ in ett lås för jobbprofilen med PIN eller lösenord. \
                            Om inget ändras döljs kontakterna om 45 timmar.",
            "action": "open_security_settings",
            "action_label": "Öppna säkerhetsinställningar",
            "since": "2026-01-01T00:00:00Z",
            "due": "2026-01-03T00:00:00Z",
            "due_words": "om 45 timmar",
            "rules": ["require_screen_lock"],
        })
    );
}
