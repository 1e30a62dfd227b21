//! Log lines reach the app's sink, after the call and outside every lock. The sink is one for the
//! process, so this is one test.
use std::sync::{Arc, Mutex};

use super::Phone;
use crate::guard::lock;
use crate::{LogLevel, LogRecord, LogSink, MusterAgent, MusterError, set_log_sink};

/// Keeps the lines, and looks at the agent from within, as a careless app might.
#[derive(Default)]
struct Sink {
    lines: Mutex<Vec<LogRecord>>,
    agent: Mutex<Option<Arc<MusterAgent>>>,
}

impl LogSink for Sink {
    fn log(&self, record: LogRecord) {
        let agent = lock(&self.agent).clone();
        if let Some(agent) = agent {
            // Would wait for ever if the lock were held.
            let _ = agent.state();
        }
        let bad = record.message == "throw";
        lock(&self.lines).push(record);
        assert!(!bad, "as a Kotlin exception does");
    }
}

impl Sink {
    fn has(&self, message: &str) -> bool {
        lock(&self.lines).iter().any(|line| line.message.contains(message))
    }
}

#[test]
fn lines_are_handed_over_after_the_call_and_hold_no_text_of_a_panic() {
    let phone = Phone::new();
    let agent = phone.open().unwrap();
    let sink = Arc::new(Sink::default());
    *lock(&sink.agent) = Some(agent.clone());
    set_log_sink(sink.clone(), LogLevel::Info);
    // Other tests' calls may deliver our lines, so wait for them by delivering nothing ourselves.
    let logs = |level, message: &str| {
        agent
            .shared()
            .with_agent(|_| {
                log::log!(target: "muster::story", level, "{message}");
                Ok(())
            })
            .unwrap();
        for _ in 0..1_000 {
            if sink.has(message) {
                return true;
            }
            crate::logging::deliver();
            std::thread::yield_now();
        }
        false
    };
    assert!(logs(log::Level::Warn, "first"));
    assert!(logs(log::Level::Warn, "throw"), "what a sink throws is ignored");
    assert!(logs(log::Level::Warn, "afterwards"));
    assert!(!logs(log::Level::Debug, "too little to say"));

    agent
        .shared()
        .with_agent(|_| {
            log::warn!(target: "rxml", "content of an answer");
            Ok(())
        })
        .unwrap();
    assert!(logs(log::Level::Warn, "after the library's line"));
    assert!(!sink.has("content of an answer"), "only Muster's own lines");

    let broken = agent.shared().with_agent::<()>(|_| panic!("canary in a panic"));
    assert_eq!(broken, Err(MusterError::Broken));
    assert!(sink.has("panic at bindings/src/tests/log_lines.rs:"));
    assert!(!sink.has("canary"));
    *lock(&sink.agent) = None;
}
