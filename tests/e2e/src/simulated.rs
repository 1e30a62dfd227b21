//! A company and its phones in one process, with a made-up clock: weeks in milliseconds, and a
//! fault at any request, key operation or effect that a test names.
use std::path::{Path, PathBuf};
use std::sync::Arc;

use muster_core::agent::{Agent, DeviceInfo, Event, OpenError, OpenOptions};
use muster_core::compliance::Signals;
use muster_core::config::ManagedInput;
use muster_core::contacts::directory::Page;
use muster_core::effect::{Effect, EffectOutcome};
use muster_core::http::{Failure, Head, Request};
use muster_core::ids::Platform;
use muster_core::licence::Phase;
use muster_core::step::{Step, StepId};
use muster_core::time::{BootId, ElapsedMs, Now, WallMs};
use muster_core::vault::{VaultFailure, VaultOp, VaultOutcome};
use muster_device::http::{Arrival, Http};
use muster_device::vault::FileVault;
use muster_server::clock::SetClock;
use muster_server::ids::UnixTime;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

pub use crate::office::{BEGIN_S, Office, PASSWORD, USERNAME};

/// Steps in one run after which a phone counts as spinning.
const SPINNING: u64 = 20_000;

/// What happens to a request on its way.
#[derive(Clone, Debug)]
pub enum Wire {
    /// Nothing.
    Through,
    /// The server never sees it.
    RequestLost(Failure),
    /// The server does what was asked, and nobody hears of it.
    AnswerLost,
    /// The connection breaks in the middle of the body.
    CutHalf,
    /// Somebody else answers.
    Instead(Head, Vec<u8>),
    /// Half of the answer is there when the shell's time is over.
    WindowCloses,
}

/// Where requests go.
pub trait Net {
    /// The whole answer.
    fn exchange(&mut self, request: &Request) -> Result<(Head, Vec<u8>), Failure>;
}

/// Where keys are.
pub trait Vault {
    /// Answers one operation.
    fn run(&mut self, op: &VaultOp) -> VaultOutcome;
}

/// Real sockets.
#[derive(Default)]
pub struct Sockets {
    http: Http,
}

impl Net for Sockets {
    fn exchange(&mut self, request: &Request) -> Result<(Head, Vec<u8>), Failure> {
        self.http.start(StepId(0), request.clone());
        let (mut head, mut body) = (Head::default(), Vec::new());
        while let Some((_, arrival)) = self.http.next(None) {
            match arrival {
                Arrival::Head(arrived) => head = arrived,
                Arrival::Body(chunk) => body.extend(chunk),
                Arrival::End => return Ok((head, body)),
                Arrival::Failed(failure) => return Err(failure),
            }
        }
        Err(Failure::Other)
    }
}

impl Vault for FileVault {
    fn run(&mut self, op: &VaultOp) -> VaultOutcome {
        FileVault::run(self, op)
    }
}

/// What happens to a request.
pub type OnRequest = Box<dyn FnMut(usize, &Request) -> Wire>;
/// Whether a key operation fails.
pub type OnVault = Box<dyn FnMut(usize, &VaultOp) -> Option<VaultFailure>>;
/// What becomes of an effect.
pub type OnEffect = Box<dyn FnMut(usize, &Effect) -> EffectOutcome>;
/// Looks on before a step is done.
pub type OnStep = Box<dyn FnMut(usize, &Step, &Path)>;

/// The faults of a run. Each closure gets the index of the request, operation, effect or step,
/// counted from 0 since [`Handset::counts`] was last reset.
pub struct Plan {
    /// What happens to a request.
    pub request: OnRequest,
    /// Whether the key store fails.
    pub vault: OnVault,
    /// What becomes of an effect.
    pub effect: OnEffect,
    /// Called before each step is done, with the profile folder.
    pub step: OnStep,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            request: Box::new(|_, _| Wire::Through),
            vault: Box::new(|_, _| None),
            effect: Box::new(|_, _| EffectOutcome::Done),
            step: Box::new(|_, _, _| {}),
        }
    }
}

/// How often the shell was asked for something.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Steps that want something done.
    pub steps: usize,
    /// Requests.
    pub requests: usize,
    /// Key operations.
    pub vault: usize,
    /// Effects.
    pub effects: usize,
    /// Requests that the agent gave up.
    pub cancelled: usize,
}

/// A phone with a made-up clock.
pub struct Handset {
    agent: Option<Agent>,
    folder: PathBuf,
    net: Box<dyn Net>,
    vault: Box<dyn Vault>,
    office_clock: Option<Arc<SetClock>>,
    seed: u64,
    opened: u64,
    /// The true time, milliseconds since 1970.
    pub true_ms: i64,
    /// How much the phone's clock is ahead of it.
    pub skew_ms: i64,
    elapsed_ms: i64,
    boot: i64,
    /// The faults.
    pub plan: Plan,
    /// What was asked for so far.
    pub counts: Counts,
    /// Every request's method and path, with the true time.
    pub asked: Vec<(i64, String)>,
    arrivals: Vec<(StepId, Arrival)>,
    window_closed: bool,
}

