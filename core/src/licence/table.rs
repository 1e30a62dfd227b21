//! The table: event × phase → phase, holds, consequences. A pair without a row changes nothing.

use super::{Consequence, Hold, LicenceEvent, Phase};
use Consequence::{BeginErase, FetchPolicy, SyncContacts};
use Phase::{Activating, Active, Erased, Erasing, NotRequired, Reauthenticate, Unlicensed};

/// What a row does to the holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HoldChange {
    /// Nothing.
    Keep,
    /// Put one in force.
    Set(Hold),
    /// Lift one.
    Lift(Hold),
    /// Lift all: the phone starts anew.
    Clear,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The kind of event.
    pub on: Kind,
    /// In which phases.
    pub from: &'static [Phase],
    /// The phase afterwards, if it changes.
    pub to: Option<Phase>,
    /// What happens to the holds.
    pub hold: HoldChange,
    /// What follows, beside hiding and showing contacts, which follow from the state itself.
    pub then: &'static [Consequence],
}

/// [`LicenceEvent`] without its values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // each is documented at the event of the same name
pub enum Kind {
    StandaloneConfigured,
    StandaloneWithdrawn,
    ActivationStarted,
    PromptNeeded,
    ActivationFailed,
    Activated,
    ProofWanted,
    ServerContact,
    OfflineGraceOver,
    PolicyInForce,
    LockOrdered,
    UnlockOrdered,
    RuleBroken,
    RulesMet,
    LicenceExpired,
    LicenceRenewed,
    EraseOrdered,
    EraseFinished,
    StartAfresh,
}

impl LicenceEvent {
    /// Which rows of the table concern this event.
    pub fn kind(self) -> Kind {
        match self {
            LicenceEvent::StandaloneConfigured => Kind::StandaloneConfigured,
            LicenceEvent::StandaloneWithdrawn => Kind::StandaloneWithdrawn,
            LicenceEvent::ActivationStarted => Kind::ActivationStarted,
            LicenceEvent::PromptNeeded(_) => Kind::PromptNeeded,
            LicenceEvent::ActivationFailed => Kind::ActivationFailed,
            LicenceEvent::Activated => Kind::Activated,
            LicenceEvent::ProofWanted => Kind::ProofWanted,
            LicenceEvent::ServerContact => Kind::ServerContact,
            LicenceEvent::OfflineGraceOver => Kind::OfflineGraceOver,
            LicenceEvent::PolicyInForce => Kind::PolicyInForce,
            LicenceEvent::LockOrdered => Kind::LockOrdered,
            LicenceEvent::UnlockOrdered => Kind::UnlockOrdered,
            LicenceEvent::RuleBroken => Kind::RuleBroken,
            LicenceEvent::RulesMet => Kind::RulesMet,
            LicenceEvent::LicenceExpired => Kind::LicenceExpired,
            LicenceEvent::LicenceRenewed => Kind::LicenceRenewed,
            LicenceEvent::EraseOrdered(_) => Kind::EraseOrdered,
            LicenceEvent::EraseFinished => Kind::EraseFinished,
            LicenceEvent::StartAfresh => Kind::StartAfresh,
        }
    }
}

const fn row(on: Kind, from: &'static [Phase], to: Phase) -> Row {
    Row { on, from, to: Some(to), hold: HoldChange::Keep, then: &[] }
}

const fn stay(on: Kind, from: &'static [Phase], hold: HoldChange) -> Row {
    Row { on, from, to: None, hold, then: &[] }
}

const LICENSED: &[Phase] = &[Active, Reauthenticate];
const HOLDABLE: &[Phase] = &[NotRequired, Active, Reauthenticate];
const ALIVE: &[Phase] = &[NotRequired, Unlicensed, Activating, Active, Reauthenticate];

/// All rows. At most one fits a pair of phase and event.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    Row { then: &[SyncContacts], ..row(Kind::StandaloneConfigured, &[Unlicensed, Activating], NotRequired) },
    // A configuration that comes back is contact with the company again.
    stay(Kind::StandaloneConfigured, &[NotRequired], HoldChange::Lift(Hold::Offline)),
    row(Kind::StandaloneWithdrawn, &[NotRequired], Unlicensed),

    row(Kind::ActivationStarted, &[Unlicensed, Activating], Activating),
    // Proving oneself again, or moving from an address book to a server, takes nothing away.
    stay(Kind::ActivationStarted, &[NotRequired, Active, Reauthenticate], HoldChange::Keep),
    stay(Kind::PromptNeeded, &[NotRequired, Activating, Active, Reauthenticate], HoldChange::Keep),
    row(Kind::ActivationFailed, &[Activating], Unlicensed),
    stay(Kind::ActivationFailed, &[NotRequired, Active, Reauthenticate], HoldChange::Keep),
    Row { hold: HoldChange::Set(Hold::NoPolicy), then: &[FetchPolicy],
          ..row(Kind::Activated, &[NotRequired, Unlicensed, Activating], Active) },
    // The same tenant again: the policy in force stays in force.
    Row { hold: HoldChange::Lift(Hold::Offline), then: &[FetchPolicy],
          ..row(Kind::Activated, LICENSED, Active) },
    row(Kind::ProofWanted, LICENSED, Reauthenticate),

    Row { hold: HoldChange::Lift(Hold::Offline), ..row(Kind::ServerContact, LICENSED, Active) },
    stay(Kind::OfflineGraceOver, HOLDABLE, HoldChange::Set(Hold::Offline)),
    Row { then: &[SyncContacts], ..stay(Kind::PolicyInForce, LICENSED, HoldChange::Lift(Hold::NoPolicy)) },
    stay(Kind::LockOrdered, LICENSED, HoldChange::Set(Hold::Lost)),
    stay(Kind::UnlockOrdered, LICENSED, HoldChange::Lift(Hold::Lost)),
    stay(Kind::RuleBroken, HOLDABLE, HoldChange::Set(Hold::Rule)),
    stay(Kind::RulesMet, HOLDABLE, HoldChange::Lift(Hold::Rule)),
    stay(Kind::LicenceExpired, LICENSED, HoldChange::Set(Hold::Expired)),
    stay(Kind::LicenceRenewed, LICENSED, HoldChange::Lift(Hold::Expired)),

    Row { then: &[BeginErase], ..row(Kind::EraseOrdered, ALIVE, Erasing) },
    row(Kind::EraseFinished, &[Erasing], Erased),
    Row { hold: HoldChange::Clear, ..row(Kind::StartAfresh, &[Erased], Unlicensed) },
];

/// The row for `event` in `phase`.
pub fn row_for(phase: Phase, kind: Kind) -> Option<&'static Row> {
    ROWS.iter().find(|r| r.on == kind && r.from.contains(&phase))
}

pub(super) fn row_of(phase: Phase, event: LicenceEvent) -> Option<&'static Row> {
    row_for(phase, event.kind())
}
