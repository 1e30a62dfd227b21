mod browser;
mod choose;
mod faults;
mod link;
mod offer;
mod redeem;
mod stored;
mod world;

pub(crate) use world::{PASSWORD, credentials, device};
