//! Findings and problems, in words.
use muster_core::compliance::{Mend, Severity};
use muster_core::messages::{Area, FindingView, ProblemView};

/// How grave a finding is.
pub type FindingSeverity = Severity;

/// How grave a finding is.
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

/// Something that is wrong with the phone, and how to mend it. Moments are RFC 3339 in UTC.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Finding {
    /// Its name: stable, and fit to be the id of a notification.
    pub id: String,
    /// How grave it is.
    pub severity: FindingSeverity,
    /// One line.
    pub title: String,
    /// What is wrong, what to do, why, and what follows.
    pub explanation: String,
    /// What a shell opens to mend it.
    pub action: Option<MendAction>,
    /// What stands on the button.
    pub action_label: Option<String>,
    /// The page that the button opens, where the server named one.
    pub action_url: Option<String>,
    /// When it was first seen.
    pub since: String,
    /// When the next consequence comes, or the last one came.
    pub due: Option<String>,
    /// `due` in words.
    pub due_words: Option<String>,
    /// Ids of the rules behind it. Empty for what is no rule.
    pub rules: Vec<String>,
}

impl From<FindingView> for Finding {
    fn from(view: FindingView) -> Self {
        Self {
            id: view.id,
            severity: view.severity,
            title: view.title,
            explanation: view.explanation,
            action: view.action,
            action_label: view.action_label.map(str::to_owned),
            action_url: view.action_url,
            since: view.since,
            due: view.due,
            due_words: view.due_words,
            rules: view.rules,
        }
    }
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
