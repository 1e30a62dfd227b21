use proptest::prelude::*;

use super::*;
use crate::limits;
use crate::time::WallMs;

fn event(class: EventClass, jti: &str) -> Claims {
    Claims { class, jti: jti.into(), bytes: format!("claims of {jti}").into_bytes() }
}

fn push(store: &mut AgentStore, claims: &Claims) {
    store.transaction(|tx| tx.outbox_push(claims)).unwrap();
}

fn mark(store: &mut AgentStore, id: OutboxId, disposition: Disposition) {
    store.transaction(|tx| tx.outbox_mark(id, disposition)).unwrap();
}

fn jtis(store: &AgentStore) -> Vec<String> {
    store.outbox().unwrap().into_iter().map(|item| item.jti).collect()
}

fn next(store: &AgentStore) -> Option<String> {
    store.outbox_next().unwrap().map(|item| item.jti)
}

const SENT: Disposition = Disposition::Sent { at: WallMs(1_000) };

/// Fills the box but for `room` events, with events of `class`.
fn fill(store: &mut AgentStore, class: EventClass, count: usize) {
    let all = (0..count).map(|n| event(class, &format!("{class:?} {n}")));
    store.transaction(|tx| all.into_iter().try_for_each(|claims| tx.outbox_push(&claims))).unwrap();
}

#[test]
fn events_leave_in_the_order_they_came() {
    let disk = Disk::new();
    let mut store = disk.agent();
    for jti in ["1", "2", "3"] {
        push(&mut store, &event(EventClass::State, jti));
    }
    drop(store);
    let mut store = disk.agent();
    let first = store.outbox_next().unwrap().unwrap();
    assert_eq!(first.body, EventBody::Claims(b"claims of 1".to_vec()));
    mark(&mut store, first.id, SENT);
    assert_eq!(next(&store).as_deref(), Some("2"));

    // Refused for good: the next one is not kept waiting.
    let second = store.outbox_next().unwrap().unwrap().id;
    mark(&mut store, second, Disposition::Quarantined);
    assert_eq!(next(&store).as_deref(), Some("3"));

    // The phone is not accepted: everything waits.
    let third = store.outbox_next().unwrap().unwrap().id;
    mark(&mut store, third, Disposition::Held);
    push(&mut store, &event(EventClass::State, "4"));
    assert_eq!(next(&store), None);
    let expected = OutboxCounts { pending: 1, held: 1, quarantined: 1, dropped: 0 };
    assert_eq!(store.outbox_counts().unwrap(), expected);
    store.transaction(|tx| tx.outbox_release()).unwrap();
    assert_eq!(next(&store).as_deref(), Some("3"));
}

#[test]
fn the_same_event_is_stored_once_and_another_of_its_name_is_refused() {
    let disk = Disk::new();
    let mut store = disk.agent();
    push(&mut store, &event(EventClass::State, "1"));
    let writes = store.writes();
    push(&mut store, &event(EventClass::State, "1"));
    assert_eq!(store.writes(), writes);
    let other = Claims { bytes: b"else".to_vec(), ..event(EventClass::State, "1") };
    assert_eq!(store.transaction(|tx| tx.outbox_push(&other)), Err(StoreError::Conflict));
    assert_eq!(jtis(&store), ["1"]);
    let unknown = store.transaction(|tx| tx.outbox_mark(OutboxId(99), SENT));
    assert_eq!(unknown, Err(StoreError::Missing));
}

#[test]
fn sent_reports_can_be_read_word_for_word_and_the_oldest_go() {
    let disk = Disk::new();
    let mut store = disk.agent();
    for n in 0..limits::SENT_HISTORY + 3 {
        push(&mut store, &event(EventClass::Routine, &n.to_string()));
        let id = store.outbox_next().unwrap().unwrap().id;
        mark(&mut store, id, Disposition::Sent { at: WallMs(n as i64) });
    }
    let reports = store.sent_reports().unwrap();
    assert_eq!(reports.len(), limits::SENT_HISTORY);
    let expected = SentReport {
        class: EventClass::Routine,
        jti: "3".into(),
        at: WallMs(3),
        claims: b"claims of 3".to_vec(),
    };
    assert_eq!(reports[0], expected);
}

#[test]
fn a_full_box_drops_the_oldest_unimportant_and_says_how_many() {
    let disk = Disk::new();
    let mut store = disk.agent();
    push(&mut store, &event(EventClass::Receipt, "receipt"));
    push(&mut store, &event(EventClass::State, "state"));
    push(&mut store, &event(EventClass::Routine, "refused"));
    mark(&mut store, OutboxId(3), Disposition::Quarantined);
    push(&mut store, &event(EventClass::Routine, "old"));
    fill(&mut store, EventClass::Routine, limits::OUTBOX_EVENTS - 5);
    assert_eq!(store.outbox_counts().unwrap().dropped, 0);

    push(&mut store, &event(EventClass::State, "new 1"));
    assert!(!jtis(&store).contains(&"refused".to_owned()));
    assert_eq!(store.outbox_counts().unwrap().dropped, 1);

    // The event that counts takes a place of its own, so one more goes each time.
    push(&mut store, &event(EventClass::State, "new 2"));
    let kept = jtis(&store);
    assert!(kept.len() <= limits::OUTBOX_EVENTS);
    assert!(!kept.contains(&"old".to_owned()));
    for jti in ["receipt", "state", "new 1", "new 2"] {
        assert!(kept.contains(&jti.to_owned()), "{jti}");
    }
    let total = store.outbox_counts().unwrap().dropped;
    let told: Vec<_> = store
        .outbox()
        .unwrap()
        .into_iter()
        .filter(|item| item.class == EventClass::Dropped)
        .map(|item| item.body)
        .collect();
    assert_eq!(told, [EventBody::Dropped(total)]);
}

