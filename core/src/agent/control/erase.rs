//! Erase: one procedure for every cause, resumable at each step.
use super::super::ctx::Ctx;
use super::super::evaluate::host_of;
use super::super::reports::erase_receipt;
use super::super::state::{Mode, State, Timer};
use super::session::Session;
use crate::activation::Configured;
use crate::effect::{Effect, EffectOutcome};
use crate::jose::DeviceKey;
use crate::licence::{EraseCause, LicenceEvent};
use crate::management::{Server, ServerUrl, TenantId, discover, revoke};
use crate::messages::{Area, Args, Code, Problem};
use crate::report::{PushOutcome, Reporter, push};
use crate::store::erase::{EraseStep, EvidenceHasher, KeyNumbers, Marker, Tombstone, delete_files};
use crate::time::{DAY_MS, MINUTE_MS, Now};
use crate::vault::{Purpose, VaultFailure, VaultOp};

/// A receipt that can't be delivered for so long is given up.
const RECEIPT_FOR_MS: i64 = 30 * DAY_MS;
/// What failed on this phone is tried again after so long.
const PAUSE_MS: i64 = MINUTE_MS;

impl State {
    /// Writes the tombstone. From here on there is no way back, and every start goes on with it.
    pub(in crate::agent) fn begin_erase(&mut self, now: Now) {
        let tombstone = self.tombstone(now);
        match tombstone.write(&self.profile) {
            Ok(()) => {
                self.tombstone = Some(tombstone);
                self.mode = Mode::Erasing;
                // What failed before, or was queued, does not matter any more.
                self.run.problems.clear();
                self.run.compared = None;
                self.close_contacts();
            }
            // Nothing can be read any more, and it is tried again; after a restart the order, which
            // is in the agent file or at the server, comes again.
            Err(error) => self.store_failed(&error, now),
        }
    }

    fn tombstone(&mut self, now: Now) -> Tombstone {
        let cause = self.stored.licence.cause.unwrap_or(EraseCause::SignedOut);
        let number = |purpose| {
            self.store.as_ref().and_then(|s| s.last_number(purpose).ok()).unwrap_or_default()
        };
        let wrapping = self.store.as_ref().and_then(|s| s.wrapped_keys().ok()).unwrap_or_default();
        let service = wrapping.iter().map(|key| key.wrapping).max().unwrap_or_default();
        let keys = KeyNumbers {
            service: service.max(number(Purpose::Service)),
            contacts: number(Purpose::Contacts),
            device: number(Purpose::Device),
        };
        let used = self.stored.used_evidence.clone();
        let hasher = match &used {
            Some(used) => used.hasher.clone(),
            None => EvidenceHasher::new(&mut self.random),
        };
        let mut evidence: Vec<String> = used.into_iter().map(|used| used.hash).collect();
        // What is in the configuration now must not let the phone in again either.
        if let Some(configured) = Configured::read(self.effective()) {
            evidence.push(hasher.hash(configured.evidence.fingerprint_bytes().expose()));
        }
        let grant = self.grant();
        Tombstone {
            issuer: grant.map(|g| g.issuer.clone()).unwrap_or_default(),
            tenant: grant.map(|g| g.tenant.as_str().to_owned()).unwrap_or_default(),
            device: grant.map(|g| g.device.to_string()).unwrap_or_default(),
            jti: self.stored.erase_command.clone(),
            cause,
            begun: self.stored.time.at(now),
            step: EraseStep::DestroyWrappingKeys,
            keys,
            marker: Marker::new(cause, keys, hasher, evidence),
            notifications: self.stored.announced.clone(),
        }
    }

    fn step_failed(&mut self, problem: Option<Problem>, now: Now) {
        self.timers.fail(Timer::Erase, PAUSE_MS, now);
        if let Some(problem) = problem {
            self.run.fail("", problem);
        }
    }

    /// Makes it durable that the step at hand is done.
    fn step_done(&mut self, now: Now) {
        let Some(mut tombstone) = self.tombstone.take() else { return };
        match tombstone.advance(&self.profile) {
            Ok(_) => self.timers.clear(&Timer::Erase),
            Err(error) => {
                self.note_store(&error);
                self.step_failed(None, now);
            }
        }
        self.tombstone = Some(tombstone);
    }

    /// Evidence that was used before the erase may be used again by itself.
    pub(in crate::agent) fn lift_marker(&mut self) {
        self.run.compared = None;
        if let Some(marker) = self.marker.take()
            && let Err(error) = marker.lift(&self.profile)
        {
            self.note_store(&error);
        }
    }
}

/// What came of a step.
enum Outcome {
    Done,
    /// On this phone: again in a minute.
    Failed,
    /// The server: again after the usual back-off, or what it asked for in seconds.
    Undelivered(Option<i64>),
}

