use serde_json::{Value as Json, json};

use super::*;
use crate::config::change::diff;
use crate::config::input::{Source, SourcedTree, tree_from_json};
use crate::config::notes::What;
use crate::management::{ServerAllowList, ServerUrl};

/// A phone with its layers, as a test writes them.
#[derive(Default)]
struct Phone {
    mdm: Option<ManagedInput>,
    person: Option<RawTree>,
    server: Option<Map<String, Json>>,
    individual: Option<Map<String, Json>>,
    last_good: LastGood,
}

impl Phone {
    fn mdm(json: Json) -> Self {
        let mut phone = Phone::default();
        phone.mdm_sets(json);
        phone
    }

    fn mdm_sets(&mut self, json: Json) {
        let tree = tree_from_json(json.to_string().as_bytes()).unwrap();
        self.mdm = Some(ManagedInput::from_tree(tree).unwrap());
    }

    fn admins(admins: &[(&str, Json)]) -> Self {
        let trees = admins
            .iter()
            .map(|(name, json)| SourcedTree {
                source: match *name {
                    "os" => Source::Os,
                    "managed_app" => Source::ManagedApp,
                    package => Source::Admin(package.to_owned()),
                },
                tree: Some(tree_from_json(json.to_string().as_bytes()).unwrap()),
            })
            .collect();
        Phone { mdm: Some(ManagedInput::from_sources(trees).unwrap()), ..Phone::default() }
    }

    fn person_chooses(&mut self, json: Json) {
        self.person = Some(tree_from_json(json.to_string().as_bytes()).unwrap());
    }

    fn server_sets(&mut self, json: Json) {
        self.server = json.as_object().cloned();
    }

    fn server_sets_for_this_person(&mut self, json: Json) {
        self.individual = json.as_object().cloned();
    }

    fn resolves(&mut self) -> Resolution {
        let resolution = resolve(&Inputs {
            platform: Platform::Android,
            mdm: self.mdm.as_ref(),
            person: self.person.as_ref(),
            server: self.server.as_ref(),
            individual: self.individual.as_ref(),
            last_good: &self.last_good,
        });
        self.last_good = LastGood::from_bytes(resolution.last_good.to_bytes().expose()).unwrap();
        assert_eq!(self.last_good, resolution.last_good);
        resolution
    }
}

fn shown(resolution: &Resolution, key: Key) -> Json {
    resolution.effective.value(key).map_or(Json::Null, Value::shown)
}

fn says(resolution: &Resolution, key: Key, what: &What) -> bool {
    resolution.entry(key).notes.iter().any(|note| note.what == *what)
}

#[test]
fn each_key_comes_from_the_strongest_layer_that_names_it() {
    let mut phone = Phone::mdm(json!({"support_email": "mdm@x.example", "asset_tag": "A"}));
    phone.person_chooses(json!({"language": "sv", "caller_id": false}));
    phone.server_sets(json!({"support_email": "all@x.example", "job_title": "Nurse"}));
    phone.server_sets_for_this_person(json!({"job_title": "Doctor"}));

    let now = phone.resolves();
    for (key, value, layer) in [
        (Key::SupportEmail, json!("all@x.example"), Layer::Server),
        (Key::AssetTag, json!("A"), Layer::Mdm),
        (Key::Language, json!("sv"), Layer::Person),
        (Key::CallerId, json!(false), Layer::Person),
        (Key::JobTitle, json!("Doctor"), Layer::Individual),
        (Key::OfflineGraceDays, json!(14), Layer::Default),
        (Key::SupportPhone, Json::Null, Layer::Default),
    ] {
        assert_eq!(shown(&now, key), value, "{key:?}");
        assert_eq!(now.entry(key).layer, layer, "{key:?}");
    }
    assert!(says(&now, Key::SupportEmail, &What::OverriddenBy(Layer::Server)));
}

