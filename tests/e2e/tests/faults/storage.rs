//! An agent file that can't be written or read for a while, at every place: nothing spins, nothing is
//! half applied, and once there is room again nothing was lost and nothing is told twice.
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use muster_core::agent::Event;
use muster_core::licence::{Hold, Phase};
use muster_core::step::Step;
use muster_core::time::{HOUR_MS, MINUTE_MS};
use muster_e2e::simulated::{Office, Plan, handset, scratch};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::ledger::Ledger;

const PEOPLE: usize = 12;
/// More steps than ten minutes of these stories need, with an attempt each minute.
const MANY: usize = 150;

/// Somebody else holds the agent file: every write of the agent is refused, as on a full disk.
#[derive(Clone, Default)]
struct Disk {
    holder: Rc<RefCell<Option<Connection>>>,
}

impl Disk {
    fn refuse(&self, folder: &Path) {
        let file = folder.join("data/default/agent.db");
        if self.holder.borrow().is_some() || !file.exists() {
            return;
        }
        let connection = Connection::open(file).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        *self.holder.borrow_mut() = Some(connection);
    }

    fn refuses(&self) -> bool {
        self.holder.borrow().is_some()
    }

    fn recover(&self) {
        *self.holder.borrow_mut() = None;
    }

    /// Refuses from the step `index` on.
    fn full_from(&self, folder: &Path, index: usize) -> Plan<'static> {
        let (disk, folder) = (self.clone(), folder.to_owned());
        let step = move |i: usize, _: &Step| {
            if i >= index {
                disk.refuse(&folder);
            }
        };
        Plan { step: Box::new(step), ..Plan::default() }
    }
}

fn managed(office: &Office) -> Value {
    let mut managed = office.managed();
    managed["device_id"] = json!("udid-4711");
    managed
}

#[test]
fn a_first_run_on_a_disk_that_fills_up() {
    let mut reached = 0;
    for index in 0.. {
        let (office, folder, disk) = (Office::open(1, PEOPLE), scratch(), Disk::default());
        let mut phone = handset(folder.path(), &office, 1);
        phone.plan = disk.full_from(folder.path(), index);
        phone.launch(&managed(&office));
        phone.run(10 * MINUTE_MS);
        if !disk.refuses() {
            break;
        }
        reached = index;
        let case = format!("from step {index} on");
        assert!(phone.counts.steps < MANY, "{case}: {:?} {:?}", phone.counts, phone.asked);
        assert!(!phone.problems().is_empty(), "{case}: nobody is told");
        phone.plan = Plan::default();
        disk.recover();
        phone.run(2 * HOUR_MS);
        let mistakes = Ledger::of(&office, &mut phone).mistakes();
        assert!(mistakes.is_empty(), "{case}: {mistakes:#?}\n{:#?}", phone.asked);
        assert_eq!(phone.problems(), [""; 0], "{case}");
    }
    assert!(reached > 30, "a first run has more steps than {reached}");
}

/// A lock, a sync and a setting arrive while nothing can be written; some time later the process
/// ends, with or without room on the disk before that.
#[test]
fn orders_that_arrive_on_a_full_disk_are_carried_out_once() {
    for (index, restart) in (0..24).flat_map(|index| [(index, false), (index, true)]) {
        let (office, folder, disk) = (Office::open(1, PEOPLE), scratch(), Disk::default());
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed(&office));
        phone.run(HOUR_MS);
        let device = phone.agent().reports()[0]["claims"]["sub_id"]["device"]["id"].clone();
        office.acme("POST", &["devices", "sync"], json!({ "devices": [device] }));
        office.acme("POST", &["devices", "lock"], json!({ "devices": [device] }));
        office.acme("PUT", &["settings", "block_copy"], json!({ "value": true }));
        phone.counts = Default::default();
        phone.plan = disk.full_from(folder.path(), index);
        phone.handle(Event::CheckNow);
        phone.run(10 * MINUTE_MS);
        let case = format!("from step {index} on, restart: {restart}");
        assert!(phone.counts.steps < MANY, "{case}: {:?} {:?}", phone.counts, phone.asked);
        phone.plan = Plan::default();
        if restart {
            // The killed process leaves no connection behind that could hold the file.
            disk.recover();
            phone.launch(&managed(&office));
            phone.handle(Event::CheckNow);
        }
        disk.recover();
        phone.run(2 * HOUR_MS);
        assert_eq!(phone.agent().status().licence.holds, [Hold::Lost], "{case}");
        let done = |kind: &str| {
            let all = office.events();
            all.iter().filter(|event| event["types"].to_string().contains(kind)).count()
        };
        assert_eq!(done("command-acknowledged"), 2, "{case}: {:#?}", phone.asked);
        let open: Vec<Value> = office.devices();
        assert_eq!(open[0]["state"], "active", "{case}");
        office.acme("POST", &["devices", "unlock"], json!({ "devices": [device] }));
        phone.handle(Event::CheckNow);
        phone.run(HOUR_MS);
        assert_eq!(phone.agent().status().licence.holds, [], "{case}");
        let mistakes = Ledger::of(&office, &mut phone).mistakes();
        assert!(mistakes.is_empty(), "{case}: {mistakes:#?}");
    }
}

