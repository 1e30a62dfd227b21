//! Every text is there, in every language, and says something.
use super::code::Code;
use super::finding::FindingWords;
use super::signal::signal_words;
use super::*;
use crate::compliance::{Mend, SignalKind};
use crate::contacts::details::DetailKind;
use crate::contacts::record::{PhoneKind, PlaceKind};
use crate::licence::{Hold, Phase};
use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, WallMs};

/// Words that a person should never have to read. Whole words, any case.
const JARGON: [&str; 22] = [
    "token",
    "tls",
    "ssl",
    "http",
    "json",
    "jws",
    "jwt",
    "dpop",
    "oauth",
    "carddav",
    "vcard",
    "webdav",
    "xml",
    "url",
    "dns",
    "null",
    "timeout",
    "endpoint",
    "payload",
    "hash",
    "api",
    "exception",
];

fn check_row(name: &str, row: [&str; 3]) {
    for (at, text) in row.into_iter().enumerate() {
        assert!(!text.trim().is_empty(), "{name}: column {at} is empty");
        assert_eq!(text.trim(), text, "{name}");
        assert!(!text.contains("  "), "{name}: {text}");
        let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        for word in words {
            assert!(!JARGON.contains(&word.as_str()), "{name}: jargon in “{text}”");
        }
    }
    assert_ne!(row[0], row[1], "{name}: German is English");
    assert_ne!(row[0], row[2], "{name}: Swedish is English");
    assert_ne!(row[1], row[2], "{name}: Swedish is German");
    let placeholders = |text: &str| {
        let mut names: Vec<String> = text
            .split('{')
            .skip(1)
            .map(|part| part.split('}').next().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(placeholders(row[0]), placeholders(row[1]), "{name}");
    assert_eq!(placeholders(row[0]), placeholders(row[2]), "{name}");
}

#[test]
fn every_code_has_words_in_every_language() {
    for code in Code::ALL {
        let (text, next) = code.rows();
        check_row(code.as_str(), text);
        check_row(code.as_str(), next);
        assert_eq!(Code::from_token(code.as_str()), Some(*code));
    }
    for words in FindingWords::ALL {
        let (title, explanation) = words.rows();
        check_row(words.as_str(), title);
        check_row(words.as_str(), explanation);
        assert_eq!(FindingWords::from_token(words.as_str()), Some(*words));
    }
    for signal in SignalKind::all() {
        let words = signal_words(signal);
        check_row(signal.as_str(), words.name);
        check_row(signal.as_str(), words.title);
        check_row(signal.as_str(), words.explanation);
    }
    for mend in Mend::all() {
        check_row(mend.as_str(), Language::ALL.map(|language| mend.label(language)));
    }
}

#[test]
fn labels_of_a_card_are_short_and_tell_its_lines_apart() {
    let check = |labels: Vec<[&'static str; 3]>| {
        for (at, language) in Language::ALL.into_iter().enumerate() {
            let column: std::collections::BTreeSet<&str> =
                labels.iter().map(|row| row[at]).collect();
            assert_eq!(column.len(), labels.len(), "{language:?}: two labels are alike");
            for label in column {
                assert!((3..=20).contains(&label.chars().count()), "{label}");
                assert!(!label.contains(['.', ':']) && label.trim() == label, "{label}");
            }
        }
    };
    let kinds = DetailKind::ALL.iter();
    let details: Vec<_> =
        kinds.map(|kind| Language::ALL.map(|language| detail_label(*kind, language))).collect();
    check(details);
    use PhoneKind::{Fax, Home, Mobile, Other, Pager, Work};
    let phones = [Mobile, Work, Home, Fax, Pager, Other];
    check(phones.map(|kind| Language::ALL.map(|language| phone_label(kind, language))).into());
    let places = [PlaceKind::Work, PlaceKind::Home, PlaceKind::Other];
    check(places.map(|kind| Language::ALL.map(|language| email_label(kind, language))).into());
}

#[test]
fn the_table_of_mends_is_in_the_order_of_the_enum() {
    for (at, mend) in Mend::all().enumerate() {
        assert_eq!(mend as usize, at);
        let token = serde_json::to_value(mend).unwrap();
        assert_eq!(token, mend.as_str());
    }
}

#[test]
fn the_control_finds_a_bad_row() {
    let refused = |row| std::panic::catch_unwind(|| check_row("control", row)).is_err();
    assert!(!refused(["Good {n}", "Gut {n}", "Bra {n}"]));
    assert!(refused(["Good", "Good", "Bra"]), "not translated");
    assert!(refused(["Good", "", "Bra"]), "empty");
    assert!(refused(["Good {n}", "Gut", "Bra {n}"]), "a placeholder lost");
    assert!(refused(["Bad token", "Schlecht", "Illa"]), "jargon");
}

#[test]
fn no_placeholder_is_left_whatever_is_known() {
    let everything = Args {
        host: Some("m.example".into()),
        keys: vec!["email".into()],
        retry_after_s: Some(90),
    };
    for code in Code::ALL {
        for language in Language::ALL {
            for args in [Args::none(), everything.clone()] {
                let Text { text, next } = text(*code, language, &args);
                for words in [&text, &next] {
                    assert!(!words.contains(['{', '}']), "{}: {words}", code.as_str());
                    assert!(!words.contains("  ") && !words.contains(" ."), "{words}");
                    assert!(!words.is_empty());
                }
            }
        }
    }
}

#[test]
fn what_is_put_in_is_never_read_as_a_placeholder() {
    let words = text(Code::HostNotFound, Language::En, &Args::host("{wait}{host}"));
    assert_eq!(words.text, "The server ({wait}{host}) can't be found.");
}

#[test]
fn problems_in_words() {
    let check = |problem: Problem, language, expect: [&str; 4]| {
        let view = serde_json::to_value(problem.view(language)).unwrap();
        let [area, code, text, next] = expect;
        let expect = serde_json::json!({ "area": area, "code": code, "text": text, "next": next });
        assert_eq!(view, expect);
    };
    check(
        Problem::with(
            Area::Activation,
            Code::IncompleteConfiguration,
            Args::keys(["server_url", "license_password"]),
        ),
        Language::En,
        [
            "activation",
            "incomplete_configuration",
            "Your organisation's settings are not complete (server_url, license_password).",
            "Ask your IT support to add what is missing. It goes on by itself then.",
        ],
    );
    check(
        Problem::with(Area::Activation, Code::RateLimited, Args::retry_after(61)),
        Language::De,
        [
            "activation",
            "rate_limited",
            "Es gab zu viele Versuche.",
            "Versuchen Sie es in 2 Minuten noch einmal.",
        ],
    );
    check(
        Problem::with(Area::Contacts, Code::BookUnreachable, Args::host("dav.example")),
        Language::Sv,
        [
            "contacts",
            "book_unreachable",
            "Kontaktservern (dav.example) kunde inte nås.",
            "Kontakterna på telefonen finns kvar. Ett nytt försök görs automatiskt.",
        ],
    );
}

#[test]
fn every_area_has_its_token() {
    use Area::{Activation, Configuration, Contacts, Policy, Report, Store};
    for area in [Activation, Configuration, Contacts, Policy, Report, Store] {
        assert_eq!(serde_json::to_value(area).unwrap(), area.as_str());
    }
}

#[test]
fn times_in_words() {
    let now = WallMs(1_767_225_600_000);
    let check = |ms: i64, expect: [&str; 3]| {
        let words = Language::ALL.map(|language| due_words(now.plus_ms(ms), now, language));
        assert_eq!(words, expect, "{ms}");
    };
    check(2 * DAY_MS, ["in 2 days", "in 2 Tagen", "om 2 dagar"]);
    check(3 * DAY_MS - 1, ["in 2 days", "in 2 Tagen", "om 2 dagar"]);
    check(2 * DAY_MS - 1, ["in 47 hours", "in 47 Stunden", "om 47 timmar"]);
    check(DAY_MS, ["in 1 day", "in 1 Tag", "om 1 dag"]);
    check(5 * HOUR_MS, ["in 5 hours", "in 5 Stunden", "om 5 timmar"]);
    check(HOUR_MS, ["in 1 hour", "in 1 Stunde", "om 1 timme"]);
    check(HOUR_MS + MINUTE_MS, ["in 61 minutes", "in 61 Minuten", "om 61 minuter"]);
    check(MINUTE_MS, ["in 1 minute", "in 1 Minute", "om 1 minut"]);
    check(MINUTE_MS - 1, ["now", "jetzt", "nu"]);
    check(0, ["now", "jetzt", "nu"]);
    check(-DAY_MS, ["now", "jetzt", "nu"]);
    assert_eq!(due_words(WallMs(i64::MAX), WallMs(i64::MIN), Language::En), "in 106751991167 days");
}

#[test]
fn phases_and_holds_in_words() {
    let mut seen = std::collections::BTreeSet::new();
    let mut check = |words: [Text; 3]| {
        let texts = [&words[0].text, &words[1].text, &words[2].text].map(String::as_str);
        check_row("licence", texts);
        check_row("licence", [&words[0].next, &words[1].next, &words[2].next].map(String::as_str));
        assert!(seen.insert(words[0].text.clone()), "said twice: {}", words[0].text);
    };
    for phase in [
        Phase::NotRequired,
        Phase::Unlicensed,
        Phase::Activating,
        Phase::Active,
        Phase::Reauthenticate,
        Phase::Erasing,
        Phase::Erased,
    ] {
        check(Language::ALL.map(|language| phase_words(phase, language)));
    }
    for hold in [Hold::Offline, Hold::Lost, Hold::Rule, Hold::Expired, Hold::NoPolicy] {
        check(Language::ALL.map(|language| hold_words(hold, language)));
    }
}

#[test]
fn every_label_is_there_in_every_language() {
    // What is the same word in two of them.
    const SAME: [Label; 4] = [Label::Server, Label::Active, Label::OnePerson, Label::People];
    for label in Label::ALL.iter().filter(|label| !SAME.contains(label)) {
        check_row(&format!("{label:?}"), label.row());
    }
    for label in SAME {
        assert!(label.row().iter().all(|text| !text.is_empty()), "{label:?}");
    }
    let mut phases = std::collections::BTreeSet::new();
    for phase in Phase::ALL {
        assert!(phases.insert(phase_label(phase, Language::En)), "{phase:?} is called as another");
    }
}

#[test]
fn numbers_and_people_as_each_language_writes_them() {
    let check = |count: i64, expect: [&str; 3]| {
        assert_eq!(Language::ALL.map(|language| people(count, language)), expect);
    };
    check(0, ["0 people", "0 Personen", "0 personer"]);
    check(1, ["1 person", "1 Person", "1 person"]);
    check(999, ["999 people", "999 Personen", "999 personer"]);
    check(2_000, ["2,000 people", "2.000 Personen", "2\u{a0}000 personer"]);
    check(1_234_567, ["1,234,567 people", "1.234.567 Personen", "1\u{a0}234\u{a0}567 personer"]);
    assert_eq!(number(-12_345, Language::En), "-12,345");
    assert_eq!(number(i64::MIN, Language::De), "-9.223.372.036.854.775.808");
}

#[test]
fn a_link_names_the_organisation_of_its_own_server_and_no_other() {
    let contoso = Some(("Contoso", "mdm.contoso.example"));
    let plain = "This phone gets its contacts and rules from there.";
    let named = format!("That is the server of Contoso. {plain}");
    let useless = "This phone is activated already, so the link is not needed.";
    let table = [
        ("mdm.contoso.example", false, contoso, named.as_str()),
        ("mdm.contoso.example", false, None, plain),
        ("evil.example", false, contoso, plain),
        ("mdm.contoso.example:8443", false, contoso, plain),
        ("mdm.contoso.example", true, contoso, useless),
        ("evil.example", true, None, useless),
    ];
    for (host, is_active, organization, next) in table {
        let words = link_words(host, is_active, organization, Language::En);
        assert_eq!(words.text, format!("Activate with {host}?"));
        assert_eq!(words.next, next, "{host}, {is_active}, {organization:?}");
    }
}
