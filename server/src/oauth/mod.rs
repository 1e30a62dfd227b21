//! The OAuth endpoints: metadata, challenge, token, revocation.

pub mod admit;
pub mod challenge;
pub mod metadata;
pub mod token;
pub mod ways;
