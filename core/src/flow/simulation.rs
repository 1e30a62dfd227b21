//! A shell whose clock is made up: weeks in milliseconds, and a fault at any request, key operation,
//! effect or step that a test names. The network and the key store are whatever stands behind
//! [`Net`] and [`Vault`]: values in memory, or real sockets.
use std::collections::VecDeque;

use ring::digest::{SHA256, digest};

use super::shell::{Arrival, Input, Machine, Shell, Waited, turn};
use crate::effect::{Effect, EffectOutcome};
use crate::http::{Answer, Failure, Head, Request};
use crate::step::{Step, StepId};
use crate::time::{BootId, ElapsedMs, Now, WallMs};
use crate::vault::{VaultFailure, VaultOp, VaultOutcome};

/// Turns of the loop in one run, but for those that hand over a piece of an answer, after which a
/// machine counts as spinning.
const SPINNING: usize = 20_000;

/// Where requests go.
pub trait Net {
    /// The whole answer, or what there is of one.
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken>;
}

impl<F: FnMut(&Request) -> Result<Answer, Broken>> Net for F {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        self(request)
    }
}

/// An answer that is not whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// What came before it broke.
    pub so_far: Option<Answer>,
    /// How it broke.
    pub failure: Failure,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self { so_far: None, failure }
    }
}

/// Where keys are.
pub trait Vault {
    /// Answers one operation.
    fn run(&mut self, op: &VaultOp) -> VaultOutcome;
}

impl<V: Vault + ?Sized> Vault for &mut V {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        (**self).run(op)
    }
}

/// What happens to a request on its way.
#[derive(Clone, Debug)]
pub enum Wire {
    /// Nothing.
    Through,
    /// The server never sees it.
    RequestLost(Failure),
    /// The server does what was asked, and nobody hears of it.
    AnswerLost,
    /// Somebody else answers, and the server never sees it.
    Instead(Answer),
    /// Something happens after a part of the body. A body that is not longer comes whole.
    Broken(Part, Break),
}

impl Wire {
    /// The connection breaks in the middle of the body.
    pub const CUT_HALF: Self = Self::Broken(Part::Half, Break::Cut);
    /// Half of the answer is there when the shell's time is over.
    pub const WINDOW_CLOSES: Self = Self::Broken(Part::Half, Break::WindowCloses);

    /// An answer of somebody else.
    pub fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Self::Instead(Answer { head: Head { status, headers }, body: body.into() })
    }
}

/// How much of a body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The first half, rounded down; also of a body that is empty.
    Half,
    /// So many bytes.
    Bytes(usize),
}

/// What happens in the middle of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Break {
    /// The connection breaks.
    Cut,
    /// The connection just ends, which looks like the end of the answer.
    EarlyEnd,
    /// The shell's time is over, before anything else is done; it gets more as soon as nothing is
    /// left to do.
    WindowCloses,
    /// The process ends.
    Killed,
}

/// Where the process ends. Steps that want something done are counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kill {
    /// Before this step is done.
    Before(usize),
    /// After it is done, and before the machine hears of it.
    After(usize),
}

/// What happens to a request.
pub type OnRequest<'a> = Box<dyn FnMut(usize, &Request) -> Wire + 'a>;
/// Whether a key operation fails.
pub type OnVault<'a> = Box<dyn FnMut(usize, &VaultOp) -> Option<VaultFailure> + 'a>;
/// What becomes of an effect.
pub type OnEffect<'a> = Box<dyn FnMut(usize, &Effect) -> EffectOutcome + 'a>;
/// Looks on before a step is done.
pub type OnStep<'a> = Box<dyn FnMut(usize, &Step) + 'a>;

/// The faults of a run. Each closure gets the index of the request, operation, effect or step,
/// counted from 0 since [`Simulation::counts`] was last reset.
pub struct Plan<'a> {
    /// What happens to a request.
    pub request: OnRequest<'a>,
    /// Whether the key store fails.
    pub vault: OnVault<'a>,
    /// What becomes of an effect.
    pub effect: OnEffect<'a>,
    /// Called before each step is done.
    pub step: OnStep<'a>,
    /// Where the process ends.
    pub kill: Option<Kill>,
    /// Milliseconds that each request takes.
    pub latency_ms: i64,
    /// Bytes of a body that arrive in one piece.
    pub piece: usize,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            request: Box::new(|_, _| Wire::Through),
            vault: Box::new(|_, _| None),
            effect: Box::new(|_, _| EffectOutcome::Done),
            step: Box::new(|_, _| {}),
            kill: None,
            latency_ms: 0,
            piece: 8 * 1024,
        }
    }
}

/// How often the shell was asked for something.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Steps that want something done.
    pub steps: usize,
    /// Requests.
    pub requests: usize,
    /// Key operations.
    pub vault: usize,
    /// Effects.
    pub effects: usize,
    /// Requests that were given up.
    pub cancelled: usize,
}

