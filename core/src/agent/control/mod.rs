//! The lane of the management server: decides what is next, one thing at a time.
mod activate;
mod check;
mod commands;
mod erase;
mod push;
mod session;

pub(super) use activate::code_of_link;
pub(super) use session::Session;

use super::ctx::Ctx;
use super::state::{Lane, Mode, State, Timer};
use crate::activation::Candidate;
use crate::licence::{Consequence, Phase};
use crate::time::{ElapsedMs, Now};

/// What to do next.
#[derive(Debug)]
enum Work {
    /// Time alone has changed something: judge the phone anew.
    Judge,
    /// Go on with an erase.
    Erase,
    /// Make an activation out of evidence that is there.
    Begin(Box<Candidate>),
    /// Go on with an activation.
    Activate,
    /// Get an access token for the contacts lane.
    Token,
    /// Look at the server: policy, and status where it is wanted.
    Check,
    /// Carry out the oldest open command.
    Command,
    /// Send the oldest event.
    Push,
    /// Nothing before this moment, unless something happens.
    Rest(Option<ElapsedMs>),
}

/// Runs as long as the agent.
pub(super) async fn run(ctx: Ctx) {
    loop {
        let seen = ctx.flow.signals_seen();
        let now = ctx.flow.now();
        let work = ctx.state().next_work(now);
        log::debug!("control: {work:?}");
        match work {
            Work::Judge => ctx.change(State::pass_time),
            Work::Erase => erase::take_step(&ctx).await,
            Work::Begin(candidate) => activate::begin(&ctx, *candidate),
            Work::Activate => activate::activate(&ctx).await,
            Work::Token => check::get_token(&ctx).await,
            Work::Check => check::check(&ctx).await,
            Work::Command => commands::carry_out_next(&ctx),
            Work::Push => push::push_next(&ctx).await,
            Work::Rest(until) => ctx.flow.next_signal(seen, until).await,
        }
    }
}

impl State {
    fn next_work(&mut self, now: Now) -> Work {
        match self.mode {
            Mode::Erasing if self.timers.is_over(&Timer::Erase, now) => return Work::Erase,
            Mode::Erasing | Mode::Starting | Mode::Erased => return self.rest(now),
            Mode::Alive => {}
        }
        let store_works = self.timers.is_over(&Timer::Store, now);
        if self.is_judgement_due(now, store_works) {
            return Work::Judge;
        }
        // What is not on the disk must not be built on.
        if self.store.is_none() || self.work.is_unstored() || self.phase() == Phase::Erasing {
            return self.rest(now);
        }
        if let Some(candidate) = self.run.shown.take() {
            return Work::Begin(Box::new(candidate));
        }
        if self.stored.pending.is_some() {
            if self.timers.is_over(&Timer::Activation, now) {
                return Work::Activate;
            }
        } else if store_works && let Some(candidate) = self.candidate(now) {
            return Work::Begin(candidate);
        }
        if self.belongs_to_server() {
            if store_works && self.has_open_command() {
                return Work::Command;
            }
            let server_works = self.timers.is_over(&Timer::Server, now);
            let due = self.run.check_wanted || self.timers.is_over(&Timer::Check, now);
            if due && server_works {
                return Work::Check;
            }
            if self.run.token_wanted && server_works {
                return Work::Token;
            }
            if store_works && self.may_push(now) {
                return Work::Push;
            }
        }
        self.rest(now)
    }

    /// Whether time has changed something that was not judged, or a store that may work again left
    /// something to be done.
    fn is_judgement_due(&self, now: Now, store_works: bool) -> bool {
        let trusted = self.stored.time.at(now);
        let due = self.evaluation.as_ref().and_then(|evaluation| evaluation.next_due);
        let left = self.work.is_unstored() || self.phase() == Phase::Erasing;
        left && store_works
            || due.is_some_and(|due| due <= trusted)
            || !self.assess(now).events.is_empty()
    }

    /// What follows from nothing but time: all of it is the judgement's, but for an erase that could
    /// not begin.
    fn pass_time(&mut self, _: Now) {
        if self.phase() == Phase::Erasing {
            self.must(Consequence::BeginErase);
        }
    }

    fn belongs_to_server(&self) -> bool {
        self.phase().is_activated() && self.server().is_some()
    }

    /// Nothing before the next timer that matters, or the next moment at which time alone changes
    /// something.
    fn rest(&self, now: Now) -> Work {
        let timer = self.timers.next(Lane::Control, |timer| self.matters(timer, now), now);
        Work::Rest(timer.into_iter().chain(self.next_judgement(now)).min())
    }

    /// Whether anything is done when `timer` is over.
    fn matters(&self, timer: &Timer, now: Now) -> bool {
        match timer {
            Timer::Erase => self.mode == Mode::Erasing,
            _ if self.mode != Mode::Alive => false,
            Timer::Store | Timer::Configuration => true,
            Timer::Activation => self.stored.pending.is_some(),
            Timer::Check => self.belongs_to_server(),
            Timer::Server => {
                let due = self.run.check_wanted || self.timers.is_over(&Timer::Check, now);
                self.belongs_to_server() && (due || self.run.token_wanted || self.has_report())
            }
            Timer::Reports => self.belongs_to_server() && self.has_report(),
            _ => false,
        }
    }

    /// The next moment at which time alone changes something.
    fn next_judgement(&self, now: Now) -> Option<ElapsedMs> {
        if self.mode != Mode::Alive {
            return None;
        }
        let trusted = self.stored.time.at(now);
        let moments = [
            self.evaluation.as_ref().and_then(|evaluation| evaluation.next_due),
            self.assess(now).next,
            self.stored.refusal.as_ref().map(|refusal| refusal.until()),
        ];
        let next = moments.into_iter().flatten().filter(|m| *m > trusted).min()?;
        Some(now.elapsed.plus_ms(next.0 - trusted.0))
    }
}
