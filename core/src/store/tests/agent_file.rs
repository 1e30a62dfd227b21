use serde::{Deserialize, Serialize};

use super::*;
use crate::limits;
use crate::vault::Purpose;

#[test]
fn a_value_survives_a_restart() {
    let disk = Disk::new();
    disk.agent().put("policy", b"strict").unwrap();
    assert_eq!(disk.agent().get("policy").unwrap().unwrap(), b"strict");
    assert_eq!(disk.agent().get("other").unwrap(), None);
}

#[test]
fn without_its_key_a_store_opens_but_tells_nothing() {
    let disk = Disk::new();
    disk.agent().put("policy", b"strict").unwrap();
    let mut store = AgentStore::open(&disk.profile(), random(9)).unwrap();
    assert_eq!(store.get("policy"), Err(StoreError::Locked));
    assert_eq!(store.put("policy", b"lax"), Err(StoreError::Locked));
    assert_eq!(store.outbox_next(), Err(StoreError::Locked));
    assert_eq!(store.outbox_counts().unwrap(), OutboxCounts::default());
    assert!(!store.is_unlocked());

    // Numbers of keys are needed before there is a key.
    let number = store.transaction(|tx| tx.issue_number(Purpose::Device)).unwrap();
    assert_eq!(number, 1);

    store.unlock(&[(KeyNumber(1), key())]).unwrap();
    assert_eq!(store.get("policy").unwrap().unwrap(), b"strict");
    store.lock();
    assert_eq!(store.get("policy"), Err(StoreError::Locked));
}

#[test]
fn a_wrong_key_is_noticed_at_once() {
    let disk = Disk::new();
    drop(disk.agent());
    let mut store = AgentStore::open(&disk.profile(), random(9)).unwrap();
    let other = || new_data_key(&mut *random(77));
    for wrong in [
        vec![(KeyNumber(1), other())],
        vec![(KeyNumber(1), Secret::new(vec![0; 31]))],
        vec![(KeyNumber(1), key()), (KeyNumber(2), other())],
    ] {
        assert_eq!(store.unlock(&wrong), Err(StoreError::WrongKey));
    }
    assert_eq!(store.unlock(&[(KeyNumber(2), key())]), Err(StoreError::Locked));
    assert_eq!(store.unlock(&[]), Err(StoreError::Locked));
    assert!(!store.is_unlocked());
}

#[test]
fn another_data_key_leaves_old_values_readable() {
    let disk = Disk::new();
    let second = || new_data_key(&mut *random(5));
    let mut store = disk.agent();
    store.put("old", b"1").unwrap();
    store.transaction(|tx| tx.command_add("jti-1", b"lock")).unwrap();

    // The old keys must be right, or nothing is added.
    let wrong = vec![(KeyNumber(1), second())];
    assert_eq!(store.add_key(wrong, 2, vec![2], second()), Err(StoreError::WrongKey));
    assert_eq!(store.wrapped_keys().unwrap().len(), 1);

    let known = vec![(KeyNumber(1), key())];
    assert_eq!(store.add_key(known, 2, vec![2], second()).unwrap(), KeyNumber(2));
    store.put("new", b"2").unwrap();
    drop(store);

    let mut store = AgentStore::open(&disk.profile(), random(9)).unwrap();
    let keys = store.wrapped_keys().unwrap();
    assert_eq!(keys[1], WrappedKey { number: KeyNumber(2), wrapping: 2, wrapped: vec![2] });
    store.unlock(&[(KeyNumber(1), key()), (KeyNumber(2), second())]).unwrap();
    assert_eq!(store.get("old").unwrap().unwrap(), b"1");
    assert_eq!(store.get("new").unwrap().unwrap(), b"2");
    // Found by a hash of the first key.
    assert!(store.command("jti-1").unwrap().is_some());
}

#[test]
fn what_is_already_so_is_not_written() {
    let disk = Disk::new();
    let mut store = disk.agent();
    store.put("policy", b"strict").unwrap();
    let writes = store.writes();
    store.put("policy", b"strict").unwrap();
    store.transaction(|tx| tx.remove("nothing")).unwrap();
    store.transaction::<_, StoreError>(|_| Ok(())).unwrap();
    assert_eq!(store.writes(), writes);
    store.put("policy", b"lax").unwrap();
    assert_eq!(store.writes(), writes + 1);
}

