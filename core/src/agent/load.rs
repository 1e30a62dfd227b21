//! What the agent does with its stored state once the keys are there.
use serde::de::DeserializeOwned;

use super::control::schedule;
use super::names;
use super::run::Errand;
use super::state::{Mode, ServerState, State};
use crate::activation::PendingActivation;
use crate::compliance::Signals;
use crate::config::{LastGood, ManagedInput};
use crate::licence::{Consequence, EraseCause, Licence, Phase};
use crate::management::Grant;
use crate::policy::Policy;
use crate::store::{AgentStore, StoreError};
use crate::time::Now;

impl State {
    /// Reads everything durable. A value that is damaged is treated as absent, and that is said.
    /// `false` if the file could not be read at all: then nothing is known, and nothing may be
    /// written over it.
    pub(super) fn load(&mut self, now: Now) -> bool {
        let Some(store) = self.store.take() else { return false };
        let result = self.load_from(&store);
        self.store = Some(store);
        if let Err(error) = result {
            self.note_store(&error);
            return false;
        }
        self.mode = Mode::Alive;
        if self.config.key == [0; 32] {
            let mut key = [0; 32];
            crate::random::Random::fill(&mut self.random, &mut key);
            self.config.key = key;
        }
        self.resolve();
        // An activation that a killed process left behind goes on; without one there is none.
        if self.phase() == Phase::Activating && self.pending.is_none() {
            self.licence.licence.phase = Phase::Unlicensed;
        }
        if self.phase().is_activated() && self.server.is_none() {
            // What proves this phone to its server was damaged: it has to show its evidence again.
            self.licence.licence.phase = Phase::Reauthenticate;
        }
        if self.time.raise_floor(now) {
            self.commit();
        }
        schedule(self, now);
        true
    }

    /// A stored value; a damaged one is absent.
    fn kept<T>(
        &mut self,
        name: &'static str,
        value: Result<Option<T>, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match value {
            Err(error @ (StoreError::Form | StoreError::Sealed(_))) => {
                log::error!("{name}: {error}");
                self.note_store(&error);
                self.run.errands.push(Errand::Discard(name));
                Ok(None)
            }
            value => value,
        }
    }

    fn json<T: DeserializeOwned>(
        &mut self,
        store: &AgentStore,
        name: &'static str,
    ) -> Result<Option<T>, StoreError> {
        self.kept(name, store.get_json(name))
    }

    fn bytes<T, E>(
        &mut self,
        store: &AgentStore,
        name: &'static str,
        read: impl FnOnce(&[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, StoreError> {
        let value = store.get(name).and_then(|bytes| {
            bytes.map(|bytes| read(&bytes).map_err(|_| StoreError::Form)).transpose()
        });
        self.kept(name, value)
    }

    fn load_from(&mut self, store: &AgentStore) -> Result<(), StoreError> {
        self.licence = self.json(store, names::LICENCE)?.unwrap_or_default();
        self.time = self.json(store, names::TIME)?.unwrap_or_default();
        self.config = self.json(store, names::CONFIG_STATE)?.unwrap_or_default();
        self.managed = self.bytes(store, names::CONFIG_TREE, ManagedInput::from_bytes)?;
        let last_good = self.bytes(store, names::CONFIG_LAST_GOOD, LastGood::from_bytes)?;
        self.last_good = last_good.unwrap_or_default();
        self.pending = self.bytes(store, names::PENDING, PendingActivation::from_bytes)?;
        self.refused = self.json(store, names::REFUSED)?;
        self.evidence = self.kept(names::EVIDENCE, store.get(names::EVIDENCE))?;
        let grant = self.bytes(store, names::GRANT, Grant::from_bytes)?;
        let metadata = self.json(store, names::METADATA)?;
        self.server = grant.zip(metadata).map(|(grant, metadata)| ServerState { metadata, grant });
        self.contact_at = self.json(store, names::CONTACT)?;
        self.policy_record = self.json(store, names::POLICY)?;
        // Verified before it was stored, and sealed since. One that another version of the app took
        // in and this one can't read has to come anew.
        let policy = self.policy_record.as_ref().and_then(|r| Policy::reread(&r.compact).ok());
        if policy.is_none() {
            self.policy_record = None;
        }
        self.policy = policy;
        if let Some(json) = self.json::<serde_json::Value>(store, names::SIGNALS)? {
            let signals = Signals::from_json(&json.to_string(), self.options.platform);
            self.signals = signals.unwrap_or_default();
        }
        self.memory = self.json(store, names::FINDINGS)?.unwrap_or_default();
        self.reported = self.json(store, names::REPORTED)?;
        self.books = self.json(store, names::BOOKS)?.unwrap_or_default();
        self.totals = self.json(store, names::TOTALS)?.unwrap_or_default();
        self.feedback = self.json(store, names::FEEDBACK)?.unwrap_or_default();
        Ok(())
    }

    /// Startup is over: takes in what happened meanwhile, judges the state anew, and does what follows.
    /// An event that starts an erased phone afresh leaves it not ready: startup begins again.
    pub(super) fn open_for_business(&mut self, now: Now) {
        self.ready = true;
        self.take_in_waiting(now);
        if !self.ready || self.mode != Mode::Alive {
            return;
        }
        // A process may be killed between the order of an erase and its tombstone.
        if self.phase() == Phase::Erasing
            && !self.run.consequences.contains(&Consequence::BeginErase)
        {
            self.run.consequences.push(Consequence::BeginErase);
        }
        self.conclude(now);
    }

    /// The keys are gone for good: the files came from a backup, or the key store was reset. Nobody
    /// can read what is here, so it goes, quietly, and the phone starts anew from its configuration.
    /// `false` if the files can't be removed.
    pub(super) fn forget_quietly(&mut self) -> bool {
        self.store = None;
        self.contacts = None;
        let generations = self.profile.contacts_generations().unwrap_or_default();
        let destroyed = generations
            .into_iter()
            .try_for_each(|generation| self.profile.destroy_contacts(generation))
            .and_then(|()| self.profile.destroy_agent());
        if let Err(error) = destroyed {
            self.note_store(&error);
            return false;
        }
        self.licence.licence = Licence::default();
        // One note and no alarm: nothing is wrong, the phone is only new.
        log::info!("the keys of this profile are gone ({})", EraseCause::Transferred.as_str());
        true
    }
}
