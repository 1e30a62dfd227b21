//! The simulated phone: the agent, and what does its steps on this machine.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use muster_core::agent::{Agent, DeviceInfo, Event, OpenError, OpenOptions};
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::flow::shell::{Input, Shell, Waited, turn};
use muster_core::http::Request;
use muster_core::ids::{Language, Platform};
use muster_core::random::Random;
use muster_core::step::{Step, StepId};
use muster_core::time::{ElapsedMs, Now, WallMs};
use muster_core::vault::{VaultOp, VaultOutcome};
use ring::rand::{SecureRandom, SystemRandom};

use crate::clock::Clock;
use crate::http::Http;
use crate::trap::Trap;
use crate::vault::FileVault;

/// A phone in a folder.
pub struct Phone {
    /// The agent.
    pub agent: Agent,
    machine: Machinery,
    platform: Platform,
    on_progress: Option<Progress>,
}

/// What does the steps: files, sockets, and a clock that is real or made up.
struct Machinery {
    folder: PathBuf,
    clock: Clock,
    vault: FileVault,
    http: Http,
    trap: Option<Trap>,
    /// Until when the phone runs; none for until nothing is left to do but waiting.
    end: Option<ElapsedMs>,
}

/// Called now and then while contacts arrive, with how many there are.
pub type Progress = Box<dyn FnMut(i64)>;

/// What a shell knows of its phone before the agent is opened.
#[derive(Clone, Debug)]
pub struct PhoneOptions {
    /// The folder.
    pub folder: PathBuf,
    /// The operating system.
    pub platform: Platform,
    /// The phone's language.
    pub language: Language,
    /// The clock.
    pub clock: Clock,
}

/// The system's randomness.
struct SystemSource(SystemRandom);

impl Random for SystemSource {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.fill(out).expect("the system gives randomness");
    }
}

/// How long to wait for a phone that another process is using.
const IN_USE_PATIENCE: Duration = Duration::from_secs(5);

impl Phone {
    /// Opens the phone in its folder. A phone that another process is using is waited for a moment:
    /// reading while a sync runs is usual.
    pub fn open(options: PhoneOptions) -> Result<Self, OpenError> {
        let begun = Instant::now();
        loop {
            match Self::try_open(&options) {
                Err(OpenError::InUse) if begun.elapsed() < IN_USE_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                result => return result,
            }
        }
    }

    fn try_open(options: &PhoneOptions) -> Result<Self, OpenError> {
        let (model, os_version) = match options.platform {
            Platform::Android => ("Simulated Android phone", "15"),
            Platform::Ios => ("Simulated iPhone", "18.2"),
        };
        let open = OpenOptions {
            language: options.language,
            device: DeviceInfo {
                model: model.to_owned(),
                os_version: os_version.to_owned(),
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            ..OpenOptions::new(options.folder.join("data"), options.platform)
        };
        let random = Box::new(SystemSource(SystemRandom::new()));
        Ok(Self {
            agent: Agent::open(open, random, options.clock.now())?,
            machine: Machinery {
                folder: options.folder.clone(),
                clock: options.clock,
                vault: FileVault::new(&options.folder.join("vault")),
                http: Http::default(),
                trap: None,
                end: None,
            },
            platform: options.platform,
            on_progress: None,
        })
    }

    /// Calls `progress` while contacts arrive.
    pub fn on_progress(&mut self, progress: Progress) {
        self.on_progress = Some(progress);
    }

    /// Stops at a chosen place, for tests.
    pub fn stop_at(&mut self, trap: Trap) {
        self.machine.trap = Some(trap);
    }

    /// The phone's moment.
    pub fn now(&self) -> Now {
        self.machine.clock.now()
    }

    /// Something happened.
    pub fn handle(&mut self, event: Event) {
        let now = self.now();
        self.agent.handle(event, now);
    }

    /// Gets the keys ready and nothing else, so that the phone can be read.
    pub fn unlock(&mut self) {
        self.handle(Event::WindowClosing);
        let mut keys = KeysOnly(&mut self.machine);
        while !self.agent.is_ready() && turn(&mut self.agent, &mut keys) {}
    }

    /// Runs until nothing is left to do but waiting; with `lasting`, for so long.
    pub fn run(&mut self, lasting: Option<Duration>) {
        self.machine.end = lasting.map(|l| self.now().elapsed.plus_ms(l.as_millis() as i64));
        while turn(&mut self.agent, &mut self.machine) {
            if let Some(progress) = &mut self.on_progress {
                progress(self.agent.contacts_received());
            }
        }
    }

    /// The operating system.
    pub fn platform(&self) -> Platform {
        self.platform
    }
}

impl Machinery {
    fn trapped(&self) {
        if let Some(trap) = &self.trap {
            trap.after();
        }
    }

