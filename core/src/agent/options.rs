//! What a shell says once, when it opens the agent.
use std::path::PathBuf;

use crate::ids::{Language, Platform, ProfileId};

/// The host of activation links, unless the app that embeds the agent has its own.
pub const APP_LINK_HOST: &str = "link.muster.dev";

/// The phone, as reports and the management server see it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DeviceInfo {
    /// Maker and model, such as `Fairphone 5`.
    pub model: String,
    /// Version of the operating system, such as `15` or `18.2`.
    pub os_version: String,
    /// Version of the app that embeds the agent.
    pub app_version: String,
}

/// How to open an agent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenOptions {
    /// Folder of all profiles: private to the app, never backed up, never in a shared container.
    pub root: PathBuf,
    /// Which profile.
    pub profile: ProfileId,
    /// The operating system.
    pub platform: Platform,
    /// The phone's language; the setting `language` wins over it.
    pub language: Language,
    /// The phone.
    pub device: DeviceInfo,
    /// Host of the activation links that open this app (Android App Links, iOS Universal Links).
    pub app_link_host: String,
    /// OAuth client id; `muster` unless the embedder agreed on another one with the server.
    pub client_id: String,
}

impl OpenOptions {
    /// Options with the usual client id.
    pub fn new(root: PathBuf, platform: Platform) -> Self {
        Self {
            root,
            profile: ProfileId::default(),
            platform,
            language: Language::En,
            device: DeviceInfo::default(),
            app_link_host: APP_LINK_HOST.to_owned(),
            client_id: "muster".to_owned(),
        }
    }
}
