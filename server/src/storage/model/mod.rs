//! The rows, and the traits that read and write them: one file per subject.

mod devices;
mod evidence;
mod people;
mod tenants;

pub use devices::*;
pub use evidence::*;
pub use people::*;
pub use tenants::*;
