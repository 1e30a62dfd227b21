//! What is true in this run only, and gone after a restart.
use std::collections::BTreeMap;

use crate::activation::{Candidate, EvidenceMark};
use crate::licence::Consequence;
use crate::messages::{Area, Problem};

/// See the module.
#[derive(Debug, Default)]
pub(in crate::agent) struct Run {
    /// What failed, by area and (for address books and keys) by what. Success takes it away.
    pub(in crate::agent) problems: BTreeMap<(Area, String), Problem>,
    /// Somebody asked for a look at the server.
    pub(in crate::agent) check_wanted: bool,
    /// Something makes it doubtful where the phone stands: ask for the signed status.
    pub(in crate::agent) status_wanted: bool,
    /// Somebody asked for a sync.
    pub(in crate::agent) sync_wanted: bool,
    /// The contacts lane needs an access token.
    pub(in crate::agent) token_wanted: bool,
    /// Whether the server was tried in this run and not reached.
    pub(in crate::agent) server_out_of_reach: bool,
    /// The server was reached in this run and wants proof again.
    pub(in crate::agent) proof_wanted: bool,
    /// The server refused the refresh token in this run.
    pub(in crate::agent) refresh_refused: bool,
    /// Contacts received in this run, for a progress display.
    pub(in crate::agent) received: i64,
    /// Evidence that was compared with the marker, and the answer: the comparison is slow.
    pub(in crate::agent) compared: Option<(EvidenceMark, bool)>,
    /// Evidence that the person showed, to be tried next.
    pub(in crate::agent) shown: Option<Candidate>,
    /// The contacts were closed: what the contacts lane is doing is pointless.
    pub(in crate::agent) contacts_closed: bool,
    /// What the licence machine asked for.
    pub(in crate::agent) consequences: Vec<Consequence>,
}

impl Run {
    /// Records a problem of its area; `about` tells address books apart.
    pub(in crate::agent) fn fail(&mut self, about: &str, problem: Problem) {
        self.problems.insert((problem.area, about.to_owned()), problem);
    }

    /// What failed works again, or does not matter any more.
    pub(in crate::agent) fn settled(&mut self, area: Area, about: &str) {
        self.problems.remove(&(area, about.to_owned()));
    }
}
