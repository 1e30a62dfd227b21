//! Exits 0 if this build may ship: plain http is refused, also to this machine, and nothing that
//! is for tests alone is compiled in. `cargo xtask test` runs it in the release profile.
use muster_core::http::check_url;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut ships = true;
    for url in ["http://127.0.0.1:8780/", "http://[::1]/", "http://muster.example/"] {
        if check_url(url).is_ok() {
            eprintln!("plain http is accepted: {url}");
            ships = false;
        }
    }
    if check_url("https://muster.example/").is_err() {
        eprintln!("https is refused");
        ships = false;
    }
    if cfg!(feature = "test-hooks") {
        eprintln!("test hooks are compiled in");
        ships = false;
    }
    if ships { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
