//! Who calls.
//!
//! A call's number is looked up as a whole (E.164) first, and by the end of the national number
//! only if nobody has it as a whole. Nothing here reads a file: look-ups come in as functions, and
//! the search index takes no part.
//!
//! | case | answer |
//! | --- | --- |
//! | no number, or a withheld one (`anonymous`, `private`) | none |
//! | three to six digits | whoever has exactly this short number; never an end of a longer one |
//! | a card with the same national number, but written with another calling code | not that card |
//! | one person twice (same UID, or same name and organisation, in two address books) | one |
//! | two people | ambiguous, and all of them, up to [`limits::CALLER_CONTACTS`] |
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::contacts::phone::caller_keys;
use crate::contacts::record::ContactRecord;
use crate::contacts::search::plain_form;
use crate::limits;
use crate::store::ContactId;

/// How many people a number belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CallerMatch {
    /// One person.
    One,
    /// Several people, and nothing tells which of them calls.
    Ambiguous,
    /// Nobody known.
    None,
}

/// Somebody a number belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallerContact {
    /// Which contact. Of one person's several contacts the oldest.
    pub id: ContactId,
    /// The name as it is shown.
    pub name: String,
}

/// Looks `number` up: E.164, or whatever the network gave.
///
/// `ids` answers the contacts that are stored under a key of [`caller_keys`], at most so many;
/// `record` a contact's record. The people found come by name, at most one contact each.
///
/// # Errors
/// Those of `ids` and `record`.
pub fn look_up<E>(
    number: &str,
    mut ids: impl FnMut(&str, usize) -> Result<Vec<ContactId>, E>,
    mut record: impl FnMut(ContactId) -> Result<Option<ContactRecord>, E>,
) -> Result<(CallerMatch, Vec<CallerContact>), E> {
    let keys = caller_keys(number);
    let full = keys.first().filter(|key| key.starts_with('+'));
    for key in &keys {
        let mut people = Vec::new();
        for id in ids(key, limits::CALLER_CONTACTS)? {
            let Some(record) = record(id)? else { continue };
            if belongs_to(&record, key, full) {
                people.push((id, record));
            }
        }
        let people = one_each(people);
        match people.len() {
            0 => {}
            1 => return Ok((CallerMatch::One, people)),
            _ => return Ok((CallerMatch::Ambiguous, people)),
        }
    }
    Ok((CallerMatch::None, Vec::new()))
}

/// Whether a contact really has the number: stored keys are shortened hashes, and a card written
/// with another calling code is somebody else, however the number ends.
fn belongs_to(record: &ContactRecord, key: &str, full: Option<&String>) -> bool {
    // The usual case, without reading the numbers once more.
    if record.phones.iter().any(|phone| phone.e164.as_deref() == Some(key)) {
        return true;
    }
    record.phones.iter().any(|phone| {
        let written = caller_keys(&phone.number);
        let other_country = !key.starts_with('+')
            && full.is_some()
            && written.first().filter(|key| key.starts_with('+')).is_some_and(|w| Some(w) != full);
        let has = |keys: &[String]| keys.iter().any(|k| k == key);
        !other_country
            && (has(&written) || phone.e164.as_deref().is_some_and(|e| has(&caller_keys(e))))
    })
}

/// One contact for each person, by name.
fn one_each(mut contacts: Vec<(ContactId, ContactRecord)>) -> Vec<CallerContact> {
    if contacts.len() <= 1 {
        let only = contacts.into_iter();
        return only.map(|(id, c)| CallerContact { id, name: c.name.display }).collect();
    }
    contacts.sort_by_key(|(id, _)| *id);
    let mut people: Vec<Vec<(ContactId, ContactRecord)>> = Vec::new();
    for contact in contacts {
        let known = people.iter_mut().find(|p| p.iter().any(|c| is_same(&c.1, &contact.1)));
        match known {
            Some(person) => person.push(contact),
            None => people.push(vec![contact]),
        }
    }
    let first = people.into_iter().filter_map(|person| person.into_iter().next());
    let mut first: Vec<_> = first
        .map(|(id, record)| (plain_form(&record.name.display), record.name.display, id))
        .collect();
    first.sort();
    first.into_iter().map(|(_, name, id)| CallerContact { id, name }).collect()
}

fn is_same(a: &ContactRecord, b: &ContactRecord) -> bool {
    let folded = |text: &Option<String>| text.as_deref().map(plain_form).unwrap_or_default();
    let same_uid = !a.uid.is_empty() && a.uid == b.uid;
    same_uid
        || (plain_form(&a.name.display) == plain_form(&b.name.display)
            && folded(&a.organization) == folded(&b.organization))
}
