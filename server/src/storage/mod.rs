//! Storage behind one trait.
//!
//! A back end offers transactions ([`Storage`]), and inside one the rows ([`Tx`]). Everything that
//! has to be decided together is decided inside one write transaction by the modules above, so a
//! back end holds no rules: it keeps rows, and it keeps the promise that write transactions are
//! serialisable and durable once `write` has returned. [`conformance`] is the suite that every back
//! end has to pass.
//!
//! *Invariant: no module but `storage::sqlite` names SQLite.*

pub mod conformance;
pub mod model;
pub mod sqlite;

pub use model::*;

/// Why the storage did not do what was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StoreError {
    /// The back end failed: disk, lock, or a broken file.
    #[error("the data store failed: {0}")]
    Backend(String),
    /// The data was written by a newer version of this program.
    #[error(
        "the data file was written by a newer muster-server (version {found}, this one knows {known})"
    )]
    Newer {
        /// Schema number in the file.
        found: i64,
        /// Highest schema number this program knows.
        known: i64,
    },
    /// A stored value can't be read back.
    #[error("a stored {0} can't be read")]
    Damaged(&'static str),
}

/// What a write transaction ends in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Keep everything.
    Commit,
    /// Keep nothing.
    RollBack,
}

/// A store of rows with transactions. Never call `read` or `write` from inside either.
pub trait Storage: Send + Sync + 'static {
    /// Runs `work` once on a consistent snapshot. Writing in it is an error.
    ///
    /// # Errors
    /// When the back end fails.
    fn read_with(&self, work: &mut dyn FnMut(&dyn Tx)) -> Result<(), StoreError>;

    /// Runs `work` once, alone among writers. `Ok` means that a commit is on disk.
    ///
    /// # Errors
    /// When the back end fails; then nothing was kept.
    fn write_with(&self, work: &mut dyn FnMut(&dyn Tx) -> Verdict) -> Result<(), StoreError>;
}

impl dyn Storage {
    /// Runs `work` on a consistent snapshot.
    ///
    /// # Errors
    /// The error of `work`, or of the back end.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut work, mut result) = (Some(work), None);
        self.read_with(&mut |tx| {
            if let Some(work) = work.take() {
                result = Some(work(tx));
            }
        })?;
        result.unwrap_or_else(|| Err(StoreError::Backend("the work was not run".into()).into()))
    }

    /// Runs `work` in a write transaction: `Ok` commits, `Err` undoes all of it.
    ///
    /// # Errors
    /// The error of `work`, or of the back end.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&dyn Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut work, mut result) = (Some(work), None);
        self.write_with(&mut |tx| {
            let outcome = work.take().map(|work| work(tx));
            let verdict = match outcome {
                Some(Ok(_)) => Verdict::Commit,
                _ => Verdict::RollBack,
            };
            result = outcome;
            verdict
        })?;
        result.unwrap_or_else(|| Err(StoreError::Backend("the work was not run".into()).into()))
    }
}

/// All rows, inside one transaction.
pub trait Tx: Tenants + People + Evidence + Devices + Grants + Reports + Context {}

impl<T: Tenants + People + Evidence + Devices + Grants + Reports + Context> Tx for T {}

/// Result of a storage call.
pub type Stored<T> = Result<T, StoreError>;
