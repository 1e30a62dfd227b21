//! What every lane holds.
use std::sync::{Arc, Mutex, MutexGuard};

use super::state::State;
use crate::flow::Flow;
use crate::time::Now;
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

    /// The state, to read from it, for as long as the guard lives.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("a flow panicked")
    }

    /// The one way of changing the state: does `work`, judges what became of the phone, makes it
    /// durable, does what follows from it, and tells the other lanes.
    pub(super) fn change<T>(&self, work: impl FnOnce(&mut State, Now) -> T) -> T {
        self.change_durably(work).0
    }

    /// [`Ctx::change`], for a caller that has to know whether the change was stored.
    pub(super) fn change_durably<T>(&self, work: impl FnOnce(&mut State, Now) -> T) -> (T, Stored) {
        let now = self.flow.now();
        let (value, stored) = {
            let mut state = self.state();
            let value = work(&mut state, now);
            (value, state.conclude(now))
        };
        self.flow.signal();
        (value, Stored(stored))
    }

    /// The name of a key of this profile.
    pub(super) fn alias(&self, purpose: Purpose, number: u32) -> Alias {
        self.state().alias(purpose, number)
    }
}

/// Whether a change is on the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Stored(pub(super) bool);
