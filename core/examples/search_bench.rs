//! Search over 100,000 made-up contacts, in memory: time to build, size, time of a query.
//!
//! `cargo run --release --example search_bench [CONTACTS]`
#![allow(clippy::disallowed_methods, reason = "a benchmark reads a clock")]
use std::hint::black_box;
use std::time::Instant;

use muster_core::contacts::record::{ContactRecord, Email, PersonName, Phone};
use muster_core::contacts::search::{Change, Index, IndexBuilder};
use muster_core::store::ContactId;

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
    let mut builder = IndexBuilder::default();
    for (id, bytes) in (1..).zip(&encoded) {
        let record = ContactRecord::decode(bytes).expect("just encoded");
        builder.add(ContactId(id), &record);
    }
    let added = start.elapsed();
    let index = builder.finish();
    println!(
        "{count} contacts: decode and add {:.0} ms, finish {:.0} ms, {:.1} MB (goal at 100,000: 20 MB)",
        added.as_secs_f64() * 1e3,
        (start.elapsed() - added).as_secs_f64() * 1e3,
        index.memory() as f64 / 1e6,
    );
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
