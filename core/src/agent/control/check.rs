//! Looks at the management server: token, policy, status.
use super::super::ctx::Ctx;
use super::super::state::{Operation, PolicyRecord, State, Timer};
use super::session::Session;
use crate::licence::{EraseCause, LicenceEvent};
use crate::management::{PolicyKeys, Status, StatusError, StatusState, status};
use crate::messages::{Area, Args, Code, Problem};
use crate::policy::{Checked, PolicyError, Verified, check as check_policy};
use crate::random::Random;
use crate::time::{MINUTE_MS, Now};

/// Jitter of the next look, so that a fleet does not come at once: up to a tenth of the interval.
const JITTER_SHARE: i64 = 10;
/// A look is not repeated by itself before this.
const CHECK_AGAIN_MS: i64 = 15 * MINUTE_MS;

/// Gets a token for the contacts lane.
pub(super) async fn get_token(ctx: &Ctx) {
    if let Some(mut session) = Session::open_or_note(ctx).await {
        session.token(ctx).await;
    }
    ctx.change(|state, _| state.run.token_wanted = false);
}

/// One look at the server.
pub(super) async fn check(ctx: &Ctx) {
    if let Some(mut session) = Session::open_or_note(ctx).await {
        if !ctx.state().run.status_wanted && session.token(ctx).await.is_some() {
            look_at_policy(ctx, &mut session).await;
        }
        let now = ctx.flow.now();
        let wanted = {
            let mut state = ctx.state();
            let unanchored = !state.stored.time.is_anchored(now);
            std::mem::take(&mut state.run.status_wanted)
                || unanchored && state.timers.is_over(&Timer::Server, now)
        };
        if wanted {
            ask_status(ctx, &session).await;
        }
    }
    ctx.change(|state, now| {
        if state.timers.is_over(&Timer::Server, now) {
            state.plan_next_check(now);
        }
    });
}

async fn look_at_policy(ctx: &Ctx, session: &mut Session) {
    let (etag, last, trusted, keys) = {
        let state = ctx.state();
        let record = state.stored.policy.as_ref();
        let etag = record.and_then(|r| r.etag.clone());
        let trusted = state.stored.time.at(ctx.flow.now());
        (etag, record.map(|r| r.last), trusted, state.mdm_keys())
    };
    let mut grant = session.grant.clone();
    grant.policy_keys = grant.policy_keys.with_mdm(&keys);
    let server = session.server();
    let result = check_policy(&ctx.flow, &server, &grant, etag.as_deref(), last, trusted).await;
    ctx.change(|state, now| match result {
        Ok(Checked::NotModified { etag }) => state.policy_unchanged(etag, now),
        Ok(Checked::New { verified, compact, etag }) => {
            state.take_policy(*verified, compact, etag, now);
        }
        Err(PolicyError::Unauthorized) => state.run.status_wanted = true,
        Err(PolicyError::Server(trouble)) => state.server_failed(Some(&trouble), now),
        Err(refusal) => state.policy_refused(&refusal, now),
    });
    session.renew(ctx);
}

async fn ask_status(ctx: &Ctx, session: &Session) {
    let result = status(&ctx.flow, &session.server(), &session.grant).await;
    ctx.change(|state, now| match result {
        Ok(answer) => state.take_status(answer, now),
        Err(StatusError::Server(trouble)) => state.server_failed(Some(&trouble), now),
        Err(error) => {
            log::warn!("status: {error}");
            let args = Args::host(state.server_host());
            state.run.fail("", Problem::with(Area::Policy, Code::PolicyUntrusted, args));
            state.server_failed(None, now);
        }
    });
}

impl State {
    /// A signed answer came: the company is there.
    fn server_answered(&mut self, now: Now) {
        self.server_spoke();
        self.run.proof_wanted = false;
        self.stored.contact_at = Some(self.stored.time.at(now));
        self.licence_event(LicenceEvent::ServerContact, now);
    }

    /// The server is there and wants to know who this is. That is no contact with the company: the
    /// usual grace goes on from the last one.
    fn proof_wanted(&mut self, now: Now) {
        self.server_spoke();
        self.run.proof_wanted = true;
        self.licence_event(LicenceEvent::ProofWanted, now);
    }

    fn server_spoke(&mut self) {
        self.run.server_out_of_reach = false;
        self.timers.clear(&Timer::Server);
        self.run.settled(Area::Policy, "");
    }

    /// Plans the next look after a start: at the interval since the last contact, now if that is
    /// over.
    pub(in crate::agent) fn schedule_check(&mut self, now: Now) {
        let Some(contact) = self.stored.contact_at else { return };
        let since = self.stored.time.at(now).0.saturating_sub(contact.0);
        let every = self.check_interval_ms();
        let left = every.saturating_sub(since).clamp(0, every);
        self.timers.set(Timer::Check, now.elapsed.plus_ms(left));
    }

    fn plan_next_check(&mut self, now: Now) {
        self.run.check_wanted = false;
        let every = self.check_interval_ms();
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        let jitter = i64::from_le_bytes(bytes).rem_euclid((every / JITTER_SHARE).max(1));
        let pause = (every - jitter).max(CHECK_AGAIN_MS);
        self.timers.set(Timer::Check, now.elapsed.plus_ms(pause));
    }

    fn policy_unchanged(&mut self, etag: Option<String>, now: Now) {
        if let (Some(record), Some(etag)) = (&mut self.stored.policy, etag) {
            record.etag = Some(etag);
        }
        let trusted = self.stored.time.at(now);
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
        self.stored.time.at_least(new.policy.issued_at, now);
        self.stored.policy = Some(PolicyRecord { compact, etag, last: new.last });
        self.rotate(new.rotated);
        for command in &new.policy.commands {
            let (jti, bytes) = (command.jti.clone(), command.to_bytes());
            self.work.push(Operation::AddCommand { jti, bytes });
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
    }

    fn policy_refused(&mut self, error: &PolicyError, now: Now) {
        log::warn!("policy: {error}");
        let code = match error {
            PolicyError::Older { .. } | PolicyError::Conflicting { .. } => Code::PolicyOlder,
            PolicyError::Member { .. } => Code::PolicyInvalid,
            _ => Code::PolicyUntrusted,
        };
        self.server_failed(None, now);
        let args = Args::host(self.server_host());
        self.run.fail("", Problem::with(Area::Policy, code, args));
        self.report_refused_policy(error.code(), now);
    }

    fn rotate(&mut self, rotated: Option<PolicyKeys>) {
        if let (Some(grant), Some(keys)) = (&mut self.stored.grant, rotated) {
            grant.policy_keys = keys;
        }
    }

    fn take_status(&mut self, answer: Status, now: Now) {
        self.stored.time.anchor(answer.issued_at, now);
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
                self.work.push(Operation::ReleaseOutbox);
            }
            StatusState::Reauthenticate | StatusState::UnknownDevice => self.proof_wanted(now),
            StatusState::Reactivate => {
                self.stored.refusal = None;
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
}
