//! Every moment that something waits for, in one table.
//!
//! A timer belongs to one matter. Those of failures count them and say when the next try is allowed;
//! appointments are moments that were planned. A timer that is not set stops nobody.
use std::collections::BTreeMap;

use crate::time::{ElapsedMs, Now};

/// What is waited for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::agent) enum Timer {
    /// Failures of the activation under way.
    Activation,
    /// Failures of the management server.
    Server,
    /// Failures to deliver reports.
    Reports,
    /// Failures to write to the agent file.
    Store,
    /// Failures of the step of an erase that is at hand.
    Erase,
    /// Failures of the key store while the agent starts.
    Keys,
    /// Failures to open the contacts file, or to destroy one.
    ContactsFile,
    /// Failures of an address book.
    Book(String),
    /// Failures of an effect, by its id.
    Effect(String),
    /// Appointment: so long the rest of an unfinished configuration is waited for.
    Configuration,
    /// Appointment: the regular look at the server.
    Check,
    /// Appointment: the regular sync of an address book.
    Sync(String),
}

/// Whose work a timer is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::agent) enum Lane {
    /// The management server, and the erase.
    Control,
    /// Address books.
    Contacts,
    /// Effects.
    Effects,
    /// The start, which has no lane beside it.
    Start,
}

impl Timer {
    /// Whose.
    pub(in crate::agent) fn lane(&self) -> Lane {
        match self {
            Timer::Activation
            | Timer::Server
            | Timer::Reports
            | Timer::Store
            | Timer::Erase
            | Timer::Configuration
            | Timer::Check => Lane::Control,
            Timer::ContactsFile | Timer::Book(_) | Timer::Sync(_) => Lane::Contacts,
            Timer::Effect(_) => Lane::Effects,
            Timer::Keys => Lane::Start,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Entry {
    /// In a row.
    failures: u32,
    at: Option<ElapsedMs>,
}

/// The timers that are set.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::agent) struct Timers {
    entries: BTreeMap<Timer, Entry>,
}

impl Timers {
    /// An appointment.
    pub(in crate::agent) fn set(&mut self, timer: Timer, at: ElapsedMs) {
        self.entries.entry(timer).or_default().at = Some(at);
    }

    /// One more failure; the next try `pause_ms` milliseconds from now.
    pub(in crate::agent) fn fail(&mut self, timer: Timer, pause_ms: i64, now: Now) {
        let entry = self.entries.entry(timer).or_default();
        entry.failures = entry.failures.saturating_add(1);
        entry.at = Some(now.elapsed.plus_ms(pause_ms));
    }

    /// How often in a row it has failed.
    pub(in crate::agent) fn failures(&self, timer: &Timer) -> u32 {
        self.entries.get(timer).map_or(0, |entry| entry.failures)
    }

    /// It worked, or there is nothing to wait for any more.
    pub(in crate::agent) fn clear(&mut self, timer: &Timer) {
        self.entries.remove(timer);
    }

    /// Those that are not `kept` have nothing to wait for any more.
    pub(in crate::agent) fn retain(&mut self, mut kept: impl FnMut(&Timer) -> bool) {
        self.entries.retain(|timer, _| kept(timer));
    }

    /// The next try is allowed at once; the failures stay counted.
    pub(in crate::agent) fn hurry(&mut self, which: impl Fn(&Timer) -> bool) {
        for (timer, entry) in &mut self.entries {
            if which(timer) {
                entry.at = None;
            }
        }
    }

    /// When it is over; `None` if it is not set.
    pub(in crate::agent) fn at(&self, timer: &Timer) -> Option<ElapsedMs> {
        self.entries.get(timer)?.at
    }

    /// Whether nothing has to be waited for: it is not set, or over.
    pub(in crate::agent) fn is_over(&self, timer: &Timer, now: Now) -> bool {
        self.at(timer).is_none_or(|moment| now.elapsed >= moment)
    }

    /// The next moment at which a timer of `lane` that `matters` is over.
    pub(in crate::agent) fn next(
        &self,
        lane: Lane,
        matters: impl Fn(&Timer) -> bool,
        now: Now,
    ) -> Option<ElapsedMs> {
        let ours = self.entries.iter().filter(|(timer, _)| timer.lane() == lane && matters(timer));
        ours.filter_map(|(_, entry)| entry.at).filter(|moment| *moment > now.elapsed).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Now;

    fn at(elapsed: i64) -> Now {
        Now { elapsed: ElapsedMs(elapsed), ..Now::default() }
    }

    #[test]
    fn a_timer_that_is_not_set_stops_nobody() {
        let timers = Timers::default();
        assert!(timers.is_over(&Timer::Store, at(0)));
        assert_eq!(timers.next(Lane::Control, |_| true, at(0)), None);
    }

    #[test]
    fn failures_are_counted_until_it_works() {
        let mut timers = Timers::default();
        timers.fail(Timer::Server, 10, at(100));
        timers.fail(Timer::Server, 20, at(100));
        assert_eq!(timers.failures(&Timer::Server), 2);
        assert!(!timers.is_over(&Timer::Server, at(119)));
        assert!(timers.is_over(&Timer::Server, at(120)));
        timers.hurry(|timer| *timer == Timer::Server);
        assert!(timers.is_over(&Timer::Server, at(100)));
        assert_eq!(timers.failures(&Timer::Server), 2, "hurrying forgives nothing");
        timers.clear(&Timer::Server);
        assert_eq!(timers.failures(&Timer::Server), 0);
    }

    #[test]
    fn each_matter_waits_for_its_own() {
        let mut timers = Timers::default();
        timers.fail(Timer::Effect("a".to_owned()), 50, at(0));
        timers.fail(Timer::Book("b".to_owned()), 10, at(0));
        assert!(timers.is_over(&Timer::Effect("b".to_owned()), at(0)));
        assert_eq!(timers.next(Lane::Effects, |_| true, at(0)), Some(ElapsedMs(50)));
        assert_eq!(timers.next(Lane::Contacts, |_| true, at(0)), Some(ElapsedMs(10)));
        assert_eq!(timers.next(Lane::Contacts, |_| true, at(10)), None, "it is over");
        assert_eq!(timers.next(Lane::Contacts, |_| false, at(0)), None, "it does not matter");
        timers.retain(|timer| timer.lane() != Lane::Effects);
        assert_eq!(timers.next(Lane::Effects, |_| true, at(0)), None);
    }
}
