//! From opening to the first request and its failure, by the loop of a shell.
use super::{Phone, configuration};
use crate::{
    ButtonTarget, Event, FindingSeverity, HttpFailure, HttpHeader, LicencePhase, LinkVerdict,
    LockScope, MusterError, ProblemArea, SignalKind, SignalReading, Step, Tone,
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
    let state = agent.state().unwrap();
    assert!(state.is_ready && !state.is_broken);
    assert_eq!(state.licence.phase, LicencePhase::NotRequired);
    assert_eq!(state.problems, []);

    agent.on_failure(id, HttpFailure::Tls, phone.now).unwrap();
    phone.runs_to_the_next_request(&agent);
    let state = agent.state().unwrap();
    let problems = &state.problems;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].area, ProblemArea::Contacts);
    assert!(!problems[0].text.is_empty() && !problems[0].next.is_empty());
    assert_eq!(state.language, "de");
    let said = format!("{} {}", problems[0].text, problems[0].next);
    assert!(state.lines.iter().any(|line| line.text == said), "{:?}", state.lines);
    let [trouble] = &state.contacts.troubled[..] else { panic!("{:?}", state.contacts) };
    assert_eq!(trouble.host, "books.example");
    assert_eq!((&trouble.words.text, &trouble.words.next), (&problems[0].text, &problems[0].next));
    assert!(
        state.next_work_ms.is_some_and(|moment| moment > phone.now.elapsed_ms),
        "it tries again"
    );
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
    let findings = agent.state().unwrap().findings;
    let lock = findings.iter().find(|finding| finding.id.contains("screen_lock"));
    let lock = lock.unwrap_or_else(|| panic!("{findings:?}"));
    let button = lock.button.as_ref().unwrap();
    let place = crate::MendAction::OpenSecuritySettings;
    assert_eq!(button.target, ButtonTarget::Phone { place });
    assert_eq!(button.spoken, format!("{}: {}", button.label, lock.title));
    assert_eq!((lock.severity, lock.tone), (FindingSeverity::Require, Tone::Bad));
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
    let key = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    let link = format!(
        "https://link.muster.dev/a#v=1&s=mdm.contoso.example&c=ABCD-EFGH-JKMN-PQRS-TVWX&k={key}"
    );
    let LinkVerdict::Usable { preview } = agent.preview_link(link).unwrap() else { panic!() };
    assert_eq!(preview.host, "mdm.contoso.example");
    assert_eq!(preview.title, "Mit mdm.contoso.example aktivieren?");
    assert!(!preview.already_active && preview.text.contains("von dort"));
}

#[test]
fn contacts_are_locked_until_there_are_some() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let directory = agent.directory().unwrap();
    assert_eq!(directory.search("anna".into()), Err(MusterError::Locked));
    assert_eq!(directory.count(), Err(MusterError::Locked));
    assert!(matches!(directory.contacts(-1, 10), Err(MusterError::InvalidInput(_))));
    let state = agent.state().unwrap();
    assert!(!state.contacts.readable);
    assert!(state.contacts.why_hidden.is_some_and(|words| !words.text.is_empty()));
}

#[test]
fn settings_of_a_screen_are_typed_and_say_whose_they_are() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    let tree = BOOK.replace(
        "geheim\"",
        "geheim\", \"block_screenshots\": true, \"support_phone\": \"030 / 1 (2)\",
         \"support_email\": \"it@contoso.example\", \"first_name\": \"Anna\"",
    );
    agent.handle(configuration(&tree), phone.now).unwrap();
    phone.runs_to_the_next_request(&agent);
    let state = agent.state().unwrap();
    let pictures = &state.settings.block_screenshots;
    assert!(pictures.is_on && pictures.by_organization);
    let copies = &state.settings.block_copy;
    assert!(!copies.is_on && !copies.by_organization);
    let uris: Vec<&str> = state.support.iter().map(|channel| channel.uri.as_str()).collect();
    assert_eq!(uris, ["mailto:it@contoso.example", "tel:03012"]);
    assert_eq!(state.person.as_ref().unwrap().first_name.as_deref(), Some("Anna"));
    let logged = state.to_string();
    assert!(!logged.contains("Anna") && logged.contains("NotRequired"), "{logged}");
}

#[test]
fn a_broken_agent_has_words_without_being_asked() {
    let state = crate::broken_state("sv-FI".to_owned());
    assert!(state.is_broken && !state.is_ready);
    assert!(state.headline.text.starts_with("Muster stötte på ett fel"), "{}", state.headline.text);
    assert_eq!(state.language, "sv");
    let starting = crate::starting_state("en".to_owned());
    assert!(!starting.is_broken && starting.headline.text == "Starting…");
    let locked = crate::open_failure_words(crate::OpenFailure::BeforeFirstUnlock, "de".to_owned());
    assert!(locked.next.starts_with("Entsperren"), "{locked:?}");
    assert_eq!(crate::wake_after_ms(None, 5), 86_400_000);
    assert_eq!(crate::wake_after_ms(Some(3_600_005), 5), 3_600_000);
}
