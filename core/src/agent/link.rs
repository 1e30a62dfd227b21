//! What a request to the management server needs, taken out of the state at once.
use super::ctx::Ctx;
use super::state::State;
use crate::jose::{DeviceKey, ServerMemory, SignError};
use crate::licence::LicenceEvent;
use crate::management::{Grant, Metadata, Server};
use crate::messages::{Area, Code, Problem};
use crate::vault::{Purpose, VaultFailure};

/// Tells the problem of the device key from others of the store: a commit that works mends those.
const KEY: &str = "device key";

/// Copies, so that no lock is held while a request is under way.
pub(super) struct Link {
    pub(super) metadata: Metadata,
    pub(super) grant: Grant,
    pub(super) memory: ServerMemory,
    client_id: String,
    key: DeviceKey,
}

impl Link {
    /// The server and the device key. `None` if there is no server, or if the key can't be used at
    /// the moment; a lost key leads to `reauthenticate`.
    pub(super) async fn get(ctx: &Ctx) -> Option<Self> {
        let (metadata, grant, memory, client_id, known) = {
            let state = ctx.state();
            let server = state.server.as_ref()?;
            let client_id = state.options.client_id.clone();
            let memory = state.server_memory.clone();
            (server.metadata.clone(), server.grant.clone(), memory, client_id, state.key.clone())
        };
        let alias = ctx.alias(Purpose::Device, grant.device_key);
        let key = match known.filter(|key| *key.alias() == alias) {
            Some(key) => Ok(key),
            None => DeviceKey::load(&ctx.flow, alias).await,
        };
        match key {
            Ok(key) => {
                let mut state = ctx.state();
                state.key = Some(key.clone());
                state.run.mended(Area::Store, KEY);
                drop(state);
                Some(Self { metadata, grant, memory, client_id, key })
            }
            Err(error) => {
                let now = ctx.flow.now();
                let mut state = ctx.state();
                state.key_failed(&error);
                state.server_failed(None, now);
                if matches!(error, SignError::Vault(VaultFailure::Lost)) {
                    state.licence_event(LicenceEvent::ProofWanted, now);
                    state.conclude(now);
                }
                None
            }
        }
    }

    /// For the flows of `management`, `policy` and `report`.
    pub(super) fn server(&self) -> Server<'_> {
        Server {
            metadata: &self.metadata,
            key: &self.key,
            memory: &self.memory,
            client_id: &self.client_id,
        }
    }
}

impl State {
    fn key_failed(&mut self, error: &SignError) {
        let code = match error {
            SignError::Vault(failure) => Code::of_vault(*failure),
            SignError::Malformed => Code::VaultLost,
        };
        self.run.fail(KEY, Problem::new(Area::Store, code));
    }

    /// The server's host, for messages.
    pub(super) fn server_host(&self) -> String {
        self.server.as_ref().map(|s| super::judge::host_of(&s.grant.issuer)).unwrap_or_default()
    }
}
