//! The agent as what gives a shell's loop its steps.
use super::{Agent, Event};
use crate::flow::shell::{Arrival, Input, Machine};
use crate::step::Step;
use crate::time::Now;

impl Machine for Agent {
    fn poll(&mut self, now: Now) -> Step {
        Agent::poll(self, now)
    }

    fn take(&mut self, input: Input, now: Now) {
        match input {
            Input::Arrived(id, Arrival::Head(head)) => self.on_head(id, head, now),
            Input::Arrived(id, Arrival::Body(chunk)) => self.on_body(id, chunk, now),
            Input::Arrived(id, Arrival::End) => self.on_end(id, now),
            Input::Arrived(id, Arrival::Failed(failure)) => self.on_failure(id, failure, now),
            Input::Vault(id, outcome) => self.on_vault(id, outcome, now),
            Input::Effect(id, outcome) => self.on_effect(id, outcome, now),
            Input::WindowClosing => self.handle(Event::WindowClosing, now),
            Input::WindowUnbounded => self.handle(Event::WindowUnbounded, now),
        }
    }
}
