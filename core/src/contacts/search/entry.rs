//! What the index keeps of one contact: enough to show a hit and to say what matched, and no more.
use super::intern::Strings;
use super::number;
use super::varint::{self, Reader};
use crate::contacts::record::ContactRecord;
use crate::limits;

/// The searched part of a contact.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Entry<'a> {
    /// The name as it is shown.
    pub(crate) name: &'a str,
    /// Words of the name that are not shown (nickname, given name behind an initial).
    pub(crate) unshown: Vec<&'a str>,
    /// Organisation.
    pub(crate) organization: Option<&'a str>,
    /// Department.
    pub(crate) department: Option<&'a str>,
    /// Position.
    pub(crate) title: Option<&'a str>,
    /// E-mail addresses.
    pub(crate) emails: Vec<&'a str>,
    /// Numbers as they are written, and in E.164 form.
    pub(crate) phones: Vec<(&'a str, Option<&'a str>)>,
}

impl<'a> Entry<'a> {
    /// The searched part of `record`, cut to the limits of an index.
    pub(crate) fn of(record: &'a ContactRecord) -> Self {
        let optional =
            |field: &'a Option<String>| field.as_deref().filter(|f| !f.is_empty()).map(cut);
        let name = &record.name;
        let shown = cut(&name.display);
        let parts = [&name.given, &name.additional, &name.family, &name.nickname];
        let shows = |part: &str| shown.split(' ').any(|word| word == part) || shown.contains(part);
        let unshown = parts.into_iter().filter_map(optional).filter(|part| !shows(part));
        Self {
            name: shown,
            unshown: unshown.collect(),
            organization: optional(&record.organization),
            department: optional(&record.department),
            title: optional(&record.title),
            emails: some(&record.emails).map(|e| cut(&e.address)).collect(),
            phones: some(&record.phones)
                .map(|p| (cut(&p.number), p.e164.as_deref().map(cut)))
                .collect(),
        }
    }
}

fn some<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().take(limits::SEARCH_VALUES)
}

/// The beginning of `text` that is searched.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(limits::SEARCH_FIELD_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Texts that many contacts share, each kept once.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared {
    /// Organisations.
    pub(super) organizations: Strings,
    /// Departments and positions.
    pub(super) roles: Strings,
    /// What stands behind the `@`.
    pub(super) domains: Strings,
}

/// The texts of one contact in a segment.
#[derive(Clone)]
pub(super) struct Doc<'a> {
    /// The name as it is shown.
    pub(super) name: &'a str,
    /// Place of the organisation in [`Shared::organizations`].
    pub(super) organization: Option<u32>,
    /// Place of the department in [`Shared::roles`].
    pub(super) department: Option<u32>,
    /// Place of the position in [`Shared::roles`].
    pub(super) title: Option<u32>,
    rest: Reader<'a>,
}

/// Which shared texts a contact has, besides those in its [`Doc`].
#[derive(Clone, Copy, Default)]
pub(super) struct Places {
    /// Place of the organisation in [`Shared::organizations`].
    pub(super) organization: Option<u32>,
    /// Place of the department in [`Shared::roles`].
    pub(super) department: Option<u32>,
    /// Place of the position in [`Shared::roles`].
    pub(super) title: Option<u32>,
}

/// Stands where a number has no E.164 form; nothing stands where it has the same digits.
const NO_E164: &str = "-";

/// Splits an address at the last `@`; the domain is shared, and empty without one.
pub(super) fn split_address(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// Appends `entry` in packed form.
pub(super) fn write(entry: &Entry<'_>, places: Places, domains: &[u32], out: &mut Vec<u8>) {
    varint::write_text(entry.name, out);
    for place in [places.organization, places.department, places.title] {
        varint::write(place.map_or(0, |p| p + 1), out);
    }
    varint::write(entry.emails.len() as u32, out);
    for (address, domain) in entry.emails.iter().zip(domains) {
        // No `@` at all is told apart from nothing behind it.
        let known = address.contains('@');
        varint::write_text(split_address(address).0, out);
        varint::write(if known { domain + 1 } else { 0 }, out);
    }
    varint::write(entry.phones.len() as u32, out);
    for (written, e164) in &entry.phones {
        number::pack(written, out);
        // Most numbers are written in full: nothing to keep beside it.
        let beside = match e164 {
            Some(e164) if number::same_digits(e164, written) => "",
            Some(e164) => e164,
            None => NO_E164,
        };
        number::pack(beside, out);
    }
    varint::write(entry.unshown.len() as u32, out);
    entry.unshown.iter().for_each(|part| varint::write_text(part, out));
}

impl<'a> Doc<'a> {
    /// Reads the first part of what [`write`] wrote; the rest is read when it is asked for.
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut rest = Reader::new(bytes);
        let name = rest.sized_text();
        let mut place = || rest.number().checked_sub(1);
        let (organization, department, title) = (place(), place(), place());
        Self { name, organization, department, title, rest }
    }

    /// The e-mail addresses.
    pub(super) fn emails(&self, shared: &Shared) -> Vec<String> {
        let mut rest = self.rest.clone();
        let count = rest.number();
        let address = |_| {
            let local = rest.sized_text();
            match rest.number().checked_sub(1) {
                Some(domain) => format!("{local}@{}", shared.domains.get(domain)),
                None => local.to_owned(),
            }
        };
        (0..count).map(address).collect()
    }

    fn phones_at(&self) -> Reader<'a> {
        let mut rest = self.rest.clone();
        for _ in 0..rest.number() {
            rest.sized_text();
            rest.number();
        }
        rest
    }

    /// Calls `seen` with each number: as written, and in E.164 form where it has one. Stops when
    /// `seen` answers something.
    pub(super) fn first_phone<T>(
        &self,
        mut seen: impl FnMut(u32, &str, Option<&str>) -> Option<T>,
    ) -> Option<T> {
        let mut rest = self.phones_at();
        let (mut written, mut e164) = (String::new(), String::new());
        (0..rest.number()).find_map(|index| {
            number::unpack(&mut rest, &mut written);
            number::unpack(&mut rest, &mut e164);
            let e164 = if e164.is_empty() { &written } else { &e164 };
            seen(index, &written, Some(e164.as_str()).filter(|e| *e != NO_E164))
        })
    }

    /// Words of the name that are not shown.
    pub(super) fn unshown(&self) -> Vec<&'a str> {
        let mut rest = self.phones_at();
        for _ in 0..rest.number() {
            number::skip(&mut rest);
            number::skip(&mut rest);
        }
        (0..rest.number()).map(|_| rest.sized_text()).collect()
    }
}
