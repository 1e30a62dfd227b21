//! Reading contacts: what screens, caller ID and providers use, beside the agent and without
//! waiting for it.
//!
//! A [`Directory`] can be copied and used from any thread. Records are read by a connection of
//! their own, and searches go through an [`Index`] that is replaced as a whole, so a sync neither
//! blocks a reader nor shows half of itself. The index is read in at the first search; a contact, a
//! photo and a caller look-up do without.
//!
//! Locking (or erasing) counts an epoch up. Whatever began before answers
//! [`DirectoryError::Locked`], even if it had found something.
//!
//! It must never write, and never hold a lock while it reads or searches.
mod load;
#[cfg(test)]
mod tests;
mod views;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use views::{CallerContactView, CallerView, ContactView, Hit};

use super::caller;
use super::record::ContactRecord;
use super::search::Index;
use crate::store::{ContactId, ContactsReader, StoreError};

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// There are no contacts to be read: not yet, not any more, or not now.
    #[error("contacts are locked")]
    Locked,
    /// There is no such contact, or it has no photo.
    #[error("no such contact")]
    NotFound,
    /// The contacts file can't be read.
    #[error("contacts can't be read: {0}")]
    Store(StoreError),
}

impl From<StoreError> for DirectoryError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::Locked,
            other => Self::Store(other),
        }
    }
}

/// A part of a long list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// How many come before it.
    pub offset: usize,
    /// How many there are at most.
    pub limit: usize,
}

impl Page {
    /// Everything.
    pub const ALL: Page = Page { offset: 0, limit: usize::MAX };

    /// The first `limit`.
    pub fn first(limit: usize) -> Self {
        Self { offset: 0, limit }
    }
}

/// A handle for reading contacts. All copies read the same.
#[derive(Clone, Default)]
pub struct Directory {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// Held by whoever reads the index in; others that want to search wait for it. The writer never
    /// takes it.
    loading: Mutex<()>,
    /// Held during a refresh, so that two of them don't start from the same index.
    refreshing: Mutex<()>,
}

/// Locked for a few instructions at a time.
#[derive(Default)]
struct State {
    epoch: u64,
    reader: Option<ContactsReader>,
    slot: Slot,
}

#[derive(Default)]
enum Slot {
    /// Nobody has searched yet.
    #[default]
    Unloaded,
    /// Somebody reads the index in; what changes meanwhile is read again.
    Loading(Missed),
    Ready(Arc<Index>),
}

#[derive(Default)]
enum Missed {
    #[default]
    Nothing,
    Some(BTreeSet<ContactId>),
    Everything,
}

/// Proof of when a read began.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Epoch(u64);

impl Directory {
    /// A directory without contacts: every read answers [`DirectoryError::Locked`].
    pub fn new() -> Self {
        Self::default()
    }

    // --- reads ---

    /// The best contacts for what was typed; see [`Index::search`] for what is found and in which
    /// order. The first search reads the index in.
    pub fn search(&self, typed: &str) -> Result<Vec<Hit>, DirectoryError> {
        let (index, epoch) = self.index()?;
        let hits = index.search(typed).into_iter().map(Hit::from).collect();
        self.checked(epoch, hits)
    }

    /// A contact, by the id of a [`Hit`], [`ContactView`] or [`CallerContactView`].
    pub fn contact(&self, id: &str) -> Result<ContactView, DirectoryError> {
        let (reader, epoch) = self.reader()?;
        let id = parse(id)?;
        let record = read(&reader, id)?.ok_or(DirectoryError::NotFound)?;
        self.checked(epoch, ContactView::new(id, record))
    }

    /// The bytes of a contact's photo: JPEG, PNG or whatever image format the card had.
    pub fn photo(&self, id: &str) -> Result<Vec<u8>, DirectoryError> {
        let (reader, epoch) = self.reader()?;
        let photo = reader.photo(parse(id)?)?.ok_or(DirectoryError::NotFound)?;
        self.checked(epoch, photo)
    }

    /// Contacts by name.
    pub fn contacts(&self, page: Page) -> Result<Vec<ContactView>, DirectoryError> {
        let (index, epoch) = self.index()?;
        let (reader, _) = self.reader()?;
        let mut views = Vec::new();
        for id in index.by_name(page.limit, page.offset) {
            // One that was removed since the index was made is left out.
            if let Some(record) = read(&reader, id)? {
                views.push(ContactView::new(id, record));
            }
        }
        self.checked(epoch, views)
    }