    /// Takes one arrival; on a real clock not longer than until `until`.
    fn receive(&mut self, until: Option<ElapsedMs>) -> Waited {
        let patience = match (until, self.clock) {
            (Some(until), Clock::Real) => {
                let ms = until.0.saturating_sub(self.now().elapsed.0).clamp(0, 3_600_000);
                Some(Duration::from_millis(ms as u64))
            }
            _ => None,
        };
        self.trapped();
        let Some((id, mut arrival)) = self.http.next(patience) else { return Waited::Again };
        if let Some(trap) = &mut self.trap {
            arrival = trap.pass(id, arrival);
        }
        Waited::For(Input::Arrived(id, arrival))
    }

    fn pass_time(&mut self, until: ElapsedMs) {
        match self.clock {
            Clock::MadeUp(_) => self.clock.jump_to(until),
            Clock::Real => {
                let ms = until.0.saturating_sub(self.now().elapsed.0).max(0);
                std::thread::sleep(Duration::from_millis(ms as u64));
            }
        }
    }

    fn write_json(&self, name: &str, value: &impl serde::Serialize) -> EffectOutcome {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        match write_whole(&self.folder.join(name), text.as_bytes()) {
            Ok(()) => EffectOutcome::Done,
            Err(_) => EffectOutcome::Failed,
        }
    }
}

impl Shell for Machinery {
    fn now(&self) -> Now {
        self.clock.now()
    }

    fn before(&mut self, step: &Step) -> bool {
        if let Some(trap) = &mut self.trap {
            trap.before(step);
        }
        true
    }

    fn after(&mut self) -> bool {
        self.trapped();
        true
    }

    fn send(&mut self, id: StepId, request: Request) {
        self.http.start(id, request);
    }

    fn cancel(&mut self, id: StepId) {
        self.http.cancel(id);
    }

    fn vault(&mut self, op: &VaultOp) -> VaultOutcome {
        self.vault.run(op)
    }

    fn effect(&mut self, effect: &Effect) -> EffectOutcome {
        match effect {
            Effect::PublishFeedback { .. } => self.write_json("feedback.json", effect),
            Effect::Notify { title, body, .. } => {
                eprintln!("notification: {title}: {body}");
                EffectOutcome::Done
            }
            Effect::ClearNotification { .. } => EffectOutcome::Done,
            Effect::OpenBrowser { url } => {
                eprintln!("open in a browser: {url}");
                EffectOutcome::Done
            }
            // This phone hands no copies to a system, so there are none to remove.
            Effect::RemoveExports => EffectOutcome::NotApplicable,
        }
    }

    fn wait(&mut self, until: Option<ElapsedMs>) -> Waited {
        if self.http.is_busy() {
            return self.receive(until);
        }
        let Some(end) = self.end else { return Waited::Over };
        match until.filter(|until| *until <= end) {
            Some(until) => {
                self.pass_time(until);
                Waited::Again
            }
            None => {
                self.pass_time(end);
                Waited::Over
            }
        }
    }
}

/// The key store alone: whatever else is wanted ends the loop.
struct KeysOnly<'a>(&'a mut Machinery);

impl Shell for KeysOnly<'_> {
    fn now(&self) -> Now {
        self.0.now()
    }

    fn before(&mut self, step: &Step) -> bool {
        matches!(step, Step::Vault { .. })
    }

    fn send(&mut self, _: StepId, _: Request) {}

    fn cancel(&mut self, _: StepId) {}

    fn vault(&mut self, op: &VaultOp) -> VaultOutcome {
        self.0.vault(op)
    }

    fn effect(&mut self, _: &Effect) -> EffectOutcome {
        EffectOutcome::Failed
    }

    fn wait(&mut self, _: Option<ElapsedMs>) -> Waited {
        Waited::Over
    }
}

/// Writes beside and renames, so that a kill leaves the old file or the new one.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, bytes)?;
    fs::rename(&beside, path)
}

/// A wall clock made up to start at `ms` since 1970.
pub fn made_up(ms: i64) -> Clock {
    Clock::MadeUp(WallMs(ms))
}
