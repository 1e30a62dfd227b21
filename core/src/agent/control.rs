//! The lane of the management server: decides what is next, one thing at a time.
use super::ctx::Ctx;
use super::state::{Mode, State};
use super::{check, enter, push, withdraw};
use crate::config::{Key, Layer};
use crate::licence::{EraseCause, Hold, LicenceEvent, Phase};
use crate::time::{DAY_MS, ElapsedMs, HOUR_MS, Now, SECOND_MS, WallMs};

/// Without a policy that says otherwise, the server is looked at so often.
const CHECK_EVERY_MS: i64 = 24 * HOUR_MS;
/// How long everything goes on without the company if nobody says otherwise.
const OFFLINE_GRACE_MS: i64 = 14 * DAY_MS;
/// Back-off of a store that failed: the phone may have room again.
const STORE_PAUSE_MS: i64 = 60 * SECOND_MS;
/// Without a server: how long hidden contacts are kept after a configuration vanished.
const WITHDRAWN_AFTER_MS: i64 = 30 * DAY_MS;

/// What to do next.
#[derive(Debug)]
pub(super) enum Work {
    /// Go on with an erase.
    Erase,
    /// Make an activation out of evidence that is there.
    Begin(Box<enter::Candidate>),
    /// Go on with an activation.
    Activate,
    /// Get an access token.
    Token,
    /// Look at the server: policy, and status where it is wanted.
    Check,
    /// Carry out the oldest open command.
    Command,
    /// Send the oldest event.
    Push,
    /// Nothing before this moment, unless something happens.
    Rest(Option<ElapsedMs>),
}

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let work = {
            let mut state = ctx.state();
            state.pass_time(now);
            state.next_work(now)
        };
        log::debug!("control: {work:?}");
        match work {
            Work::Erase => withdraw::erase(&ctx).await,
            Work::Begin(candidate) => enter::begin(&ctx, *candidate),
            Work::Activate => enter::activate(&ctx).await,
            Work::Token => check::refresh_token(&ctx).await,
            Work::Check => check::check(&ctx).await,
            Work::Command => check::carry_out_command(&ctx),
            Work::Push => push::push_next(&ctx).await,
            Work::Rest(until) => ctx.flow.next_signal(seen, until).await,
        }
    }
}

impl State {
    /// What follows from nothing but time.
    fn pass_time(&mut self, now: Now) {
        if self.mode != Mode::Alive {
            return;
        }
        if self.run.unstored && self.run.store.may_try(now) && !self.commit() {
            self.pause_after_store_failure(now);
        }
        if self.phase() == Phase::Erasing && self.run.store.may_try(now) {
            return self.begin_erase(now);
        }
        let trusted = self.time.at(now);
        let due = self.evaluation.as_ref().and_then(|e| e.next_due);
        if due.is_some_and(|due| due <= trusted) {
            return self.conclude(now);
        }
        let before = self.licence.licence.clone();
        self.judge_grace(trusted, now);
        if self.licence.licence != before {
            self.conclude(now);
        }
    }

    /// Offline grace and the end of the licence.
    pub(super) fn judge_grace(&mut self, trusted: WallMs, now: Now) {
        if let Some(since) = self.silent_since() {
            let over = trusted.0 > since.0 + self.offline_grace_ms();
            // A person back from three weeks off is not locked out before the server was tried.
            let tried = self.run.server_out_of_reach
                || self.run.proof_wanted
                || self.phase() == Phase::NotRequired;
            if over && tried && !self.licence.licence.has(Hold::Offline) {
                self.licence_event(LicenceEvent::OfflineGraceOver, now);
            }
            let gone = since.0 + self.offline_grace_ms() + WITHDRAWN_AFTER_MS;
            if self.phase() == Phase::NotRequired
                && self.time.is_believable(now)
                && trusted.0 > gone
            {
                self.licence_event(LicenceEvent::EraseOrdered(EraseCause::Withdrawn), now);
            }
        }
        let expired = self.licence_end().is_some_and(|end| trusted > end);
        let event =
            if expired { LicenceEvent::LicenceExpired } else { LicenceEvent::LicenceRenewed };
        if expired != self.licence.licence.has(Hold::Expired) {
            self.licence_event(event, now);
        }
    }

    /// Since when the company was silent: no signed answer, or without a server no configuration.
    pub(super) fn silent_since(&self) -> Option<WallMs> {
        match self.phase() {
            Phase::Active | Phase::Reauthenticate => self.contact_at,
            Phase::NotRequired => self.config.vanished_since,
            _ => None,
        }
    }

