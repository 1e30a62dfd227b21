//! A phone over weeks: when it asks, what it believes the time to be, how long it goes on without
//! its company; and key stores and effects that fail at every place.
use std::fs;

use muster_core::agent::Event;
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::http::Failure;
use muster_core::licence::{Hold, Phase};
use muster_core::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use muster_core::vault::{Purpose, VaultFailure};
use muster_e2e::simulated::{Handset, Office, Plan, Wire, handset, scratch};
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

fn no_network() -> Plan<'static> {
    Plan { request: Box::new(|_, _| Wire::RequestLost(Failure::NameNotFound)), ..Plan::default() }
}

/// When `phone` looked at the server.
fn looks(phone: &Handset) -> Vec<i64> {
    let looks = phone.asked.iter().filter(|(_, what)| what == "GET /policy");
    let mut looks: Vec<i64> = looks.map(|(at, _)| *at).collect();
    // A request that is repeated with the server's nonce is one look.
    looks.dedup();
    looks
}

#[track_caller]
fn is_in_order(phone: &mut Handset, office: &Office) {
    assert_eq!(phone.phase(), Phase::Active, "{:?}", phone.problems());
    assert_eq!(phone.agent().status().licence.holds, []);
    assert_eq!(phone.addresses(), office.addresses());
}

#[test]
fn the_server_is_asked_at_its_interval_with_some_jitter_and_never_too_often() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    let gaps_after = |phone: &mut Handset, interval_s: i64, lasting_ms: i64| {
        office.acme("PATCH", &[], json!({ "next_check_s": interval_s }));
        phone.launch(&office.managed());
        phone.handle(Event::CheckNow);
        phone.asked.clear();
        phone.run(lasting_ms);
        let looks = looks(phone);
        looks.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<_>>()
    };
    for (interval_s, lasting_ms) in
        [(86_400, 21 * DAY_MS), (3_600, 2 * DAY_MS), (604_800, 70 * DAY_MS)]
    {
        let gaps = gaps_after(&mut phone, interval_s, lasting_ms);
        let interval = interval_s * 1_000;
        assert!(gaps.len() as i64 >= lasting_ms / interval - 1, "{interval_s}: {gaps:?}");
        assert!(
            gaps.iter().all(|gap| (interval * 9 / 10..=interval).contains(gap)),
            "{interval_s}: {gaps:?}"
        );
        let first = gaps[0];
        assert!(gaps.iter().any(|gap| *gap != first), "a fleet would come at once: {gaps:?}");
    }
    let gaps = gaps_after(&mut phone, 900, DAY_MS);
    assert!(gaps.len() > 90 && gaps.iter().all(|gap| *gap >= 15 * MINUTE_MS), "{gaps:?}");
    is_in_order(&mut phone, &office);
    assert_eq!((office.devices().len(), office.seats_taken()), (1, 1));
}

#[test]
fn a_clock_that_jumps_never_erases_anything() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    is_in_order(&mut phone, &office);
    for years in [-30, 0, 10, -1, 40, 0] {
        phone.reboot();
        phone.skew_ms = years * 365 * DAY_MS;
        phone.plan = no_network();
        phone.launch(&office.managed());
        phone.run(DAY_MS);
        assert_eq!(phone.phase(), Phase::Active, "{years} years off, without a network");
        assert_eq!(phone.contacts(), PEOPLE as i64, "{years} years off, without a network");
        phone.plan = Plan::default();
        phone.handle(Event::NetworkUp);
        phone.run(DAY_MS);
        is_in_order(&mut phone, &office);
    }
    assert_eq!((office.devices().len(), office.seats_taken()), (1, 1));
}

#[test]
fn a_clock_that_is_turned_back_wins_no_time() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    phone.plan = no_network();
    // Each evening the clock goes back to the morning, while the phone stays on.
    let mut days = 0;
    while phone.agent().status().licence.holds.is_empty() {
        phone.run(DAY_MS);
        phone.skew_ms -= DAY_MS;
        days += 1;
        assert!(days < 20, "the grace never ends");
    }
    assert_eq!((phone.agent().status().licence.holds, days), (vec![Hold::Offline], 14));
}

