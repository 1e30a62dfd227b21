//! How a finding is mended: an action that a shell can offer as a button.
use serde::{Deserialize, Serialize};

use crate::compliance::{SignalKind, UnknownReason};
use crate::ids::Language;

/// One action.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mend {
    /// The security settings of the phone.
    OpenSecuritySettings,
    /// The system update page of the phone.
    OpenSystemUpdate,
    /// The page of this app in the store.
    OpenAppStore,
    /// The encryption settings of the phone.
    OpenEncryption,
    /// The developer options of the phone.
    OpenDeveloperOptions,
    /// The battery settings of this app.
    OpenBatterySettings,
    /// Where calls are identified: call settings.
    OpenCallSettings,
    /// Background App Refresh in the settings of the phone.
    OpenBackgroundRefresh,
    /// Network settings.
    OpenNetworkSettings,
    /// The permissions of this app.
    OpenAppPermissions,
    /// The sign-in screen of this app.
    SignInAgain,
    /// The support contact of the organisation.
    ContactSupport,
    /// For the admin: the value in the management console.
    CheckConfiguration,
}

/// One row per action: token, label.
#[rustfmt::skip]
const TABLE: [(Mend, &str, [&str; 3]); 13] = [
    (Mend::OpenSecuritySettings,  "open_security_settings",  ["Open security settings", "Sicherheitseinstellungen öffnen", "Öppna säkerhetsinställningar"]),
    (Mend::OpenSystemUpdate,      "open_system_update",      ["Update the system", "System aktualisieren", "Uppdatera systemet"]),
    (Mend::OpenAppStore,          "open_app_store",          ["Update the app", "App aktualisieren", "Uppdatera appen"]),
    (Mend::OpenEncryption,        "open_encryption",         ["Open encryption settings", "Verschlüsselung öffnen", "Öppna krypteringsinställningar"]),
    (Mend::OpenDeveloperOptions,  "open_developer_options",  ["Open developer options", "Entwickleroptionen öffnen", "Öppna utvecklaralternativ"]),
    (Mend::OpenBatterySettings,   "open_battery_settings",   ["Open battery settings", "Akku-Einstellungen öffnen", "Öppna batteriinställningar"]),
    (Mend::OpenCallSettings,      "open_call_settings",      ["Open call settings", "Anruf-Einstellungen öffnen", "Öppna samtalsinställningar"]),
    (Mend::OpenBackgroundRefresh, "open_background_refresh", ["Open background settings", "Hintergrundaktualisierung öffnen", "Öppna bakgrundsinställningar"]),
    (Mend::OpenNetworkSettings,   "open_network_settings",   ["Open network settings", "Netzwerkeinstellungen öffnen", "Öppna nätverksinställningar"]),
    (Mend::OpenAppPermissions,    "open_app_permissions",    ["Open app permissions", "App-Berechtigungen öffnen", "Öppna appens behörigheter"]),
    (Mend::SignInAgain,           "sign_in_again",           ["Sign in again", "Erneut anmelden", "Logga in igen"]),
    (Mend::ContactSupport,        "contact_support",         ["Contact support", "Support kontaktieren", "Kontakta supporten"]),
    (Mend::CheckConfiguration,    "check_configuration",     ["Ask your IT support to check it", "IT-Support um Prüfung bitten", "Be IT-supporten kontrollera"]),
];

impl Mend {
    /// Every action, in the order of the table.
    pub fn all() -> impl Iterator<Item = Mend> {
        TABLE.iter().map(|row| row.0)
    }

    /// The token in views.
    pub fn as_str(self) -> &'static str {
        TABLE[self as usize].1
    }

    /// What stands on the button.
    pub fn label(self, language: Language) -> &'static str {
        language.of(TABLE[self as usize].2)
    }

    /// What mends a signal that is not as it should be.
    pub fn for_signal(signal: SignalKind) -> Mend {
        match signal {
            SignalKind::ScreenLock | SignalKind::PasswordComplexity => Mend::OpenSecuritySettings,
            SignalKind::OsVersion | SignalKind::SecurityPatch => Mend::OpenSystemUpdate,
            SignalKind::StorageEncryption => Mend::OpenEncryption,
            SignalKind::DeveloperOptions | SignalKind::Adb => Mend::OpenDeveloperOptions,
            SignalKind::AppVersion => Mend::OpenAppStore,
            SignalKind::BackgroundAllowed => Mend::OpenBatterySettings,
            SignalKind::BackgroundAppRefresh => Mend::OpenBackgroundRefresh,
            SignalKind::CallerIdEnabled => Mend::OpenCallSettings,
            SignalKind::WorkProfile | SignalKind::OrganizationOwned | SignalKind::Integrity => {
                Mend::ContactSupport
            }
        }
    }

    /// What helps against an unknown signal.
    pub(crate) fn for_unknown(reason: UnknownReason) -> Option<Mend> {
        match reason {
            UnknownReason::NoPermission => Some(Mend::OpenAppPermissions),
            UnknownReason::TooOld => Some(Mend::OpenSystemUpdate),
            UnknownReason::NotUnlocked => None,
            UnknownReason::NotCollected | UnknownReason::Failed | UnknownReason::Other => {
                Some(Mend::ContactSupport)
            }
        }
    }
}
