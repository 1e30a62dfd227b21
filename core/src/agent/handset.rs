//! A whole phone around an agent, with a made-up clock: what tests of the agent, here and in other
//! crates, tell their stories with. No product needs it; what is not used is not linked.
use std::ops::{Deref, DerefMut};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Agent, DeviceInfo, Event, OpenError, OpenOptions};
use crate::compliance::Signals;
use crate::config::ManagedInput;
use crate::contacts::directory::Page;
use crate::flow::shell::Shell as _;
use crate::flow::simulation::{Ended, Net, Patience, Simulation, Vault, seeded};
use crate::ids::Platform;
use crate::licence::Phase;

/// How often an agent that has not let its profile go yet is waited for.
const OPEN_TRIES: u32 = 100_000;

/// A phone. It is also its shell: plan, counts and clock are those of the [`Simulation`].
pub struct Handset {
    agent: Option<Agent>,
    shell: Simulation<'static>,
    /// How the agent is opened the next time.
    pub options: OpenOptions,
    seed: u64,
    opened: u64,
}

impl Deref for Handset {
    type Target = Simulation<'static>;

    fn deref(&self) -> &Self::Target {
        &self.shell
    }
}

impl DerefMut for Handset {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.shell
    }
}

impl Handset {
    /// A new Android phone at `true_ms` (since 1970) that keeps its profiles in `root` and is not
    /// started yet. Its randomness follows from `seed`.
    pub fn new(
        root: PathBuf,
        net: impl Net + 'static,
        vault: impl Vault + 'static,
        seed: u64,
        true_ms: i64,
    ) -> Self {
        let options = OpenOptions {
            device: DeviceInfo {
                model: "Simulated Android phone".to_owned(),
                os_version: "15".to_owned(),
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            ..OpenOptions::new(root, Platform::Android)
        };
        let shell = Simulation::new(net, vault, true_ms);
        Self { agent: None, shell, options, seed, opened: 0 }
    }

    /// The process ends.
    pub fn kill(&mut self) {
        self.agent = None;
        self.shell.process_ends();
    }

    /// The process ends and the phone starts again; the agent is not opened yet.
    pub fn reboot(&mut self) {
        self.kill();
        self.shell.boots();
    }

    /// The agent; opened if it is not.
    pub fn agent(&mut self) -> &mut Agent {
        if self.agent.is_none() {
            self.opened += 1;
            let mut tries = 0;
            let agent = loop {
                let random = Box::new(seeded(self.seed, self.opened));
                match Agent::open(self.options.clone(), random, self.shell.now()) {
                    // A program that another test starts just now holds a copy of this process's
                    // files, the old agent's lock among them, until it is on its own.
                    Err(OpenError::InUse) if tries < OPEN_TRIES => std::thread::yield_now(),
                    opened => break opened.expect("the profile opens"),
                }
                tries += 1;
            };
            self.agent = Some(agent);
        }
        self.agent.as_mut().expect("just opened")
    }

    /// Something happens.
    pub fn handle(&mut self, event: Event) {
        let now = self.shell.now();
        self.agent().handle(event, now);
    }

    /// The app is started: configuration and signals, as a shell hands them over.
    pub fn launch(&mut self, managed: &Value) {
        self.kill();
        self.handle(Event::Configuration(configuration(managed)));
        self.handle(Event::Signals(signals(true)));
    }

    /// Lets the phone work for `ms`; it ends when nothing is left to do but waiting beyond that.
    pub fn run(&mut self, ms: i64) -> Ended {
        self.drive(Patience::Ms(ms), |_, _| true)
    }

    /// Lets the phone work until `reached`; answers that are on their way then stay there.
    ///
    /// # Panics
    /// If it is never reached.
    pub fn run_until(&mut self, reached: impl Fn(&Simulation<'static>) -> bool) {
        self.run_while(|shell| !reached(shell));
        assert!(reached(&self.shell), "it never came to that: {:?}", self.asked);
    }

    /// Lets the phone work as long as `goes_on`, and there is something to do but waiting.
    pub fn run_while(&mut self, goes_on: impl Fn(&Simulation<'static>) -> bool) -> Ended {
        self.drive(Patience::Busy, |shell, _| goes_on(shell))
    }

    /// Lets the phone work as long as `goes_on`; a process that was killed has ended.
    pub fn drive(
        &mut self,
        patience: Patience,
        goes_on: impl Fn(&Simulation<'static>, &Agent) -> bool,
    ) -> Ended {
        self.agent();
        let agent = self.agent.as_mut().expect("just opened");
        let ended = self.shell.drive(agent, patience, goes_on);
        if ended == Ended::Killed {
            self.kill();
        }
        ended
    }

    /// The phase of the licence.
    pub fn phase(&mut self) -> Phase {
        self.agent().status().licence.phase
    }

    /// How many contacts are on the phone.
    pub fn contacts(&mut self) -> i64 {
        self.agent().status().contacts.count
    }

    /// The e-mail addresses of everybody on the phone, sorted.
    pub fn addresses(&mut self) -> Vec<String> {
        let everybody = self.agent().directory().contacts(Page::ALL).unwrap_or_default();
        let emails = everybody.into_iter().flat_map(|contact| contact.record.emails);
        let mut addresses: Vec<String> = emails.map(|email| email.address).collect();
        addresses.sort();
        addresses
    }

    /// The codes of what failed in this run.
    pub fn problems(&mut self) -> Vec<String> {
        self.agent().problems().iter().map(|p| p.code.to_string()).collect()
    }
}

/// A configuration as Android delivers it.
pub fn configuration(managed: &Value) -> ManagedInput {
    ManagedInput::from_android_json(managed.to_string().as_bytes()).expect("a configuration")
}

/// What the sensors of a phone in good order say, in the form that [`Signals::from_json`] reads.
pub fn healthy(platform: Platform) -> Value {
    let app_version = env!("CARGO_PKG_VERSION");
    match platform {
        Platform::Android => json!({
            "screen_lock": true, "password_complexity": "high", "os_version": "15",
            "storage_encryption": true, "developer_options": false, "adb": false,
            "work_profile": true, "organization_owned": false, "app_version": app_version,
            "background_allowed": true,
        }),
        Platform::Ios => json!({
            "screen_lock": true, "os_version": "18.2", "app_version": app_version,
            "background_app_refresh": true,
        }),
    }
}

/// The signals of an Android phone in good order, but for its screen lock.
pub fn signals(screen_lock: bool) -> Signals {
    let mut signals = healthy(Platform::Android);
    signals["screen_lock"] = screen_lock.into();
    Signals::from_json(&signals.to_string(), Platform::Android).expect("signals")
}