    /// Who calls; see [`caller`] for what counts. Reads no more than a row and a record or two.
    pub fn look_up_caller(&self, number: &str) -> Result<CallerView, DirectoryError> {
        let (reader, epoch) = self.reader()?;
        let ids = |key: &str, limit| Ok(reader.ids_by_caller_key(key, limit)?);
        let found = caller::look_up(number, ids, |id| read(&reader, id))?;
        self.checked(epoch, CallerView::new(found))
    }

    /// How many contacts there are.
    pub fn count(&self) -> Result<u64, DirectoryError> {
        let (reader, epoch) = self.reader()?;
        let count = reader.count()?;
        self.checked(epoch, count)
    }

    /// Whether there are contacts to be read now: whether the other methods answer anything but
    /// [`DirectoryError::Locked`].
    pub fn is_readable(&self) -> bool {
        self.state().reader.is_some()
    }

    // --- for the agent ---

    /// Contacts can be read from now on, by `reader`.
    pub(crate) fn open(&self, reader: ContactsReader) {
        let mut state = self.state();
        state.epoch += 1;
        state.reader = Some(reader);
        state.slot = Slot::Unloaded;
    }

    /// Nothing can be read any more, and nothing that was begun before is answered: the reader and
    /// the index are let go.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.epoch += 1;
        let gone = (state.reader.take(), std::mem::take(&mut state.slot));
        // Freeing an index takes longer than others should wait.
        drop(state);
        drop(gone);
    }

    /// Takes over what a sync has committed about `changed` contacts (added, changed or removed).
    /// Readers go on with the index as it was until the new one is complete.
    pub(crate) fn refresh(&self, changed: &[ContactId]) -> Result<(), DirectoryError> {
        let _turn = lock(&self.shared.refreshing);
        let (index, reader, epoch) = {
            let mut state = self.state();
            let epoch = Epoch(state.epoch);
            let reader = state.reader.clone().ok_or(DirectoryError::Locked)?;
            match &mut state.slot {
                Slot::Unloaded => return Ok(()),
                Slot::Loading(missed) => {
                    missed.add(changed);
                    return Ok(());
                }
                Slot::Ready(index) => (index.clone(), reader, epoch),
            }
        };
        let next = index.changed(&load::changes(&reader, changed)?);
        self.publish(epoch, next).map(drop)
    }

    /// Takes over that anything may have changed: the next search reads the index in anew.
    pub(crate) fn refresh_all(&self) {
        let _turn = lock(&self.shared.refreshing);
        let mut state = self.state();
        let gone = match &mut state.slot {
            Slot::Unloaded => return,
            Slot::Loading(missed) => {
                *missed = Missed::Everything;
                return;
            }
            ready => std::mem::take(ready),
        };
        drop(state);
        drop(gone);
    }

    // --- within ---

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared.state)
    }

    fn reader(&self) -> Result<(ContactsReader, Epoch), DirectoryError> {
        let state = self.state();
        let reader = state.reader.clone().ok_or(DirectoryError::Locked)?;
        Ok((reader, Epoch(state.epoch)))
    }

    /// `answer`, unless contacts were locked since `epoch`.
    fn checked<T>(&self, epoch: Epoch, answer: T) -> Result<T, DirectoryError> {
        match self.state().epoch == epoch.0 {
            true => Ok(answer),
            false => Err(DirectoryError::Locked),
        }
    }

    fn publish(&self, epoch: Epoch, index: Index) -> Result<Arc<Index>, DirectoryError> {
        let index = Arc::new(index);
        let mut state = self.state();
        if state.epoch != epoch.0 {
            return Err(DirectoryError::Locked);
        }
        let gone = std::mem::replace(&mut state.slot, Slot::Ready(index.clone()));
        drop(state);
        drop(gone);
        Ok(index)
    }
}

impl Missed {
    fn add(&mut self, changed: &[ContactId]) {
        match self {
            Missed::Nothing => *self = Missed::Some(changed.iter().copied().collect()),
            Missed::Some(ids) => ids.extend(changed),
            Missed::Everything => {}
        }
    }
}

impl std::fmt::Debug for Directory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Directory")
    }
}

/// Nothing is left half done under these locks, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn parse(id: &str) -> Result<ContactId, DirectoryError> {
    id.parse().map_err(|_| DirectoryError::NotFound)
}

fn read(reader: &ContactsReader, id: ContactId) -> Result<Option<ContactRecord>, DirectoryError> {
    let Some(bytes) = reader.record(id)? else { return Ok(None) };
    // A record that only a newer app can read is as good as none.
    Ok(ContactRecord::decode(&bytes).inspect_err(|error| log::warn!("{error}")).ok())
}
