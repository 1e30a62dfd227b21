//! A setting that nothing reads must say so: each key of the table has a reader outside `config`, or
//! a mark of what is planned, and what is marked has none.
//!
//! A reader is code of the core or of the bindings that names the key or calls one of [`ACCESSORS`],
//! or code of a shell that asks for the setting by name, or for its field of the snapshot. Tests are
//! no readers, and neither is what only offers settings to shells ([`OFFER`]).

use std::sync::LazyLock;

use muster_core::config::Key;
use muster_core::config::schema::{Planned, Setting, Type};
use muster_core::ids::Platform;

use super::files;

/// What `config` offers ready made, and the settings that whoever calls it reads.
const ACCESSORS: &[(&str, &[Key])] = &[
    (
        ".contact_sources()",
        &[Key::CarddavUrl, Key::CarddavUsername, Key::CarddavPassword, Key::ContactSources],
    ),
    (".allowed_servers()", &[Key::AllowedServers]),
    (".policy_key_thumbprints()", &[Key::PolicyKeyThumbprints]),
];

/// Where the snapshot for screens takes settings over: somebody has to show them.
const OFFER: &str = "core/src/agent/snapshot/settings.rs";

/// Code without comments, and where it stands.
type Code = Vec<(String, String)>;

/// What could read a setting.
#[derive(Clone, Default)]
struct Readers {
    /// The core without `config`, and the bindings.
    rust: Code,
    android: Code,
    ios: Code,
}

static REPOSITORY: LazyLock<Readers> = LazyLock::new(Readers::of_the_repository);

impl Readers {
    fn of_the_repository() -> Self {
        let gather = |folders: &[&str], extensions: &[&str]| -> Code {
            folders.iter().flat_map(|folder| files(folder, extensions)).collect()
        };
        let mut rust = gather(&["core/src", "bindings/src"], &["rs"]);
        rust.retain(|(path, _)| {
            !path.starts_with("core/src/config/") && path != OFFER && !is_test(path)
        });
        let android = ["android/app/src/main/kotlin", "android/sdk/src/main/kotlin"];
        let ios = ["ios/App/Model", "ios/App/Sources", "ios/Sources"];
        let mut readers =
            Self { rust, android: gather(&android, &["kt"]), ios: gather(&ios, &["swift"]) };
        for (_, text) in readers.rust.iter_mut().chain(&mut readers.android).chain(&mut readers.ios)
        {
            *text = code(text);
        }
        readers
    }

    fn shell(&self, platform: Platform) -> &Code {
        match platform {
            Platform::Android => &self.android,
            Platform::Ios => &self.ios,
        }
    }

    /// The files that read `row`.
    fn of<'a>(&'a self, row: &Setting) -> Vec<&'a str> {
        let constant = format!("Key::{:?}", row.key);
        let accessors: Vec<&str> = ACCESSORS
            .iter()
            .filter(|(_, keys)| keys.contains(&row.key))
            .map(|(call, _)| *call)
            .collect();
        // A single word can be anything in a shell, the name of a picture for one.
        let names = row
            .name
            .contains('_')
            .then(|| (format!("\"{}\"", row.name), format!("settings.{}", camel_case(row.name))));
        let by_key = self.rust.iter().filter(|(_, text)| {
            has_word(text, &constant) || accessors.iter().any(|call| text.contains(call))
        });
        let shells = self.android.iter().chain(&self.ios);
        let by_name = shells.filter(|(_, text)| {
            names
                .as_ref()
                .is_some_and(|(quoted, field)| text.contains(quoted) || has_word(text, field))
        });
        by_key.chain(by_name).map(|(path, _)| path.as_str()).collect()
    }
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.contains("/tests/")
        || ["tests.rs", "testing.rs", "vectors.rs", "properties.rs"]
            .iter()
            .any(|end| name.ends_with(end))
}

/// Without comments, and without the tests at the end.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// `word` with nothing behind it that would make it another.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        !text[at + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// `block_copy` as Kotlin and Swift call such a field: `blockCopy`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(1);
        name + &head.to_ascii_uppercase() + tail
    })
}

/// What is wrong with the marks of the table, a line each.
fn offences(readers: &Readers) -> Vec<String> {
    Key::ALL.into_iter().flat_map(|key| offences_of(key.setting(), readers)).collect()
}

