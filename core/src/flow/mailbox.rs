//! What flows asked for and what shells answered.
use std::collections::{BTreeMap, VecDeque};

use super::resting_step;
use super::shell::{Arrival, Input};
use crate::effect::{Effect, EffectOutcome};
use crate::http::{Failure, Head, Request};
use crate::limits;
use crate::random::Random;
use crate::step::{Step, StepId};
use crate::time::{ElapsedMs, Now};
use crate::vault::{VaultOp, VaultOutcome};

/// The one place where questions leave and answers arrive.
pub struct Mailbox {
    now: Now,
    calls: u64,
    signals: u64,
    stirred: bool,
    random: Box<dyn Random>,
    last_id: i64,
    last_sleeper: u64,
    outgoing: VecDeque<Step>,
    requests: BTreeMap<StepId, Slot>,
    vault: BTreeMap<StepId, Option<VaultOutcome>>,
    effects: BTreeMap<StepId, Option<EffectOutcome>>,
    sleepers: BTreeMap<u64, ElapsedMs>,
    window_end: Option<ElapsedMs>,
    closed: bool,
}

#[derive(Default)]
struct Slot {
    head: Option<Head>,
    chunks: VecDeque<Vec<u8>>,
    end: Option<Result<(), Failure>>,
}

impl Mailbox {
    /// An empty mailbox.
    pub fn new(random: Box<dyn Random>, now: Now) -> Self {
        Self {
            now,
            calls: 0,
            signals: 0,
            stirred: false,
            random,
            last_id: 0,
            last_sleeper: 0,
            outgoing: VecDeque::new(),
            requests: BTreeMap::new(),
            vault: BTreeMap::new(),
            effects: BTreeMap::new(),
            sleepers: BTreeMap::new(),
            window_end: None,
            closed: false,
        }
    }

    // --- the shell's side ---

    /// A call came in.
    pub fn begin_call(&mut self, now: Now) {
        self.now = now;
        self.calls += 1;
        if self.window_end.is_some_and(|end| now.elapsed >= end) {
            self.close_window();
        }
    }

    /// An answer came in.
    pub fn take(&mut self, input: Input, now: Now) {
        self.begin_call(now);
        match input {
            Input::Arrived(id, Arrival::Head(head)) => self.on_head(id, head),
            Input::Arrived(id, Arrival::Body(chunk)) => self.on_body(id, chunk),
            Input::Arrived(id, Arrival::End) => self.on_end(id, Ok(())),
            Input::Arrived(id, Arrival::Failed(failure)) => self.on_end(id, Err(failure)),
            Input::Vault(id, outcome) => self.on_vault(id, outcome),
            Input::Effect(id, outcome) => self.on_effect(id, outcome),
            Input::WindowClosing => self.close_window(),
            Input::WindowUnbounded => self.unbounded_window(),
        }
    }

    /// The next step for the shell, once no flow can go on by itself.
    pub fn next_step(&mut self) -> Step {
        self.outgoing.pop_front().unwrap_or_else(|| resting_step(self.next_moment()))
    }

    /// When a flow wants to go on by itself, if any does.
    pub(crate) fn next_moment(&self) -> Option<ElapsedMs> {
        self.sleepers.values().min().copied()
    }

    /// The head of an answer. One that breaks the limits on header fields ends the request.
    pub fn on_head(&mut self, id: StepId, head: Head) {
        let bytes: usize = head.headers.iter().map(|(n, v)| n.len() + v.len()).sum();
        if head.headers.len() > limits::HEADER_COUNT || bytes > limits::HEADER_BYTES {
            if self.requests.contains_key(&id) {
                self.outgoing.push_back(Step::Cancel { id });
            }
            return self.on_end(id, Err(Failure::TooLarge));
        }
        if let Some(slot) =
            self.requests.get_mut(&id).filter(|s| s.head.is_none() && s.end.is_none())
        {
            slot.head = Some(head);
            slot.chunks.clear();
        }
    }

    /// A piece of the body.
    pub fn on_body(&mut self, id: StepId, chunk: Vec<u8>) {
        if let Some(slot) = self.requests.get_mut(&id).filter(|s| s.end.is_none())
            && !chunk.is_empty()
        {
            slot.chunks.push_back(chunk);
        }
    }

    /// The end of the answer, or of the hope for one.
    pub fn on_end(&mut self, id: StepId, end: Result<(), Failure>) {
        if let Some(slot) = self.requests.get_mut(&id).filter(|s| s.end.is_none()) {
            slot.end = Some(end);
        }
    }

    /// The answer to a vault step.
    pub fn on_vault(&mut self, id: StepId, outcome: VaultOutcome) {
        if let Some(slot @ None) = self.vault.get_mut(&id) {
            *slot = Some(outcome);
        }
    }

