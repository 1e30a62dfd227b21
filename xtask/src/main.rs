//! `cargo xtask`: everything that is done with this repository beside editing it.
//!
//! Programs are run as child processes; nothing here links the core, so that this program builds
//! in seconds. What a command prints as a result, it has read from those programs' own answers.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod debian;
mod debian_root;
mod demo;
mod doctor;
mod job;
mod junit;
mod library;
mod libtest;
mod parts;
mod python;
mod run;
mod schema;
mod test;
mod workspace;

/// What can be done with the Muster repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Tells the whole story on this machine: a server, two phones, 2,000 people
    Demo(demo::Arguments),
    /// Checks everything: formatting, lints, docs, tests, real servers
    Test(test::Arguments),
    /// Writes the Kotlin and Swift sources that call the library, and builds it for tests
    Bindgen,
    /// Writes the files that are generated from the settings table
    Schema(schema::Arguments),
    /// Prints measurements; never judges them
    Bench(bench::Arguments),
    /// Says what this machine lacks and how to get it
    Doctor,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Task::Demo(arguments) => demo::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Bindgen => library::bindgen(),
        Task::Schema(arguments) => schema::run(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Doctor => doctor::run(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
