//! The surface as an app uses it, and the mapping of types.
mod boundary;
mod log_lines;
mod mapping;
mod story;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{
    ConfigurationChannel, ConfigurationSource, ConfigurationTree, DeviceInfo, Event, KeySecurity,
    MusterAgent, MusterError, Now, OpenOptions, Platform, Step, VaultAnswer, VaultFailure, VaultOp,
    VaultOutcome,
};

/// A phone with a folder, a clock that stands still, and keys in memory.
struct Phone {
    folder: tempfile::TempDir,
    now: Now,
    keys: BTreeMap<String, Vec<u8>>,
}

impl Phone {
    fn new() -> Self {
        let now = Now { wall_ms: 1_790_000_000_000, elapsed_ms: 60_000, boot_id: 3 };
        Self { folder: tempfile::tempdir().unwrap(), now, keys: BTreeMap::new() }
    }

    fn options(&self) -> OpenOptions {
        OpenOptions {
            root: self.folder.path().to_str().unwrap().to_owned(),
            platform: Platform::Android,
            language: "de-AT".to_owned(),
            device: DeviceInfo {
                model: "Fairphone 5".to_owned(),
                os_version: "15".to_owned(),
                app_version: "1.0".to_owned(),
            },
            profile: "default".to_owned(),
            app_link_host: None,
            client_id: None,
            log_level: None,
        }
    }

    fn open(&self) -> Result<Arc<MusterAgent>, MusterError> {
        MusterAgent::open(self.options(), self.now)
    }

    /// Does the steps that need no network, and gives the first that is something else.
    fn runs_to_the_next_request(&mut self, agent: &MusterAgent) -> Step {
        for _ in 0..100 {
            match agent.poll(self.now).unwrap() {
                Step::Vault { id, op } => {
                    let outcome = self.vault(op);
                    agent.on_vault(id, outcome, self.now).unwrap();
                }
                Step::Effect { id, .. } => {
                    agent.on_effect(id, crate::EffectOutcome::Done, self.now).unwrap();
                }
                Step::Wait { until_ms } if until_ms <= self.now.elapsed_ms => {}
                step => return step,
            }
        }
        panic!("the agent keeps asking")
    }

    /// Keeps the promises of a vault about names and answers, not about secrecy.
    fn vault(&mut self, op: VaultOp) -> VaultOutcome {
        let answer = match op {
            VaultOp::Create { alias, .. } => {
                assert!(alias.name.ends_with(&format!(".{}", alias.number)));
                self.keys.insert(alias.name, Vec::new());
                VaultAnswer::Created { security: KeySecurity::Software, attestation: Vec::new() }
            }
            VaultOp::Wrap { plaintext, .. } => VaultAnswer::Wrapped { wrapped: plaintext },
            VaultOp::Unwrap { alias, wrapped } if self.keys.contains_key(&alias.name) => {
                VaultAnswer::Unwrapped { plaintext: wrapped }
            }
            VaultOp::Destroy { alias } => {
                self.keys.remove(&alias.name);
                VaultAnswer::Destroyed
            }
            _ => return VaultOutcome::Failure { failure: VaultFailure::Lost },
        };
        VaultOutcome::Answer { answer }
    }
}

/// What the MDM says, as an Android shell hands it over.
fn configuration(json: &str) -> Event {
    let tree = ConfigurationTree::Json { text: json.to_owned() };
    Event::Configuration {
        sources: vec![ConfigurationSource { channel: ConfigurationChannel::Os, tree }],
    }
}
