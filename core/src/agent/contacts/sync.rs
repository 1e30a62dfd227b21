//! Keeps one source of address books, and notes what became of it.
use std::sync::{Arc, Mutex};

use super::super::ctx::Ctx;
use super::super::evaluate::host_of;
use super::super::state::{ContactTotals, State, Timer};
use super::key_of;
use crate::config::Key;
use crate::contacts::directory::Directory;
use crate::contacts::phone::Region;
use crate::contacts::sync::{
    AuthError, BookAuth, BookError, BookSource, Check, SourceReport, StoreFault, SyncEnv, summary,
    sync_source,
};
use crate::messages::{Area, Args, Code, Problem};
use crate::report::SyncCounts;
use crate::store::{ContactId, ContactsStore};
use crate::time::{DAY_MS, Now};

/// How often all etags are compared, for servers that forget to tell of a deletion.
const RECONCILE_EVERY_MS: i64 = 7 * DAY_MS;

/// Keeps one source.
pub(super) async fn sync(ctx: &Ctx, source: BookSource) {
    let key = key_of(&source);
    let now = ctx.flow.now();
    let (store, directory, filter, region, check) = {
        let state = ctx.state();
        let Some(store) = state.contacts.clone() else { return };
        let region = state.effective().text(Key::DefaultRegion).and_then(Region::new);
        let reconciled = state.stored.books.get(&key).and_then(|book| book.reconciled);
        let stale =
            reconciled.is_some_and(|at| state.stored.time.at(now).0 > at.0 + RECONCILE_EVERY_MS);
        let check = if stale { Check::Everything } else { Check::Changes };
        (store, state.directory.clone(), state.filter(), region, check)
    };
    let mut received = 0;
    let counting = ctx.clone();
    let mut on_change = |ids: &[ContactId]| {
        received += ids.len() as i64;
        counting.state().run.received = received;
        refresh(&directory, ids);
    };
    let mut env = SyncEnv {
        flow: &ctx.flow,
        store: &store,
        region,
        filter: &filter,
        on_change: &mut on_change,
    };
    let result = sync_source(&mut env, &source, check).await;
    ctx.change(|state, now| state.note_sync(&source, &key, result, check, now));
    tidy(&store);
}

/// Tells readers which contacts are others now. A directory that was closed meanwhile needs nothing.
pub(super) fn refresh(directory: &Directory, ids: &[ContactId]) {
    if !ids.is_empty()
        && let Err(error) = directory.refresh(ids)
    {
        // What can't be taken in piece by piece is read anew at the next search.
        log::debug!("directory: {error}");
        directory.refresh_all();
    }
}

pub(super) fn tidy(store: &Arc<Mutex<ContactsStore>>) {
    if let Err(error) = store.lock().expect("a flow panicked").tidy() {
        log::debug!("tidy: {error}");
    }
}

impl State {
    fn note_sync(
        &mut self,
        source: &BookSource,
        key: &str,
        result: Result<SourceReport, BookError>,
        check: Check,
        now: Now,
    ) {
        let host = host_of(&source.url);
        let trusted = self.stored.time.at(now);
        let (report, error) = match result {
            Ok(report) => {
                let error =
                    report.books.iter().find_map(|book| book.result.as_ref().err().copied());
                (report, error)
            }
            Err(error) => (SourceReport::default(), Some(error)),
        };
        let record = self.stored.books.entry(key.to_owned()).or_default();
        if error.is_none() {
            record.last_sync = Some(trusted);
            record.refused = false;
            if check == Check::Everything || record.reconciled.is_none() {
                record.reconciled = Some(trusted);
            }
        } else if error == Some(BookError::LoginRefused) {
            // Until a sync works: being out of reach in between says nothing about the login.
            record.refused = true;
        }
        let mut counts = SyncCounts { removed: report.removed, ..SyncCounts::default() };
        let mut changed = report.removed > 0;
        for done in report.books.iter().filter_map(|book| book.result.as_ref().ok()) {
            counts.added += done.added;
            counts.changed += done.changed;
            counts.removed += done.removed;
            changed |= !done.unchanged;
        }
        if changed || error.is_some() {
            self.count_contacts();
        }
        if counts != SyncCounts::default() {
            self.report_books(counts, now);
        }
        let next = now.elapsed.plus_ms(self.sync_interval_ms());
        self.timers.set(Timer::Sync(key.to_owned()), next);
        match error {
            None => {
                self.timers.clear(&Timer::Book(key.to_owned()));
                self.run.settled(Area::Contacts, key);
            }
            Some(BookError::Cancelled) => {
                // Goes on as soon as the shell lets us.
                self.timers.set(Timer::Sync(key.to_owned()), now.elapsed);
            }
            Some(BookError::Store(StoreFault::KeyWorn)) => self.drop_contacts(),
            Some(error) => {
                let refused = matches!(error, BookError::LoginRefused | BookError::Forbidden);
                if refused && matches!(source.auth, BookAuth::Dpop(_)) {
                    // Our own server does not take its own token: only the status says why.
                    self.run.status_wanted = true;
                    self.run.check_wanted = true;
                }
                self.book_failed(key, error, host, now);
            }
        }
    }

    fn book_failed(&mut self, key: &str, error: BookError, host: String, now: Now) {
        log::warn!("address book at {host}: {error}");
        let after = error.retry_after_seconds();
        self.back_off(Timer::Book(key.to_owned()), after, now);
        self.timers.set(Timer::Sync(key.to_owned()), now.elapsed);
        if let Some(code) = code_of(error) {
            let args = Args { retry_after_s: after, ..Args::host(host) };
            self.run.fail(key, Problem::with(Area::Contacts, code, args));
        }
    }

    pub(super) fn report_books(&mut self, counts: SyncCounts, now: Now) {
        let counts = SyncCounts {
            books: self.stored.totals.books,
            contacts: self.stored.totals.count,
            skipped: self.stored.totals.skipped,
            ..counts
        };
        self.report_sync(&counts, now);
    }

    /// Counts what is on the phone.
    pub(super) fn count_contacts(&mut self) {
        let Some(contacts) = &self.contacts else { return };
        let store = contacts.lock().expect("a flow panicked");
        let counted = summary(&store).and_then(|summary| {
            let count = store.reader()?.count()?;
            Ok(ContactTotals { count, books: summary.books, skipped: summary.skipped })
        });
        drop(store);
        match counted {
            Ok(totals) => self.stored.totals = totals,
            Err(error) => self.note_store(&error),
        }
    }
}

/// What a book's failure is called towards people.
fn code_of(error: BookError) -> Option<Code> {
    Some(match error {
        BookError::Unreachable(failure) | BookError::Auth(AuthError::Unreachable(failure)) => {
            return Code::of_failure(failure);
        }
        BookError::Cancelled => return None,
        BookError::LoginRefused | BookError::Auth(AuthError::Refused) => Code::BookLoginRefused,
        BookError::Auth(AuthError::KeyUnavailable) => Code::VaultBusy,
        BookError::Forbidden => Code::BookForbidden,
        BookError::NotFound => Code::BookNotFound,
        BookError::NotCardDav => Code::BookNotCarddav,
        BookError::Busy { .. } | BookError::ServerFault { .. } => Code::BookUnreachable,
        BookError::BadAnswer(_) => Code::BookBadAnswer,
        BookError::TooLarge { .. } => Code::BookTooLarge,
        BookError::Store(StoreFault::Full) => Code::StoreFull,
        BookError::Store(_) => Code::StoreDamaged,
    })
}
