//! The conformance suite on SQLite in memory and on disk, and what only a file can show.

use super::*;
use crate::storage::conformance;

#[test]
fn in_memory_conforms() {
    conformance::run(&|| Box::new(Sqlite::in_memory().unwrap()));
}

#[test]
fn on_disk_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::cell::Cell::new(0);
    conformance::run(&|| {
        number.set(number.get() + 1);
        Box::new(Sqlite::open(&folder.path().join(format!("{}.db", number.get()))).unwrap())
    });
}

#[test]
fn what_was_committed_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    let store: Box<dyn Storage> = Box::new(Sqlite::open(&path).unwrap());
    store.write(|tx| tx.set_meta("a", "1")).unwrap();
    drop(store);
    let store: Box<dyn Storage> = Box::new(Sqlite::open(&path).unwrap());
    assert_eq!(store.read(|tx| tx.meta("a")).unwrap().as_deref(), Some("1"));
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    drop(Sqlite::open(&path).unwrap());
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 999).unwrap();
    drop(raw);
    assert!(matches!(Sqlite::open(&path), Err(StoreError::Newer { found: 999, .. })));
    let raw = Connection::open(&path).unwrap();
    let version: i64 = raw.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 999);
}

#[test]
fn a_panic_in_a_transaction_keeps_nothing_and_breaks_nothing() {
    let store: Box<dyn Storage> = Box::new(Sqlite::in_memory().unwrap());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write::<(), StoreError>(|tx| {
            tx.set_meta("a", "1")?;
            panic!("planned");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read(|tx| tx.meta("a")).unwrap(), None);
    store.write(|tx| tx.set_meta("a", "2")).unwrap();
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.db");
    drop(Sqlite::open(&path).unwrap());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

/// The hot paths, with the plan that SQLite must not fall back to.
#[test]
fn hot_paths_never_scan_a_table() {
    let store = Sqlite::in_memory().unwrap();
    let conn = lock(&store.writer);
    for sql in [
        "SELECT * FROM grants g JOIN access_tokens a ON a.grant_id = g.id WHERE a.token = x'00'",
        "SELECT * FROM grants WHERE refresh = x'00'",
        "SELECT * FROM grants WHERE code = x'00'",
        "SELECT * FROM devices WHERE name = 'x'",
        "SELECT * FROM policies WHERE device = 'x'",
        "SELECT * FROM commands WHERE device = 'x' ORDER BY id",
        "SELECT * FROM licences WHERE username = 'x'",
        "SELECT * FROM people WHERE email = 'x' AND tenant = 't'",
        "SELECT name, etag, seq, deleted_at FROM cards WHERE tenant = 't' AND seq > 5 ORDER BY seq LIMIT 10",
        "SELECT * FROM events WHERE device = 'x' AND jti = 'y'",
        "SELECT COUNT(*) FROM devices WHERE licence = 1 AND state = 'active'",
    ] {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let plan: Vec<String> =
            statement.query_map([], |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap();
        let plan = plan.join("; ");
        assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
