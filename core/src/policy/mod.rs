//! The signed policy from the management server.
