//! What the admin reads in the MDM console about single settings: one keyed app state a problem,
//! and one that says so when it is mended.
//!
//! No value is ever reported, only keys, what is wrong, and what holds instead.
use super::layers::{Entry, Resolution, Unknown};
use super::schema::Key;
use crate::effect::{KeyedState, Severity};
use crate::ids::Language;
use crate::limits;

/// The states for all settings, after `previous` was published last.
///
/// A problem is an error; once it is gone, the same key says so with severity info. A shell sends
/// the states that differ from those it sent last.
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
    for old in previous {
        let gone = states.iter().all(|state| state.key != old.key);
        let is_setting = Key::from_name(&old.key).is_some();
        if gone && (is_setting || old.severity == Severity::Error) {
            states.push(mended(&old.key, language));
        }
    }
    states.truncate(limits::FEEDBACK_STATES);
    states
}

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
    KeyedState::new(key, Severity::Info, &text.replace("{key}", key), r#"{"state":"mended"}"#)
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
    fn many_long_unknown_keys_stay_within_the_limits_of_the_wire() {
        let keys: Vec<String> = (0..300).map(|n| format!("\"{n}{}\":1", "k".repeat(150))).collect();
        let states = feedback(&[], &phone(&format!("{{{}}}", keys.join(","))), Language::De);
        assert_eq!(states.len(), limits::FEEDBACK_STATES);
        assert!(states.iter().all(|state| state.key.chars().count() <= 100));
    }
}
