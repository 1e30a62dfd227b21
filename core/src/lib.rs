//! Muster's agent: everything that is decided on the phone.
//!
//! The core does no input or output but its own database. Time comes in with every call as a
//! [`time::Now`], randomness through an injected [`random::Random`], and HTTP requests, key
//! operations and effects on the phone leave as [`step::Step`] values and come back as answers.
//! A shell (Kotlin, Swift, or `muster-device` on a desktop) runs a small loop around
//! the agent.
//!
//! ARCHITECTURE.md at the root of the repository has the map and the invariants.
#![forbid(unsafe_code)]

pub mod activation;
pub mod agent;
pub mod compliance;
pub mod config;
pub mod contacts;
pub mod effect;
pub mod flow;
pub mod http;
pub mod ids;
pub mod jose;
pub mod licence;
pub mod limits;
pub mod management;
pub mod messages;
pub mod policy;
pub mod random;
pub mod report;
pub mod secret;
pub mod step;
pub mod store;
pub mod time;
pub mod vault;
pub mod version;
