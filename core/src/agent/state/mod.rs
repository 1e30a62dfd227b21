//! Everything the agent knows.
//!
//! Four kinds of things, apart from the files that are open: what is durable ([`Durable`]), what is
//! worked out of it, the moments that are waited for ([`Timers`]), and what is true in this run only
//! ([`Run`]). [`super::ctx::Ctx::change`] is the one way of changing it.
mod durable;
mod records;
mod run;
mod timers;
mod unit_of_work;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

#[cfg(test)]
pub(super) use durable::Row;
pub(super) use durable::{Damaged, Durable};
#[cfg(test)]
pub(super) use records::FeedbackRecord;
pub(super) use records::{BookRecord, ContactTotals, PolicyRecord, UsedEvidence};
pub(super) use run::Run;
pub(super) use timers::{Lane, Timer, Timers};
pub(super) use unit_of_work::{Operation, UnitOfWork, store_code};

use super::event::Event;
use super::options::OpenOptions;
use crate::compliance::Evaluation;
use crate::config::{Effective, Inputs, Key, LastGood, Layer, Resolution, resolve};
use crate::contacts::directory::Directory;
use crate::http::backoff::pause_ms;
use crate::ids::{Language, ProfileId};
use crate::jose::{DeviceKey, ServerMemory};
use crate::licence::{Consequence, Licence, LicenceEvent, Phase};
use crate::management::{Grant, Metadata};
use crate::policy::Policy;
use crate::random::SharedRandom;
use crate::store::erase::{Marker, Tombstone};
use crate::store::{AgentStore, ContactsStore, ProfileDir, StoreError, WrappedKey};
use crate::time::Now;
use crate::vault::{Alias, Purpose};

/// What kind of life the profile leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// The keys are not there yet.
    Starting,
    /// The usual.
    Alive,
    /// An erase is under way; there is a tombstone.
    Erasing,
    /// Erased; there is a marker and no store.
    Erased,
}

/// See the module.
pub(super) struct State {
    pub(super) options: OpenOptions,
    pub(super) random: SharedRandom,
    pub(super) profile: ProfileDir,
    pub(super) mode: Mode,
    /// The start is through.
    pub(super) ready: bool,
    /// What happened before it was, or during an erase.
    pub(super) inbox: VecDeque<Event>,
    pub(super) tombstone: Option<Tombstone>,
    pub(super) marker: Option<Marker>,
    pub(super) store: Option<AgentStore>,
    pub(super) directory: Directory,
    pub(super) contacts: Option<Arc<Mutex<ContactsStore>>>,
    pub(super) server_memory: ServerMemory,
    /// The handle of the device key in force, once it was used.
    pub(super) key: Option<DeviceKey>,

    /// What survives a restart.
    pub(super) stored: Durable,
    /// What the next commit writes beside it.
    pub(super) work: UnitOfWork,

    // Worked out of what is stored.
    pub(super) resolution: Resolution,
    pub(super) policy: Option<Policy>,
    pub(super) evaluation: Option<Evaluation>,

    /// What is waited for.
    pub(super) timers: Timers,
    /// What is true in this run only.
    pub(super) run: Run,
}

impl State {
    pub(super) fn new(
        options: OpenOptions,
        profile: ProfileDir,
        random: SharedRandom,
        directory: Directory,
    ) -> Result<Self, StoreError> {
        let tombstone = Tombstone::load(&profile)?;
        let marker = Marker::load(&profile)?;
        let mode = match (&tombstone, &marker) {
            (Some(_), _) => Mode::Erasing,
            (None, Some(_)) if !profile.has_agent_file() => Mode::Erased,
            _ => Mode::Starting,
        };
        let resolution = resolve(&Inputs {
            platform: options.platform,
            mdm: None,
            person: None,
            server: None,
            individual: None,
            last_good: &LastGood::default(),
        });
        let mut stored = Durable::default();
        let ended = |phase, cause| Licence { phase, cause: Some(cause), ..Licence::default() };
        match (mode, &tombstone, &marker) {
            (Mode::Erasing, Some(tombstone), _) => {
                stored.licence = ended(Phase::Erasing, tombstone.cause);
                stored.phase_since = tombstone.begun;
            }
            (Mode::Erased, _, Some(marker)) => stored.licence = ended(Phase::Erased, marker.cause),
            _ => {}
        }
        Ok(Self {
            options,
            random,
            profile,
            mode,
            ready: false,
            inbox: VecDeque::new(),
            tombstone,
            marker,
            store: None,
            directory,
            contacts: None,
            server_memory: ServerMemory::default(),
            key: None,
            stored,
            work: UnitOfWork::default(),
            resolution,
            policy: None,
            evaluation: None,
            timers: Timers::default(),
            run: Run::default(),
        })
    }

