//! Who is let in, decided in one write transaction once the secret was right.
//!
//! Here are the rules about revoked people, device lists, seats, and answers that were lost on the
//! way. What a secret stands for is in `ways`.

use serde_json::json;

use super::challenge::Asked;
use super::ways::{Claim, Shown};
use crate::crypto::{self, dpop::Proof};
use crate::ids::{Digest, GrantId, LicenceId, UnixTime};
use crate::reply::{Failure, Reply};
use crate::storage::{BlockKind, DeviceFacts, DeviceRow, DeviceState, GrantRow, StoreError, Tx};

/// How long an authorization code works. A phone redeems it at once.
const CODE_S: i64 = 300;
/// How long the same key may repeat the same evidence after a lost answer, and how long a device
/// that was let in but never fetched a token keeps its seat.
pub const REPEAT_S: i64 = 600;

/// A phone that asks to be let in.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// What it showed.
    pub shown: Shown,
    /// Its key.
    pub key: Proof,
    /// What it says about itself.
    pub facts: DeviceFacts,
    /// The OAuth part.
    pub asked: Asked,
}

/// Why a phone is not let in.
#[derive(Debug, thiserror::Error)]
pub enum Denial {
    /// No such name, or a wrong secret.
    #[error("unknown_credentials")]
    UnknownCredentials,
    /// The person, the licence, the key or the device was revoked.
    #[error("revoked")]
    Revoked,
    /// All seats of the licence are taken.
    #[error("seats_exhausted")]
    SeatsExhausted,
    /// The link was used.
    #[error("code_used")]
    CodeUsed,
    /// The link is too old.
    #[error("code_expired")]
    CodeExpired,
    /// The tenant has a list of devices, and this one is not on it.
    #[error("outside_allowed_devices")]
    OutsideAllowedDevices,
    /// The key was in use before, and may not come back.
    #[error("this key belonged to a device that was erased, or to another organisation")]
    SpentKey,
    /// The server failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<StoreError> for Denial {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Denial> for Reply {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Failed(failure) => failure.into(),
            Denial::SpentKey => Self::oauth(400, "invalid_request", &denial.to_string()),
            _ => Self::json(403, &json!({"error": "access_denied", "reason": denial.to_string()})),
        }
    }
}

/// Lets a phone in, or says why not. `Ok` is the authorization code.
///
/// # Errors
/// The first rule that speaks against it; then nothing is changed.
pub fn admit(tx: &dyn Tx, applicant: &Applicant, now: UnixTime) -> Result<String, Denial> {
    let before = tx.device(&applicant.key.device)?;
    let claim = applicant.shown.claim(tx)?;
    applicant.shown.check_unused(tx, &applicant.key.device, now)?;
    check_key(before.as_ref(), &claim)?;
    check_revoked(tx, &claim, applicant)?;
    check_device_list(tx, &claim, &applicant.facts)?;
    replace_own_seat(tx, &claim, applicant, now)?;
    check_seats(tx, &claim, before.as_ref(), now)?;
    applicant.shown.use_up(tx, &applicant.key.device, now)?;
    let device = enrol(before, &claim, applicant, now);
    tx.put_device(&device)?;
    // A repeated activation voids the one before: its code, and the tokens if they were fetched.
    tx.revoke_grants_of(&device.name, now)?;
    let code = crypto::token().map_err(Failure::from)?;
    tx.insert_grant(&GrantRow {
        id: GrantId(0),
        tenant: claim.tenant,
        device: device.name,
        client_id: applicant.asked.client_id.clone(),
        code: Digest::of(code.as_bytes()),
        code_challenge: applicant.asked.code_challenge.clone(),
        code_expires_at: now.plus(CODE_S),
        code_used_at: None,
        refresh: None,
        revoked_at: None,
        created_at: now,
    })?;
    Ok(code)
}

fn check_key(before: Option<&DeviceRow>, claim: &Claim) -> Result<(), Denial> {
    match before {
        Some(device) if device.tenant != claim.tenant => Err(Denial::SpentKey),
        Some(device) if device.state == DeviceState::Revoked => Err(Denial::Revoked),
        Some(device) if device.state == DeviceState::Erased => Err(Denial::SpentKey),
        _ => Ok(()),
    }
}

