//! The agent's log on standard error, where somebody asks for it.
use log::{LevelFilter, Log, Metadata, Record};

struct ToStderr;

impl Log for ToStderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // What libraries log has not been looked at for secrets.
        metadata.target().starts_with("muster")
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            eprintln!("{} {}: {}", record.level(), record.target(), record.args());
        }
    }

    fn flush(&self) {}
}

/// Logs everything of `level` and above from here on.
pub(super) fn start(level: LevelFilter) {
    if log::set_logger(&ToStderr).is_ok() {
        log::set_max_level(level);
    }
}