impl Handset {
    /// A new phone in `folder`, not started yet.
    pub fn new(folder: &Path, office: &Office, seed: u64) -> Self {
        let vault = FileVault::new(&folder.join("vault"));
        let mut phone = Self::made_of(folder, Box::<Sockets>::default(), Box::new(vault), seed);
        phone.keep_time_with(office);
        phone
    }

    /// From now on the server's clock goes with the phone's.
    pub fn keep_time_with(&mut self, office: &Office) {
        self.office_clock = Some(office.clock.clone());
        self.set_office_clock();
    }

    /// A phone with another network and another key store.
    pub fn made_of(folder: &Path, net: Box<dyn Net>, vault: Box<dyn Vault>, seed: u64) -> Self {
        Self {
            agent: None,
            folder: folder.to_owned(),
            net,
            vault,
            office_clock: None,
            seed,
            opened: 0,
            true_ms: BEGIN_S * 1000,
            skew_ms: 0,
            elapsed_ms: 1_000_000,
            boot: 1,
            plan: Plan::default(),
            counts: Counts::default(),
            asked: Vec::new(),
            arrivals: Vec::new(),
            window_closed: false,
        }
    }

    /// The moment, as the phone sees it.
    pub fn now(&self) -> Now {
        Now {
            wall: WallMs(self.true_ms + self.skew_ms),
            elapsed: ElapsedMs(self.elapsed_ms),
            boot: BootId(self.boot),
        }
    }

    fn set_office_clock(&self) {
        if let Some(clock) = &self.office_clock {
            clock.set(UnixTime(self.true_ms.div_euclid(1000)));
        }
    }

    /// Time passes while nothing runs.
    pub fn pass(&mut self, ms: i64) {
        self.true_ms += ms;
        self.elapsed_ms += ms;
        self.set_office_clock();
    }

    /// The process ends and the phone starts again; the agent is not opened yet.
    pub fn reboot(&mut self) {
        self.kill();
        self.boot += 1;
        self.elapsed_ms = 20_000;
    }

    /// The process ends.
    pub fn kill(&mut self) {
        self.agent = None;
        self.arrivals.clear();
        self.window_closed = false;
    }