/// A start that finds the file unreadable for a while forgets nothing and writes nothing over it.
#[test]
fn a_file_that_can_not_be_read_at_a_start_is_not_taken_for_an_empty_one() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&managed(&office));
    phone.run(HOUR_MS);
    phone.kill();
    let connection =
        || Connection::open(folder.path().join("data/default/agent.db")).expect("the agent file");
    // Every table that is read at a start, away for a while, as by a disk that answers errors.
    for table in ["value", "data_key", "meta"] {
        let rename = |from: &str, to: &str| {
            connection().execute_batch(&format!("ALTER TABLE \"{from}\" RENAME TO \"{to}\""))
        };
        let aside = format!("{table}_aside");
        rename(table, &aside).unwrap();
        phone.counts = Default::default();
        phone.launch(&managed(&office));
        phone.run(10 * MINUTE_MS);
        assert!(phone.counts.steps < MANY, "{table}: {:?}", phone.counts);
        assert!(!phone.problems().is_empty(), "{table}: nobody is told");
        assert_ne!(phone.phase(), Phase::Active, "{table}");
        rename(&aside, table).unwrap();
        phone.run(HOUR_MS);
        assert_eq!(phone.phase(), Phase::Active, "{table}: {:?}", phone.problems());
        assert_eq!(phone.addresses(), office.addresses(), "{table}");
        phone.kill();
    }
    phone.launch(&managed(&office));
    phone.handle(Event::CheckNow);
    phone.run(HOUR_MS);
    let mistakes = Ledger::of(&office, &mut phone).mistakes();
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

/// One value that rotted costs that value and nothing else.
#[test]
fn a_damaged_value_costs_no_other() {
    let names = {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed(&office));
        phone.run(HOUR_MS);
        phone.kill();
        let file = Connection::open(folder.path().join("data/default/agent.db")).unwrap();
        let mut names = file.prepare("SELECT name FROM value ORDER BY name").unwrap();
        let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
        names.map(Result::unwrap).collect::<Vec<_>>()
    };
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        let (office, folder) = (Office::open(1, PEOPLE), scratch());
        let mut phone = handset(folder.path(), &office, 1);
        phone.launch(&managed(&office));
        phone.run(HOUR_MS);
        phone.kill();
        let file = Connection::open(folder.path().join("data/default/agent.db")).unwrap();
        file.execute("UPDATE value SET sealed = zeroblob(40) WHERE name = ?", [&name]).unwrap();
        drop(file);
        phone.counts = Default::default();
        phone.launch(&managed(&office));
        phone.handle(Event::CheckNow);
        phone.run(2 * HOUR_MS);
        assert!(phone.counts.steps < MANY, "{name}: {:?} {:?}", phone.counts, phone.asked);
        assert_eq!(phone.phase(), Phase::Active, "{name}: {:?}", phone.problems());
        assert_eq!(phone.addresses(), office.addresses(), "{name}: {:?}", phone.problems());
        let active = office.devices().iter().filter(|d| d["state"] == "active").count();
        assert_eq!((active, office.seats_taken()), (1, 1), "{name}");
    }
}

/// The harness can find what it looks for: on a disk that stays as it is, something is missing.
#[test]
fn a_disk_that_stays_full_is_seen_to_lose_something() {
    let (office, folder, disk) = (Office::open(1, PEOPLE), scratch(), Disk::default());
    let mut phone = handset(folder.path(), &office, 1);
    phone.plan = disk.full_from(folder.path(), 20);
    phone.launch(&managed(&office));
    phone.run(2 * HOUR_MS);
    assert!(disk.refuses());
    assert!(!Ledger::of(&office, &mut phone).mistakes().is_empty());
}

/// The id of the command is remembered over a kill, though its tombstone could not be written and
/// other things could: the receipt names what ordered the erase, and not only why.
#[test]
fn the_receipt_of_an_erase_names_its_command_after_a_failed_tombstone_and_a_kill() {
    let (office, folder) = (Office::open(1, PEOPLE), scratch());
    let mut phone = handset(folder.path(), &office, 1);
    phone.launch(&managed(&office));
    phone.run(HOUR_MS);
    let device = phone.agent().reports()[0]["claims"]["sub_id"]["device"]["id"].clone();
    let order = json!({ "devices": [device], "cause": "lost" });
    let ordered = office.acme("POST", &["devices", "erase"], order);
    let command = ordered["commands"][0].as_str().expect("a command");
    let obstacle = folder.path().join("data/default/tombstone.tmp");
    std::fs::create_dir(&obstacle).unwrap();
    phone.handle(Event::CheckNow);
    phone.run(10 * MINUTE_MS);
    assert_eq!(phone.phase(), Phase::Erasing);
    phone.kill();
    std::fs::remove_dir(&obstacle).unwrap();
    phone.launch(&managed(&office));
    phone.run(10 * MINUTE_MS);
    assert_eq!((phone.phase(), phone.contacts()), (Phase::Erased, 0));
    let events = office.events();
    let is_receipt = |event: &&Value| event["types"].to_string().contains("command-acknowledged");
    let receipts: Vec<&Value> = events.iter().filter(is_receipt).collect();
    assert_eq!(receipts.len(), 1, "{receipts:#?}");
    assert!(receipts[0].to_string().contains(command), "{command}: {receipts:#?}");
    assert_eq!(office.devices()[0]["state"], "erased");
}
