//! The command line of `muster-device`.
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand, ValueEnum};
use log::LevelFilter;
use muster_core::ids::{Language, Platform};

/// A simulated phone: the same agent that runs in the app, with keys in files and an ordinary HTTP
/// client. One profile folder is one phone; the process may be killed at any time.
#[derive(Debug, Parser)]
#[command(name = "muster-device", version, arg_required_else_help = true)]
pub struct Args {
    /// The phone: a folder that is made at first use
    #[arg(long, value_name = "DIR", env = "MUSTER_PROFILE")]
    pub profile: PathBuf,
    /// The phone's operating system; remembered from the first run (android if never said)
    #[arg(long)]
    pub platform: Option<PlatformArg>,
    /// The phone's language; remembered from the first run (en if never said)
    #[arg(long)]
    pub language: Option<LanguageArg>,
    /// Answer in JSON, one document
    #[arg(long, global = true)]
    pub json: bool,
    /// Write the agent's log to standard error (error, warn, info, debug, trace)
    #[arg(long, global = true, value_name = "LEVEL", env = "MUSTER_LOG", value_parser = parse_level)]
    pub log: Option<LevelFilter>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Let the phone work until there is nothing to do
    Run(RunArgs),
    /// Show what an activation link says; with --accept, activate
    OpenLink {
        /// The whole link, as it stands in the message or QR code; `-` reads it from standard input
        url: String,
        /// The person agrees
        #[arg(long)]
        accept: bool,
        #[command(flatten)]
        #[allow(missing_docs)] // clap would print it as help
        clock: ClockArgs,
    },
    /// Activate as if the person typed it
    Activate(ActivateArgs),
    /// Licence, company, contacts, compliance and reports in short
    Status,
    /// Every setting with its value, state and where it comes from
    Config,
    /// What is wrong with the phone, and how to mend it
    Findings,
    /// The people on the phone
    Contacts {
        /// At most so many
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// One person with everything the phone knows
    Contact {
        /// From `contacts` or `search`
        id: String,
    },
    /// Write a person's photo to a file
    Photo {
        /// From `contacts` or `search`
        id: String,
        /// Where to
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Find people as one types
    Search {
        /// Some letters of a name, company, department, position, e-mail or number
        query: String,
    },
    /// Who is calling
    Caller {
        /// The number as the network shows it
        number: String,
    },
    /// Every report that was sent, word for word
    Report,
    /// Sign out of the company: everything of it leaves the phone
    SignOut {
        #[command(flatten)]
        #[allow(missing_docs)] // clap would print it as help
        clock: ClockArgs,
    },
}

/// Options of `run`.
#[derive(Debug, Default, clap::Args)]
pub struct RunArgs {
    /// The managed configuration that the OS hands over: Android as JSON, iOS as property list;
    /// Intune's exported JSON is recognised. Without it the phone is not managed, or the managed
    /// configuration is the one of the run before (see --unmanaged)
    #[arg(long, value_name = "FILE")]
    pub managed_config: Option<PathBuf>,
    /// The MDM took its configuration away
    #[arg(long, conflicts_with = "managed_config")]
    pub unmanaged: bool,
    /// What the phone's sensors say, as JSON with one member per signal
    #[arg(long, value_name = "FILE")]
    pub signals: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)] // clap would print it as help
    pub clock: ClockArgs,
    /// Go on for so long (90s, 15m, 24h, 14d) instead of ending when nothing is left to do
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    pub for_: Option<Duration>,
}

/// A made-up clock.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct ClockArgs {
    /// Make the clock up: it starts here and jumps to the next thing to do
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    pub now: Option<i64>,
}

/// Options of `activate`.
#[derive(Debug, clap::Args)]
pub struct ActivateArgs {
    /// The management server, where the managed configuration does not name it
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Licence user name
    #[arg(long, conflicts_with = "email", requires = "secret")]
    pub username: Option<String>,
    /// Licence password; better --password-file
    #[arg(long, group = "secret")]
    pub password: Option<String>,
    /// E-mail address
    #[arg(long, requires = "secret")]
    pub email: Option<String>,
    /// The company's passcode; better --password-file
    #[arg(long, group = "secret")]
    pub passcode: Option<String>,
    /// File with the password or passcode, `-` for standard input
    #[arg(long, value_name = "FILE", group = "secret")]
    pub password_file: Option<PathBuf>,
    /// Evidence of any kind, a part at a time, by its name in the protocol; @FILE is read from there
    #[arg(long, value_name = "NAME=VALUE", conflicts_with_all = ["username", "email", "secret"])]
    pub evidence: Vec<String>,
    #[command(flatten)]
    #[allow(missing_docs)] // clap would print it as help
    pub clock: ClockArgs,
}

/// [`Platform`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
pub enum PlatformArg {
    Android,
    Ios,
}

impl From<PlatformArg> for Platform {
    fn from(arg: PlatformArg) -> Self {
        match arg {
            PlatformArg::Android => Platform::Android,
            PlatformArg::Ios => Platform::Ios,
        }
    }
}

/// [`Language`] on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
pub enum LanguageArg {
    En,
    De,
    Sv,
}

impl From<LanguageArg> for Language {
    fn from(arg: LanguageArg) -> Self {
        match arg {
            LanguageArg::En => Language::En,
            LanguageArg::De => Language::De,
            LanguageArg::Sv => Language::Sv,
        }
    }
}

fn parse_level(text: &str) -> Result<LevelFilter, String> {
    text.parse().map_err(|_| "write it like warn or debug".to_owned())
}

fn parse_time(text: &str) -> Result<i64, String> {
    let moment: jiff::Timestamp =
        text.parse().map_err(|_| "write it like 2026-03-01T09:30:00Z".to_owned())?;
    Ok(moment.as_millisecond())
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write it like 90s, 15m, 24h or 14d".to_owned();
    let split = text.len().saturating_sub(1);
    let (number, unit) = text.split_at_checked(split).ok_or_else(wrong)?;
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => number,
        "m" => number * 60,
        "h" => number * 3_600,
        "d" => number * 86_400,
        _ => return Err(wrong()),
    };
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn durations_are_a_number_and_a_unit() {
        assert_eq!(parse_duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("14d"), Ok(Duration::from_secs(14 * 86_400)));
        for wrong in ["", "s", "5", "5w", "-1s", "1.5h", "é"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}");
        }
    }
}
