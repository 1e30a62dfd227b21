//! The façade: one event in, one step out. It knows all the other modules, and has no rules of its
//! own: what may be read is decided by [`crate::licence`], what a value means by [`crate::config`],
//! what is wrong with the phone by [`crate::compliance`].
//!
//! Inside, three lanes of flows share one `State`: `control` (the management server),
//! `contacts` (address books) and `effects`. Before them `start` gets the keys. A change is made in
//! memory, judged, committed in one transaction, and then what follows from it is done
//! (`settle`).
mod contacts;
mod control;
mod ctx;
mod effects;
mod error;
mod evaluate;
mod event;
pub mod handset;
mod intake;
mod look;
mod machine;
mod options;
mod reports;
mod settle;
mod snapshot;
mod startup;
mod state;
#[cfg(test)]
mod tests;
mod view;

use std::sync::{Arc, Mutex, MutexGuard};

use crate::contacts::directory::Directory;
use crate::effect::EffectOutcome;
use crate::flow::{Flow, Lanes, Mailbox};
use crate::http::{Failure, Head};
use crate::random::{Random, SharedRandom};
use crate::step::{Step, StepId};
use crate::store::ProfileDir;
use crate::time::Now;
use crate::vault::VaultOutcome;
use ctx::Ctx;
use state::{Mode, State};

pub use error::OpenError;
pub use event::Event;
pub use options::{APP_LINK_HOST, DeviceInfo, OpenOptions};
pub use snapshot::{
    AgentState, BookTrouble, ButtonTarget, ContactsMode, ContactsModeSetting, ContactsState,
    FindingButton, FindingState, FlagSetting, Headline, HoldState, LicenceState, Line, LineKind,
    PromptState, ScreenSettings, SupportChannel, SupportKind, Tone, WordSetting, wake_after_ms,
};
pub use view::{
    ComplianceView, ConfigVersionView, ContactsView, LicenceView, LinkPreview, OrganizationView,
    OutboxView, PersonView, StatusView,
};

/// Names of the lanes.
const START: &str = "start";
const CONTROL: &str = "control";
const CONTACTS: &str = "contacts";
const EFFECTS: &str = "effects";

/// One person's agent on one phone.
///
/// A shell calls it from one thread at a time: [`Agent::handle`] when something happens, then
/// [`Agent::poll`] until it answers `Wait` or `Idle`, and an `on_…` method for each answer.
pub struct Agent {
    mailbox: Arc<Mutex<Mailbox>>,
    state: Arc<Mutex<State>>,
    directory: Directory,
    lanes: Lanes,
}

impl Agent {
    /// Opens the profile. Nothing is read that needs a key; the first polls ask the vault for it.
    ///
    /// # Errors
    /// [`OpenError`] if another agent has the profile open, or its folder can't be used.
    pub fn open(
        options: OpenOptions,
        random: Box<dyn Random>,
        now: Now,
    ) -> Result<Self, OpenError> {
        let profile = ProfileDir::lock(&options.root, &options.profile)?;
        let random = SharedRandom::new(random);
        let directory = Directory::new();
        let state = State::new(options, profile, random.clone(), directory.clone())?;
        let mailbox = Arc::new(Mutex::new(Mailbox::new(Box::new(random), now)));
        let mut agent = Self {
            mailbox,
            state: Arc::new(Mutex::new(state)),
            directory,
            lanes: Lanes::default(),
        };
        agent.lanes.start(START, startup::start(agent.ctx()));
        Ok(agent)
    }

    fn ctx(&self) -> Ctx {
        Ctx::new(Flow::on(&self.mailbox), self.state.clone())
    }

    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        self.mailbox.lock().expect("the agent panicked before")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("the agent panicked before")
    }

    /// Something happened. Before the keys are there it is kept for later.
    pub fn handle(&mut self, event: Event, now: Now) {
        {
            let mut mailbox = self.mailbox();
            mailbox.begin_call(now);
            match &event {
                Event::Window { ms } => mailbox.open_window(*ms),
                Event::WindowUnbounded => mailbox.unbounded_window(),
                Event::WindowClosing => mailbox.close_window(),
                _ => {}
            }
            mailbox.signal();
        }
        let mut state = self.state();
        if !state.ready {
            state.inbox.push_back(event);
            return;
        }
        state.take_in(event, now);
        if state.mode == Mode::Alive {
            state.conclude(now);
        }
    }

    /// What to do next.
    pub fn poll(&mut self, now: Now) -> Step {
        self.mailbox().begin_call(now);
        self.start_afresh();
        self.lanes.run(&self.mailbox);
        self.start_afresh();
        if self.state().ready && !self.lanes.is_running(CONTROL) {
            self.lanes.start(CONTROL, control::run(self.ctx()));
            self.lanes.start(CONTACTS, contacts::run(self.ctx()));
            self.lanes.start(EFFECTS, effects::run(self.ctx()));
            self.lanes.run(&self.mailbox);
        }
        self.stop_pointless_sync();
        self.mailbox().next_step()
    }

    /// An erased phone that is to be set up again goes through startup once more.
    fn start_afresh(&mut self) {
        let afresh = {
            let state = self.state();
            state.mode == Mode::Starting && !state.ready && !self.lanes.is_running(START)
        };
        if afresh {
            for lane in [CONTROL, CONTACTS, EFFECTS] {
                self.lanes.stop(lane);
            }
            self.lanes.start(START, startup::start(self.ctx()));
            self.lanes.run(&self.mailbox);
        }
    }

    /// A sync whose contacts were hidden or erased meanwhile is given up, its request too.
    fn stop_pointless_sync(&mut self) {
        let closed = std::mem::take(&mut self.state().run.contacts_closed);
        if closed && self.lanes.is_running(CONTACTS) {
            self.lanes.start(CONTACTS, contacts::run(self.ctx()));
            self.lanes.run(&self.mailbox);
        }
    }

    /// The head of the answer to the request `id`.
    pub fn on_head(&mut self, id: StepId, head: Head, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_head(id, head);
    }

    /// A piece of its body, at most [`crate::limits::BODY_CHUNK_BYTES`].
    pub fn on_body(&mut self, id: StepId, chunk: Vec<u8>, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_body(id, chunk);
    }

    /// The answer is complete.
    pub fn on_end(&mut self, id: StepId, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_end(id, Ok(()));
    }

    /// There is no answer, or only a part of one.
    pub fn on_failure(&mut self, id: StepId, failure: Failure, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_end(id, Err(failure));
    }

    /// The answer to a vault step.
    pub fn on_vault(&mut self, id: StepId, outcome: VaultOutcome, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_vault(id, outcome);
    }

    /// The answer to an effect step.
    pub fn on_effect(&mut self, id: StepId, outcome: EffectOutcome, now: Now) {
        let mut mailbox = self.mailbox();
        mailbox.begin_call(now);
        mailbox.on_effect(id, outcome);
    }

    /// The people on the phone, for screens and caller ID: a handle that can be copied to any thread
    /// and is never blocked by a sync.
    pub fn directory(&self) -> Directory {
        self.directory.clone()
    }
}
