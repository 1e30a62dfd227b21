//! Looks at the management server: token, policy, status, commands.
use super::ctx::Ctx;
use super::enter::code_of_trouble;
use super::link::Link;
use super::records::PolicyRecord;
use super::run::Errand;
use super::state::State;
use crate::http::Failure;
use crate::http::backoff::pause_ms;
use crate::licence::{EraseCause, LicenceEvent};
use crate::management::{
    PolicyKeys, RefreshError, ServerTrouble, Status, StatusError, StatusState, refresh, status,
};
use crate::messages::{Area, Args, Code, Problem};
use crate::policy::{Checked, Command, CommandKind, PolicyError, Verified, check as check_policy};
use crate::report::CommandOutcome;
use crate::secret::Secret;
use crate::time::{MINUTE_MS, Now};

/// Jitter of the next look, so that a fleet does not come at once: up to a tenth of the interval.
const JITTER_SHARE: i64 = 10;
/// A look is not repeated by itself before this.
const CHECK_AGAIN_MS: i64 = 15 * MINUTE_MS;

/// An access token that is good now; gets a new one if needed. `None` after a failure, which is
/// noted.
pub(super) async fn fresh_token(ctx: &Ctx) -> Option<Secret<String>> {
    let link = Link::get(ctx).await?;
    if link.grant.access.is_fresh(ctx.flow.now()) {
        return Some(link.grant.access.token.clone());
    }
    let result = refresh(&ctx.flow, &link.server(), &link.grant).await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    match result {
        Ok(refreshed) => {
            let server = state.server.as_mut()?;
            server.grant.renew(refreshed);
            let token = server.grant.access.token.clone();
            // A server that rotates has forgotten the old token: the new one is kept before use.
            if state.commit() {
                return Some(token);
            }
            state.pause_after_store_failure(now);
            state.run.check.not_before = state.run.store.not_before;
            None
        }
        Err(RefreshError::AskStatus) => {
            state.run.refresh_refused = true;
            state.run.status_wanted = true;
            state.run.check_wanted = true;
            None
        }
        Err(RefreshError::Server(trouble)) => {
            state.server_failed(Some(&trouble), now);
            None
        }
    }
}

/// Gets a token for the contacts lane.
pub(super) async fn refresh_token(ctx: &Ctx) {
    fresh_token(ctx).await;
    ctx.state().run.token_wanted = false;
    ctx.flow.signal();
}

/// One look at the server.
pub(super) async fn check(ctx: &Ctx) {
    if !ctx.state().run.status_wanted && fresh_token(ctx).await.is_some() {
        look_at_policy(ctx).await;
    }
    let now = ctx.flow.now();
    let wanted = {
        let mut state = ctx.state();
        let anchored = state.time.is_anchored(now);
        std::mem::take(&mut state.run.status_wanted) || !anchored && state.run.check.may_try(now)
    };
    if wanted {
        ask_status(ctx).await;
    }
    let now = ctx.flow.now();
    let mut state = ctx.state();
    if state.run.check.may_try(now) {
        state.plan_next_check(now);
    }
    state.conclude(now);
    drop(state);
    ctx.flow.signal();
}

async fn look_at_policy(ctx: &Ctx) {
    let Some(link) = Link::get(ctx).await else { return };
    let (etag, last, trusted) = {
        let state = ctx.state();
        let record = state.policy_record.as_ref();
        let etag = record.and_then(|r| r.etag.clone());
        (etag, record.map(|r| r.last), state.time.at(ctx.flow.now()))
    };
    let keys = ctx.state().mdm_keys();
    let mut grant = link.grant.clone();
    grant.policy_keys = grant.policy_keys.with_mdm(&keys);
    let result =
        check_policy(&ctx.flow, &link.server(), &grant, etag.as_deref(), last, trusted).await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    match result {
        Ok(Checked::NotModified { etag }) => state.policy_unchanged(etag, now),
        Ok(Checked::New { verified, compact, etag }) => {
            state.take_policy(*verified, compact, etag, now);
        }
        Err(PolicyError::Unauthorized) => state.run.status_wanted = true,
        Err(PolicyError::Server(trouble)) => state.server_failed(Some(&trouble), now),
        Err(refusal) => state.policy_refused(&refusal, now),
    }
}

