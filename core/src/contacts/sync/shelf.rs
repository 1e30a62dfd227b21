//! What a run has received and not yet stored, and storing it: one short transaction at a time.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::state::{self, BookState};
use super::{BookError, BookReport, SyncEnv};
use crate::limits;
use crate::store::{
    Batch, BookId, Change, ContactId, ContactsStore, EtagHash, HrefHash, NewContact, PassReason,
    StoreError,
};

/// Received and not yet stored.
pub(super) enum Pending {
    /// A contact.
    Put {
        /// Normalised address.
        href: String,
        etag: String,
        record: Vec<u8>,
        photo: Option<Vec<u8>>,
        caller_keys: Vec<String>,
    },
    /// A member that is no contact here.
    Pass { href: String, etag: String, reason: PassReason },
    /// A member that is gone.
    Remove { href: String },
    /// A member that a complete listing does not name.
    Sweep { href: HrefHash },
}

impl Pending {
    fn bytes(&self) -> usize {
        match self {
            Pending::Put { record, photo, .. } => record.len() + photo.as_ref().map_or(0, Vec::len),
            _ => 0,
        }
    }
}

/// Photos can be large: a batch is written when it has so many bytes, however few rows.
const BATCH_BYTES: usize = 1024 * 1024;

/// A book in the contacts file.
pub(super) struct Shelf<'a> {
    store: &'a Arc<Mutex<ContactsStore>>,
    on_change: &'a mut (dyn FnMut(&[ContactId]) + Send),
    key: String,
    book: Option<BookId>,
    stored: BookState,
    pending: Vec<Pending>,
    bytes: usize,
    wrote: bool,
}

pub(super) fn lock(store: &Arc<Mutex<ContactsStore>>) -> MutexGuard<'_, ContactsStore> {
    // A transaction that a panic left open was rolled back when its batch was dropped.
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Shelf<'a> {
    /// The book identified by `key`, with what is remembered of it.
    pub(super) fn open(env: &'a mut SyncEnv<'_>, key: String) -> Result<Self, BookError> {
        let book = lock(env.store).book(&key)?;
        let stored: BookState = book.as_ref().map(|b| state::read(&b.state)).unwrap_or_default();
        Ok(Self {
            store: env.store,
            on_change: &mut *env.on_change,
            key,
            book: book.map(|b| b.id),
            stored,
            pending: Vec::new(),
            bytes: 0,
            wrote: false,
        })
    }

    /// The state as it is stored.
    pub(super) fn stored(&self) -> &BookState {
        &self.stored
    }

    /// Whether anything was written since [`Shelf::open`].
    pub(super) fn wrote(&self) -> bool {
        self.wrote
    }

    /// Members known, contacts and others.
    pub(super) fn known_count(&self) -> Result<u64, BookError> {
        let Some(book) = self.book else { return Ok(0) };
        let store = lock(self.store);
        let passed: u64 = store.passed_over(book)?.iter().map(|(_, n)| n).sum();
        Ok(store.count(book)? + passed)
    }

    /// Every member known, with its ETag.
    pub(super) fn known(&self) -> Result<BTreeMap<HrefHash, EtagHash>, BookError> {
        let Some(book) = self.book else { return Ok(BTreeMap::new()) };
        Ok(lock(self.store).known(book)?)
    }

    /// The hashes of an address and an ETag.
    pub(super) fn hashes(&self, href: &str, etag: &str) -> Result<(HrefHash, EtagHash), BookError> {
        let store = lock(self.store);
        Ok((store.href_hash(href)?, store.etag_hash(etag)?))
    }

    /// Whether a member is known with this ETag.
    pub(super) fn has(&self, href: &str, etag: &str) -> Result<bool, BookError> {
        let Some(book) = self.book else { return Ok(false) };
        let store = lock(self.store);
        let known = store.known_etag(book, &store.href_hash(href)?)?;
        Ok(known == Some(store.etag_hash(etag)?))
    }

    /// Adds to what is to be stored.
    pub(super) fn add(&mut self, pending: Pending) {
        self.bytes += pending.bytes();
        self.pending.push(pending);
    }

    /// Whether it is time to store.
    pub(super) fn is_full(&self) -> bool {
        self.pending.len() >= limits::SYNC_BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// Whether anything waits to be stored.
    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Forgets every ETag: what is made of cards has changed.
    pub(super) fn forget_etags(&mut self, state: &BookState) -> Result<(), BookError> {
        let Some(book) = self.book else { return Ok(()) };
        let mut store = lock(self.store);
        let mut batch = store.begin()?;
        batch.forget_etags(book)?;
        batch.set_book_state(book, &state::written(state))?;
        batch.commit()?;
        drop(store);
        self.stored = state.clone();
        self.wrote = true;
        Ok(())
    }

    /// Stores what is pending together with `state`, in one transaction. Nothing to store and the
    /// same state: nothing is written.
    pub(super) fn flush(
        &mut self,
        state: &BookState,
        report: &mut BookReport,
    ) -> Result<(), BookError> {
        if self.pending.is_empty() && *state == self.stored {
            return Ok(());
        }
        let pending = std::mem::take(&mut self.pending);
        self.bytes = 0;
        let mut touched = Vec::with_capacity(pending.len());
        let mut tally = *report;
        let mut store = lock(self.store);
        let mut batch = store.begin()?;
        let book = match self.book {
            Some(book) => book,
            None => batch.ensure_book(&self.key)?,
        };
        for entry in &pending {
            touched.extend(apply(&mut batch, book, entry, &mut tally)?);
        }
        batch.set_book_state(book, &state::written(state))?;
        batch.commit()?;
        drop(store);
        self.book = Some(book);
        self.stored = state.clone();
        self.wrote = true;
        *report = tally;
        if !touched.is_empty() {
            (self.on_change)(&touched);
        }
        Ok(())
    }
}

/// Applies one entry; answers with the contact that became another.
fn apply(
    batch: &mut Batch<'_>,
    book: BookId,
    entry: &Pending,
    report: &mut BookReport,
) -> Result<Option<ContactId>, StoreError> {
    let gone = match entry {
        Pending::Put { href, etag, record, photo, caller_keys } => {
            let put = batch.put(&NewContact {
                book,
                href,
                etag,
                record,
                photo: photo.as_deref(),
                caller_keys,
            })?;
            match put.change {
                Change::Added => report.added += 1,
                Change::Changed => report.changed += 1,
                Change::Unchanged => return Ok(None),
            }
            return Ok(Some(put.id));
        }
        Pending::Pass { href, etag, reason } => batch.pass_over(book, href, etag, *reason)?,
        Pending::Remove { href } => batch.remove(book, href)?,
        Pending::Sweep { href } => batch.remove_known(book, href)?,
    };
    report.removed += u64::from(gone.is_some());
    Ok(gone)
}
