//! Search and caller ID over 100,000 made-up contacts: time to build, size, time of a query, and
//! what it takes from a sealed file to the first answer.
//!
//! `cargo run --release --example search_bench [CONTACTS [file]]`
#![allow(clippy::disallowed_methods, reason = "a benchmark reads a clock")]
use std::hint::black_box;
use std::time::Instant;

use muster_core::contacts::caller;
use muster_core::contacts::phone::caller_keys;
use muster_core::contacts::record::{ContactRecord, Email, PersonName, Phone};
use muster_core::contacts::search::{Change, Index, IndexBuilder};
use muster_core::ids::ProfileId;
use muster_core::secret::Secret;
use muster_core::store::{ContactId, ContactsStore, NewContact, ProfileDir};

const SYLLABLES: [&str; 40] = [
    "an", "ber", "chris", "da", "el", "fre", "ger", "hei", "in", "jo", "kar", "lind", "mül", "nor",
    "öst", "pe", "quist", "ro", "sö", "ste", "tho", "ul", "vik", "wal", "xa", "yl", "zie", "mann",
    "sson", "ler", "berg", "ström", "hof", "stein", "meier", "gren", "na", "ka", "ri", "tor",
];
const TITLES: [&str; 8] = [
    "Sales Manager",
    "Engineer",
    "Head of Finance",
    "Krankenpfleger",
    "Utvecklare",
    "Projektleiterin",
    "Controller",
    "Field Technician",
];

/// xorshift64*: the same people in every run.
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % sides
    }

    /// A name with few common and many rare ones, as real ones are.
    fn name(&mut self, parts: usize) -> String {
        let mut name = String::new();
        for _ in 0..parts {
            let common = self.roll(40).min(self.roll(40));
            name.push_str(SYLLABLES[common]);
        }
        let mut chars = name.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        first + chars.as_str()
    }
}

fn person(dice: &mut Dice) -> ContactRecord {
    let (given, family) = (dice.name(2), dice.name(3));
    let number = format!("+49 {} {}", 30 + dice.roll(900), 1_000_000 + dice.roll(8_999_999));
    let mobile = format!("+49 15{} {}", dice.roll(9), 10_000_000 + dice.roll(89_999_999));
    let phone =
        |number: String| Phone { e164: Some(number.replace(' ', "")), number, ..Phone::default() };
    let plain = |name: &str| name.to_lowercase().replace('ü', "ue").replace('ö', "oe");
    ContactRecord {
        uid: format!("{:016x}", dice.0),
        name: PersonName {
            display: format!("{given} {family}"),
            given: Some(given.clone()),
            family: Some(family.clone()),
            ..PersonName::default()
        },
        organization: Some(format!("Firma {} GmbH", dice.roll(300))),
        department: Some(format!("Abteilung {}", dice.roll(60))),
        title: Some(TITLES[dice.roll(8)].to_owned()),
        phones: vec![phone(number), phone(mobile)],
        emails: vec![Email {
            address: format!("{}.{}@example{}.com", plain(&given), plain(&family), dice.roll(5)),
            ..Email::default()
        }],
        ..ContactRecord::default()
    }
}

