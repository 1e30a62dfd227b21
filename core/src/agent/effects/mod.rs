//! The lane that hands stored effects out until each has an outcome.
//!
//! Each matter waits for its own next try: what a shell can't bring about now, such as a notification
//! that nobody permitted, holds up nothing else.
mod feedback;
mod notifications;

use super::ctx::Ctx;
use super::state::{Lane, Operation, State, Timer};
use crate::effect::{Effect, EffectOutcome};
use crate::time::{ElapsedMs, Now};

/// What to do next.
enum Next {
    /// Hand this one out.
    Hand { id: String, version: i64, effect: Effect },
    /// Nothing before this moment, unless something happens.
    Rest(Option<ElapsedMs>),
}

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let next = ctx.state().next_effect(now);
        match next {
            Next::Hand { id, version, effect } => {
                let outcome = ctx.flow.effect(effect).await;
                ctx.change(|state, now| state.note_effect(id, version, outcome, now));
            }
            Next::Rest(until) => ctx.flow.next_signal(seen, until).await,
        }
    }
}

impl State {
    /// The oldest stored effect whose time has come. One that can't be read any more is dropped.
    fn next_effect(&mut self, now: Now) -> Next {
        // What was done and not written down would be handed out a second time.
        if self.work.is_unstored() {
            return Next::Rest(None);
        }
        let stored = self.store.as_ref().and_then(|store| store.effects().ok()).unwrap_or_default();
        self.timers.retain(|timer| match timer {
            Timer::Effect(id) => stored.iter().any(|effect| effect.id == *id),
            _ => true,
        });
        let mut unreadable = false;
        let mut next = None;
        for stored in stored {
            if !self.timers.is_over(&Timer::Effect(stored.id.clone()), now) {
                continue;
            }
            let (id, version) = (stored.id, stored.version);
            match serde_json::from_slice(&stored.bytes) {
                Ok(effect) => {
                    next = Some(Next::Hand { id, version, effect });
                    break;
                }
                Err(_) => {
                    self.work.push(Operation::FinishEffect { id, version });
                    unreadable = true;
                }
            }
        }
        if unreadable {
            self.commit(now);
        }
        next.unwrap_or_else(|| Next::Rest(self.timers.next(Lane::Effects, |_| true, now)))
    }

    fn note_effect(&mut self, id: String, version: i64, outcome: EffectOutcome, now: Now) {
        match outcome {
            EffectOutcome::Done | EffectOutcome::NotApplicable => {
                self.timers.clear(&Timer::Effect(id.clone()));
                self.work.push(Operation::FinishEffect { id, version });
            }
            EffectOutcome::Failed => self.back_off(Timer::Effect(id), None, now),
        }
    }

    /// What a shell could not bring about may work now: the person is there, or gave a permission.
    pub(super) fn retry_effects(&mut self) {
        self.timers.hurry(|timer| timer.lane() == Lane::Effects);
    }
}
