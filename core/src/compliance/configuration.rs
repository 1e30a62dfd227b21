//! Where rules and managed configuration meet: settings in force become [`ComplianceSettings`], and
//! what is wrong with a configuration becomes notices.
use super::finding::Action;
use super::notice::Notice;
use super::rules::{ComplianceSettings, Grace, Setting};
use super::signals::Complexity;
use crate::config::{Effective, Key, Layer, Resolution, State};
use crate::version::Version;

impl From<&Effective> for ComplianceSettings {
    fn from(settings: &Effective) -> Self {
        let flag = |key| read(settings, key, |s| Some(s.bool(key)));
        let version = |key| read(settings, key, |s| Version::parse(s.text(key)?).ok());
        let number = |key| read(settings, key, |s| u32::try_from(s.int(key)?).ok());
        ComplianceSettings {
            min_os_version: version(Key::MinOsVersion),
            max_patch_age_days: number(Key::MaxPatchAgeDays),
            require_screen_lock: flag(Key::RequireScreenLock),
            min_password_complexity: read(settings, Key::MinPasswordComplexity, |s| {
                Complexity::from_token(s.text(Key::MinPasswordComplexity)?)
            }),
            require_encryption: flag(Key::RequireEncryption),
            forbid_developer_options: flag(Key::ForbidDeveloperOptions),
            forbid_debugging: flag(Key::ForbidDebugging),
            require_work_profile: flag(Key::RequireWorkProfile),
            min_app_version: version(Key::MinAppVersion),
            noncompliance_action: read(settings, Key::NoncomplianceAction, |s| {
                Action::from_token(s.text(Key::NoncomplianceAction)?)
            }),
            noncompliance_grace: match number(Key::NoncomplianceGraceHours) {
                Setting::Absent => Setting::Absent,
                Setting::Valid(hours) => Setting::Valid(Grace::hours(hours)),
                Setting::Unreadable => Setting::Unreadable,
            },
        }
    }
}

/// A value in force counts as it is, even if a stronger layer said something unreadable: a typing
/// mistake on the server does not loosen what the MDM set. A compiled default that only stands in
/// for something unreadable does not count.
fn read<T>(settings: &Effective, key: Key, value: impl Fn(&Effective) -> Option<T>) -> Setting<T> {
    let stands_in = settings.provenance(key).layer == Layer::Default;
    let unreadable = settings.only_warn().contains(&key);
    if !settings.is_set(key) || (stands_in && unreadable) {
        return if unreadable { Setting::Unreadable } else { Setting::Absent };
    }
    value(settings).map_or(Setting::Unreadable, Setting::Valid)
}

/// What the person and the admin should know about the configuration itself.
pub fn notices_from_configuration(configuration: &Resolution) -> Vec<Notice> {
    let mut notices = Vec::new();
    for entry in &configuration.entries {
        let key = entry.key.name().to_owned();
        let rule_is_lame = configuration.effective.only_warn().contains(&entry.key);
        match entry.state {
            State::Unexpanded => notices.push(Notice::SettingUnexpanded { key }),
            State::Invalid => notices.push(Notice::SettingUnreadable { key }),
            // A weaker layer's value can't be read, and a stronger one does not mend that.
            State::Absent | State::Valid if rule_is_lame => {
                notices.push(Notice::SettingUnreadable { key });
            }
            State::Absent | State::Valid => {}
        }
    }
    let unknown = configuration.unknown.iter().map(|unknown| Notice::SettingUnknown {
        key: unknown.key.clone(),
        meant: unknown.meant.map(str::to_owned),
    });
    notices.extend(unknown);
    notices
}