    /// The profile's folder.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The agent; opened if it is not.
    pub fn agent(&mut self) -> &mut Agent {
        if self.agent.is_none() {
            self.opened += 1;
            let options = OpenOptions {
                device: DeviceInfo {
                    model: "Simulated Android phone".to_owned(),
                    os_version: "15".to_owned(),
                    app_version: "0.1.0".to_owned(),
                },
                ..OpenOptions::new(self.data(), Platform::Android)
            };
            let mut tries = 0;
            let agent = loop {
                let random = Box::new(seeded(self.seed, self.opened));
                match Agent::open(options.clone(), random, self.now()) {
                    // A program that another test starts just now holds a copy of this process's
                    // files, the old agent's lock among them, until it is on its own.
                    Err(OpenError::InUse) if tries < 100_000 => std::thread::yield_now(),
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
        let now = self.now();
        self.agent().handle(event, now);
    }

    /// The app is started: configuration and signals, as a shell hands them over.
    pub fn launch(&mut self, managed: &Value) {
        self.kill();
        self.handle(Event::Configuration(configuration(managed)));
        self.handle(Event::Signals(signals(true)));
    }

    /// Lets the phone work for `ms`; it ends when nothing is left to do but waiting beyond that.
    pub fn run(&mut self, ms: i64) {
        let end = self.elapsed_ms + ms;
        for _ in 0..SPINNING {
            let now = self.now();
            match self.agent().poll(now) {
                Step::Wait { until } if until <= now.elapsed => {}
                Step::Wait { .. } | Step::Idle if !self.arrivals.is_empty() => self.deliver(),
                Step::Wait { .. } | Step::Idle if self.window_closed => {
                    self.window_closed = false;
                    self.handle(Event::WindowUnbounded);
                }
                Step::Wait { until } if until.0 <= end => self.pass(until.0 - self.elapsed_ms),
                Step::Wait { .. } | Step::Idle => {
                    self.pass(end - self.elapsed_ms);
                    return;
                }
                step => self.take(step),
            }
        }
        panic!("the phone spins: {:?} {:?}", self.counts, &self.asked[self.asked.len() - 20..]);
    }

    /// Lets the phone work until `reached`; answers that are on their way then stay there.
    ///
    /// # Panics
    /// If it is never reached.
    pub fn run_until(&mut self, reached: impl Fn(&Self) -> bool) {
        self.run_while(|phone| !reached(phone));
        assert!(reached(self), "it never came to that: {:?}", self.asked);
    }

    /// Lets the phone work as long as `goes_on`, and there is something to do but waiting.
    pub fn run_while(&mut self, goes_on: impl Fn(&Self) -> bool) {
        while goes_on(self) {
            let now = self.now();
            match self.agent().poll(now) {
                Step::Wait { until } if until <= now.elapsed => {}
                Step::Wait { .. } | Step::Idle if !self.arrivals.is_empty() => self.deliver(),
                Step::Wait { .. } | Step::Idle => return,
                step => self.take(step),
            }
        }
    }

    fn take(&mut self, step: Step) {
        let index = self.counts.steps;
        self.counts.steps += 1;
        (self.plan.step)(index, &step, &self.folder);
        match step {
            Step::Send { id, request } => self.send(id, &request),
            Step::Cancel { id } => {
                self.counts.cancelled += 1;
                self.arrivals.retain(|(of, _)| *of != id);
            }
            Step::Vault { id, op } => {
                let fault = (self.plan.vault)(self.counts.vault, &op);
                self.counts.vault += 1;
                let outcome = match fault {
                    Some(failure) => Err(failure),
                    None => self.vault.run(&op),
                };
                let now = self.now();
                self.agent().on_vault(id, outcome, now);
            }
            Step::Effect { id, effect } => {
                let outcome = (self.plan.effect)(self.counts.effects, &effect);
                self.counts.effects += 1;
                let now = self.now();
                self.agent().on_effect(id, outcome, now);
            }
            Step::Wait { .. } | Step::Idle => {}
        }
    }

    fn send(&mut self, id: StepId, request: &Request) {
        assert!(!self.window_closed, "a request in a closed window");
        let wire = (self.plan.request)(self.counts.requests, request);
        self.counts.requests += 1;
        let path = request.url.splitn(4, '/').nth(3).unwrap_or_default();
        self.asked.push((self.true_ms, format!("{} /{path}", request.method.as_str())));
        let whole = match &wire {
            Wire::RequestLost(failure) => Err(*failure),
            Wire::Instead(head, body) => Ok((head.clone(), body.clone())),
            _ => self.net.exchange(request),
        };
        let (head, mut body) = match whole {
            Ok(answer) => answer,
            Err(failure) => return self.arrivals.push((id, Arrival::Failed(failure))),
        };
        if matches!(wire, Wire::AnswerLost) {
            return self.arrivals.push((id, Arrival::Failed(Failure::Cut)));
        }
        self.arrivals.push((id, Arrival::Head(head)));
        let halved = matches!(wire, Wire::CutHalf | Wire::WindowCloses);
        if halved {
            body.truncate(body.len() / 2);
        }
        self.arrivals.extend(body.chunks(8 * 1024).map(|c| (id, Arrival::Body(c.to_vec()))));
        match wire {
            Wire::CutHalf => self.arrivals.push((id, Arrival::Failed(Failure::Cut))),
            Wire::WindowCloses => {
                while !self.arrivals.is_empty() {
                    self.deliver();
                }
                self.window_closed = true;
                self.handle(Event::WindowClosing);
            }
            _ => self.arrivals.push((id, Arrival::End)),
        }
    }

    /// Hands over what arrived first.
    fn deliver(&mut self) {
        let (id, arrival) = self.arrivals.remove(0);
        let now = self.now();
        match arrival {
            Arrival::Head(head) => self.agent().on_head(id, head, now),
            Arrival::Body(chunk) => self.agent().on_body(id, chunk, now),
            Arrival::End => self.agent().on_end(id, now),
            Arrival::Failed(failure) => self.agent().on_failure(id, failure, now),
        }
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

/// What the sensors of an Android phone say.
pub fn signals(screen_lock: bool) -> Signals {
    let signals = json!({
        "screen_lock": screen_lock, "password_complexity": "high", "os_version": "15",
        "storage_encryption": true, "developer_options": false, "adb": false,
        "work_profile": true, "app_version": "0.1.0", "background_allowed": true,
    });
    Signals::from_json(&signals.to_string(), Platform::Android).expect("signals")
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

/// A folder that goes away by itself: in memory where the machine has such a place. What these
/// tests take away is the process, never the power, so a disk that waits for its platters would
/// cost minutes and prove nothing.
pub fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.expect("a temporary folder")
}

/// An answer that no Muster server gives.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Wire {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Wire::Instead(Head { status, headers }, body.as_bytes().to_vec())
}
