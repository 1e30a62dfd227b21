//! Reports to the company: security event tokens (RFC 8417), pushed one by one (RFC 8935).
//!
//! [`Reporter`] builds the claims of each kind of event; [`push`] signs and sends them. Only what the
//! builders take can leave the phone: outcomes, counts, versions and names of settings, never a
//! contact, a secret or a place. Claims are plain JSON, stored before they are sent and shown to
//! the person word for word.
mod events;
mod push;
#[cfg(test)]
mod tests;

pub use events::{
    AppliedSetting, CheckedEndpoint, CommandOutcome, ComplianceChange, ComplianceStatus,
    InitiatingEntity, Jti, Outgoing, Reporter, SyncCounts, event_type, readdress,
};
pub use push::{PushOutcome, push};
