//! Work in the background: what the tests need is fetched while cargo compiles.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle};

use crate::run::Trouble;

/// Something that is being fetched or installed.
#[derive(Default)]
pub(crate) struct Job {
    worker: Mutex<Option<JoinHandle<Result<(), Trouble>>>>,
    outcome: OnceLock<Result<(), String>>,
}

impl Job {
    /// Starts it.
    pub(crate) fn begin(&self, work: impl FnOnce() -> Result<(), Trouble> + Send + 'static) {
        let worker = thread::spawn(work);
        *self.worker.lock().unwrap_or_else(PoisonError::into_inner) = Some(worker);
    }

    /// Waits for it. One that was never begun has nothing to do.
    pub(crate) fn wait(&self) -> Result<(), Trouble> {
        let outcome = self.outcome.get_or_init(|| {
            let worker = self.worker.lock().unwrap_or_else(PoisonError::into_inner).take();
            match worker.map(JoinHandle::join) {
                Some(Ok(done)) => done.map_err(|trouble| trouble.0),
                Some(Err(_)) => Err("an installer broke off".to_owned()),
                None => Ok(()),
            }
        });
        outcome.clone().map_err(Trouble)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_is_told_to_everybody_who_waits() {
        let job = Job::default();
        job.begin(|| Err("no network".to_owned().into()));
        assert_eq!(job.wait().unwrap_err().0, "no network");
        assert_eq!(job.wait().unwrap_err().0, "no network");
        assert!(Job::default().wait().is_ok());
    }

    #[test]
    fn a_worker_that_panics_is_trouble() {
        let job = Job::default();
        job.begin(|| panic!("planted"));
        assert_eq!(job.wait().unwrap_err().0, "an installer broke off");
    }
}
