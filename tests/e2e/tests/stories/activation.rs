//! How a phone gets in at a management server, and how it is told that it does not.
use muster_e2e::company::{Company, LICENCE_PASSWORD, NAME, PASSCODE};
use muster_e2e::program::{Device, Ended};
use muster_people::{Person, people};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::imposter::Imposter;
use crate::shapes::{self, assert_shape};
use crate::ways::{intune, plist_binary, plist_xml};

/// A company of so many is enough here.
const COUNT: usize = 40;

struct Story {
    staff: Vec<Person>,
    company: Company,
    folder: TempDir,
}

impl Story {
    fn begin(seed: u64) -> Self {
        let staff = people(seed, COUNT);
        let company = Company::open(&staff);
        Self { staff, company, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn phone(&self, name: &str) -> Device {
        Device::new(self.folder.path().join(name))
    }

    /// The phone is in, has everybody, and the server knows of it.
    #[track_caller]
    fn assert_ready(&self, ended: &Ended, device: &Device, way: &str) {
        let status = ended.json();
        assert_shape(&status, &shapes::status());
        assert_eq!(status["licence"]["phase"], "active");
        assert_eq!(status["licence"]["holds"], json!([]));
        assert_eq!(status["organization"]["name"], NAME);
        assert_eq!(status["compliance"]["state"], "compliant");
        assert_eq!(status["contacts"]["count"], COUNT);
        assert_eq!(status["outbox"]["pending"], 0);
        let mut names: Vec<String> = self.staff.iter().map(Person::display_name).collect();
        names.sort();
        assert_eq!(device.names(), names);
        let contacts = Value::Array(device.contacts());
        assert_shape(&contacts, &shapes::contacts());
        assert!(device.found("mull").contains(&self.staff[0].display_name()));
        let caller = device.run(&["caller", &self.staff[1].phones[0].e164]).json();
        assert_shape(&caller, &shapes::caller());
        assert_eq!(caller["contacts"][0]["name"], self.staff[1].display_name());
        assert_shape(&device.run(&["config"]).json(), &shapes::config());
        let devices = self.company.devices();
        let active: Vec<&Value> = devices.iter().filter(|d| d["state"] == "active").collect();
        assert!(
            active.iter().any(|d| d["way_in"] == way && d["compliance"] == "compliant"),
            "{devices:#?}"
        );
    }

    /// The phone is out, and holds nothing of the company.
    #[track_caller]
    fn assert_outside(&self, device: &Device) {
        let status = device.status();
        assert!(
            ["unlicensed", "activating"]
                .contains(&status["licence"]["phase"].as_str().unwrap_or("")),
            "{status:#}"
        );
        assert_eq!(status["contacts"]["count"], 0);
        assert_eq!(status.get("organization"), None);
        assert_eq!(self.company.devices(), [] as [Value; 0]);
    }
}

#[test]
fn a_shared_licence_from_android() {
    let story = Story::begin(41);
    let tree = story.company.shared_licence(json!({ "first_name": "Jana", "block_export": true }));
    let device = story.phone("plain");
    story.assert_ready(&device.run_android(&tree), &device, "licence");
    assert_eq!(device.setting("license_password")["value"], "•••");
    assert_eq!(device.setting("block_export")["value"], true);

    let device = story.phone("intune");
    let payload = device.file("intune.json", intune(&tree));
    story.assert_ready(&device.run_managed(&payload), &device, "licence");
    assert_eq!(device.status()["person"], json!({ "first_name": "Jana" }));
    assert_eq!(story.company.devices().len(), 2, "each phone has a key of its own");
}

#[test]
fn an_address_and_the_passcode_from_ios() {
    let story = Story::begin(42);
    let tree = json!({
        "server_url": story.company.url(),
        "email": story.staff[3].email,
        "companyPasscode": PASSCODE,
    });
    for (name, list) in [("xml", plist_xml(&tree)), ("binary", plist_binary(&tree))] {
        let device = story.phone(name);
        let list = device.file("plist", list);
        let ended = device.run(&["--platform", "ios", "run", "--managed-config", &list]);
        story.assert_ready(&ended, &device, "passcode");
        assert_eq!(device.setting("company_passcode")["value"], "•••");
        assert_eq!(device.status()["person"], json!({ "email": story.staff[3].email }));
    }
    let devices = story.company.devices();
    assert!(devices.iter().all(|d| d["platform"] == "ios"), "{devices:#?}");
}

#[test]
fn a_link() {
    let story = Story::begin(43);
    let link = story.company.link();
    let device = story.phone("first");
    let preview = device.run(&["open-link", &link]).json();
    let host = story.company.url().replace("http://", "");
    assert_eq!(preview, json!({ "host": host, "already_active": false }));
    story.assert_outside(&device);
    story.assert_ready(&device.run(&["open-link", &link, "--accept"]), &device, "link");
    device.run(&["run"]).json();

    // Another phone comes too late; the right link still works there.
    let late = story.phone("second");
    assert_eq!(late.run(&["open-link", &link, "--accept"]).codes(), ["code_used"]);
    assert_eq!(late.status()["licence"]["phase"], "unlicensed");
    assert_eq!(story.company.devices().len(), 1);
    let other = story.company.link();
    story.assert_ready(&late.run(&["open-link", &other, "--accept"]), &late, "link");

    // A link never replaces the company that is there.
    let third = story.company.link();
    assert_eq!(device.run(&["open-link", &third, "--accept"]).codes(), ["already_active"]);
    assert_eq!(device.contacts().len(), COUNT);
}

#[test]
fn a_link_to_a_server_that_the_company_does_not_allow() {
    let story = Story::begin(47);
    let link = story.company.link();
    let device = story.phone("phone");
    device.run_android(&json!({ "allowed_servers": "muster.example" })).json();
    let refused = device.run(&["open-link", &link, "--accept"]);
    assert_eq!(refused.codes(), ["host_not_allowed"]);
    story.assert_outside(&device);
    device.run_android(&json!({ "allowed_servers": "muster.example,127.0.0.1" })).json();
    story.assert_ready(&device.run(&["open-link", &link, "--accept"]), &device, "link");
}

#[test]
fn a_link_that_is_broken_sends_nothing() {
    let story = Story::begin(44);
    let link = story.company.link();
    let device = story.phone("phone");
    let newer = link.replace("#v=1", "#v=2");
    let (update, broken) = ("needs a newer version of the app", "is not complete or not right");
    for (link, words) in [
        (newer.as_str(), update),
        (link.split("&c=").next().expect("a beginning"), broken),
        ("https://link.muster.dev/a#v=1&c=short&s=127.0.0.1", broken),
        ("muster://a#v=1", broken),
        ("Hallo", broken),
    ] {
        let ended = device.run(&["open-link", link, "--accept"]);
        assert!(ended.complaint().contains(words), "{link}: {ended:#?}");
        story.assert_outside(&device);
    }
    story.assert_ready(&device.run(&["open-link", &link, "--accept"]), &device, "link");
}

#[test]
fn typed_by_the_person() {
    let story = Story::begin(45);
    let url = story.company.url();
    let device = story.phone("phone");
    let password = device.file("password", format!("{LICENCE_PASSWORD}\n"));
    let wrong = device.file("wrong", "Korrekt-Pferd-Akku\n");
    let activate = |file: &str| {
        device.run(&[
            "activate",
            "--server",
            &url,
            "--username",
            "acme-everybody",
            "--password-file",
            file,
        ])
    };
    assert_eq!(activate(&wrong).codes(), ["unknown_credentials"]);
    story.assert_outside(&device);
    story.assert_ready(&activate(&password), &device, "licence");
}

/// Every way to fail, with its own word, each followed by the correct run.
#[test]
fn what_goes_wrong_is_said_and_the_next_correct_run_works() {
    let story = Story::begin(46);
    let right = story.company.shared_licence(json!({}));
    let with = |changes: Value| {
        let mut tree = right.clone();
        for (key, value) in changes.as_object().expect("settings") {
            match value {
                Value::Null => tree.as_object_mut().expect("settings").remove(key),
                value => tree.as_object_mut().expect("settings").insert(key.clone(), value.clone()),
            };
        }
        tree
    };
    let page = "<!doctype html><title>Willkommen im WLAN</title><form>E-Mail: <input></form>";
    let portal = Imposter::http("200 OK", "text/html", "", page);
    let garbage = Imposter::http("200 OK", "application/json", "", "\u{1}{\"issuer\": [[[");
    let elsewhere =
        Imposter::http("302 Found", "text/html", "Location: http://127.0.0.1:9/\r\n", "");
    let broken = Imposter::http("503 Service Unavailable", "text/plain", "", "later");
    let silent = Imposter::new("");
    let half = Imposter::new(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"iss",
    );
    let other = Imposter::http(
        "200 OK",
        "application/json",
        "",
        r#"{"issuer": "https://login.example", "token_endpoint": "https://login.example/token"}"#,
    );
    let closed = {
        let gone = Imposter::new("");
        gone.url()
    };
    let cases = [
        (
            "wrong password",
            with(json!({ "license_password": "Korrekt-Pferd-Akku" })),
            "unknown_credentials",
        ),
        (
            "half a configuration",
            with(json!({ "license_password": null })),
            "incomplete_configuration",
        ),
        ("no server", with(json!({ "server_url": null })), "incomplete_configuration"),
        ("unreachable host", with(json!({ "server_url": closed })), "connection_refused"),
        ("captive portal", with(json!({ "server_url": portal.url() })), "not_a_muster_server"),
        ("garbage", with(json!({ "server_url": garbage.url() })), "answer_invalid"),
        ("a redirect", with(json!({ "server_url": elsewhere.url() })), "not_a_muster_server"),
        ("another OAuth server", with(json!({ "server_url": other.url() })), "not_a_muster_server"),
        ("server trouble", with(json!({ "server_url": broken.url() })), "server_trouble"),
        ("no answer at all", with(json!({ "server_url": silent.url() })), "cut"),
        ("half an answer", with(json!({ "server_url": half.url() })), "cut"),
    ];
    let device = story.phone("phone");
    for (what, tree, code) in &cases {
        let ended = device.run_android(tree);
        println!("{what}: {}", ended.err);
        assert_eq!(ended.code, Some(1), "{what}: {ended:#?}");
        assert_eq!(ended.codes(), [*code], "{what}: {ended:#?}");
        story.assert_outside(&device);
        assert!(!ended.err.contains(LICENCE_PASSWORD), "{what}");
    }
    let fresh = story.phone("fresh");
    let insecure = with(json!({ "server_url": "http://muster.example" }));
    assert_eq!(fresh.run_android(&insecure).codes(), ["incomplete_configuration"]);
    assert_eq!(fresh.setting("server_url")["state"], "invalid");
    let pinned = with(json!({ "policy_key_thumbprints": "A".repeat(43) }));
    assert_eq!(fresh.run_android(&pinned).codes(), ["key_mismatch"]);
    assert_eq!(fresh.status()["licence"]["phase"], "unlicensed");
    story.assert_ready(&fresh.run_android(&right), &fresh, "licence");

    story.assert_ready(&device.run_android(&right), &device, "licence");
    assert_eq!(story.company.events().iter().filter(|(name, _)| name == "activation").count(), 2);
}
