//! Erase: one procedure for every cause, resumable at each step.
use super::ctx::Ctx;
use super::reports::erase_receipt;
use super::state::{Mode, State};
use crate::effect::{Effect, EffectOutcome};
use crate::http::backoff::pause_ms;
use crate::jose::DeviceKey;
use crate::licence::{EraseCause, LicenceEvent};
use crate::management::{Server, ServerUrl, TenantId, discover, revoke};
use crate::messages::{Area, Args, Code, Problem};
use crate::report::{PushOutcome, Reporter, push};
use crate::store::erase::{EraseStep, KeyNumbers, Marker, Tombstone, delete_files};
use crate::time::{DAY_MS, MINUTE_MS, Now};
use crate::vault::{Purpose, VaultFailure, VaultOp};

/// A receipt that can't be delivered for so long is given up.
const RECEIPT_FOR_MS: i64 = 30 * DAY_MS;
/// What failed on this phone is tried again after so long.
const PAUSE_MS: i64 = MINUTE_MS;

impl State {
    /// Writes the tombstone. From here on there is no way back, and every start goes on with it.
    pub(super) fn begin_erase(&mut self, now: Now) {
        let cause = self.licence.licence.cause.unwrap_or(EraseCause::SignedOut);
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
        // What is in the configuration now must not let the phone in again either.
        let configured = self.configured_evidence().map(|(_, e)| e.fingerprint_bytes());
        let mut evidence: Vec<&[u8]> = Vec::new();
        evidence.extend(self.evidence.as_deref());
        evidence.extend(configured.as_ref().map(|bytes| bytes.expose().as_slice()));
        let marker = Marker::new(cause, keys, &evidence, &mut self.random);
        let grant = self.server.as_ref().map(|s| &s.grant);
        let tombstone = Tombstone {
            issuer: grant.map(|g| g.issuer.clone()).unwrap_or_default(),
            tenant: grant.map(|g| g.tenant.as_str().to_owned()).unwrap_or_default(),
            device: grant.map(|g| g.device.to_string()).unwrap_or_default(),
            jti: self.erase_command.clone(),
            cause,
            begun: self.time.at(now),
            step: EraseStep::DestroyWrappingKeys,
            keys,
            marker,
        };
        match tombstone.write(&self.profile) {
            Ok(()) => {
                self.tombstone = Some(tombstone);
                self.erase_command = None;
                self.mode = Mode::Erasing;
                self.run.check = super::run::Attempts::default();
                // What failed before does not matter any more.
                self.run.problems.clear();
                self.run.marked = None;
                self.close_contacts();
            }
            // Nothing can be read any more, and it is tried again; after a restart the order, which is
            // still in the agent file or at the server, comes again.
            Err(error) => {
                self.note_store(&error);
                self.pause_after_store_failure(now);
            }
        }
    }

    fn fail_step(&mut self, problem: Option<Problem>, pause_ms: i64, now: Now) {
        self.run.check.failures += 1;
        self.run.check.not_before = Some(now.elapsed.plus_ms(pause_ms));
        if let Some(problem) = problem {
            self.run.fail("", problem);
        }
    }

    /// Makes it durable that the step at hand is done.
    fn step_done(&mut self, now: Now) {
        let Some(mut tombstone) = self.tombstone.take() else { return };
        if let Err(error) = tombstone.advance(&self.profile) {
            self.note_store(&error);
            self.fail_step(None, PAUSE_MS, now);
        } else {
            self.run.check = super::run::Attempts::default();
        }
        self.tombstone = Some(tombstone);
    }
}

/// Takes the step that is next.
pub(super) async fn erase(ctx: &Ctx) {
    let Some(tombstone) = ctx.state().tombstone.clone() else { return };
    let done = match tombstone.step {
        EraseStep::DestroyWrappingKeys => {
            sign_off(ctx, &tombstone).await;
            destroy(ctx, Purpose::Contacts, tombstone.keys.contacts).await
                && destroy(ctx, Purpose::Service, tombstone.keys.service).await
        }
        EraseStep::ForgetKeys => {
            let mut state = ctx.state();
            state.forget_everything();
            true
        }
        EraseStep::DeleteFiles => {
            let mut state = ctx.state();
            // A start in the middle of an erase has nothing open; a running agent closes it here.
            state.forget_everything();
            let deleted = delete_files(&state.profile);
            if let Err(error) = &deleted {
                state.note_store(error);
            }
            deleted.is_ok()
        }
        EraseStep::RemoveExports => {
            ctx.flow.effect(Effect::RemoveExports).await != EffectOutcome::Failed
        }
        EraseStep::SendReceipt => send_receipt(ctx, &tombstone).await,
        EraseStep::DestroyDeviceKey => destroy(ctx, Purpose::Device, tombstone.keys.device).await,
        EraseStep::Bury => return bury(ctx, tombstone),
    };
    let now = ctx.flow.now();
    let mut state = ctx.state();
    if done {
        state.step_done(now);
    } else if state.run.check.may_try(now) {
        state.fail_step(None, PAUSE_MS, now);
    }
}