    fn next_work(&mut self, now: Now) -> Work {
        match self.mode {
            Mode::Erasing if self.run.check.may_try(now) => return Work::Erase,
            Mode::Erasing => return Work::Rest(self.run.check.not_before),
            Mode::Starting | Mode::Erased => return Work::Rest(None),
            Mode::Alive => {}
        }
        if self.store.is_none() {
            return Work::Rest(Some(now.elapsed.plus_ms(STORE_PAUSE_MS)));
        }
        if let Some(candidate) = self.run.shown.take() {
            return Work::Begin(Box::new(candidate));
        }
        if self.pending.is_some() && self.run.activation.may_try(now) {
            return Work::Activate;
        }
        if self.pending.is_none()
            && self.run.store.may_try(now)
            && let Some(candidate) = self.candidate(now)
        {
            return Work::Begin(Box::new(candidate));
        }
        let mut rest = vec![
            self.pending.as_ref().and(self.run.activation.not_before),
            self.run.config_pending_until,
            self.run.store.not_before,
            self.next_moment(now),
        ];
        if self.server.is_some() && self.phase().is_activated() {
            if self.run.store.may_try(now) && self.has_open_command() {
                return Work::Command;
            }
            let due = self.run.check_wanted || self.run.next_check.is_none_or(|m| now.elapsed >= m);
            match (due, self.run.check.may_try(now)) {
                (true, true) => return Work::Check,
                (true, false) => rest.push(self.run.check.not_before),
                (false, _) => rest.push(self.run.next_check),
            }
            if self.run.token_wanted {
                if self.run.check.may_try(now) {
                    return Work::Token;
                }
                rest.push(self.run.check.not_before);
            }
            // Nothing is sent while the server does not answer or does not accept this phone.
            let may_push = self.phase() == Phase::Active && self.run.store.may_try(now);
            if may_push && self.has_event_to_send() {
                let not_before = self.run.push.not_before.max(self.run.check.not_before);
                if not_before.is_none_or(|moment| now.elapsed >= moment) {
                    return Work::Push;
                }
                rest.push(not_before);
            }
        }
        Work::Rest(rest.into_iter().flatten().filter(|m| *m > now.elapsed).min())
    }

    /// The next moment at which time alone changes something.
    fn next_moment(&self, now: Now) -> Option<ElapsedMs> {
        let trusted = self.time.at(now);
        let hidden = self.silent_since().map(|since| since.plus_ms(self.offline_grace_ms()));
        let gone = hidden.filter(|_| self.phase() == Phase::NotRequired);
        let moments = [
            self.evaluation.as_ref().and_then(|e| e.next_due),
            hidden.map(|moment| moment.plus_ms(SECOND_MS)),
            gone.map(|moment| moment.plus_ms(WITHDRAWN_AFTER_MS + SECOND_MS)),
            self.licence_end().map(|end| end.plus_ms(SECOND_MS)),
            self.refused.as_ref().map(|refused| refused.until().plus_ms(SECOND_MS)),
        ];
        let next = moments.into_iter().flatten().filter(|m| *m > trusted).min()?;
        Some(now.elapsed.plus_ms(next.0 - trusted.0))
    }
}

/// Plans the next look at the server after a start: at the interval since the last contact, now if
/// that is over.
pub(super) fn schedule(state: &mut State, now: Now) {
    let Some(contact) = state.contact_at else { return };
    let since = state.time.at(now).0.saturating_sub(contact.0);
    let every = state.check_interval_ms();
    let left = every.saturating_sub(since).clamp(0, every);
    state.run.next_check = Some(now.elapsed.plus_ms(left));
}

impl State {
    /// How often the server is looked at: the smaller of the policy's word and the setting.
    pub(super) fn check_interval_ms(&self) -> i64 {
        let policy = self.policy.as_ref().map(|p| p.next_check_s * SECOND_MS);
        let setting = self.named(Key::CheckIntervalHours).map(|hours| hours * HOUR_MS);
        policy.into_iter().chain(setting).min().unwrap_or(CHECK_EVERY_MS)
    }

    /// How long everything goes on without the company: the smaller of both.
    pub(super) fn offline_grace_ms(&self) -> i64 {
        let policy = self.policy.as_ref().and_then(|p| p.licence.offline_grace_s);
        let policy = policy.map(|seconds| seconds * SECOND_MS);
        let setting = self.named(Key::OfflineGraceDays).map(|days| days * DAY_MS);
        policy.into_iter().chain(setting).min().unwrap_or(OFFLINE_GRACE_MS)
    }

    /// A number that somebody set: the default of a setting says nothing against the policy.
    fn named(&self, key: Key) -> Option<i64> {
        let effective = &self.resolution.effective;
        effective.int(key).filter(|_| effective.provenance(key).layer != Layer::Default)
    }

    fn licence_end(&self) -> Option<WallMs> {
        self.policy.as_ref().and_then(|p| p.licence.valid_until)
    }
}
