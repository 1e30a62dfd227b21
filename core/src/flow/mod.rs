//! Flows: what the agent does over several steps, written as one `async fn` each.
//!
//! There is no runtime behind them. A flow awaits only what a shell answers (a request, a vault
//! operation, an effect), a moment, or the next event; [`Lanes`] polls it whenever something came
//! in. So a flow reads from top to bottom, every `await` is a place where the process may be
//! killed, and a test plays the shell with plain values.
//!
//! A flow must never hold a lock or a transaction across an `await`: what it needs durably is
//! committed before.
mod body;
mod lanes;
mod mailbox;
pub mod shell;
pub mod simulation;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

pub use body::Body;
pub use lanes::Lanes;
pub use mailbox::Mailbox;

use crate::effect::{Effect, EffectOutcome};
use crate::http::{Answer, Failure, Head, Request, check_url};
use crate::step::{Step, StepId};
use crate::time::{ElapsedMs, Now};
use crate::vault::{VaultOp, VaultOutcome};

/// A flow's handle on the outside world.
#[derive(Clone)]
pub struct Flow {
    mailbox: Arc<Mutex<Mailbox>>,
}

/// An answer whose body is still coming.
pub struct Opened {
    /// Status and header fields.
    pub head: Head,
    /// The body, piece by piece.
    pub body: Body,
}

impl Flow {
    pub(crate) fn new(mailbox: Arc<Mutex<Mailbox>>) -> Self {
        Self { mailbox }
    }

    fn lock(&self) -> MutexGuard<'_, Mailbox> {
        // Poisoned only by a panic, after which the whole agent answers `Broken`.
        self.mailbox.lock().expect("a flow panicked")
    }

    /// The moment of the call that runs this flow.
    pub fn now(&self) -> Now {
        self.lock().now()
    }

    /// Fresh random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.lock().fill_random(&mut out);
        out
    }

    /// Fills `out` with fresh random bytes.
    pub fn fill_random(&self, out: &mut [u8]) {
        self.lock().fill_random(out);
    }

    /// Sends `request` and waits for the head of the answer. Waits first while the shell's time
    /// window is closed. Never sends to anything but https.
    pub async fn open(&self, request: Request) -> Result<Opened, Failure> {
        if check_url(&request.url).is_err() {
            return Err(Failure::Insecure);
        }
        poll_fn(|_| if self.lock().may_start() { Poll::Ready(()) } else { Poll::Pending }).await;
        let id = self.lock().start_request(request);
        let body = Body::new(self.mailbox.clone(), id);
        let head = poll_fn(|_| match self.lock().take_head(id) {
            Some(head) => Poll::Ready(head),
            None => Poll::Pending,
        })
        .await?;
        Ok(Opened { head, body })
    }

    /// Sends `request` and waits for the whole answer, at most `limit` bytes of body.
    pub async fn fetch(&self, request: Request, limit: usize) -> Result<Answer, Failure> {
        let Opened { head, mut body } = self.open(request).await?;
        let mut whole = Vec::new();
        while let Some(chunk) = body.chunk().await? {
            if whole.len() + chunk.len() > limit {
                return Err(Failure::TooLarge);
            }
            whole.extend_from_slice(&chunk);
        }
        Ok(Answer { head, body: whole })
    }

    /// Runs a key operation.
    pub async fn vault(&self, op: VaultOp) -> VaultOutcome {
        let id = self.lock().start_vault(op);
        poll_fn(|_| match self.lock().take_vault(id) {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        })
        .await
    }

    /// Hands out an effect. One that must happen is stored before.
    pub async fn effect(&self, effect: Effect) -> EffectOutcome {
        let id = self.lock().start_effect(effect);
        poll_fn(|_| match self.lock().take_effect(id) {
            Some(outcome) => Poll::Ready(outcome),
            None => Poll::Pending,
        })
        .await
    }

    /// How many signals there have been so far: take it, look at the state, and then wait with
    /// [`Flow::next_signal`], so that no signal is missed in between.
    pub fn signals_seen(&self) -> u64 {
        self.lock().signals()
    }

    /// Wakes every flow that waits in [`Flow::next_signal`].
    pub fn signal(&self) {
        self.lock().signal();
    }

    /// Waits until there were more signals than `seen`, or until `deadline`.
    pub async fn next_signal(&self, seen: u64, deadline: Option<ElapsedMs>) {
        let guard = deadline.map(|moment| {
            let sleeper = self.lock().add_sleeper(moment);
            SleepGuard { flow: self, sleeper }
        });
        poll_fn(|_| {
            let due = deadline.is_some_and(|moment| self.now().elapsed >= moment);
            if due || self.signals_seen() != seen { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        drop(guard);
    }

    /// Gives the call back to the shell, so that one call never takes long; goes on at the next.
    pub async fn breathe(&self) {
        let calls = self.lock().calls();
        let sleeper = self.lock().add_sleeper(ElapsedMs(i64::MIN));
        let guard = SleepGuard { flow: self, sleeper };
        poll_fn(|_| if self.lock().calls() != calls { Poll::Ready(()) } else { Poll::Pending })
            .await;
        drop(guard);
    }
}

struct SleepGuard<'a> {
    flow: &'a Flow,
    sleeper: u64,
}

impl Drop for SleepGuard<'_> {
    fn drop(&mut self) {
        if let Ok(mut mailbox) = self.flow.mailbox.lock() {
            mailbox.remove_sleeper(self.sleeper);
        }
    }
}

/// Used by [`Body`] and tests: a request that nobody waits for any more is cancelled.
pub(crate) fn abandon(mailbox: &Arc<Mutex<Mailbox>>, id: StepId) {
    if let Ok(mut mailbox) = mailbox.lock() {
        mailbox.abandon_request(id);
    }
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Flow")
    }
}

/// The step that a mailbox with nothing to send answers with.
pub(crate) fn resting_step(next_sleeper: Option<ElapsedMs>) -> Step {
    match next_sleeper {
        Some(until) => Step::Wait { until },
        None => Step::Idle,
    }
}
