//! One simulated phone: a profile folder, and the commands of `muster-device` that the story needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::programs::{ask, refused};
use crate::run::Trouble;

/// A phone.
pub(crate) struct Phone {
    program: PathBuf,
    platform: &'static str,
    /// Its profile.
    pub(crate) folder: PathBuf,
    signals: PathBuf,
    /// The managed configuration that its MDM delivers, if there is one.
    config: Option<PathBuf>,
}

/// Whether a screen lock is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScreenLock {
    Set,
    Missing,
}

impl Phone {
    /// A phone fresh from the box, in good order, whose files are under `folder`.
    pub(crate) fn new(
        program: &Path,
        platform: &'static str,
        folder: &Path,
    ) -> Result<Self, Trouble> {
        fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let phone = Self {
            program: program.to_owned(),
            platform,
            folder: folder.join(platform),
            signals: folder.join(format!("{platform}-signals.json")),
            config: None,
        };
        phone.has(ScreenLock::Set)?;
        Ok(phone)
    }

    /// The person sets or removes the screen lock.
    pub(crate) fn has(&self, lock: ScreenLock) -> Result<(), Trouble> {
        let os = if self.platform == "ios" { "18.1" } else { "15" };
        let signals = json!({
            "screen_lock": lock == ScreenLock::Set,
            "storage_encryption": true,
            "os_version": os,
            "app_version": "0.1.0",
        });
        write(&self.signals, &signals.to_string())
    }

    /// The MDM puts a managed configuration on the phone.
    pub(crate) fn receives(&mut self, config: &Path) {
        self.config = Some(config.to_owned());
    }

    /// The app is opened and works until it has nothing left to do.
    pub(crate) fn runs(&self) -> Result<Value, Trouble> {
        let mut command = self.command(&["run"]);
        if let Some(config) = &self.config {
            command.arg("--managed-config").arg(config);
        }
        ask(command.arg("--signals").arg(&self.signals))
    }

    /// `status`, `config`, `findings`, `report`, `search …`, `caller …`.
    pub(crate) fn says(&self, words: &[&str]) -> Result<Value, Trouble> {
        ask(&mut self.command(words))
    }

    /// A command that must not work, and what the phone says about it.
    pub(crate) fn refuses(&self, words: &[&str]) -> Result<String, Trouble> {
        refused(&mut self.command(words))
    }

    /// How many contacts are on the phone.
    pub(crate) fn contacts(&self) -> Result<usize, Trouble> {
        let status = self.says(&["status"])?;
        let count = status["contacts"]["count"].as_u64();
        Ok(count.ok_or("status has no contacts.count".to_owned())? as usize)
    }

    /// `licence.phase`.
    pub(crate) fn phase(&self) -> Result<String, Trouble> {
        let status = self.says(&["status"])?;
        Ok(status["licence"]["phase"].as_str().unwrap_or_default().to_owned())
    }

    /// The names that a search finds.
    pub(crate) fn finds(&self, query: &str) -> Result<Vec<String>, Trouble> {
        let hits = self.says(&["search", query])?;
        let hits = hits.as_array().ok_or("search gave no list".to_owned())?;
        Ok(hits.iter().filter_map(|hit| hit["name"].as_str()).map(str::to_owned).collect())
    }

    /// What one types instead of this.
    pub(crate) fn words(&self) -> String {
        format!("{} --profile {}", self.program.display(), self.folder.display())
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--profile").arg(&self.folder).args(["--platform", self.platform, "--json"]);
        command.args(words);
        command
    }
}

/// Writes a file, or says which one could not be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()).into())
}
