//! Log lines on their way to the app.
//!
//! A line is put in a small queue where it is logged, and handed to the app's [`LogSink`] at the end
//! of the call, when no lock is held. A sink may call the agent; what is logged by that is delivered
//! after the sink has returned, never within it.
//!
//! Only Muster's own lines are kept: what libraries log at their lower levels can hold content.
use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Once};

use log::{LevelFilter, Log, Metadata, Record};

use crate::guard::{caught, lock};

/// Lines that wait. A call logs a handful; beyond this the oldest are dropped and counted.
const QUEUE_LINES: usize = 256;
/// How often the queue is emptied after one call; what is logged meanwhile waits for the next.
const ROUNDS: usize = 4;

/// How much is logged, or how severe a line is.
pub type LogLevel = LevelFilter;

/// How much is logged, or how severe a line is.
#[uniffi::remote(Enum)]
pub enum LogLevel {
    /// Nothing. No line has this level.
    Off,
    /// Something did not work.
    Error,
    /// Something is not as it should be.
    Warn,
    /// What happens, in few words.
    Info,
    /// More, for developers.
    Debug,
    /// Everything.
    Trace,
}

/// A line of the log. Hosts stand for whole addresses; there are no secrets and no personal data.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct LogRecord {
    /// how severe it is.
    pub level: LogLevel,
    /// Which part of Muster says it.
    pub target: String,
    /// What it says, in English.
    pub message: String,
}

/// Where an app wants the log lines. It is called from whatever thread has just called the agent,
/// after that call's work is done, and never twice at a time.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// Takes a line. What this throws is ignored.
    fn log(&self, record: LogRecord);
}

/// Says where log lines go from now on, and which; a second call replaces the first. Opening an
/// agent sets the level anew.
#[uniffi::export]
pub fn set_log_sink(sink: Arc<dyn LogSink>, level: LogLevel) {
    *lock(&BRIDGE.sink) = Some(sink);
    set_level(level);
}

/// From here on `level` and graver.
pub(crate) fn set_level(level: LogLevel) {
    static ONCE: Once = Once::new();
    // Fails only if this library's log already goes elsewhere, in a program that links it as Rust.
    ONCE.call_once(|| drop(log::set_logger(&BRIDGE)));
    log::set_max_level(level);
}

static BRIDGE: Bridge = Bridge {
    sink: Mutex::new(None),
    queue: Mutex::new(Queue { lines: VecDeque::new(), dropped: 0 }),
    delivering: AtomicBool::new(false),
};

thread_local! {
    static IN_SINK: Cell<bool> = const { Cell::new(false) };
}

struct Bridge {
    sink: Mutex<Option<Arc<dyn LogSink>>>,
    queue: Mutex<Queue>,
    delivering: AtomicBool,
}

struct Queue {
    lines: VecDeque<LogRecord>,
    dropped: i64,
}

impl Queue {
    fn push(&mut self, record: LogRecord) {
        if self.lines.len() == QUEUE_LINES {
            self.lines.pop_front();
            self.dropped += 1;
        }
        self.lines.push_back(record);
    }

    fn take(&mut self) -> Vec<LogRecord> {
        let dropped = std::mem::take(&mut self.dropped);
        let notice = (dropped > 0).then(|| LogRecord {
            level: LogLevel::Warn,
            target: "muster".to_owned(),
            message: format!("{dropped} lines of the log were dropped"),
        });
        notice.into_iter().chain(self.lines.drain(..)).collect()
    }
}

impl Log for Bridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let crate_name = metadata.target().split("::").next();
        matches!(crate_name, Some("muster" | "muster_core"))
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        #[cfg(all(feature = "android", target_os = "android"))]
        logcat().log(record);
        // A panic of the sink itself must not lead to more lines for it.
        if IN_SINK.get()
            && record.level() == log::Level::Error
            && record.target() == "muster::guard"
        {
            return;
        }
        if lock(&self.sink).is_some() {
            lock(&self.queue).push(LogRecord {
                level: record.level().to_level_filter(),
                target: record.target().to_owned(),
                message: record.args().to_string(),
            });
        }
    }

    fn flush(&self) {}
}

/// Hands over what waits. Called with no lock held.
pub(crate) fn deliver() {
    BRIDGE.deliver();
}

impl Bridge {
    fn deliver(&self) {
        // A sink whose own calls log again must not keep us here for ever.
        for _ in 0..ROUNDS {
            if self.delivering.swap(true, Ordering::Acquire) {
                // Whoever delivers now takes our lines along.
                return;
            }
            let sink = lock(&self.sink).clone();
            let lines = lock(&self.queue).take();
            let none = lines.is_empty();
            if let Some(sink) = sink {
                IN_SINK.set(true);
                for line in lines {
                    let _ = caught(|| sink.log(line));
                }
                IN_SINK.set(false);
            }
            self.delivering.store(false, Ordering::Release);
            // Somebody may have logged, and found us delivering, since the queue was emptied.
            if none && lock(&self.queue).lines.is_empty() {
                return;
            }
        }
    }
}

#[cfg(all(feature = "android", target_os = "android"))]
fn logcat() -> &'static android_logger::AndroidLogger {
    static LOGCAT: std::sync::OnceLock<android_logger::AndroidLogger> = std::sync::OnceLock::new();
    LOGCAT.get_or_init(|| {
        let config = android_logger::Config::default().with_max_level(LevelFilter::Trace);
        android_logger::AndroidLogger::new(config.with_tag("muster"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: String) -> LogRecord {
        LogRecord { level: LogLevel::Info, target: "muster".to_owned(), message }
    }

    #[test]
    fn a_full_queue_drops_the_oldest_lines_and_says_so() {
        let mut queue = Queue { lines: VecDeque::new(), dropped: 0 };
        for n in 0..QUEUE_LINES + 3 {
            queue.push(line(n.to_string()));
        }
        let lines = queue.take();
        assert_eq!(lines.len(), QUEUE_LINES + 1);
        assert_eq!(lines[0].message, "3 lines of the log were dropped");
        assert_eq!(lines[1].message, "3");
        assert_eq!(queue.take(), []);
    }

    #[test]
    fn only_our_own_lines_are_kept() {
        #[rustfmt::skip]
        let table = [
            ("muster", true), ("muster::guard", true), ("muster_core::agent", true),
            ("rxml", false), ("jni", false), ("muster_of_others", false), ("uniffi_core", false),
        ];
        for (target, kept) in table {
            let metadata = Metadata::builder().target(target).level(log::Level::Error).build();
            assert_eq!(BRIDGE.enabled(&metadata), kept, "{target}");
        }
    }
}
