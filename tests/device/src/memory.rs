//! What the simulated phone itself remembers between runs, apart from the agent: its operating
//! system, its language, what its sensors say, and where its clock stopped if that is made up.
use std::fs;
use std::path::Path;

use muster_core::agent::handset::healthy;
use muster_core::ids::{Language, Platform};
use serde::{Deserialize, Serialize};

use crate::phone::write_whole;

/// `phone.json` in the profile folder. Nothing personal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    /// The operating system.
    pub platform: Platform,
    /// The language.
    pub language: Language,
    /// The signals, in the form of `--signals`.
    pub signals: serde_json::Value,
    /// Where a made-up clock stopped, in milliseconds since 1970, so that whoever looks at the phone
    /// afterwards sees it at that moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_up_clock: Option<i64>,
}

impl Memory {
    /// Reads it; a new phone is an Android phone in good order that speaks English.
    pub fn load(folder: &Path, platform: Option<Platform>, language: Option<Language>) -> Self {
        let kept: Option<Memory> = fs::read(folder.join("phone.json"))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let was = kept.as_ref().map(|m| m.platform);
        let platform = platform.or(was).unwrap_or(Platform::Android);
        let signals = kept.as_ref().filter(|_| was == Some(platform)).map(|m| m.signals.clone());
        Self {
            platform,
            language: language.or(kept.as_ref().map(|m| m.language)).unwrap_or_default(),
            made_up_clock: kept.and_then(|m| m.made_up_clock),
            signals: signals.unwrap_or_else(|| healthy(platform)),
        }
    }

    /// Writes it.
    pub fn save(&self, folder: &Path) -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        write_whole(&folder.join("phone.json"), &serde_json::to_vec_pretty(self)?)
    }
}
