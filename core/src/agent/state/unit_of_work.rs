//! What becomes durable together, and the one way of making it so.
//!
//! A change is made in memory; what it does to tables other than the declared values is queued here.
//! [`State::commit`] writes all of it in one transaction. What the store refuses stays queued: values
//! that say that something was done are never stored without it, and nothing is queued twice.
use super::State;
use super::timers::Timer;
use crate::effect::Effect;
use crate::messages::{Area, Code, Problem};
use crate::store::{AgentStore, Claims, Disposition, OutboxId, StoreError, StoredEffect, Tx};
use crate::time::{MINUTE_MS, Now};
use crate::vault::Purpose;

/// How long a store that refused is left alone: the phone may have room again.
const STORE_PAUSE_MS: i64 = MINUTE_MS;

/// A change of a table that holds no declared value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::agent) enum Operation {
    /// Everything is sealed for this tenant from now on.
    BindTenant(String),
    /// What the server before was to be told, and what it had ordered, is not this server's business.
    ForgetServer,
    /// The contacts file in force; `None`: there is none.
    ContactsInForce(Option<u32>),
    /// A value was damaged, which was noted and said: it goes, so that another can take its place.
    Discard(&'static str),
    /// The device key of this number is in force.
    DeviceKey(u32),
    /// The server accepts this phone again.
    ReleaseOutbox,
    /// What became of an event.
    MarkEvent(OutboxId, Disposition),
    /// The claims of an event that is about to be sent: they stay as they are from now on.
    FixEvent(OutboxId, Vec<u8>),
    /// A command came.
    AddCommand {
        /// Its id.
        jti: String,
        /// As it is stored.
        bytes: Vec<u8>,
    },
    /// A command was carried out.
    FinishCommand(String),
    /// An effect has its outcome.
    FinishEffect {
        /// Which.
        id: String,
        /// In this version; a newer one stays.
        version: i64,
    },
    /// An event for the company.
    AddEvent(Claims),
    /// An effect that must happen.
    AddEffect {
        /// Stable for one matter.
        id: String,
        /// Grows with each.
        version: i64,
        /// What is to be so.
        effect: Effect,
    },
}

impl Operation {
    /// Does it, as a part of `tx`. What can't be done because its row is gone, or because it is too
    /// large for its table, is left out: it would fail at every commit to come.
    fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self.apply(tx) {
            Err(
                error @ (StoreError::Missing | StoreError::TooMany { .. } | StoreError::Conflict),
            ) => {
                log::warn!("left out of a commit: {error}");
                Ok(())
            }
            other => other,
        }
    }

    fn apply(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self {
            Operation::BindTenant(tenant) => tx.bind_tenant(tenant),
            Operation::ForgetServer => tx.forget_server(),
            Operation::ContactsInForce(number) => tx.set_in_force(Purpose::Contacts, *number),
            Operation::Discard(name) => tx.remove(name),
            Operation::DeviceKey(number) => tx.set_in_force(Purpose::Device, Some(*number)),
            Operation::ReleaseOutbox => tx.outbox_release(),
            Operation::MarkEvent(id, disposition) => tx.outbox_mark(*id, *disposition),
            Operation::FixEvent(id, claims) => tx.outbox_fix(*id, claims),
            Operation::AddCommand { jti, bytes } => tx.command_add(jti, bytes).map(drop),
            Operation::FinishCommand(jti) => tx.command_done(jti),
            Operation::FinishEffect { id, version } => tx.effect_done(id, *version),
            Operation::AddEvent(claims) => tx.outbox_push(claims),
            Operation::AddEffect { id, version, effect } => {
                let bytes = serde_json::to_vec(effect).map_err(|_| StoreError::Form)?;
                let kind = "effect".to_owned();
                tx.effect_put(&StoredEffect { id: id.clone(), kind, version: *version, bytes })
            }
        }
    }
}

/// What the next commit writes beside the declared values.
#[derive(Debug, Default)]
pub(in crate::agent) struct UnitOfWork {
    operations: Vec<Operation>,
    /// The last commit failed: memory is ahead of the store.
    unstored: bool,
}

impl UnitOfWork {
    /// Adds an operation.
    pub(in crate::agent) fn push(&mut self, operation: Operation) {
        self.operations.push(operation);
    }

    /// Whether memory is ahead of the store because the last commit failed. Until it works, nothing
    /// is begun that is remembered by a row: it would be done twice.
    pub(in crate::agent) fn is_unstored(&self) -> bool {
        self.unstored
    }

    /// Another server takes the place of the one that queued events are for.
    pub(in crate::agent) fn forget_events(&mut self) {
        self.operations.retain(|operation| !matches!(operation, Operation::AddEvent(_)));
    }
}

impl State {
    /// Makes everything durable that differs from what is stored. `false` if the store refused: then
    /// nothing of it was kept, a problem says so, it is tried again in a minute, and the caller sends
    /// nothing that depends on it.
    pub(in crate::agent) fn commit(&mut self, now: Now) -> bool {
        let Some(mut store) = self.store.take() else { return false };
        let result = store.transaction(|tx| {
            // Before the values: a damaged one goes before another takes its place.
            for operation in &self.work.operations {
                operation.run(tx)?;
            }
            self.stored.write(tx)
        });
        self.store = Some(store);
        match result {
            Ok(()) => {
                self.work = UnitOfWork::default();
                self.timers.clear(&Timer::Store);
                self.run.settled(Area::Store, "");
                true
            }
            Err(error) => {
                self.work.unstored = true;
                self.store_failed(&error, now);
                false
            }
        }
    }

    /// Runs `work` on the open agent file, for what is read or has to be known before it is used.
    pub(in crate::agent) fn with_store<T>(
        &mut self,
        work: impl FnOnce(&mut AgentStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.store.as_mut().ok_or(StoreError::Locked).and_then(work);
        result.inspect_err(|error| self.note_store(error))
    }

    /// What the store refused is tried again in a minute, not at once.
    pub(in crate::agent) fn store_failed(&mut self, error: &StoreError, now: Now) {
        self.note_store(error);
        self.pause_store(now);
    }

    /// Leaves the store alone for a minute.
    pub(in crate::agent) fn pause_store(&mut self, now: Now) {
        self.timers.fail(Timer::Store, STORE_PAUSE_MS, now);
    }

    /// Says in words that the store failed.
    pub(in crate::agent) fn note_store(&mut self, error: &StoreError) {
        self.run.fail("", Problem::new(Area::Store, store_code(error)));
    }

    /// Queues an effect that must happen, in place of an earlier one of the same `id`. What is new is
    /// tried at once, whatever became of the earlier one.
    pub(in crate::agent) fn queue_effect(&mut self, id: String, effect: Effect) {
        self.timers.hurry(|timer| matches!(timer, Timer::Effect(failed) if *failed == id));
        self.stored.last_effect += 1;
        let version = self.stored.last_effect;
        self.work.push(Operation::AddEffect { id, version, effect });
    }
}

/// What a store error is called towards people.
pub(in crate::agent) fn store_code(error: &StoreError) -> Code {
    match error {
        StoreError::InUse => Code::StoreInUse,
        StoreError::Newer { .. } => Code::StoreNewer,
        StoreError::Full => Code::StoreFull,
        StoreError::Locked => Code::VaultLocked,
        _ => Code::StoreDamaged,
    }
}