/// A person who signs out gives the tokens back (RFC 7009). Nothing depends on the answer.
async fn sign_off(ctx: &Ctx, tombstone: &Tombstone) {
    if tombstone.cause != EraseCause::SignedOut {
        return;
    }
    if let Some(link) = super::link::Link::get(ctx).await {
        let told = revoke(&ctx.flow, &link.server(), &link.grant).await;
        if let Err(trouble) = told {
            log::info!("the tokens could not be given back: {trouble}");
        }
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
async fn send_receipt(ctx: &Ctx, tombstone: &Tombstone) -> bool {
    let now = ctx.flow.now();
    let waited = ctx.state().time.at(now).0 - tombstone.begun.0;
    let given_up = tombstone.issuer.is_empty() || waited > RECEIPT_FOR_MS;
    let (Ok(issuer), Some(tenant), false) =
        (ServerUrl::parse(&tombstone.issuer), TenantId::new(&tombstone.tenant), given_up)
    else {
        return true;
    };
    let alias = ctx.alias(Purpose::Device, tombstone.keys.device);
    let key = match DeviceKey::load(&ctx.flow, alias).await {
        Ok(key) if key.thumbprint().to_string() == tombstone.device => key,
        // Without the key there is nothing to sign with.
        Ok(_) | Err(_) => return true,
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
            return receipt_failed(ctx, error.retry_after());
        }
    };
    match outcome {
        PushOutcome::Accepted => true,
        PushOutcome::Quarantine { err } => {
            log::warn!("the server refuses the receipt of an erase: {err}");
            true
        }
        PushOutcome::Hold => receipt_failed(ctx, None),
        PushOutcome::Retry { after, .. } => receipt_failed(ctx, after),
    }
}

fn receipt_failed(ctx: &Ctx, after: Option<i64>) -> bool {
    let now = ctx.flow.now();
    let mut state = ctx.state();
    let failures = state.run.check.failures + 1;
    let pause = pause_ms(failures, after, &mut state.random);
    let host = state.tombstone.as_ref().map(|t| super::judge::host_of(&t.issuer));
    let args = Args::host(host.unwrap_or_default());
    state.fail_step(Some(Problem::with(Area::Report, Code::ReportUnreachable, args)), pause, now);
    false
}

/// The end: the marker stays, and the profile is as new but for it.
fn bury(ctx: &Ctx, tombstone: Tombstone) {
    let now = ctx.flow.now();
    let mut state = ctx.state();
    let marker = tombstone.marker.clone();
    let profile = state.profile.clone();
    match tombstone.bury(&profile) {
        Ok(()) => {
            state.tombstone = None;
            state.marker = Some(marker);
            state.mode = Mode::Erased;
            state.licence_event(LicenceEvent::EraseFinished, now);
            state.run.problems.clear();
            state.run.consequences.clear();
            // What came meanwhile is told to a phone that is through with it.
            state.take_in_waiting(now);
        }
        Err(error) => {
            state.note_store(&error);
            state.fail_step(None, PAUSE_MS, now);
        }
    }
    drop(state);
    ctx.flow.signal();
}

impl State {
    /// Forgets everything that was read, and every key.
    fn forget_everything(&mut self) {
        self.close_contacts();
        self.store = None;
        self.key = None;
        self.server = None;
        self.policy = None;
        self.policy_record = None;
        self.pending = None;
        self.refused = None;
        self.evidence = None;
        self.contact_at = None;
        self.evaluation = None;
        self.memory = crate::compliance::FindingMemory::default();
        self.reported = None;
        self.books.clear();
        self.totals = super::records::ContactTotals::default();
        self.managed = None;
        self.last_good = crate::config::LastGood::default();
        self.config = super::records::ConfigRecord::default();
        self.resolve();
        self.run.errands.clear();
        self.run.events.clear();
        self.run.effects.clear();
        self.run.unstored = false;
        self.run.shown = None;
        self.run.next_sync.clear();
        self.run.books.clear();
    }

    /// Evidence that was used before the erase may be used again by itself.
    pub(super) fn lift_marker(&mut self) {
        self.run.marked = None;
        if let Some(marker) = self.marker.take()
            && let Err(error) = marker.lift(&self.profile)
        {
            self.note_store(&error);
        }
    }
}
