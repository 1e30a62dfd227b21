//! `cargo xtask bench contacts`: a phone's first sync of a large book from Radicale, beside curl
//! downloading the same answer. Prints figures, judges nothing, but makes sure that what it timed
//! is the real thing: every card must be on the phone afterwards.

use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use muster_e2e::servers::{CardServer, Kind, Login};
use muster_people::people;
use serde_json::{Value, json};

/// What curl asks for: the whole book, cards inside (RFC 6578 with RFC 6352's address-data).
const REPORT: &str = r#"<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:"
 xmlns:c="urn:ietf:params:xml:ns:carddav"><d:sync-token/><d:sync-level>1</d:sync-level>
 <d:prop><d:getetag/><c:address-data/></d:prop></d:sync-collection>"#;

/// What something cost. The processor's seconds tell more than the clock's where the machine has
/// other work too.
#[derive(Clone, Copy, Default)]
struct Figure {
    took: Duration,
    used: Used,
}

/// What a process used: peak of resident memory in KB, processor time in 1/100 s.
#[derive(Clone, Copy, Default)]
struct Used {
    peak_kb: u64,
    ticks: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [device, count, runs] = arguments.as_slice() else {
        eprintln!("use: bench-contacts MUSTER-DEVICE PEOPLE RUNS");
        return ExitCode::from(2);
    };
    match (count.parse(), runs.parse::<usize>()) {
        (Ok(count), Ok(runs)) if runs > 0 => measure(Path::new(device), count, runs),
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn measure(device: &Path, count: usize, runs: usize) {
    let server = CardServer::start(Kind::Radicale);
    server.fill(&people(1, count));
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!("Radicale reads {count} cards for the first time (not measured) …");
    let size = download(&server, folder.path()).1;
    println!("{count} cards, {:.1} MB as one answer; medians of {runs}", size as f64 / 1e6);

    let (mut curl, mut first, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..runs {
        curl.push(download(&server, folder.path()).0);
        let profile = folder.path().join(format!("phone-{run}"));
        first.push(sync(device, &server, &profile, count));
        again.push(sync(device, &server, &profile, count));
    }
    let (curl, first, again) = (median(curl), median(first), median(again));
    println!("{:24} {:>9} {:>9} {:>12}", "", "seconds", "of CPU", "peak memory");
    for (name, figure) in
        [("curl, download alone", curl), ("first sync", first), ("nothing changed", again)]
    {
        println!(
            "{name:24} {:9.2} {:9.2} {:9.1} MB",
            figure.took.as_secs_f64(),
            figure.used.ticks as f64 / 100.0,
            figure.used.peak_kb as f64 / 1024.0
        );
    }
    println!(
        "first sync / curl        {:9.2}    (difference {:+.2} s)",
        first.took.as_secs_f64() / curl.took.as_secs_f64(),
        first.took.as_secs_f64() - curl.took.as_secs_f64()
    );
}

/// The middle one of each.
fn median(figures: Vec<Figure>) -> Figure {
    let took = middle(figures.iter().map(|f| f.took));
    let peak_kb = middle(figures.iter().map(|f| f.used.peak_kb));
    let ticks = middle(figures.iter().map(|f| f.used.ticks));
    Figure { took, used: Used { peak_kb, ticks } }
}

fn middle<T: Ord + Copy + Default>(values: impl Iterator<Item = T>) -> T {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn download(server: &CardServer, folder: &Path) -> (Figure, u64) {
    let answer = folder.join("answer.xml");
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--fail", "--compressed", "--request", "REPORT"]);
    curl.args(["--header", "Content-Type: application/xml", "--header", "Depth: 1"]);
    if let Some(Login { username, password }) = server.login() {
        curl.args(["--user", &format!("{username}:{password}")]);
    }
    curl.args(["--data", REPORT, "--output"]).arg(&answer).arg(server.book_url());
    let figure = timed(&mut curl);
    (figure, fs::metadata(&answer).expect("curl wrote the answer").len())
}

fn sync(device: &Path, server: &CardServer, profile: &Path, count: usize) -> Figure {
    let login = server.login().expect("Radicale wants a password");
    let config = profile.with_extension("json");
    let tree = json!({
        "carddav_url": server.book_url(),
        "carddav_username": login.username,
        "carddav_password": login.password,
    });
    fs::write(&config, tree.to_string()).expect("the configuration");
    let figure = timed(
        phone(device, profile)
            .arg("run")
            .arg("--managed-config")
            .arg(&config)
            .stdout(Stdio::null()),
    );
    let output = phone(device, profile).args(["status", "--json"]).output().expect("the phone");
    let status: Value = serde_json::from_slice(&output.stdout).expect("JSON from the phone");
    assert_eq!(status["contacts"]["count"], count, "every card is on the phone");
    figure
}

fn phone(device: &Path, profile: &Path) -> Command {
    let mut command = Command::new(device);
    command.arg("--profile").arg(profile);
    command
}

fn timed(command: &mut Command) -> Figure {
    let started = Instant::now();
    let mut child = command.spawn().expect("the program starts");
    let watcher = thread::spawn({
        let pid = child.id();
        move || used_by(pid)
    });
    let success = wait(&mut child);
    let took = started.elapsed();
    assert!(success, "{command:?} failed");
    Figure { took, used: watcher.join().unwrap_or_default() }
}

fn wait(child: &mut Child) -> bool {
    child.wait().expect("the child can be waited for").success()
}

/// What a process has used, read until it ends; Linux only, elsewhere nothing.
fn used_by(pid: u32) -> Used {
    let mut used = Used::default();
    while let Some(now) = read_usage(pid) {
        used = now;
        thread::park_timeout(Duration::from_millis(5));
    }
    used
}

/// `None` where there is no such process; one that has ended has no memory any more, but stays
/// until it is waited for.
fn read_usage(pid: u32) -> Option<Used> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak_kb = line.split_whitespace().next()?.parse().ok()?;
    // Behind the name in brackets: state is the 3rd field, utime and stime the 14th and 15th.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    Some(Used { peak_kb, ticks: field(14)? + field(15)? })
}
