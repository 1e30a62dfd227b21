//! The only place that names SQLite, and the only one that sees a data key.