#[test]
fn null_from_the_server_uncovers_what_is_below_and_a_removed_key_gives_it_back() {
    let mut phone = Phone::mdm(json!({"caller_id": true}));
    phone.person_chooses(json!({"caller_id": false}));
    phone.server_sets(json!({"caller_id": null}));
    let now = phone.resolves();
    assert_eq!(shown(&now, Key::CallerId), json!(false));
    assert_eq!(now.entry(Key::CallerId).layer, Layer::Person);
    assert!(says(&now, Key::CallerId, &What::UnsetBy(Layer::Server)));

    phone.server_sets(json!({}));
    assert_eq!(shown(&phone.resolves(), Key::CallerId), json!(true));
    phone.mdm_sets(json!({}));
    assert_eq!(shown(&phone.resolves(), Key::CallerId), json!(false));
    phone.person_chooses(json!({}));
    assert_eq!(shown(&phone.resolves(), Key::CallerId), json!(true));
}

#[test]
fn the_server_can_not_decide_whom_the_phone_trusts() {
    let keys = [
        "server_url",
        "allowed_servers",
        "policy_key_thumbprints",
        "license_password",
        "carddav_password",
        "contact_sources",
        "activation_code",
        "client_certificate",
    ];
    let settings: Map<String, Json> =
        keys.iter().map(|key| ((*key).to_owned(), json!("https://evil.example"))).collect();
    let mut phone = Phone::mdm(json!({"server_url": "https://good.example"}));
    phone.server_sets(Json::Object(settings.clone()));
    phone.server_sets_for_this_person(Json::Object(settings));
    let now = phone.resolves();
    assert_eq!(shown(&now, Key::ServerUrl), json!("https://good.example"));
    for name in keys {
        let key = Key::from_name(name).unwrap();
        assert!(says(&now, key, &What::NotFromHere), "{name}");
        assert!(key == Key::ServerUrl || !now.effective.is_set(key), "{name}");
    }
}

#[test]
fn the_server_tightens_rules_and_never_loosens_them() {
    let strict = json!({
        "require_screen_lock": true, "min_os_version": "14", "max_patch_age_days": 60,
        "min_password_complexity": "medium", "noncompliance_action": "hide_contacts",
        "noncompliance_grace_hours": 24, "check_interval_hours": 12, "offline_grace_days": 7,
    });
    let looser = json!({
        "require_screen_lock": false, "min_os_version": "9", "max_patch_age_days": 90,
        "min_password_complexity": "low", "noncompliance_action": "warn",
        "noncompliance_grace_hours": 48, "check_interval_hours": 24, "offline_grace_days": 30,
    });
    let tighter = json!({
        "require_screen_lock": true, "min_os_version": "14.1", "max_patch_age_days": 30,
        "min_password_complexity": "high", "noncompliance_action": "lock",
        "noncompliance_grace_hours": 0, "check_interval_hours": 6, "offline_grace_days": 3,
    });
    for (name, value) in strict.as_object().unwrap() {
        let key = Key::from_name(name).unwrap();
        let mut phone = Phone::mdm(strict.clone());
        for bad in [&looser[name], &Json::Null] {
            phone.server_sets(json!({ name: bad }));
            phone.server_sets_for_this_person(json!({ name: bad }));
            let now = phone.resolves();
            assert_eq!(shown(&now, key), *value, "{name}");
            assert_eq!(now.entry(key).layer, Layer::Mdm, "{name}");
            assert!(!now.entry(key).notes.is_empty(), "{name}");
        }
        phone.server_sets(json!({ name: tighter[name] }));
        phone.individual = None;
        assert_eq!(shown(&phone.resolves(), key), tighter[name], "{name}");
    }
}

