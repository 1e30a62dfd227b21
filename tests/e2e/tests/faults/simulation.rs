//! Key stores that fail at every place, and effects that fail for a while. Weeks without a company
//! and clocks that jump are told in the core (`agent/tests/offline.rs`).
use muster_core::agent::Event;
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::licence::Phase;
use muster_core::time::{HOUR_MS, MINUTE_MS};
use muster_core::vault::VaultFailure;
use muster_e2e::simulated::{Handset, Office, Plan, handset, scratch};
use serde_json::{Value, json};

use crate::ledger::Ledger;

const PEOPLE: usize = 12;
/// More steps than an hour of any of these stories needs.
const MANY: usize = 400;

/// What an MDM hands out that knows the phone's id: so a phone that lost its key replaces its seat.
fn managed(office: &Office) -> Value {
    let mut managed = office.managed();
    managed["device_id"] = json!("udid-4711");
    managed
}

#[track_caller]
fn is_in_order(phone: &mut Handset, office: &Office) {
    assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
    assert_eq!(phone.agent().status().licence.holds, []);
    assert_eq!(phone.addresses(), office.addresses());
}

/// The key store fails at each of its operations in turn, once or from there on for an hour.
fn vault_fails(failure: VaultFailure) {
    for lasting in [false, true] {
        for index in 0.. {
            let (office, folder) = (Office::open(1, PEOPLE), scratch());
            let mut phone = handset(folder.path(), &office, 1);
            phone.plan.vault = Box::new(move |i, _| {
                let fails = i == index || lasting && i > index;
                fails.then_some(failure)
            });
            phone.launch(&managed(&office));
            phone.run(HOUR_MS);
            let case = format!("{failure:?} at key operation {index}, lasting: {lasting}");
            assert!(phone.counts.steps < MANY, "{case}: {:?} {:?}", phone.counts, phone.asked);
            let reached = phone.counts.vault > index;
            let well = phone.phase() == Phase::Active && phone.contacts() == PEOPLE as i64;
            let said = !phone.problems().is_empty() || !phone.agent().findings().is_empty();
            assert!(well || said, "{case}: nobody is told why");
            phone.plan = Plan::default();
            phone.counts = Default::default();
            phone.handle(Event::Unlocked);
            phone.handle(Event::CheckNow);
            phone.run(HOUR_MS);
            phone.launch(&managed(&office));
            phone.handle(Event::CheckNow);
            phone.run(HOUR_MS);
            assert!(phone.counts.steps < MANY, "{case}: {:?} {:?}", phone.counts, phone.asked);
            assert_eq!(phone.phase(), Phase::Active, "{case}: {:?}", phone.problems());
            assert_eq!(phone.addresses(), office.addresses(), "{case}: {:?}", phone.problems());
            let active = office.devices().iter().filter(|d| d["state"] == "active").count();
            assert_eq!((active, office.seats_taken()), (1, 1), "{case}");
            if failure != VaultFailure::Lost && failure != VaultFailure::Denied {
                let mistakes = Ledger::of(&office, &mut phone).mistakes();
                assert!(mistakes.is_empty(), "{case}: {mistakes:#?}\n{:#?}", phone.asked);
            }
            if !reached {
                assert!(index > 15, "a first run needs more key operations than {index}");
                break;
            }
        }
    }
}

#[test]
fn a_key_store_that_is_locked() {
    vault_fails(VaultFailure::Locked);
}

#[test]
fn a_key_store_that_is_busy() {
    vault_fails(VaultFailure::Busy);
}

#[test]
fn a_key_store_that_loses_keys() {
    vault_fails(VaultFailure::Lost);
}

#[test]
fn a_key_store_that_refuses() {
    vault_fails(VaultFailure::Denied);
}

#[test]
fn an_effect_that_fails_is_handed_out_again_and_again_until_it_is_done() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    let published = |phone: &mut Handset, outcome: EffectOutcome, ms: i64| {
        let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let noted = seen.clone();
        phone.plan.effect = Box::new(move |_, effect| {
            if let Effect::PublishFeedback { version, .. } = effect {
                noted.lock().unwrap().push(*version);
            }
            outcome
        });
        phone.run(ms);
        std::mem::take(&mut *seen.lock().unwrap())
    };
    phone.launch(&office.managed());
    let failed = published(&mut phone, EffectOutcome::Failed, 10 * MINUTE_MS);
    assert!((8..=12).contains(&failed.len()), "once a minute: {failed:?}");
    let newest = *failed.last().unwrap();
    phone.launch(&office.managed());
    let failed = published(&mut phone, EffectOutcome::Failed, 5 * MINUTE_MS);
    assert_eq!(failed.first(), Some(&newest), "over a restart too");
    let done = published(&mut phone, EffectOutcome::Done, 10 * MINUTE_MS);
    assert_eq!(done, [newest]);
    phone.launch(&office.managed());
    assert_eq!(published(&mut phone, EffectOutcome::Done, HOUR_MS), [0; 0]);
    is_in_order(&mut phone, &office);
}
