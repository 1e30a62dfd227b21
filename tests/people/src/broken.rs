//! Empty, unless `cargo xtask test --self-test` looks whether lints are really checked.

#[cfg(feature = "self-test-break")]
fn unused() {}
