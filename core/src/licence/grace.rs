//! The grace: how long everything goes on while the company is silent, and what its end means.
//!
//! One function over values: [`assess`] says which events of the licence machine are due by the
//! passing of time, and when time alone will change something next. Both come from the same
//! moments, so that nobody wakes up for a threshold that is then judged otherwise.
use super::{EraseCause, Hold, Licence, LicenceEvent, Phase};
use crate::time::{DAY_MS, SECOND_MS, WallMs};

/// How long hidden contacts are kept after the grace of a configuration that vanished, where there is
/// no server that could say anything: 30 days. Then they are erased.
pub const WITHDRAWN_AFTER_MS: i64 = 30 * DAY_MS;
/// Silence that is usual: a person is told only of more than a day of it.
const USUAL_SILENCE_MS: i64 = DAY_MS;

/// What the judgement is made of. Moments are trusted time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Inputs<'a> {
    /// The licence as it stands.
    pub licence: &'a Licence,
    /// When a signed answer of the server last said that all is well.
    pub contact_at: Option<WallMs>,
    /// Since when a managed configuration that was there is gone.
    pub vanished_since: Option<WallMs>,
    /// Milliseconds that everything goes on without the company.
    pub grace_ms: i64,
    /// When the company's licence runs out, if it says.
    pub valid_until: Option<WallMs>,
    /// The server was tried in this run and gave no signed answer.
    pub server_tried: bool,
    /// The time is counted from a signed answer, or there is nobody to get one from. Nothing is
    /// erased on the word of a clock alone.
    pub is_time_believable: bool,
}

/// What follows from time alone.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assessment {
    /// To be applied to the licence, in order. Empty if it stands as it should.
    pub events: Vec<LicenceEvent>,
    /// The next moment at which the answer may be another one.
    pub next: Option<WallMs>,
    /// Nothing while the company was heard within a day. It is looked at where something else made
    /// the phone judge itself, and wakes nobody.
    pub silence: Option<Silence>,
}

/// A silence of the company that is worth a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Silence {
    /// When contacts are, or were, hidden for it.
    pub hidden_at: WallMs,
}

/// Judges the licence at the moment `now`.
pub fn assess(inputs: Inputs<'_>, now: WallMs) -> Assessment {
    let mut assessment = Assessment::default();
    let mut moments = Vec::new();
    if let Some(since) = silent_since(inputs) {
        let hidden_at = since.plus_ms(inputs.grace_ms);
        moments.push(hidden_at);
        if now > since.plus_ms(USUAL_SILENCE_MS) {
            assessment.silence = Some(Silence { hidden_at });
        }
        let is_standalone = inputs.licence.phase == Phase::NotRequired;
        // Somebody back from three weeks off is not locked out before the server was tried.
        let tried = inputs.server_tried || is_standalone;
        if now > hidden_at && tried && !inputs.licence.has(Hold::Offline) {
            assessment.events.push(LicenceEvent::OfflineGraceOver);
        }
        if is_standalone {
            let gone_at = hidden_at.plus_ms(WITHDRAWN_AFTER_MS);
            moments.push(gone_at);
            if now > gone_at && inputs.is_time_believable {
                assessment.events.push(LicenceEvent::EraseOrdered(EraseCause::Withdrawn));
            }
        }
    }
    let is_licensed = matches!(inputs.licence.phase, Phase::Active | Phase::Reauthenticate);
    let valid_until = inputs.valid_until.filter(|_| is_licensed);
    let expired = valid_until.is_some_and(|end| now > end);
    if is_licensed && expired != inputs.licence.has(Hold::Expired) {
        assessment.events.push(match expired {
            true => LicenceEvent::LicenceExpired,
            false => LicenceEvent::LicenceRenewed,
        });
    }
    moments.extend(valid_until);
    // A threshold is crossed when it lies in the past: a second after it.
    let ahead = moments.into_iter().map(|moment| moment.plus_ms(SECOND_MS));
    assessment.next = ahead.filter(|moment| *moment > now).min();
    assessment
}

/// Since when the company is silent: no signed answer, or without a server no configuration.
fn silent_since(inputs: Inputs<'_>) -> Option<WallMs> {
    match inputs.licence.phase {
        Phase::Active | Phase::Reauthenticate => inputs.contact_at,
        Phase::NotRequired => inputs.vanished_since,
        Phase::Unlicensed | Phase::Activating | Phase::Erasing | Phase::Erased => None,
    }
}
