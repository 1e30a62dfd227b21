//! Parts of the shells, which are not in the repository yet.
use super::{Context, Verdict};
use crate::run::Trouble;

pub(super) fn shell(_: &Context) -> Result<Verdict, Trouble> {
    Ok(Verdict::NotThereYet("not there yet: comes with the shells"))
}