async fn ask_status(ctx: &Ctx) {
    let Some(link) = Link::get(ctx).await else { return };
    let result = status(&ctx.flow, &link.server(), &link.grant).await;
    let now = ctx.flow.now();
    let mut state = ctx.state();
    match result {
        Ok(answer) => state.take_status(answer, now),
        Err(StatusError::Server(trouble)) => state.server_failed(Some(&trouble), now),
        Err(error) => {
            log::warn!("status: {error}");
            let host = state.server_host();
            let problem = Problem::with(Area::Policy, Code::PolicyUntrusted, Args::host(host));
            state.run.fail("", problem);
            state.server_failed(None, now);
        }
    }
}

impl State {
    /// The server was not reached, or gave no usable answer: try again later.
    pub(super) fn server_failed(&mut self, trouble: Option<&ServerTrouble>, now: Now) {
        if trouble == Some(&ServerTrouble::Unreachable(Failure::Cancelled)) {
            return;
        }
        self.run.server_out_of_reach = true;
        self.run.check.failures += 1;
        let after = trouble.and_then(ServerTrouble::retry_after);
        let pause = pause_ms(self.run.check.failures, after, &mut self.random);
        self.run.check.not_before = Some(now.elapsed.plus_ms(pause));
        if let Some(code) = trouble.and_then(code_of_trouble) {
            let host = self.server_host();
            let mut args = Args::host(host);
            args.retry_after_s = after;
            self.run.fail("", Problem::with(Area::Policy, code, args));
        }
    }

    /// A signed answer came: the company is there.
    fn server_answered(&mut self, now: Now) {
        self.run.server_out_of_reach = false;
        self.run.proof_wanted = false;
        self.run.check = super::run::Attempts::default();
        self.run.mended(Area::Policy, "");
        self.contact_at = Some(self.time.at(now));
        self.licence_event(LicenceEvent::ServerContact, now);
    }

    fn plan_next_check(&mut self, now: Now) {
        self.run.check_wanted = false;
        let every = self.check_interval_ms();
        let mut bytes = [0; 8];
        crate::random::Random::fill(&mut self.random, &mut bytes);
        let jitter = i64::from_le_bytes(bytes).rem_euclid((every / JITTER_SHARE).max(1));
        self.run.next_check = Some(now.elapsed.plus_ms((every - jitter).max(CHECK_AGAIN_MS)));
    }

    fn policy_unchanged(&mut self, etag: Option<String>, now: Now) {
        if let (Some(record), Some(etag)) = (&mut self.policy_record, etag) {
            record.etag = Some(etag);
        }
        let trusted = self.time.at(now);
        if self.policy.as_ref().is_some_and(|p| p.counts_as_contact(trusted)) {
            self.server_answered(now);
            self.report_heartbeat(now);
        } else {
            // An expired policy says nothing about today. The signed status does.
            self.run.status_wanted = true;
        }
    }

    /// Puts a policy into force: with its number, ETag, keys and commands in one transaction.
    fn take_policy(&mut self, new: Verified, compact: String, etag: Option<String>, now: Now) {
        let before = self.resolution.clone();
        let first = self.policy.is_none();
        self.time.at_least(new.policy.issued_at, now);
        self.policy_record = Some(PolicyRecord { compact, etag, last: new.last });
        self.rotate(new.rotated);
        for command in &new.policy.commands {
            let (jti, bytes) = (command.jti.clone(), command.to_bytes());
            self.run.errands.push(Errand::Command { jti, bytes });
        }
        self.policy = Some(new.policy);
        self.resolve();
        if new.is_contact {
            self.server_answered(now);
        } else {
            self.run.status_wanted = true;
        }
        self.licence_event(LicenceEvent::PolicyInForce, now);
        self.settings_changed(&before, now);
        if first || self.resolution.effective != before.effective {
            self.report_configuration(now);
        }
        self.report_heartbeat(now);
        self.conclude(now);
    }

    fn policy_refused(&mut self, error: &PolicyError, now: Now) {
        log::warn!("policy: {error}");
        let code = match error {
            PolicyError::Older { .. } | PolicyError::Conflicting { .. } => Code::PolicyOlder,
            PolicyError::Member { .. } => Code::PolicyInvalid,
            _ => Code::PolicyUntrusted,
        };
        let host = self.server_host();
        let problem = Problem::with(Area::Policy, code, Args::host(host));
        self.server_failed(None, now);
        self.run.fail("", problem);
        self.report_refused_policy(error.code(), now);
    }

