//! `muster-server`: the reference management server, see `muster-server --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    muster_server::cli::main()
}
