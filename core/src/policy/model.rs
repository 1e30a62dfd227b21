//! What a policy says.
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::PolicyError;
use super::parse::parse;
use crate::jose::{decode_base64url, parse_object};
use crate::licence::EraseCause;
use crate::secret::Secret;
use crate::time::WallMs;

/// A policy, read from a verified token.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    /// Grows with each change.
    pub seq: i64,
    /// When it was signed: an anchor of trusted time.
    pub issued_at: WallMs,
    /// From here on it stays in force, but no longer counts as contact with the server.
    pub expires_at: WallMs,
    /// Seconds until the next check, within the limits.
    pub next_check_s: i64,
    /// The company.
    pub organization: Organization,
    /// Settings for everybody, as they came: key and value.
    pub settings: Map<String, Value>,
    /// Settings for this person.
    pub individual: Map<String, Value>,
    /// Compliance rules, as they came.
    pub rules: Vec<Value>,
    /// Address books.
    pub contacts: PolicyContacts,
    /// The licence.
    pub licence: LicenceTerms,
    /// What to do, in this order.
    pub commands: Vec<Command>,
    /// The newest versions of the app.
    pub update: Updates,
}

/// Who the company is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Organization {
    /// Its name, to be shown.
    pub name: Option<String>,
    /// Where people get help.
    pub support: Support,
    /// Its numbers at the vendors' enrolment programmes.
    pub customer_ids: CustomerIds,
}

/// Where people get help.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Support {
    /// An e-mail address.
    pub email: Option<String>,
    /// A phone number.
    pub phone: Option<String>,
    /// A page.
    pub url: Option<String>,
}

/// The company's numbers at the vendors' enrolment programmes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CustomerIds {
    /// Apple Device Enrolment Program.
    pub apple_dep: Option<String>,
    /// Samsung Knox Mobile Enrolment.
    pub samsung_kme: Option<String>,
    /// Android zero-touch.
    pub android_zero_touch: Option<String>,
}

/// What of the contacts the policy says.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PolicyContacts {
    /// The address books. None at all withdraws those of an earlier policy.
    pub books: Vec<Book>,
    /// Terms of the contact filter.
    pub filter: Option<Vec<String>>,
    /// What may be handed to the system.
    pub export: Option<Map<String, Value>>,
}

/// An address book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Book {
    /// Its CardDAV collection, or where discovery starts.
    pub url: Secret<String>,
    /// Its name, to be shown.
    pub name: String,
    /// How the phone proves itself there.
    pub auth: BookAuth,
}

/// How the phone proves itself at an address book.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BookAuth {
    /// The access token with a DPoP proof; only at an origin of the server's metadata.
    Dpop,
    /// The name and password of the configuration (RFC 7617).
    Basic,
    /// Not at all.
    None,
}

/// What the licence allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LicenceTerms {
    /// The last moment, if the licence ends.
    pub valid_until: Option<WallMs>,
    /// Seconds that everything goes on without the server; the smaller of this and the setting
    /// counts.
    pub offline_grace_s: Option<i64>,
}

/// Something to do once.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Command {
    /// Its name: a command is carried out once.
    pub jti: String,
    /// What to do.
    pub kind: CommandKind,
    /// Not after this moment.
    pub expires_at: WallMs,
    /// To show to the person.
    pub message: Option<String>,
}

/// What to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    /// Synchronise now.
    Sync,
    /// The phone is lost: hide everything.
    Lock,
    /// The phone was found.
    Unlock,
    /// Erase everything of this profile.
    Erase(EraseCause),
    /// A kind that this version does not know; to be acknowledged as such. Letters, digits, `_` and
    /// `-` only.
    Unknown(String),
}

/// The newest versions of the app, by platform.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Updates {
    /// For Android.
    pub android: Option<AppUpdate>,
    /// For iOS.
    pub ios: Option<AppUpdate>,
}

/// The newest version of the app.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppUpdate {
    /// Its number, compared part by part.
    pub latest: String,
    /// Where to get it (https).
    pub url: String,
}

impl Command {
    /// The form in which it is kept until it is carried out.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a command is plain data")
    }

    /// Reads what [`Command::to_bytes`] wrote; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl Policy {
    /// Reads the token of a policy that was verified before and has been kept sealed since. Never for
    /// a token from anywhere else: no signature is looked at.
    pub fn reread(compact: &str) -> Result<Self, PolicyError> {
        let payload = compact.split('.').nth(1).and_then(decode_base64url);
        let payload = payload.ok_or_else(|| PolicyError::member("payload"))?;
        let members = parse_object(&payload).map_err(|_| PolicyError::member("json"))?;
        parse(&members)
    }

    /// Whether having this policy counts as contact with the server at the (trusted) moment `now`.
    pub fn counts_as_contact(&self, now: WallMs) -> bool {
        now < self.expires_at
    }
}
