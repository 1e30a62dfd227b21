//! People, who are also the contacts: from a list into the address book.

pub mod card;
pub mod list;

use serde::{Deserialize, Serialize};

use crate::crypto::uuid;
use crate::ids::{Digest, PersonId, TenantId, UnixTime};
use crate::reply::Failure;
use crate::storage::{PersonRow, Tx};

/// Characters of one field.
const FIELD_CHARS: usize = 1_000;
/// Bytes of a vCard, photo included: phones take no larger ones.
const CARD_BYTES: usize = 1024 * 1024;

/// A person as the admin gives it: fields, or a whole vCard.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PersonInput {
    /// First name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first_name: String,
    /// Last name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last_name: String,
    /// E-mail address; also the person's name in commands.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Telephone on the desk.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Mobile telephone.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mobile: String,
    /// Organisation; left out, the tenant's name stands on the card.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organization: String,
    /// Department.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    /// Position.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Categories, separated by commas.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Photo, JPEG or PNG in base64.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub photo: String,
    /// A whole vCard instead of the fields.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub vcard: String,
}

/// What became of one person of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// New.
    Added,
    /// Known, and the card is another now.
    Updated,
    /// Known, and nothing is different.
    Unchanged,
}

/// A person ready to be stored.
struct Ready {
    uid: Option<String>,
    email: Option<String>,
    name: String,
    vcard: String,
}

/// Adds a person to a tenant, or brings it up to date. Known is who has the same UID or e-mail
/// address.
///
/// # Errors
/// The inner one says, for the admin, why this person can't be taken; then nothing was changed.
pub fn put(
    tx: &dyn Tx,
    tenant: &TenantId,
    organization: &str,
    input: &PersonInput,
    now: UnixTime,
) -> Result<Result<(PersonId, Outcome), String>, Failure> {
    let ready = match ready(input, organization) {
        Ok(ready) => ready,
        Err(reason) => return Ok(Err(reason)),
    };
    let by_uid = match &ready.uid {
        Some(uid) => tx.person_by_uid(tenant, uid)?,
        None => None,
    };
    let by_email = match &ready.email {
        Some(email) => tx.person_by_email(tenant, email)?,
        None => None,
    };
    if let (Some(one), Some(two)) = (&by_uid, &by_email)
        && one.id != two.id
    {
        return Ok(Err(format!("{} belongs to two different people here", two.name)));
    }
    let known = by_uid.or(by_email);
    let uid = match (&known, ready.uid) {
        (Some(person), _) => person.uid.clone(),
        (None, Some(uid)) => uid,
        (None, None) => uuid()?,
    };
    let vcard =
        if input.vcard.is_empty() { card::with_uid(&ready.vcard, &uid) } else { ready.vcard };
    if vcard.len() > CARD_BYTES {
        return Ok(Err("the card is larger than 1 MB".to_owned()));
    }
    let etag = format!("\"{}\"", Digest::of(vcard.as_bytes()).hex(24));
    let file = card::file_name(&uid);
    let (id, outcome, revoked) = match known {
        Some(mut person) => {
            let same = tx.card(tenant, &file)?.is_some_and(|card| card.etag == etag)
                && person.name == ready.name
                && person.email == ready.email;
            (person.name, person.email) = (ready.name, ready.email);
            tx.update_person(&person)?;
            let outcome = if same { Outcome::Unchanged } else { Outcome::Updated };
            (person.id, outcome, person.revoked_at.is_some())
        }
        None => {
            let id = tx.insert_person(&PersonRow {
                id: PersonId(0),
                tenant: tenant.clone(),
                uid,
                email: ready.email,
                name: ready.name,
                revoked_at: None,
                created_at: now,
            })?;
            (id, Outcome::Added, false)
        }
    };
    if !revoked {
        tx.put_card(tenant, &file, &etag, &vcard)?;
    }
    Ok(Ok((id, outcome)))
}

fn ready(input: &PersonInput, organization: &str) -> Result<Ready, String> {
    if !input.vcard.is_empty() {
        let read = card::read(&input.vcard)?;
        let (uid, vcard) = match read.uid {
            Some(uid) => (uid, read.text),
            None => {
                // Without a UID the card itself names it: the same list again adds nobody twice.
                let basis = read.email.clone().unwrap_or_else(|| read.text.clone());
                let uid = Digest::of(basis.as_bytes()).hex(32);
                let text = card::with_uid(&read.text, &uid);
                (uid, text)
            }
        };
        return Ok(Ready { uid: Some(uid), email: read.email, name: read.name, vcard });
    }
    let fields = [
        &input.first_name,
        &input.last_name,
        &input.email,
        &input.phone,
        &input.mobile,
        &input.organization,
        &input.department,
        &input.title,
        &input.category,
    ];
    if fields.iter().any(|field| field.chars().count() > FIELD_CHARS) {
        return Err("a field is longer than 1,000 characters".to_owned());
    }
    let name = format!("{} {}", input.first_name.trim(), input.last_name.trim());
    let email = input.email.trim().to_lowercase();
    if !email.is_empty() && !is_email(&email) {
        return Err(format!("\"{email}\" is not an e-mail address"));
    }
    let name = match name.trim() {
        "" if email.is_empty() => return Err("neither a name nor an e-mail address".to_owned()),
        "" => email.clone(),
        name => name.to_owned(),
    };
    let uid = if email.is_empty() {
        let basis = format!("{name}|{}|{}", input.phone.trim(), input.mobile.trim());
        Some(Digest::of(basis.as_bytes()).hex(32))
    } else {
        None
    };
    let vcard = card::write(input, &name, &email, organization)?;
    let email = Some(email).filter(|email| !email.is_empty());
    Ok(Ready { uid, email, name, vcard })
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && !host.is_empty()
            && !host.contains('@')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}
