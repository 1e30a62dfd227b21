//! `cargo xtask doctor`: what this machine lacks, what for, and how to get it.

use std::process::Command;

use crate::debian;
use crate::parts::{own_swift, own_targets};
use crate::run::{Trouble, version};
use crate::workspace::{root, target};

/// How much it matters that something is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// `cargo xtask test` can't pass without it.
    Tests,
    /// The same, but on Debian as root it is fetched by the test command itself.
    TestsFetch,
    /// Measurements only.
    Bench,
    /// What runs on phones and is built with the makers' own tools.
    Phones,
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
    need("Python 3.10+", For::TestsFetch, python, "Debian: apt-get install python3"),
    need("Python venv", For::TestsFetch, venv, "Debian: apt-get install python3-venv"),
    need("CardDAV servers", For::TestsFetch, servers, "Radicale and Xandikos, from PyPI"),
    need(
        "Java 17",
        For::TestsFetch,
        || version("javac", "-version"),
        "Debian: apt-get install openjdk-17-jdk-headless",
    ),
    need("Maven", For::TestsFetch, || version("mvn", "-version"), "Debian: apt-get install maven"),
    need("aapt2", For::TestsFetch, || version("aapt2", "version"), "Debian: apt-get install aapt"),
    need(
        "Swift 6",
        For::TestsFetch,
        || own_swift().or_else(|| unpacked("swift")),
        "https://swift.org/install",
    ),
    need(
        "Rust for phones",
        For::TestsFetch,
        || own_targets().or_else(|| unpacked("rust")),
        "rustup target add aarch64-linux-android aarch64-apple-ios",
    ),
    need("curl", For::Bench, || version("curl", "--version"), "Debian: apt-get install curl"),
    need(
        "Gradle",
        For::Phones,
        || version("gradle", "--version"),
        "https://gradle.org/install; without it Maven runs the same sources, on this machine",
    ),
    need(
        "Android SDK",
        For::Phones,
        || folder("ANDROID_HOME"),
        "Android Studio, and ANDROID_HOME set to its SDK",
    ),
    need(
        "Android NDK",
        For::Phones,
        || folder("ANDROID_NDK_HOME"),
        "Android Studio's SDK manager, and ANDROID_NDK_HOME set to it",
    ),
    need("cargo-ndk", For::Phones, || of("cargo", "ndk"), "cargo install cargo-ndk"),
    need(
        "Xcode 16",
        For::Phones,
        || version("xcodebuild", "-version"),
        "the App Store, on a Mac; without it Swift runs the same sources, on this machine",
    ),
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
    let fetches = debian::possible(&target().join("xtask/doctor.log"))?;
    let mut well = true;
    for need in NEEDS {
        let purpose = match need.purpose {
            For::Tests | For::TestsFetch => "test",
            For::Bench => "bench",
            For::Phones => "phones",
        };
        let found = (need.found)();
        let (state, text) = match (&found, need.purpose) {
            (Some(version), _) => ("there", version.as_str()),
            (None, For::TestsFetch) if fetches => ("fetched", "by `cargo xtask test`"),
            (None, For::Tests | For::TestsFetch) => ("MISSING", need.how),
            (None, For::Bench | For::Phones) => ("missing", need.how),
        };
        well &= state != "MISSING";
        println!("{:16} {purpose:7} {state:8} {text}", need.what);
    }
    println!(
        "\n{}",
        if well {
            "`cargo xtask test` has what it needs, or fetches it."
        } else {
            "`cargo xtask test` can't pass before what is MISSING is there."
        }
    );
    println!(
        "It runs both shells on this machine. What is for phones is needed to put them on one."
    );
    Ok(well)
}

/// A toolchain that the test command has fetched.
fn unpacked(name: &str) -> Option<String> {
    let folder = target().join("roots").join(name);
    folder.join(".made-of").exists().then(|| format!("Debian's, in {}", folder.display()))
}

/// The folder that an environment variable names, if it is there.
fn folder(variable: &str) -> Option<String> {
    let folder = std::env::var(variable).ok()?;
    std::path::Path::new(&folder).is_dir().then_some(folder)
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
