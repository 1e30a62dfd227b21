//! All Rust of the library, checked for the phones it is for: `cargo check`, which reads no C and
//! links nothing. Where rustup has brought a target, with it; else with Debian's compiler, which
//! makes the target's standard library from its sources.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Context, Mode, Verdict, show_failure};
use crate::debian_root::{RUST, script};
use crate::libtest::Counts;
use crate::run::{Trouble, run};
use crate::workspace::cargo;

/// Each with the features of the library that ships there.
const TARGETS: &[(&str, &str)] =
    &[("aarch64-linux-android", "android,android-jni"), ("aarch64-apple-ios", "")];

pub(super) fn check(context: &Context) -> Result<Verdict, Trouble> {
    context.fetched.rust.wait()?;
    let mut counts = Counts::default();
    for (target, features) in TARGETS {
        let mut command = compiler(context, target);
        match context.mode {
            Mode::Whole => {
                command.args(["check", "--locked", "--quiet", "--package", "muster"]);
                command.args(["--features", features, "--target", target]);
            }
            Mode::Planted | Mode::Broken => {
                command.args(["rustc", "--quiet", "--package", "muster-people", "--lib"]);
                command.args(["--profile", "check", "--target", target]);
                if context.broken() {
                    command.args(["--features", "self-test-break"]);
                }
                command.args(["--", "--deny", "warnings"]);
            }
        }
        let done = run(&mut command, &context.log("targets"))?;
        show_failure(context, &done);
        match done.success {
            true => counts.passed += 1,
            false => counts.failed += 1,
        }
    }
    Ok(Verdict::Tests(counts))
}

/// Fetches Debian's compiler, unless rustup has all targets.
pub(super) fn fetch(log: &Path) -> Result<(), Trouble> {
    if own_targets().is_some() { Ok(()) } else { RUST.ensure(log) }
}

/// The targets, if rustup has brought all of them.
pub(crate) fn own_targets() -> Option<String> {
    let names: Vec<&str> = TARGETS.iter().map(|(target, _)| *target).collect();
    names.iter().all(|target| has(target)).then(|| names.join(", "))
}

/// Cargo for `target`, in target/targets, apart from what is built for this machine.
fn compiler(context: &Context, target: &str) -> Command {
    let stub = |name: &str| script("stubs").join(name).to_string_lossy().into_owned();
    let folder = context.target.join("targets").to_string_lossy().into_owned();
    let suffix = target.replace('-', "_");
    let c = [(format!("CC_{suffix}"), stub("no-cc")), (format!("AR_{suffix}"), stub("no-ar"))];
    if has(target) {
        let mut command = cargo(&[]);
        command.env("CARGO_TARGET_DIR", folder).envs(c);
        return command;
    }
    let home = cargo_home();
    let mut variables = vec![
        // For `-Zbuild-std`.
        ("RUSTC_BOOTSTRAP", "1".to_owned()),
        ("CARGO_HOME", home.to_string_lossy().into_owned()),
        ("CARGO_TARGET_DIR", folder),
        // Where build scripts look for xcrun.
        ("PATH", format!("{}:/usr/bin", script("stubs").display())),
        ("IPHONEOS_DEPLOYMENT_TARGET", "17.0".to_owned()),
    ];
    variables.extend(c.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let mut command = RUST.command(&context.root, &[&home], &variables);
    command.args(["cargo", "-Zbuild-std=std,panic_abort"]);
    command
}

/// Whether the compiler in use has the standard library of `target`.
fn has(target: &str) -> bool {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    output.is_ok_and(|output| {
        let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").is_dir()
    })
}

/// Where cargo keeps what it downloads.
fn cargo_home() -> PathBuf {
    match std::env::var_os("CARGO_HOME") {
        Some(folder) => folder.into(),
        None => PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cargo"),
    }
}
