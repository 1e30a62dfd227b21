//! The command line.
//!
//! Every command but `serve` and `init` is a call of the admin API: over HTTP with `--url` and
//! `--token`, else straight on the data file. Both end in the same functions.

mod args;
mod backend;
mod commands;
mod table;

use std::process::ExitCode;

use clap::Parser as _;

/// Runs the program: exit code 0 for done, 1 for not done (the reason is on stderr), 2 for wrong
/// use.
#[must_use]
pub fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(commands::Failed::Use(reason)) => {
            eprintln!("muster-server: {reason}");
            ExitCode::from(2)
        }
        Err(commands::Failed::Work(reason)) => {
            eprintln!("muster-server: {reason}");
            ExitCode::from(1)
        }
    }
}
