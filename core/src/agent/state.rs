//! Everything the agent knows, and its one way of making it durable.
//!
//! What is durable is in memory too, loaded once. A change is made in memory and then committed:
//! [`State::commit`] writes, in one transaction, whatever differs from what is stored, together with
//! the events and effects that were queued. What did not change is not written.
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use super::event::Event;
use super::names;
use super::options::OpenOptions;
use super::records::{
    BookRecord, ConfigRecord, ContactTotals, FeedbackRecord, LicenceRecord, PolicyRecord, Refused,
};
use super::run::Run;
use crate::activation::PendingActivation;
use crate::compliance::{Evaluation, FindingMemory, Signals, State as ComplianceState};
use crate::config::{Inputs, LastGood, ManagedInput, Resolution, resolve};
use crate::contacts::directory::Directory;
use crate::ids::{Language, ProfileId};
use crate::jose::{DeviceKey, ServerMemory};
use crate::licence::{Licence, LicenceEvent, Phase};
use crate::management::{Grant, Metadata};
use crate::messages::{Area, Code, Problem};
use crate::policy::Policy;
use crate::random::SharedRandom;
use crate::secret::Secret;
use crate::store::erase::{Marker, Tombstone};
use crate::store::{
    AgentStore, ContactsStore, ProfileDir, StoreError, StoredEffect, Tx, WrappedKey,
};
use crate::time::{MINUTE_MS, Now, TrustedTime, WallMs};

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

/// The management server that the phone belongs to.
pub(super) struct ServerState {
    pub(super) metadata: Metadata,
    pub(super) grant: Grant,
}

/// See the module.
pub(super) struct State {
    pub(super) options: OpenOptions,
    pub(super) random: SharedRandom,
    pub(super) profile: ProfileDir,
    pub(super) mode: Mode,
    pub(super) ready: bool,
    pub(super) inbox: VecDeque<Event>,
    pub(super) tombstone: Option<Tombstone>,
    pub(super) marker: Option<Marker>,
    pub(super) store: Option<AgentStore>,
    pub(super) directory: Directory,
    pub(super) contacts: Option<Arc<Mutex<ContactsStore>>>,
    pub(super) server_memory: ServerMemory,
    pub(super) key: Option<DeviceKey>,

    // Durable.
    pub(super) licence: LicenceRecord,
    pub(super) time: TrustedTime,
    pub(super) config: ConfigRecord,
    pub(super) managed: Option<ManagedInput>,
    pub(super) last_good: LastGood,
    pub(super) pending: Option<PendingActivation>,
    pub(super) refused: Option<Refused>,
    pub(super) server: Option<ServerState>,
    pub(super) evidence: Option<Vec<u8>>,
    /// The command that ordered the erase, on its way to the tombstone.
    pub(super) erase_command: Option<String>,
    pub(super) contact_at: Option<WallMs>,
    pub(super) policy_record: Option<PolicyRecord>,
    pub(super) signals: Signals,
    pub(super) memory: FindingMemory,
    pub(super) reported: Option<ComplianceState>,
    pub(super) books: BTreeMap<String, BookRecord>,
    pub(super) totals: ContactTotals,
    pub(super) feedback: FeedbackRecord,

    // Worked out of the durable part.
    pub(super) resolution: Resolution,
    pub(super) policy: Option<Policy>,
    pub(super) evaluation: Option<Evaluation>,

