//! From a parsed vCard to a contact.
use calcard::common::{IanaString, IanaType};
use calcard::vcard::{
    VCard, VCardEntry, VCardKind, VCardParameterName, VCardParameterValue, VCardProperty,
    VCardValue,
};

use super::photo::Photo;
use super::{Card, SkipReason, kinds};
use crate::contacts::phone::{self, Region};
use crate::contacts::record::{ContactRecord, Email, PersonName, Phone, PostalAddress};
use crate::contacts::text::{some, trimmed};

/// How cards are mapped, as a number. Raise it with every change after which some card gives another
/// record than before: a phone keeps the records that it made, so it reads every book again when
/// the number is not the one that they were made with.
pub const MAPPING: u32 = 1;

/// A property's rank among its like: PREF=1..100 (RFC 6350 §5.3), 1 for `TYPE=pref`.
const NOT_PREFERRED: u32 = 101;

/// Something with a rank, until all of its like are known.
type Ranked<T> = Vec<(u32, T)>;

#[derive(Default)]
struct Draft {
    record: ContactRecord,
    photo: Option<Photo>,
    photo_dropped: bool,
    role: Option<String>,
    group: bool,
    phones: Ranked<Phone>,
    emails: Ranked<Email>,
    addresses: Ranked<PostalAddress>,
}

/// Maps `card`, taking its values.
pub(super) fn contact(mut card: VCard, region: Option<Region>) -> Result<Card, SkipReason> {
    let labels = labels_of(&card);
    let mut draft = Draft::default();
    for entry in &mut card.entries {
        draft.take(entry, &labels, region);
    }
    draft.finish()
}

/// The X-ABLabel of each group (`item1.X-ABLabel:_$!<Mobile>!$_`).
fn labels_of(card: &VCard) -> Vec<(String, String)> {
    let label = |entry: &VCardEntry| {
        let VCardProperty::Other(name) = &entry.name else { return None };
        let group = entry.group.as_ref().filter(|_| name.eq_ignore_ascii_case("X-ABLABEL"))?;
        Some((group.clone(), kinds::word(entry.values.first()?.as_text()?)))
    };
    card.entries.iter().filter_map(label).collect()
}

impl Draft {
    fn take(
        &mut self,
        entry: &mut VCardEntry,
        labels: &[(String, String)],
        region: Option<Region>,
    ) {
        let record = &mut self.record;
        match &entry.name {
            VCardProperty::Fn => keep_first(&mut record.name.display, text(entry)),
            VCardProperty::N => take_name(&mut record.name, entry),
            VCardProperty::Nickname => keep_first_some(&mut record.name.nickname, text(entry)),
            VCardProperty::Org => take_organization(record, entry),
            VCardProperty::Title => keep_first_some(&mut record.title, text(entry)),
            VCardProperty::Role => keep_first_some(&mut self.role, text(entry)),
            VCardProperty::Note => keep_first_some(&mut record.note, text(entry)),
            VCardProperty::Uid => keep_first(&mut record.uid, text(entry)),
            VCardProperty::Categories => take_categories(record, entry),
            VCardProperty::Photo => self.take_photo(entry),
            VCardProperty::Kind => {
                self.group |=
                    matches!(entry.values.first(), Some(VCardValue::Kind(VCardKind::Group)));
            }
            VCardProperty::Other(name) if name.eq_ignore_ascii_case("X-ADDRESSBOOKSERVER-KIND") => {
                self.group |= text(entry).eq_ignore_ascii_case("group");
            }
            VCardProperty::Tel => {
                let (words, rank) = words_of(entry, labels);
                let number = text(entry);
                let e164 = phone::e164(&number, region);
                // Nothing to dial is nothing to keep.
                if number.bytes().any(|b| b.is_ascii_digit()) || e164.is_some() {
                    let kind = kinds::phone(&words);
                    let number = shown_number(number);
                    self.phones.push((rank, Phone { kind, number, e164, preferred: false }));
                }
            }
            VCardProperty::Email => {
                let (words, rank) = words_of(entry, labels);
                let address = text(entry);
                let address = address.strip_prefix("mailto:").unwrap_or(&address).to_owned();
                if !address.is_empty() {
                    let kind = kinds::place(&words);
                    self.emails.push((rank, Email { kind, address, preferred: false }));
                }
            }
            VCardProperty::Adr => {
                let (words, rank) = words_of(entry, labels);
                let mut address = address(entry);
                if address != PostalAddress::default() {
                    address.kind = kinds::place(&words);
                    self.addresses.push((rank, address));
                }
            }
            _ => {}
        }
    }