    /// Forgets everything that was read or planned, and every key, but for what the licence came to.
    /// What stays is what the profile was opened with, and the files that tell of an erase.
    pub(super) fn forget_everything(&mut self) {
        self.close_contacts();
        self.store = None;
        self.key = None;
        let licence = std::mem::take(&mut self.stored.licence);
        let phase_since = self.stored.phase_since;
        self.stored = Durable { licence, phase_since, ..Durable::default() };
        self.work = UnitOfWork::default();
        self.policy = None;
        self.evaluation = None;
        self.resolve();
        let erase = self.timers.at(&Timer::Erase);
        self.timers = Timers::default();
        if let Some(moment) = erase {
            self.timers.set(Timer::Erase, moment);
        }
        let contacts_closed = self.run.contacts_closed;
        self.run = Run { contacts_closed, ..Run::default() };
    }

    // --- what is read off it ---

    /// The language people are spoken to in: the setting, else the phone's.
    pub(super) fn language(&self) -> Language {
        let set = self.effective().text(Key::Language);
        set.map_or(self.options.language, Language::from_tag)
    }

    /// The settings in force.
    pub(super) fn effective(&self) -> &Effective {
        &self.resolution.effective
    }

    /// A number that somebody set: the default of a setting says nothing against a policy.
    pub(super) fn number_set(&self, key: Key) -> Option<i64> {
        let effective = self.effective();
        effective.int(key).filter(|_| effective.provenance(key).layer != Layer::Default)
    }

    /// The phase.
    pub(super) fn phase(&self) -> Phase {
        self.stored.licence.phase
    }

    /// The management server that the phone belongs to.
    pub(super) fn server(&self) -> Option<(&Metadata, &Grant)> {
        Some((self.stored.metadata.as_ref()?, self.stored.grant.as_ref()?))
    }

    /// What the management server gave this phone.
    pub(super) fn grant(&self) -> Option<&Grant> {
        self.server().map(|(_, grant)| grant)
    }

    /// The name of a key of this profile.
    pub(super) fn alias(&self, purpose: Purpose, number: u32) -> Alias {
        Alias { profile: self.options.profile.clone(), purpose, number }
    }

    // --- its ways of changing ---

    /// Tells the licence machine. What follows is done with the next [`State::conclude`].
    pub(super) fn licence_event(&mut self, event: LicenceEvent, now: Now) {
        let phase = self.phase();
        let then = self.stored.licence.apply(event);
        if self.phase() != phase {
            self.stored.phase_since = self.stored.time.at(now);
        }
        self.run.consequences.extend(then);
    }

    /// A consequence that is due whatever the machine says.
    pub(super) fn must(&mut self, consequence: Consequence) {
        if !self.run.consequences.contains(&consequence) {
            self.run.consequences.push(consequence);
        }
    }

    /// Lays the layers over one another again.
    pub(super) fn resolve(&mut self) {
        let policy = self.policy.as_ref();
        let resolution = resolve(&Inputs {
            platform: self.options.platform,
            mdm: self.stored.managed.as_ref(),
            person: None,
            server: policy.map(|p| &p.settings),
            individual: policy.map(|p| &p.individual),
            last_good: &self.stored.last_good,
        });
        self.stored.last_good = resolution.last_good.clone();
        self.resolution = resolution;
    }

    /// One more failure of `timer`'s matter: the usual back-off, or what the server asked for.
    pub(super) fn back_off(&mut self, timer: Timer, retry_after_s: Option<i64>, now: Now) {
        let failures = self.timers.failures(&timer).saturating_add(1);
        let pause = pause_ms(failures, retry_after_s, &mut self.random);
        self.timers.fail(timer, pause, now);
    }

    /// Opens the agent file if it is not open yet, and gives its wrapped data keys.
    pub(super) fn open_store(&mut self) -> Result<(Vec<WrappedKey>, ProfileId), StoreError> {
        if self.store.is_none() {
            let random = Box::new(self.random.clone());
            let store = AgentStore::open(&self.profile, random);
            self.store = Some(store.inspect_err(|e| self.note_store(e))?);
        }
        let wrapped = self.with_store(|store| store.wrapped_keys())?;
        Ok((wrapped, self.options.profile.clone()))
    }
}
