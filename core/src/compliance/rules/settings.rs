//! Rules that stand in settings: managed configuration's compliance group.
//!
//! Which setting makes a rule about which signal stands in the table of signals, and what it can
//! demand follows from the form of the signal's value.
use std::collections::BTreeMap;

use super::{Demand, Grace, Rule, Source, WhenUnknown};
use crate::compliance::level::{Action, Severity};
use crate::compliance::notice::Notice;
use crate::compliance::signals::{Complexity, Shape, SignalKind};
use crate::config::{Effective, Key, Layer};
use crate::version::Version;

/// The rules that settings make, and a notice for each setting that could not be read.
///
/// While `noncompliance_action` or `noncompliance_grace_hours` is unreadable, nothing is enforced. A
/// rule whose own value is unreadable can't be judged; what remains of it is the notice, which warns.
pub fn rules_from_settings(settings: &Effective) -> (Vec<Rule>, Vec<Notice>) {
    let mut notices = Vec::new();
    let token = |s: &Effective| Action::from_token(s.text(Key::NoncomplianceAction)?);
    let action = valid(settings, Key::NoncomplianceAction, token, &mut notices);
    let hours = |s: &Effective| u32::try_from(s.int(Key::NoncomplianceGraceHours)?).ok();
    let hours = valid(settings, Key::NoncomplianceGraceHours, hours, &mut notices);
    let action = action.filter(|_| notices.is_empty()).unwrap_or(Action::None);
    let grace = hours.map_or(Grace::DEFAULT, Grace::hours);

    let mut rules = Vec::new();
    for (key, signal) in SignalKind::demands() {
        let value = |s: &Effective| demand(s, key, signal.shape());
        if let Some(Some(demand)) = valid(settings, key, value, &mut notices) {
            let id = key.name().to_owned();
            rules.push(Rule { id, signal, demand, grace, action, ..Rule::blank() });
        }
    }
    (rules, notices)
}

/// What a setting demands of a signal of this form: `None` if its value makes no sense, and nothing
/// within that if it asks for nothing.
fn demand(settings: &Effective, key: Key, shape: Shape) -> Option<Option<Demand>> {
    let demand = match shape {
        Shape::Flag { good } => {
            return Some(settings.bool(key).then_some(Demand::Is(good)));
        }
        Shape::Complexity => match Complexity::from_token(settings.text(key)?)? {
            Complexity::None => return Some(None),
            grade => Demand::AtLeastComplexity(grade),
        },
        Shape::Version => Demand::AtLeastVersion(Version::parse(settings.text(key)?).ok()?),
        Shape::Date => Demand::MaxAgeDays(u32::try_from(settings.int(key)?).ok()?),
    };
    Some(Some(demand))
}

/// The value of a setting that is in force. One that can't be read, with no earlier value to go on
/// with, is noted: there is no strict value to invent, and a typing mistake must not lock a fleet.
///
/// A value in force counts as it is, even if a stronger layer said something unreadable: a mistake
/// on the server does not loosen what the MDM set. A compiled default that only stands in for
/// something unreadable does not count.
fn valid<T>(
    settings: &Effective,
    key: Key,
    value: impl Fn(&Effective) -> Option<T>,
    notices: &mut Vec<Notice>,
) -> Option<T> {
    let unreadable = settings.only_warn().contains(&key);
    let stands_in = unreadable && settings.provenance(key).layer == Layer::Default;
    let in_force = settings.is_set(key) && !stands_in;
    let value = if in_force { value(settings) } else { None };
    if value.is_none() && (in_force || unreadable) {
        notices.push(Notice::SettingUnreadable { key: key.name().to_owned() });
    }
    value
}

impl Rule {
    /// What every rule from a setting has in common.
    pub(crate) fn blank() -> Rule {
        Rule {
            id: String::new(),
            source: Source::Mdm,
            signal: SignalKind::ScreenLock,
            demand: Demand::Is(true),
            severity: Severity::Require,
            grace: Grace::DEFAULT,
            action: Action::None,
            reason: BTreeMap::new(),
            unknown: WhenUnknown::default(),
        }
    }
}
