//! A phone that lets itself in at the fake management server.
use serde_json::{Value, json};

use crate::activation::{Evidence, PendingActivation, Redeemed, redeem};
use crate::management::tests::{ISSUER, World};
use crate::management::{Grant, ServerUrl};
use crate::secret::Secret;

pub(crate) const PASSWORD: &str = "canary-password";

impl World {
    pub(crate) fn pending(&self) -> PendingActivation {
        let url = ServerUrl::parse(ISSUER).unwrap();
        PendingActivation::begin(&self.phone.flow, url, credentials(), 1)
    }

    /// An activated phone; the log starts anew.
    pub(crate) fn activate(&mut self) -> Grant {
        let pending = self.pending();
        let redeemed =
            self.run(async |flow, server| redeem(flow, server, &pending, &device(), &[]).await);
        self.server.forget();
        match redeemed {
            Ok(Redeemed::Granted(grant)) => *grant,
            other => panic!("not granted: {other:?}"),
        }
    }
}

pub(crate) fn credentials() -> Evidence {
    Evidence::Credentials {
        username: Secret::from("canary-user"),
        password: Secret::from(PASSWORD),
    }
}

pub(crate) fn device() -> Value {
    json!({ "platform": "android", "model": "Test" })
}