fn check_revoked(tx: &dyn Tx, claim: &Claim, applicant: &Applicant) -> Result<(), Denial> {
    let blocked = |kind, value: &str| tx.is_blocked(&claim.tenant, kind, value);
    if claim.person.as_ref().is_some_and(|person| person.revoked_at.is_some()) {
        return Err(Denial::Revoked);
    }
    if blocked(BlockKind::Key, applicant.key.device.as_str())? {
        return Err(Denial::Revoked);
    }
    if let Some(email) = claim.person.as_ref().and_then(|person| person.email.as_deref())
        && blocked(BlockKind::Email, email)?
    {
        return Err(Denial::Revoked);
    }
    for id in applicant.facts.mdm_ids() {
        if blocked(BlockKind::DeviceId, id)? {
            return Err(Denial::Revoked);
        }
    }
    Ok(())
}

fn check_device_list(tx: &dyn Tx, claim: &Claim, facts: &DeviceFacts) -> Result<(), Denial> {
    let tenant = tx.tenant(&claim.tenant)?.ok_or(Denial::UnknownCredentials)?;
    if !tenant.profile.listed_devices_only {
        return Ok(());
    }
    for id in facts.mdm_ids() {
        if tx.is_allowed(&claim.tenant, id)? {
            return Ok(());
        }
    }
    Err(Denial::OutsideAllowedDevices)
}

/// The same phone with a new key (it was reset, or the app was installed anew) takes its own seat.
/// The same phone: same MDM id, and same person, or with nobody named the same shared licence.
fn replace_own_seat(
    tx: &dyn Tx,
    claim: &Claim,
    applicant: &Applicant,
    now: UnixTime,
) -> Result<(), Denial> {
    let person = claim.person.as_ref().map(|person| person.id);
    let licence = licence_id(claim);
    for id in applicant.facts.mdm_ids() {
        for mut other in tx.devices_by_mdm_id(&claim.tenant, id)? {
            let own = match (person, other.person) {
                (Some(one), Some(two)) => one == two,
                (None, None) => licence.is_some() && licence == other.licence,
                _ => false,
            };
            if own && other.name != applicant.key.device {
                tx.revoke_grants_of(&other.name, now)?;
                other.state = DeviceState::Replaced;
                tx.put_device(&other)?;
            }
        }
    }
    Ok(())
}

fn licence_id(claim: &Claim) -> Option<LicenceId> {
    claim.licence.as_ref().map(|licence| licence.id)
}

fn check_seats(
    tx: &dyn Tx,
    claim: &Claim,
    before: Option<&DeviceRow>,
    now: UnixTime,
) -> Result<(), Denial> {
    let Some(licence) = &claim.licence else { return Ok(()) };
    let Some(seats) = licence.seats else { return Ok(()) };
    let pending_since = now.plus(-REPEAT_S);
    let seated = before.is_some_and(|device| {
        device.licence == Some(licence.id)
            && match device.state {
                DeviceState::Active => true,
                DeviceState::Pending => device.created_at >= pending_since,
                _ => false,
            }
    });
    if !seated && tx.seats_taken(licence.id, pending_since)? >= seats {
        return Err(Denial::SeatsExhausted);
    }
    Ok(())
}

fn enrol(
    before: Option<DeviceRow>,
    claim: &Claim,
    applicant: &Applicant,
    now: UnixTime,
) -> DeviceRow {
    let fresh = DeviceRow {
        name: applicant.key.device.clone(),
        tenant: claim.tenant.clone(),
        key: applicant.key.key.clone(),
        person: claim.person.as_ref().map(|person| person.id),
        proven: claim.proven,
        licence: licence_id(claim),
        way: claim.way.clone(),
        facts: applicant.facts.clone(),
        state: DeviceState::Pending,
        locked: false,
        created_at: now,
        last_contact: now,
        compliance: None,
        compliance_at: None,
        erased_at: None,
    };
    match before {
        // A device on its way out stays on its way out; one in use stays in use.
        Some(old) if matches!(old.state, DeviceState::Active | DeviceState::Retiring) => {
            DeviceRow {
                state: old.state,
                locked: old.locked,
                created_at: old.created_at,
                compliance: old.compliance,
                compliance_at: old.compliance_at,
                ..fresh
            }
        }
        _ => fresh,
    }
}
