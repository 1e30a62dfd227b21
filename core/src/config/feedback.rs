//! Remark the admin reads in the MDM console about single settings: one keyed app state a problem,
//! and one that says so when it is mended; and one for each setting that was set although this
//! version of the app does nothing with it yet.
//!
//! No value is ever reported, only keys, what is wrong, and what holds instead.
use super::layers::{Entry, Resolution, Unknown};
use super::schema::Key;
use crate::effect::{KeyedState, Severity};
use crate::ids::Language;
use crate::limits;

/// The states for all settings, after `previous` was published last.
///
/// A problem is an error; once it is gone, the same key says so with severity info. That a setting
/// has no effect yet is info from the beginning, and stands behind everything that is more urgent:
/// there is a limit to how much is said. A shell sends the states that differ from those it sent
/// last.
pub fn feedback(
    previous: &[KeyedState],
    current: &Resolution,
    language: Language,
) -> Vec<KeyedState> {
    let mut states: Vec<KeyedState> = Vec::new();
    for entry in current.entries.iter().filter(|entry| entry.has_problem()) {
        states.push(problem(entry, language));
    }
    for unknown in &current.unknown {
        let state = unknown_key(unknown, language);
        // Two long keys may be cut to the same name.
        if states.iter().all(|other| other.key != state.key) {
            states.push(state);
        }
    }
    let planned: Vec<KeyedState> = current
        .entries
        .iter()
        .filter(|entry| !entry.has_problem())
        .filter_map(|entry| entry.notes.iter().find(|note| note.what.is_planned()))
        .map(|note| KeyedState::new(note.key.name(), Severity::Info, &note.text(language), PLANNED))
        .collect();
    for old in previous {
        let gone = states.iter().chain(&planned).all(|state| state.key != old.key);
        let is_setting = Key::from_name(&old.key).is_some();
        if gone && matches!(old.data.as_str(), PLANNED | WITHDRAWN) {
            states.push(withdrawn(&old.key, language));
        } else if gone && (is_setting || old.severity == Severity::Error || old.data == MENDED) {
            // Said until something else is: a word that comes and goes is not read.
            states.push(mended(&old.key, language));
        }
    }
    states.extend(planned);
    states.truncate(limits::FEEDBACK_STATES);
    states
}

/// The data of a state that says that a setting has no effect yet, and of the one that follows when
/// that is no longer to be said. Nothing was wrong, so nothing is mended.
const PLANNED: &str = r#"{"state":"planned"}"#;
const MENDED: &str = r#"{"state":"mended"}"#;
const WITHDRAWN: &str = r#"{"state":"withdrawn"}"#;

