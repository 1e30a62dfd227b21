//! Findings that no rule makes: what the agent itself came upon.
use super::level::{FindingId, Severity};
use super::mend::Mend;
use super::signals::{SignalKind, Signals};
use crate::time::WallMs;

/// Something that the person or the admin should know. None of these is ever enforced.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Notice {
    /// A setting still holds a placeholder that the MDM did not fill in. Comes before the next,
    /// because it says more about the same setting.
    SettingUnexpanded {
        /// The setting.
        key: String,
    },
    /// A setting's value can't be read.
    SettingUnreadable {
        /// The setting.
        key: String,
    },
    /// A key that is not a setting.
    SettingUnknown {
        /// As received.
        key: String,
        /// The setting that was probably meant.
        meant: Option<String>,
    },
    /// A rule of the server can't be read.
    RuleUnreadable {
        /// The rule.
        rule: String,
    },
    /// Managed configuration was there and is gone.
    ConfigurationVanished,
    /// A newer version of the app is out.
    UpdateAvailable {
        /// The newest version.
        latest: String,
        /// Its page in the store.
        url: Option<String>,
    },
    /// A server refuses the login to an address book.
    BookRefused {
        /// Host of the server.
        host: String,
    },
    /// The person has to sign in again.
    Reauthenticate,
    /// The management server has not been reached for a while.
    Offline {
        /// When the contacts are hidden, if that is to come.
        hidden_at: Option<WallMs>,
    },
    /// The system does not let the app work in the background.
    BackgroundNotAllowed,
    /// Background App Refresh is off (iOS).
    BackgroundRefreshOff,
    /// The company wants caller ID, and it is off in the settings of the phone.
    CallerIdOff,
}

impl Notice {
    /// Its name, the same from one evaluation to the next.
    pub fn id(&self) -> FindingId {
        let id = match self {
            Notice::SettingUnreadable { key } | Notice::SettingUnexpanded { key } => {
                format!("setting.{key}")
            }
            Notice::SettingUnknown { key, .. } => format!("setting_unknown.{key}"),
            Notice::RuleUnreadable { rule } => format!("rule_unreadable.{rule}"),
            Notice::ConfigurationVanished => "configuration_vanished".to_owned(),
            Notice::UpdateAvailable { .. } => "update_available".to_owned(),
            Notice::BookRefused { host } => format!("book_refused.{host}"),
            Notice::Reauthenticate => "reauthenticate".to_owned(),
            Notice::Offline { .. } => "offline".to_owned(),
            Notice::BackgroundNotAllowed => SignalKind::BackgroundAllowed.as_str().to_owned(),
            Notice::BackgroundRefreshOff => SignalKind::BackgroundAppRefresh.as_str().to_owned(),
            Notice::CallerIdOff => SignalKind::CallerIdEnabled.as_str().to_owned(),
        };
        FindingId(id)
    }

    /// How grave it is.
    pub fn severity(&self) -> Severity {
        match self {
            Notice::SettingUnknown { .. }
            | Notice::UpdateAvailable { .. }
            | Notice::BackgroundRefreshOff
            | Notice::CallerIdOff => Severity::Inform,
            Notice::SettingUnreadable { .. }
            | Notice::SettingUnexpanded { .. }
            | Notice::RuleUnreadable { .. }
            | Notice::ConfigurationVanished
            | Notice::BookRefused { .. }
            | Notice::Reauthenticate
            | Notice::Offline { .. }
            | Notice::BackgroundNotAllowed => Severity::Warn,
        }
    }

    /// How it is mended.
    pub fn mend(&self) -> Mend {
        match self {
            Notice::SettingUnreadable { .. }
            | Notice::SettingUnexpanded { .. }
            | Notice::SettingUnknown { .. }
            | Notice::RuleUnreadable { .. } => Mend::CheckConfiguration,
            Notice::ConfigurationVanished | Notice::BookRefused { .. } => Mend::ContactSupport,
            Notice::UpdateAvailable { .. } => Mend::OpenAppStore,
            Notice::Reauthenticate => Mend::SignInAgain,
            Notice::Offline { .. } => Mend::OpenNetworkSettings,
            Notice::BackgroundNotAllowed => Mend::OpenBatterySettings,
            Notice::BackgroundRefreshOff => Mend::OpenBackgroundRefresh,
            Notice::CallerIdOff => Mend::OpenCallSettings,
        }
    }

    pub(crate) fn due(&self) -> Option<WallMs> {
        match self {
            Notice::Offline { hidden_at } => *hidden_at,
            _ => None,
        }
    }

    pub(crate) fn link(&self) -> Option<String> {
        match self {
            Notice::UpdateAvailable { url, .. } => url.clone(),
            _ => None,
        }
    }
}

/// The notices that follow from signals alone. `caller_id_wanted` is the effective setting
/// `caller_id`.
pub fn notices_from_signals(signals: &Signals, caller_id_wanted: bool) -> Vec<Notice> {
    let off = |kind| signals.flag(kind) == Some(false);
    let mut notices = Vec::new();
    if off(SignalKind::BackgroundAllowed) {
        notices.push(Notice::BackgroundNotAllowed);
    }
    if off(SignalKind::BackgroundAppRefresh) {
        notices.push(Notice::BackgroundRefreshOff);
    }
    if caller_id_wanted && off(SignalKind::CallerIdEnabled) {
        notices.push(Notice::CallerIdOff);
    }
    notices
}
