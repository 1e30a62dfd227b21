//! The lane of the address books: keeps the books, and withdraws them.
use std::sync::{Arc, Mutex};

use super::ctx::Ctx;
use super::opening;
use super::proof::DpopAuthorizer;
use super::records::ContactTotals;
use super::state::{Mode, State};
use crate::config::{ActivationSource, Key};
use crate::contacts::card::Filter;
use crate::contacts::phone::Region;
use crate::contacts::sync::{
    AuthError, BookAuth, BookError, BookSource, Check, SourceReport, StoreFault, SyncEnv, summary,
    sync_source, withdraw_all_but,
};
use crate::http::backoff::pause_ms;
use crate::licence::Phase;
use crate::messages::{Area, Args, Code, Problem};
use crate::policy::BookAuth as PolicyAuth;
use crate::report::SyncCounts;
use crate::secret::Secret;
use crate::store::{ContactId, ContactsStore};
use crate::time::{DAY_MS, ElapsedMs, HOUR_MS, Now};
use crate::vault::Purpose;

/// How often all etags are compared, for servers that forget to tell of a deletion.
const RECONCILE_EVERY_MS: i64 = 7 * DAY_MS;

/// What to do next.
enum Work {
    /// Unwrap the contacts key, or make a new file.
    Open,
    /// Destroy contacts that nobody may read any more.
    Destroy,
    /// Take away books that are no longer configured.
    Withdraw,
    /// Keep this one.
    Sync(Box<BookSource>),
    Rest(Option<ElapsedMs>),
}

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let work = ctx.state().next_book_work(&ctx, now);
        match work {
            Work::Open => opening::open(&ctx).await,
            Work::Destroy => destroy(&ctx).await,
            Work::Withdraw => withdraw(&ctx).await,
            Work::Sync(source) => sync(&ctx, *source).await,
            Work::Rest(until) => ctx.flow.next_signal(seen, until).await,
        }
    }
}

impl State {
    /// Whether contacts may be read and are not open yet, though opening was not tried in vain.
    pub(super) fn contacts_wanted(&self) -> bool {
        self.mode == Mode::Alive
            && self.licence.licence.contacts_readable()
            && self.contacts.is_none()
            && self.has_contacts_file()
            && self.run.open_not_before.is_none()
    }

    fn has_contacts_file(&self) -> bool {
        self.store.as_ref().is_some_and(|s| matches!(s.in_force(Purpose::Contacts), Ok(Some(_))))
    }

    fn next_book_work(&mut self, ctx: &Ctx, now: Now) -> Work {
        if self.mode != Mode::Alive {
            return Work::Rest(None);
        }
        if !self.phase().allows_contacts() && self.has_contacts_file() {
            return match self.run.open_not_before.filter(|moment| *moment > now.elapsed) {
                Some(until) => Work::Rest(Some(until)),
                None => Work::Destroy,
            };
        }
        if !self.licence.licence.contacts_readable() {
            return Work::Rest(None);
        }
        let sources = self.sources(ctx);
        if self.contacts.is_none() {
            let waiting = self.run.open_not_before.filter(|moment| *moment > now.elapsed);
            return match (waiting, sources.is_empty() && !self.has_contacts_file()) {
                (_, true) => {
                    self.run.sync_wanted = false;
                    Work::Rest(None)
                }
                (Some(until), _) => Work::Rest(Some(until)),
                (None, false) => Work::Open,
            };
        }
        if self.books.keys().any(|key| sources.iter().all(|s| key_of(s) != *key)) {
            return Work::Withdraw;
        }
        if std::mem::take(&mut self.run.sync_wanted) {
            for source in &sources {
                self.run.next_sync.insert(key_of(source), now.elapsed);
            }
        }
        let every = self.resolution.effective.int(Key::ContactsSyncHours).unwrap_or(24) * HOUR_MS;
        let mut rest = Vec::new();
        for source in sources {
            let key = key_of(&source);
            let due = *self.run.next_sync.entry(key.clone()).or_insert_with(|| {
                let last = self.books.get(&key).and_then(|book| book.last_sync);
                let since = last.map(|last| self.time.at(now).0.saturating_sub(last.0));
                now.elapsed.plus_ms(since.map_or(0, |since| (every - since).max(0)))
            });
            let wait = self.run.books.get(&key).and_then(|a| a.not_before).unwrap_or(due).max(due);
            if wait <= now.elapsed {
                return Work::Sync(Box::new(source));
            }
            rest.push(wait);
        }
        Work::Rest(rest.into_iter().min())
    }