/// Takes the step that is next.
pub(super) async fn take_step(ctx: &Ctx) {
    let Some(tombstone) = ctx.state().tombstone.clone() else { return };
    let outcome = match tombstone.step {
        EraseStep::DestroyWrappingKeys => {
            sign_off(ctx, &tombstone).await;
            done(
                destroy(ctx, Purpose::Contacts, tombstone.keys.contacts).await
                    && destroy(ctx, Purpose::Service, tombstone.keys.service).await,
            )
        }
        EraseStep::ForgetKeys => {
            ctx.state().forget_everything();
            Outcome::Done
        }
        EraseStep::DeleteFiles => {
            let mut state = ctx.state();
            // A start in the middle of an erase has nothing open; a running agent closes it here.
            state.forget_everything();
            let deleted = delete_files(&state.profile);
            if let Err(error) = &deleted {
                state.note_store(error);
            }
            done(deleted.is_ok())
        }
        EraseStep::RemoveExports => {
            for id in &tombstone.notifications {
                // A shell that may not show any has none to take away.
                ctx.flow.effect(Effect::ClearNotification { id: id.clone() }).await;
            }
            done(ctx.flow.effect(Effect::RemoveExports).await != EffectOutcome::Failed)
        }
        EraseStep::SendReceipt => send_receipt(ctx, &tombstone).await,
        EraseStep::DestroyDeviceKey => {
            done(destroy(ctx, Purpose::Device, tombstone.keys.device).await)
        }
        EraseStep::Finish => return finish(ctx, tombstone),
    };
    ctx.change(|state, now| match outcome {
        Outcome::Done => state.step_done(now),
        Outcome::Failed => state.step_failed(None, now),
        Outcome::Undelivered(after) => {
            let args = Args::host(host_of(&tombstone.issuer));
            state.back_off(Timer::Erase, after, now);
            state.run.fail("", Problem::with(Area::Report, Code::ReportUnreachable, args));
        }
    });
}

fn done(yes: bool) -> Outcome {
    if yes { Outcome::Done } else { Outcome::Failed }
}

/// A person who signs out gives the tokens back (RFC 7009). Nothing depends on the answer.
async fn sign_off(ctx: &Ctx, tombstone: &Tombstone) {
    if tombstone.cause != EraseCause::SignedOut {
        return;
    }
    if let Ok(session) = Session::open(ctx).await
        && let Err(trouble) = revoke(&ctx.flow, &session.server(), &session.grant).await
    {
        log::info!("the tokens could not be given back: {trouble}");
    }
}

/// Destroys every key of a purpose that may exist.
async fn destroy(ctx: &Ctx, purpose: Purpose, last: u32) -> bool {
    for number in (1..=last).rev() {
        let alias = ctx.alias(purpose, number);
        match ctx.flow.vault(VaultOp::Destroy { alias }).await {
            Ok(_) | Err(VaultFailure::Lost | VaultFailure::Unsupported) => {}
            Err(VaultFailure::Locked | VaultFailure::Busy | VaultFailure::Denied) => return false,
        }
    }
    true
}

/// The receipt: signed by the device key, accepted by the server on its signature alone.
async fn send_receipt(ctx: &Ctx, tombstone: &Tombstone) -> Outcome {
    let now = ctx.flow.now();
    let waited = ctx.state().stored.time.at(now).0 - tombstone.begun.0;
    let given_up = tombstone.issuer.is_empty() || waited > RECEIPT_FOR_MS;
    let (Ok(issuer), Some(tenant), false) =
        (ServerUrl::parse(&tombstone.issuer), TenantId::new(&tombstone.tenant), given_up)
    else {
        return Outcome::Done;
    };
    let alias = ctx.alias(Purpose::Device, tombstone.keys.device);
    let key = match DeviceKey::load(&ctx.flow, alias).await {
        Ok(key) if key.thumbprint().to_string() == tombstone.device => key,
        // Without the key there is nothing to sign with.
        Ok(_) | Err(_) => return Outcome::Done,
    };
    let (memory, client_id) = {
        let state = ctx.state();
        (state.server_memory.clone(), state.options.client_id.clone())
    };
    let reporter = Reporter {
        device: key.thumbprint(),
        tenant: &tenant,
        audience: &tombstone.issuer,
        user: None,
    };
    let command = tombstone.jti.as_deref();
    let claims = erase_receipt(reporter, command, tombstone.cause, tombstone.begun);
    let outcome = match discover(&ctx.flow, &issuer).await {
        Ok(metadata) => {
            let server =
                Server { metadata: &metadata, key: &key, memory: &memory, client_id: &client_id };
            push(&ctx.flow, &server, None, &claims).await
        }
        Err(error) => {
            log::info!("receipt: {error}");
            return Outcome::Undelivered(error.retry_after());
        }
    };
    match outcome {
        PushOutcome::Accepted => Outcome::Done,
        PushOutcome::Quarantine { err } => {
            log::warn!("the server refuses the receipt of an erase: {err}");
            Outcome::Done
        }
        PushOutcome::Hold => Outcome::Undelivered(None),
        PushOutcome::Retry { after, .. } => Outcome::Undelivered(after),
    }
}

/// The end: the marker stays, and the profile is as new but for it.
fn finish(ctx: &Ctx, tombstone: Tombstone) {
    ctx.change(|state, now| {
        let marker = tombstone.marker.clone();
        match tombstone.finish(&state.profile.clone()) {
            Ok(()) => {
                state.tombstone = None;
                state.marker = Some(marker);
                state.mode = Mode::Erased;
                state.licence_event(LicenceEvent::EraseFinished, now);
                state.timers.clear(&Timer::Erase);
                state.run.problems.clear();
                state.run.consequences.clear();
                // What came meanwhile is told to a phone that is through with it.
                state.take_in_waiting(now);
            }
            Err(error) => {
                state.note_store(&error);
                state.step_failed(None, now);
            }
        }
    });
}
