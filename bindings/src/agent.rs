//! The agent as an object.
use std::sync::Arc;

use muster_core::agent::Agent;
use muster_core::http::Head;
use muster_core::limits;
use muster_core::step::StepId;
use serde::Serialize;

use crate::directory::MusterDirectory;
use crate::error::{BadInput, MusterError};
use crate::guard::{Panicked, Shared, caught};
use crate::logging;
use crate::map::{
    AgentState, EffectOutcome, Event, HttpFailure, HttpHeader, LinkVerdict, Now, OpenOptions, Step,
    VaultOutcome,
};
use crate::random::SystemSource;

/// One person's agent on one phone.
///
/// Call it from one worker thread: `handle` when something happens, then `poll` until it answers
/// `Wait` or `Idle`, doing each step and answering it with an `on_…` method. No call sends anything
/// or waits for anything by itself.
///
/// After an error `Broken` it answers nothing else: open a new one.
#[derive(uniffi::Object)]
pub struct MusterAgent {
    shared: Arc<Shared>,
}

#[uniffi::export]
impl MusterAgent {
    /// Opens the profile. Nothing is read that needs a key; the first polls ask the vault for it.
    ///
    /// Not before the first unlock after a boot. `InUse` if another agent has the profile open,
    /// `Full` or `Store` if its folder can't be used, `InvalidInput` for a bad profile name.
    #[uniffi::constructor]
    pub fn open(options: OpenOptions, now: Now) -> Result<Arc<Self>, MusterError> {
        if let Some(level) = options.log_level {
            logging::set_level(level);
        }
        let opened = caught(|| {
            let random = Box::new(SystemSource::new());
            Ok(Agent::open(options.try_into()?, random, now.into())?)
        });
        logging::deliver();
        let agent: Result<Agent, MusterError> =
            opened.unwrap_or_else(|Panicked| Err(MusterError::Broken));
        Ok(Arc::new(Self { shared: Arc::new(Shared::new(agent?)) }))
    }

    /// Something happened. `InvalidInput` or `OverLimit` for a configuration that can't be read:
    /// nothing of it is used then.
    pub fn handle(&self, event: Event, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            agent.handle(event.try_into()?, now.into());
            Ok(())
        })
    }

    /// What to do next.
    pub fn poll(&self, now: Now) -> Result<Step, MusterError> {
        self.with(|agent| Ok(agent.poll(now.into()).into()))
    }

    /// The head of the answer to the request `id`: status and header fields as they came. Every
    /// answer of a server has one, redirects and errors included.
    pub fn on_head(
        &self,
        id: i64,
        status: i32,
        headers: Vec<HttpHeader>,
        now: Now,
    ) -> Result<(), MusterError> {
        let status = u16::try_from(status).ok().filter(|s| (100..1000).contains(s));
        let status = status.ok_or(BadInput::Status)?;
        let headers = headers.into_iter().map(|header| (header.name, header.value)).collect();
        self.with(|agent| {
            agent.on_head(StepId(id), Head { status, headers }, now.into());
            Ok(())
        })
    }

    /// A piece of its body. Pieces of 64 KB and less keep memory low.
    pub fn on_body(&self, id: i64, chunk: Vec<u8>, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            for piece in chunk.chunks(limits::BODY_CHUNK_BYTES) {
                agent.on_body(StepId(id), piece.to_vec(), now.into());
            }
            Ok(())
        })
    }

    /// The answer to the request `id` is complete.
    pub fn on_end(&self, id: i64, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            agent.on_end(StepId(id), now.into());
            Ok(())
        })
    }

    /// There is no answer to the request `id`, or only a part of one.
    pub fn on_failure(&self, id: i64, failure: HttpFailure, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            agent.on_failure(StepId(id), failure, now.into());
            Ok(())
        })
    }

    /// What became of the key operation `id`.
    pub fn on_vault(&self, id: i64, outcome: VaultOutcome, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            agent.on_vault(StepId(id), outcome.into(), now.into());
            Ok(())
        })
    }

    /// What became of the effect `id`.
    pub fn on_effect(&self, id: i64, outcome: EffectOutcome, now: Now) -> Result<(), MusterError> {
        self.with(|agent| {
            agent.on_effect(StepId(id), outcome, now.into());
            Ok(())
        })
    }

    /// The people on the phone, for screens and caller ID: to be used from any thread, and never
    /// blocked by a sync.
    pub fn directory(&self) -> Result<Arc<MusterDirectory>, MusterError> {
        self.with(|_| Ok(Arc::new(MusterDirectory::new(self.shared.clone()))))
    }

    /// The agent as it is now, whole: what a screen needs, in one call.
    pub fn state(&self) -> Result<AgentState, MusterError> {
        self.with(|agent| Ok(agent.snapshot().into()))
    }

    /// Every setting with its value, its state and where it comes from, as JSON:
    /// `{ "settings": [ { "key", "value", "state", "from", "layer", "notes" } ],
    /// "unknown": [ { "key", "meant"? } ] }`. Secrets are not shown.
    pub fn config_json(&self) -> Result<String, MusterError> {
        self.with(|agent| json(&agent.config()))
    }

    /// Every report that was sent, word for word, the oldest first, as JSON:
    /// `[ { "sent", "claims" } ]`.
    pub fn reports_json(&self) -> Result<String, MusterError> {
        self.with(|agent| json(&agent.reports()))
    }

    /// What an activation link says, for the person to confirm. Nothing is sent.
    pub fn preview_link(&self, url: String) -> Result<LinkVerdict, MusterError> {
        self.with(|agent| Ok(agent.preview_link(&url).into()))
    }

    /// Lets the profile go, so that it can be opened anew. Everything after it, the directory's
    /// methods included, answers `Closed`. An agent that is not used any more does this by itself
    /// as soon as it is freed.
    pub fn shut_down(&self) -> Result<(), MusterError> {
        self.shared.close();
        Ok(())
    }
}

#[cfg(feature = "test-hooks")]
#[uniffi::export]
impl MusterAgent {
    /// Panics inside the agent, with `text`. For tests: no library that ships has this method.
    pub fn test_panic(&self, text: String) -> Result<(), MusterError> {
        self.with(|_| panic!("{text}"))
    }
}

impl MusterAgent {
    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Agent) -> Result<T, MusterError>,
    ) -> Result<T, MusterError> {
        self.shared.with_agent(work)
    }
}

impl Drop for MusterAgent {
    // The directory may live on in somebody's hands; the profile must not stay locked with it.
    fn drop(&mut self) {
        self.shared.close();
    }
}

fn json(view: &impl Serialize) -> Result<String, MusterError> {
    serde_json::to_string(view).map_err(|error| {
        log::error!("a view can't be written as JSON: {error}");
        MusterError::Broken
    })
}
