use muster_core::activation::{EvidenceKind, Offer};
use muster_core::config::schema::{Key, Planned, Type};
use muster_core::config::{Inputs, LastGood, State, resolve};
use muster_core::ids::Platform;
use muster_device::managed;

use crate::outputs::outputs;

fn output(path: &str) -> String {
    outputs().into_iter().find(|(name, _)| name == path).unwrap().1
}

#[test]
fn every_sample_reads_without_a_complaint_but_its_own_placeholders() {
    let samples = outputs().into_iter().filter(|(path, _)| path.starts_with("docs/samples/"));
    let mut count = 0;
    for (path, text) in samples {
        count += 1;
        let platform = if path.ends_with(".plist") { Platform::Ios } else { Platform::Android };
        let mdm = managed::read(text.as_bytes(), platform).unwrap();
        let resolution = resolve(&Inputs {
            platform,
            mdm: Some(&mdm),
            person: None,
            server: None,
            individual: None,
            last_good: &LastGood::default(),
        });
        assert!(resolution.unknown.is_empty(), "{path}");
        for entry in &resolution.entries {
            let personal = matches!(entry.key, Key::Email | Key::SerialNumber);
            let expected = match entry.state {
                State::Invalid => panic!("{path}: {:?}", entry.notes),
                State::Unexpanded => personal,
                State::Absent | State::Valid => entry.notes.is_empty(),
            };
            assert!(expected, "{path}: {:?}", entry.notes);
        }
        match Offer::of(&resolution.effective) {
            Offer::Incomplete { missing } => assert_eq!(missing, [Key::Email], "{path}"),
            Offer::Evidence(configured) => {
                assert_eq!(configured.evidence.kind(), EvidenceKind::Credentials);
                assert!(path.contains("licence"));
            }
            Offer::Standalone { sources } => assert_eq!(sources.len(), 2),
            other => panic!("{path}: {other:?}"),
        }
    }
    assert_eq!(count, 18);
}

#[test]
fn android_knows_every_setting_and_has_every_text_in_each_language() {
    let restrictions = output("android/sdk/src/main/res/xml/muster_app_restrictions.xml");
    for key in Key::ALL {
        let name = key.name();
        assert!(restrictions.contains(&format!("android:key=\"{name}\"")), "{name}");
        if let Type::Choice(_) = key.setting().kind {
            assert!(restrictions.contains(&format!("@array/muster_{name}\"")), "{name}");
        }
    }
    for folder in ["values", "values-de", "values-sv"] {
        let strings = output(&format!("android/sdk/src/main/res/{folder}/muster_restrictions.xml"));
        for part in restrictions.split("@string/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(strings.contains(&format!("name=\"{name}\"")), "{folder} {name}");
        }
    }
}

#[test]
fn the_specfile_has_a_value_and_a_field_for_each_setting_of_ios() {
    let specfile = output("ios/Specfile/muster.xml");
    for key in Key::ALL {
        let expected = if key.setting().works_on(Platform::Ios) { 2 } else { 0 };
        let count = specfile.matches(&format!("keyName=\"{}\"", key.name())).count();
        assert_eq!(count, expected, "{key:?}");
    }
}

#[test]
fn the_reference_names_each_setting_and_says_what_an_unusable_value_does() {
    let page = output("docs/configuration.md");
    for key in Key::ALL {
        let line = page.lines().find(|line| line.starts_with(&format!("| `{}` |", key.name())));
        let cells = line.unwrap().replace("\\|", "").split('|').count();
        assert_eq!(cells, 8, "{key:?}");
    }
}

#[test]
fn what_is_planned_says_so_wherever_an_admin_reads_about_it() {
    let about = |folder: &str, key: Key| -> String {
        let strings = output(&format!("android/sdk/src/main/res/{folder}/muster_restrictions.xml"));
        let start = format!("name=\"muster_{}_about\">", key.name());
        strings.lines().find(|line| line.contains(&start)).unwrap().to_owned()
    };
    let [page, specfile, schema] =
        ["docs/configuration.md", "ios/Specfile/muster.xml", "docs/configuration.schema.json"]
            .map(output);
    let row = |key: Key| {
        let start = format!("| `{}` |", key.name());
        page.lines().find(|line| line.starts_with(&start)).unwrap().to_owned()
    };
    let field = |key: Key| {
        let start = format!("<field keyName=\"{}\"", key.name());
        let field = specfile.split("</field>").find(|field| field.contains(&start));
        field.unwrap_or_default().to_owned()
    };
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let described = |key: Key| schema["properties"][key.name()]["description"].to_string();
    for key in Key::ALL {
        let planned = key.setting().planned;
        assert_eq!(
            row(key).contains("Not in this version"),
            planned != Planned::Nothing,
            "{key:?}"
        );
        assert_eq!(described(key).contains("Not in this"), planned != Planned::Nothing, "{key:?}");
        let (android, ios) = match planned {
            Planned::Nothing => (false, false),
            Planned::On(missing) => (missing == Platform::Android, missing == Platform::Ios),
            Planned::Everything | Planned::Values(_) => (true, true),
        };
        let words = [
            "Not in this version",
            "Noch nicht in dieser Version",
            "Ännu inte i den här versionen",
        ];
        for (folder, words) in ["values", "values-de", "values-sv"].into_iter().zip(words) {
            assert_eq!(about(folder, key).contains(words), android, "{folder} {key:?}");
            let ios = ios && key.setting().works_on(Platform::Ios);
            assert_eq!(field(key).contains(words), ios, "{key:?}");
        }
    }
    // Control: the table has each kind of mark, or the half of this was not tried.
    assert!(row(Key::BlockCopy).contains("Not in this version on Android."));
    assert!(row(Key::ContactsMode).contains("Not in this version: directory, device_contacts."));
    assert!(row(Key::LogLevel).contains("**Not in this version.**"));
}
