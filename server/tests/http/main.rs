//! The server over HTTP, seen by phones and admins that share no code with it.

mod activation;
mod admin;
mod client;
mod contacts;
mod events;
mod policy;
mod program;
mod tokens;
