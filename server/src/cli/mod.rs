//! The command line.
//!
//! Every command but `serve` and `init` is a call of the admin API: over HTTP with `--url` and
//! `--token`, else straight on the data file. Both end in the same functions.

mod args;
mod backend;
mod commands;
mod context;
mod devices;
mod people;
mod serve;
mod table;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;

/// Runs the program: exit code 0 for done, 1 for not done (the reason is on stderr), 2 for wrong
/// use.
#[must_use]
pub fn main() -> ExitCode {
    let args = match args::Args::try_parse_from(names_last(std::env::args_os().collect())) {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(context::Failed::Use(reason)) => {
            eprintln!("muster-server: {reason}");
            ExitCode::from(2)
        }
        Err(context::Failed::Work(reason)) => {
            eprintln!("muster-server: {reason}");
            ExitCode::from(1)
        }
    }
}

/// Characters of a device's name.
const NAME: usize = 43;

/// One device's name in 64 begins with a hyphen and would be taken for an option. No option looks
/// like that, so such names are put behind `--`, where arguments are arguments.
fn names_last(args: Vec<OsString>) -> Vec<OsString> {
    let is_name = |arg: &OsString| {
        arg.to_str().is_some_and(|text| {
            text.len() == NAME
                && text.starts_with('-')
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
    };
    if args.iter().any(|arg| arg == "--") {
        return args;
    }
    let (mut kept, mut names): (Vec<OsString>, Vec<OsString>) = (Vec::new(), Vec::new());
    for arg in args {
        // After an option it is that option's value.
        let value = kept.last().and_then(|last| last.to_str()).is_some_and(|l| l.starts_with("--"));
        if is_name(&arg) && !value { names.push(arg) } else { kept.push(arg) }
    }
    if !names.is_empty() {
        kept.push("--".into());
        kept.append(&mut names);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_whose_name_begins_with_a_hyphen_is_no_option() {
        let name = format!("-{}", "a".repeat(42));
        let check = |args: &[&str], expect: &[&str]| {
            let args = args.iter().map(OsString::from).collect();
            assert_eq!(names_last(args), expect.iter().map(OsString::from).collect::<Vec<_>>());
        };
        let name = name.as_str();
        check(
            &["device", "lock", name, "other", "--message", "x"],
            &["device", "lock", "other", "--message", "x", "--", name],
        );
        check(&["events", "--device", name], &["events", "--device", name]);
        check(&["device", "show", "--", name], &["device", "show", "--", name]);
        check(&["device", "list", "--json"], &["device", "list", "--json"]);
        let parsed = args::Args::try_parse_from(names_last(
            ["muster-server", "device", "retire", name, "--json"].map(OsString::from).to_vec(),
        ));
        assert!(parsed.is_ok());
        let events = ["muster-server", "events", "--device", name];
        assert!(args::Args::try_parse_from(events).is_ok());
    }
}
