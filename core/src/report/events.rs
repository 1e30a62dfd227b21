//! The claims of each kind of event.
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::jose::{Thumbprint, encode_base64url};
use crate::licence::EraseCause;
use crate::management::{TenantId, TrustOrigin};
use crate::store::EventClass;
use crate::time::WallMs;

/// URIs of event types.
pub mod event_type {
    /// CAEP: a device began or ceased to meet the rules.
    pub const DEVICE_COMPLIANCE_CHANGE: &str =
        "https://schemas.openid.net/secevent/caep/event-type/device-compliance-change";
    /// The phone was activated.
    pub const ACTIVATION: &str = "https://schemas.muster.dev/secevent/event-type/activation";
    /// A managed configuration or a policy was applied.
    pub const CONFIGURATION_APPLIED: &str =
        "https://schemas.muster.dev/secevent/event-type/configuration-applied";
    /// A policy was refused.
    pub const POLICY_REFUSED: &str =
        "https://schemas.muster.dev/secevent/event-type/policy-refused";
    /// What became of a command.
    pub const COMMAND_ACKNOWLEDGED: &str =
        "https://schemas.muster.dev/secevent/event-type/command-acknowledged";
    /// A sync of the contacts changed something.
    pub const CONTACTS_SYNCED: &str =
        "https://schemas.muster.dev/secevent/event-type/contacts-synced";
    /// It can't be said whether the phone meets the rules.
    pub const COMPLIANCE_UNKNOWN: &str =
        "https://schemas.muster.dev/secevent/event-type/compliance-unknown";
    /// The phone is alive, and this is how it stands.
    pub const HEARTBEAT: &str = "https://schemas.muster.dev/secevent/event-type/heartbeat";
    /// Which endpoints can be reached.
    pub const CONNECTIVITY_CHECKED: &str =
        "https://schemas.muster.dev/secevent/event-type/connectivity-checked";
    /// The outbox was full.
    pub const EVENTS_DROPPED: &str =
        "https://schemas.muster.dev/secevent/event-type/events-dropped";
}

/// The name of an event, by which the server counts it once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Jti(String);

impl Jti {
    /// A name from 16 random bytes.
    pub fn from_entropy(entropy: [u8; 16]) -> Self {
        Self(encode_base64url(&entropy))
    }

    /// The name of an event that has one already.
    pub fn existing(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// On the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An event on its way to the outbox.
#[derive(Clone, PartialEq, Debug)]
pub struct Outgoing {
    /// Its name.
    pub jti: Jti,
    /// How much it matters when the outbox is full.
    pub class: EventClass,
    /// The claims, complete.
    pub claims: Value,
}

/// Who reports to whom.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// This device: the thumbprint of the key that signs.
    pub device: &'a Thumbprint,
    /// The company.
    pub tenant: &'a TenantId,
    /// The server: its issuer.
    pub audience: &'a str,
    /// The server's name for the person, if it gave one.
    pub user: Option<&'a str>,
}

/// Compliance as CAEP knows it. "attention" counts as compliant; "unknown" is an event of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ComplianceStatus {
    /// Every rule that requires something is met, or still has time.
    Compliant,
    /// A rule that requires something is broken.
    NotCompliant,
}

/// Who brought a change about (CAEP §2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InitiatingEntity {
    /// An admin.
    Admin,
    /// The person.
    User,
    /// A rule.
    Policy,
    /// The phone itself.
    System,
}

/// A change of compliance.
#[derive(Clone, PartialEq, Debug)]
pub struct ComplianceChange {
    /// Before.
    pub previous: ComplianceStatus,
    /// Now.
    pub current: ComplianceStatus,
    /// Who brought it about.
    pub initiated_by: InitiatingEntity,
    /// For the admin, by language tag. Rules and versions only.
    pub reason_admin: BTreeMap<String, String>,
    /// For the person, by language tag.
    pub reason_user: BTreeMap<String, String>,
}

/// A setting as it was applied. Its value is not reported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AppliedSetting {
    /// Its key.
    pub key: String,
    /// `absent`, `valid`, `invalid` or `unexpanded`.
    pub state: String,
    /// The layer that won.
    pub layer: String,
}

/// What became of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandOutcome {
    /// It was carried out.
    Done,
    /// It could not be carried out.
    Failed,
    /// It came too late.
    Expired,
    /// This version does not know it.
    Unsupported,
}

/// What a sync of the contacts did, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct SyncCounts {
    /// Address books.
    pub books: u64,
    /// Contacts on the phone afterwards.
    pub contacts: u64,
    /// New ones.
    pub added: u64,
    /// Changed ones.
    pub changed: u64,
    /// Removed ones.
    pub removed: u64,
    /// Cards that could not be read.
    pub skipped: u64,
}

/// One endpoint of a connectivity check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CheckedEndpoint {
    /// Which: `server`, `contacts`, `events`.
    pub endpoint: String,
    /// `ok`, or what went wrong.
    pub result: String,
    /// Milliseconds until the answer, or until it was given up.
    pub took_ms: i64,
}

