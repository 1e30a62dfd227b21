//! The lane that hands stored effects out until each has an outcome.
use super::ctx::Ctx;
use crate::effect::{Effect, EffectOutcome};
use crate::time::MINUTE_MS;

/// How long an effect that failed is left alone.
const PAUSE_MS: i64 = MINUTE_MS;

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    let mut not_before = None;
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let wait = not_before.filter(|moment| *moment > now.elapsed);
        let next = match wait {
            Some(_) => None,
            None => ctx.state().next_effect(),
        };
        let Some((id, version, effect)) = next else {
            ctx.flow.next_signal(seen, wait).await;
            continue;
        };
        let outcome = ctx.flow.effect(effect).await;
        match outcome {
            EffectOutcome::Done | EffectOutcome::NotApplicable
                if ctx.state().commit_with(|tx| tx.effect_done(&id, version)) =>
            {
                not_before = None;
            }
            // Also if it was done and that can't be written down: it will be handed out again.
            _ => not_before = Some(ctx.flow.now().elapsed.plus_ms(PAUSE_MS)),
        }
    }
}

impl super::state::State {
    /// The oldest stored effect. One that can't be read any more is dropped.
    fn next_effect(&mut self) -> Option<(String, i64, Effect)> {
        loop {
            let stored = self.store.as_ref()?.effects().ok()?.into_iter().next()?;
            match serde_json::from_slice(&stored.bytes) {
                Ok(effect) => return Some((stored.id, stored.version, effect)),
                Err(_) => {
                    if !self.commit_with(|tx| tx.effect_done(&stored.id, stored.version)) {
                        return None;
                    }
                }
            }
        }
    }
}