    fn rotate(&mut self, rotated: Option<PolicyKeys>) {
        if let (Some(server), Some(keys)) = (&mut self.server, rotated) {
            server.grant.policy_keys = keys;
        }
    }

    fn take_status(&mut self, answer: Status, now: Now) {
        self.time.anchor(answer.issued_at, now);
        self.rotate(answer.rotated);
        let refused = std::mem::take(&mut self.run.refresh_refused);
        match answer.state {
            // In order, but without a token: the evidence has to be shown again.
            StatusState::Active if refused => {
                self.server_answered(now);
                self.licence_event(LicenceEvent::ProofWanted, now);
            }
            StatusState::Active => {
                self.server_answered(now);
                if let Some(store) = &self.store
                    && store.outbox_counts().is_ok_and(|counts| counts.held > 0)
                {
                    self.commit_with(|tx| tx.outbox_release());
                }
            }
            StatusState::Reauthenticate | StatusState::UnknownDevice => self.proof_wanted(now),
            StatusState::Reactivate => {
                self.refused = None;
                self.lift_marker();
                self.proof_wanted(now);
            }
            StatusState::Revoked => {
                self.licence_event(LicenceEvent::EraseOrdered(EraseCause::Revoked), now);
            }
            StatusState::Wipe => {
                self.licence_event(LicenceEvent::EraseOrdered(EraseCause::Retired), now);
            }
        }
    }

    /// The server is there and wants to know who this is. That is no contact with the company: the
    /// usual grace goes on from the last one.
    fn proof_wanted(&mut self, now: Now) {
        self.run.check = super::run::Attempts::default();
        self.run.server_out_of_reach = false;
        self.run.proof_wanted = true;
        self.run.mended(Area::Policy, "");
        self.licence_event(LicenceEvent::ProofWanted, now);
    }

    /// Whether a command of a policy was not carried out yet.
    pub(super) fn has_open_command(&self) -> bool {
        self.store.as_ref().is_some_and(|s| s.open_commands().is_ok_and(|open| !open.is_empty()))
    }
}

/// Carries out the oldest open command. Its receipt is stored with the fact that it is done.
pub(super) fn carry_out_command(ctx: &Ctx) {
    let now = ctx.flow.now();
    let mut state = ctx.state();
    let open = state.with_store(|store| store.open_commands());
    let Some(stored) = open.ok().and_then(|open| open.into_iter().next()) else {
        return state.pause_after_store_failure(now);
    };
    let Some(command) = Command::from_bytes(&stored.bytes) else {
        if !state.commit_with(|tx| tx.command_done(&stored.jti)) {
            state.pause_after_store_failure(now);
        }
        return;
    };
    let expired = state.time.at(now) > command.expires_at;
    let outcome = match (&command.kind, expired) {
        (_, true) => CommandOutcome::Expired,
        (CommandKind::Unknown(_), _) => CommandOutcome::Unsupported,
        (CommandKind::Sync, _) => {
            state.run.sync_wanted = true;
            CommandOutcome::Done
        }
        (CommandKind::Lock, _) => {
            state.licence.message = command.message.clone();
            state.licence_event(LicenceEvent::LockOrdered, now);
            CommandOutcome::Done
        }
        (CommandKind::Unlock, _) => {
            state.licence.message = None;
            state.licence_event(LicenceEvent::UnlockOrdered, now);
            CommandOutcome::Done
        }
        (CommandKind::Erase(cause), _) => {
            state.erase_command = Some(command.jti.clone());
            state.licence_event(LicenceEvent::EraseOrdered(*cause), now);
            state.settle(now);
            drop(state);
            ctx.flow.signal();
            return;
        }
    };
    let receipt = state.run.events.len();
    state.report_command(&command.jti, &command.kind, outcome, now);
    state.judge(now);
    if state.commit_with(|tx| tx.command_done(&stored.jti)) {
        state.settle(now);
    } else {
        // It comes again, and with it a receipt: this one would be a second.
        if receipt < state.run.events.len() {
            state.run.events.remove(receipt);
        }
        state.pause_after_store_failure(now);
    }
    drop(state);
    ctx.flow.signal();
}
