//! Sends the oldest event of the outbox and notes what became of it.
use serde_json::Value;

use super::check::fresh_token;
use super::ctx::Ctx;
use super::link::Link;
use super::state::State;
use crate::http::Failure;
use crate::http::backoff::pause_ms;
use crate::management::ServerTrouble;
use crate::messages::{Area, Args, Code, Problem};
use crate::report::{Jti, PushOutcome, Reporter, push, readdress};
use crate::secret::Secret;
use crate::store::{EventBody, EventClass, Fate, OutboxItem};
use crate::time::Now;

impl State {
    /// Whether something waits in the outbox that may be sent.
    pub(super) fn has_event_to_send(&self) -> bool {
        self.store.as_ref().is_some_and(|store| matches!(store.outbox_next(), Ok(Some(_))))
    }

    /// The next event with its claims. What an "events were dropped" event says is fixed before it is
    /// sent for the first time, because one `jti` never carries two contents.
    fn next_event(&mut self, now: Now) -> Option<(OutboxItem, Value)> {
        let item = self.with_store(|store| store.outbox_next()).ok()??;
        let at = self.time.at(now);
        let server = self.server.as_ref()?;
        let claims = match &item.body {
            EventBody::Claims(bytes) => {
                let mut claims: Value = serde_json::from_slice(bytes).ok()?;
                readdress(&mut claims, &server.grant.device);
                claims
            }
            EventBody::Dropped(count) => {
                let reporter = Reporter {
                    device: &server.grant.device,
                    tenant: &server.grant.tenant,
                    audience: &server.grant.issuer,
                    user: None,
                };
                let jti = Jti::existing(&item.jti);
                let claims = reporter.events_dropped(jti, at, *count).claims;
                let bytes = claims.to_string().into_bytes();
                if !self.commit_with(|tx| tx.outbox_fix(item.id, &bytes)) {
                    return None;
                }
                claims
            }
        };
        Some((item, claims))
    }
}

/// One attempt at the oldest event.
pub(super) async fn push_next(ctx: &Ctx) {
    // A receipt is accepted on its signature alone; everything else wants a token.
    let now = ctx.flow.now();
    let next = ctx.state().next_event(now);
    let Some((item, claims)) = next else { return ctx.state().pause_push(now) };
    let token = match fresh_token(ctx).await {
        Some(token) => Some(token),
        None if item.class == EventClass::Receipt => None,
        None => return ctx.state().pause_push(ctx.flow.now()),
    };
    let Some(outcome) = send(ctx, token.as_ref(), &claims).await else {
        return ctx.state().pause_push(ctx.flow.now());
    };
    let now = ctx.flow.now();
    let mut state = ctx.state();
    if !state.note_push(&item, &outcome, now) {
        // It will be sent again, but not before there is a place to write down what became of it.
        state.pause_after_store_failure(now);
    }
    drop(state);
    ctx.flow.signal();
}

async fn send(ctx: &Ctx, token: Option<&Secret<String>>, claims: &Value) -> Option<PushOutcome> {
    let link = Link::get(ctx).await?;
    Some(push(&ctx.flow, &link.server(), token, claims).await)
}

impl State {
    /// There was no way to send: later.
    fn pause_push(&mut self, now: Now) {
        self.run.push.failures += 1;
        let pause = pause_ms(self.run.push.failures, None, &mut self.random);
        self.run.push.not_before = Some(now.elapsed.plus_ms(pause));
    }

    /// What became of an event. `false` if that could not be stored.
    fn note_push(&mut self, item: &OutboxItem, outcome: &PushOutcome, now: Now) -> bool {
        match outcome {
            PushOutcome::Accepted => {
                self.run.push = super::run::Attempts::default();
                self.run.mended(Area::Report, "");
                let at = self.time.at(now);
                self.commit_with(|tx| tx.outbox_mark(item.id, Fate::Sent { at }))
            }
            PushOutcome::Hold => {
                // The status says where the phone stands; nothing is sent before. A server whose
                // status is content and whose events endpoint is not is asked ever more rarely.
                self.pause_push(now);
                self.run.status_wanted = true;
                self.run.check_wanted = true;
                let host = self.server_host();
                let problem = Problem::with(Area::Report, Code::ReportRefused, Args::host(host));
                self.run.fail("", problem);
                self.commit_with(|tx| tx.outbox_mark(item.id, Fate::Held))
            }
            PushOutcome::Quarantine { err } => {
                log::warn!("the server refuses an event for good: {err}");
                let host = self.server_host();
                let problem =
                    Problem::with(Area::Report, Code::ReportQuarantined, Args::host(host));
                self.run.fail("", problem);
                self.commit_with(|tx| tx.outbox_mark(item.id, Fate::Quarantined))
            }
            PushOutcome::Retry { after, trouble } => {
                self.run.push.failures += 1;
                let pause = pause_ms(self.run.push.failures, *after, &mut self.random);
                self.run.push.not_before = Some(now.elapsed.plus_ms(pause));
                let host = self.server_host();
                if *trouble != ServerTrouble::Unreachable(Failure::Cancelled) {
                    let code = Code::ReportUnreachable;
                    self.run.fail("", Problem::with(Area::Report, code, Args::host(host)));
                }
                true
            }
        }
    }
}
