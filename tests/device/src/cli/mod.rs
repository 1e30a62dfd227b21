//! The commands of `muster-device`.
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use muster_core::agent::OpenError;

use crate::clock::Clock;
use crate::memory::Memory;
use crate::phone::{Phone, PhoneOptions, made_up};

/// Prints a line. Whoever stopped reading (`… | head`) wants no more of it, so the program ends.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write;
        if writeln!(std::io::stdout(), $($text)*).is_err() {
            std::process::exit(0);
        }
    }};
}

mod act;
pub mod args;
mod logger;
mod read;
mod table;

use args::{Args, ClockArgs, Command};

/// Why a command did not work, for a person to read.
#[derive(Debug)]
pub struct Trouble(String);

impl Trouble {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// Names a place where the phone stops, for tests: see [`crate::trap`].
const STOP_AT: &str = "MUSTER_DEVICE_STOP_AT";

type Outcome = Result<(), Trouble>;

/// Runs the program; the exit code is 0, 1 (did not work) or 2 (wrong use).
pub fn main() -> ExitCode {
    let args = Args::parse();
    if let Some(level) = args.log {
        logger::start(level);
    }
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble(text)) => {
            eprintln!("muster-device: {text}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Outcome {
    match &args.command {
        Command::Run(run) => act::run(args, run),
        Command::OpenLink { url, accept, clock } => act::open_link(args, url, *accept, *clock),
        Command::Activate(activate) => act::activate(args, activate),
        Command::SignOut { clock } => act::sign_out(args, *clock),
        Command::Status => read::status(args),
        Command::Config => read::config(args),
        Command::Findings => read::findings(args),
        Command::Contacts { limit } => read::contacts(args, *limit),
        Command::Contact { id } => read::contact(args, id),
        Command::Photo { id, out } => read::photo(args, id, out),
        Command::Search { query } => read::search(args, query),
        Command::Caller { number } => read::caller(args, number),
        Command::Report => read::report(args),
    }
}

/// Opens the phone of the profile folder, making it if it is new, at the moment that `clock` says.
fn open(args: &Args, clock: ClockArgs) -> Result<(Phone, Memory), Trouble> {
    open_at(args, |_| clock.now)
}

/// [`open`], at the made-up moment that `moment` picks, else on the real clock.
fn open_at(
    args: &Args,
    moment: impl FnOnce(&Memory) -> Option<i64>,
) -> Result<(Phone, Memory), Trouble> {
    let mut memory =
        Memory::load(&args.profile, args.platform.map(Into::into), args.language.map(Into::into));
    memory.made_up_clock = moment(&memory);
    memory.save(&args.profile).map_err(|e| {
        Trouble::new(format!("the folder {} can't be used: {e}", args.profile.display()))
    })?;
    let options = PhoneOptions {
        folder: args.profile.clone(),
        platform: memory.platform,
        language: memory.language,
        clock: memory.made_up_clock.map_or(Clock::Real, made_up),
    };
    let mut phone = Phone::open(options).map_err(|e| in_words(&e, &memory))?;
    if let Ok(place) = std::env::var(STOP_AT) {
        let trap = place.parse().map_err(|e| Trouble::new(format!("{STOP_AT}: {e}")))?;
        phone.stop_at(trap);
    }
    Ok((phone, memory))
}

/// Opens a phone that must exist already, with its keys ready and nothing running. A made-up clock
/// stands where the last run left it: to look at the phone is not to let time pass.
fn open_to_read(args: &Args) -> Result<Phone, Trouble> {
    if !args.profile.join("phone.json").exists() {
        let folder = args.profile.display();
        return Err(Trouble::new(format!(
            "there is no phone in {folder}. Start one with: muster-device --profile {folder} run"
        )));
    }
    let (mut phone, _) = open_at(args, |memory| memory.made_up_clock)?;
    phone.unlock();
    Ok(phone)
}

fn in_words(error: &OpenError, memory: &Memory) -> Trouble {
    let text = error.text(memory.language);
    Trouble::new(format!("{} {}", text.text, text.next))
}

fn read_file(path: &Path) -> Result<Vec<u8>, Trouble> {
    if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|e| Trouble::new(format!("standard input can't be read: {e}")))?;
        return Ok(bytes);
    }
    fs::read(path).map_err(|e| Trouble::new(format!("{} can't be read: {e}", path.display())))
}

fn print_json(value: &impl serde::Serialize) -> Outcome {
    let text = serde_json::to_string_pretty(value)
        .map_err(|e| Trouble::new(format!("the answer can't be written: {e}")))?;
    say!("{text}");
    Ok(())
}
