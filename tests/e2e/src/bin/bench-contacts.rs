//! `cargo xtask bench contacts`: a phone's first sync of a large book from Radicale, beside curl
//! downloading the same answer. Prints figures, judges nothing, but makes sure that what it timed
//! is the real thing: every card must be on the phone afterwards.
use muster_e2e::servers::{CardServer, Kind, Login};
use muster_people::people;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// What curl asks for: the whole book, cards inside (RFC 6578 with RFC 6352's address-data).
const REPORT: &str = r#"<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:"
 xmlns:c="urn:ietf:params:xml:ns:carddav"><d:sync-token/><d:sync-level>1</d:sync-level>
 <d:prop><d:getetag/><c:address-data/></d:prop></d:sync-collection>"#;

/// How long something took, and its process's peak of resident memory in KB.
#[derive(Clone, Copy)]
struct Figure {
    took: Duration,
    peak_kb: u64,
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
    println!("{:24} {:>9} {:>12}", "", "seconds", "peak memory");
    for (name, figure) in
        [("curl, download alone", curl), ("first sync", first), ("nothing changed", again)]
    {
        println!(
            "{name:24} {:9.2} {:9.1} MB",
            figure.took.as_secs_f64(),
            figure.peak_kb as f64 / 1024.0
        );
    }
    println!(
        "first sync / curl        {:9.2}    (difference {:+.2} s)",
        first.took.as_secs_f64() / curl.took.as_secs_f64(),
        first.took.as_secs_f64() - curl.took.as_secs_f64()
    );
}

/// The middle one by time, and the middle one by memory.
fn median(mut figures: Vec<Figure>) -> Figure {
    let middle = figures.len() / 2;
    figures.sort_by_key(|f| f.took);
    let took = figures[middle].took;
    figures.sort_by_key(|f| f.peak_kb);
    Figure { took, peak_kb: figures[middle].peak_kb }
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
        move || peak_of(pid)
    });
    let success = wait(&mut child);
    let took = started.elapsed();
    assert!(success, "{command:?} failed");
    Figure { took, peak_kb: watcher.join().unwrap_or(0) }
}

fn wait(child: &mut Child) -> bool {
    child.wait().expect("the child can be waited for").success()
}

/// The high-water mark of a process, read until it ends; Linux only, elsewhere 0.
fn peak_of(pid: u32) -> u64 {
    let mut peak = 0;
    while let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) {
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        // A process that has ended has no memory any more, but stays until it is waited for.
        let Some(kb) = line.and_then(|l| l.split_whitespace().next()?.parse().ok()) else { break };
        peak = kb;
        thread::park_timeout(Duration::from_millis(5));
    }
    peak
}
