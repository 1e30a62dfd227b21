//! Opens the contacts file: its key from the vault, or a new generation where there is none.
use std::sync::{Arc, Mutex};

use super::super::ctx::{Ctx, Stored};
use super::super::startup::wrapped_data_key;
use super::super::state::{BookRecord, ContactTotals, Mode, Operation, State, Timer, store_code};
use crate::messages::{Area, Code, Problem};
use crate::store::{ContactsStore, StoreError};
use crate::time::{MINUTE_MS, Now};
use crate::vault::{Purpose, VaultAnswer, VaultFailure, VaultOp};

/// How long a key store that is busy, or a file that failed, is left alone.
const PAUSE_MS: i64 = MINUTE_MS;

/// Opens the contacts file in force, or makes a new one where there is none or it can't be used.
pub(super) async fn open(ctx: &Ctx) {
    let opened = match existing(ctx).await {
        Ok(Some(store)) => Ok(store),
        Ok(None) => fresh(ctx).await,
        Err(failure) => Err(failure),
    };
    if let Ok(store) = &opened {
        sweep(ctx, Some(store.generation())).await;
    }
    ctx.change(|state, now| match opened {
        // The licence may have changed while the vault was at work.
        Ok(store) if state.stored.licence.contacts_readable() && state.mode == Mode::Alive => {
            match store.reader() {
                Ok(reader) => {
                    state.timers.clear(&Timer::ContactsFile);
                    state.run.settled(Area::Store, "contacts");
                    state.directory.open(reader);
                    state.contacts = Some(Arc::new(Mutex::new(store)));
                }
                Err(error) => state.contacts_failed(store_code(&error), now),
            }
        }
        Ok(_) => {}
        Err(code) => state.contacts_failed(code, now),
    });
}

/// The file in force with its key. `None` if there is none, or if it can't be used any more: then it
/// is destroyed, and its books are fetched anew.
async fn existing(ctx: &Ctx) -> Result<Option<ContactsStore>, Code> {
    let (profile, random, generation, tenant) = {
        let mut state = ctx.state();
        let generation = state
            .with_store(|store| store.in_force(Purpose::Contacts))
            .map_err(|e| store_code(&e))?;
        let tenant = state.with_store(|s| s.tenant()).map_err(|e| store_code(&e))?;
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
        Err(VaultFailure::Lost) => Ok(None),
        // The key may be there: what it unwraps is kept.
        Err(failure) => Err(Code::of_vault(failure)),
        Ok(_) => Err(Code::of_vault(VaultFailure::Unsupported)),
    }
}

/// A new generation: the number is durable before the key is made, the file before it is in force.
async fn fresh(ctx: &Ctx) -> Result<ContactsStore, Code> {
    let code = |error: StoreError| store_code(&error);
    let (profile, random, number, tenant) = {
        let mut state = ctx.state();
        let number = state
            .with_store(|s| s.transaction(|tx| tx.issue_number(Purpose::Contacts)))
            .map_err(code)?;
        let tenant = state.with_store(|s| s.tenant()).map_err(code)?;
        (state.profile.clone(), Box::new(state.random.clone()), number, tenant)
    };
    let alias = ctx.alias(Purpose::Contacts, number);
    let (key, wrapped) = wrapped_data_key(&ctx.flow, alias).await.map_err(Code::of_vault)?;
    let store = ContactsStore::create(&profile, number, &tenant, wrapped, key, random);
    let store = store.map_err(code)?;
    let (_, stored) = ctx.change_durably(|state, _| {
        for record in state.stored.books.values_mut() {
            *record = BookRecord::default();
        }
        state.forget_appointments();
        state.stored.totals = ContactTotals::default();
        state.work.push(Operation::ContactsInForce(Some(number)));
    });
    if stored == Stored(true) { Ok(store) } else { Err(Code::StoreFull) }
}

/// Destroys every contacts file but `kept`, with its key: what was wrapped by that is unreadable from
/// here on, wherever a copy may be. The file goes last, because it is what tells of the key. `false`
/// if something is still there.
pub(super) async fn sweep(ctx: &Ctx, kept: Option<u32>) -> bool {
    let profile = ctx.state().profile.clone();
    let mut clean = true;
    for generation in profile.contacts_generations().unwrap_or_default() {
        if Some(generation) == kept {
            continue;
        }
        let alias = ctx.alias(Purpose::Contacts, generation);
        match ctx.flow.vault(VaultOp::Destroy { alias }).await {
            Ok(_) | Err(VaultFailure::Lost | VaultFailure::Unsupported) => {}
            Err(failure) => {
                log::warn!("an old contacts key can't be destroyed: {failure}");
                clean = false;
                continue;
            }
        }
        if let Err(error) = profile.destroy_contacts(generation) {
            log::warn!("an old contacts file can't be removed: {error}");
            clean = false;
        }
    }
    clean
}

impl State {
    /// Takes the contacts file out of use with the next commit; the next opening makes a new one.
    pub(in crate::agent) fn drop_contacts(&mut self) {
        self.close_contacts();
        self.stored.books.clear();
        self.stored.totals = ContactTotals::default();
        self.forget_appointments();
        self.run.sync_wanted = true;
        self.work.push(Operation::ContactsInForce(None));
    }

    /// Everything has to be fetched anew.
    fn forget_appointments(&mut self) {
        self.timers.retain(|timer| !matches!(timer, Timer::Sync(_)));
    }

    pub(super) fn contacts_failed(&mut self, code: Code, now: Now) {
        self.timers.fail(Timer::ContactsFile, PAUSE_MS, now);
        self.run.fail("contacts", Problem::new(Area::Store, code));
    }
}
