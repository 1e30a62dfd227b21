//! Nothing, unless `cargo xtask test --self-test` looks whether failures are really noticed.
//!
//! ```
//! assert_ne!(std::env::var("MUSTER_BREAK").as_deref(), Ok("doc tests"));
//! ```

#[cfg(feature = "self-test-break")]
fn unused() {}