#[test]
fn an_unreadable_restriction_takes_its_last_good_value_and_else_the_strict_one() {
    let mut phone = Phone::mdm(json!({"block_export": false, "offline_grace_days": 5}));
    phone.resolves();
    phone.mdm_sets(json!({"block_export": "maybe", "offline_grace_days": "soon"}));
    let now = phone.resolves();
    assert_eq!(shown(&now, Key::BlockExport), json!(false));
    assert_eq!(shown(&now, Key::OfflineGraceDays), json!(5));
    assert_eq!(now.entry(Key::BlockExport).from, From::LastGood);
    assert_eq!(now.entry(Key::BlockExport).state, State::Invalid);

    // Fresh from the box there is no last good value.
    let mut fresh = Phone::mdm(json!({
        "block_export": "maybe", "offline_grace_days": 400, "check_interval_hours": 0,
        "allow_sign_out": "{{signout}}", "contacts_mode": "inside",
    }));
    let now = fresh.resolves();
    for (key, value) in [
        (Key::BlockExport, json!(true)),
        (Key::OfflineGraceDays, json!(90)),
        (Key::CheckIntervalHours, json!(1)),
        (Key::AllowSignOut, json!(false)),
        (Key::ContactsMode, json!("in_app")),
    ] {
        assert_eq!(shown(&now, key), value, "{key:?}");
        assert_eq!(now.entry(key).from, From::Strict, "{key:?}");
    }
}

#[test]
fn a_typing_mistake_in_a_rule_warns_and_locks_nobody() {
    let mut phone = Phone::mdm(json!({
        "min_os_version": "fourteen", "max_patch_age_days": 0, "noncompliance_action": "wipe",
        "noncompliance_grace_hours": "none", "min_password_complexity": "strong",
    }));
    let now = phone.resolves();
    assert_eq!(
        now.effective.only_warn(),
        [
            Key::MinOsVersion,
            Key::MaxPatchAgeDays,
            Key::MinPasswordComplexity,
            Key::NoncomplianceAction,
            Key::NoncomplianceGraceHours,
        ]
    );
    assert_eq!(shown(&now, Key::NoncomplianceAction), json!("warn"));
    assert_eq!(shown(&now, Key::MinOsVersion), Json::Null);
    assert_eq!(shown(&now, Key::NoncomplianceGraceHours), json!(24));
}

#[test]
fn an_unreadable_rule_from_the_server_does_not_weaken_the_mdms() {
    let mut phone = Phone::mdm(json!({"min_os_version": "14", "noncompliance_action": "lock"}));
    phone.server_sets(json!({"min_os_version": "x", "noncompliance_action": "x"}));
    let now = phone.resolves();
    assert_eq!(now.effective.only_warn(), []);
    assert_eq!(shown(&now, Key::MinOsVersion), json!("14"));
    assert_eq!(shown(&now, Key::NoncomplianceAction), json!("lock"));
    assert_eq!(now.entry(Key::MinOsVersion).state, State::Invalid);
    assert_eq!(now.entry(Key::MinOsVersion).from, From::Below);
}

#[test]
fn a_removed_restriction_is_gone_even_if_it_was_good_before() {
    let mut phone = Phone::mdm(json!({"block_copy": true}));
    let before = phone.resolves();
    phone.mdm_sets(json!({}));
    let after = phone.resolves();
    assert_eq!(shown(&after, Key::BlockCopy), json!(false));
    assert_eq!(diff(&before.effective, &after.effective).changed, [Key::BlockCopy]);
    // And it is forgotten: the next unreadable value is not answered with an old one.
    phone.mdm_sets(json!({"block_copy": "?"}));
    assert_eq!(phone.resolves().entry(Key::BlockCopy).from, From::Strict);
}

#[test]
fn aliases_move_a_company_over_and_the_canonical_key_wins() {
    let mut phone = Phone::mdm(json!({
        "companyPasscode": "one", "th_license_username": "lic", "license_username": "canonical",
        "th_contact_sync": false, "th_disable_screenshots": "true", "th_csi": 17,
        "email": "", "th_linked_email": "a@x.example",
    }));
    let now = phone.resolves();
    assert_eq!(now.effective.secret(Key::CompanyPasscode).unwrap().expose(), "one");
    assert_eq!(shown(&now, Key::LicenseUsername), json!("canonical"));
    assert_eq!(shown(&now, Key::ContactsMode), json!("in_app"));
    assert_eq!(shown(&now, Key::BlockScreenshots), json!(true));
    assert_eq!(shown(&now, Key::EmployeeId), json!("17"));
    assert_eq!(shown(&now, Key::Email), json!("a@x.example"));
    let ignored = What::AliasIgnored { alias: "th_license_username" };
    assert!(says(&now, Key::LicenseUsername, &ignored));
}

