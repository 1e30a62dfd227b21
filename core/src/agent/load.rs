//! What the agent does with its stored state once the keys are there.
use super::control::schedule;
use super::names;
use super::state::{Mode, ServerState, State};
use crate::activation::{Grant, PendingActivation};
use crate::compliance::Signals;
use crate::config::{LastGood, ManagedInput};
use crate::licence::{Consequence, EraseCause, Licence, Phase};
use crate::policy::Policy;
use crate::store::{AgentStore, StoreError};
use crate::time::Now;

impl State {
    /// Reads everything durable. What can't be read is treated as absent and said.
    pub(super) fn load(&mut self, now: Now) {
        let Some(store) = self.store.take() else { return };
        let result = self.load_from(&store);
        self.store = Some(store);
        if let Err(error) = result {
            self.note_store(&error);
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
        if self.time.raise_floor(now) {
            self.commit();
        }
        schedule(self, now);
    }

    fn load_from(&mut self, store: &AgentStore) -> Result<(), StoreError> {
        self.licence = store.get_json(names::LICENCE)?.unwrap_or_default();
        self.time = store.get_json(names::TIME)?.unwrap_or_default();
        self.config = store.get_json(names::CONFIG_STATE)?.unwrap_or_default();
        self.managed =
            store.get(names::CONFIG_TREE)?.and_then(|bytes| ManagedInput::from_bytes(&bytes).ok());
        self.last_good = store
            .get(names::CONFIG_LAST_GOOD)?
            .and_then(|bytes| LastGood::from_bytes(&bytes).ok())
            .unwrap_or_default();
        self.pending =
            store.get(names::PENDING)?.and_then(|bytes| PendingActivation::from_bytes(&bytes).ok());
        self.refused = store.get_json(names::REFUSED)?;
        self.evidence = store.get(names::EVIDENCE)?;
        let grant = store.get(names::GRANT)?.and_then(|bytes| Grant::from_bytes(&bytes).ok());
        let metadata = store.get_json(names::METADATA)?;
        self.server = grant.zip(metadata).map(|(grant, metadata)| ServerState { metadata, grant });
        self.contact_at = store.get_json(names::CONTACT)?;
        self.policy_record = store.get_json(names::POLICY)?;
        if let Some(record) = &self.policy_record {
            // Verified before it was stored, and sealed since.
            self.policy = Policy::reread(&record.compact).ok();
        }
        if let Some(json) = store.get_json::<serde_json::Value>(names::SIGNALS)? {
            let signals = Signals::from_json(&json.to_string(), self.options.platform);
            self.signals = signals.unwrap_or_default();
        }
        self.memory = store.get_json(names::FINDINGS)?.unwrap_or_default();
        self.reported = store.get_json(names::REPORTED)?;
        self.books = store.get_json(names::BOOKS)?.unwrap_or_default();
        self.totals = store.get_json(names::TOTALS)?.unwrap_or_default();
        self.feedback = store.get_json(names::FEEDBACK)?.unwrap_or_default();
        Ok(())
    }

    /// Startup is over: takes in what happened meanwhile, judges the state anew, and does what follows.
    /// An event that starts an erased phone afresh leaves it not ready: startup begins again.
    pub(super) fn open_for_business(&mut self, now: Now) {
        self.ready = true;
        while self.ready
            && let Some(event) = self.inbox.pop_front()
        {
            self.take_in(event, now);
        }
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
    pub(super) fn forget_quietly(&mut self) {
        self.store = None;
        self.contacts = None;
        let generations = self.profile.contacts_generations().unwrap_or_default();
        let destroyed = generations
            .into_iter()
            .try_for_each(|generation| self.profile.destroy_contacts(generation))
            .and_then(|()| self.profile.destroy_agent());
        if let Err(error) = destroyed {
            self.note_store(&error);
        }
        self.licence.licence = Licence::default();
        // One note and no alarm: nothing is wrong, the phone is only new.
        log::info!("the keys of this profile are gone ({})", EraseCause::Transferred.as_str());
    }
}