#[test]
fn the_count_of_dropped_events_is_fixed_before_it_is_sent() {
    let disk = Disk::new();
    let mut store = disk.agent();
    fill(&mut store, EventClass::Routine, limits::OUTBOX_EVENTS);
    let find = |store: &AgentStore| -> Vec<OutboxItem> {
        let all = store.outbox().unwrap();
        all.into_iter().filter(|item| item.class == EventClass::Dropped).collect()
    };
    let counting = find(&store).remove(0);
    let sent_too_early = store.transaction(|tx| tx.outbox_mark(counting.id, SENT));
    assert_eq!(sent_too_early, Err(StoreError::Form));

    let fix = |store: &mut AgentStore, claims: &'static [u8]| {
        store.transaction(|tx| tx.outbox_fix(counting.id, claims))
    };
    fix(&mut store, b"{n}").unwrap();
    fix(&mut store, b"{n}").unwrap();
    assert_eq!(fix(&mut store, b"{m}"), Err(StoreError::Conflict));
    let fixed = OutboxItem { body: EventBody::Claims(b"{n}".to_vec()), ..counting.clone() };
    assert_eq!(find(&store), [fixed]);

    // What is dropped from now on is counted by another event with another jti.
    push(&mut store, &event(EventClass::Routine, "one more"));
    let both = find(&store);
    assert_eq!(both.len(), 2);
    assert_ne!(both[0].jti, both[1].jti);
    mark(&mut store, counting.id, SENT);
    assert_eq!(store.sent_reports().unwrap()[0].claims, b"{n}");
}

#[test]
fn receipts_are_kept_even_beyond_the_bound() {
    let disk = Disk::new();
    let mut store = disk.agent();
    fill(&mut store, EventClass::Receipt, limits::OUTBOX_EVENTS + 5);
    push(&mut store, &event(EventClass::State, "no room"));
    let kept = store.outbox().unwrap();
    let receipts = kept.iter().filter(|item| item.class == EventClass::Receipt).count();
    assert_eq!(receipts, limits::OUTBOX_EVENTS + 5);
    assert!(kept.iter().all(|item| item.jti != "no room"));
    assert_eq!(store.outbox_counts().unwrap().dropped, 1);
}

#[test]
fn bytes_are_bounded_too() {
    let disk = Disk::new();
    let mut store = disk.agent();
    let big = |jti: &str| Claims {
        class: EventClass::State,
        jti: jti.into(),
        bytes: vec![b'x'; limits::OUTBOX_BYTES / 2 - 100],
    };
    for jti in ["1", "2", "3"] {
        push(&mut store, &big(jti));
    }
    assert_eq!(store.outbox_counts().unwrap().dropped, 1);
    assert!(!jtis(&store).contains(&"1".to_owned()));
    let too_big = Claims { bytes: vec![0; limits::OUTBOX_BYTES + 1], ..big("4") };
    let refused = store.transaction(|tx| tx.outbox_push(&too_big));
    assert_eq!(refused, Err(StoreError::TooMany { limit: "OUTBOX_BYTES" }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever comes and goes: nothing is lost that is not counted, and the order is kept.
    #[test]
    fn every_event_is_waiting_sent_or_counted(steps in prop::collection::vec(0..8u8, 1..60)) {
        let disk = Disk::new();
        let mut store = disk.agent();
        fill(&mut store, EventClass::Routine, limits::OUTBOX_EVENTS - 20);
        let mut pushed = limits::OUTBOX_EVENTS as u64 - 20;
        let mut sent = 0;
        for (n, step) in steps.iter().enumerate() {
            let class = match step {
                0..=2 => EventClass::Routine,
                3 | 4 => EventClass::State,
                5 => EventClass::Receipt,
                _ => {
                    let Some(item) = store.outbox_next().unwrap() else { continue };
                    if matches!(item.body, EventBody::Dropped(_)) {
                        store.transaction(|tx| tx.outbox_fix(item.id, b"n")).unwrap();
                    }
                    let disposition = if *step == 6 { SENT } else { Disposition::Quarantined };
                    mark(&mut store, item.id, disposition);
                    sent += u64::from(*step == 6);
                    continue;
                }
            };
            push(&mut store, &event(class, &format!("event {n}")));
            pushed += 1;
        }
        let waiting = store.outbox().unwrap();
        prop_assert!(waiting.is_sorted_by_key(|item| item.id));
        prop_assert!(waiting.len() <= limits::OUTBOX_EVENTS);
        let counting = waiting.iter().filter(|item| item.class == EventClass::Dropped).count();
        let dropped = store.outbox_counts().unwrap().dropped;
        prop_assert_eq!(waiting.len() as u64 - counting as u64 + sent + dropped, pushed);
    }
}
