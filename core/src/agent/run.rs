//! What is true in this run only, and gone after a restart.
use std::collections::BTreeMap;

use super::enter::Candidate;
use crate::effect::Effect;
use crate::licence::Consequence;
use crate::messages::{Area, Problem};
use crate::secret::Secret;
use crate::store::Claims;
use crate::time::{ElapsedMs, Now};

/// What a lane tries again later, and when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Attempts {
    /// Failures in a row.
    pub(super) failures: u32,
    /// Not before.
    pub(super) not_before: Option<ElapsedMs>,
}

impl Attempts {
    /// Whether a try is allowed at `now`.
    pub(super) fn may_try(&self, now: Now) -> bool {
        self.not_before.is_none_or(|moment| now.elapsed >= moment)
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// What failed, by area and (for address books) by book. Success takes it away.
    pub(super) problems: BTreeMap<(Area, String), Problem>,
    /// Somebody asked for a look at the server.
    pub(super) check_wanted: bool,
    /// Something makes it doubtful where the phone stands: ask for the signed status.
    pub(super) status_wanted: bool,
    /// Somebody asked for a sync.
    pub(super) sync_wanted: bool,
    /// The contacts lane needs an access token.
    pub(super) token_wanted: bool,
    /// Whether the server was tried in this run and not reached.
    pub(super) server_out_of_reach: bool,
    /// When the server is looked at again.
    pub(super) next_check: Option<ElapsedMs>,
    /// When address books are looked at again, by book.
    pub(super) next_sync: BTreeMap<String, ElapsedMs>,
    /// Back-off of the activation, of the check, of reports, and of each book.
    pub(super) activation: Attempts,
    pub(super) check: Attempts,
    pub(super) push: Attempts,
    /// Back-off of what the store refused.
    pub(super) store: Attempts,
    /// The server refused the refresh token in this run.
    pub(super) refresh_refused: bool,
    pub(super) books: BTreeMap<String, Attempts>,
    /// Until when an unfinished configuration is waited for (`restrictions_pending`).
    pub(super) config_pending_until: Option<ElapsedMs>,
    /// When opening the contacts file is tried again after a failure.
    pub(super) open_not_before: Option<ElapsedMs>,
    /// Contacts received in this run, for a progress display.
    pub(super) received: i64,
    /// Evidence that was compared with the marker, and the answer.
    pub(super) marked: Option<(Secret<Vec<u8>>, bool)>,
    /// Evidence that the person showed, to be tried next.
    pub(super) shown: Option<Candidate>,
    /// To be stored with the next commit.
    pub(super) events: Vec<Claims>,
    pub(super) effects: Vec<(String, Effect)>,
    /// The contacts were closed: what the contacts lane is doing is pointless.
    pub(super) contacts_closed: bool,
    /// Exported copies have to go.
    pub(super) exports_unwanted: bool,
    /// To be done after it.
    pub(super) consequences: Vec<Consequence>,
}

impl Run {
    /// Records a problem of `area`; `about` tells address books apart.
    pub(super) fn fail(&mut self, about: &str, problem: Problem) {
        self.problems.insert((problem.area, about.to_owned()), problem);
    }

    /// What failed is mended.
    pub(super) fn mended(&mut self, area: Area, about: &str) {
        self.problems.remove(&(area, about.to_owned()));
    }
}
