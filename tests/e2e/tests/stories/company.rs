//! What a company does with its phones, and what its phones tell it.
use std::fs;
use std::path::Path;

use muster_company::Rule;
use muster_core::agent::handset::healthy;
use muster_core::ids::Platform;
use muster_e2e::company::{Company, LICENCE_PASSWORD, LICENCE_USER, NAME, PASSCODE, SUPPORT_PHONE};
use muster_e2e::program::Device;
use muster_people::{Person, people};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::clock::{HOUR, MINUTE, MONDAY, rfc3339, run_at};
use crate::shapes::{self, assert_shape};

const COUNT: usize = 15;

fn phones() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A phone that is in by the licence everybody shares, with `more` from the MDM.
fn ready(company: &Company, folder: &TempDir, name: &str, more: Value) -> (Device, Value) {
    let device = Device::new(folder.path().join(name));
    let tree = company.shared_licence(more);
    let status = device.run_android(&tree).json();
    assert_eq!(status["licence"]["phase"], "active");
    (device, tree)
}

fn layer_and_value(device: &Device, key: &str) -> (Value, Value) {
    let setting = device.setting(key);
    (setting["layer"].clone(), setting["value"].clone())
}

#[test]
fn one_setting_of_the_server_wins_and_the_others_stay() {
    let company = Company::open(&people(51, COUNT));
    let folder = phones();
    let more = json!({
        "block_screenshots": false, "block_copy": true, "support_url": "https://mdm.example/help",
    });
    let (device, _) = ready(&company, &folder, "phone", more);
    let check = |expected: [(&str, &str, Value); 3]| {
        device.run(&["run"]).json();
        assert_shape(&device.run(&["config"]).json(), &shapes::config());
        for (key, layer, value) in expected {
            assert_eq!(layer_and_value(&device, key), (json!(layer), value), "{key}");
        }
    };
    let help = json!("https://mdm.example/help");
    let from_mdm = [
        ("block_screenshots", "mdm", json!(false)),
        ("block_copy", "mdm", json!(true)),
        ("support_url", "mdm", help.clone()),
    ];
    check(from_mdm.clone());

    company.admin(&["setting", "set", "support_url", "https://acme.example/hilfe"]);
    check([
        ("block_screenshots", "mdm", json!(false)),
        ("block_copy", "mdm", json!(true)),
        ("support_url", "server", json!("https://acme.example/hilfe")),
    ]);
    let status = company.devices();
    assert_eq!(status.len(), 1);

    company.admin(&["setting", "unset", "support_url"]);
    check(from_mdm);

    // `null` takes the layer below away; that is something else than saying nothing.
    company.admin(&["setting", "set", "support_url", "null"]);
    device.run(&["run"]).json();
    assert_eq!(device.setting("support_url")["value"], Value::Null);

    // What the server must not set, it can't: the phone keeps its own and stays in.
    let refused = company.try_admin(&["setting", "set", "server_url", "https://evil.example"]);
    device.run(&["run"]).json();
    let expected = (json!("mdm"), json!(company.url()));
    assert_eq!(layer_and_value(&device, "server_url"), expected, "{refused:?}");
}

