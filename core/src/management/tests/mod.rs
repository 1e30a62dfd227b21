mod company;
mod discovery;
mod each_request;
mod endpoints;
mod faults;
mod keys;
mod refresh;
mod servers;
mod status;
mod world;

pub(crate) use company::{ACCESS, Company, ISSUER, REFRESH, Standing};
pub(crate) use each_request::{at_each_request, says_no_secret};
pub(crate) use world::{World, merge};
