//! Writes the files that other systems read from the table of settings, or checks them.
//!
//! `cargo run -p muster-core --example schema -- write|check FOLDER`
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use muster_core::config::generate;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", folder] => write(Path::new(folder)),
        ["check", folder] => check(Path::new(folder)),
        _ => {
            eprintln!("usage: schema write|check FOLDER");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), String> {
    for (path, content) in generate::outputs() {
        let target = folder.join(&path);
        if fs::read_to_string(&target).is_ok_and(|old| old == content) {
            continue;
        }
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| format!("{path}: {error}"))?;
        fs::write(&target, content).map_err(|error| format!("{path}: {error}"))?;
        println!("wrote {path}");
    }
    Ok(())
}

fn check(folder: &Path) -> Result<(), String> {
    let outputs = generate::outputs();
    let stale: Vec<&str> = outputs
        .iter()
        .filter(|(path, content)| {
            !fs::read_to_string(folder.join(path)).is_ok_and(|old| old == *content)
        })
        .map(|(path, _)| path.as_str())
        .collect();
    if stale.is_empty() {
        println!("{} generated files are up to date", outputs.len());
        return Ok(());
    }
    Err(format!(
        "differ from the table of settings: {}; run `cargo xtask schema`",
        stale.join(", ")
    ))
}