    fn take_photo(&mut self, entry: &mut VCardEntry) {
        if self.photo.is_some() {
            return;
        }
        match entry.values.first_mut() {
            Some(VCardValue::Binary(data)) => match Photo::new(std::mem::take(&mut data.data)) {
                Some(photo) => self.photo = Some(photo),
                None => self.photo_dropped = true,
            },
            Some(VCardValue::Text(url)) if is_web_address(url) => {
                self.record.photo_url = Some(std::mem::take(url));
            }
            Some(VCardValue::Text(text)) if text.is_empty() => {}
            _ => self.photo_dropped = true,
        }
    }

    fn finish(self) -> Result<Card, SkipReason> {
        if self.group {
            return Err(SkipReason::Group);
        }
        let mut record = self.record;
        record.phones = sorted(self.phones, |p, preferred| p.preferred = preferred);
        record.emails = sorted(self.emails, |e, preferred| e.preferred = preferred);
        record.addresses = sorted(self.addresses, |a, preferred| a.preferred = preferred);
        record.title = record.title.or(self.role);
        record.has_photo = self.photo.is_some();
        if record.has_photo {
            record.photo_url = None;
        }
        if record.name.display.is_empty() {
            record.name.display = display_name(&record).ok_or(SkipReason::Nameless)?;
        }
        Ok(Card { record, photo: self.photo, photo_dropped: self.photo_dropped })
    }
}

/// What stands for a missing FN: the parts of the name, else whatever names the contact.
fn display_name(record: &ContactRecord) -> Option<String> {
    let n = &record.name;
    let parts = [&n.prefix, &n.given, &n.additional, &n.family, &n.suffix];
    let whole = parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
    Some(whole)
        .filter(|name| !name.is_empty())
        .or_else(|| n.nickname.clone())
        .or_else(|| record.organization.clone())
        .or_else(|| record.emails.first().map(|e| e.address.clone()))
}

/// By rank, in the card's order within a rank; the best rank is marked, the same entry kept once.
fn sorted<T: PartialEq>(mut ranked: Ranked<T>, mark: fn(&mut T, bool)) -> Vec<T> {
    ranked.sort_by_key(|(rank, _)| *rank);
    let best = ranked.first().map_or(NOT_PREFERRED, |(rank, _)| *rank);
    let mut out: Vec<T> = Vec::with_capacity(ranked.len());
    let mut ranks: Vec<u32> = Vec::with_capacity(ranked.len());
    for (rank, value) in ranked {
        if !out.contains(&value) {
            out.push(value);
            ranks.push(rank);
        }
    }
    for (value, rank) in out.iter_mut().zip(ranks) {
        mark(value, rank == best && rank < NOT_PREFERRED);
    }
    out
}

/// The types and the label of a property in lower case, and its rank.
fn words_of(entry: &VCardEntry, labels: &[(String, String)]) -> (Vec<String>, u32) {
    let mut words = Vec::new();
    let mut rank = NOT_PREFERRED;
    for parameter in &entry.params {
        match (&parameter.name, &parameter.value) {
            (VCardParameterName::Pref, VCardParameterValue::Integer(n)) => {
                rank = rank.min((*n).clamp(1, 100));
            }
            // vCard 2.1 writes `TEL;PREF:`.
            (VCardParameterName::Pref, _) => rank = 1,
            (VCardParameterName::Type, value) => match value.as_type() {
                Some(IanaType::Iana(kind)) => words.push(kind.as_str().to_ascii_lowercase()),
                Some(IanaType::Other(text)) => words.extend(text.split(',').map(kinds::word)),
                None => {}
            },
            // And `TEL;IPHONE:`.
            (VCardParameterName::Other(name), VCardParameterValue::Null) => {
                words.push(kinds::word(name));
            }
            _ => {}
        }
    }
    if words.iter().any(|w| w == "pref") {
        rank = 1;
    }
    let group = entry.group.as_deref().unwrap_or_default();
    words.extend(labels.iter().filter(|(g, _)| g == group).map(|(_, label)| label.clone()));
    (words, rank)
}