fn problem(entry: &Entry, language: Language) -> KeyedState {
    let name = entry.key.name();
    // Problems first, then what holds instead; coercions of other layers would only distract.
    let mut sentences: Vec<String> = Vec::new();
    for note in entry.notes.iter().filter(|note| note.is_problem() || note.what.is_outcome()) {
        let sentence = note.text(language);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    let data = serde_json::json!({
        "state": entry.state,
        "from": entry.from,
        "layer": entry.layer,
    });
    KeyedState::new(name, Severity::Error, &sentences.join(" "), &data.to_string())
}

fn unknown_key(unknown: &Unknown, language: Language) -> KeyedState {
    match unknown.meant {
        Some(meant) => {
            let text = language.of([
                "“{key}” is not a setting of Muster; upper and lower case matter. Probably “{0}” is meant: rename it in the console.",
                "„{key}“ ist keine Einstellung von Muster; Groß- und Kleinschreibung zählt. Vermutlich ist „{0}“ gemeint: Benennen Sie es in der Konsole um.",
                "”{key}” är ingen inställning i Muster; stora och små bokstäver räknas. Förmodligen menas ”{0}”: byt namn på den i konsolen.",
            ]);
            let text = text.replace("{0}", meant).replace("{key}", &unknown.key);
            let data = serde_json::json!({ "state": "unknown", "meant": meant });
            KeyedState::new(&unknown.key, Severity::Error, &text, &data.to_string())
        }
        None => {
            let text = language.of([
                "“{key}” is not a setting of Muster and has no effect. Remove it, or look up the right name in the reference.",
                "„{key}“ ist keine Einstellung von Muster und hat keine Wirkung. Entfernen Sie sie oder sehen Sie in der Referenz nach dem richtigen Namen.",
                "”{key}” är ingen inställning i Muster och har ingen verkan. Ta bort den eller se efter rätt namn i referensen.",
            ]);
            let text = text.replace("{key}", &unknown.key);
            KeyedState::new(&unknown.key, Severity::Info, &text, r#"{"state":"unknown"}"#)
        }
    }
}

fn mended(key: &str, language: Language) -> KeyedState {
    let text = language.of([
        "{key} is in order again.",
        "{key} ist wieder in Ordnung.",
        "{key} är i sin ordning igen.",
    ]);
    KeyedState::new(key, Severity::Info, &text.replace("{key}", key), MENDED)
}

fn withdrawn(key: &str, language: Language) -> KeyedState {
    let text = language.of([
        "There is nothing more to say about {key}.",
        "Zu {key} ist nichts mehr anzumerken.",
        "Det finns inget mer att anmärka om {key}.",
    ]);
    KeyedState::new(key, Severity::Info, &text.replace("{key}", key), WITHDRAWN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Inputs, LastGood, ManagedInput, resolve};
    use crate::ids::Platform;

    fn phone(json: &str) -> Resolution {
        let mdm = ManagedInput::from_android_json(json.as_bytes()).unwrap();
        resolve(&Inputs {
            platform: Platform::Android,
            mdm: Some(&mdm),
            person: None,
            server: None,
            individual: None,
            last_good: &LastGood::default(),
        })
    }

    #[test]
    fn an_error_is_followed_by_word_that_it_is_mended() {
        let bad = feedback(&[], &phone(r#"{"email":"{{mail}}"}"#), Language::En);
        assert_eq!(bad.len(), 1);
        assert_eq!((bad[0].key.as_str(), bad[0].severity), ("email", Severity::Error));
        assert!(bad[0].message.contains("{{mail}}"));

        let good = feedback(&bad, &phone(r#"{"email":"a@x.example"}"#), Language::En);
        assert_eq!(good.len(), 1);
        assert_eq!((good[0].key.as_str(), good[0].severity), ("email", Severity::Info));
        assert!(!good[0].message.contains("a@x.example"));
    }

    #[test]
    fn what_is_mended_stays_said_when_the_same_is_judged_again() {
        let bad = feedback(&[], &phone(r#"{"Email":"a@x.example"}"#), Language::En);
        let good = phone(r#"{"email":"a@x.example"}"#);
        let once = feedback(&bad, &good, Language::En);
        assert_eq!(once.len(), 1);
        assert_eq!((once[0].key.as_str(), once[0].severity), ("Email", Severity::Info));
        assert_eq!(feedback(&once, &good, Language::En), once, "nothing changed, nothing is sent");
    }

    #[test]
    fn a_setting_without_an_effect_yet_is_a_remark_and_no_error() {
        let said = |previous: &[KeyedState], json: &str| {
            let states = feedback(previous, &phone(json), Language::En);
            assert_eq!(feedback(&states, &phone(json), Language::En), states, "it settles");
            states
        };
        let data = |states: &[KeyedState]| -> Vec<String> {
            states.iter().map(|state| format!("{} {}", state.key, state.data)).collect()
        };
        let set = said(&[], r#"{"log_level":"debug","contacts_mode":"directory"}"#);
        assert_eq!(
            data(&set),
            [r#"contacts_mode {"state":"planned"}"#, r#"log_level {"state":"planned"}"#]
        );
        assert!(set.iter().all(|state| state.severity == Severity::Info));
        assert!(set[0].message.contains("“directory” of contacts_mode"), "{}", set[0].message);

        // A mistake is more urgent, and once it is corrected the remark is back.
        let mistaken = said(&set, r#"{"log_level":"loud","contacts_mode":"in_app"}"#);
        assert_eq!(mistaken[0].key, "log_level");
        assert_eq!(mistaken[0].severity, Severity::Error);
        assert_eq!(data(&mistaken[1..]), [r#"contacts_mode {"state":"withdrawn"}"#]);
        let corrected = said(&mistaken, r#"{"log_level":"warn","contacts_mode":"in_app"}"#);
        assert_eq!(
            data(&corrected),
            [r#"contacts_mode {"state":"withdrawn"}"#, r#"log_level {"state":"planned"}"#]
        );
    }

    #[test]
    fn a_default_is_nobodys_wish() {
        assert_eq!(phone("{}").effective.text(Key::ContactsMode), Some("directory"));
        assert_eq!(feedback(&[], &phone("{}"), Language::En), []);
    }

    #[test]
    fn many_long_unknown_keys_stay_within_the_limits_of_the_wire() {
        let keys: Vec<String> = (0..300).map(|n| format!("\"{n}{}\":1", "k".repeat(150))).collect();
        let states = feedback(&[], &phone(&format!("{{{}}}", keys.join(","))), Language::De);
        assert_eq!(states.len(), limits::FEEDBACK_STATES);
        assert!(states.iter().all(|state| state.key.chars().count() <= 100));
    }
}
