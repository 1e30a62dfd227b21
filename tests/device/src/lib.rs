//! A simulated phone: the agent with a vault made of files and an ordinary HTTP client.
//!
//! The program is for trying the agent without a phone, for tests and for demonstrations; the
//! library lets tests hold the same phone in their hands.
pub mod cli;
pub mod clock;
pub mod http;
pub mod intune;
pub mod managed;
pub mod memory;
pub mod phone;
pub mod trap;
pub mod vault;
