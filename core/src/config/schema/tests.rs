use std::collections::BTreeSet;

use super::*;
use crate::config::raw::RawValue;
use crate::config::value::{Reading, read};

#[test]
fn every_setting_is_found_by_its_name_and_no_name_means_two() {
    let mut names = BTreeSet::new();
    for key in Key::ALL {
        let row = key.setting();
        assert_eq!(row.key, key);
        assert_eq!(Key::from_name(row.name), Some(key));
        assert!(row.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        assert!(names.insert(row.name), "{}", row.name);
        for alias in row.aliases {
            assert_eq!(Key::from_alias(alias.name).unwrap().0, key);
            assert!(names.insert(alias.name), "{}", alias.name);
        }
    }
}

#[test]
fn every_example_and_every_default_is_a_value_of_its_setting() {
    for key in Key::ALL {
        let row = key.setting();
        let example = match row.kind {
            Type::Bool => RawValue::Bool(row.example == "true"),
            Type::Int { .. } => RawValue::Int(row.example.parse().unwrap()),
            _ => row.example.into(),
        };
        let placeholder = row.example.starts_with("{{");
        match read(row, &example, &mut Vec::new()) {
            Reading::Valid(_) => assert!(!placeholder, "{key:?}"),
            Reading::Unexpanded => assert!(placeholder, "{key:?}"),
            other => panic!("{key:?}: {other:?}"),
        }
        let default: RawValue = match row.default {
            Builtin::None => continue,
            Builtin::Bool(yes) => yes.into(),
            Builtin::Int(number) => number.into(),
            Builtin::Word(word) => word.into(),
        };
        let mut notes = Vec::new();
        assert!(matches!(read(row, &default, &mut notes), Reading::Valid(_)), "{key:?}");
        assert!(notes.is_empty(), "{key:?}");
    }
}

#[test]
fn every_restricting_setting_says_what_holds_when_it_can_not_be_read() {
    for key in Key::ALL {
        let row = key.setting();
        let restricts = row.strict != Strict::None;
        assert_eq!(restricts, row.unreadable != Unreadable::Below, "{key:?}");
        assert!(restricts || !row.tighten_only, "{key:?}");
        assert!(!row.secret || !row.sources.server, "{key:?}: no secret comes by the policy");
    }
}

#[test]
fn a_default_that_is_a_number_is_at_hand_as_one() {
    assert_eq!(Key::OfflineGraceDays.default_int(), Some(14));
    assert_eq!(Key::CheckIntervalHours.default_int(), Some(24));
    assert_eq!(Key::ContactsSyncHours.default_int(), Some(6));
    assert_eq!(Key::MaxPatchAgeDays.default_int(), None, "a number without a default");
    assert_eq!(Key::AutoActivate.default_int(), None, "a default that is no number");
}

#[test]
fn what_is_planned_is_something_that_the_setting_could_do() {
    for key in Key::ALL {
        let row = key.setting();
        match row.planned {
            Planned::Nothing | Planned::Everything => {}
            Planned::On(_) => assert_eq!(row.only_on, None, "{key:?}"),
            Planned::Values(values) => {
                let possible = match row.kind {
                    Type::Choice(words) => words,
                    Type::Bool => &["true", "false"],
                    _ => &[][..],
                };
                assert!(!values.is_empty(), "{key:?}");
                assert!(values.iter().all(|value| possible.contains(value)), "{key:?}");
            }
        }
    }
}

#[test]
fn titles_are_short_and_descriptions_are_sentences_in_each_language() {
    for key in Key::ALL {
        let text = key.setting().text;
        for (title, about) in text.title.into_iter().zip(text.about) {
            assert!((2..=40).contains(&title.chars().count()), "{key:?}: {title}");
            assert!(!title.ends_with('.'), "{key:?}: {title}");
            assert!(about.ends_with('.') && about.len() > 15, "{key:?}: {about}");
        }
        assert_ne!(text.about[0], text.about[1], "{key:?}");
        assert_ne!(text.about[1], text.about[2], "{key:?}");
    }
}
