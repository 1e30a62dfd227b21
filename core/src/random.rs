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
