//! What the stories in `tests/` share: real servers on 127.0.0.1, started and stopped by the tests.
pub mod servers;
