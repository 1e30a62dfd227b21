//! Takes events in: each changes the state in memory and queues what follows.
use super::control::code_of_link;
use super::evaluate::host_of;
use super::event::Event;
use super::state::{Lane, Mode, State, Timer};
use crate::activation::{Candidate, Evidence, Link, Offer};
use crate::config::{self, Intake, Key, ManagedInput, Resolution};
use crate::licence::{EraseCause, LicenceEvent, Phase};
use crate::management::ServerUrl;
use crate::messages::{Area, Args, Code, Problem};
use crate::time::{MINUTE_MS, Now};

/// How long an unfinished configuration (`restrictions_pending`) is waited for.
const CONFIG_PENDING_MS: i64 = MINUTE_MS;

impl State {
    /// What happened before the keys were there, or while the phone was being erased. An event that
    /// starts an erased phone afresh leaves the others for the start.
    pub(super) fn take_in_waiting(&mut self, now: Now) {
        for event in std::mem::take(&mut self.inbox) {
            if self.ready {
                self.take_in(event, now);
            } else {
                self.inbox.push_back(event);
            }
        }
    }

    /// One event, once the keys are there.
    pub(super) fn take_in(&mut self, event: Event, now: Now) {
        if self.mode == Mode::Erasing {
            return self.take_in_while_erasing(event);
        }
        match event {
            Event::Configuration(input) => self.take_configuration(input, now),
            Event::Signals(signals) => self.stored.signals = signals.on(self.options.platform),
            Event::LinkAccepted { url } => self.take_link(url.expose(), now),
            Event::Activate { server_url, evidence } => {
                self.take_typed(server_url, evidence, now);
            }
            Event::SignOut => {
                if self.phase() == Phase::Unlicensed {
                    self.fail_activation(Code::NotActive, Args::none());
                } else if !self.effective().bool(Key::AllowSignOut) {
                    self.fail_activation(Code::SignOutForbidden, Args::none());
                } else {
                    self.licence_event(LicenceEvent::EraseOrdered(EraseCause::SignedOut), now);
                }
            }
            Event::CheckNow => self.look_now(),
            Event::Wake => {
                self.run.check_wanted = true;
                self.run.sync_wanted = true;
            }
            Event::NetworkUp => self.retry_now(),
            Event::Foregrounded => self.retry_effects(),
            Event::Unlocked => {
                self.timers.hurry(|timer| *timer == Timer::ContactsFile);
                self.retry_effects();
            }
            Event::Window { .. } | Event::WindowUnbounded | Event::WindowClosing => {}
        }
    }

    /// A phone that is being erased takes nothing in, or it would come back to life half erased. What
    /// could set it up again waits until it is through, the newest of its kind.
    fn take_in_while_erasing(&mut self, event: Event) {
        match &event {
            Event::Configuration(_) => {
                self.inbox.retain(|waiting| !matches!(waiting, Event::Configuration(_)));
                self.inbox.push_back(event);
            }
            Event::LinkAccepted { .. } | Event::Activate { .. } => {
                self.inbox.retain(|waiting| matches!(waiting, Event::Configuration(_)));
                self.inbox.push_back(event);
            }
            Event::CheckNow | Event::NetworkUp | Event::Unlocked => self.retry_now(),
            _ => {}
        }
    }

    /// The person wants everything up to date: what is backing off is tried at once.
    fn look_now(&mut self) {
        self.retry_now();
        self.retry_effects();
        self.run.check_wanted = true;
        self.run.sync_wanted = true;
    }

    /// There is a network, or somebody asks: what failed may work now.
    fn retry_now(&mut self) {
        self.timers.hurry(|timer| match timer {
            Timer::Configuration | Timer::Check => false,
            Timer::ContactsFile | Timer::Sync(_) => false,
            _ => matches!(timer.lane(), Lane::Control | Lane::Contacts),
        });
    }

    fn take_configuration(&mut self, input: ManagedInput, now: Now) {
        if self.mode == Mode::Erased {
            return self.take_configuration_after_erase(input, now);
        }
        match config::intake(self.stored.managed.as_ref(), &input) {
            Intake::Unchanged => {
                self.timers.clear(&Timer::Configuration);
                self.configuration_is_back(now);
            }
            Intake::Pending => {
                if self.timers.at(&Timer::Configuration).is_none() {
                    let until = now.elapsed.plus_ms(CONFIG_PENDING_MS);
                    self.timers.set(Timer::Configuration, until);
                }
                // What there is counts, but for activation, which waits for the rest.
                self.apply_configuration(ManagedInput { pending: false, ..input }, now);
            }
            Intake::Vanished => {
                if self.stored.config_vanished_since.is_none() {
                    self.stored.config_vanished_since = Some(self.stored.time.at(now));
                }
                // A phone that never got in has nothing to freeze.
                if self.phase() == Phase::Unlicensed {
                    self.apply_configuration(input, now);
                    self.stored.config_vanished_since = None;
                }
            }
            Intake::Changed => {
                self.timers.clear(&Timer::Configuration);
                self.apply_configuration(input, now);
                self.configuration_is_back(now);
            }
        }
    }

