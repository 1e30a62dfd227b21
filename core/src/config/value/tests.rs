use super::*;
use crate::config::schema::Key;

#[test]
fn every_documented_placeholder_is_found_and_names_its_vendor() {
    for row in PLACEHOLDERS {
        for word in row.words {
            let word = match word.strip_suffix('*') {
                Some("") => "mail".to_owned(),
                Some(start) => format!("{start}X"),
                None => (*word).to_owned(),
            };
            let token = row.shape.token(&word);
            let found = placeholders::find(&token).unwrap_or_else(|| panic!("{token}"));
            assert_eq!(found.token, token);
            let inside = format!("before {token} after");
            assert!(placeholders::find(&inside).is_some(), "{inside}");
        }
    }
}

#[test]
fn a_long_value_full_of_marks_is_searched_in_bounded_time() {
    let text = "{{$%_[".repeat(10_000);
    assert_eq!(placeholders::find(&text), None);
    let umlauts = format!("{{{{{}", "ä".repeat(100));
    assert_eq!(placeholders::find(&umlauts), None);
}

#[test]
fn what_was_read_can_be_stored_and_read_again() {
    for (key, raw) in [
        (Key::ServerUrl, RawValue::from("https://a.example")),
        (Key::LicensePassword, "p".into()),
        (Key::AllowedServers, "a.example,b.example".into()),
        (Key::OfflineGraceDays, "7".into()),
        (Key::ContactSources, r#"[{"carddav_url":"https://d.example","name":"x"}]"#.into()),
    ] {
        let Reading::Valid(value) = read(key.setting(), &raw, &mut Vec::new()) else {
            panic!("{key:?}")
        };
        let mut notes = Vec::new();
        let again = read(key.setting(), &value.to_raw(), &mut notes);
        assert_eq!(again, Reading::Valid(value), "{key:?}");
        assert!(notes.is_empty(), "{key:?}");
    }
}
