//! The façade: one event in, one step out; no rules of its own.
