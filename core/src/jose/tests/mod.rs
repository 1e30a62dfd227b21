mod dpop;
mod phone;
mod properties;
mod signer;
mod tokens;

pub(crate) use phone::{Phone, Reply, START, alias, device_key, point};
pub(crate) use signer::{Signer, SoftwareKey};