#[test]
fn what_is_for_one_person_reaches_only_whom_the_server_knows_for_certain() {
    let staff = people(52, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let email = staff[2].email.as_str();
    company.admin(&["setting", "set", "job_title", "Chefin vom Dienst", "--person", email]);
    let own = [
        "licence",
        "add",
        "--username",
        "own",
        "--password",
        "Eigener-Schein-9",
        "--person",
        email,
    ];
    company.admin(&own);

    let proven = Device::new(folder.path().join("proven"));
    let tree = json!({
        "server_url": company.url(), "license_username": "own", "license_password": "Eigener-Schein-9",
        "job_title": "Angestellte",
    });
    proven.run_android(&tree).json();
    let expected = (json!("individual"), json!("Chefin vom Dienst"));
    assert_eq!(layer_and_value(&proven, "job_title"), expected);

    // The shared passcode proves nothing: anybody can claim that address.
    let claimed = Device::new(folder.path().join("claimed"));
    let tree = json!({
        "server_url": company.url(), "email": email, "company_passcode": PASSCODE,
        "job_title": "Angestellte",
    });
    claimed.run_android(&tree).json();
    assert_eq!(layer_and_value(&claimed, "job_title"), (json!("mdm"), json!("Angestellte")));
}

#[test]
fn somebody_leaves_and_is_gone_from_every_phone_at_the_next_run() {
    let staff = people(53, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (first, _) = ready(&company, &folder, "first", json!({}));
    let (second, _) = ready(&company, &folder, "second", json!({}));
    let leaver = &staff[0];
    let with_photo = first.contacts().into_iter().find(|c| c["name"] == leaver.display_name());
    let id = with_photo.expect("is there")["id"].as_str().expect("an id").to_owned();

    company.admin(&["person", "remove", &leaver.email]);
    for device in [&first, &second] {
        assert_eq!(device.names().len(), COUNT, "not before the next run");
        let status = device.run(&["run"]).json();
        assert_eq!(status["contacts"]["count"], COUNT - 1);
        assert!(!device.names().contains(&leaver.display_name()));
        assert!(!device.found(&leaver.email).contains(&leaver.display_name()));
        for phone in &leaver.phones {
            assert_eq!(device.run(&["caller", &phone.e164]).json()["match"], "none");
        }
        let out = folder.path().join("photo");
        device.run(&["photo", &id, "--out", &out.to_string_lossy()]).complaint();
        device.run(&["contact", &id]).complaint();
    }
    let removed = |(name, content): &(String, Value)| {
        name == "contacts-synced" && content["removed"] == 1 && content["contacts"] == COUNT - 1
    };
    assert_eq!(company.events().iter().filter(|event| removed(event)).count(), 2);
}

#[test]
fn a_broken_rule_gives_time_then_hides_and_is_mended_at_once() {
    let staff = people(54, COUNT);
    let mut company = Company::open_at(&staff, MONDAY);
    let folder = phones();
    let device = Device::new(folder.path().join("phone"));
    let config = device.file("json", company.shared_licence(json!({})).to_string());
    let locked = device.file("locked.json", signals(true).to_string());
    let open = device.file("open.json", signals(false).to_string());
    let status = run_at(&company, &device, MONDAY, &["--managed-config", &config]).json();
    assert_eq!(status["compliance"]["state"], "compliant");
    assert_eq!(device.run(&["findings"]).json(), json!([]));

    company.sets(&Rule::demands("screen_lock", "true").within_hours(24).or_hide_contacts());
    // An hour later: seen, said, and a day to mend it.
    let seen = MONDAY + HOUR;
    let due = seen + 24 * HOUR;
    let ended = run_at(&company, &device, seen, &["--signals", &open]);
    assert!(ended.err.contains("notification: "), "the person is told: {ended:#?}");
    let status = ended.json();
    assert_eq!(status["compliance"]["state"], "attention");
    assert_eq!(status["licence"]["holds"], json!([]));
    let findings = device.run(&["findings"]).json();
    assert_shape(&findings, &shapes::findings());
    assert_eq!(findings[0]["severity"], "require");
    assert_eq!(findings[0]["since"], rfc3339(seen));
    assert_eq!(findings[0]["due"], rfc3339(due));
    assert_eq!(findings[0]["action"], "open_security_settings");
    assert_eq!(device.names().len(), COUNT, "contacts stay for the grace");

    // A minute before the end, and then through it.
    let status = run_at(&company, &device, due - MINUTE, &[]).json();
    assert_eq!(status["licence"]["holds"], json!([]));
    let status = run_at(&company, &device, due - MINUTE, &["--for", "2m"]).json();
    assert_eq!(status["licence"]["holds"], json!(["rule"]));
    assert_eq!(status["compliance"]["state"], "non_compliant");
    assert_eq!(status["contacts"]["count"], COUNT, "hidden, not deleted");
    for look in [&["search", "mull"][..], &["contacts"], &["caller", &staff[0].phones[0].e164]] {
        let words = device.run(look);
        assert!(
            words.complaint().contains("does not meet a rule of your organisation"),
            "{words:#?}"
        );
        assert!(!words.out.contains("Müller"), "{words:#?}");
    }

    // Mended with no network: back at once.
    company.stop();
    let mended = run_at(&company, &device, due + HOUR, &["--signals", &locked]);
    assert_eq!(mended.codes().first(), Some(&"connection_refused"), "{mended:#?}");
    assert_eq!(mended.any_json()["licence"]["holds"], json!([]));
    assert_eq!(mended.any_json()["compliance"]["state"], "compliant");
    assert_eq!(device.names().len(), COUNT);
    assert!(device.found("mull").contains(&staff[0].display_name()));
    assert!(mended.any_json()["outbox"]["pending"].as_u64() > Some(0), "kept for later");

    company.serve();
    let status = run_at(&company, &device, due + 2 * HOUR, &[]).json();
    assert_eq!(status["outbox"]["pending"], 0);
    let reported = company.compliance_reported();
    assert_eq!(reported, ["compliant", "compliant", "not-compliant", "compliant"]);
    assert_eq!(company.devices()[0]["compliance"], "compliant");
}

/// A healthy Android phone, with or without a screen lock.
fn signals(screen_lock: bool) -> Value {
    let mut signals = healthy(Platform::Android);
    signals["screen_lock"] = json!(screen_lock);
    signals
}

#[test]
fn a_lost_phone_is_locked_and_unlocked() {
    let staff = people(55, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (device, tree) = ready(&company, &folder, "phone", json!({ "first_name": "Jana" }));
    let name = company.only_device();

    company.admin(&["setting", "set", "support_phone", SUPPORT_PHONE]);
    company.admin(&["device", "lock", &name, "--message", "Bitte bei Acme abgeben"]);
    let status = device.run(&["run"]).json();
    assert_eq!(status["licence"]["holds"], json!(["lost"]));
    assert_eq!(status["licence"]["message"], "Bitte bei Acme abgeben");
    assert_eq!(status.get("person"), None);
    assert!(device.run(&["search", "mull"]).complaint().contains("locked this phone as lost"));
    let config = device.run(&["config"]).json();
    let shown: Vec<&Value> =
        config["settings"].as_array().expect("a list").iter().map(|s| &s["key"]).collect();
    assert_eq!(shown, ["support_email", "support_phone", "support_url"]);
    assert_eq!(device.setting("support_phone")["value"], SUPPORT_PHONE, "whom to call");

    // Neither the MDM nor a new start lifts it.
    let status = device.run_android(&tree).json();
    assert_eq!(status["licence"]["holds"], json!(["lost"]));

    company.admin(&["device", "unlock", &name]);
    let status = device.run(&["run"]).json();
    assert_eq!(status["licence"]["holds"], json!([]));
    assert_eq!(status["licence"].get("message"), None);
    assert_eq!(device.names().len(), COUNT);
    assert_eq!(device.setting("first_name")["value"], "Jana");
    let acknowledged = company.events().into_iter().filter(|(n, _)| n == "command-acknowledged");
    assert_eq!(acknowledged.count(), 2);
}

/// The files that are left of a phone, but for what the simulated phone itself remembers.
fn left(device: &Device) -> Vec<String> {
    fn walk(folder: &Path, root: &Path, names: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, names);
            } else {
                let name = path.strip_prefix(root).expect("below it");
                names.push(name.to_string_lossy().into_owned());
            }
        }
    }
    let mut names = Vec::new();
    walk(&device.folder, &device.folder, &mut names);
    names.retain(|name| !["phone.json", "feedback.json"].contains(&name.as_str()));
    names.sort();
    names
}

