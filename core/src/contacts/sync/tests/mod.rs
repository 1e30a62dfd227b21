//! Stories of a phone and a server.
mod phone;
pub(crate) mod server;

mod faults;
mod finding;
mod keeping;
mod quirks;