/// A sealed contacts file with `people`, and what it takes to read it.
fn measure_file(people: &[ContactRecord]) {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let profile = ProfileDir::lock(folder.path(), &ProfileId::default()).expect("a profile");
    let mut dice = Dice(7);
    let random = move |out: &mut [u8]| out.fill_with(|| dice.roll(256) as u8);
    let key = || Secret::new(vec![7; 32]);
    let create = ContactsStore::create(&profile, 1, "", vec![1], key(), Box::new(random.clone()));
    let mut store = create.expect("a file");
    let mut batch = store.begin().expect("a batch");
    let book = batch.ensure_book("book").expect("a book");
    batch.commit().expect("a commit");
    for people in people.chunks(500) {
        let mut batch = store.begin().expect("a batch");
        for person in people {
            let mut keys: Vec<String> =
                person.phones.iter().flat_map(|p| caller_keys(&p.number)).collect();
            keys.sort();
            let contact = NewContact {
                book,
                href: &person.uid,
                etag: "1",
                record: &person.encode(),
                photo: None,
                caller_keys: &keys,
            };
            batch.put(&contact).expect("a row");
        }
        batch.commit().expect("a commit");
    }
    store.tidy().expect("a checkpoint");
    drop(store);

    let open = || {
        let random = Box::new(random.clone());
        let mut store = ContactsStore::open(&profile, 1, random).expect("the file");
        store.unlock("", key()).expect("the key");
        store.reader().expect("a reader")
    };
    let caller = |reader: &muster_core::store::ContactsReader, number: &str| {
        let record = |id| {
            let bytes = reader.record(id)?;
            Ok(bytes.and_then(|bytes| ContactRecord::decode(&bytes).ok()))
        };
        let ids = |key: &str, limit| reader.ids_by_caller_key(key, limit);
        let found = caller::look_up::<muster_core::store::StoreError>(number, ids, record);
        assert!(!found.expect("an answer").1.is_empty());
    };
    let number = |at: usize| people[at % people.len()].phones[1].e164.clone().unwrap_or_default();

    let start = Instant::now();
    let reader = open();
    caller(&reader, &number(77));
    println!("cold open to a caller: {:.2} ms (goal 15)", start.elapsed().as_secs_f64() * 1e3);
    let mut times = Vec::new();
    for at in 0..2000 {
        let number = number(at * 7);
        let start = Instant::now();
        caller(&reader, &number);
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    let (half, most) = (percentile(&times, 0.5), percentile(&times, 0.99));
    println!("warm caller: p50 {half:.1} µs, p99 {most:.1} µs (goal 5)");
    drop(reader);

    let start = Instant::now();
    let reader = open();
    let mut bytes = 0;
    reader.for_each_record(|_, record| bytes += record.len()).expect("all records");
    println!("open and unseal all: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    drop(reader);

    let start = Instant::now();
    let reader = open();
    let mut builder = IndexBuilder::default();
    let add = |id, bytes: &[u8]| {
        let record = ContactRecord::decode(bytes).expect("just encoded");
        builder.add(id, &record);
    };
    reader.for_each_record(add).expect("all records");
    let index = builder.finish();
    let found = index.search("an").len();
    let ms = start.elapsed().as_secs_f64() * 1e3;
    println!(
        "cold open to the first search: {ms:.0} ms, {found} hits (goal 20 / 150 at 10,000 / 100,000)"
    );
    let ids: Vec<ContactId> = index.by_name(50, 0);
    let start = Instant::now();
    for id in &ids {
        let bytes = reader.record(*id).expect("a record").expect("a record");
        black_box(ContactRecord::decode(&bytes).expect("a record"));
    }
    println!("50 records: {:.2} ms (goal 1)", start.elapsed().as_secs_f64() * 1e3);
}

fn percentile(sorted: &[f64], part: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

fn measure(index: &Index, label: &str, queries: &[String]) {
    let mut times = Vec::new();
    let mut hits = 0;
    for query in queries {
        let start = Instant::now();
        let found = black_box(index.search(query));
        times.push(start.elapsed().as_secs_f64() * 1e3);
        hits += found.len();
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{label:32} {:5} queries  p50 {:.4} ms  p99 {:.4} ms  max {:.3} ms  {:.1} hits",
        times.len(),
        percentile(&times, 0.5),
        percentile(&times, 0.99),
        percentile(&times, 1.0),
        hits as f64 / queries.len() as f64,
    );
}

fn prefixes(names: &[String], lengths: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let cut = |name: &String, length| name.chars().take(length).collect::<String>();
    let mut all: Vec<String> =
        names.iter().flat_map(|name| lengths.clone().map(move |n| cut(name, n))).collect();
    all.sort();
    all.dedup();
    all
}

fn main() {
    let count: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut dice = Dice(42);
    let people: Vec<ContactRecord> = (0..count).map(|_| person(&mut dice)).collect();
    let encoded: Vec<Vec<u8>> = people.iter().map(ContactRecord::encode).collect();

    let start = Instant::now();
    for bytes in &encoded {
        black_box(ContactRecord::decode(bytes).expect("just encoded"));
    }
    println!("decode alone {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let mut builder = IndexBuilder::default();
    for (id, record) in (1..).zip(&people) {
        builder.add(ContactId(id), record);
    }
    let added = start.elapsed();
    let index = builder.finish();
    println!(
        "{count} contacts: add {:.0} ms, finish {:.0} ms, {:.1} MB (goal at 100,000: 20 MB)",
        added.as_secs_f64() * 1e3,
        (start.elapsed() - added).as_secs_f64() * 1e3,
        index.memory() as f64 / 1e6,
    );
    if std::env::args().nth(2).is_some() {
        return measure_file(&people);
    }
    let names: Vec<String> = people
        .iter()
        .step_by((count / 500).max(1))
        .flat_map(|p| [p.name.given.clone(), p.name.family.clone()])
        .flatten()
        .collect();
    println!("goal at 100,000 for distinct prefixes: p50 0.05 ms, p99 0.3 ms");
    measure(&index, "distinct prefixes, 2 letters on", &prefixes(&names, 2..=12));
    measure(&index, "one letter", &prefixes(&names, 1..=1));
    let whole: Vec<String> =
        people.iter().step_by((count / 1000).max(1)).map(|p| p.name.display.clone()).collect();
    measure(&index, "given and family name", &whole);
    let typed: Vec<String> = whole
        .iter()
        .filter_map(|name| {
            let (given, family) = name.split_once(' ')?;
            Some(format!(
                "{} {}",
                given.chars().next()?,
                family.chars().take(3).collect::<String>()
            ))
        })
        .collect();
    measure(&index, "initial and three letters", &typed);
    let digits: Vec<String> = people
        .iter()
        .step_by((count / 1000).max(1))
        .map(|p| p.phones[1].number[5..12].into())
        .collect();
    measure(&index, "part of a number", &digits);
    let address: Vec<String> =
        people.iter().step_by((count / 1000).max(1)).map(|p| p.emails[0].address.clone()).collect();
    measure(&index, "whole address", &address);

    let changes: Vec<Change> = (1..=500)
        .map(|id| Change { id: ContactId(id), record: people.get(id as usize).cloned() })
        .collect();
    let start = Instant::now();
    let changed = index.changed(&changes);
    println!("500 changes {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    measure(&changed, "prefixes after 500 changes", &prefixes(&names, 2..=12));
    let mut grown = Index::default();
    let mut worst = 0.0f64;
    let start = Instant::now();
    for (batch, records) in people.chunks(500).enumerate() {
        let began = Instant::now();
        let changes: Vec<Change> = (batch as i64 * 500..)
            .zip(records)
            .map(|(id, record)| Change { id: ContactId(id), record: Some(record.clone()) })
            .collect();
        grown = grown.changed(&changes);
        worst = worst.max(began.elapsed().as_secs_f64() * 1e3);
    }
    println!(
        "grown by batches of 500: {:.0} ms, longest batch {worst:.1} ms, {:.1} MB",
        start.elapsed().as_secs_f64() * 1e3,
        grown.memory() as f64 / 1e6,
    );
    measure(&grown, "prefixes, grown index", &prefixes(&names, 2..=12));
}
