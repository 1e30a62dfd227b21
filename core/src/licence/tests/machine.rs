use proptest::prelude::*;

use crate::licence::table::{self, HoldChange, Kind, ROWS};
use crate::licence::*;

const EVENTS: &[LicenceEvent] = &[
    LicenceEvent::StandaloneConfigured,
    LicenceEvent::StandaloneWithdrawn,
    LicenceEvent::ActivationStarted,
    LicenceEvent::PromptNeeded(Prompt::OneTimeCode),
    LicenceEvent::ActivationFailed,
    LicenceEvent::Activated,
    LicenceEvent::ProofWanted,
    LicenceEvent::ServerContact,
    LicenceEvent::OfflineGraceOver,
    LicenceEvent::PolicyInForce,
    LicenceEvent::LockOrdered,
    LicenceEvent::UnlockOrdered,
    LicenceEvent::RuleBroken,
    LicenceEvent::RulesMet,
    LicenceEvent::LicenceExpired,
    LicenceEvent::LicenceRenewed,
    LicenceEvent::EraseOrdered(EraseCause::Retired),
    LicenceEvent::EraseFinished,
    LicenceEvent::StartAfresh,
];

/// Every cell, written out by hand and apart from the table: columns are the phases in the order of
/// `Phase::ALL`; `.` = nothing, a letter = the phase afterwards (n u a A R e E), `=` = the phase
/// stays; then `+x` or `-x` for a hold, x one of o(ffline) l(ost) r(ule) e(xpired) n(o policy).
const GRID: &[(Kind, [&str; 7])] = &[
    (Kind::StandaloneConfigured, ["=-o", "n", "n", ".", ".", ".", "."]),
    (Kind::StandaloneWithdrawn, ["u", ".", ".", ".", ".", ".", "."]),
    (Kind::ActivationStarted, ["=", "a", "a", "=", "=", ".", "."]),
    (Kind::PromptNeeded, ["=", ".", "=", "=", "=", ".", "."]),
    (Kind::ActivationFailed, ["=", ".", "u", "=", "=", ".", "."]),
    (Kind::Activated, ["A+n", "A+n", "A+n", "A-o", "A-o", ".", "."]),
    (Kind::ProofWanted, [".", ".", ".", "R", "R", ".", "."]),
    (Kind::ServerContact, [".", ".", ".", "A-o", "A-o", ".", "."]),
    (Kind::OfflineGraceOver, ["=+o", ".", ".", "=+o", "=+o", ".", "."]),
    (Kind::PolicyInForce, [".", ".", ".", "=-n", "=-n", ".", "."]),
    (Kind::LockOrdered, [".", ".", ".", "=+l", "=+l", ".", "."]),
    (Kind::UnlockOrdered, [".", ".", ".", "=-l", "=-l", ".", "."]),
    (Kind::RuleBroken, ["=+r", ".", ".", "=+r", "=+r", ".", "."]),
    (Kind::RulesMet, ["=-r", ".", ".", "=-r", "=-r", ".", "."]),
    (Kind::LicenceExpired, [".", ".", ".", "=+e", "=+e", ".", "."]),
    (Kind::LicenceRenewed, [".", ".", ".", "=-e", "=-e", ".", "."]),
    (Kind::EraseOrdered, ["e", "e", "e", "e", "e", ".", "."]),
    (Kind::EraseFinished, [".", ".", ".", ".", ".", "E", "."]),
    (Kind::StartAfresh, [".", ".", ".", ".", ".", ".", "u*"]),
];

fn cell(phase: Phase, event: LicenceEvent) -> String {
    let Some(row) = table::row_of(phase, event) else { return ".".to_owned() };
    let letter = match row.to {
        None => "=",
        Some(Phase::NotRequired) => "n",
        Some(Phase::Unlicensed) => "u",
        Some(Phase::Activating) => "a",
        Some(Phase::Active) => "A",
        Some(Phase::Reauthenticate) => "R",
        Some(Phase::Erasing) => "e",
        Some(Phase::Erased) => "E",
    };
    let name = |hold| match hold {
        Hold::Offline => "o",
        Hold::Lost => "l",
        Hold::Rule => "r",
        Hold::Expired => "e",
        Hold::NoPolicy => "n",
    };
    let hold = match row.hold {
        HoldChange::Keep => String::new(),
        HoldChange::Set(hold) => format!("+{}", name(hold)),
        HoldChange::Lift(hold) => format!("-{}", name(hold)),
        HoldChange::Clear => "*".to_owned(),
    };
    format!("{letter}{hold}")
}

