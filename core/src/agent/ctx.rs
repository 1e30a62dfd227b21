//! What every lane holds.
use std::sync::{Arc, Mutex, MutexGuard};

use super::state::State;
use crate::flow::Flow;
use crate::vault::{Alias, Purpose};

/// A lane's handles. State is locked for a moment and never across an `await`: the guard is not
/// `Send`, a lane's flow must be.
#[derive(Clone)]
pub(super) struct Ctx {
    pub(super) flow: Flow,
    state: Arc<Mutex<State>>,
}

impl Ctx {
    pub(super) fn new(flow: Flow, state: Arc<Mutex<State>>) -> Self {
        Self { flow, state }
    }

    /// The state, for as long as the guard lives.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a flow panicked")
    }

    /// The name of a key of this profile.
    pub(super) fn alias(&self, purpose: Purpose, number: u32) -> Alias {
        Alias { profile: self.state().options.profile.clone(), purpose, number }
    }
}
