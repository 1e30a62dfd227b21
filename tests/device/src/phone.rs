//! The shell's loop: asks the agent for its next step, does it, hands the answer back.
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use muster_core::agent::{Agent, DeviceInfo, Event, OpenError, OpenOptions};
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::ids::{Language, Platform};
use muster_core::random::Random;
use muster_core::step::Step;
use muster_core::time::{ElapsedMs, Now, WallMs};
use ring::rand::{SecureRandom, SystemRandom};

use crate::clock::Clock;
use crate::http::{Arrival, Http};
use crate::trap::Trap;
use crate::vault::FileVault;

/// A phone in a folder.
pub struct Phone {
    /// The agent.
    pub agent: Agent,
    folder: PathBuf,
    clock: Clock,
    vault: FileVault,
    http: Http,
    platform: Platform,
    on_progress: Option<Progress>,
    trap: Option<Trap>,
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
            folder: options.folder.clone(),
            clock: options.clock,
            vault: FileVault::new(&options.folder.join("vault")),
            http: Http::default(),
            platform: options.platform,
            on_progress: None,
            trap: None,
        })
    }

    /// Calls `progress` while contacts arrive.
    pub fn on_progress(&mut self, progress: Progress) {
        self.on_progress = Some(progress);
    }

    /// Stops at a chosen place, for tests.
    pub fn stop_at(&mut self, trap: Trap) {
        self.trap = Some(trap);
    }

    /// The phone's moment.
    pub fn now(&self) -> Now {
        self.clock.now()
    }

    /// Something happened.
    pub fn handle(&mut self, event: Event) {
        let now = self.now();
        self.agent.handle(event, now);
    }

    /// Gets the keys ready and nothing else, so that the phone can be read.
    pub fn unlock(&mut self) {
        self.handle(Event::WindowClosing);
        while !self.agent.is_ready() {
            match self.agent.poll(self.now()) {
                Step::Vault { id, op } => {
                    let outcome = self.vault.run(&op);
                    self.agent.on_vault(id, outcome, self.now());
                }
                Step::Wait { until } if until <= self.now().elapsed => {}
                _ => return,
            }
        }
    }

    /// Runs until nothing is left to do but waiting; with `lasting`, for so long.
    pub fn run(&mut self, lasting: Option<Duration>) {
        let end = lasting.map(|l| self.now().elapsed.plus_ms(l.as_millis() as i64));
        loop {
            let step = self.agent.poll(self.now());
            if let Some(trap) = &mut self.trap {
                trap.before(&step);
            }
            match step {
                Step::Send { id, request } => self.http.start(id, request),
                Step::Cancel { id } => self.http.cancel(id),
                Step::Vault { id, op } => {
                    let outcome = self.vault.run(&op);
                    self.trapped();
                    self.agent.on_vault(id, outcome, self.now());
                }
                Step::Effect { id, effect } => {
                    let outcome = self.carry_out(&effect);
                    self.trapped();
                    self.agent.on_effect(id, outcome, self.now());
                }
                Step::Wait { until } if until <= self.now().elapsed => {}
                Step::Wait { until } if self.http.is_busy() => self.receive(Some(until)),
                Step::Idle if self.http.is_busy() => self.receive(None),
                Step::Wait { until } => match end {
                    Some(end) if until <= end => self.pass_time(until),
                    Some(end) => {
                        self.pass_time(end);
                        return;
                    }
                    None => return,
                },
                Step::Idle => {
                    if let Some(end) = end {
                        self.pass_time(end);
                    }
                    return;
                }
            }
        }
    }

    fn trapped(&self) {
        if let Some(trap) = &self.trap {
            trap.after();
        }
    }

    /// Takes one arrival; on a real clock not longer than until `until`.
    fn receive(&mut self, until: Option<ElapsedMs>) {
        let patience = match (until, self.clock) {
            (Some(until), Clock::Real) => {
                let ms = until.0.saturating_sub(self.now().elapsed.0).clamp(0, 3_600_000);
                Some(Duration::from_millis(ms as u64))
            }
            _ => None,
        };
        self.trapped();
        let Some((id, mut arrival)) = self.http.next(patience) else { return };
        if let Some(trap) = &mut self.trap {
            arrival = trap.pass(id, arrival);
        }
        let now = self.now();
        match arrival {
            Arrival::Head(head) => self.agent.on_head(id, head, now),
            Arrival::Body(chunk) => self.agent.on_body(id, chunk, now),
            Arrival::End => self.agent.on_end(id, now),
            Arrival::Failed(failure) => self.agent.on_failure(id, failure, now),
        }
        if let Some(progress) = &mut self.on_progress {
            progress(self.agent.contacts_received());
        }
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

    fn carry_out(&self, effect: &Effect) -> EffectOutcome {
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

    fn write_json(&self, name: &str, value: &impl serde::Serialize) -> EffectOutcome {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        match write_whole(&self.folder.join(name), text.as_bytes()) {
            Ok(()) => EffectOutcome::Done,
            Err(_) => EffectOutcome::Failed,
        }
    }

    /// The operating system.
    pub fn platform(&self) -> Platform {
        self.platform
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
