//! Findings and problems, in words.
use muster_core::compliance::{Mend, Severity};
use muster_core::messages::{Area, ProblemView};

/// how severe a finding is.
pub type FindingSeverity = Severity;

/// how severe a finding is.
#[uniffi::remote(Enum)]
pub enum FindingSeverity {
    /// Good to know. Does not change the state of the phone.
    Inform,
    /// Something to see to. The phone stays compliant.
    Warn,
    /// The company requires it: after the grace the phone is non-compliant.
    Require,
}

/// How a finding is mended: what a shell opens when its button is tapped.
pub type MendAction = Mend;

/// How a finding is mended: what a shell opens when its button is tapped.
#[uniffi::remote(Enum)]
pub enum MendAction {
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

/// Which part of the agent a problem belongs to.
pub type ProblemArea = Area;

/// Which part of the agent a problem belongs to.
#[uniffi::remote(Enum)]
pub enum ProblemArea {
    /// Activation, sign-in, licence.
    Activation,
    /// Managed configuration.
    Configuration,
    /// Address books.
    Contacts,
    /// The signed policy.
    Policy,
    /// Reports to the server.
    Report,
    /// The agent's own files and keys.
    Store,
}

/// Something that failed and was not mended since.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Problem {
    /// Where.
    pub area: ProblemArea,
    /// For machines.
    pub code: String,
    /// What happened.
    pub text: String,
    /// What to do next.
    pub next: String,
}

impl From<ProblemView> for Problem {
    fn from(view: ProblemView) -> Self {
        Self { area: view.area, code: view.code.to_owned(), text: view.text, next: view.next }
    }
}
