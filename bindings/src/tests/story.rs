//! From opening to the first request and its failure, by the loop of a shell.
use super::{Phone, configuration};
use crate::{
    Event, HttpFailure, HttpHeader, LicencePhase, LinkVerdict, LockScope, MusterError, ProblemArea,
    SignalKind, SignalReading, Step,
};

const BOOK: &str = r#"{ "carddav_url": "https://books.example/dav/",
    "carddav_username": "anna", "carddav_password": "geheim" }"#;

#[test]
fn a_configured_phone_asks_for_its_address_book_and_says_why_it_got_none() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    agent.handle(configuration(BOOK), phone.now).unwrap();

    let Step::Send { id, request } = phone.runs_to_the_next_request(&agent) else {
        panic!("no request")
    };
    assert_eq!(request.method, "PROPFIND");
    assert!(request.url.starts_with("https://books.example/"), "{}", request.url);
    assert!(request.timeouts.first_byte_ms > 40_000, "slow books are waited for");
    assert!(agent.is_ready().unwrap());
    assert_eq!(agent.status().unwrap().licence.phase, LicencePhase::NotRequired);
    assert_eq!(agent.problems().unwrap(), []);

    agent.on_failure(id, HttpFailure::Tls, phone.now).unwrap();
    phone.runs_to_the_next_request(&agent);
    let problems = agent.problems().unwrap();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].area, ProblemArea::Contacts);
    assert!(!problems[0].text.is_empty() && !problems[0].next.is_empty());
    assert_eq!(agent.language().unwrap(), "de");
}

#[test]
fn an_answer_comes_in_pieces_of_any_size() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    agent.handle(configuration(BOOK), phone.now).unwrap();
    let Step::Send { id, .. } = phone.runs_to_the_next_request(&agent) else { panic!() };

    let headers = vec![HttpHeader { name: "Content-Type".into(), value: "text/xml".into() }];
    assert!(matches!(
        agent.on_head(id, 70_000, headers.clone(), phone.now),
        Err(MusterError::InvalidInput(_))
    ));
    agent.on_head(id, 207, headers, phone.now).unwrap();
    agent.on_body(id, vec![b' '; 300_000], phone.now).unwrap();
    agent.on_end(id, phone.now).unwrap();
    let Step::Send { id: next, .. } = phone.runs_to_the_next_request(&agent) else {
        panic!("the answer was not read: there is no book in it, so the agent looks elsewhere")
    };
    assert_ne!(next, id);
}

#[test]
fn findings_follow_from_signals_and_settings() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    let lock = SignalReading::Lock { set: false, scope: LockScope::Device };
    let readings = [(SignalKind::ScreenLock, lock)].into();
    agent.handle(Event::Signals { readings }, phone.now).unwrap();
    let tree = BOOK.replace("geheim\"", "geheim\", \"require_screen_lock\": true");
    agent.handle(configuration(&tree), phone.now).unwrap();
    phone.runs_to_the_next_request(&agent);
    let findings = agent.findings().unwrap();
    let lock = findings.iter().find(|finding| finding.id.contains("screen_lock"));
    let lock = lock.unwrap_or_else(|| panic!("{findings:?}"));
    assert_eq!(lock.action, Some(crate::MendAction::OpenSecuritySettings));
    assert!(!lock.title.is_empty());
}

#[test]
fn what_is_json_is_json_and_has_no_secret() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    agent.handle(configuration(BOOK), phone.now).unwrap();
    phone.runs_to_the_next_request(&agent);
    let config = agent.config_json().unwrap();
    assert!(config.contains("books.example"), "{config}");
    assert!(!config.contains("geheim"), "{config}");
    let config: serde_json::Value = serde_json::from_str(&config).unwrap();
    assert!(config["settings"].as_array().is_some_and(|settings| settings.len() > 10));
    assert_eq!(agent.reports_json().unwrap(), "[]");
}

#[test]
fn a_link_is_shown_before_it_is_used() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let LinkVerdict::Refused { words } =
        agent.preview_link("https://evil.example/a".into()).unwrap()
    else {
        panic!("any page is a link")
    };
    assert!(!words.text.is_empty() && !words.next.is_empty());
}

#[test]
fn contacts_are_locked_until_there_are_some() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let directory = agent.directory().unwrap();
    assert_eq!(directory.search("anna".into()), Err(MusterError::Locked));
    assert_eq!(directory.count(), Err(MusterError::Locked));
    assert!(matches!(directory.contacts(-1, 10), Err(MusterError::InvalidInput(_))));
    assert!(!agent.why_hidden().unwrap().text.is_empty());
}
