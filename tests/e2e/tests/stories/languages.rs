//! The same failure, in the words of three languages.
use std::collections::BTreeSet;

use muster_e2e::company::Company;
use muster_e2e::program::Device;
use muster_people::people;
use serde_json::{Value, json};

use crate::imposter::Imposter;

const LANGUAGES: [&str; 3] = ["en", "de", "sv"];

fn run_in(language: &str, tree: &Value) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let device = Device::new(folder.path().join("phone"));
    let config = device.file("json", tree.to_string());
    let ended = device.run(&["--language", language, "run", "--managed-config", &config]);
    ended.complaint().to_owned()
}

#[test]
fn a_failure_has_three_texts_and_one_code() {
    let company = Company::open(&people(71, 3));
    let nobody = Imposter::new("");
    let mut wrong = company.shared_licence(json!({}));
    wrong["license_password"] = json!("Korrekt-Pferd-Akku");
    let mut half = company.shared_licence(json!({}));
    half.as_object_mut().expect("settings").remove("license_password");
    let mut cut = company.shared_licence(json!({}));
    cut["server_url"] = json!(nobody.url());
    for (tree, code, german) in [
        (&wrong, "(unknown_credentials)", "Die Anmeldedaten stimmen nicht."),
        (&half, "(incomplete_configuration)", "nicht vollständig (license_password)"),
        (&cut, "(cut)", "Die Verbindung zum Server (127.0.0.1) ist abgebrochen."),
    ] {
        let texts = LANGUAGES.map(|language| run_in(language, tree));
        assert!(texts.iter().all(|text| text.trim_end().ends_with(code)), "{texts:#?}");
        assert_eq!(BTreeSet::from(texts.clone()).len(), 3, "{texts:#?}");
        assert!(texts[1].contains(german), "{texts:#?}");
    }
}
