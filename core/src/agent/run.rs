//! What is true in this run only, and gone after a restart.
use std::collections::BTreeMap;

use super::enter::Candidate;
use crate::effect::Effect;
use crate::licence::Consequence;
use crate::messages::{Area, Problem};
use crate::secret::Secret;
use crate::store::{Claims, StoreError, Tx};
use crate::time::{ElapsedMs, Now};
use crate::vault::Purpose;

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

/// What belongs into one transaction with the values that are written. It is queued like events are,
/// so that a commit that fails takes it along into the next one: values that say that it was done
/// are never stored without it.
#[derive(Debug)]
pub(super) enum Errand {
    /// Everything is sealed for this tenant from now on.
    BindTenant(String),
    /// What the server before was to be told, and what it had ordered, is not this server's business.
    ForgetServer,
    /// No contacts file is in force.
    WithoutContacts,
    /// A value was damaged, which was noted and said: it goes, so that another can take its place.
    Discard(&'static str),
    /// The device key of this number is in force.
    DeviceKey(u32),
    /// The server accepts this phone again.
    ReleaseOutbox,
    /// A command came.
    Command {
        /// Its id.
        jti: String,
        /// As it is stored.
        bytes: Vec<u8>,
    },
}

impl Errand {
    /// Does it, as a part of `tx`.
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        match self {
            Errand::BindTenant(tenant) => tx.bind_tenant(tenant),
            Errand::ForgetServer => tx.forget_server(),
            Errand::WithoutContacts => tx.set_in_force(Purpose::Contacts, None),
            Errand::Discard(name) => tx.remove(name),
            Errand::DeviceKey(number) => tx.set_in_force(Purpose::Device, Some(*number)),
            Errand::ReleaseOutbox => tx.outbox_release(),
            Errand::Command { jti, bytes } => tx.command_add(jti, bytes).map(drop),
        }
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
    /// The server was reached in this run and wants proof again.
    pub(super) proof_wanted: bool,
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
    pub(super) errands: Vec<Errand>,
    pub(super) events: Vec<Claims>,
    pub(super) effects: Vec<(String, Effect)>,
    /// The contacts were closed: what the contacts lane is doing is pointless.
    pub(super) contacts_closed: bool,
    /// The last commit failed: memory is ahead of the store.
    pub(super) unstored: bool,
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
