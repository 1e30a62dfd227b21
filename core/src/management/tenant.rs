use std::fmt;

use serde::{Deserialize, Serialize};

/// The company at its server, as the server names it (`muster_tenant`, `aud` of policy and status).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TenantId(String);

impl TenantId {
    /// Checks the form: 1 to 128 visible ASCII characters.
    pub fn new(name: &str) -> Option<Self> {
        let fits = (1..=128).contains(&name.len()) && name.bytes().all(|c| c.is_ascii_graphic());
        fits.then(|| Self(name.to_owned()))
    }

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TenantId {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::new(&name).ok_or("not the name of a tenant")
    }
}

impl From<TenantId> for String {
    fn from(tenant: TenantId) -> String {
        tenant.0
    }
}