#[test]
fn opening_and_reading_leave_every_byte_as_it_was() {
    let disk = Disk::new();
    disk.agent().put("policy", b"strict").unwrap();
    let before = disk.content();
    let store = disk.agent();
    assert_eq!(store.get("policy").unwrap().unwrap(), b"strict");
    drop(store);
    assert_eq!(disk.content(), before);
}

#[test]
fn a_transaction_is_all_or_nothing() {
    #[derive(PartialEq, Debug)]
    enum Mine {
        Changed,
        Store(StoreError),
    }
    impl From<StoreError> for Mine {
        fn from(error: StoreError) -> Self {
            Mine::Store(error)
        }
    }
    let disk = Disk::new();
    let mut store = disk.agent();
    let outcome = store.transaction(|tx| {
        tx.put("a", b"1")?;
        assert_eq!(tx.get("a")?.unwrap(), b"1");
        tx.put_json("b", &2)?;
        Err::<(), _>(Mine::Changed)
    });
    assert_eq!(outcome, Err(Mine::Changed));
    assert_eq!(store.get("a").unwrap(), None);
    assert_eq!(
        store.transaction(|tx| Ok::<_, Mine>(tx.command_done("unknown")?)),
        Err(Mine::Store(StoreError::Missing))
    );
}

#[test]
fn json_of_another_form_is_an_error_not_a_panic() {
    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    struct Token {
        value: String,
    }
    let disk = Disk::new();
    let mut store = disk.agent();
    let token = Token { value: "t".into() };
    store.put_json("token", &token).unwrap();
    assert_eq!(store.get_json("token").unwrap(), Some(token));
    assert_eq!(store.get_json::<Vec<u8>>("token"), Err(StoreError::Form));
    assert_eq!(store.get_json::<Token>("none").unwrap(), None);
}

#[test]
fn an_activation_binds_everything_to_its_tenant() {
    let disk = Disk::new();
    let mut store = disk.agent();
    let claims = Claims { class: EventClass::State, jti: "e1".into(), bytes: b"{}".to_vec() };
    let effect =
        StoredEffect { id: "f".into(), kind: "feedback".into(), version: 3, bytes: vec![1] };
    let all = |store: &AgentStore| {
        (
            store.get("v").unwrap(),
            store.outbox().unwrap(),
            store.sent_reports().unwrap(),
            store.command("c1").unwrap(),
            store.command("c2").unwrap(),
            store.effects().unwrap(),
        )
    };
    store
        .transaction(|tx| {
            tx.put("v", b"1")?;
            tx.put("v", b"2")?;
            tx.outbox_push(&Claims { jti: "e0".into(), ..claims.clone() })?;
            tx.outbox_push(&claims)?;
            tx.outbox_mark(OutboxId(1), Disposition::Sent { at: crate::time::WallMs(5) })?;
            tx.command_add("c1", b"lock")?;
            tx.command_add("c2", b"erase")?;
            tx.command_done("c2")?;
            tx.effect_put(&effect)
        })
        .unwrap();
    let before = all(&store);

    // One that fails leaves the old binding.
    let failed = store.transaction(|tx| tx.bind_tenant("acme").and(Err::<(), _>(StoreError::Full)));
    assert_eq!(failed, Err(StoreError::Full));
    assert_eq!(all(&store), before);

    store.transaction(|tx| tx.bind_tenant("acme")).unwrap();
    assert_eq!(store.tenant().unwrap(), "acme");
    assert_eq!(all(&store), before);
    drop(store);
    assert_eq!(all(&disk.agent()), before);

    // A file whose tenant was changed by hand opens nothing.
    let raw = rusqlite::Connection::open(disk.folder().join("agent.db")).unwrap();
    raw.execute("UPDATE meta SET value = 'evil' WHERE name = 'tenant'", []).unwrap();
    drop(raw);
    let moved = StoreError::Sealed(sealed::SealedError::MovedOrDamaged);
    assert_eq!(disk.agent().get("v"), Err(moved));
}

