//! Stories of a phone and a server.
mod phone;
mod server;

mod faults;
mod finding;
mod keeping;
mod quirks;
