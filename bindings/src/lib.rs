//! The agent for Kotlin and Swift.
//!
//! There are no rules here. Types of `muster-core` are mapped to types that UniFFI can carry
//! (`map`), panics are caught and become [`MusterError::Broken`] (`guard`), log lines are handed
//! to the app (`logging`), and on Android an `android.os.Bundle` is read (`bundle`, feature
//! `android-jni`).
//!
//! It must never decide anything that the core could decide, never call back into Kotlin or Swift
//! while it holds a lock, and never let the text of a panic or of an inner error out. Only signed
//! numbers cross the boundary: unsigned ones mangle names on the JVM.
mod agent;
#[cfg(feature = "android-jni")]
mod bundle;
mod directory;
mod error;
mod guard;
mod logging;
mod map;
mod random;
#[cfg(test)]
mod tests;

pub use agent::MusterAgent;
pub use directory::MusterDirectory;
pub use error::{BadInput, MusterError};
pub use logging::{LogLevel, LogRecord, LogSink, set_log_sink};
pub use map::*;

uniffi::setup_scaffolding!();

/// The version of the agent's core, such as `0.1.0`.
#[uniffi::export]
pub fn core_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
