//! Every declared value, one by one: it survives a restart, "start afresh" resets it, and an erase
//! takes it away. A value that nobody declared is found.
use std::collections::{BTreeMap, BTreeSet};

use crate::activation::{Evidence, EvidenceMark, PendingActivation, Refusal};
use crate::agent::state::{
    BookRecord, ContactTotals, Durable, FeedbackRecord, PolicyRecord, Row, UsedEvidence,
};
use crate::compliance::{Context, Notice, Signals, State as ComplianceState, evaluate};
use crate::config::{Inputs, LastGood, ManagedInput, resolve};
use crate::ids::{Platform, ProfileId};
use crate::licence::{Licence, Phase};
use crate::management::ServerUrl;
use crate::management::tests::World;
use crate::policy::LastPolicy;
use crate::secret::Secret;
use crate::store::erase::{EvidenceHasher, delete_files};
use crate::store::{AgentStore, ProfileDir, new_data_key};
use crate::time::{Now, TrustedTime, WallMs};

const PLATFORM: Platform = Platform::Android;
/// Stands in every sample that holds text, so that a leftover is found in a file.
const CANARY: &str = "canary-of-a-stored-value";

fn random() -> Box<dyn crate::random::Random> {
    let mut counter = 0_u8;
    Box::new(move |out: &mut [u8]| {
        for byte in out {
            counter = counter.wrapping_add(1);
            *byte = counter;
        }
    })
}

/// A folder with an agent file whose key stays in the test's hands.
struct Disk {
    folder: tempfile::TempDir,
    key: Secret<Vec<u8>>,
}

impl Disk {
    fn new() -> Self {
        let mut source = random();
        let key = new_data_key(&mut |out: &mut [u8]| source.fill(out));
        Self { folder: tempfile::tempdir().unwrap(), key }
    }

    fn profile(&self) -> ProfileDir {
        ProfileDir::lock(self.folder.path(), &ProfileId::default()).unwrap()
    }

    fn open(&self, profile: &ProfileDir) -> AgentStore {
        let mut store = AgentStore::open(profile, random()).unwrap();
        let known = store.wrapped_keys().unwrap();
        match known.first() {
            Some(known) => store.unlock(&[(known.number, self.key.clone())]).unwrap(),
            None => {
                store.add_key(Vec::new(), 1, vec![1], self.key.clone()).unwrap();
            }
        }
        store
    }
}

fn store_all(store: &mut AgentStore, durable: &Durable) {
    store.transaction(|tx| durable.write(tx)).unwrap();
}

/// What the file holds under each declared name.
fn rows(store: &AgentStore) -> BTreeMap<&'static str, Option<Vec<u8>>> {
    Durable::ROWS.iter().map(|row| (row.name, store.get(row.name).unwrap())).collect()
}

/// A phone in the middle of everything: no value is what it is on a new phone.
fn sample() -> Durable {
    let moment = WallMs(1_700_000_000_000);
    let canary = || Secret::new(CANARY.to_owned());
    let key = [7; 32];
    let evidence = Evidence::Credentials { username: canary(), password: canary() };
    let tree = serde_json::json!({ "carddav_url": "https://dav.example/", "email": CANARY });
    let managed = ManagedInput::from_android_json(tree.to_string().as_bytes()).unwrap();
    let resolution = resolve(&Inputs {
        platform: PLATFORM,
        mdm: Some(&managed),
        person: None,
        server: None,
        individual: None,
        last_good: &LastGood::default(),
    });
    let mut world = World::new();
    let grant = world.activate();
    let metadata = world.metadata();
    let server = ServerUrl::parse("https://muster.example/").unwrap();
    let pending = PendingActivation::begin(&world.phone.flow, server, evidence.clone(), 3);
    let mut time = TrustedTime::default();
    time.anchor(moment, Now::default());
    let signals = Signals::from_json("{ \"screen_lock\": true }", PLATFORM).unwrap();
    let findings = evaluate(
        &[],
        &signals,
        &[Notice::ConfigurationVanished],
        &Default::default(),
        moment,
        Context::default(),
    );
    let hasher = EvidenceHasher::new(&mut *random());
    let mark = EvidenceMark::of(&evidence, &key);
    Durable {
        licence: Licence { phase: Phase::Active, ..Licence::default() },
        phase_since: moment,
        lock_message: Some(CANARY.to_owned()),
        erase_command: Some(CANARY.to_owned()),
        time,
        hash_key: key,
        managed: Some(managed),
        last_good: resolution.last_good,
        config_version: CANARY.to_owned(),
        config_vanished_since: Some(moment),
        pending: Some(pending),
        refusal: Some(Refusal { mark, code: CANARY.to_owned(), at: moment }),
        used_evidence: Some(UsedEvidence::of(&evidence, &key, hasher)),
        grant: Some(grant),
        metadata: Some(metadata),
        contact_at: Some(moment),
        policy: Some(PolicyRecord {
            compact: CANARY.to_owned(),
            etag: Some(CANARY.to_owned()),
            last: LastPolicy { seq: 3, hash: [1; 32] },
        }),
        signals,
        findings: findings.memory,
        reported: Some(ComplianceState::Compliant),
        books: [(CANARY.to_owned(), BookRecord { refused: true, ..BookRecord::default() })].into(),
        totals: ContactTotals { count: 1, books: 1, skipped: 1 },
        feedback: FeedbackRecord { version: 1, states: Vec::new() },
        announced: [CANARY.to_owned()].into(),
        last_effect: 1,
    }
}

