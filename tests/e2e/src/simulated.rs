//! A company and its phones in one process, with a made-up clock: weeks in milliseconds, and a
//! fault at any request, key operation or effect that a test names. Real sockets lie between them,
//! and the phone's keys are files.
use std::path::Path;

use muster_core::flow::shell::Arrival;
use muster_core::http::{Answer, Failure, Request};
use muster_core::step::StepId;
use muster_device::http::Http;
use muster_device::vault::FileVault;
use muster_server::ids::UnixTime;

pub use muster_core::agent::handset::{Handset, signals};
pub use muster_core::flow::simulation::{Broken, Net, Plan, Vault, Wire, seeded};

pub use crate::office::{BEGIN_S, Office, PASSWORD, USERNAME};

/// Real sockets.
#[derive(Default)]
pub struct Sockets {
    http: Http,
}

impl Net for Sockets {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        self.http.start(StepId(0), request.clone());
        let mut answer = Answer::default();
        while let Some((_, arrival)) = self.http.next(None) {
            match arrival {
                Arrival::Head(head) => answer.head = head,
                Arrival::Body(chunk) => answer.body.extend(chunk),
                Arrival::End => return Ok(answer),
                Arrival::Failed(failure) => return Err(failure.into()),
            }
        }
        Err(Failure::Other.into())
    }
}

/// A new phone in `folder`, not started yet, whose clock the office's goes with.
pub fn handset(folder: &Path, office: &Office, seed: u64) -> Handset {
    let keys = FileVault::new(&folder.join("vault"));
    let mut phone = handset_of(folder, Sockets::default(), keys, seed);
    phone.keep_time_with(time_of(office));
    phone
}

/// A phone in `folder` with another network and another key store.
pub fn handset_of(
    folder: &Path,
    net: impl Net + 'static,
    vault: impl Vault + 'static,
    seed: u64,
) -> Handset {
    Handset::new(folder.join("data"), net, vault, seed, BEGIN_S * 1_000)
}

/// Sets the office's clock, for [`muster_core::flow::simulation::Simulation::keep_time_with`].
pub fn time_of(office: &Office) -> impl FnMut(i64) + 'static {
    let clock = office.clock.clone();
    move |true_ms| clock.set(UnixTime(true_ms.div_euclid(1_000)))
}

/// A folder that goes away by itself: in memory where the machine has such a place. What these
/// tests take away is the process, never the power, so a disk that waits for its platters would
/// cost minutes and prove nothing.
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}
