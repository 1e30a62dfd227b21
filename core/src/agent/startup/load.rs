//! What the agent does with its stored state once the keys are there.
use super::super::state::{Damaged, Durable, Mode, Operation, State};
use crate::licence::{Consequence, EraseCause, Phase};
use crate::policy::Policy;
use crate::random::Random;
use crate::time::Now;

impl State {
    /// Reads everything durable. A value that is damaged is treated as absent, and that is said.
    /// `false` if the file could not be read at all: then nothing is known, and nothing may be
    /// written over it.
    pub(super) fn load(&mut self, now: Now) -> bool {
        let platform = self.options.platform;
        let loaded = self.with_store(|store| Durable::load(store, platform));
        let Ok((stored, damaged)) = loaded else { return false };
        self.stored = stored;
        for Damaged { name, error } in damaged {
            log::error!("{name}: {error}");
            self.note_store(&error);
            self.work.push(Operation::Discard(name));
        }
        self.mode = Mode::Alive;
        self.make_coherent();
        if self.stored.time.raise_floor(now) {
            self.commit(now);
        }
        self.schedule_check(now);
        true
    }

    /// What is worked out of the stored values, and values that are nothing without one another.
    fn make_coherent(&mut self) {
        if self.stored.hash_key == [0; 32] {
            let mut key = [0; 32];
            self.random.fill(&mut key);
            self.stored.hash_key = key;
        }
        if self.server().is_none() {
            self.stored.grant = None;
            self.stored.metadata = None;
        }
        // Verified before it was stored, and sealed since. One that another version of the app took
        // in and this one can't read has to come anew.
        let record = self.stored.policy.as_ref();
        self.policy = record.and_then(|record| Policy::reread(&record.compact).ok());
        if self.policy.is_none() {
            self.stored.policy = None;
        }
        self.resolve();
        // An activation that a killed process left behind goes on; without one there is none.
        if self.phase() == Phase::Activating && self.stored.pending.is_none() {
            self.stored.licence.phase = Phase::Unlicensed;
        }
        if self.phase().is_activated() && self.server().is_none() {
            // What proves this phone to its server was damaged: it has to show its evidence again.
            self.stored.licence.phase = Phase::Reauthenticate;
        }
    }

    /// The start is over: takes in what happened meanwhile, judges the state anew, and does what
    /// follows. An event that starts an erased phone afresh leaves it not ready: it starts again.
    pub(super) fn started(&mut self, now: Now) {
        self.ready = true;
        self.take_in_waiting(now);
        if !self.ready || self.mode != Mode::Alive {
            return;
        }
        // A process may be killed between the order of an erase and its tombstone.
        if self.phase() == Phase::Erasing {
            self.must(Consequence::BeginErase);
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
        self.stored = Durable::default();
        // One note and no alarm: nothing is wrong, the phone is only new.
        log::info!("the keys of this profile are gone ({})", EraseCause::Transferred.as_str());
        true
    }
}
