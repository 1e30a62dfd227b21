//! Rules that stand in settings: managed configuration's compliance group.
use std::collections::BTreeMap;

use super::{Demand, Grace, Rule, Source, WhenUnknown};
use crate::compliance::finding::{Action, Severity};
use crate::compliance::notice::Notice;
use crate::compliance::signals::{Complexity, SignalKind};
use crate::version::Version;

/// The value of one setting, as far as it concerns rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Setting<T> {
    /// Nobody set it.
    #[default]
    Absent,
    /// In force.
    Valid(T),
    /// Set to something that can't be read, with no earlier value to go on with. There is no strict
    /// value to invent: a typing mistake must not lock a fleet.
    Unreadable,
}

impl<T> Setting<T> {
    fn valid(self) -> Option<T> {
        match self {
            Setting::Valid(value) => Some(value),
            Setting::Absent | Setting::Unreadable => None,
        }
    }
}

/// The compliance group of the settings, by key.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ComplianceSettings {
    /// `min_os_version`
    pub min_os_version: Setting<Version>,
    /// `max_patch_age_days`
    pub max_patch_age_days: Setting<u32>,
    /// `require_screen_lock`
    pub require_screen_lock: Setting<bool>,
    /// `min_password_complexity`
    pub min_password_complexity: Setting<Complexity>,
    /// `require_encryption`
    pub require_encryption: Setting<bool>,
    /// `forbid_developer_options`
    pub forbid_developer_options: Setting<bool>,
    /// `forbid_debugging`
    pub forbid_debugging: Setting<bool>,
    /// `require_work_profile`
    pub require_work_profile: Setting<bool>,
    /// `min_app_version`
    pub min_app_version: Setting<Version>,
    /// `noncompliance_action`; its token `warn` is [`Action::None`]
    pub noncompliance_action: Setting<Action>,
    /// `noncompliance_grace_hours`
    pub noncompliance_grace: Setting<Grace>,
}

/// The rules that settings make, and a notice for each setting that could not be read.
///
/// While `noncompliance_action` or `noncompliance_grace_hours` is unreadable, nothing is enforced. A
/// rule whose own value is unreadable can't be judged; what remains of it is the notice, which warns.
pub fn rules_from_settings(settings: &ComplianceSettings) -> (Vec<Rule>, Vec<Notice>) {
    let s = settings.clone();
    let mut notices = Vec::new();
    if s.noncompliance_action == Setting::Unreadable {
        notices.push(unreadable("noncompliance_action"));
    }
    if s.noncompliance_grace == Setting::Unreadable {
        notices.push(unreadable("noncompliance_grace_hours"));
    }
    let enforces = notices.is_empty();
    let action = s.noncompliance_action.valid().filter(|_| enforces).unwrap_or(Action::None);
    let grace = s.noncompliance_grace.valid().unwrap_or(Grace::DEFAULT);

    let yes = |setting: Setting<bool>, demand: bool| match setting {
        Setting::Valid(true) => Setting::Valid(Demand::Is(demand)),
        Setting::Valid(false) | Setting::Absent => Setting::Absent,
        Setting::Unreadable => Setting::Unreadable,
    };
    let complexity = match s.min_password_complexity {
        // No demand at all.
        Setting::Valid(Complexity::None) => Setting::Absent,
        other => map(other, Demand::AtLeastComplexity),
    };
    use SignalKind as K;
    #[rustfmt::skip]
    let rows = [
        ("min_os_version",           K::OsVersion,          map(s.min_os_version, Demand::AtLeastVersion)),
        ("max_patch_age_days",       K::SecurityPatch,      map(s.max_patch_age_days, Demand::MaxAgeDays)),
        ("require_screen_lock",      K::ScreenLock,         yes(s.require_screen_lock, true)),
        ("min_password_complexity",  K::PasswordComplexity, complexity),
        ("require_encryption",       K::StorageEncryption,  yes(s.require_encryption, true)),
        ("forbid_developer_options", K::DeveloperOptions,   yes(s.forbid_developer_options, false)),
        ("forbid_debugging",         K::Adb,                yes(s.forbid_debugging, false)),
        ("require_work_profile",     K::WorkProfile,        yes(s.require_work_profile, true)),
        ("min_app_version",          K::AppVersion,         map(s.min_app_version, Demand::AtLeastVersion)),
    ];
    let mut rules = Vec::new();
    for (key, signal, demand) in rows {
        match demand {
            Setting::Absent => {}
            Setting::Unreadable => notices.push(unreadable(key)),
            Setting::Valid(demand) => rules.push(Rule {
                id: key.to_owned(),
                signal,
                demand,
                grace,
                action,
                ..Rule::blank()
            }),
        }
    }
    (rules, notices)
}

fn map<T>(setting: Setting<T>, make: impl Fn(T) -> Demand) -> Setting<Demand> {
    match setting {
        Setting::Absent => Setting::Absent,
        Setting::Valid(value) => Setting::Valid(make(value)),
        Setting::Unreadable => Setting::Unreadable,
    }
}

fn unreadable(key: &str) -> Notice {
    Notice::SettingUnreadable { key: key.to_owned() }
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
