//! The licence machine: may the company's contacts be read on this phone, and what happens next.
//!
//! One table ([`table::ROWS`]) says what each event does in each phase; a cell that is not in the
//! table changes nothing. Holds stand beside the phase: each hides the contacts, is lifted only by
//! its own cause, and survives restarts. A prompt stands beside both, so that being asked for a
//! code never takes the contacts away.
//!
//! It must never look at a clock, a store or the network: the agent tells it what happened.
use serde::{Deserialize, Serialize};

pub mod grace;
pub mod table;
#[cfg(test)]
mod tests;

/// Where the phone stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Contacts come straight from an address book of the managed configuration; no server.
    NotRequired,
    /// Not activated.
    #[default]
    Unlicensed,
    /// An activation is under way.
    Activating,
    /// Activated.
    Active,
    /// Activated, but the server wants proof again. Contacts stay for the usual grace.
    Reauthenticate,
    /// Being erased.
    Erasing,
    /// Erased.
    Erased,
}

impl Phase {
    /// Every phase, in the order of the table's columns.
    pub const ALL: [Phase; 7] = [
        Phase::NotRequired,
        Phase::Unlicensed,
        Phase::Activating,
        Phase::Active,
        Phase::Reauthenticate,
        Phase::Erasing,
        Phase::Erased,
    ];

    /// Whether contacts can be read in this phase, holds aside.
    pub fn allows_contacts(self) -> bool {
        matches!(self, Phase::NotRequired | Phase::Active | Phase::Reauthenticate)
    }

    /// Whether the phone belongs to a tenant of a management server.
    pub fn is_activated(self) -> bool {
        matches!(self, Phase::Active | Phase::Reauthenticate)
    }
}

/// A reason to hide the contacts without deleting them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// The server, or a withdrawn configuration, was out of reach for longer than the grace.
    Offline,
    /// The admin locked the phone because it is lost or stolen.
    Lost,
    /// A compliance rule hides contacts or locks.
    Rule,
    /// The company's licence ran out.
    Expired,
    /// Activated, but no signed policy has been seen yet.
    NoPolicy,
}

impl Hold {
    /// Every hold.
    pub const ALL: [Hold; 5] =
        [Hold::Offline, Hold::Lost, Hold::Rule, Hold::Expired, Hold::NoPolicy];
}

/// Something the person has to give before the activation goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// The code from an e-mail.
    OneTimeCode,
    /// A sign-in in the browser.
    Browser,
}

/// Why a phone is erased.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EraseCause {
    /// The person signed out.
    SignedOut,
    /// The phone is handed back or repaired.
    Retired,
    /// The phone is lost or stolen.
    Lost,
    /// The company took the person's access away.
    Revoked,
    /// Without a server: the address book was withdrawn for good.
    Withdrawn,
    /// The files came from a backup of another phone, so their keys are not here.
    Transferred,
}

impl EraseCause {
    /// The token on the wire and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            EraseCause::SignedOut => "signed_out",
            EraseCause::Retired => "retired",
            EraseCause::Lost => "lost",
            EraseCause::Revoked => "revoked",
            EraseCause::Withdrawn => "withdrawn",
            EraseCause::Transferred => "transferred",
        }
    }

    /// The cause that a signed command or status names.
    pub fn from_token(token: &str) -> Option<Self> {
        Some(match token {
            "signed_out" => EraseCause::SignedOut,
            "retired" => EraseCause::Retired,
            "lost" => EraseCause::Lost,
            "revoked" => EraseCause::Revoked,
            _ => return None,
        })
    }
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LicenceEvent {
    /// The configuration names address books and no server.
    StandaloneConfigured,
    /// The configuration names neither any more.
    StandaloneWithdrawn,
    /// An activation begins, with evidence from the configuration or the person.
    ActivationStarted,
    /// The server asks for something only the person has.
    PromptNeeded(Prompt),
    /// The server refused, or could not be reached.
    ActivationFailed,
    /// The server issued tokens.
    Activated,
    /// The server does not accept our tokens or key any more, without having withdrawn anything.
    ProofWanted,
    /// A signed answer of the server says that all is well.
    ServerContact,
    /// The grace for being out of reach ended, and an attempt in this run failed.
    OfflineGraceOver,
    /// The first signed policy, or a newer one, is in force.
    PolicyInForce,
    /// A signed lock command.
    LockOrdered,
    /// A signed unlock command.
    UnlockOrdered,
    /// A compliance rule's action became due.
    RuleBroken,
    /// No rule's action is due any more.
    RulesMet,
    /// The company's licence ran out.
    LicenceExpired,
    /// The company's licence is valid (again).
    LicenceRenewed,
    /// A signed command or status, or the person signing out.
    EraseOrdered(EraseCause),
    /// Everything is gone.
    EraseFinished,
    /// New evidence after an erase, or the person asks.
    StartAfresh,
}

/// What the agent has to do about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Consequence {
    /// Close the directory and remove every exported copy.
    HideContacts,
    /// Open the directory and export again.
    ShowContacts,
    /// Run the erase procedure.
    BeginErase,
    /// Fetch the policy now.
    FetchPolicy,
    /// Synchronise the address books now.
    SyncContacts,
}

/// The licence state. It is stored with every change.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Licence {
    /// Where the phone stands.
    pub phase: Phase,
    /// Why contacts are hidden, each cause once, in a fixed order.
    pub holds: Vec<Hold>,
    /// What the person is asked for.
    pub prompt: Option<Prompt>,
    /// Why the phone is or was erased.
    pub cause: Option<EraseCause>,
}

impl Licence {
    /// Whether contacts can be read: only in three phases, and never under a hold.
    pub fn contacts_readable(&self) -> bool {
        self.phase.allows_contacts() && self.holds.is_empty()
    }

    /// Whether `hold` is in force.
    pub fn has(&self, hold: Hold) -> bool {
        self.holds.contains(&hold)
    }

    /// Applies `event` by the table. Gives nothing when nothing changes and nothing follows.
    pub fn apply(&mut self, event: LicenceEvent) -> Vec<Consequence> {
        let Some(row) = table::row_of(self.phase, event) else { return Vec::new() };
        let readable = self.contacts_readable();
        if let Some(phase) = row.to {
            self.phase = phase;
        }
        match row.hold {
            table::HoldChange::Keep => {}
            table::HoldChange::Set(hold) => self.set(hold),
            table::HoldChange::Lift(hold) => self.holds.retain(|h| *h != hold),
            table::HoldChange::Clear => self.holds.clear(),
        }
        self.prompt = match event {
            LicenceEvent::PromptNeeded(prompt) => Some(prompt),
            LicenceEvent::Activated
            | LicenceEvent::ActivationFailed
            | LicenceEvent::EraseOrdered(_)
            | LicenceEvent::StartAfresh => None,
            _ => self.prompt,
        };
        match event {
            LicenceEvent::EraseOrdered(cause) => self.cause = Some(cause),
            LicenceEvent::StartAfresh => self.cause = None,
            _ => {}
        }
        let mut then = row.then.to_vec();
        match (readable, self.contacts_readable()) {
            (true, false) => then.insert(0, Consequence::HideContacts),
            (false, true) => then.push(Consequence::ShowContacts),
            _ => {}
        }
        then
    }

    fn set(&mut self, hold: Hold) {
        if !self.has(hold) {
            self.holds.push(hold);
            self.holds.sort();
        }
    }
}
