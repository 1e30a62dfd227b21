//! The signed status of a device: the only answer, besides a command, that may erase a phone.

use serde_json::json;

use crate::app::{App, policy_key};
use crate::ids::TenantId;
use crate::reply::{Failure, Reply, Request};
use crate::storage::{DeviceRow, DeviceState, Tx};

/// Seconds a status counts.
const LIFE_S: i64 = 300;
/// Characters of a nonce.
const NONCE_CHARS: usize = 256;
/// The `typ` of a signed status.
pub const TYP: &str = "muster-status+jwt";

/// `POST muster_status_endpoint`: form with `nonce` and, so that a key the server does not know can
/// be answered with the right signature, `tenant`.
///
/// # Errors
/// 401 without a valid proof, 400 without a nonce, 404 when no tenant could sign the answer.
pub fn status(app: &App, request: &Request) -> Result<Reply, Reply> {
    let proof = app.bare_proof(request)?;
    let form = request.form();
    let nonce = form
        .as_ref()
        .and_then(|form| form.get("nonce"))
        .filter(|nonce| nonce.len() <= NONCE_CHARS)
        .ok_or_else(|| Reply::problem(400, "Wrong use", "A form with a nonce is needed."))?;
    let named = form.as_ref().and_then(|form| form.get("tenant")).map(TenantId::from);
    let now = app.now();
    let jws = app.storage.read(|tx| -> Result<_, Failure> {
        let device = tx.device(&proof.device)?;
        let state = match &device {
            Some(device) => state(tx, device)?,
            None => "unknown_device",
        };
        let Some(tenant) = signer(tx, device.as_ref(), named)? else { return Ok(None) };
        let payload = json!({
            "iss": app.issuer.url, "aud": tenant, "sub": proof.device, "nonce": nonce,
            "iat": now, "exp": now.plus(LIFE_S), "state": state,
        });
        Ok(Some(policy_key(tx, &tenant)?.sign(TYP, &payload)))
    })?;
    let jws = jws.ok_or_else(|| {
        let detail = "This key is not known here, and the request names no organisation of ours.";
        Reply::problem(404, "Unknown device", detail)
    })?;
    Ok(Reply::typed(200, "application/jose", jws).with("cache-control", "no-store"))
}

/// Who signs: the device's tenant, or for an unknown key the one it named, or the only one there is.
fn signer(
    tx: &dyn Tx,
    device: Option<&DeviceRow>,
    named: Option<TenantId>,
) -> Result<Option<TenantId>, Failure> {
    if let Some(device) = device {
        return Ok(Some(device.tenant.clone()));
    }
    if let Some(named) = named {
        return Ok(tx.tenant(&named)?.map(|row| row.id));
    }
    let mut tenants = tx.tenants()?;
    Ok(if tenants.len() == 1 { tenants.pop().map(|row| row.id) } else { None })
}

/// The word for where a device stands.
///
/// Erased stays `wipe`: whoever asks with that key is a copy of a phone that was to hold nothing.
/// In use but without a refresh token in force (its activation was begun anew, and the answer was
/// lost): `reactivate`, the phone may use its evidence again by itself.
fn state(tx: &dyn Tx, device: &DeviceRow) -> Result<&'static str, Failure> {
    Ok(match device.state {
        DeviceState::Revoked => "revoked",
        DeviceState::Retiring | DeviceState::Erased => "wipe",
        DeviceState::SignedOut | DeviceState::Replaced => "reauthenticate",
        DeviceState::Pending => "reactivate",
        DeviceState::Active if tx.has_live_grant(&device.name)? => "active",
        DeviceState::Active => "reactivate",
    })
}