#[test]
fn a_value_that_was_moved_or_put_back_does_not_open() {
    let disk = Disk::new();
    let mut store = disk.agent();
    store.put("a", b"first").unwrap();
    store.put("b", b"other").unwrap();
    drop(store);
    let raw = || rusqlite::Connection::open(disk.folder().join("agent.db")).unwrap();
    let sealed = |name: &str| -> Vec<u8> {
        let sql = "SELECT sealed FROM value WHERE name = ?";
        raw().query_row(sql, [name], |row| row.get(0)).unwrap()
    };
    let (first, other) = (sealed("a"), sealed("b"));
    disk.agent().put("a", b"second").unwrap();
    let moved = || StoreError::Sealed(sealed::SealedError::MovedOrDamaged);
    for wrong in [first, other] {
        raw().execute("UPDATE value SET sealed = ? WHERE name = 'a'", [wrong]).unwrap();
        assert_eq!(disk.agent().get("a"), Err(moved()));
        // It can't be overwritten unseen, only removed on purpose.
        assert_eq!(disk.agent().put("a", b"third"), Err(moved()));
    }
    disk.agent().transaction(|tx| tx.remove("a")).unwrap();
    disk.agent().put("a", b"third").unwrap();
}

#[test]
fn numbers_of_keys_are_never_given_twice() {
    let disk = Disk::new();
    let mut store = disk.agent();
    let issue = |store: &mut AgentStore| store.transaction(|tx| tx.issue_number(Purpose::Contacts));
    assert_eq!(store.in_force(Purpose::Contacts).unwrap(), None);
    assert_eq!(issue(&mut store).unwrap(), 1);
    assert_eq!(issue(&mut store).unwrap(), 2);
    store.transaction(|tx| tx.set_in_force(Purpose::Contacts, Some(2))).unwrap();
    drop(store);
    let mut store = disk.agent();
    assert_eq!(store.in_force(Purpose::Contacts).unwrap(), Some(2));
    assert_eq!(store.last_number(Purpose::Contacts).unwrap(), 2);
    assert_eq!(issue(&mut store).unwrap(), 3);
    assert_eq!(store.transaction(|tx| tx.issue_number(Purpose::Device)).unwrap(), 1);
    store.transaction(|tx| tx.set_in_force(Purpose::Contacts, None)).unwrap();
    assert_eq!(store.in_force(Purpose::Contacts).unwrap(), None);
}

#[test]
fn the_number_of_a_wrapping_key_is_known_with_the_data_key() {
    let disk = Disk::new();
    let mut store = AgentStore::open(&disk.profile(), random(1)).unwrap();
    assert_eq!(store.last_number(Purpose::Service).unwrap(), 0);
    store.add_key(vec![], 3, b"wrapped".to_vec(), key()).unwrap();
    assert_eq!(store.last_number(Purpose::Service).unwrap(), 3);
    // An older number takes nothing back.
    let second = new_data_key(&mut *random(5));
    store.add_key(vec![(KeyNumber(1), key())], 2, b"wrapped".to_vec(), second).unwrap();
    assert_eq!(store.last_number(Purpose::Service).unwrap(), 3);
    assert_eq!(store.transaction(|tx| tx.issue_number(Purpose::Service)).unwrap(), 4);
}

