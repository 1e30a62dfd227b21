//! What the stories in `tests/` share: the public programs, a scanner for what must not be readable,
//! and real servers on 127.0.0.1, started and stopped by the tests.
pub mod company;
pub mod office;
pub mod program;
pub mod scan;
pub mod script;
pub mod servers;
pub mod simulated;
pub mod wiretap;