#[track_caller]
fn assert_erased(device: &Device, status: &Value, cause: &str, staff: &[Person]) {
    assert_eq!(status["licence"]["phase"], "erased");
    assert_eq!(status["licence"]["cause"], cause);
    assert_eq!(status["contacts"]["count"], 0);
    assert_eq!(status.get("person"), None);
    assert_eq!(status.get("organization"), None);
    assert_eq!(left(device), ["data/default/lock", "data/default/marker.json"]);
    assert_eq!(device.status()["licence"]["phase"], "erased", "after a restart too");
    device.run(&["search", "mull"]).complaint();
    let needles = staff.iter().map(|person| person.email.clone());
    let needles = needles.chain([LICENCE_PASSWORD.to_owned(), LICENCE_USER.to_owned()]);
    let found = muster_e2e::scan::Scanner::new(needles).folder(&device.folder);
    assert_eq!(found, [], "nothing of the company is readable");
}

#[test]
fn a_retired_phone_holds_nothing_and_does_not_come_back_by_itself() {
    let staff = people(56, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (device, tree) = ready(&company, &folder, "phone", json!({}));
    let name = company.only_device();

    company.admin(&["device", "retire", &name]);
    let status = device.run(&["run"]).json();
    assert_erased(&device, &status, "retired", &staff);
    assert_eq!(company.devices()[0]["state"], "erased");
    let receipts: Vec<Value> = company
        .events()
        .into_iter()
        .filter(|(name, _)| name == "command-acknowledged")
        .map(|(_, content)| content)
        .collect();
    assert_eq!(receipts.len(), 1, "{receipts:#?}");

    // The MDM's configuration still has the evidence; that is not enough, however often it comes.
    for _ in 0..2 {
        assert_eq!(device.run_android(&tree).codes(), ["erased_evidence"]);
        assert_eq!(left(&device), ["data/default/lock", "data/default/marker.json"]);
    }
    let mut other_name = tree.clone();
    other_name["first_name"] = json!("Jana");
    assert_eq!(device.run_android(&other_name).codes(), ["erased_evidence"]);
    assert_eq!(company.devices().len(), 1);

    // The person who may, comes back on purpose.
    let password = device.file("password", LICENCE_PASSWORD);
    let url = company.url();
    let by_hand =
        ["activate", "--server", &url, "--username", LICENCE_USER, "--password-file", &password];
    let status = device.run(&by_hand).json();
    assert_eq!(status["licence"]["phase"], "active");
    assert_eq!(status["contacts"]["count"], COUNT);
    assert_eq!(device.names().len(), COUNT);
    let states: Vec<Value> = company.devices().iter().map(|d| d["state"].clone()).collect();
    assert!(states.contains(&json!("active")) && states.contains(&json!("erased")), "{states:?}");
}

#[test]
fn a_retired_phone_comes_back_with_other_evidence_from_the_mdm() {
    let staff = people(57, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (device, _) = ready(&company, &folder, "phone", json!({}));
    company.admin(&["device", "retire", &company.only_device()]);
    device.run(&["run"]).json();
    let tree = json!({
        "server_url": company.url(), "email": staff[1].email, "company_passcode": PASSCODE,
    });
    let status = device.run_android(&tree).json();
    assert_eq!(status["licence"]["phase"], "active");
    assert_eq!(device.names().len(), COUNT);
}

#[test]
fn a_revoked_person_loses_the_phone_by_a_signed_word() {
    let staff = people(58, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (email, other) = (staff[4].email.as_str(), staff[5].email.as_str());
    let phone_of = |email: &str, name: &str| {
        let device = Device::new(folder.path().join(name));
        let tree = json!({
            "server_url": company.url(), "email": email, "company_passcode": PASSCODE,
        });
        device.run_android(&tree).json();
        (device, tree)
    };
    let (device, tree) = phone_of(email, "revoked");
    let (colleague, _) = phone_of(other, "colleague");

    company.admin(&["person", "revoke", email]);
    let status = device.run(&["run"]).json();
    assert_erased(&device, &status, "revoked", &staff);
    colleague.run(&["run"]).json();
    assert_eq!(colleague.status()["licence"]["phase"], "active");

    assert_eq!(device.run_android(&tree).codes(), ["erased_evidence"]);
    // The passcode is still right, but the address is blocked.
    let password = device.file("passcode", PASSCODE);
    let url = company.url();
    let again = ["activate", "--server", &url, "--email", email, "--password-file", &password];
    assert_eq!(device.run(&again).codes(), ["revoked"]);
    assert_eq!(device.status()["licence"]["phase"], "unlicensed");
    device.run(&["contacts"]).complaint();

    company.admin(&["person", "readmit", email]);
    let status = device.run(&again).json();
    assert_eq!(status["licence"]["phase"], "active");
    assert_eq!(status["organization"]["name"], NAME);
}

#[test]
fn signing_out_takes_everything_along() {
    let staff = people(59, COUNT);
    let company = Company::open(&staff);
    let folder = phones();
    let (device, tree) = ready(&company, &folder, "phone", json!({}));
    let status = device.run(&["sign-out"]).json();
    assert_erased(&device, &status, "signed_out", &staff);
    assert_eq!(company.devices()[0]["state"], "erased");
    assert_eq!(device.run_android(&tree).codes(), ["erased_evidence"], "out means out");

    let link = company.link();
    let status = device.run(&["open-link", &link, "--accept"]).json();
    assert_eq!(status["licence"]["phase"], "active");
    assert_eq!(device.names().len(), COUNT);
    assert_eq!(device.run(&["sign-out"]).json()["licence"]["phase"], "erased");
    let again = device.run(&["sign-out"]).json();
    assert_eq!(again["licence"]["phase"], "erased", "out is out, however often");

    let new = Device::new(folder.path().join("new"));
    assert_eq!(new.run(&["sign-out"]).codes(), ["not_active"]);
}