fn text(entry: &mut VCardEntry) -> String {
    match entry.values.first_mut() {
        Some(VCardValue::Text(text)) => trimmed(std::mem::take(text)),
        Some(VCardValue::Component(parts)) => trimmed(parts.join(" ")),
        Some(other) => other.as_text().map(|t| t.trim().to_owned()).unwrap_or_default(),
        None => String::new(),
    }
}

/// One component of a structured value; several values in it are joined with a space.
fn component(entry: &VCardEntry, index: usize) -> String {
    match entry.values.get(index) {
        Some(VCardValue::Text(text)) => text.trim().to_owned(),
        Some(VCardValue::Component(parts)) => {
            let parts: Vec<&str> =
                parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
            parts.join(" ")
        }
        _ => String::new(),
    }
}

fn keep_first(slot: &mut String, text: String) {
    if slot.is_empty() {
        *slot = text;
    }
}

fn keep_first_some(slot: &mut Option<String>, text: String) {
    if slot.is_none() {
        *slot = some(text);
    }
}

fn take_name(name: &mut PersonName, entry: &VCardEntry) {
    // RFC 6350 §6.2.2: family, given, additional, prefixes, suffixes.
    let slots = [
        &mut name.family,
        &mut name.given,
        &mut name.additional,
        &mut name.prefix,
        &mut name.suffix,
    ];
    for (index, slot) in slots.into_iter().enumerate() {
        keep_first_some(slot, component(entry, index));
    }
}

fn take_organization(record: &mut ContactRecord, entry: &VCardEntry) {
    if record.organization.is_some() || record.department.is_some() {
        return;
    }
    record.organization = some(component(entry, 0));
    let levels: Vec<String> =
        (1..entry.values.len()).filter_map(|i| some(component(entry, i))).collect();
    record.department = some(levels.join(" / "));
}

fn take_categories(record: &mut ContactRecord, entry: &VCardEntry) {
    for value in &entry.values {
        let category = value.as_text().unwrap_or_default().trim();
        if !category.is_empty() && !record.categories.iter().any(|c| c == category) {
            record.categories.push(category.to_owned());
        }
    }
}

fn address(entry: &VCardEntry) -> PostalAddress {
    // RFC 6350 §6.3.1: post box, extension, street, town, region, postal code, country.
    let lines: Vec<String> =
        [0, 1, 2].into_iter().filter_map(|i| some(component(entry, i))).collect();
    PostalAddress {
        street: lines.join("\n"),
        city: component(entry, 3),
        region: component(entry, 4),
        postal_code: component(entry, 5),
        country: component(entry, 6),
        ..PostalAddress::default()
    }
}

/// What a person reads: `tel:+49-30-901820;ext=12` as `+49-30-901820 ext. 12`.
fn shown_number(text: String) -> String {
    let Some((scheme, uri)) = text.split_once(':') else { return text };
    if !scheme.trim().eq_ignore_ascii_case("tel") {
        return text;
    }
    let (number, parameters) = uri.split_once(';').unwrap_or((uri, ""));
    let number = number.replace("%20", " ");
    let extension = parameters.split(';').find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("ext").then_some(value.trim())
    });
    match extension.filter(|e| !e.is_empty()) {
        Some(extension) => format!("{} ext. {extension}", number.trim()),
        None => number.trim().to_owned(),
    }
}

fn is_web_address(text: &str) -> bool {
    let start = text.get(..8).unwrap_or_default().to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}
