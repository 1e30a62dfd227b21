//! How a finding is mended: an action that a shell can offer as a button.
use serde::{Deserialize, Serialize};

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

/// One row per action, in the order of the enum: its token.
#[rustfmt::skip]
const TABLE: [(Mend, &str); 13] = [
    (Mend::OpenSecuritySettings,  "open_security_settings"),
    (Mend::OpenSystemUpdate,      "open_system_update"),
    (Mend::OpenAppStore,          "open_app_store"),
    (Mend::OpenEncryption,        "open_encryption"),
    (Mend::OpenDeveloperOptions,  "open_developer_options"),
    (Mend::OpenBatterySettings,   "open_battery_settings"),
    (Mend::OpenCallSettings,      "open_call_settings"),
    (Mend::OpenBackgroundRefresh, "open_background_refresh"),
    (Mend::OpenNetworkSettings,   "open_network_settings"),
    (Mend::OpenAppPermissions,    "open_app_permissions"),
    (Mend::SignInAgain,           "sign_in_again"),
    (Mend::ContactSupport,        "contact_support"),
    (Mend::CheckConfiguration,    "check_configuration"),
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
}
