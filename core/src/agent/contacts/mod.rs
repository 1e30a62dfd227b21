//! The lane of the address books: keeps the books, and withdraws them.
mod authorize;
mod open;
mod sync;

use std::sync::Arc;

use super::ctx::Ctx;
use super::state::{Lane, Mode, State, Timer};
use crate::activation::Offer;
use crate::config::Key;
use crate::contacts::card::Filter;
use crate::contacts::sync::{BookAuth, BookSource, withdraw_all_but};
use crate::licence::Phase;
use crate::messages::{Area, Code};
use crate::policy::BookAuth as PolicyAuth;
use crate::report::SyncCounts;
use crate::secret::Secret;
use crate::store::ContactId;
use crate::time::{ElapsedMs, Now};
use crate::vault::Purpose;
use authorize::DpopAuthorizer;
use sync::{refresh, tidy};

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
    /// Nothing before this moment, unless something happens.
    Rest(Option<ElapsedMs>),
}

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let work = ctx.state().next_book_work(&ctx, now);
        match work {
            Work::Open => open::open(&ctx).await,
            Work::Destroy => destroy(&ctx).await,
            Work::Withdraw => withdraw(&ctx).await,
            Work::Sync(source) => sync::sync(&ctx, *source).await,
            Work::Rest(until) => ctx.flow.next_signal(seen, until).await,
        }
    }
}

impl State {
    /// Whether contacts may be read and are not open yet, though opening was not tried in vain.
    pub(super) fn contacts_wanted(&self) -> bool {
        self.mode == Mode::Alive
            && self.stored.licence.contacts_readable()
            && self.contacts.is_none()
            && self.has_contacts_file()
            && self.timers.at(&Timer::ContactsFile).is_none()
    }

    fn has_contacts_file(&self) -> bool {
        self.store.as_ref().is_some_and(|s| matches!(s.in_force(Purpose::Contacts), Ok(Some(_))))
    }

    fn next_book_work(&mut self, ctx: &Ctx, now: Now) -> Work {
        if self.mode != Mode::Alive {
            return Work::Rest(None);
        }
        let file_works = self.timers.is_over(&Timer::ContactsFile, now);
        let file = self.timers.at(&Timer::ContactsFile).filter(|_| !file_works);
        if !self.phase().allows_contacts() && self.has_contacts_file() {
            return if file_works { Work::Destroy } else { Work::Rest(file) };
        }
        if !self.stored.licence.contacts_readable() {
            return Work::Rest(None);
        }
        let sources = self.sources(ctx);
        if self.contacts.is_none() {
            if sources.is_empty() && !self.has_contacts_file() {
                self.run.sync_wanted = false;
                return Work::Rest(None);
            }
            return if file_works { Work::Open } else { Work::Rest(file) };
        }
        let keys: Vec<String> = sources.iter().map(key_of).collect();
        if self.stored.books.keys().any(|key| !keys.contains(key)) {
            return Work::Withdraw;
        }
        self.timers.retain(|timer| match timer {
            Timer::Book(key) | Timer::Sync(key) => keys.contains(key),
            _ => true,
        });
        let wanted = std::mem::take(&mut self.run.sync_wanted);
        for key in &keys {
            self.plan_sync(key, wanted, now);
        }
        let due = sources.into_iter().zip(keys).find(|(_, key)| {
            let timers = [Timer::Sync(key.clone()), Timer::Book(key.clone())];
            timers.iter().all(|timer| self.timers.is_over(timer, now))
        });
        match due {
            Some((source, _)) => Work::Sync(Box::new(source)),
            None => Work::Rest(self.timers.next(Lane::Contacts, |_| true, now)),
        }
    }

    /// Makes the appointment of a book that has none: at the interval since it was last up to date,
    /// now if that is over or somebody asks.
    fn plan_sync(&mut self, key: &str, wanted: bool, now: Now) {
        let timer = Timer::Sync(key.to_owned());
        if wanted {
            return self.timers.set(timer, now.elapsed);
        }
        if self.timers.at(&timer).is_none() {
            let every = self.sync_interval_ms();
            let last = self.stored.books.get(key).and_then(|book| book.last_sync);
            let since = last.map(|last| self.stored.time.at(now).0.saturating_sub(last.0));
            let left = since.map_or(0, |since| (every - since).max(0));
            self.timers.set(timer, now.elapsed.plus_ms(left));
        }
    }

    /// The address books that the company wants on this phone: the policy's, or without a server
    /// those of the configuration.
    fn sources(&self, ctx: &Ctx) -> Vec<BookSource> {
        let effective = self.effective();
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
                if !matches!(Offer::of(effective), Offer::Standalone { .. }) {
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
        let terms = policy.unwrap_or_else(|| self.effective().list(Key::ContactsFilter).to_vec());
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
    let clean = open::sweep(ctx, None).await;
    ctx.change(|state, now| {
        if clean {
            state.drop_contacts();
            state.run.sync_wanted = false;
            state.timers.clear(&Timer::ContactsFile);
            state.run.settled(Area::Store, "contacts");
        } else {
            state.contacts_failed(Code::VaultBusy, now);
        }
    });
}

/// Takes away what is not configured any more.
async fn withdraw(ctx: &Ctx) {
    let (store, sources, directory) = {
        let state = ctx.state();
        let Some(store) = state.contacts.clone() else { return };
        (store, state.sources(ctx), state.directory.clone())
    };
    let mut gone = Vec::new();
    let mut on_change = |ids: &[ContactId]| gone.extend_from_slice(ids);
    let result = withdraw_all_but(&ctx.flow, &store, &mut on_change, &sources).await;
    ctx.change(|state, now| {
        refresh(&directory, &gone);
        match result {
            Ok(removed) => {
                state.stored.books.retain(|key, _| sources.iter().any(|s| key_of(s) == *key));
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
    });
}
