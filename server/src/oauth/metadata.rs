//! Server metadata (RFC 8414) and the public policy keys (RFC 7517).

use serde_json::{Value, json};

use crate::app::{App, policy_key};
use crate::crypto::jws::PolicyKey;
use crate::ids::TenantId;
use crate::reply::{Failure, Reply, Request};
use crate::storage::Tx;

/// Paths of the endpoints under the issuer.
pub mod paths {
    /// `authorization_challenge_endpoint`.
    pub const CHALLENGE: &str = "/oauth/challenge";
    /// `token_endpoint`.
    pub const TOKEN: &str = "/oauth/token";
    /// `revocation_endpoint`.
    pub const REVOKE: &str = "/oauth/revoke";
    /// `muster_jwks_uri`.
    pub const JWKS: &str = "/oauth/jwks";
    /// `muster_policy_endpoint`.
    pub const POLICY: &str = "/policy";
    /// `muster_status_endpoint`.
    pub const STATUS: &str = "/status";
    /// `muster_events_endpoint`.
    pub const EVENTS: &str = "/events";
    /// `muster_contacts_url`.
    pub const DAV: &str = "/dav/";
}

/// `GET /.well-known/oauth-authorization-server`.
#[must_use]
pub fn metadata(app: &App, _request: &Request) -> Reply {
    let at = |path| app.issuer.at(path);
    let body = json!({
        "issuer": app.issuer.url,
        "authorization_challenge_endpoint": at(paths::CHALLENGE),
        "token_endpoint": at(paths::TOKEN),
        "revocation_endpoint": at(paths::REVOKE),
        "muster_policy_endpoint": at(paths::POLICY),
        "muster_status_endpoint": at(paths::STATUS),
        "muster_events_endpoint": at(paths::EVENTS),
        "muster_contacts_url": at(paths::DAV),
        "muster_jwks_uri": at(paths::JWKS),
        // There is no authorization endpoint, so no response type goes through a browser; the
        // member is required all the same.
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "dpop_signing_alg_values_supported": ["ES256"],
    });
    Reply::typed(200, "application/json", body.to_string()).with("cache-control", "max-age=300")
}

/// `GET muster_jwks_uri`: the public keys of all tenants, or of one (`?tenant=`).
///
/// # Errors
/// When the storage fails.
pub fn jwks(app: &App, request: &Request) -> Result<Reply, Reply> {
    let only = request.query("tenant").map(TenantId);
    let keys = app.storage.read(|tx| -> Result<_, Reply> {
        let tenants = match only {
            Some(tenant) => vec![tenant],
            None => tx.tenants()?.into_iter().map(|row| row.id).collect(),
        };
        let mut keys = Vec::new();
        for tenant in tenants {
            let rows = tx.keys(&tenant)?;
            keys.extend(rows.iter().filter_map(|row| PolicyKey::read(&row.pkcs8)).map(|k| k.jwk()));
        }
        Ok(keys)
    })?;
    let body = json!({ "keys": keys });
    Ok(Reply::typed(200, "application/jwk-set+json", body.to_string())
        .with("cache-control", "max-age=300"))
}

/// The key set of one tenant as it stands in a token answer.
///
/// # Errors
/// When the tenant has no readable key.
pub fn key_set(tx: &dyn Tx, tenant: &TenantId) -> Result<Value, Failure> {
    Ok(json!({ "keys": [policy_key(tx, tenant)?.jwk()] }))
}