impl Reporter<'_> {
    /// The claims of an event at `at` (RFC 8417 §2.2): no `sub` and no `exp`. `body` is the event's
    /// payload; it gets the time of the event. `txn` ties events of one cause together; without it
    /// an event stands for itself.
    fn event(
        &self,
        jti: Jti,
        txn: Option<&str>,
        at: WallMs,
        class: EventClass,
        event_type: &str,
        mut body: Value,
    ) -> Outgoing {
        let opaque = |id: &str| json!({ "format": "opaque", "id": id });
        let mut subject = json!({
            "format": "complex",
            "device": opaque(&self.device.to_string()),
            "tenant": opaque(self.tenant.as_str()),
        });
        if let Some(user) = self.user {
            subject["user"] = opaque(user);
        }
        body["event_timestamp"] = at.as_seconds().into();
        let claims = json!({
            "iss": self.device.to_urn(),
            "jti": jti.as_str(),
            "iat": at.as_seconds(),
            "aud": self.audience,
            "txn": txn.unwrap_or(jti.as_str()),
            "sub_id": subject,
            "events": { event_type: body },
        });
        Outgoing { jti, class, claims }
    }

    /// A change of compliance, as CAEP has it. `txn` ties it to what caused it.
    pub fn compliance_change(
        &self,
        jti: Jti,
        txn: Option<&str>,
        at: WallMs,
        change: &ComplianceChange,
    ) -> Outgoing {
        let mut body = json!({
            "current_status": change.current,
            "previous_status": change.previous,
            "initiating_entity": change.initiated_by,
        });
        for (name, texts) in
            [("reason_admin", &change.reason_admin), ("reason_user", &change.reason_user)]
        {
            if !texts.is_empty() {
                body[name] = json!(texts);
            }
        }
        self.event(jti, txn, at, EventClass::State, event_type::DEVICE_COMPLIANCE_CHANGE, body)
    }

    /// It can't be said whether the phone meets the rules: CAEP has no word for it. `signals` are
    /// the names of the signals that are missing.
    pub fn compliance_unknown(
        &self,
        jti: Jti,
        at: WallMs,
        previous: ComplianceStatus,
        signals: &[String],
    ) -> Outgoing {
        let body = json!({ "previous_status": previous, "signals": signals });
        self.event(jti, None, at, EventClass::State, event_type::COMPLIANCE_UNKNOWN, body)
    }

    /// The phone was activated. `way` is the kind of evidence, `device` the description of the phone
    /// that the activation request carried.
    pub fn activation(
        &self,
        jti: Jti,
        at: WallMs,
        way: &str,
        trust: TrustOrigin,
        device: &Value,
    ) -> Outgoing {
        let body = json!({ "way": way, "policy_key_trust": trust, "device": device });
        self.event(jti, None, at, EventClass::State, event_type::ACTIVATION, body)
    }

    /// A configuration was applied. `version` is the hash of the tree, `policy_seq` the number of
    /// the policy that took part.
    pub fn configuration_applied(
        &self,
        jti: Jti,
        at: WallMs,
        version: &str,
        policy_seq: Option<i64>,
        settings: &[AppliedSetting],
    ) -> Outgoing {
        let mut body = json!({ "config_version": version, "settings": settings });
        if let Some(seq) = policy_seq {
            body["policy_seq"] = seq.into();
        }
        self.event(jti, None, at, EventClass::State, event_type::CONFIGURATION_APPLIED, body)
    }

    /// A policy came and was refused. `code` is that of the error.
    pub fn policy_refused(&self, jti: Jti, at: WallMs, code: &str) -> Outgoing {
        let body = json!({ "reason": code });
        self.event(jti, None, at, EventClass::State, event_type::POLICY_REFUSED, body)
    }

    /// What became of the command `command`. An erase also says its kind and cause: the server takes
    /// its receipt on the signature alone, since the tokens are gone by then.
    pub fn command_acknowledged(
        &self,
        jti: Jti,
        at: WallMs,
        command: &str,
        outcome: CommandOutcome,
        cause: Option<EraseCause>,
    ) -> Outgoing {
        let mut body = json!({ "command_jti": command, "outcome": outcome });
        if let Some(cause) = cause {
            body["kind"] = "erase".into();
            body["cause"] = cause.as_str().into();
        }
        // The command's own name ties the receipt to the order.
        let class = EventClass::Receipt;
        self.event(jti, Some(command), at, class, event_type::COMMAND_ACKNOWLEDGED, body)
    }

    /// A sync of the contacts changed something.
    pub fn contacts_synced(&self, jti: Jti, at: WallMs, counts: &SyncCounts) -> Outgoing {
        let body = json!(counts);
        self.event(jti, None, at, EventClass::Routine, event_type::CONTACTS_SYNCED, body)
    }

    /// The phone is alive. `state` is the overall compliance state, `app_version` that of the app.
    pub fn heartbeat(&self, jti: Jti, at: WallMs, state: &str, app_version: &str) -> Outgoing {
        let body = json!({ "state": state, "app_version": app_version });
        self.event(jti, None, at, EventClass::Routine, event_type::HEARTBEAT, body)
    }

    /// Which endpoints can be reached.
    pub fn connectivity_checked(
        &self,
        jti: Jti,
        at: WallMs,
        endpoints: &[CheckedEndpoint],
    ) -> Outgoing {
        let body = json!({ "endpoints": endpoints });
        self.event(jti, None, at, EventClass::Routine, event_type::CONNECTIVITY_CHECKED, body)
    }

    /// `count` events were dropped because the outbox was full.
    pub fn events_dropped(&self, jti: Jti, at: WallMs, count: u64) -> Outgoing {
        let body = json!({ "count": count });
        self.event(jti, None, at, EventClass::Dropped, event_type::EVENTS_DROPPED, body)
    }
}

/// Rewrites claims that were stored under an earlier device key, so that they can be signed with
/// `device`. Only for events that were never sent: one `jti` must never carry two contents.
pub fn readdress(claims: &mut Value, device: &Thumbprint) {
    if let Some(issuer) = claims.get_mut("iss") {
        *issuer = device.to_urn().into();
    }
    if let Some(id) = claims.pointer_mut("/sub_id/device/id") {
        *id = device.to_string().into();
    }
}
