//! Pauses after wrong guesses, per tenant and source address.
//!
//! Kept in memory: a restart forgives, which costs an attacker more time than it gives.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::ids::{TenantId, UnixTime};

/// Wrong guesses within [`WINDOW_S`] that are let pass. People mistype, and a whole office may sit
/// behind one address.
const FREE_GUESSES: u32 = 10;
/// Seconds over which guesses are counted.
const WINDOW_S: i64 = 60;
/// The first pause; each further one is twice as long.
const FIRST_PAUSE_S: i64 = 60;
/// The longest pause.
const LONGEST_PAUSE_S: i64 = 15 * 60;
/// Seconds without a wrong guess after which an address has a clean record.
const FORGIVEN_S: i64 = 60 * 60;
/// Addresses remembered; beyond it, those forgiven are dropped.
const REMEMBERED: usize = 100_000;

#[derive(Debug, Default)]
struct Record {
    window_began: i64,
    guesses: u32,
    pauses: u32,
    paused_until: i64,
    last: i64,
}

/// Whose guesses are counted together: a tenant (or none, for names nobody has) and an address.
type Source = (Option<TenantId>, IpAddr);

/// Counts wrong guesses.
#[derive(Debug, Default)]
pub struct Limiter(Mutex<HashMap<Source, Record>>);

/// Seconds to wait before the next try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pause(pub i64);

impl Limiter {
    /// Whether a guess may be made now. Right or wrong, nobody gets an answer during a pause.
    ///
    /// # Errors
    /// The pause that is left.
    pub fn admit(
        &self,
        tenant: Option<&TenantId>,
        from: IpAddr,
        now: UnixTime,
    ) -> Result<(), Pause> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match records.get(&(tenant.cloned(), from)) {
            Some(record) if record.paused_until > now.0 => Err(Pause(record.paused_until - now.0)),
            _ => Ok(()),
        }
    }

    /// Counts a wrong guess.
    pub fn wrong(&self, tenant: Option<&TenantId>, from: IpAddr, now: UnixTime) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= REMEMBERED {
            records.retain(|_, record| now.0 - record.last < FORGIVEN_S);
        }
        let record = records.entry((tenant.cloned(), from)).or_default();
        if now.0 - record.last >= FORGIVEN_S {
            *record = Record::default();
        }
        if now.0 - record.window_began >= WINDOW_S {
            (record.window_began, record.guesses) = (now.0, 0);
        }
        record.guesses += 1;
        record.last = now.0;
        if record.guesses >= FREE_GUESSES {
            let pause = FIRST_PAUSE_S << record.pauses.min(10);
            record.paused_until = now.0 + pause.min(LONGEST_PAUSE_S);
            record.pauses += 1;
            record.guesses = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_guesses_a_minute_then_longer_and_longer_pauses() {
        let limiter = Limiter::default();
        let here = IpAddr::from([127, 0, 0, 1]);
        let tenant = TenantId::from("acme");
        let mut now = UnixTime(1_000_000);
        let mut pauses = Vec::new();
        while pauses.len() < 6 {
            match limiter.admit(Some(&tenant), here, now) {
                Ok(()) => limiter.wrong(Some(&tenant), here, now),
                Err(Pause(left)) => {
                    pauses.push(left);
                    now = now.plus(left);
                }
            }
        }
        assert_eq!(pauses, [60, 120, 240, 480, 900, 900]);
    }

    #[test]
    fn others_are_not_held_up() {
        let limiter = Limiter::default();
        let (here, there) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let tenant = TenantId::from("acme");
        let now = UnixTime(1_000_000);
        for _ in 0..10 {
            limiter.wrong(Some(&tenant), here, now);
        }
        assert!(limiter.admit(Some(&tenant), here, now).is_err());
        assert!(limiter.admit(Some(&tenant), there, now).is_ok());
        assert!(limiter.admit(None, here, now).is_ok());
        assert!(limiter.admit(Some(&tenant), here, now.plus(60)).is_ok());
    }

    #[test]
    fn a_mistyped_password_now_and_then_never_pauses() {
        let limiter = Limiter::default();
        let here = IpAddr::from([10, 0, 0, 1]);
        for minute in 0..100 {
            let now = UnixTime(1_000_000 + minute * 60);
            for _ in 0..9 {
                assert!(limiter.admit(None, here, now).is_ok());
                limiter.wrong(None, here, now);
            }
        }
    }
}
