//! The program `muster-device`; see the library of the same name.
use std::process::ExitCode;

fn main() -> ExitCode {
    muster_device::cli::main()
}
