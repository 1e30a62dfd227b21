//! The loop of a shell, in Rust: asks for the next step, does it, hands the answer back.
//!
//! Steps come from a [`Machine`]: an agent, or flows alone ([`Flows`], [`run_alone`]). They are done
//! by a [`Shell`]: the network, the key store and the clock of the place. The loop itself is
//! [`turn`], once. A program that embeds the agent writes a `Shell`; a test takes the one of
//! [`super::simulation`], whose clock, network and key store are made up.
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::{Flow, Lanes, Mailbox};
use crate::effect::{Effect, EffectOutcome};
use crate::http::{Failure, Head, Request};
use crate::step::{Step, StepId};
use crate::time::{ElapsedMs, Now};
use crate::vault::{VaultOp, VaultOutcome};

/// What comes back of a request, in this order: a head, pieces of the body, an end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Arrival {
    /// Status and header fields.
    Head(Head),
    /// A piece of the body.
    Body(Vec<u8>),
    /// The whole answer is there.
    End,
    /// It is not, and will not be.
    Failed(Failure),
}

/// What a machine is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// Something of the answer to a request.
    Arrived(StepId, Arrival),
    /// What became of a key operation.
    Vault(StepId, VaultOutcome),
    /// What became of an effect.
    Effect(StepId, EffectOutcome),
    /// The shell is about to be stopped: no request is started any more.
    WindowClosing,
    /// The shell may run for as long as it likes again.
    WindowUnbounded,
}

/// What gives out steps.
pub trait Machine {
    /// What to do next.
    fn poll(&mut self, now: Now) -> Step;

    /// Hands an answer over.
    fn take(&mut self, input: Input, now: Now);
}

/// What a shell does when the machine has nothing for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Waited {
    /// Something came.
    For(Input),
    /// Time passed, or an event was handed to the machine in another way.
    Again,
    /// The loop ends here.
    Over,
}

/// What does the steps.
pub trait Shell {
    /// The moment.
    fn now(&self) -> Now;

    /// Called before a step that wants something done. `false` ends the loop there, as the end of
    /// the process does: the step is neither done nor answered.
    fn before(&mut self, _step: &Step) -> bool {
        true
    }

    /// Called when a step is done, before the machine hears of it. `false` ends the loop there.
    fn after(&mut self) -> bool {
        true
    }

    /// Starts a request; its answer comes by [`Shell::wait`].
    fn send(&mut self, id: StepId, request: Request);

    /// Gives a request up.
    fn cancel(&mut self, id: StepId);

    /// Runs a key operation.
    fn vault(&mut self, op: &VaultOp) -> VaultOutcome;

    /// Brings an effect about.
    fn effect(&mut self, effect: &Effect) -> EffectOutcome;

    /// What is to be handed over before the machine is asked for its next step, if anything.
    fn urgent(&mut self) -> Option<Input> {
        None
    }

    /// Waits for an answer, at most until `until` (none: for as long as it takes).
    fn wait(&mut self, until: Option<ElapsedMs>) -> Waited;
}

/// Asks `machine` for one step and lets `shell` do it. `false` when the loop is over.
pub fn turn<M: Machine + ?Sized>(machine: &mut M, shell: &mut (impl Shell + ?Sized)) -> bool {
    let now = shell.now();
    if let Some(input) = shell.urgent() {
        machine.take(input, now);
        return true;
    }
    let until = match machine.poll(now) {
        Step::Wait { until } if until <= now.elapsed => return true,
        Step::Wait { until } => Some(until),
        Step::Idle => None,
        step => return do_step(machine, shell, step),
    };
    match shell.wait(until) {
        Waited::For(input) => machine.take(input, shell.now()),
        Waited::Again => {}
        Waited::Over => return false,
    }
    true
}

fn do_step<M: Machine + ?Sized>(
    machine: &mut M,
    shell: &mut (impl Shell + ?Sized),
    step: Step,
) -> bool {
    if !shell.before(&step) {
        return false;
    }
    let mut answer = None;
    match step {
        Step::Send { id, request } => shell.send(id, request),
        Step::Cancel { id } => shell.cancel(id),
        Step::Vault { id, op } => answer = Some(Input::Vault(id, shell.vault(&op))),
        Step::Effect { id, effect } => answer = Some(Input::Effect(id, shell.effect(&effect))),
        Step::Wait { .. } | Step::Idle => {}
    }
    if !shell.after() {
        return false;
    }
    if let Some(answer) = answer {
        machine.take(answer, shell.now());
    }
    true
}

/// Flows without an agent around them.
pub struct Flows {
    mailbox: Arc<Mutex<Mailbox>>,
    /// The flows under way.
    pub lanes: Lanes,
}

impl Flows {
    /// No flow yet.
    pub fn over(mailbox: Mailbox) -> Self {
        Self { mailbox: Arc::new(Mutex::new(mailbox)), lanes: Lanes::default() }
    }

    /// The handle that flows are written with.
    pub fn flow(&self) -> Flow {
        Flow::on(&self.mailbox)
    }

    /// A call comes in at `now`, as when a shell hands something over.
    pub fn begin_call(&self, now: Now) {
        self.mailbox.lock().expect("a flow panicked").begin_call(now);
    }
}

impl Machine for Flows {
    fn poll(&mut self, now: Now) -> Step {
        self.mailbox.lock().expect("a flow panicked").begin_call(now);
        self.lanes.run(&self.mailbox);
        self.mailbox.lock().expect("a flow panicked").next_step()
    }

    fn take(&mut self, input: Input, now: Now) {
        self.mailbox.lock().expect("a flow panicked").take(input, now);
    }
}

/// Runs one piece of work, which may borrow, as far as `shell` lets it; none if that was not to its
/// end.
pub fn run_alone<T>(
    flows: &Flows,
    work: impl Future<Output = T>,
    shell: &mut impl Shell,
) -> Option<T> {
    struct Alone<'a, F, T> {
        mailbox: &'a Mutex<Mailbox>,
        work: F,
        result: Option<T>,
    }

    impl<F: FnMut() -> Option<T>, T> Machine for Alone<'_, F, T> {
        fn poll(&mut self, now: Now) -> Step {
            self.mailbox.lock().expect("the flow panicked").begin_call(now);
            if self.result.is_none() {
                self.result = (self.work)();
            }
            self.mailbox.lock().expect("the flow panicked").next_step()
        }

        fn take(&mut self, input: Input, now: Now) {
            self.mailbox.lock().expect("the flow panicked").take(input, now);
        }
    }

    let mut work = pin!(work);
    let mut poll = || match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    };
    let mut alone = Alone { mailbox: &flows.mailbox, work: &mut poll, result: None };
    while turn(&mut alone, shell) {}
    alone.result
}
