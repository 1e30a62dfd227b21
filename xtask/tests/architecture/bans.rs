//! Clocks, threads, sockets, randomness and unordered maps are banned in the core. That the core
//! is free of them is clippy's part of `cargo xtask test`; here the bans themselves are tried.
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// One line of code for every ban on something of the standard library.
const SNIPPETS: &[(&str, &str)] = &[
    ("std::time::Instant::now", "let _ = std::time::Instant::now();"),
    ("std::time::SystemTime::now", "let _ = std::time::SystemTime::now();"),
    ("std::thread::spawn", "let _ = std::thread::spawn(|| {});"),
    ("std::thread::sleep", "std::thread::sleep(std::time::Duration::ZERO);"),
    ("std::net::TcpStream::connect", "let _ = std::net::TcpStream::connect(\"\");"),
    ("std::net::UdpSocket::bind", "let _ = std::net::UdpSocket::bind(\"\");"),
    ("std::net::TcpListener::bind", "let _ = std::net::TcpListener::bind(\"\");"),
    ("std::collections::HashMap", "let _ = std::collections::HashMap::<u8, u8>::new();"),
    ("std::collections::HashSet", "let _ = std::collections::HashSet::<u8>::new();"),
];

/// Bans on what other crates offer, which a file on its own can't use.
const ELSEWHERE: &[&str] =
    &["jiff::Timestamp::now", "jiff::Zoned::now", "ring::rand::SystemRandom::new"];

fn configuration() -> PathBuf {
    super::root().join("core/clippy.toml")
}

/// What clippy says about one line of code under the core's bans.
fn clippy(line: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("banned.rs");
    fs::write(&file, format!("pub fn banned() {{\n    {line}\n}}\n")).expect("a scratch file");
    let output = Command::new("clippy-driver")
        .args(["--edition=2024", "--crate-type=lib", "--emit=metadata"])
        .args(["-W", "clippy::disallowed_methods", "-W", "clippy::disallowed_types"])
        .arg("--out-dir")
        .arg(&folder)
        .arg(&file)
        .env("CLIPPY_CONF_DIR", configuration().parent().expect("its folder"))
        .output()
        .expect("clippy is installed: rustup component add clippy");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn clippy_finds_everything_that_is_banned() {
    for (path, line) in SNIPPETS {
        let said = clippy(line);
        assert!(said.contains("use of a disallowed"), "{path}: {said}");
        assert!(said.contains(path), "{path}: {said}");
    }
    assert!(!clippy("let _ = 1 + 1;").contains("disallowed"), "control: innocent code");
}

#[test]
fn the_list_of_bans_is_the_one_that_is_tried_here() {
    let text = fs::read_to_string(configuration()).expect("the core's clippy.toml");
    let mut banned: Vec<&str> =
        text.split("path = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut tried: Vec<&str> =
        SNIPPETS.iter().map(|(path, _)| *path).chain(ELSEWHERE.iter().copied()).collect();
    banned.sort_unstable();
    tried.sort_unstable();
    assert_eq!(banned, tried);
}
