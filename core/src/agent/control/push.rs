//! Sends the oldest event of the outbox and notes what became of it.
use serde_json::Value;

use super::super::ctx::{Ctx, Stored};
use super::super::state::{Operation, State, Timer};
use super::session::Session;
use crate::http::Failure;
use crate::licence::Phase;
use crate::management::ServerTrouble;
use crate::messages::{Area, Args, Code, Problem};
use crate::report::{Jti, PushOutcome, Reporter, push, readdress};
use crate::store::{Disposition, EventBody, EventClass, OutboxItem};
use crate::time::Now;

/// The oldest event. What an "events were dropped" event says is fixed, and stored, before it is sent
/// for the first time: one `jti` never carries two contents.
struct NextEvent {
    item: OutboxItem,
    claims: Value,
}

/// One attempt at the oldest event.
pub(super) async fn push_next(ctx: &Ctx) {
    let (next, stored) = ctx.change_durably(State::next_event);
    let (Some(next), Stored(true)) = (next, stored) else {
        return ctx.change(State::pause_reports);
    };
    let outcome = send(ctx, &next).await;
    ctx.change(|state, now| match outcome {
        Some(outcome) => state.note_report(&next.item, &outcome, now),
        None => state.pause_reports(now),
    });
}

/// `None` if there was no way to send.
async fn send(ctx: &Ctx, next: &NextEvent) -> Option<PushOutcome> {
    let mut session = Session::open_or_note(ctx).await?;
    // A receipt is accepted on its signature alone; everything else wants a token.
    let token = session.token(ctx).await;
    if token.is_none() && next.item.class != EventClass::Receipt {
        return None;
    }
    Some(push(&ctx.flow, &session.server(), token.as_ref(), &next.claims).await)
}

impl State {
    /// Whether something waits in the outbox that may be sent.
    pub(super) fn has_report(&self) -> bool {
        self.store.as_ref().is_some_and(|store| matches!(store.outbox_next(), Ok(Some(_))))
    }

    /// Nothing is sent while the server does not answer or does not accept this phone.
    pub(super) fn may_push(&self, now: Now) -> bool {
        self.phase() == Phase::Active
            && self.timers.is_over(&Timer::Reports, now)
            && self.timers.is_over(&Timer::Server, now)
            && self.has_report()
    }

    fn next_event(&mut self, now: Now) -> Option<NextEvent> {
        let item = self.with_store(|store| store.outbox_next()).ok()??;
        let at = self.stored.time.at(now);
        let grant = self.grant()?;
        let claims = match &item.body {
            EventBody::Claims(bytes) => {
                let mut claims: Value = serde_json::from_slice(bytes).ok()?;
                readdress(&mut claims, &grant.device);
                claims
            }
            EventBody::Dropped(count) => {
                let reporter = Reporter {
                    device: &grant.device,
                    tenant: &grant.tenant,
                    audience: &grant.issuer,
                    user: None,
                };
                let jti = Jti::existing(&item.jti);
                let claims = reporter.events_dropped(jti, at, *count).claims;
                let bytes = claims.to_string().into_bytes();
                self.work.push(Operation::FixEvent(item.id, bytes));
                claims
            }
        };
        Some(NextEvent { item, claims })
    }

    /// There was no way to send: later.
    fn pause_reports(&mut self, now: Now) {
        self.back_off(Timer::Reports, None, now);
    }

    /// What became of an event.
    fn note_report(&mut self, item: &OutboxItem, outcome: &PushOutcome, now: Now) {
        let args = Args::host(self.server_host());
        let disposition = match outcome {
            PushOutcome::Accepted => {
                self.timers.clear(&Timer::Reports);
                self.run.settled(Area::Report, "");
                Disposition::Sent { at: self.stored.time.at(now) }
            }
            PushOutcome::Hold => {
                // The status says where the phone stands; nothing is sent before. A server whose
                // status is content and whose events endpoint is not is asked ever more rarely.
                self.pause_reports(now);
                self.run.status_wanted = true;
                self.run.check_wanted = true;
                self.run.fail("", Problem::with(Area::Report, Code::ReportRefused, args));
                Disposition::Held
            }
            PushOutcome::Quarantine { err } => {
                log::warn!("the server refuses an event for good: {err}");
                self.run.fail("", Problem::with(Area::Report, Code::ReportQuarantined, args));
                Disposition::Quarantined
            }
            PushOutcome::Retry { after, trouble } => {
                self.back_off(Timer::Reports, *after, now);
                if *trouble != ServerTrouble::Unreachable(Failure::Cancelled) {
                    self.run.fail("", Problem::with(Area::Report, Code::ReportUnreachable, args));
                }
                return;
            }
        };
        self.work.push(Operation::MarkEvent(item.id, disposition));
    }
}