#[test]
fn without_the_company_everything_goes_on_for_two_weeks_and_comes_back() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&office.managed());
    phone.run(HOUR_MS);
    phone.plan = no_network();
    phone.run(13 * DAY_MS + 12 * HOUR_MS);
    is_in_order(&mut phone, &office);
    phone.run(DAY_MS);
    assert_eq!(phone.agent().status().licence.holds, [Hold::Offline]);
    assert_eq!((phone.addresses().len(), phone.contacts()), (0, PEOPLE as i64));
    // Nobody is locked in: it stays so over a restart, for as long as it takes.
    phone.launch(&office.managed());
    phone.run(200 * DAY_MS);
    assert_eq!(phone.agent().status().licence.holds, [Hold::Offline]);
    assert_eq!(phone.contacts(), PEOPLE as i64);
    phone.plan = Plan::default();
    phone.handle(Event::NetworkUp);
    phone.run(HOUR_MS);
    is_in_order(&mut phone, &office);

    // Back from three weeks off: nothing is hidden before the server was asked.
    phone.kill();
    phone.pass(21 * DAY_MS);
    phone.launch(&office.managed());
    let mut hidden = false;
    for _ in 0..60 {
        phone.run(1_000);
        hidden |= !phone.agent().status().licence.holds.is_empty();
    }
    assert!(!hidden);
    is_in_order(&mut phone, &office);
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

/// A later start: a key that can't be used now is not a key that is gone, so nothing is lost.
#[test]
fn a_key_store_that_gives_nothing_for_a_while_costs_nothing() {
    for failure in [VaultFailure::Locked, VaultFailure::Busy, VaultFailure::Denied] {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed(&office));
        phone.run(HOUR_MS);
        for index in 0.. {
            let case = format!("{failure:?} at key operation {index}");
            phone.counts = Default::default();
            phone.plan.vault = Box::new(move |i, _| (i == index).then_some(failure));
            phone.launch(&managed(&office));
            phone.handle(Event::CheckNow);
            phone.run(MINUTE_MS);
            let reached = phone.counts.vault > index;
            phone.plan = Plan::default();
            phone.handle(Event::Unlocked);
            phone.handle(Event::CheckNow);
            phone.run(HOUR_MS);
            assert!(phone.counts.steps < MANY, "{case}: {:?}", phone.asked);
            let mistakes = Ledger::of(&office, &mut phone).mistakes();
            assert!(mistakes.is_empty(), "{case}: {mistakes:#?}\n{:#?}", phone.asked);
            is_in_order(&mut phone, &office);
            if !reached {
                assert!(index > 4, "a later run needs more key operations than {index}");
                break;
            }
        }
    }
}

#[test]
fn a_key_that_is_gone_for_good_is_replaced() {
    for purpose in [Purpose::Contacts, Purpose::Device, Purpose::Service] {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed(&office));
        phone.run(HOUR_MS);
        is_in_order(&mut phone, &office);
        phone.kill();
        for key in fs::read_dir(folder.path().join("vault")).unwrap() {
            let key = key.unwrap().path();
            if key.to_string_lossy().contains(purpose.as_str()) {
                fs::remove_file(key).unwrap();
            }
        }
        phone.counts = Default::default();
        phone.launch(&managed(&office));
        phone.handle(Event::CheckNow);
        phone.run(DAY_MS);
        assert!(phone.counts.steps < MANY, "{purpose:?}: {:?}", phone.asked);
        is_in_order(&mut phone, &office);
        let active = office.devices().iter().filter(|d| d["state"] == "active").count();
        assert_eq!((active, office.seats_taken()), (1, 1), "{purpose:?}");
    }
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
