//! Passwords and passcodes: what people choose or type, so what can be guessed.
//!
//! Codes and tokens made by this program have 128 bits or more and need no cost: they are kept as a
//! SHA-256 digest.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use ring::{hmac, pbkdf2};

use super::{NoRandom, b64, random, unb64};

/// PBKDF2-HMAC-SHA256 rounds for a new hash. A hash carries its own number, so raising this is
/// safe at any time. 200,000 rounds cost some 40 ms of one core, which together with the pauses
/// after wrong guesses (`limit`) makes trying passwords hopeless, and still lets a small machine
/// activate a company in a morning.
const ROUNDS: u32 = 200_000;
/// Rounds that a stored hash may ask for at most: a damaged row must not stop the server.
const MOST_ROUNDS: u32 = 10_000_000;
/// Right passwords remembered in memory.
const REMEMBERED: usize = 1_000;

/// Hashes a password with a new salt: `pbkdf2-sha256$rounds$salt$hash`.
///
/// # Errors
/// When the system has no random bytes for the salt.
pub fn hash(password: &str) -> Result<String, NoRandom> {
    let salt = random::<16>()?;
    let derived = derive(ROUNDS, &salt, password);
    Ok(format!("pbkdf2-sha256${ROUNDS}${}${}", b64(salt), b64(derived)))
}

fn derive(rounds: u32, salt: &[u8], password: &str) -> [u8; 32] {
    let mut out = [0; 32];
    let rounds = NonZeroU32::new(rounds).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut out);
    out
}

fn parse(stored: &str) -> Option<(NonZeroU32, Vec<u8>, Vec<u8>)> {
    let mut parts = stored.split('$');
    if parts.next()? != "pbkdf2-sha256" {
        return None;
    }
    let rounds: u32 = parts.next()?.parse().ok()?;
    let rounds = NonZeroU32::new(rounds.min(MOST_ROUNDS))?;
    Some((rounds, unb64(parts.next()?)?, unb64(parts.next()?)?))
}

/// Checks passwords, and remembers those that were right so that ten thousand phones with one
/// shared licence don't cost ten thousand times the rounds.
///
/// What is remembered is an HMAC under a key that lives and dies with the process.
pub struct Checker {
    key: hmac::Key,
    right: Mutex<HashSet<[u8; 32]>>,
}

impl Checker {
    /// A checker that remembers nothing yet.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn new() -> Result<Self, NoRandom> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &random::<32>()?);
        Ok(Self { key, right: Mutex::new(HashSet::new()) })
    }

    /// Whether `password` belongs to `stored`. Without a stored hash it takes as long and says no,
    /// so that the time does not tell whether a name exists.
    pub fn check(&self, stored: Option<&str>, password: &str) -> bool {
        let Some((rounds, salt, expected)) = stored.and_then(parse) else {
            let _ = derive(ROUNDS, b"no such user 123", password);
            return false;
        };
        let mut mac = hmac::Context::with_key(&self.key);
        mac.update(&expected);
        mac.update(password.as_bytes());
        let mut tag = [0; 32];
        tag.copy_from_slice(mac.sign().as_ref());
        let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if right.contains(&tag) {
            return true;
        }
        drop(right);
        let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
        if pbkdf2::verify(algorithm, rounds, &salt, password.as_bytes(), &expected).is_err() {
            return false;
        }
        right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if right.len() >= REMEMBERED {
            right.clear();
        }
        right.insert(tag);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_wrong_and_broken() {
        let checker = Checker::new().unwrap();
        let stored = hash("löwen-zahn").unwrap();
        assert!(checker.check(Some(&stored), "löwen-zahn"));
        assert!(checker.check(Some(&stored), "löwen-zahn"), "remembered");
        assert!(!checker.check(Some(&stored), "loewen-zahn"));
        assert!(!checker.check(Some("pbkdf2-sha256$0$$"), ""));
        assert!(!checker.check(Some("rubbish"), "rubbish"));
        assert!(!checker.check(None, "x"));
        assert_ne!(stored, hash("löwen-zahn").unwrap(), "salted");
    }
}
