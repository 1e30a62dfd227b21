//! Exits 0 if the library may ship: plain http is refused, also to this machine, nothing that is for
//! tests alone is in it, and it is small enough. Built alone and in the release profile, or another
//! package's features come along:
//!
//! ```sh
//! cargo build --release --package muster --lib
//! cargo run --release --package muster --example ships -- target/release/libmuster.so
//! ```
use std::fs;
use std::process::{Command, ExitCode};

use muster::{
    ConfigurationChannel, ConfigurationSource, ConfigurationTree, DeviceInfo, Event, KeySecurity,
    MusterAgent, MusterError, Now, OpenOptions, Platform, Step, VaultAnswer, VaultOp, VaultOutcome,
};

/// What the stripped library of one ABI may weigh on a phone.
const LIMIT_BYTES: u64 = 4_500_000;

fn main() -> ExitCode {
    let mut faults = Vec::new();
    match std::env::args_os().nth(1) {
        None => faults.push("say which library: ships PATH".to_owned()),
        Some(path) => match look_at(path.as_ref()) {
            Ok(found) => faults.extend(found),
            Err(error) => faults.push(format!("the library can't be read: {error}")),
        },
    }
    match requests("https://127.0.0.1:9/") {
        Ok(urls) if !urls.is_empty() => {}
        other => faults.push(format!("control: https is not asked for: {other:?}")),
    }
    for url in ["http://127.0.0.1:9/", "http://[::1]:9/", "http://books.example/"] {
        match requests(url) {
            Ok(urls) if urls.is_empty() => {}
            other => faults.push(format!("{url} is not refused: {other:?}")),
        }
    }
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What is wrong with the library itself.
fn look_at(path: &std::path::Path) -> std::io::Result<Vec<String>> {
    let bytes = fs::read(path)?;
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let mut faults = Vec::new();
    if !has("uniffi_muster_fn_method_musteragent_poll") {
        faults.push("control: this is not the library, or its symbols are gone".to_owned());
    }
    if has("test_panic") {
        faults.push("test hooks are compiled in".to_owned());
    }
    let stripped = path.with_extension("stripped");
    let done = Command::new("strip").arg("-o").arg(&stripped).arg(path).status()?;
    let bytes = fs::metadata(&stripped)?.len();
    println!("library: {:.2} MB stripped, limit {:.2} MB", mb(bytes), mb(LIMIT_BYTES));
    if !done.success() || bytes > LIMIT_BYTES {
        faults.push(format!("{bytes} bytes are more than {LIMIT_BYTES}"));
    }
    fs::remove_file(stripped)?;
    Ok(faults)
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// What an agent asks for whose address book is at `url`.
fn requests(url: &str) -> Result<Vec<String>, MusterError> {
    let folder = std::env::temp_dir().join(format!("muster-ships-{}", std::process::id()));
    let now = Now { wall_ms: 1_790_000_000_000, elapsed_ms: 60_000, boot_id: 1 };
    let device = DeviceInfo { model: "host".into(), ..DeviceInfo::default() };
    let options = OpenOptions {
        root: folder.to_string_lossy().into_owned(),
        platform: Platform::Android,
        language: "en".into(),
        device,
        profile: "default".into(),
        app_link_host: None,
        client_id: None,
        log_level: None,
    };
    let agent = MusterAgent::open(options, now)?;
    let text = format!(r#"{{ "carddav_url": "{url}" }}"#);
    let tree = ConfigurationTree::Json { text };
    let sources = vec![ConfigurationSource { channel: ConfigurationChannel::Os, tree }];
    agent.handle(Event::Configuration { sources }, now)?;
    let mut urls = Vec::new();
    for _ in 0..100 {
        match agent.poll(now)? {
            Step::Send { request, .. } => urls.push(request.url),
            Step::Vault { id, op } => agent.on_vault(id, vault(op), now)?,
            Step::Effect { id, .. } => agent.on_effect(id, muster::EffectOutcome::Done, now)?,
            Step::Wait { until_ms } if until_ms <= now.elapsed_ms => {}
            _ => break,
        }
    }
    agent.shut_down()?;
    // Left behind, it would only be in the way of the next run of the same number.
    let _ = fs::remove_dir_all(folder);
    Ok(urls)
}

/// Enough of a vault to get going.
fn vault(op: VaultOp) -> VaultOutcome {
    let answer = match op {
        VaultOp::Create { .. } => {
            VaultAnswer::Created { security: KeySecurity::Software, attestation: Vec::new() }
        }
        VaultOp::Wrap { plaintext, .. } => VaultAnswer::Wrapped { wrapped: plaintext },
        VaultOp::Unwrap { wrapped, .. } => VaultAnswer::Unwrapped { plaintext: wrapped },
        VaultOp::Destroy { .. } => VaultAnswer::Destroyed,
        VaultOp::PublicKey { .. } | VaultOp::Sign { .. } => {
            return VaultOutcome::Failure { failure: muster::VaultFailure::Unsupported };
        }
    };
    VaultOutcome::Answer { answer }
}
