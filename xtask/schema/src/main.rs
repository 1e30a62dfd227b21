//! Writes the files that other systems read from the table of settings, or checks them:
//! `muster-schema write|check FOLDER`, where FOLDER is the root of the repository.
//!
//! `cargo xtask schema` and the part `schema` of `cargo xtask test` run it, so that xtask itself
//! does not link the core.
mod android;
mod apps;
mod json_schema;
mod outputs;
mod planned;
mod reference;
mod samples;
mod specfile;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use outputs::outputs;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["write", folder] => write(Path::new(folder)),
        ["check", folder] => check(Path::new(folder)),
        _ => {
            eprintln!("usage: muster-schema write|check FOLDER");
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
    for (path, content) in outputs() {
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
    let outputs = outputs();
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