    fn configuration_is_back(&mut self, now: Now) {
        if self.stored.config_vanished_since.take().is_some() && self.phase() == Phase::NotRequired
        {
            self.licence_event(LicenceEvent::StandaloneConfigured, now);
        }
        self.say_what_is_missing();
    }

    fn apply_configuration(&mut self, input: ManagedInput, now: Now) {
        let before = self.resolution.clone();
        self.stored.config_version = config::config_version(&input, &self.stored.hash_key);
        self.stored.managed = Some(input);
        self.resolve();
        self.say_what_is_missing();
        self.settings_changed(&before, now);
        self.choose_standalone(now);
        self.report_configuration(now);
    }

    /// What follows from settings that are not what they were, whichever layer changed them.
    pub(super) fn settings_changed(&mut self, before: &Resolution, now: Now) {
        let set = config::diff(&before.effective, &self.resolution.effective);
        let follows = set.consequences;
        if follows.reactivate {
            self.forget_outdated_attempt(now);
        }
        // What was refused with another server, trust or name of this phone may be accepted now.
        let names = [Key::DeviceId, Key::SerialNumber, Key::EnrollmentId];
        if follows.reactivate || set.keys().any(|key| names.contains(&key)) {
            self.stored.refusal = None;
        }
        if follows.resync {
            self.run.sync_wanted = true;
        }
        if follows.reschedule {
            self.schedule_check(now);
        }
    }

    /// Half a configuration: says which settings are missing, and waits.
    fn say_what_is_missing(&mut self) {
        self.run.settled(Area::Configuration, "");
        let Offer::Incomplete { missing } = Offer::of(self.effective()) else { return };
        if matches!(self.phase(), Phase::Unlicensed | Phase::Activating) {
            let args = Args::keys(missing.iter().map(|key| key.name()));
            let code = Code::IncompleteConfiguration;
            self.run.fail("", Problem::with(Area::Configuration, code, args));
        }
    }

    /// After an erase nothing is kept of a configuration that holds the evidence that was used. Other
    /// evidence starts the phone afresh.
    fn take_configuration_after_erase(&mut self, input: ManagedInput, now: Now) {
        let kept = self.stored.managed.replace(input);
        self.resolve();
        let used = match Offer::of(self.effective()) {
            Offer::Evidence(configured) => self.was_erased_with(&configured.evidence),
            // Address books without a server: a withdrawal of them is what erased this phone.
            Offer::Standalone { .. } => self.stored.licence.cause == Some(EraseCause::SignedOut),
            _ => true,
        };
        let configured = self.stored.managed.take().filter(|_| !used);
        self.stored.managed = kept;
        self.resolve();
        match configured {
            Some(input) => self.start_afresh(Event::Configuration(input), now),
            None => self.fail_activation(Code::ErasedEvidence, Args::none()),
        }
    }

    /// Leaves the erased state: the keys are made anew, and `event` is taken in after that.
    fn start_afresh(&mut self, event: Event, now: Now) {
        self.licence_event(LicenceEvent::StartAfresh, now);
        self.run.problems.clear();
        self.mode = Mode::Starting;
        self.ready = false;
        self.inbox.push_back(event);
    }

    fn take_link(&mut self, url: &str, now: Now) {
        if self.mode == Mode::Erased {
            let url = crate::secret::Secret::new(url.to_owned());
            return self.start_afresh(Event::LinkAccepted { url }, now);
        }
        let link = match Link::parse(url, &self.options.app_link_host) {
            Ok(link) => link,
            Err(error) => return self.fail_activation(code_of_link(error), Args::none()),
        };
        if self.phase().is_activated() {
            return self.fail_activation(Code::AlreadyActive, Args::none());
        }
        self.replace_attempt(Candidate {
            server: link.server_url,
            evidence: Evidence::ActivationCode { code: link.code },
            link_key: link.policy_key,
        });
    }

    fn take_typed(&mut self, server_url: Option<String>, evidence: Evidence, now: Now) {
        if self.mode == Mode::Erased {
            return self.start_afresh(Event::Activate { server_url, evidence }, now);
        }
        if self.phase() == Phase::Active {
            return self.fail_activation(Code::AlreadyActive, Args::none());
        }
        let configured = self.effective().text(Key::ServerUrl).map(str::to_owned);
        let Some(address) = server_url.or(configured) else {
            self.give_up_attempt(now);
            let args = Args::keys([Key::ServerUrl.name()]);
            return self.fail_activation(Code::IncompleteConfiguration, args);
        };
        match ServerUrl::parse(&address) {
            Ok(server) => {
                self.replace_attempt(Candidate { server, evidence, link_key: None });
            }
            Err(_) => {
                self.give_up_attempt(now);
                self.fail_activation(Code::InsecureAddress, Args::host(host_of(&address)));
            }
        }
    }
}