    /// The address books that the company wants on this phone: the policy's, or without a server
    /// those of the configuration.
    fn sources(&self, ctx: &Ctx) -> Vec<BookSource> {
        let effective = &self.resolution.effective;
        if effective.text(Key::ContactsMode) == Some("off") {
            return Vec::new();
        }
        let login = effective.text(Key::CarddavUsername).map(str::to_owned);
        let password = effective.secret(Key::CarddavPassword).cloned();
        match (self.phase(), &self.policy) {
            (Phase::Active | Phase::Reauthenticate, Some(policy)) => {
                let books = policy.contacts.books.iter();
                books
                    .map(|book| BookSource {
                        url: book.url.expose().clone(),
                        name: Some(book.name.clone()),
                        auth: match book.auth {
                            PolicyAuth::Dpop => {
                                BookAuth::Dpop(Arc::new(DpopAuthorizer::new(ctx.clone())))
                            }
                            PolicyAuth::Basic => basic(login.clone(), password.clone()),
                            PolicyAuth::None => BookAuth::None,
                        },
                    })
                    .collect()
            }
            (Phase::NotRequired, _) => {
                // A configuration that vanished leaves what is there, until the grace is over.
                if !matches!(effective.activation(), ActivationSource::Standalone { .. }) {
                    return Vec::new();
                }
                let sources = effective.contact_sources().into_iter();
                sources
                    .map(|source| BookSource {
                        url: source.url,
                        name: source.name,
                        auth: basic(source.username, source.password),
                    })
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    fn filter(&self) -> Filter {
        let policy = self.policy.as_ref().and_then(|p| p.contacts.filter.clone());
        let terms =
            policy.unwrap_or_else(|| self.resolution.effective.list(Key::ContactsFilter).to_vec());
        Filter::parse(&terms).unwrap_or_else(|error| {
            log::warn!("contacts filter: {error}");
            Filter::default()
        })
    }
}

fn basic(user: Option<String>, password: Option<Secret<String>>) -> BookAuth {
    match user {
        Some(user) => {
            BookAuth::Basic { user, password: password.unwrap_or_else(|| Secret::from("")) }
        }
        None => BookAuth::None,
    }
}

/// What identifies a source in the agent's records.
fn key_of(source: &BookSource) -> String {
    match &source.auth {
        BookAuth::Basic { user, .. } => format!("{} {user}", source.url),
        BookAuth::None | BookAuth::Dpop(_) => source.url.clone(),
    }
}

/// Without a server: the configuration names no address book any more, so nothing of one stays.
async fn destroy(ctx: &Ctx) {
    let clean = opening::sweep(ctx, None).await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    if clean {
        state.drop_contacts();
        state.run.sync_wanted = false;
        state.run.open_not_before = None;
        state.run.mended(Area::Store, "contacts");
        state.conclude(now);
    } else {
        state.contacts_failed(Code::VaultBusy, now);
    }
    drop(state);
    ctx.flow.signal();
}

/// Takes away what is not configured any more.
async fn withdraw(ctx: &Ctx) {
    let (store, sources) = {
        let state = ctx.state();
        let Some(store) = state.contacts.clone() else { return };
        (store, state.sources(ctx))
    };
    let directory = ctx.state().directory.clone();
    let mut gone = Vec::new();
    let mut on_change = |ids: &[ContactId]| gone.extend_from_slice(ids);
    let result = withdraw_all_but(&ctx.flow, &store, &mut on_change, &sources).await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    refresh(&directory, &gone);
    match result {
        Ok(removed) => {
            state.books.retain(|key, _| sources.iter().any(|s| key_of(s) == *key));
            state.count_contacts();
            if removed > 0 {
                state.report_books(SyncCounts { removed, ..SyncCounts::default() }, now);
                tidy(&store);
            }
        }
        Err(error) => {
            log::warn!("books can't be withdrawn: {error}");
            state.contacts_failed(Code::StoreDamaged, now);
        }
    }
    state.conclude(now);
    drop(state);
    ctx.flow.signal();
}

/// Keeps one source.
async fn sync(ctx: &Ctx, source: BookSource) {
    let key = key_of(&source);
    let now = ctx.flow.now();
    let (store, directory, filter, region, check) = {
        let state = ctx.state();
        let Some(store) = state.contacts.clone() else { return };
        let region = state.resolution.effective.text(Key::DefaultRegion).and_then(Region::new);
        let reconciled = state.books.get(&key).and_then(|book| book.reconciled);
        let stale = reconciled.is_some_and(|at| state.time.at(now).0 > at.0 + RECONCILE_EVERY_MS);
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
    let now = ctx.flow.now();
    let mut state = ctx.state();
    state.note_sync(&source, &key, result, check, now);
    state.conclude(now);
    drop(state);
    tidy(&store);
    ctx.flow.signal();
}

/// Tells readers which contacts are others now. A directory that was closed meanwhile needs nothing.
fn refresh(directory: &crate::contacts::directory::Directory, ids: &[ContactId]) {
    if !ids.is_empty()
        && let Err(error) = directory.refresh(ids)
    {
        // What can't be taken in piece by piece is read anew at the next search.
        log::debug!("directory: {error}");
        directory.refresh_all();
    }
}

fn tidy(store: &Arc<Mutex<ContactsStore>>) {
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
        let host = super::judge::host_of(&source.url);
        let trusted = self.time.at(now);
        let (report, error) = match result {
            Ok(report) => {
                let error =
                    report.books.iter().find_map(|book| book.result.as_ref().err().copied());
                (report, error)
            }
            Err(error) => (SourceReport::default(), Some(error)),
        };
        let record = self.books.entry(key.to_owned()).or_default();
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
        let hours = self.resolution.effective.int(Key::ContactsSyncHours).unwrap_or(24);
        self.run.next_sync.insert(key.to_owned(), now.elapsed.plus_ms(hours * HOUR_MS));
        match error {
            None => {
                self.run.books.remove(key);
                self.run.mended(Area::Contacts, key);
            }
            Some(BookError::Cancelled) => {
                // Goes on as soon as the shell lets us.
                self.run.next_sync.insert(key.to_owned(), now.elapsed);
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
        let attempts = self.run.books.entry(key.to_owned()).or_default();
        attempts.failures += 1;
        let failures = attempts.failures;
        let after = error.retry_after_seconds();
        let pause = pause_ms(failures, after, &mut self.random);
        if let Some(attempts) = self.run.books.get_mut(key) {
            attempts.not_before = Some(now.elapsed.plus_ms(pause));
        }
        self.run.next_sync.insert(key.to_owned(), now.elapsed);
        if let Some(code) = code_of(error) {
            let args = Args { retry_after_s: after, ..Args::host(host) };
            self.run.fail(key, Problem::with(Area::Contacts, code, args));
        }
    }

    fn report_books(&mut self, counts: SyncCounts, now: Now) {
        let counts = SyncCounts {
            books: self.totals.books,
            contacts: self.totals.count,
            skipped: self.totals.skipped,
            ..counts
        };
        self.report_sync(&counts, now);
    }

    /// Counts what is on the phone.
    fn count_contacts(&mut self) {
        let Some(contacts) = &self.contacts else { return };
        let store = contacts.lock().expect("a flow panicked");
        let counted = summary(&store).and_then(|summary| {
            let count = store.reader()?.count()?;
            Ok(ContactTotals { count, books: summary.books, skipped: summary.skipped })
        });
        drop(store);
        match counted {
            Ok(totals) => self.totals = totals,
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
