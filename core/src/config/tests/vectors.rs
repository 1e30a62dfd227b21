//! Runs tests/vectors/config: see the README there for the format.
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use crate::activation::Offer;
use crate::config::input::{Source, SourcedTree, tree_from_json, tree_from_plist};
use crate::config::*;
use crate::effect::{KeyedState, Severity};
use crate::ids::{Language, Platform};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    cases: Vec<Case>,
}

#[derive(Default, Deserialize)]
struct Case {
    about: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    before: Input,
    #[serde(flatten)]
    input: Input,
    settings: Option<BTreeMap<String, Json>>,
    notes: Option<BTreeMap<String, Vec<String>>>,
    unknown: Option<BTreeMap<String, Option<String>>>,
    only_warn: Option<Vec<String>>,
    changes: Option<Changes>,
    feedback: Option<BTreeMap<String, Severity>>,
    activation: Option<String>,
}

#[derive(Default, Deserialize)]
struct Input {
    #[serde(default, deserialize_with = "present")]
    mdm: Option<Json>,
    plist: Option<String>,
    admins: Option<BTreeMap<String, Json>>,
    person: Option<Json>,
    server: Option<Map<String, Json>>,
    individual: Option<Map<String, Json>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    added: Vec<String>,
    changed: Vec<String>,
    removed: Vec<String>,
    then: Vec<String>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

/// The members of a case; serde can't refuse unknown ones beside a flattened struct.
const MEMBERS: &[&str] = &[
    "about",
    "platform",
    "before",
    "mdm",
    "plist",
    "admins",
    "person",
    "server",
    "individual",
    "settings",
    "notes",
    "unknown",
    "only_warn",
    "changes",
    "feedback",
    "activation",
];

fn tree(json: &Json) -> RawTree {
    tree_from_json(json.to_string().as_bytes()).unwrap()
}

impl Input {
    fn managed(&self) -> Option<ManagedInput> {
        if let Some(plist) = &self.plist {
            let tree = tree_from_plist(plist.as_bytes()).unwrap();
            return Some(ManagedInput::from_tree(tree).unwrap());
        }
        if let Some(admins) = &self.admins {
            let trees = admins.iter().map(|(name, json)| SourcedTree {
                source: match name.as_str() {
                    "os" => Source::Os,
                    "managed_app" => Source::ManagedApp,
                    package => Source::Admin(package.to_owned()),
                },
                tree: Some(tree(json)),
            });
            return Some(ManagedInput::from_sources(trees.collect()).unwrap());
        }
        self.mdm.as_ref().map(|json| ManagedInput::from_tree(tree(json)).unwrap())
    }

    fn resolved(&self, platform: Platform, last_good: &LastGood) -> Resolution {
        let managed = self.managed();
        let person = self.person.as_ref().map(tree);
        resolve(&Inputs {
            platform,
            mdm: managed.as_ref(),
            person: person.as_ref(),
            server: self.server.as_ref(),
            individual: self.individual.as_ref(),
            last_good,
        })
    }

