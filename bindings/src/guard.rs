//! The boundary: one lock around the agent, and no panic beyond it.
//!
//! After a panic nothing is known of the agent's state in memory, so it is dropped at once (which
//! lets the profile go) and never asked again. What is on disk was written in whole transactions.
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use muster_core::agent::Agent;
use muster_core::contacts::directory::Directory;

use crate::error::MusterError;
use crate::logging;

/// The agent, or what is left of it.
enum Slot {
    Open(Box<Agent>),
    Broken,
    Closed,
}

/// What `MusterAgent` and its `MusterDirectory` share.
pub(crate) struct Shared {
    slot: Mutex<Slot>,
    /// Locked only to copy the handle or to take it away, never together with `slot`: a reader must
    /// not wait for a sync.
    directory: Mutex<Result<Directory, MusterError>>,
}

impl Shared {
    pub(crate) fn new(agent: Agent) -> Self {
        let directory = Mutex::new(Ok(agent.directory()));
        Self { slot: Mutex::new(Slot::Open(Box::new(agent))), directory }
    }

    /// Does `work` with the agent.
    pub(crate) fn with_agent<T>(
        &self,
        work: impl FnOnce(&mut Agent) -> Result<T, MusterError>,
    ) -> Result<T, MusterError> {
        let answer = {
            let mut slot = lock(&self.slot);
            match &mut *slot {
                Slot::Open(agent) => caught(|| work(agent)),
                Slot::Broken => Ok(Err(MusterError::Broken)),
                Slot::Closed => Ok(Err(MusterError::Closed)),
            }
        };
        let answer = answer.unwrap_or_else(|Panicked| {
            self.end(Slot::Broken, MusterError::Broken);
            Err(MusterError::Broken)
        });
        logging::deliver();
        answer
    }

    /// Reads contacts, beside whatever the agent is doing.
    pub(crate) fn with_directory<T>(
        &self,
        work: impl FnOnce(&Directory) -> Result<T, MusterError>,
    ) -> Result<T, MusterError> {
        let directory = lock(&self.directory).clone();
        let answer = directory.and_then(|directory| {
            caught(|| work(&directory)).unwrap_or_else(|Panicked| {
                self.end(Slot::Broken, MusterError::Broken);
                Err(MusterError::Broken)
            })
        });
        logging::deliver();
        answer
    }

    /// Lets the profile go.
    pub(crate) fn close(&self) {
        self.end(Slot::Closed, MusterError::Closed);
        logging::deliver();
    }

    fn end(&self, end: Slot, error: MusterError) {
        let agent = {
            let mut slot = lock(&self.slot);
            match &*slot {
                Slot::Open(_) => Some(std::mem::replace(&mut *slot, end)),
                Slot::Broken | Slot::Closed => None,
            }
        };
        let directory =
            agent.is_some().then(|| std::mem::replace(&mut *lock(&self.directory), Err(error)));
        // A broken agent may panic once more when it is dropped. All that counts then is that its
        // files are closed, which is done by parts of it that are dropped all the same.
        let _ = caught(|| drop(agent));
        let _ = caught(|| drop(directory));
    }
}

/// A panic was caught. Its text is gone.
#[derive(Debug)]
pub(crate) struct Panicked;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Does `work`; a panic in it goes no further, and its text nowhere.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    keep_panics_quiet();
    let before = INSIDE.replace(true);
    // Whatever was being changed is never used again: see `Shared::end`.
    let answer = catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(before);
    answer.map_err(|payload| {
        // What a panic carries may panic itself when it is dropped.
        if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(again);
        }
        Panicked
    })
}

/// The text of a panic can hold anything, a name or a number included. The usual hook would print
/// it to the log of the phone; for our own panics only the place is logged.
fn keep_panics_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !INSIDE.get() {
                return previous(info);
            }
            match info.location() {
                Some(place) => log::error!("panic at {}:{}", place.file(), place.line()),
                None => log::error!("panic"),
            }
        }));
    });
}

/// Panics are caught before they pass a guard, so nothing is ever left half done under one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