fn offences_of(row: &Setting, readers: &Readers) -> Vec<String> {
    let (name, by) = (row.name, readers.of(row));
    match row.planned {
        Planned::Everything if by.is_empty() => vec![],
        Planned::Everything => vec![format!("{name} is marked as planned, and {by:?} read it")],
        _ if by.is_empty() => {
            vec![format!("nothing reads {name}, and it is not marked as planned")]
        }
        Planned::Nothing => vec![],
        Planned::On(missing) => {
            let other = match missing {
                Platform::Android => Platform::Ios,
                Platform::Ios => Platform::Android,
            };
            let heeds = |platform| {
                let (quoted, field) = (format!("\"{name}\""), camel_case(name));
                let mut code = readers.shell(platform).iter();
                code.any(|(_, text)| text.contains(&quoted) || has_word(text, &field))
            };
            match (heeds(missing), heeds(other)) {
                (false, true) => vec![],
                (true, _) => vec![format!("{name} is planned for {missing:?}, which reads it")],
                (_, false) => {
                    vec![format!("{name} is planned for one, and {other:?} lacks it too")]
                }
            }
        }
        Planned::Values(words) if matches!(row.kind, Type::Choice(_)) => words
            .iter()
            .filter(|word| {
                let quoted = format!("\"{word}\"");
                let mut code = readers.rust.iter().filter(|(path, _)| by.contains(&path.as_str()));
                code.any(|(_, text)| text.contains(&quoted))
            })
            .map(|word| format!("{word} of {name} is planned, and where {name} is read it stands"))
            .collect(),
        // Which value of a switch somebody asks for can't be seen in the code.
        Planned::Values(_) => vec![],
    }
}

#[test]
fn every_setting_has_a_reader_or_is_marked_as_planned() {
    let offences = offences(&REPOSITORY);
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn what_is_offered_to_screens_is_where_it_is_looked_for() {
    assert!(super::read(OFFER).contains("Key::BlockExport"));
}

#[test]
fn each_ready_made_accessor_is_there_and_reads_what_the_list_says() {
    let text = super::read("core/src/config/layers/effective.rs");
    for (call, keys) in ACCESSORS {
        let name = call.trim_start_matches('.').trim_end_matches("()");
        assert!(text.contains(&format!("pub fn {name}(&self)")), "{name}");
        for key in *keys {
            assert!(has_word(&text, &format!("Key::{key:?}")), "{name} does not read {key:?}");
        }
    }
}

/// The offences once `change` has been made to what is in the repository.
fn offences_after(change: impl Fn(&mut Readers)) -> Vec<String> {
    let mut readers = REPOSITORY.clone();
    change(&mut readers);
    offences(&readers)
}

fn add(to: &mut Code, text: &str) {
    to.push(("new".to_owned(), code(text)));
}

fn cut(from: &mut Code, word: &str) {
    from.iter_mut().for_each(|(_, text)| *text = text.replace(word, "gone"));
}

#[test]
fn control_a_setting_without_a_reader_is_found() {
    let nobody = |name: &str| [format!("nothing reads {name}, and it is not marked as planned")];
    let found = offences_after(|readers| cut(&mut readers.rust, "Key::DefaultRegion"));
    assert_eq!(found, nobody("default_region"));
    let found = offences_after(|readers| cut(&mut readers.rust, ".contact_sources()"));
    assert_eq!(found, nobody("contact_sources"));
    let found = offences_after(|readers| {
        // The one that says that the address is missing.
        cut(&mut readers.rust, "Key::CarddavUrl");
        cut(&mut readers.rust, ".contact_sources()");
    });
    assert_eq!(found, [nobody("carddav_url"), nobody("contact_sources")].concat());
    let marked = |key: &Key| key.setting().planned == Planned::Everything;
    let whole = Key::ALL.into_iter().filter(|key| !marked(key)).count();
    assert_eq!(offences(&Readers::default()).len(), whole, "where there is no code, each of them");
}

#[test]
fn control_a_mark_that_nobody_took_away_is_found() {
    let marked = |name: &str| [format!(r#"{name} is marked as planned, and ["new"] read it"#)];
    let found = offences_after(|readers| add(&mut readers.rust, "text(Key::LogLevel)"));
    assert_eq!(found, marked("log_level"));
    let found = offences_after(|readers| add(&mut readers.android, "text(\"privacy_url\")"));
    assert_eq!(found, marked("privacy_url"));
    let found = offences_after(|readers| add(&mut readers.ios, "state.settings.blockExport.isOn"));
    assert_eq!(found, marked("block_export"));
    let found = offences_after(|readers| {
        add(&mut readers.rust, "text(Key::ContactsMode) == Some(\"device_contacts\")");
    });
    assert!(found.len() == 1 && found[0].starts_with("device_contacts of contacts_mode"));

    // A comment and a longer name are no readers.
    let innocent = "// Key::LogLevel\ntext(Key::PhoneNumberOfSomebody)";
    assert_eq!(offences_after(|readers| add(&mut readers.rust, innocent)), [""; 0]);
}

#[test]
fn control_a_mark_for_one_platform_is_looked_at_on_both() {
    let found = offences_after(|readers| add(&mut readers.android, "screen.blockCopy"));
    assert_eq!(found, ["block_copy is planned for Android, which reads it"]);
    let found = offences_after(|readers| {
        for word in ["\"block_copy\"", "blockCopy"] {
            cut(&mut readers.ios, word);
        }
        add(&mut readers.rust, "bool(Key::BlockCopy)");
    });
    assert_eq!(found, ["block_copy is planned for one, and Ios lacks it too"]);
}
