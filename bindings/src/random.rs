//! The operating system's randomness, which the core gets injected.
use muster_core::random::Random;
use ring::rand::{SecureRandom, SystemRandom};

/// `getrandom` on Android, `SecRandomCopyBytes` on iOS.
pub(crate) struct SystemSource(SystemRandom);

impl SystemSource {
    pub(crate) fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Random for SystemSource {
    fn fill(&mut self, out: &mut [u8]) {
        // Going on without would make keys that can be guessed; a panic becomes `Broken`.
        self.0.fill(out).expect("the system gives randomness");
    }
}
