//! A configured source: its books found, remembered, kept one after the other, and removed.
use std::sync::{Arc, Mutex};

use url::Url;

use super::book;
use super::discover::{Found, FoundBook, discover};
use super::error::BookError;
use super::passed::Passed;
use super::session::Session;
use super::shelf::lock;
use super::state::{self, SourceState, book_key, parse_key, source_key};
use super::{BookOutcome, BookSource, Check, SourceReport, SyncEnv};
use crate::contacts::card::SkipReason;
use crate::flow::Flow;
use crate::store::{Book, ContactId, ContactsStore, StoreError};

/// Keeps all books of `source`.
///
/// # Errors
/// Only if no book is known and none can be found. A book that fails is told in the report, and the
/// others are kept all the same.
pub async fn sync_source(
    env: &mut SyncEnv<'_>,
    source: &BookSource,
    check: Check,
) -> Result<SourceReport, BookError> {
    let user = source.auth.user();
    let key = source_key(&source.url, user);
    let mut known = load(env, &key)?;
    let mut report = SourceReport::default();
    let look_again = check == Check::Everything && !known.direct;
    if known.books.is_empty() || look_again {
        match find(env, source, &key, &mut known, &mut report).await {
            Err(error) if known.books.is_empty() => return Err(error),
            // The books that are known can be kept all the same.
            _ => {}
        }
    }
    let mut lost = false;
    for found in known.books.clone() {
        let outcome = keep(env, source, &found, check).await;
        lost |= outcome.result == Err(BookError::NotFound);
        report.books.push(outcome);
    }
    if lost {
        // Moved, perhaps. Where the new place is another, its book is kept at once.
        let before = known.books.clone();
        if find(env, source, &key, &mut known, &mut report).await.is_ok() {
            report.books.retain(|outcome| outcome.result != Err(BookError::NotFound));
            for found in &known.books {
                let is_new = !before.contains(found);
                let failed = report.books.iter().all(|outcome| outcome.name != found.name);
                if is_new || failed {
                    report.books.push(keep(env, source, found, check).await);
                }
            }
        }
    }
    Ok(report)
}

/// Looks for the books of a source and remembers them; books that are no longer there go, with all
/// their contacts.
async fn find(
    env: &mut SyncEnv<'_>,
    source: &BookSource,
    key: &str,
    known: &mut SourceState,
    report: &mut SourceReport,
) -> Result<(), BookError> {
    let (mut session, url) = Session::new(env.flow, &source.auth, &source.url)?;
    let found = discover(&mut session, &url).await;
    report.discovery_requests += session.requests;
    let Found { books, direct } = found?;
    let user = source.auth.user();
    for book in &known.books {
        if books.iter().all(|b| b.url != book.url) {
            let key = book_key(&source.url, user, &book.url);
            report.removed += remove_book(env.flow, env.store, env.on_change, &key).await?;
        }
    }
    let state = SourceState { books, direct };
    if state != *known {
        let mut store = lock(env.store);
        let mut batch = store.begin()?;
        let id = batch.ensure_book(key)?;
        batch.set_book_state(id, &state::written(&state))?;
        batch.commit()?;
        *known = state;
    }
    Ok(())
}

fn load(env: &SyncEnv<'_>, key: &str) -> Result<SourceState, BookError> {
    let store = lock(env.store);
    Ok(store.book(key)?.map(|b| state::read(&b.state)).unwrap_or_default())
}

async fn keep(
    env: &mut SyncEnv<'_>,
    source: &BookSource,
    found: &FoundBook,
    check: Check,
) -> BookOutcome {
    let result = keep_at(env, source, found, check).await;
    BookOutcome { name: found.name.clone(), result }
}

async fn keep_at(
    env: &mut SyncEnv<'_>,
    source: &BookSource,
    found: &FoundBook,
    check: Check,
) -> Result<super::BookReport, BookError> {
    let (session, _) = Session::new(env.flow, &source.auth, &source.url)?;
    let url = Url::parse(&found.url).map_err(|_| BookError::NotFound)?;
    let key = book_key(&source.url, source.auth.user(), &found.url);
    book::keep(env, session, key, url, check).await
}

/// Removes every source that is not in `keep`, with all its books and contacts: the company has
/// withdrawn it. Answers how many contacts went.
pub async fn withdraw_all_but(
    flow: &Flow,
    store: &Arc<Mutex<ContactsStore>>,
    on_change: &mut (dyn FnMut(&[ContactId]) + Send),
    keep: &[BookSource],
) -> Result<u64, BookError> {
    let books = lock(store).books()?;
    let mut removed = 0;
    for Book { source, .. } in books {
        let kept = parse_key(&source).is_some_and(|(_, url, user)| {
            keep.iter().any(|s| s.url == url && s.auth.user() == user)
        });
        if !kept {
            removed += remove_book(flow, store, on_change, &source).await?;
        }
    }
    Ok(removed)
}

async fn remove_book(
    flow: &Flow,
    store: &Arc<Mutex<ContactsStore>>,
    on_change: &mut (dyn FnMut(&[ContactId]) + Send),
    key: &str,
) -> Result<u64, BookError> {
    let mut count = 0;
    loop {
        let removed = {
            let mut store = lock(store);
            let Some(book) = store.book(key)? else { return Ok(count) };
            let mut batch = store.begin()?;
            let removed = batch.remove_book(book.id)?;
            batch.commit()?;
            removed
        };
        count += removed.ids.len() as u64;
        if !removed.ids.is_empty() {
            on_change(&removed.ids);
        }
        if !removed.more {
            return Ok(count);
        }
        flow.breathe().await;
    }
}

/// What the contacts file holds, for the status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Address books.
    pub books: u64,
    /// Members that should have given a contact and did not.
    pub skipped: u64,
    /// Members that the filter leaves out.
    pub filtered: u64,
}

/// Counts the books and what was passed over in them.
pub fn summary(store: &ContactsStore) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    for book in store.books()? {
        if parse_key(&book.source).is_none_or(|(kind, _, _)| kind != "book") {
            continue;
        }
        summary.books += 1;
        for (reason, count) in store.passed_over(book.id)? {
            match Passed::from_stored(reason) {
                Some(Passed::Filtered) => summary.filtered += count,
                // A list of people is nobody to call: nothing is wrong with it.
                Some(Passed::Skipped(SkipReason::Group)) => {}
                Some(Passed::Skipped(_)) | None => summary.skipped += count,
            }
        }
    }
    Ok(summary)
}
