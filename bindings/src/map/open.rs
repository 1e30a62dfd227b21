//! What a shell says once, when it opens the agent.
use std::path::PathBuf;

use muster_core::agent::{OpenError, OpenOptions as CoreOptions};
use muster_core::ids::{Language, ProfileId};
use muster_core::messages::{self, Args, Code};

use super::Words;
use crate::error::{BadInput, MusterError};
use crate::logging::LogLevel;

pub use muster_core::agent::DeviceInfo;
pub use muster_core::ids::Platform;

/// The phone's operating system.
#[uniffi::remote(Enum)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS and iPadOS.
    Ios,
}

/// The phone, as reports and the management server see it.
#[uniffi::remote(Record)]
pub struct DeviceInfo {
    /// Maker and model, such as `Fairphone 5`.
    pub model: String,
    /// Version of the operating system, such as `15` or `18.2`.
    pub os_version: String,
    /// Version of the app that embeds the agent.
    pub app_version: String,
}

/// How to open an agent.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Record)]
pub struct OpenOptions {
    /// Folder of all profiles: private to the app, never backed up, never in a shared container.
    pub root: String,
    /// The operating system.
    pub platform: Platform,
    /// The phone's language as a BCP 47 tag, such as `de-AT`; the setting `language` wins over it.
    pub language: String,
    /// The phone.
    pub device: DeviceInfo,
    /// Which profile: 1 to 32 lower-case letters, digits, `-` and `_`. One person's use of one phone
    /// is one profile.
    #[uniffi(default = "default")]
    pub profile: String,
    /// Host of the activation links that open this app (Android App Links, iOS Universal Links);
    /// none for Muster's own.
    #[uniffi(default = None)]
    pub app_link_host: Option<String>,
    /// OAuth client id that was agreed on with the server; none for the usual one.
    #[uniffi(default = None)]
    pub client_id: Option<String>,
    /// How much is logged.
    #[uniffi(default = None)]
    pub log_level: Option<LogLevel>,
}

impl TryFrom<OpenOptions> for CoreOptions {
    type Error = MusterError;

    fn try_from(options: OpenOptions) -> Result<Self, MusterError> {
        let usual = CoreOptions::new(PathBuf::from(options.root), options.platform);
        Ok(CoreOptions {
            profile: ProfileId::new(&options.profile).ok_or(BadInput::Profile)?,
            language: Language::from_tag(&options.language),
            device: options.device,
            app_link_host: options.app_link_host.unwrap_or_else(|| usual.app_link_host.clone()),
            client_id: options.client_id.unwrap_or_else(|| usual.client_id.clone()),
            ..usual
        })
    }
}

/// Why an agent could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum OpenFailure {
    /// `MusterError.InUse`.
    InUse,
    /// `MusterError.Full`.
    Full,
    /// `MusterError.Store`, and any other error.
    Unusable,
    /// The phone was not unlocked since it was started. A shell that can tell opens nothing then.
    BeforeFirstUnlock,
}

/// What a person reads when the agent could not be opened, in the language of the BCP 47 tag
/// `language`.
#[uniffi::export]
pub fn open_failure_words(failure: OpenFailure, language: String) -> Words {
    let language = Language::from_tag(&language);
    let error = match failure {
        OpenFailure::InUse => OpenError::InUse,
        OpenFailure::Full => OpenError::Full,
        OpenFailure::Unusable => OpenError::Unusable(String::new()),
        OpenFailure::BeforeFirstUnlock => {
            return messages::text(Code::VaultLocked, language, &Args::none());
        }
    };
    error.text(language)
}