    /// The answer to an effect step.
    pub fn on_effect(&mut self, id: StepId, outcome: EffectOutcome) {
        if let Some(slot @ None) = self.effects.get_mut(&id) {
            *slot = Some(outcome);
        }
    }

    /// The shell may run for so long; what can't be finished in it is not started.
    pub fn open_window(&mut self, ms: i64) {
        self.closed = false;
        self.window_end = Some(self.now.elapsed.plus_ms(ms));
    }

    /// The shell may run for as long as it likes.
    pub fn unbounded_window(&mut self) {
        self.closed = false;
        self.window_end = None;
    }

    /// The shell is about to be stopped: every request is given up and none is started.
    pub fn close_window(&mut self) {
        self.closed = true;
        self.window_end = None;
        let open: Vec<StepId> =
            self.requests.iter().filter(|(_, s)| s.end.is_none()).map(|(id, _)| *id).collect();
        for id in open {
            self.cancel(id);
        }
    }

    fn cancel(&mut self, id: StepId) {
        let unsent = self.outgoing.len();
        self.outgoing.retain(|s| !matches!(s, Step::Send { id: sent, .. } if *sent == id));
        if unsent == self.outgoing.len() {
            self.outgoing.push_back(Step::Cancel { id });
        }
        self.on_end(id, Err(Failure::Cancelled));
    }

    // --- the flows' side ---

    pub(crate) fn now(&self) -> Now {
        self.now
    }

    pub(crate) fn calls(&self) -> u64 {
        self.calls
    }

    /// Fills `out` from the injected source.
    pub fn fill_random(&mut self, out: &mut [u8]) {
        self.random.fill(out);
    }

    pub(crate) fn signals(&self) -> u64 {
        self.signals
    }

    /// Wakes flows that wait for something to change.
    pub fn signal(&mut self) {
        self.signals += 1;
        self.stirred = true;
    }

    pub(crate) fn take_stirred(&mut self) -> bool {
        std::mem::take(&mut self.stirred)
    }

    pub(crate) fn may_start(&self) -> bool {
        !self.closed
    }

    fn next_id(&mut self) -> StepId {
        self.last_id += 1;
        StepId(self.last_id)
    }

    pub(crate) fn start_request(&mut self, request: Request) -> StepId {
        let id = self.next_id();
        self.requests.insert(id, Slot::default());
        self.outgoing.push_back(Step::Send { id, request });
        id
    }

    pub(crate) fn start_vault(&mut self, op: VaultOp) -> StepId {
        let id = self.next_id();
        self.vault.insert(id, None);
        self.outgoing.push_back(Step::Vault { id, op });
        id
    }

    pub(crate) fn start_effect(&mut self, effect: Effect) -> StepId {
        let id = self.next_id();
        self.effects.insert(id, None);
        self.outgoing.push_back(Step::Effect { id, effect });
        id
    }

    pub(crate) fn take_head(&mut self, id: StepId) -> Option<Result<Head, Failure>> {
        let slot = self.requests.get_mut(&id)?;
        match (slot.head.take(), slot.end) {
            (Some(head), _) => Some(Ok(head)),
            (None, Some(Err(failure))) => Some(Err(failure)),
            // An end without a head is no answer.
            (None, Some(Ok(()))) => Some(Err(Failure::Cut)),
            (None, None) => None,
        }
    }

    pub(crate) fn take_chunk(&mut self, id: StepId) -> Option<Result<Option<Vec<u8>>, Failure>> {
        let Some(slot) = self.requests.get_mut(&id) else { return Some(Ok(None)) };
        if let Some(chunk) = slot.chunks.pop_front() {
            return Some(Ok(Some(chunk)));
        }
        slot.end.map(|end| end.map(|()| None))
    }

    pub(crate) fn abandon_request(&mut self, id: StepId) {
        if self.requests.get(&id).is_some_and(|s| s.end.is_none()) {
            self.cancel(id);
        }
        self.requests.remove(&id);
    }

    pub(crate) fn take_vault(&mut self, id: StepId) -> Option<VaultOutcome> {
        let outcome = self.vault.get_mut(&id)?.take()?;
        self.vault.remove(&id);
        Some(outcome)
    }

    pub(crate) fn take_effect(&mut self, id: StepId) -> Option<EffectOutcome> {
        let outcome = self.effects.get_mut(&id)?.take()?;
        self.effects.remove(&id);
        Some(outcome)
    }

    pub(crate) fn add_sleeper(&mut self, moment: ElapsedMs) -> u64 {
        self.last_sleeper += 1;
        self.sleepers.insert(self.last_sleeper, moment);
        self.last_sleeper
    }

    pub(crate) fn remove_sleeper(&mut self, sleeper: u64) {
        self.sleepers.remove(&sleeper);
    }
}