#[test]
fn a_command_is_carried_out_once() {
    let disk = Disk::new();
    let mut store = disk.agent();
    let add = |store: &mut AgentStore, jti: &str| store.transaction(|tx| tx.command_add(jti, b"x"));
    assert!(add(&mut store, "1").unwrap());
    assert!(add(&mut store, "2").unwrap());
    assert!(!add(&mut store, "1").unwrap());
    let jtis = |store: &AgentStore| -> Vec<String> {
        store.open_commands().unwrap().into_iter().map(|command| command.jti).collect()
    };
    assert_eq!(jtis(&store), ["1", "2"]);
    store.transaction(|tx| tx.command_done("1")).unwrap();
    let writes = store.writes();
    store.transaction(|tx| tx.command_done("1")).unwrap();
    assert_eq!(store.writes(), writes);
    drop(store);
    let mut store = disk.agent();
    assert_eq!(jtis(&store), ["2"]);
    assert!(!add(&mut store, "1").unwrap());
    assert!(store.command("1").unwrap().unwrap().done);

    // The finished ones are forgotten in time, open ones never.
    store
        .transaction(|tx| {
            for n in 0..limits::COMMANDS_KEPT {
                let jti = format!("later {n}");
                tx.command_add(&jti, b"x")?;
                tx.command_done(&jti)?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(store.command("1").unwrap(), None);
    assert_eq!(jtis(&store), ["2"]);
}

#[test]
fn an_effect_stays_until_its_own_outcome() {
    let disk = Disk::new();
    let mut store = disk.agent();
    let effect = |id: &str, version| StoredEffect {
        id: id.into(),
        kind: "notify".into(),
        version,
        bytes: format!("{id} {version}").into_bytes(),
    };
    let put = |store: &mut AgentStore, e: &StoredEffect| store.transaction(|tx| tx.effect_put(e));
    put(&mut store, &effect("lock", 1)).unwrap();
    put(&mut store, &effect("note", 1)).unwrap();
    put(&mut store, &effect("lock", 2)).unwrap();
    let writes = store.writes();
    put(&mut store, &effect("lock", 2)).unwrap();
    assert_eq!(store.writes(), writes);
    drop(store);
    let mut store = disk.agent();
    assert_eq!(store.effects().unwrap(), [effect("lock", 2), effect("note", 1)]);
    // The outcome of a version that was replaced meanwhile says nothing about this one.
    store.transaction(|tx| tx.effect_done("lock", 1)).unwrap();
    assert_eq!(store.effects().unwrap().len(), 2);
    store.transaction(|tx| tx.effect_done("lock", 2)).unwrap();
    assert_eq!(store.effects().unwrap(), [effect("note", 1)]);
}

#[test]
fn seals_are_on_record_before_they_happen() {
    let disk = Disk::new();
    let on_record = || -> i64 {
        let raw = rusqlite::Connection::open(disk.folder().join("agent.db")).unwrap();
        raw.query_row("SELECT seals FROM data_key", [], |row| row.get(0)).unwrap()
    };
    drop(disk.agent());
    let first = on_record();
    assert!(first > 0);
    // A process that only reads takes nothing.
    drop(disk.agent());
    assert_eq!(on_record(), first);
    // One that seals takes a step, however often it seals within it.
    let mut store = disk.agent();
    let undone = store.transaction(|tx| tx.put("a", b"0").and(Err::<(), _>(StoreError::Full)));
    assert_eq!((undone, on_record()), (Err(StoreError::Full), first));
    store.put("a", b"1").unwrap();
    let second = on_record();
    assert!(second > first);
    store.put("a", b"2").unwrap();
    assert_eq!(on_record(), second);
}

#[test]
fn a_worn_key_seals_nothing_more_until_another_is_added() {
    let disk = Disk::new();
    disk.agent().put("a", b"1").unwrap();
    let raw = rusqlite::Connection::open(disk.folder().join("agent.db")).unwrap();
    raw.execute("UPDATE data_key SET seals = ?", [limits::SEALS_PER_KEY as i64 - 2]).unwrap();
    drop(raw);
    let mut store = disk.agent();
    store.put("a", b"2").unwrap();
    store.put("a", b"3").unwrap();
    assert!(store.is_key_exhausted());
    assert_eq!(store.put("a", b"4"), Err(StoreError::KeyExhausted));
    assert_eq!(store.get("a").unwrap().unwrap(), b"3");
    let second = new_data_key(&mut *random(5));
    store.add_key(vec![(KeyNumber(1), key())], 1, vec![2], second).unwrap();
    store.put("a", b"4").unwrap();
    assert_eq!(store.get("a").unwrap().unwrap(), b"4");
}

#[test]
fn same_input_and_randomness_give_the_same_file() {
    let run = || {
        let disk = Disk::new();
        let mut store = disk.agent();
        store.put("a", b"1").unwrap();
        store.transaction(|tx| tx.command_add("c", b"x")).unwrap();
        drop(store);
        disk.content()
    };
    assert_eq!(run(), run());
}
