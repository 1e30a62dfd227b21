//! What every storage back end has to do: run it on yours with an empty store a call.
//!
//! It panics at the first thing that is not as it should be, like the test it is.

mod devices;
mod evidence;
mod organization;
mod people;

use serde_json::json;

use super::*;
use crate::crypto::jwk::EcJwk;
use crate::ids::{Digest, GrantId, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};

/// Makes an empty store.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Storage>;

/// A part of the suite.
type Part = fn(&dyn Storage);

/// Runs the whole suite.
///
/// # Panics
/// When the back end does not conform.
pub fn run(make: Make<'_>) {
    let parts: [(&str, Part); 13] = [
        ("an error undoes the whole transaction", errors_undo),
        ("readers can't write", readers_cannot_write),
        ("tenants, keys, settings, rules", organization::tenants),
        ("admins and waiting actions", organization::desk),
        ("people", people::people),
        ("the book's history", people::book),
        ("forgotten deletions raise the floor", people::deletions),
        ("licences and seats", evidence::licences),
        ("a link is used once, by one of many", evidence::links),
        ("lists", evidence::lists),
        ("codes and tokens", evidence::grants),
        ("devices and commands", devices::devices),
        ("events are stored once", devices::events),
    ];
    for (name, part) in parts {
        println!("conformance: {name}");
        part(&*make());
    }
}

const NOW: UnixTime = UnixTime(1_800_000_000);

fn acme() -> TenantId {
    TenantId::from("acme")
}

fn ok<T>(result: Stored<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the back end failed: {error}"),
    }
}

fn write<T>(store: &dyn Storage, work: impl FnOnce(&dyn Tx) -> Stored<T>) -> T {
    ok(store.write(work))
}

fn read<T>(store: &dyn Storage, work: impl FnOnce(&dyn Tx) -> Stored<T>) -> T {
    ok(store.read(work))
}

fn errors_undo(store: &dyn Storage) {
    let failed: Stored<()> = store.write(|tx| {
        tx.set_meta("a", "1")?;
        Err(StoreError::Damaged("plan"))
    });
    assert_eq!(failed, Err(StoreError::Damaged("plan")));
    assert_eq!(read(store, |tx| tx.meta("a")), None);
    write(store, |tx| tx.set_meta("a", "1"));
    write(store, |tx| tx.set_meta("a", "2"));
    assert_eq!(read(store, |tx| tx.meta("a")).as_deref(), Some("2"));
}

fn readers_cannot_write(store: &dyn Storage) {
    assert!(store.read(|tx| tx.set_meta("a", "1")).is_err());
    assert_eq!(read(store, |tx| tx.meta("a")), None);
    write(store, |tx| tx.set_meta("a", "1"));
}
