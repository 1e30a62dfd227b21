//! What the requests of one errand need: the server, the grant and the device key, taken out of the
//! state once and borrowed from there on.
use super::super::ctx::{Ctx, Stored};
use super::super::evaluate::host_of;
use super::super::state::{State, Timer};
use super::activate::code_of_trouble;
use crate::http::Failure;
use crate::jose::{DeviceKey, ServerMemory, SignError};
use crate::licence::LicenceEvent;
use crate::management::{Grant, Metadata, RefreshError, Server, ServerTrouble, refresh};
use crate::messages::{Area, Args, Code, Problem};
use crate::secret::Secret;
use crate::time::{Now, SECOND_MS};
use crate::vault::{Purpose, VaultFailure};

/// Tells the problem of the device key from others of the store: a commit that works ends those.
const KEY: &str = "device key";

/// What our own window cut short goes on after this, or as soon as there is a window.
const CUT_SHORT_PAUSE_MS: i64 = SECOND_MS;

/// Why there is no session.
#[derive(Clone, Debug)]
pub(in crate::agent) enum NoSession {
    /// The phone belongs to no server.
    NoServer,
    /// The device key can't be used.
    Key(SignError),
}

/// Copies, so that no lock is held while a request is under way.
pub(in crate::agent) struct Session {
    pub(in crate::agent) metadata: Metadata,
    pub(in crate::agent) grant: Grant,
    pub(in crate::agent) memory: ServerMemory,
    client_id: String,
    key: DeviceKey,
}

impl Session {
    /// Opens one. It changes nothing: what a failure means is the caller's, by
    /// [`State::session_failed`].
    pub(in crate::agent) async fn open(ctx: &Ctx) -> Result<Self, NoSession> {
        let (metadata, grant, memory, client_id, known) = {
            let state = ctx.state();
            let (metadata, grant) = state.server().ok_or(NoSession::NoServer)?;
            let client_id = state.options.client_id.clone();
            let memory = state.server_memory.clone();
            (metadata.clone(), grant.clone(), memory, client_id, state.key.clone())
        };
        let alias = ctx.alias(Purpose::Device, grant.device_key);
        let key = match known.filter(|key| *key.alias() == alias) {
            Some(key) => key,
            None => DeviceKey::load(&ctx.flow, alias).await.map_err(NoSession::Key)?,
        };
        let mut state = ctx.state();
        // The handle is kept: the public key does not change.
        state.key = Some(key.clone());
        state.run.settled(Area::Store, KEY);
        drop(state);
        Ok(Self { metadata, grant, memory, client_id, key })
    }

    /// [`Session::open`] for the control lane: a failure is noted, and what follows from it is done.
    pub(in crate::agent) async fn open_or_note(ctx: &Ctx) -> Option<Self> {
        match Self::open(ctx).await {
            Ok(session) => Some(session),
            Err(error) => {
                ctx.change(|state, now| state.session_failed(&error, now));
                None
            }
        }
    }

    /// For the flows of `management`, `policy` and `report`.
    pub(in crate::agent) fn server(&self) -> Server<'_> {
        Server {
            metadata: &self.metadata,
            key: &self.key,
            memory: &self.memory,
            client_id: &self.client_id,
        }
    }

    /// Takes over what an answer of this errand changed in the grant.
    pub(in crate::agent) fn renew(&mut self, ctx: &Ctx) {
        if let Some(grant) = ctx.state().grant() {
            self.grant = grant.clone();
        }
    }

    /// An access token that is good now; gets a new one if needed. `None` after a failure, which is
    /// noted.
    pub(in crate::agent) async fn token(&mut self, ctx: &Ctx) -> Option<Secret<String>> {
        if !self.grant.access.is_fresh(ctx.flow.now()) {
            let result = refresh(&ctx.flow, &self.server(), &self.grant).await;
            match result {
                Ok(refreshed) => {
                    let (known, stored) = ctx.change_durably(|state, _| {
                        let grant = state.stored.grant.as_mut();
                        grant.map(|grant| grant.renew(refreshed)).is_some()
                    });
                    if !known {
                        return None;
                    }
                    // A server that rotates has forgotten the old token: the new one is kept before
                    // it is used. What it was wanted for goes on when the store works again.
                    if stored != Stored(true) {
                        ctx.state().wait_for_store(ctx.flow.now());
                        return None;
                    }
                    self.renew(ctx);
                }
                Err(RefreshError::AskStatus) => {
                    ctx.change(|state, _| state.token_refused());
                    return None;
                }
                Err(RefreshError::Server(trouble)) => {
                    ctx.change(|state, now| state.server_failed(Some(&trouble), now));
                    return None;
                }
            }
        }
        Some(self.grant.access.token.clone())
    }
}

impl State {
    /// There is no session: a key that can't be used is said, and tried again later. One that is lost
    /// means that the phone has to prove itself anew.
    pub(in crate::agent) fn session_failed(&mut self, error: &NoSession, now: Now) {
        let NoSession::Key(error) = error else { return };
        let code = match error {
            SignError::Vault(failure) => Code::of_vault(*failure),
            SignError::Malformed => Code::VaultLost,
        };
        self.run.fail(KEY, Problem::new(Area::Store, code));
        self.server_failed(None, now);
        if matches!(error, SignError::Vault(VaultFailure::Lost)) {
            self.licence_event(LicenceEvent::ProofWanted, now);
        }
    }

    /// The server is left alone for as long as the store is.
    fn wait_for_store(&mut self, now: Now) {
        let until = self.timers.at(&Timer::Store).unwrap_or(now.elapsed);
        self.timers.set(Timer::Server, until);
    }

    fn token_refused(&mut self) {
        self.run.refresh_refused = true;
        self.run.status_wanted = true;
        self.run.check_wanted = true;
    }

    /// The server was not reached, or gave no usable answer: try again later.
    pub(in crate::agent) fn server_failed(&mut self, trouble: Option<&ServerTrouble>, now: Now) {
        if trouble == Some(&ServerTrouble::Unreachable(Failure::Cancelled)) {
            // Our own window closed, which says nothing about the server: go on at the next.
            return self.timers.set(Timer::Server, now.elapsed.plus_ms(CUT_SHORT_PAUSE_MS));
        }
        self.run.server_out_of_reach = true;
        let after = trouble.and_then(ServerTrouble::retry_after);
        self.back_off(Timer::Server, after, now);
        if let Some(code) = trouble.and_then(code_of_trouble) {
            let mut args = Args::host(self.server_host());
            args.retry_after_s = after;
            self.run.fail("", Problem::with(Area::Policy, code, args));
        }
    }

    /// The server's host, for messages.
    pub(in crate::agent) fn server_host(&self) -> String {
        self.grant().map(|grant| host_of(&grant.issuer)).unwrap_or_default()
    }
}
