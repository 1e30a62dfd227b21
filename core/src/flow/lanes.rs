//! Polls the flows. Each lane runs one flow at a time, so that "at most one contacts request plus
//! one other in flight" holds by construction.
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use super::{Flow, Mailbox};

type Lane = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The flows under way, by lane.
#[derive(Default)]
pub struct Lanes {
    lanes: Vec<(&'static str, Lane)>,
}

impl Lanes {
    /// Starts `flow` on the lane `name`, which replaces (and so cancels) what runs there.
    pub fn start(&mut self, name: &'static str, flow: impl Future<Output = ()> + Send + 'static) {
        self.stop(name);
        self.lanes.push((name, Box::pin(flow)));
    }

    /// Drops what runs on the lane `name`; its requests are given up.
    pub fn stop(&mut self, name: &'static str) {
        self.lanes.retain(|(n, _)| *n != name);
    }

    /// Whether the lane `name` has a flow under way.
    pub fn is_running(&self, name: &'static str) -> bool {
        self.lanes.iter().any(|(n, _)| *n == name)
    }

    /// Runs every flow as far as it gets.
    pub fn run(&mut self, mailbox: &Arc<Mutex<Mailbox>>) {
        let mut context = Context::from_waker(Waker::noop());
        loop {
            self.lanes.retain_mut(|(_, flow)| flow.as_mut().poll(&mut context).is_pending());
            // A flow that signalled another gives it the chance to go on in the same call.
            if !mailbox.lock().expect("a flow panicked").take_woken() {
                return;
            }
        }
    }
}

impl Flow {
    /// A handle on `mailbox`.
    pub fn on(mailbox: &Arc<Mutex<Mailbox>>) -> Self {
        Self::new(mailbox.clone())
    }
}
