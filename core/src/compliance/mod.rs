//! Signals, rules, findings, grace, enforcement.
