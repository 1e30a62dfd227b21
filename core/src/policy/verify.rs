//! Verified before parsed, and never an older one.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::parse::parse;
use super::{Policy, PolicyError};
use crate::jose::{Thumbprint, parse_object};
use crate::limits;
use crate::management::{PolicyKeys, TenantId};
use crate::time::WallMs;

/// Whose policy it must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected<'a> {
    /// `iss`.
    pub issuer: &'a str,
    /// `aud`.
    pub tenant: &'a TenantId,
    /// `sub`.
    pub device: &'a Thumbprint,
}

/// The policy in force, as far as it matters for taking another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LastPolicy {
    /// Its number.
    pub seq: i64,
    /// SHA-256 of its token.
    pub hash: [u8; 32],
}

/// A policy to put into force.
#[derive(Clone, PartialEq, Debug)]
pub struct Verified {
    /// The policy.
    pub policy: Policy,
    /// What to remember of it, in the same transaction.
    pub last: LastPolicy,
    /// The policy keys that count from now on, if it brought news. Same transaction.
    pub rotated: Option<PolicyKeys>,
    /// Whether it counts as contact with the server: it has not expired.
    pub is_contact: bool,
}

/// What a verified token turned out to be.
#[derive(Clone, PartialEq, Debug)]
pub enum Verdict {
    /// The policy in force, byte for byte.
    NotModified,
    /// A newer one.
    New(Box<Verified>),
}

/// Verifies and reads `compact`. `trusted_now` decides only whether it counts as contact: a phone
/// with a wrong clock must still take the policy that sets it right.
pub fn verify(
    compact: &str,
    keys: &PolicyKeys,
    expected: Expected<'_>,
    last: Option<LastPolicy>,
    trusted_now: WallMs,
) -> Result<Verdict, PolicyError> {
    let Expected { issuer, tenant, device } = expected;
    let trusted =
        keys.verify(compact, limits::POLICY_BYTES, "muster-policy+jwt", issuer, tenant)?;
    let members = parse_object(&trusted.payload).map_err(|_| PolicyError::member("json"))?;
    let device = device.to_string();
    for (name, expected) in [("iss", issuer), ("aud", tenant.as_str()), ("sub", device.as_str())] {
        if members.get(name).is_none_or(|value| value != expected) {
            return Err(PolicyError::NotForUs(name));
        }
    }
    let hash = digest(&SHA256, compact.as_bytes());
    let hash = hash.as_ref().try_into().expect("SHA-256 has 32 bytes");
    let policy = parse(&members)?;
    let seq = policy.seq;
    match last {
        Some(last) if seq < last.seq => return Err(PolicyError::Older { seq, last: last.seq }),
        Some(last) if seq == last.seq && hash == last.hash => return Ok(Verdict::NotModified),
        Some(last) if seq == last.seq => return Err(PolicyError::Conflicting { seq }),
        _ => {}
    }
    Ok(Verdict::New(Box::new(Verified {
        is_contact: policy.counts_as_contact(trusted_now),
        policy,
        last: LastPolicy { seq, hash },
        rotated: trusted.rotated,
    })))
}