    // This run only.
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
        let mut licence = LicenceRecord::default();
        match (mode, &tombstone, &marker) {
            (Mode::Erasing, Some(tombstone), _) => {
                licence.licence = Licence {
                    phase: Phase::Erasing,
                    cause: Some(tombstone.cause),
                    ..Licence::default()
                };
                licence.since = tombstone.begun;
            }
            (Mode::Erased, _, Some(marker)) => {
                licence.licence = Licence {
                    phase: Phase::Erased,
                    cause: Some(marker.cause),
                    ..Licence::default()
                };
            }
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
            licence,
            time: TrustedTime::default(),
            config: ConfigRecord::default(),
            managed: None,
            last_good: LastGood::default(),
            pending: None,
            refused: None,
            server: None,
            evidence: None,
            erase_command: None,
            contact_at: None,
            policy_record: None,
            signals: Signals::default(),
            memory: FindingMemory::default(),
            reported: None,
            books: BTreeMap::new(),
            totals: ContactTotals::default(),
            feedback: FeedbackRecord::default(),
            resolution,
            policy: None,
            evaluation: None,
            run: Run::default(),
        })
    }

    /// The language people are spoken to in: the setting, else the phone's.
    pub(super) fn language(&self) -> Language {
        let set = self.resolution.effective.text(crate::config::Key::Language);
        set.map_or(self.options.language, Language::from_tag)
    }

    /// Opens the agent file if it is not open yet.
    pub(super) fn open_store(&mut self) -> Result<(Vec<WrappedKey>, ProfileId), StoreError> {
        if self.store.is_none() {
            let random = Box::new(self.random.clone());
            let store = AgentStore::open(&self.profile, random);
            self.store = Some(store.inspect_err(|e| self.note_store(e))?);
        }
        let wrapped = self.with_store(|store| store.wrapped_keys())?;
        Ok((wrapped, self.options.profile.clone()))
    }

    /// Runs `work` on the open agent file.
    pub(super) fn with_store<T>(
        &mut self,
        work: impl FnOnce(&mut AgentStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = self.store.as_mut().ok_or(StoreError::Locked).and_then(work);
        result.inspect_err(|e| self.note_store(e))
    }

    /// What the store refused is tried again in a minute, not at once.
    pub(super) fn pause_after_store_failure(&mut self, now: Now) {
        self.run.store.failures += 1;
        self.run.store.not_before = Some(now.elapsed.plus_ms(MINUTE_MS));
    }

    /// Says in words that the store failed.
    pub(super) fn note_store(&mut self, error: &StoreError) {
        self.run.fail("", Problem::new(Area::Store, store_code(error)));
    }

    /// Makes everything durable that differs from what is stored, with the queued errands, events
    /// and effects; `also` adds to the same transaction. `false` if the store refused: then nothing
    /// of it was kept, a problem says so, and the caller sends nothing that depends on it. What was
    /// queued stays so for the next commit, what `also` did not do is the caller's.
    pub(super) fn commit_with(
        &mut self,
        also: impl FnOnce(&mut Tx<'_>) -> Result<(), StoreError>,
    ) -> bool {
        let Some(mut store) = self.store.take() else { return false };
        let result = store.transaction(|tx| {
            for errand in &self.run.errands {
                errand.run(tx)?;
            }
            also(tx)?;
            self.write_values(tx)?;
            for claims in &self.run.events {
                tx.outbox_push(claims)?;
            }
            for (id, effect) in &self.run.effects {
                let bytes = serde_json::to_vec(effect).map_err(|_| StoreError::Form)?;
                let kind = "effect".to_owned();
                let version = version_of(effect);
                tx.effect_put(&StoredEffect { id: id.clone(), kind, version, bytes })?;
            }
            Ok::<_, StoreError>(())
        });
        self.store = Some(store);
        match result {
            Ok(()) => {
                self.run.errands.clear();
                self.run.events.clear();
                self.run.effects.clear();
                self.run.unstored = false;
                self.run.mended(Area::Store, "");
                true
            }
            Err(error) => {
                self.run.unstored = true;
                self.note_store(&error);
                false
            }
        }
    }

    /// [`State::commit_with`] with nothing more.
    pub(super) fn commit(&mut self) -> bool {
        self.commit_with(|_| Ok(()))
    }

    fn write_values(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        tx.put_json(names::LICENCE, &self.licence)?;
        tx.put_json(names::TIME, &self.time)?;
        tx.put_json(names::CONFIG_STATE, &self.config)?;
        put_secret(tx, names::CONFIG_TREE, self.managed.as_ref().map(ManagedInput::to_bytes))?;
        put_secret(tx, names::CONFIG_LAST_GOOD, Some(self.last_good.to_bytes()))?;
        put_secret(tx, names::PENDING, self.pending.as_ref().map(PendingActivation::to_bytes))?;
        put_optional_json(tx, names::REFUSED, self.refused.as_ref())?;
        let server = self.server.as_ref();
        put_secret(tx, names::GRANT, server.map(|s| s.grant.to_bytes()))?;
        put_optional_json(tx, names::METADATA, server.map(|s| &s.metadata))?;
        put_secret(tx, names::EVIDENCE, self.evidence.clone().map(Secret::new))?;
        put_optional_json(tx, names::CONTACT, self.contact_at.as_ref())?;
        put_optional_json(tx, names::POLICY, self.policy_record.as_ref())?;
        tx.put_json(names::SIGNALS, &self.signals.to_json())?;
        tx.put_json(names::FINDINGS, &self.memory)?;
        put_optional_json(tx, names::REPORTED, self.reported.as_ref())?;
        tx.put_json(names::BOOKS, &self.books)?;
        tx.put_json(names::TOTALS, &self.totals)?;
        tx.put_json(names::FEEDBACK, &self.feedback)
    }

    /// Tells the licence machine. What follows is done after the next commit.
    pub(super) fn licence_event(&mut self, event: LicenceEvent, now: Now) {
        let phase = self.licence.licence.phase;
        let then = self.licence.licence.apply(event);
        if self.licence.licence.phase != phase {
            self.licence.since = self.time.at(now);
        }
        self.run.consequences.extend(then);
    }

    /// Lays the layers over one another again.
    pub(super) fn resolve(&mut self) {
        let policy = self.policy.as_ref();
        let resolution = resolve(&Inputs {
            platform: self.options.platform,
            mdm: self.managed.as_ref(),
            person: None,
            server: policy.map(|p| &p.settings),
            individual: policy.map(|p| &p.individual),
            last_good: &self.last_good,
        });
        self.last_good = resolution.last_good.clone();
        self.resolution = resolution;
    }

    /// The phase.
    pub(super) fn phase(&self) -> Phase {
        self.licence.licence.phase
    }
}

fn put_secret(
    tx: &mut Tx<'_>,
    name: &str,
    value: Option<Secret<Vec<u8>>>,
) -> Result<(), StoreError> {
    match value {
        Some(value) => tx.put(name, value.expose()),
        None => tx.remove(name),
    }
}

fn put_optional_json<T: serde::Serialize>(
    tx: &mut Tx<'_>,
    name: &str,
    value: Option<&T>,
) -> Result<(), StoreError> {
    match value {
        Some(value) => tx.put_json(name, value),
        None => tx.remove(name),
    }
}

fn version_of(effect: &crate::effect::Effect) -> i64 {
    match effect {
        crate::effect::Effect::PublishFeedback { version, .. } => *version,
        _ => 1,
    }
}

/// What a store error is called towards people.
pub(super) fn store_code(error: &StoreError) -> Code {
    match error {
        StoreError::InUse => Code::StoreInUse,
        StoreError::Newer { .. } => Code::StoreNewer,
        StoreError::Full => Code::StoreFull,
        StoreError::Locked => Code::VaultLocked,
        _ => Code::StoreDamaged,
    }
}
