//! Stories of an agent in its crate: no server, no socket, a made-up clock.
mod durable;
mod effects;
mod vault;
