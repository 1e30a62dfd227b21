use std::collections::BTreeSet;

use super::erase::{EraseStep, EvidenceHasher, KeyNumbers, Marker, Tombstone, delete_files};
use super::*;
use crate::licence::EraseCause;
use crate::time::WallMs;
use crate::vault::Purpose;

const EVIDENCE: &[u8] = b"licence ACME, user, passcode 123456";

fn marker() -> Marker {
    let keys = KeyNumbers { service: 1, contacts: 4, device: 2 };
    marker_of(keys, &[EVIDENCE, b"another"], 4)
}

fn marker_of(keys: KeyNumbers, evidence: &[&[u8]], seed: u64) -> Marker {
    let hasher = EvidenceHasher::new(&mut *random(seed));
    let evidence = evidence.iter().map(|piece| hasher.hash(piece)).collect();
    Marker::new(EraseCause::Retired, keys, hasher, evidence)
}

fn tombstone() -> Tombstone {
    Tombstone {
        issuer: "https://muster.example".into(),
        tenant: "acme".into(),
        device: "thumbprint".into(),
        jti: Some("command".into()),
        cause: EraseCause::Retired,
        begun: WallMs(1),
        step: EraseStep::DestroyWrappingKeys,
        keys: marker().keys,
        marker: marker(),
        notifications: BTreeSet::new(),
    }
}

/// Does what the agent does from here on, at most `steps` steps. Answers whether the erase is over.
fn carry_on(disk: &Disk, steps: usize) -> bool {
    let profile = disk.profile();
    for _ in 0..steps {
        let Some(mut tombstone) = Tombstone::load(&profile).unwrap() else { return true };
        match tombstone.step {
            EraseStep::DeleteFiles => delete_files(&profile).unwrap(),
            EraseStep::Finish => {
                tombstone.finish(&profile).unwrap();
                continue;
            }
            _ => {}
        }
        tombstone.advance(&profile).unwrap();
    }
    Tombstone::load(&profile).unwrap().is_none()
}

fn filled() -> Disk {
    let disk = Disk::new();
    disk.agent().put("token", b"secret").unwrap();
    drop(disk.new_contacts());
    fs::create_dir_all(disk.folder().join("logs")).unwrap();
    fs::write(disk.folder().join("logs/today.log"), "something").unwrap();
    disk
}

fn names(disk: &Disk) -> Vec<String> {
    fs::read_dir(disk.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "lock")
        .collect()
}

#[test]
fn an_erase_goes_on_after_a_kill_before_every_step() {
    for killed_after in 0..=EraseStep::ALL.len() {
        let disk = filled();
        tombstone().write(&disk.profile()).unwrap();
        carry_on(&disk, killed_after);
        // Nothing but the files is left of the process. The last step may also be cut between the
        // marker and the tombstone, which the next run does again.
        assert!(carry_on(&disk, EraseStep::ALL.len() + 1), "killed after {killed_after}");
        assert_eq!(names(&disk), ["marker.json"]);
    }
}

#[test]
fn steps_come_in_order_and_each_is_durable() {
    let disk = Disk::new();
    let profile = disk.profile();
    let mut stone = tombstone();
    stone.write(&profile).unwrap();
    let mut steps = vec![stone.step];
    while stone.step != EraseStep::Finish {
        steps.push(stone.advance(&profile).unwrap());
        assert_eq!(Tombstone::load(&profile).unwrap(), Some(stone.clone()));
    }
    assert_eq!(steps, EraseStep::ALL);
    assert_eq!(EraseStep::Finish.next(), EraseStep::Finish);
}

#[test]
fn deleting_follows_no_links_and_keeps_other_profiles() {
    let disk = filled();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("precious"), "x").unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.path(), disk.folder().join("link")).unwrap();
        let file = outside.path().join("precious");
        std::os::unix::fs::symlink(file, disk.folder().join("file-link")).unwrap();
    }
    let bob = ProfileId::new("bob").unwrap();
    let bob = ProfileDir::lock(disk.root.path(), &bob).unwrap();
    fs::write(bob.path().join("agent.db"), "").unwrap();
    delete_files(&disk.profile()).unwrap();
    assert_eq!(names(&disk), [""; 0]);
    assert_eq!(fs::read(outside.path().join("precious")).unwrap(), b"x");
    assert!(bob.path().join("agent.db").exists());
}

#[test]
fn a_tombstone_that_cannot_be_read_is_not_overlooked() {
    let disk = Disk::new();
    for damaged in ["", "{", "{\"issuer\":1}"] {
        fs::create_dir_all(disk.folder()).unwrap();
        fs::write(disk.folder().join("tombstone.json"), damaged).unwrap();
        assert_eq!(Tombstone::load(&disk.profile()), Err(StoreError::Corrupt));
    }
}

#[test]
fn a_cut_write_leaves_the_tombstone_of_before() {
    let disk = Disk::new();
    tombstone().write(&disk.profile()).unwrap();
    fs::write(disk.folder().join("tombstone.tmp"), "{\"iss").unwrap();
    assert_eq!(Tombstone::load(&disk.profile()).unwrap(), Some(tombstone()));
    // And the rest of it goes with the files.
    delete_files(&disk.profile()).unwrap();
    assert_eq!(names(&disk), ["tombstone.json"]);
}

#[test]
fn used_evidence_is_recognised_and_only_that() {
    let disk = Disk::new();
    let profile = disk.profile();
    assert_eq!(Marker::load(&profile).unwrap(), None);
    marker().write(&profile).unwrap();
    let marker = Marker::load(&profile).unwrap().unwrap();
    assert!(marker.matches(EVIDENCE));
    assert!(marker.matches(b"another"));
    assert!(!marker.matches(b"licence ACME, user, passcode 123457"));
    assert!(!marker.matches(b""));
    assert_eq!(marker.cause, EraseCause::Retired);

    // The same evidence gives another hash in each marker.
    let other = marker_of(marker.keys, &[EVIDENCE], 5);
    let text = |marker: &Marker| serde_json::to_string(marker).unwrap();
    assert_ne!(text(&other)[..200], text(&marker)[..200]);

    marker.lift(&profile).unwrap();
    let lifted = Marker::load(&profile).unwrap().unwrap();
    assert!(!lifted.matches(EVIDENCE));
    assert_eq!(lifted.keys.contacts, 4);
}

#[test]
fn keys_after_an_erase_have_numbers_of_their_own() {
    let disk = Disk::new();
    marker().write(&disk.profile()).unwrap();
    let mut store = disk.agent();
    assert_eq!(store.last_number(Purpose::Contacts).unwrap(), 4);
    assert_eq!(store.transaction(|tx| tx.issue_number(Purpose::Contacts)).unwrap(), 5);
    assert_eq!(store.transaction(|tx| tx.issue_number(Purpose::Contacts)).unwrap(), 6);
    assert_eq!(store.transaction(|tx| tx.issue_number(Purpose::Device)).unwrap(), 3);
}