#[test]
fn a_wrong_case_is_not_accepted_but_understood() {
    let mut phone = Phone::mdm(json!({
        "companypasscode": "x", "Server_URL": "https://a.example", "serverUrl": "y",
        "frobnicate": 1, "restrictions_pending": false,
    }));
    let now = phone.resolves();
    let unknown: Vec<_> =
        now.unknown.iter().map(|unknown| (unknown.key.as_str(), unknown.meant)).collect();
    assert_eq!(
        unknown,
        [
            ("Server_URL", Some("server_url")),
            ("companypasscode", Some("companyPasscode")),
            ("frobnicate", None),
            ("serverUrl", Some("server_url")),
        ]
    );
    assert!(!now.effective.is_set(Key::CompanyPasscode));
}

#[test]
fn of_several_admins_the_strictest_wins_for_restrictions_and_the_first_otherwise() {
    let mut phone = Phone::admins(&[
        ("com.b", json!({"block_copy": true, "min_os_version": "13", "asset_tag": "B"})),
        ("com.a", json!({"block_copy": false, "min_os_version": "14", "asset_tag": "A"})),
        ("com.c", json!({"check_interval_hours": 48, "require_encryption": "maybe"})),
        ("com.d", json!({"check_interval_hours": 12, "require_encryption": false})),
    ]);
    let now = phone.resolves();
    assert_eq!(shown(&now, Key::BlockCopy), json!(true));
    assert_eq!(shown(&now, Key::MinOsVersion), json!("14"));
    assert_eq!(shown(&now, Key::AssetTag), json!("A"));
    assert_eq!(shown(&now, Key::CheckIntervalHours), json!(12));
    assert_eq!(shown(&now, Key::RequireEncryption), json!(true));
    assert!(says(&now, Key::AssetTag, &What::SeveralAdmins));
}

#[test]
fn the_managed_app_framework_wins_per_key() {
    let mut phone = Phone::admins(&[
        ("managed_app", json!({"license_username": "new", "block_copy": false})),
        ("os", json!({"license_username": "old", "block_copy": true, "asset_tag": "A"})),
    ]);
    let now = phone.resolves();
    assert_eq!(shown(&now, Key::LicenseUsername), json!("new"));
    assert_eq!(shown(&now, Key::BlockCopy), json!(false));
    assert_eq!(shown(&now, Key::AssetTag), json!("A"));
    assert!(says(&now, Key::BlockCopy, &What::ManagedAppWins));
}

/// Whether the agent may activate at `server`.
fn allows(now: &Resolution, server: &str) -> bool {
    let effective = &now.effective;
    ServerAllowList::new(effective.allowed_servers(), effective.text(Key::ServerUrl))
        .check(&ServerUrl::parse(server).unwrap())
        .is_ok()
}

#[test]
fn trust_lists_never_fall_open() {
    let server = json!("https://m.example:8443");
    let mut phone = Phone::mdm(json!({"server_url": server}));
    let now = phone.resolves();
    assert!(allows(&now, "https://m.example:8443"));
    assert!(!allows(&now, "https://m.example"));
    assert_eq!(now.effective.policy_key_thumbprints(), None);

    let mut phone = Phone::mdm(json!({
        "allowed_servers": "a.example, not a host", "policy_key_thumbprints": "short",
    }));
    let now = phone.resolves();
    assert_eq!(now.effective.allowed_servers(), Some(&["a.example".to_owned()][..]));
    assert!(allows(&now, "https://a.example"));
    assert!(!allows(&now, "https://m.example"));
    assert_eq!(now.effective.policy_key_thumbprints(), Some(&[][..]));
}
