//! Randomness, injected, so that a run can be repeated byte for byte.

/// A cryptographically secure source on a phone; a seeded one in simulations.
pub trait Random: Send {
    /// Fills `out` with fresh random bytes.
    fn fill(&mut self, out: &mut [u8]);
}

impl<F: FnMut(&mut [u8]) + Send> Random for F {
    fn fill(&mut self, out: &mut [u8]) {
        self(out);
    }
}

/// One source for several users: the mailbox draws ids from it, the stores draw nonces.
#[derive(Clone)]
pub struct SharedRandom(std::sync::Arc<std::sync::Mutex<Box<dyn Random>>>);

impl SharedRandom {
    /// Shares `source`.
    pub fn new(source: Box<dyn Random>) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(source)))
    }
}

impl Random for SharedRandom {
    fn fill(&mut self, out: &mut [u8]) {
        self.0.lock().expect("a random source never panics").fill(out);
    }
}

impl std::fmt::Debug for SharedRandom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedRandom")
    }
}
