//! The store as the agent uses it.
mod agent_file;
mod contacts_file;
mod erasing;
mod faults;
mod files;
mod formats;
mod outbox;
pub(crate) mod refusing;
mod scan;

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::ids::ProfileId;
use crate::random::Random;
use crate::secret::Secret;

/// The data key of every store in these tests.
fn key() -> Secret<Vec<u8>> {
    Secret::new((0..32).collect())
}

/// Random bytes that are the same in each run (xorshift64).
fn random(seed: u64) -> Box<dyn Random> {
    let mut state = seed * 2 + 1;
    Box::new(move |out: &mut [u8]| {
        for byte in out {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_le_bytes()[3];
        }
    })
}

/// A phone's disk.
struct Disk {
    root: TempDir,
}

impl Disk {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    fn profile(&self) -> ProfileDir {
        ProfileDir::lock(self.root.path(), &ProfileId::default()).unwrap()
    }

    fn folder(&self) -> std::path::PathBuf {
        self.root.path().join("default")
    }

    /// The agent file as a running agent has it: unlocked, with its key added at the first time.
    fn agent(&self) -> AgentStore {
        let mut store = AgentStore::open(&self.profile(), random(1)).unwrap();
        match store.wrapped_keys().unwrap().as_slice() {
            [] => {
                store.add_key(vec![], 1, b"wrapped".to_vec(), key()).unwrap();
            }
            keys => {
                let keys: Vec<_> = keys.iter().map(|k| (k.number, key())).collect();
                store.unlock(&keys).unwrap();
            }
        }
        store
    }

    fn new_contacts(&self) -> ContactsStore {
        let wrapped = b"wrapped".to_vec();
        ContactsStore::create(&self.profile(), 1, "acme", wrapped, key(), random(2)).unwrap()
    }

    fn contacts(&self) -> ContactsStore {
        let mut store = ContactsStore::open(&self.profile(), 1, random(3)).unwrap();
        store.unlock("acme", key()).unwrap();
        store
    }

    /// What a kill at this moment would leave: the files as they lie there, open stores or not.
    fn as_after_a_kill(&self) -> Disk {
        let copy = Disk::new();
        fs::create_dir(copy.folder()).unwrap();
        for entry in fs::read_dir(self.folder()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.folder().join(entry.file_name())).unwrap();
        }
        copy
    }

    /// Name and content of every file.
    fn content(&self) -> Vec<(String, Vec<u8>)> {
        content_of(&self.folder())
    }
}

fn content_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}
