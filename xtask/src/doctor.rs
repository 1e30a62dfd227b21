//! `cargo xtask doctor`: what this machine lacks, what for, and how to get it.
use crate::run::{Trouble, version};
use crate::workspace::root;
use std::process::Command;

/// How much it matters that something is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// `cargo xtask test` can't pass without it.
    Tests,
    /// Measurements only.
    Bench,
    /// The shells, whose parts of the test command come with them.
    Shells,
}

/// One thing that may be missing.
struct Need {
    what: &'static str,
    purpose: For,
    found: fn() -> Option<String>,
    how: &'static str,
}

const NEEDS: &[Need] = &[
    need("Rust", For::Tests, rust, "https://rustup.rs, at least the version in Cargo.toml"),
    need("clippy", For::Tests, || of("cargo", "clippy"), "rustup component add clippy"),
    need("rustfmt", For::Tests, || version("rustfmt", "--version"), "rustup component add rustfmt"),
    need(
        "C compiler",
        For::Tests,
        || version("cc", "--version"),
        "Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install",
    ),
    need(
        "Python 3.10+",
        For::Tests,
        python,
        "Debian: apt-get install python3 (cargo xtask test does it as root)",
    ),
    need(
        "Python venv",
        For::Tests,
        venv,
        "Debian: apt-get install python3-venv (cargo xtask test does it as root)",
    ),
    need(
        "CardDAV servers",
        For::Tests,
        servers,
        "cargo xtask test fetches Radicale and Xandikos from PyPI",
    ),
    need("curl", For::Bench, || version("curl", "--version"), "Debian: apt-get install curl"),
    need(
        "Java 17",
        For::Tests,
        || version("javac", "-version"),
        "Debian: apt-get install openjdk-17-jdk-headless (cargo xtask test does it as root)",
    ),
    need(
        "Maven",
        For::Tests,
        || version("mvn", "-version"),
        "Debian: apt-get install maven (cargo xtask test does it as root)",
    ),
    need(
        "aapt2",
        For::Tests,
        || version("aapt2", "version"),
        "Debian: apt-get install aapt (cargo xtask test does it as root)",
    ),
    need(
        "Gradle and Android SDK",
        For::Shells,
        || version("gradle", "--version"),
        "Android Studio; without it Maven runs the same sources",
    ),
    need(
        "cargo-ndk",
        For::Shells,
        || of("cargo", "ndk"),
        "cargo install cargo-ndk, and the Android NDK",
    ),
    need(
        "Swift 6",
        For::Shells,
        || version("swift", "--version"),
        "https://swift.org/install, or Xcode on macOS",
    ),
    need("Xcode", For::Shells, || version("xcodebuild", "-version"), "macOS only: the App Store"),
];

const fn need(
    what: &'static str,
    purpose: For,
    found: fn() -> Option<String>,
    how: &'static str,
) -> Need {
    Need { what, purpose, found, how }
}

pub(crate) fn run() -> Result<bool, Trouble> {
    let mut well = true;
    for need in NEEDS {
        let purpose = match need.purpose {
            For::Tests => "test",
            For::Bench => "bench",
            For::Shells => "shells",
        };
        let found = (need.found)();
        // What the test command fetches by itself is no reason to fail.
        let fetched = need.how.starts_with("cargo xtask test");
        let (state, text) = match &found {
            Some(version) => ("there", version.as_str()),
            None if need.purpose == For::Tests && !fetched => ("MISSING", need.how),
            None if need.purpose == For::Tests => ("fetched", need.how),
            None => ("missing", need.how),
        };
        well &= state != "MISSING";
        println!("{:24} {purpose:8} {state:8} {text}", need.what);
    }
    println!(
        "\n{}",
        if well {
            "`cargo xtask test` has what it needs. The parts of the shells come with the shells."
        } else {
            "`cargo xtask test` can't pass before what is MISSING is there."
        }
    );
    Ok(well)
}

fn of(program: &str, subcommand: &str) -> Option<String> {
    let output = Command::new(program).args([subcommand, "--version"]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// The compiler, if it is new enough.
fn rust() -> Option<String> {
    let line = version("rustc", "--version")?;
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).ok()?;
    let wanted = manifest.lines().find_map(|l| l.strip_prefix("rust-version = "))?;
    let here = line.split(' ').nth(1)?;
    (numbers(here) >= numbers(wanted)).then_some(line)
}

fn python() -> Option<String> {
    let line = version("python3", "--version")?;
    (numbers(line.strip_prefix("Python ")?) >= [3, 10]).then_some(line)
}

fn venv() -> Option<String> {
    let output = Command::new("python3").args(["-c", "import ensurepip, venv"]).output().ok()?;
    output.status.success().then(|| "with pip".to_owned())
}

fn servers() -> Option<String> {
    let output =
        Command::new(crate::python::venv().join("bin/python")).args(["-c", ASK]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

const ASK: &str = "from importlib.metadata import version as v; \
                   print('Radicale', v('radicale'), 'and Xandikos', v('xandikos'))";

/// Major and minor: `"1.91"` and `1.95.0-nightly` become [1, 91] and [1, 95].
fn numbers(version: &str) -> [u32; 2] {
    let mut parts = version.trim_matches('"').split('.').map(|n| n.parse().unwrap_or(0));
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_numbers() {
        assert_eq!(numbers("\"1.91\""), [1, 91]);
        assert!(numbers("1.100.0") > numbers("1.91.0-nightly"));
        assert!(numbers("3.9.2") < [3, 10]);
        assert_eq!(numbers("unknown"), [0, 0]);
    }

    #[test]
    fn whatever_the_tests_need_says_how_to_get_it() {
        for need in NEEDS {
            assert!(!need.how.is_empty(), "{}", need.what);
        }
    }
}