/// For how long a machine may run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patience {
    /// Until nothing is left to do but waiting.
    Busy,
    /// For so many milliseconds; the clock stands there afterwards.
    Ms(i64),
    /// Until it waits for nothing.
    Endless,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// As long as it was to last, or as the caller wished.
    Over,
    /// The process was killed.
    Killed,
}

/// On its way to the machine.
enum Coming {
    Arrival(StepId, Arrival),
    WindowCloses,
    Killed,
}

/// The shell. Its clock moves only by [`Simulation::pass`] and while a machine waits.
pub struct Simulation<'a> {
    net: Box<dyn Net + 'a>,
    vault: Box<dyn Vault + 'a>,
    on_time: Box<dyn FnMut(i64) + 'a>,
    /// The true time, milliseconds since 1970.
    pub true_ms: i64,
    /// How much the clock on the wall is ahead of it, in milliseconds.
    pub skew_ms: i64,
    /// Milliseconds since the machine was switched on.
    pub elapsed_ms: i64,
    /// Which boot this is.
    pub boot: i64,
    /// The faults.
    pub plan: Plan<'a>,
    /// What was asked for so far.
    pub counts: Counts,
    /// Every request's method and path, with the true time.
    pub asked: Vec<(i64, String)>,
    coming: VecDeque<Coming>,
    /// All that is coming is handed over at once.
    hurried: bool,
    window_closed: bool,
    killed: bool,
    handed_over: usize,
    end: Patience,
}

impl<'a> Simulation<'a> {
    /// A shell at `true_ms`, with nothing under way.
    pub fn new(net: impl Net + 'a, vault: impl Vault + 'a, true_ms: i64) -> Self {
        Self {
            net: Box::new(net),
            vault: Box::new(vault),
            on_time: Box::new(|_| {}),
            true_ms,
            skew_ms: 0,
            elapsed_ms: 1_000_000,
            boot: 1,
            plan: Plan::default(),
            counts: Counts::default(),
            asked: Vec::new(),
            coming: VecDeque::new(),
            hurried: false,
            window_closed: false,
            killed: false,
            handed_over: 0,
            end: Patience::Busy,
        }
    }

    /// From now on `clock` is told the true time, in milliseconds since 1970, whenever it changes.
    pub fn keep_time_with(&mut self, mut clock: impl FnMut(i64) + 'a) {
        clock(self.true_ms);
        self.on_time = Box::new(clock);
    }

    /// Time passes.
    pub fn pass(&mut self, ms: i64) {
        self.true_ms += ms;
        self.elapsed_ms += ms;
        (self.on_time)(self.true_ms);
    }

    /// The process ends: what was under way is gone.
    pub fn process_ends(&mut self) {
        self.coming.clear();
        self.hurried = false;
        self.window_closed = false;
        self.killed = false;
    }

    /// The phone is switched off and on again.
    pub fn boots(&mut self) {
        self.process_ends();
        self.boot += 1;
        self.elapsed_ms = 20_000;
    }

    /// Lets `machine` run as long as `goes_on`, and `patience` allows.
    ///
    /// # Panics
    /// If it never comes to rest.
    pub fn drive<M: Machine>(
        &mut self,
        machine: &mut M,
        patience: Patience,
        goes_on: impl Fn(&Self, &M) -> bool,
    ) -> Ended {
        self.end = match patience {
            Patience::Ms(ms) => Patience::Ms(self.elapsed_ms + ms),
            other => other,
        };
        self.handed_over = 0;
        let mut turns = 0;
        while turns - self.handed_over < SPINNING {
            if !goes_on(self, machine) || !turn(machine, self) {
                return if self.killed { Ended::Killed } else { Ended::Over };
            }
            turns += 1;
        }
        let last = self.asked.len().saturating_sub(20);
        panic!("the machine spins: {:?} {:?}", self.counts, &self.asked[last..]);
    }

    fn next_input(&mut self) -> Option<Input> {
        match self.coming.pop_front()? {
            Coming::Arrival(id, arrival) => {
                self.handed_over += 1;
                Some(Input::Arrived(id, arrival))
            }
            Coming::WindowCloses => {
                self.hurried = false;
                self.window_closed = true;
                Some(Input::WindowClosing)
            }
            Coming::Killed => {
                self.killed = true;
                None
            }
        }
    }

    /// Puts what comes of a request on its way.
    fn bring(&mut self, id: StepId, answer: Answer, last: Option<Coming>) {
        let Answer { head, body } = answer;
        self.coming.push_back(Coming::Arrival(id, Arrival::Head(head)));
        for piece in body.chunks(self.plan.piece) {
            self.coming.push_back(Coming::Arrival(id, Arrival::Body(piece.to_vec())));
        }
        self.coming.push_back(last.unwrap_or(Coming::Arrival(id, Arrival::End)));
    }
}

