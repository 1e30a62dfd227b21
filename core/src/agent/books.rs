//! The lane of the address books: opens the contacts file, keeps the books, withdraws them.
use std::sync::{Arc, Mutex};

use super::ctx::Ctx;
use super::proof::DpopAuthorizer;
use super::records::{BookRecord, ContactTotals};
use super::startup::wrapped_data_key;
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
use crate::store::{ContactId, ContactsStore, StoreError};
use crate::time::{DAY_MS, ElapsedMs, HOUR_MS, MINUTE_MS, Now};
use crate::vault::{Purpose, VaultAnswer, VaultFailure, VaultOp};

/// How often all etags are compared, for servers that forget to tell of a deletion.
const RECONCILE_EVERY_MS: i64 = 7 * DAY_MS;
/// How long a key store that is busy, or a file that failed, is left alone.
const PAUSE_MS: i64 = MINUTE_MS;

/// What to do next.
enum Work {
    /// Unwrap the contacts key, or make a new file.
    Open,
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
            Work::Open => open(&ctx).await,
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
        let readable = self.licence.licence.contacts_readable();
        if self.mode != Mode::Alive || !readable {
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

/// Opens the contacts file in force, or makes a new one where there is none or it can't be used.
async fn open(ctx: &Ctx) {
    let opened = match existing(ctx).await {
        Ok(Some(store)) => Ok(store),
        Ok(None) => fresh(ctx).await,
        Err(failure) => Err(failure),
    };
    let now = ctx.flow.now();
    let mut state = ctx.state();
    match opened {
        // The licence may have changed while the vault was at work.
        Ok(store) if state.licence.licence.contacts_readable() && state.mode == Mode::Alive => {
            match store.reader() {
                Ok(reader) => {
                    state.run.open_not_before = None;
                    state.run.mended(Area::Store, "contacts");
                    state.directory.open(reader);
                    state.contacts = Some(Arc::new(Mutex::new(store)));
                }
                Err(error) => state.contacts_failed(super::state::store_code(&error), now),
            }
        }
        Ok(_) => {}
        Err(code) => state.contacts_failed(code, now),
    }
    drop(state);
    ctx.flow.signal();
}

/// The file in force with its key. `None` if there is none, or if it can't be used any more: then it
/// is destroyed, and its books are fetched anew.
async fn existing(ctx: &Ctx) -> Result<Option<ContactsStore>, Code> {
    let (profile, random, generation, tenant) = {
        let mut state = ctx.state();
        let generation = state
            .with_store(|store| store.in_force(Purpose::Contacts))
            .map_err(|e| super::state::store_code(&e))?;
        let tenant = state.with_store(|s| s.tenant()).map_err(|e| super::state::store_code(&e))?;
        (state.profile.clone(), Box::new(state.random.clone()), generation, tenant)
    };
    let Some(generation) = generation else { return Ok(None) };
    let mut store = match ContactsStore::open(&profile, generation, random) {
        Ok(store) => store,
        Err(StoreError::Full) => return Err(Code::StoreFull),
        Err(error) => {
            log::warn!("the contacts file can't be used: {error}");
            return Ok(None);
        }
    };
    let wrapped = store.wrapped_key().map_err(|_| Code::StoreDamaged)?.wrapped;
    let alias = ctx.alias(Purpose::Contacts, generation);
    match ctx.flow.vault(VaultOp::Unwrap { alias, wrapped }).await {
        Ok(VaultAnswer::Unwrapped { plaintext }) => match store.unlock(&tenant, plaintext) {
            Ok(()) => Ok(Some(store)),
            Err(_) => Ok(None),
        },
        Err(failure @ (VaultFailure::Locked | VaultFailure::Busy)) => Err(Code::of_vault(failure)),
        Ok(_) | Err(_) => Ok(None),
    }
}

/// A new generation: the number is durable before the key is made, the file before it is in force.
async fn fresh(ctx: &Ctx) -> Result<ContactsStore, Code> {
    let code = |error: StoreError| super::state::store_code(&error);
    let (profile, random, number, tenant, old) = {
        let mut state = ctx.state();
        let old = state.with_store(|s| s.in_force(Purpose::Contacts)).map_err(code)?;
        let number = state
            .with_store(|s| s.transaction(|tx| tx.issue_number(Purpose::Contacts)))
            .map_err(code)?;
        let tenant = state.with_store(|s| s.tenant()).map_err(code)?;
        (state.profile.clone(), Box::new(state.random.clone()), number, tenant, old)
    };
    let alias = ctx.alias(Purpose::Contacts, number);
    let (key, wrapped) = wrapped_data_key(&ctx.flow, alias).await.map_err(Code::of_vault)?;
    let store = ContactsStore::create(&profile, number, &tenant, wrapped, key, random);
    let store = store.map_err(code)?;
    {
        let mut state = ctx.state();
        for record in state.books.values_mut() {
            *record = BookRecord::default();
        }
        state.run.next_sync.clear();
        state.totals = ContactTotals::default();
        if !state.commit_with(|tx| tx.set_in_force(Purpose::Contacts, Some(number))) {
            return Err(Code::StoreFull);
        }
        for generation in profile.contacts_generations().unwrap_or_default() {
            if generation != number
                && let Err(error) = profile.destroy_contacts(generation)
            {
                log::warn!("an old contacts file can't be removed: {error}");
            }
        }
    }
    if let Some(old) = old {
        // What the old key wrapped is unreadable from here on, wherever a copy may be.
        let alias = ctx.alias(Purpose::Contacts, old);
        if let Err(failure) = ctx.flow.vault(VaultOp::Destroy { alias }).await {
            log::warn!("an old contacts key can't be destroyed: {failure}");
        }
    }
    Ok(store)
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
        log::debug!("directory: {error}");
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
        } else {
            record.refused = error == Some(BookError::LoginRefused);
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
            Some(error) => self.book_failed(key, error, host, now),
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

    /// Takes the contacts file out of use; the next opening makes a new one.
    pub(super) fn drop_contacts(&mut self) {
        self.close_contacts();
        self.books.clear();
        self.totals = ContactTotals::default();
        self.run.next_sync.clear();
        self.run.sync_wanted = true;
        if !self.commit_with(|tx| tx.set_in_force(Purpose::Contacts, None)) {
            log::warn!("the contacts file stays in force");
        }
    }

    fn contacts_failed(&mut self, code: Code, now: Now) {
        self.run.open_not_before = Some(now.elapsed.plus_ms(PAUSE_MS));
        self.run.fail("contacts", Problem::new(Area::Store, code));
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