#[test]
fn every_cell_is_as_written_down() {
    for (event, (kind, cells)) in EVENTS.iter().zip(GRID) {
        assert_eq!(event.kind(), *kind);
        for (phase, expected) in Phase::ALL.iter().zip(cells) {
            assert_eq!(cell(*phase, *event), *expected, "{phase:?} × {event:?}");
        }
    }
    assert_eq!(EVENTS.len(), GRID.len());
}

#[test]
fn at_most_one_row_fits_a_cell() {
    for phase in Phase::ALL {
        for event in EVENTS {
            let fits =
                ROWS.iter().filter(|r| r.on == event.kind() && r.from.contains(&phase)).count();
            assert!(fits <= 1, "{phase:?} × {event:?}");
        }
    }
}

#[test]
fn a_phone_from_first_launch_to_retirement() {
    let mut licence = Licence::default();
    assert_eq!(licence.apply(LicenceEvent::ActivationStarted), []);
    assert_eq!(licence.apply(LicenceEvent::Activated), [Consequence::FetchPolicy]);
    assert!(!licence.contacts_readable(), "not before the first policy");
    let shown = licence.apply(LicenceEvent::PolicyInForce);
    assert_eq!(shown, [Consequence::SyncContacts, Consequence::ShowContacts]);
    assert_eq!(licence.apply(LicenceEvent::LockOrdered), [Consequence::HideContacts]);
    assert_eq!(licence.apply(LicenceEvent::RulesMet), [], "another cause lifts nothing");
    assert!(licence.has(Hold::Lost));
    assert_eq!(licence.apply(LicenceEvent::UnlockOrdered), [Consequence::ShowContacts]);
    let gone = licence.apply(LicenceEvent::EraseOrdered(EraseCause::Retired));
    assert_eq!(gone, [Consequence::HideContacts, Consequence::BeginErase]);
    assert_eq!(licence.apply(LicenceEvent::Activated), [], "nothing revives a phone being erased");
    licence.apply(LicenceEvent::EraseFinished);
    assert_eq!((licence.phase, licence.cause), (Phase::Erased, Some(EraseCause::Retired)));
}

#[test]
fn a_prompt_never_takes_contacts_away() {
    let mut licence = Licence { phase: Phase::Active, ..Licence::default() };
    assert_eq!(licence.apply(LicenceEvent::PromptNeeded(Prompt::OneTimeCode)), []);
    assert!(licence.contacts_readable());
    assert_eq!(licence.prompt, Some(Prompt::OneTimeCode));
}

proptest! {
    #[test]
    fn no_sequence_of_events_breaks_a_promise(picks in prop::collection::vec(0..EVENTS.len(), 0..60)) {
        let mut licence = Licence::default();
        for pick in picks {
            let event = EVENTS[pick];
            let before = licence.clone();
            let then = licence.apply(event);
            let ordered = matches!(event, LicenceEvent::EraseOrdered(_));
            prop_assert!(ordered || before.phase == Phase::Erasing || licence.phase != Phase::Erasing);
            prop_assert_eq!(then.contains(&Consequence::BeginErase), licence.phase == Phase::Erasing && before.phase != Phase::Erasing);
            prop_assert_eq!(then.contains(&Consequence::HideContacts), before.contacts_readable() && !licence.contacts_readable());
            prop_assert_eq!(then.contains(&Consequence::ShowContacts), !before.contacts_readable() && licence.contacts_readable());
            for hold in Hold::ALL {
                if before.has(hold) && !licence.has(hold) {
                    let own_cause = matches!((hold, event),
                        (Hold::Offline, LicenceEvent::ServerContact | LicenceEvent::Activated | LicenceEvent::StandaloneConfigured)
                        | (Hold::Lost, LicenceEvent::UnlockOrdered) | (Hold::Rule, LicenceEvent::RulesMet)
                        | (Hold::Expired, LicenceEvent::LicenceRenewed) | (Hold::NoPolicy, LicenceEvent::PolicyInForce)
                        | (_, LicenceEvent::StartAfresh));
                    prop_assert!(own_cause, "{:?} lifted by {:?}", hold, event);
                }
            }
        }
    }
}
