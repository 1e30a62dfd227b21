//! Who is let in, decided in one write transaction once the secret was right.
//!
//! Here are the rules about revoked people, device lists, seats, links that work once, and answers
//! that were lost on the way.

use serde_json::json;

use super::challenge::Asked;
use crate::crypto::{self, dpop::Proof};
use crate::ids::{Digest, GrantId, LicenceId, TenantId, UnixTime};
use crate::reply::{Failure, Reply};
use crate::storage::{
    BlockKind, DeviceFacts, DeviceRow, DeviceState, GrantRow, LicenceRow, LinkRow, PersonRow,
    StoreError, Tx, WayIn,
};

/// How long an authorization code works. A phone redeems it at once.
const CODE_S: i64 = 300;
/// How long the same key may repeat the same evidence after a lost answer, and how long a device
/// that was let in but never fetched a token keeps its seat.
pub const REPEAT_S: i64 = 600;

/// What the secret turned out to stand for.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A licence, and with a shared one perhaps the person who says to use it.
    Licence {
        /// The licence.
        licence: LicenceRow,
        /// Whom the e-mail address named.
        claimed: Option<PersonRow>,
    },
    /// The organisation passcode, and the person whose address was given.
    Passcode {
        /// Whom the e-mail address named.
        person: PersonRow,
    },
    /// The public code of an organisation.
    OrganizationCode {
        /// Which organisation.
        tenant: TenantId,
        /// Whom the e-mail address named.
        claimed: Option<PersonRow>,
    },
    /// An activation link.
    Link(LinkRow),
}

/// A phone that asks to be let in.
#[derive(Debug, Clone)]
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

/// The parts of [`Shown`] that the rules look at.
struct Claim {
    tenant: TenantId,
    person: Option<PersonRow>,
    proven: bool,
    licence: Option<LicenceRow>,
    way: WayIn,
}

/// Lets a phone in, or says why not. `Ok` is the authorization code.
///
/// # Errors
/// The first rule that speaks against it; then nothing is changed.
pub fn admit(tx: &dyn Tx, applicant: &Applicant, now: UnixTime) -> Result<String, Denial> {
    let before = tx.device(&applicant.key.device)?;
    let claim = claim(tx, &applicant.shown)?;
    if let Shown::Link(link) = &applicant.shown {
        check_link(tx, link, applicant, now)?;
    }
    check_key(before.as_ref(), &claim)?;
    check_revoked(tx, &claim, applicant)?;
    check_device_list(tx, &claim, &applicant.facts)?;
    replace_own_seat(tx, &claim, applicant, now)?;
    check_seats(tx, &claim, before.as_ref(), now)?;
    if let Shown::Link(link) = &applicant.shown
        && link.used_at.is_none()
        && !tx.use_link(link.code, &applicant.key.device, now)?
    {
        return Err(Denial::CodeUsed);
    }
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

/// Reads again, inside the transaction, what the secret stood for: it may have been withdrawn since.
fn claim(tx: &dyn Tx, shown: &Shown) -> Result<Claim, Denial> {
    let fresh = |person: &Option<PersonRow>| match person {
        Some(person) => tx.person(&person.tenant, person.id),
        None => Ok(None),
    };
    let claim = match shown {
        Shown::Licence { licence, claimed } => {
            let licence = tx.licence_by_username(&licence.username)?;
            let licence = licence.ok_or(Denial::UnknownCredentials)?;
            if licence.revoked_at.is_some() {
                return Err(Denial::Revoked);
            }
            let (person, proven) = match licence.person {
                // The licence of a person who was removed goes with the person.
                Some(id) => (Some(tx.person(&licence.tenant, id)?.ok_or(Denial::Revoked)?), true),
                None => (fresh(claimed)?, false),
            };
            let tenant = licence.tenant.clone();
            Claim { tenant, person, proven, licence: Some(licence), way: WayIn::Licence }
        }
        Shown::Passcode { person } => {
            let tenant = person.tenant.clone();
            let person = fresh(&Some(person.clone()))?.ok_or(Denial::UnknownCredentials)?;
            Claim {
                tenant,
                person: Some(person),
                proven: false,
                licence: None,
                way: WayIn::Passcode,
            }
        }
        Shown::OrganizationCode { tenant, claimed } => Claim {
            tenant: tenant.clone(),
            person: fresh(claimed)?,
            proven: false,
            licence: None,
            way: WayIn::OrganizationCode,
        },
        Shown::Link(link) => {
            let person = match link.person {
                Some(id) => Some(tx.person(&link.tenant, id)?.ok_or(Denial::Revoked)?),
                None => None,
            };
            let (tenant, proven) = (link.tenant.clone(), person.is_some());
            Claim { tenant, person, proven, licence: None, way: WayIn::Link }
        }
    };
    Ok(claim)
}

/// A link works once. The same key may repeat it for ten minutes: its answer may have been lost.
fn check_link(
    tx: &dyn Tx,
    link: &LinkRow,
    applicant: &Applicant,
    now: UnixTime,
) -> Result<(), Denial> {
    let link = tx.link(link.code)?.ok_or(Denial::UnknownCredentials)?;
    match (link.used_at, &link.used_by) {
        (Some(at), Some(by)) if *by == applicant.key.device && now < at.plus(REPEAT_S) => Ok(()),
        (Some(_), _) => Err(Denial::CodeUsed),
        (None, _) if now >= link.expires_at => Err(Denial::CodeExpired),
        (None, _) => Ok(()),
    }
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
        way: claim.way,
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
