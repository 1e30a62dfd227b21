//! `cargo xtask bench`: figures to look at. Nothing here passes or fails by a time.
use crate::python;
use crate::run::{Trouble, show};
use crate::workspace::{cargo, target};

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A first sync from Radicale beside curl's download of the same answer
    #[arg(value_enum, default_value = "contacts")]
    what: What,
    /// How many people are in the book
    #[arg(long, default_value_t = 10_000)]
    people: usize,
    /// How often each is measured; the median is printed
    #[arg(long, default_value_t = 3)]
    runs: usize,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    Contacts,
}

pub(crate) fn run(arguments: &Arguments) -> Result<bool, Trouble> {
    let What::Contacts = arguments.what;
    python::ensure(&target().join("xtask/python.log"))?;
    println!("Building in the release profile, as it ships on phones …");
    let mut build = cargo(&["build", "--release", "--quiet", "--package", "muster-device"]);
    if !show(&mut build)? {
        return Ok(false);
    }
    let mut bench =
        cargo(&["run", "--quiet", "--package", "muster-e2e", "--bin", "bench-contacts"]);
    bench.arg("--").arg(target().join("release/muster-device"));
    bench.args([arguments.people.to_string(), arguments.runs.to_string()]);
    show(&mut bench)
}