#[test]
fn no_value_of_the_sample_is_that_of_a_new_phone() {
    let (disk, new) = (Disk::new(), Disk::new());
    let (profile, other) = (disk.profile(), new.profile());
    let mut store = disk.open(&profile);
    let mut fresh = new.open(&other);
    store_all(&mut store, &sample());
    store_all(&mut fresh, &Durable::default());
    let (full, empty) = (rows(&store), rows(&fresh));
    for Row { name, .. } in Durable::ROWS {
        assert!(full[name].is_some(), "{name} has no sample");
        assert_ne!(full[name], empty[name], "{name} has no sample of its own");
    }
}

#[test]
fn every_value_survives_a_restart() {
    let disk = Disk::new();
    {
        let profile = disk.profile();
        store_all(&mut disk.open(&profile), &sample());
    }
    let profile = disk.profile();
    let mut store = disk.open(&profile);
    let before = rows(&store);
    let (loaded, damaged) = Durable::load(&store, PLATFORM).unwrap();
    assert!(damaged.is_empty(), "{damaged:?}");
    let writes = store.writes();
    store_all(&mut store, &loaded);
    assert_eq!(store.writes(), writes, "what was read is what was written");
    assert_eq!(rows(&store), before);
}

#[test]
fn starting_afresh_resets_every_value() {
    let disk = Disk::new();
    let profile = disk.profile();
    let mut store = disk.open(&profile);
    store_all(&mut store, &sample());
    store_all(&mut store, &Durable::default());
    let new = Disk::new();
    let other = new.profile();
    let mut fresh = new.open(&other);
    store_all(&mut fresh, &Durable::default());
    assert_eq!(rows(&store), rows(&fresh));
}

#[test]
fn a_damaged_value_is_absent_and_named_and_hides_no_other() {
    let disk = Disk::new();
    let profile = disk.profile();
    let mut store = disk.open(&profile);
    for Row { name, .. } in Durable::ROWS {
        store_all(&mut store, &sample());
        store.put(name, b"\xff no such form").unwrap();
        let (loaded, damaged) = Durable::load(&store, PLATFORM).unwrap();
        let named: Vec<&str> = damaged.iter().map(|damaged| damaged.name).collect();
        assert_eq!(named, [*name]);
        store_all(&mut store, &loaded);
        let held = rows(&store);
        let lost = held.iter().filter(|(other, bytes)| *other != name && bytes.is_none());
        assert_eq!(lost.count(), 0, "{name}");
    }
}

#[test]
fn no_value_is_left_after_an_erase() {
    let disk = Disk::new();
    let profile = disk.profile();
    let mut store = disk.open(&profile);
    store_all(&mut store, &sample());
    drop(store);
    delete_files(&profile).unwrap();
    let left: Vec<String> = std::fs::read_dir(profile.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(left, ["lock"]);
    assert!(!profile.has_agent_file());
}

/// The names in the file that nobody declared.
fn undeclared(store: &AgentStore) -> Vec<String> {
    let declared: BTreeSet<&str> = Durable::ROWS.iter().map(|row| row.name).collect();
    let names = store.value_names().unwrap();
    names.into_iter().filter(|name| !declared.contains(name.as_str())).collect()
}

#[test]
fn a_value_that_nobody_declared_is_found() {
    let disk = Disk::new();
    let profile = disk.profile();
    let mut store = disk.open(&profile);
    store_all(&mut store, &sample());
    assert_eq!(undeclared(&store), Vec::<String>::new());
    store.put("somebody.added.this", b"and declared it nowhere").unwrap();
    assert_eq!(undeclared(&store), ["somebody.added.this"]);
}

#[test]
fn names_are_unique_and_secrets_are_not_shown() {
    let names: BTreeSet<&str> = Durable::ROWS.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), Durable::ROWS.len());
    let mut sample = sample();
    // Rows that may be shown hold no secrets, but these stand-ins for one.
    sample.erase_command = None;
    sample.config_version.clear();
    sample.refusal = None;
    sample.announced.clear();
    assert!(!format!("{sample:?}").contains(CANARY));
}
