//! What an activation gave the phone.
use super::codec::{Reader, Unreadable, Writer};
use super::{PolicyKeys, Refreshed, TenantId};
use crate::jose::Thumbprint;
use crate::secret::Secret;
use crate::time::{BootId, ElapsedMs, Now, SECOND_MS, WallMs};

/// Seconds that an access token lives when the server does not say (RFC 6749 §5.1 leaves it open),
/// and the longest we believe: access must end soon after it was withdrawn.
const TOKEN_LIFE_S: i64 = 600;
/// A token is not used in its last seconds: the request needs some time to get there.
const TOKEN_MARGIN_MS: i64 = 20 * SECOND_MS;

/// An access token and its end, by both clocks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AccessToken {
    /// The token.
    pub token: Secret<String>,
    expires: Now,
}

impl AccessToken {
    /// A token that came just now and lives for `expires_in` seconds.
    pub(super) fn new(token: Secret<String>, expires_in: Option<i64>, now: Now) -> Self {
        let life = expires_in.unwrap_or(TOKEN_LIFE_S).clamp(0, TOKEN_LIFE_S) * SECOND_MS;
        let expires =
            Now { wall: now.wall.plus_ms(life), elapsed: now.elapsed.plus_ms(life), ..now };
        Self { token, expires }
    }

    /// Whether it is worth sending. Elapsed time counts within one boot; the wall clock only ever
    /// shortens a token's life. After a reboot nothing is known, and a new token costs one request.
    pub fn is_fresh(&self, now: Now) -> bool {
        now.boot == self.expires.boot
            && now.elapsed.plus_ms(TOKEN_MARGIN_MS) < self.expires.elapsed
            && now.wall.plus_ms(TOKEN_MARGIN_MS) < self.expires.wall
    }
}

/// The phone's membership of a tenant. Sealed in the store as one value, so that a token and what
/// it belongs to change together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The server's name for itself: `iss` of policy and status, `aud` of reports.
    pub issuer: String,
    /// The company.
    pub tenant: TenantId,
    /// This device: the thumbprint of the device key.
    pub device: Thumbprint,
    /// The number of the device key.
    pub device_key: u32,
    /// Whose signature counts.
    pub policy_keys: PolicyKeys,
    /// For the next minutes.
    pub access: AccessToken,
    /// To get the next access token, bound to the device key.
    pub refresh_token: Secret<String>,
    /// The newest session name, sent with every later challenge request.
    pub auth_session: Option<Secret<String>>,
}

impl Grant {
    /// Takes a refreshed token over. To be stored before the new token is used, since a server that
    /// rotates refresh tokens has forgotten the old one.
    pub fn renew(&mut self, refreshed: Refreshed) {
        self.access = refreshed.access;
        if let Some(token) = refreshed.refresh_token {
            self.refresh_token = token;
        }
        if refreshed.auth_session.is_some() {
            self.auth_session = refreshed.auth_session;
        }
    }

    /// The form in which it is sealed.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        let keys = serde_json::to_vec(&self.policy_keys).expect("keys are plain data");
        Writer::new(1)
            .text(&self.issuer)
            .text(self.tenant.as_str())
            .text(&self.device.to_string())
            .number(i64::from(self.device_key))
            .bytes(&keys)
            .text(self.access.token.expose())
            .number(self.access.expires.wall.0)
            .number(self.access.expires.elapsed.0)
            .number(self.access.expires.boot.0)
            .text(self.refresh_token.expose())
            .optional(self.auth_session.as_ref().map(|s| s.expose().as_str()))
            .finish()
    }

    /// Reads what [`Grant::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        let mut reader = Reader::new(1, bytes)?;
        let grant = Self {
            issuer: reader.text()?.to_owned(),
            tenant: TenantId::new(reader.text()?).ok_or(Unreadable)?,
            device: reader.text()?.parse().map_err(|_| Unreadable)?,
            device_key: u32::try_from(reader.number()?).map_err(|_| Unreadable)?,
            policy_keys: serde_json::from_slice(reader.bytes()?).map_err(|_| Unreadable)?,
            access: AccessToken {
                token: reader.secret()?,
                expires: Now {
                    wall: WallMs(reader.number()?),
                    elapsed: ElapsedMs(reader.number()?),
                    boot: BootId(reader.number()?),
                },
            },
            refresh_token: reader.secret()?,
            auth_session: reader.optional_secret()?,
        };
        reader.finish()?;
        Ok(grant)
    }
}
