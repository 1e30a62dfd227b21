//! What never crosses the boundary: a panic, a second writer, a half-read configuration.
use super::{Phone, configuration};
use crate::guard::{Panicked, caught};
use crate::{Event, MusterError};

#[test]
fn after_a_panic_the_agent_is_broken_until_it_is_opened_anew() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    let directory = agent.directory().unwrap();
    let answer = agent.shared().with_agent::<()>(|_| panic!("Anna Adler, +49 30 1"));
    assert_eq!(answer, Err(MusterError::Broken));
    assert_eq!(MusterError::Broken.to_string(), "the agent is broken and must be opened anew");

    assert_eq!(agent.handle(Event::CheckNow, phone.now), Err(MusterError::Broken));
    assert!(matches!(agent.poll(phone.now), Err(MusterError::Broken)));
    assert_eq!(agent.state(), Err(MusterError::Broken));
    assert_eq!(directory.search("anna".into()), Err(MusterError::Broken));
    assert!(matches!(agent.directory(), Err(MusterError::Broken)));

    // The old one is still in somebody's hands, and yet the profile is free.
    let afresh = phone.open().unwrap();
    phone.runs_to_the_next_request(&afresh);
    assert!(afresh.state().is_ok());
    assert_eq!(agent.shut_down(), Ok(()));
    assert_eq!(agent.state(), Err(MusterError::Broken), "it does not become merely closed");
    assert!(afresh.state().is_ok());
}

#[test]
fn a_panic_of_a_reader_breaks_the_agent_too() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let answer = agent.shared().with_directory::<()>(|_| panic!("Anna Adler"));
    assert_eq!(answer, Err(MusterError::Broken));
    assert_eq!(agent.state(), Err(MusterError::Broken));
    assert!(phone.open().is_ok());
}

#[test]
fn one_agent_has_a_profile_and_frees_it_when_closed_or_dropped() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    assert_eq!(phone.open().err(), Some(MusterError::InUse));
    let directory = agent.directory().unwrap();
    agent.shut_down().unwrap();
    assert_eq!(agent.state(), Err(MusterError::Closed));
    assert_eq!(directory.count(), Err(MusterError::Closed));

    let second = phone.open().unwrap();
    let directory = second.directory().unwrap();
    drop(second);
    assert_eq!(directory.count(), Err(MusterError::Closed));
    assert!(phone.open().is_ok(), "a directory in somebody's hands locks nothing");
}

#[test]
fn a_panic_that_panics_again_when_dropped_is_caught_too() {
    struct Twice;
    impl Drop for Twice {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    assert!(matches!(caught(|| std::panic::panic_any(Twice)), Err(Panicked)));
    assert!(matches!(caught(|| 7), Ok(7)));
}

#[test]
fn a_configuration_that_cannot_be_read_changes_nothing() {
    let mut phone = Phone::new();
    let agent = phone.open().unwrap();
    phone.runs_to_the_next_request(&agent);
    let before = agent.config_json().unwrap();
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(8), "]".repeat(8));
    let wide: Vec<String> = (0..1_001).map(|n| format!("\"k{n}\":1")).collect();
    #[rustfmt::skip]
    let table = [
        ("[1]".to_owned(),                     "can't be used: the managed configuration is not a list of named settings"),
        ("{".to_owned(),                       "can't be used: the managed configuration is not readable JSON"),
        ("{\"a\":{\"$long\":1.5}}".to_owned(), "can't be used: the managed configuration holds a malformed $long value"),
        (deep,                                 "over a limit: the managed configuration is nested deeper than 8 levels"),
        (format!("{{{}}}", wide.join(",")),    "over a limit: the managed configuration has more than 1000 keys"),
    ];
    for (json, text) in table {
        let error = agent.handle(configuration(&json), phone.now).unwrap_err();
        assert_eq!(error.to_string(), text);
        phone.runs_to_the_next_request(&agent);
        assert_eq!(agent.config_json().unwrap(), before);
    }
}

#[test]
fn a_profile_is_a_plain_name() {
    let phone = Phone::new();
    for name in ["", "..", "a/b", "Anna", &"x".repeat(33)] {
        let options = crate::OpenOptions { profile: name.to_owned(), ..phone.options() };
        let error = crate::MusterAgent::open(options, phone.now).err();
        assert!(matches!(error, Some(MusterError::InvalidInput(_))), "{name}");
    }
}

#[test]
fn a_negative_window_is_refused() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let answer = agent.handle(Event::Window { ms: -1 }, phone.now);
    assert!(matches!(answer, Err(MusterError::InvalidInput(_))));
    assert_eq!(agent.handle(Event::Window { ms: 30_000 }, phone.now), Ok(()));
}
