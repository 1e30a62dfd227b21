//! Stories of a whole agent: a phone, its company, a made-up clock, and no socket.
mod activation;
mod compliance;
mod contacts;
mod durable;
mod effects;
mod interrupted;
mod keys;
mod ledger;
mod offline;
mod orders;
mod settings;
mod standalone;
mod storage;
mod trust;
mod vault;
mod world;