    /// Every secret that the input holds in the clear.
    fn secrets(&self) -> Vec<String> {
        let mut secrets = Vec::new();
        let all = [self.mdm.clone(), self.server.clone().map(Json::Object)];
        for json in all.into_iter().flatten() {
            collect_secrets(&json, &mut secrets);
        }
        secrets.extend(self.plist.iter().filter(|text| text.contains("a&b<c-hidden")).cloned());
        secrets
    }
}

/// Strings that a case marks as secret by what stands in them.
fn collect_secrets(json: &Json, secrets: &mut Vec<String>) {
    match json {
        Json::String(text) if text.starts_with(['[', '{']) => {
            if let Ok(inner) = serde_json::from_str(text) {
                collect_secrets(&inner, secrets);
            }
        }
        Json::String(text) if text.contains("hidden") || text.contains("-secret") => {
            secrets.push(text.clone());
        }
        Json::Array(items) => items.iter().for_each(|item| collect_secrets(item, secrets)),
        Json::Object(map) => map.values().for_each(|item| collect_secrets(item, secrets)),
        _ => {}
    }
}

fn run(case: &Case, label: &str) {
    let platform = case.platform.unwrap_or(Platform::Android);
    let before = case.before.resolved(platform, &LastGood::default());
    let published = feedback(&[], &before, Language::En);
    let now = case.input.resolved(platform, &before.last_good);
    let shown = view(&now, Language::En);

    for (name, expected) in case.settings.iter().flatten() {
        let setting = shown.settings.iter().find(|setting| setting.key == name);
        let setting = serde_json::to_value(setting.unwrap_or_else(|| panic!("{label}: {name}")));
        let setting = setting.unwrap();
        let plain;
        let expected = match expected {
            Json::Object(members) => members,
            value => {
                let received = serde_json::json!({
                    "value": value, "state": "valid", "from": "received", "layer": "mdm",
                });
                plain = received.as_object().unwrap().clone();
                &plain
            }
        };
        for (member, expected) in expected {
            assert_eq!(&setting[member], expected, "{label}: {name}.{member}");
        }
    }
    for (name, parts) in case.notes.iter().flatten() {
        let setting = shown.settings.iter().find(|setting| setting.key == name).unwrap();
        assert_eq!(parts.is_empty(), setting.notes.is_empty(), "{label}: {:?}", setting.notes);
        for part in parts {
            let found = setting.notes.iter().any(|note| note.contains(part));
            assert!(found, "{label}: no “{part}” in {:?}", setting.notes);
        }
    }
    if let Some(expected) = &case.unknown {
        let unknown = now.unknown.iter();
        let unknown: BTreeMap<String, Option<String>> =
            unknown.map(|one| (one.key.clone(), one.meant.map(str::to_owned))).collect();
        assert_eq!(&unknown, expected, "{label}");
    }
    if let Some(expected) = &case.only_warn {
        let names: Vec<&str> = now.effective.only_warn().iter().map(|key| key.name()).collect();
        assert_eq!(&names, expected, "{label}");
    }
    if let Some(expected) = &case.changes {
        let set = diff(&before.effective, &now.effective);
        let names = |keys: &[Key]| -> Vec<String> {
            keys.iter().map(|key| key.name().to_owned()).collect()
        };
        assert_eq!(names(&set.added), expected.added, "{label}: added");
        assert_eq!(names(&set.changed), expected.changed, "{label}: changed");
        assert_eq!(names(&set.removed), expected.removed, "{label}: removed");
        let then = set.consequences;
        let then = [
            (then.reactivate, "reactivate"),
            (then.resync, "resync"),
            (then.reevaluate, "reevaluate"),
            (then.reschedule, "reschedule"),
        ];
        let then: Vec<&str> =
            then.into_iter().filter(|(yes, _)| *yes).map(|(_, name)| name).collect();
        assert_eq!(then, expected.then, "{label}: then");
    }
    let states = feedback(&published, &now, Language::En);
    if let Some(expected) = &case.feedback {
        let severities = states.iter().map(|state| (state.key.clone(), state.severity));
        assert_eq!(&severities.collect::<BTreeMap<_, _>>(), expected, "{label}: feedback");
    }
    if let Some(expected) = &case.activation {
        assert_eq!(&offered(&now.effective), expected, "{label}");
    }

    // For every case.
    let again = case.input.resolved(platform, &now.last_good);
    assert!(diff(&now.effective, &again.effective).is_empty(), "{label}: twice is not once");
    let errors = |states: &[KeyedState]| -> Vec<KeyedState> {
        states.iter().filter(|state| state.severity == Severity::Error).cloned().collect()
    };
    let later = feedback(&states, &again, Language::En);
    assert_eq!(errors(&later), errors(&states), "{label}: an error changes by itself");
    assert_eq!(feedback(&later, &again, Language::En), later, "{label}: feedback never settles");
    let said = format!("{now:?} {shown:?} {states:?}");
    for secret in case.input.secrets() {
        assert!(!said.contains(&secret), "{label}: a secret is in the open");
    }
}

fn offered(effective: &Effective) -> String {
    match Offer::of(effective) {
        Offer::Evidence(configured) => configured.evidence.kind().as_str().to_owned(),
        Offer::PersonSignsIn => "person_signs_in".to_owned(),
        Offer::Standalone { .. } => "standalone".to_owned(),
        Offer::Nothing => "nothing".to_owned(),
        Offer::Incomplete { missing } => {
            let names: Vec<&str> = missing.iter().map(|key| key.name()).collect();
            format!("incomplete: {}", names.join(", "))
        }
    }
}

#[test]
fn every_vector() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/config");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let file: File =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        assert!(!file.about.is_empty(), "{path:?}");
        let plain: Json = serde_json::from_str(&text).unwrap();
        for (case, plain) in file.cases.iter().zip(plain["cases"].as_array().unwrap()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let label = format!("{name}: {}", case.about);
            for member in plain.as_object().unwrap().keys() {
                assert!(MEMBERS.contains(&member.as_str()), "{label}: what is {member}?");
            }
            run(case, &label);
            count += 1;
        }
    }
    assert!(count >= 150, "only {count} vectors");
}

#[test]
#[should_panic(expected = "settings")]
fn a_wrong_expectation_is_noticed() {
    let case = Case {
        input: Input { mdm: Some(serde_json::json!({ "block_copy": "true" })), ..Input::default() },
        settings: Some(BTreeMap::from([("block_copy".to_owned(), Json::Bool(false))])),
        ..Case::default()
    };
    run(&case, "settings");
}
