//! The thresholds of silence and of the licence's end, each a moment before and a moment after.
use crate::licence::grace::{Assessment, Inputs, Silence, WITHDRAWN_AFTER_MS, assess};
use crate::licence::{EraseCause, Hold, Licence, LicenceEvent, Phase};
use crate::time::{DAY_MS, SECOND_MS, WallMs};

const GRACE_MS: i64 = 14 * DAY_MS;
const HEARD: WallMs = WallMs(100 * DAY_MS);

fn licence(phase: Phase) -> Licence {
    Licence { phase, ..Licence::default() }
}

/// An activated phone that was heard at [`HEARD`], whose server was tried since.
fn silent(licence: &Licence) -> Inputs<'_> {
    Inputs {
        licence,
        contact_at: Some(HEARD),
        vanished_since: None,
        grace_ms: GRACE_MS,
        valid_until: None,
        server_tried: true,
        is_time_believable: true,
    }
}

/// A phone without a server whose configuration vanished at [`HEARD`].
fn withdrawn(licence: &Licence) -> Inputs<'_> {
    Inputs { contact_at: None, vanished_since: Some(HEARD), ..silent(licence) }
}

#[test]
fn the_offline_grace_ends_with_its_last_day_and_not_before() {
    for phase in [Phase::Active, Phase::Reauthenticate] {
        let licence = licence(phase);
        let end = HEARD.plus_ms(GRACE_MS);
        let before = assess(silent(&licence), end);
        assert_eq!(before.events, []);
        assert_eq!(before.next, Some(end.plus_ms(SECOND_MS)));
        let after = assess(silent(&licence), end.plus_ms(SECOND_MS));
        assert_eq!(after.events, [LicenceEvent::OfflineGraceOver], "{phase:?}");
        assert_eq!(after.next, None);
    }
}

#[test]
fn nobody_is_locked_out_before_the_server_was_tried() {
    let licence = licence(Phase::Active);
    let untried = Inputs { server_tried: false, ..silent(&licence) };
    assert_eq!(assess(untried, HEARD.plus_ms(90 * DAY_MS)).events, []);
}

#[test]
fn a_hold_in_force_is_not_put_in_force_again() {
    let held = Licence { holds: vec![Hold::Offline], ..licence(Phase::Active) };
    assert_eq!(assess(silent(&held), HEARD.plus_ms(90 * DAY_MS)).events, []);
}

#[test]
fn more_than_a_day_of_silence_is_worth_a_word() {
    let licence = licence(Phase::Active);
    let hidden_at = HEARD.plus_ms(GRACE_MS);
    assert_eq!(assess(silent(&licence), HEARD.plus_ms(DAY_MS)).silence, None);
    let later = assess(silent(&licence), HEARD.plus_ms(DAY_MS + 1));
    assert_eq!(later.silence, Some(Silence { hidden_at }));
}

#[test]
fn a_phone_that_has_no_company_is_never_silent() {
    for phase in [Phase::Unlicensed, Phase::Activating, Phase::Erasing, Phase::Erased] {
        let licence = licence(phase);
        let both =
            Inputs { vanished_since: Some(HEARD), valid_until: Some(HEARD), ..silent(&licence) };
        assert_eq!(assess(both, HEARD.plus_ms(400 * DAY_MS)), Assessment::default(), "{phase:?}");
    }
}

#[test]
fn a_withdrawn_configuration_is_hidden_and_a_month_later_erased() {
    let licence = licence(Phase::NotRequired);
    let inputs = Inputs { server_tried: false, ..withdrawn(&licence) };
    let hidden_at = HEARD.plus_ms(GRACE_MS);
    let gone_at = hidden_at.plus_ms(WITHDRAWN_AFTER_MS);

    let hidden = assess(inputs, hidden_at.plus_ms(SECOND_MS));
    assert_eq!(hidden.events, [LicenceEvent::OfflineGraceOver], "there is no server to try");
    assert_eq!(hidden.next, Some(gone_at.plus_ms(SECOND_MS)));

    let held = Licence { holds: vec![Hold::Offline], ..licence.clone() };
    let inputs = withdrawn(&held);
    assert_eq!(assess(inputs, gone_at).events, []);
    let erased = assess(inputs, gone_at.plus_ms(SECOND_MS));
    assert_eq!(erased.events, [LicenceEvent::EraseOrdered(EraseCause::Withdrawn)]);
}

#[test]
fn a_clock_alone_erases_nothing() {
    let held = Licence { holds: vec![Hold::Offline], ..licence(Phase::NotRequired) };
    let doubtful = Inputs { is_time_believable: false, ..withdrawn(&held) };
    assert_eq!(assess(doubtful, HEARD.plus_ms(4_000 * DAY_MS)).events, []);
}

#[test]
fn the_end_of_the_licence_holds_and_its_renewal_lifts() {
    let end = HEARD.plus_ms(DAY_MS);
    let valid = licence(Phase::Active);
    let inputs = |licence| Inputs { valid_until: Some(end), ..silent(licence) };
    let before = assess(inputs(&valid), end);
    assert_eq!((before.events, before.next), (vec![], Some(end.plus_ms(SECOND_MS))));
    let after = assess(inputs(&valid), end.plus_ms(SECOND_MS));
    assert_eq!(after.events, [LicenceEvent::LicenceExpired]);

    let held = Licence { holds: vec![Hold::Expired], ..valid };
    assert_eq!(assess(inputs(&held), end.plus_ms(DAY_MS)).events, []);
    let renewed = Inputs { valid_until: Some(end.plus_ms(30 * DAY_MS)), ..silent(&held) };
    assert_eq!(assess(renewed, end.plus_ms(DAY_MS)).events, [LicenceEvent::LicenceRenewed]);
    assert_eq!(assess(silent(&held), end).events, [LicenceEvent::LicenceRenewed], "without an end");
}
