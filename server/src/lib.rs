//! The reference management server of Muster.
//!
//! It speaks the whole protocol of `docs/protocol.md` (activation, tokens bound to the device key,
//! signed policies and statuses, events, contacts by CardDAV) and has an admin API and a command
//! line (`docs/server.md`). It shares no code with the agent: two independent implementations keep
//! the protocol honest.
//!
//! [`Server::start`] runs it inside another process, for tests:
//!
//! ```
//! use muster_server::{Config, Server};
//!
//! let server = Server::start(Config::default())?;
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! server.stop();
//! # Ok::<(), muster_server::StartError>(())
//! ```
#![forbid(unsafe_code)]

pub mod admin;
pub mod app;
pub mod carddav;
pub mod cli;
pub mod clock;
pub mod crypto;
pub mod events;
mod http;
pub mod ids;
pub mod limit;
pub mod oauth;
pub mod people;
pub mod policy;
pub mod reply;
mod server;
pub mod status;
pub mod storage;

pub use server::{Config, Data, Running, Server, StartError};
