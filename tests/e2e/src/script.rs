//! What a phone was told in one run, written down so that another run can be told the same: every
//! answer of the network and of the key store, in order.
use std::collections::VecDeque;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::flow::simulation::{Broken, Net, Vault};
use muster_core::http::{Answer, Failure, Head, Request};
use muster_core::secret::Secret;
use muster_core::vault::{
    SecurityLevel, SignatureForm, VaultAnswer, VaultFailure, VaultOp, VaultOutcome,
};
use serde::{Deserialize, Serialize};

/// An answer of the network: status, header fields, body in base64. None for no answer.
type Heard = Option<(u16, Vec<(String, String)>, String)>;

/// The answers, each kind in its order.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Script {
    http: VecDeque<Heard>,
    vault: VecDeque<(String, String)>,
}

impl Script {
    /// Reads a script that was written before.
    pub fn load(path: &Path) -> Self {
        let bytes = fs::read(path).expect("the script can be read");
        serde_json::from_slice(&bytes).expect("a script")
    }

    /// Writes it.
    pub fn save(&self, path: &Path) {
        let bytes = serde_json::to_vec(self).expect("plain values");
        fs::write(path, bytes).expect("the script can be written");
    }

    /// How many answers there are left.
    pub fn left(&self) -> usize {
        self.http.len() + self.vault.len()
    }
}

/// A script that several hold.
pub type Shared = Arc<Mutex<Script>>;

fn with<T>(script: &Shared, work: impl FnOnce(&mut Script) -> T) -> T {
    work(&mut script.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Passes on and writes down.
pub struct Recorder<T> {
    inner: T,
    script: Shared,
}

impl<T> Recorder<T> {
    /// Writes to `script` what `inner` answers.
    pub fn new(inner: T, script: &Shared) -> Self {
        Self { inner, script: Arc::clone(script) }
    }
}

impl<T: Net> Net for Recorder<T> {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        let answer = self.inner.exchange(request);
        let heard = answer.as_ref().ok();
        let heard =
            heard.map(|a| (a.head.status, a.head.headers.clone(), STANDARD.encode(&a.body)));
        with(&self.script, |script| script.http.push_back(heard));
        answer
    }
}

impl<T: Vault> Vault for Recorder<T> {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        let outcome = self.inner.run(op);
        with(&self.script, |script| script.vault.push_back(to_text(&outcome)));
        outcome
    }
}

/// Answers as it stands in the script, whatever is asked; after its end, nobody is there.
pub struct Player {
    script: Shared,
}

impl Player {
    /// Plays `script`.
    pub fn new(script: &Shared) -> Self {
        Self { script: Arc::clone(script) }
    }
}

impl Net for Player {
    fn exchange(&mut self, _: &Request) -> Result<Answer, Broken> {
        let next = with(&self.script, |script| script.http.pop_front()).flatten();
        let (status, headers, body) = next.ok_or(Failure::Refused)?;
        let body = STANDARD.decode(body).expect("base64");
        Ok(Answer { head: Head { status, headers }, body })
    }
}

impl Vault for Player {
    fn run(&mut self, _: &VaultOp) -> VaultOutcome {
        let next = with(&self.script, |script| script.vault.pop_front());
        next.map_or(Err(VaultFailure::Busy), |(kind, bytes)| from_text(&kind, &bytes))
    }
}

fn to_text(outcome: &VaultOutcome) -> (String, String) {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(failure) => return (format!("{failure:?}"), String::new()),
    };
    let (kind, bytes): (_, &[u8]) = match answer {
        VaultAnswer::Created { .. } => ("created", &[]),
        VaultAnswer::PublicKey { point } => ("public_key", point),
        VaultAnswer::Signature { form: SignatureForm::Raw, bytes } => ("raw", bytes),
        VaultAnswer::Signature { form: SignatureForm::Der, bytes } => ("der", bytes),
        VaultAnswer::Wrapped { wrapped } => ("wrapped", wrapped),
        VaultAnswer::Unwrapped { plaintext } => ("unwrapped", plaintext.expose()),
        VaultAnswer::Destroyed => ("destroyed", &[]),
    };
    (kind.to_owned(), STANDARD.encode(bytes))
}

fn from_text(kind: &str, bytes: &str) -> VaultOutcome {
    let bytes = STANDARD.decode(bytes).expect("base64");
    Ok(match kind {
        "created" => {
            VaultAnswer::Created { security: SecurityLevel::Software, attestation: Vec::new() }
        }
        "public_key" => VaultAnswer::PublicKey { point: bytes },
        "raw" => VaultAnswer::Signature { form: SignatureForm::Raw, bytes },
        "der" => VaultAnswer::Signature { form: SignatureForm::Der, bytes },
        "wrapped" => VaultAnswer::Wrapped { wrapped: bytes },
        "unwrapped" => VaultAnswer::Unwrapped { plaintext: Secret::new(bytes) },
        "destroyed" => VaultAnswer::Destroyed,
        "Locked" => return Err(VaultFailure::Locked),
        "Busy" => return Err(VaultFailure::Busy),
        "Lost" => return Err(VaultFailure::Lost),
        "Denied" => return Err(VaultFailure::Denied),
        "Unsupported" => return Err(VaultFailure::Unsupported),
        other => panic!("no such answer: {other}"),
    })
}
