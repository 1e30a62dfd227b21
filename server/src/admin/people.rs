//! People.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Refusal, Within, guard, unknown};
use crate::ids::PersonId;
use crate::people::card::file_name;
use crate::people::{self, Outcome, PersonInput};
use crate::storage::{BlockKind, DeviceState, PersonRow, Tx};

/// People in one import call; the command line sends longer lists in pieces.
const PER_CALL: usize = 1_000;

pub(super) fn view(row: &PersonRow) -> Value {
    json!({
        "name": row.name, "email": row.email, "uid": row.uid,
        "revoked_at": row.revoked_at.map(crate::ids::UnixTime::rfc3339),
        "created_at": row.created_at.rfc3339(),
    })
}

/// By e-mail address, or for those without one by UID.
pub(super) fn find(at: &Within<'_>, tx: &dyn Tx, name: &str) -> Result<PersonRow, Refusal> {
    let person = match tx.person_by_email(at.id(), &name.trim().to_lowercase())? {
        Some(person) => Some(person),
        None => tx.person_by_uid(at.id(), name.trim())?,
    };
    person.ok_or_else(|| unknown("person", name))
}

pub(super) fn list(at: &Within<'_>) -> Result<Answer, Refusal> {
    let after = at.call.query("after").and_then(|n| n.parse().ok()).unwrap_or(0);
    let rows = at.read(|tx| Ok(tx.people(at.id(), PersonId(after), at.call.page())?))?;
    let next = rows.last().filter(|_| rows.len() == at.call.page()).map(|row| row.id);
    let rows: Vec<Value> = rows.iter().map(view).collect();
    Ok((200, json!({"people": rows, "next": next})))
}

pub(super) fn add(at: &Within<'_>) -> Result<Answer, Refusal> {
    let input: PersonInput = at.call.read()?;
    let person = at.write(|tx| {
        let put = people::put(tx, at.id(), &at.tenant.profile.name, &input, at.now())?;
        let (id, _) = put.map_err(Refusal::wrong)?;
        Ok(tx.person(at.id(), id)?)
    })?;
    Ok((201, person.as_ref().map_or(Value::Null, view)))
}

#[derive(Deserialize)]
struct Import {
    people: Vec<PersonInput>,
}

pub(super) fn import(at: &Within<'_>) -> Result<Answer, Refusal> {
    let import: Import = at.call.read()?;
    if import.people.len() > PER_CALL {
        return Err(Refusal::wrong(format!("at most {PER_CALL} people in one call")));
    }
    at.write(|tx| {
        let (mut added, mut updated, mut unchanged) = (0, 0, 0);
        let mut skipped = Vec::new();
        for (index, input) in import.people.iter().enumerate() {
            match people::put(tx, at.id(), &at.tenant.profile.name, input, at.now())? {
                Ok((_, Outcome::Added)) => added += 1,
                Ok((_, Outcome::Updated)) => updated += 1,
                Ok((_, Outcome::Unchanged)) => unchanged += 1,
                Err(reason) => skipped.push(json!({"row": index + 1, "reason": reason})),
            }
        }
        let answer =
            json!({"added": added, "updated": updated, "unchanged": unchanged, "skipped": skipped});
        Ok((200, answer))
    })
}

#[derive(Deserialize)]
struct Named {
    people: Vec<String>,
}

fn named(at: &Within<'_>, tx: &dyn Tx) -> Result<Vec<PersonRow>, Refusal> {
    let named: Named = at.call.read()?;
    named.people.iter().map(|name| find(at, tx, name)).collect()
}

/// Takes access away: the person, the person's keys, e-mail address and device ids are blocked, the
/// phones learn `revoked`, and the card leaves the address book.
pub(super) fn revoke(at: &Within<'_>) -> Result<Answer, Refusal> {
    let now = at.now();
    at.write(|tx| {
        let people = named(at, tx)?;
        if let Some(waiting) = guard::wait(at, tx, people.len())? {
            return Ok(waiting);
        }
        let mut can_return = false;
        for mut person in people.iter().cloned() {
            let id = person.id;
            if let Some(email) = &person.email {
                tx.block(at.id(), BlockKind::Email, email, id)?;
            }
            for mut device in tx.devices_of(at.id(), id)? {
                tx.block(at.id(), BlockKind::Key, device.name.as_str(), id)?;
                for mdm_id in device.facts.mdm_ids() {
                    tx.block(at.id(), BlockKind::DeviceId, mdm_id, id)?;
                }
                can_return |= !device.proven;
                tx.revoke_grants_of(&device.name, now)?;
                device.state = DeviceState::Revoked;
                tx.put_device(&device)?;
            }
            person.revoked_at = person.revoked_at.or(Some(now));
            tx.update_person(&person)?;
            tx.delete_card(at.id(), &file_name(&person.uid), now)?;
        }
        // With a shared secret the address is only a claim: the same human may come back under
        // another one unless something else is asked for too.
        let can_return = can_return && !at.tenant.profile.listed_devices_only;
        let message = if can_return {
            "Revoked, but can return with the shared licence or passcode under another name: \
             change the passcode, or let only listed devices in."
        } else {
            "Revoked."
        };
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        Ok((200, json!({"revoked": names, "can_return": can_return, "message": message})))
    })
}

/// Takes people off the list: the card goes, their phones are retired, their own licences end.
pub(super) fn remove(at: &Within<'_>) -> Result<Answer, Refusal> {
    let now = at.now();
    at.write(|tx| {
        let people = named(at, tx)?;
        let mut phones = Vec::new();
        for person in &people {
            phones.extend(super::devices::erasable(tx.devices_of(at.id(), person.id)?));
        }
        if !phones.is_empty()
            && let Some(waiting) = guard::wait(at, tx, phones.len())?
        {
            return Ok(waiting);
        }
        for device in &phones {
            super::devices::erase(at, tx, device.clone(), "retired", None)?;
        }
        let licences = tx.licences(at.id())?;
        for person in &people {
            for licence in licences.iter().filter(|licence| licence.person == Some(person.id)) {
                tx.revoke_licence(at.id(), &licence.username, now)?;
            }
            tx.delete_card(at.id(), &file_name(&person.uid), now)?;
            tx.delete_person(at.id(), person.id)?;
        }
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        Ok((200, json!({"removed": names, "devices_retired": phones.len()})))
    })
}

/// Lifts a revocation. The phones activate anew, with new keys; the card comes back with the next
/// import.
pub(super) fn readmit(at: &Within<'_>) -> Result<Answer, Refusal> {
    at.write(|tx| {
        let people = named(at, tx)?;
        for mut person in people.iter().cloned() {
            tx.unblock(at.id(), person.id)?;
            person.revoked_at = None;
            tx.update_person(&person)?;
        }
        let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
        let message = "Let in again. Import the list once more to bring the card back.";
        Ok((200, json!({"readmitted": names, "message": message})))
    })
}
