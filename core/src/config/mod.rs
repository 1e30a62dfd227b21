//! Managed configuration: raw values become typed values; layers and where a value came from;
//! change sets; feedback to the admin.
//!
//! The way of a configuration: [`input`] reads what the operating system hands over into a
//! [`raw::RawTree`]; [`layers::resolve`] lays the layers over one another, with the rules of
//! [`schema`]; [`change::diff`] says what follows; [`mod@view`] and [`mod@feedback`] tell people.
//!
//! *Architecture Invariant:* nothing here touches the network or the store, and nothing here keeps
//! state: what has to be remembered ([`layers::LastGood`], the input itself) goes out as bytes,
//! which the agent seals.
//!
//! *Architecture Invariant:* a secret leaves only through [`layers::Effective::secret`] and the
//! functions whose name says bytes. No note, view, feedback, error or `Debug` holds one.
pub mod change;
pub mod feedback;
pub mod input;
pub mod layer;
pub mod layers;
pub mod notes;
pub mod raw;
pub mod schema;
pub mod value;
pub mod view;

pub use change::{ChangeSet, Consequences, Intake, config_version, diff, intake};
pub use feedback::feedback;
pub use input::{InputError, ManagedInput, Source, SourcedTree};
pub use layer::Layer;
pub use layers::{Effective, Entry, Inputs, LastGood, Resolution, Unknown, resolve};
pub use raw::{RawTree, RawValue};
pub use schema::Key;
pub use value::{ContactSource, State, Value};
pub use view::{ConfigView, view};

#[cfg(test)]
mod tests;