impl Shell for Simulation<'_> {
    fn now(&self) -> Now {
        Now {
            wall: WallMs(self.true_ms + self.skew_ms),
            elapsed: ElapsedMs(self.elapsed_ms),
            boot: BootId(self.boot),
        }
    }

    fn before(&mut self, step: &Step) -> bool {
        let index = self.counts.steps;
        self.killed = self.plan.kill == Some(Kill::Before(index));
        if self.killed {
            return false;
        }
        self.counts.steps += 1;
        (self.plan.step)(index, step);
        true
    }

    fn after(&mut self) -> bool {
        let index = self.counts.steps - 1;
        self.killed = self.plan.kill == Some(Kill::After(index));
        !self.killed
    }

    fn send(&mut self, id: StepId, request: Request) {
        assert!(!self.window_closed, "a request in a closed window");
        let wire = (self.plan.request)(self.counts.requests, &request);
        self.counts.requests += 1;
        let path = request.url.splitn(4, '/').nth(3).unwrap_or_default();
        self.asked.push((self.true_ms, format!("{} /{path}", request.method.as_str())));
        let exchanged = match &wire {
            Wire::RequestLost(failure) => Err(Broken::from(*failure)),
            Wire::Instead(answer) => Ok(answer.clone()),
            _ => self.net.exchange(&request),
        };
        self.pass(self.plan.latency_ms);
        let failed = |failure| Coming::Arrival(id, Arrival::Failed(failure));
        match (exchanged, wire) {
            (Err(Broken { so_far: Some(answer), failure }), _) => {
                self.bring(id, answer, Some(failed(failure)));
            }
            (Err(Broken { so_far: None, failure }), _) => self.coming.push_back(failed(failure)),
            (Ok(_), Wire::AnswerLost) => self.coming.push_back(failed(Failure::Cut)),
            (Ok(mut answer), Wire::Broken(part, by)) => {
                let (whole, kept) = match part {
                    Part::Half => (false, answer.body.len() / 2),
                    Part::Bytes(bytes) => (answer.body.len() <= bytes, bytes),
                };
                answer.body.truncate(kept);
                let last = match by {
                    _ if whole => None,
                    Break::Cut => Some(failed(Failure::Cut)),
                    Break::EarlyEnd => None,
                    Break::WindowCloses => Some(Coming::WindowCloses),
                    Break::Killed => Some(Coming::Killed),
                };
                self.hurried |= matches!(last, Some(Coming::WindowCloses));
                self.bring(id, answer, last);
            }
            (Ok(answer), _) => self.bring(id, answer, None),
        }
    }

    fn cancel(&mut self, id: StepId) {
        self.counts.cancelled += 1;
        self.coming.retain(|coming| !matches!(coming, Coming::Arrival(of, _) if *of == id));
    }

    fn vault(&mut self, op: &VaultOp) -> VaultOutcome {
        let fault = (self.plan.vault)(self.counts.vault, op);
        self.counts.vault += 1;
        match fault {
            Some(failure) => Err(failure),
            None => self.vault.run(op),
        }
    }

    fn effect(&mut self, effect: &Effect) -> EffectOutcome {
        let outcome = (self.plan.effect)(self.counts.effects, effect);
        self.counts.effects += 1;
        outcome
    }

    fn urgent(&mut self) -> Option<Input> {
        if self.hurried { self.next_input() } else { None }
    }

    fn wait(&mut self, until: Option<ElapsedMs>) -> Waited {
        match self.next_input() {
            Some(input) => return Waited::For(input),
            None if self.killed => return Waited::Over,
            None => {}
        }
        if std::mem::take(&mut self.window_closed) {
            return Waited::For(Input::WindowUnbounded);
        }
        let until = until.map(|until| until.0);
        match (self.end, until) {
            (Patience::Busy, _) | (Patience::Endless, None) => return Waited::Over,
            (Patience::Endless, Some(until)) => self.pass(until - self.elapsed_ms),
            (Patience::Ms(end), Some(until)) if until <= end => self.pass(until - self.elapsed_ms),
            (Patience::Ms(end), _) => {
                self.pass(end - self.elapsed_ms);
                return Waited::Over;
            }
        }
        Waited::Again
    }
}

/// An endless row of bytes that only looks random: the same for the same seed and opening.
pub fn seeded(seed: u64, opening: u64) -> impl FnMut(&mut [u8]) + Send {
    let mut counter = 0_u64;
    move |out: &mut [u8]| {
        for piece in out.chunks_mut(32) {
            counter += 1;
            let block = digest(&SHA256, format!("{seed} {opening} {counter}").as_bytes());
            piece.copy_from_slice(&block.as_ref()[..piece.len()]);
        }
    }
}
