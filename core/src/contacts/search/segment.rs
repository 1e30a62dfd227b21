//! A part of the index that never changes: contacts in alphabetical order, their words and their
//! numbers. A contact is known here by its place in that order.
use super::ContactId;
use super::entry::{self, Doc, Entry, Places, Shared};
use super::fold::Forms;
use super::intern::{Interner, Strings};
use super::number::{self, TRIPLES};
use super::table::{Table, TableBuilder, leading};
use super::varint::{self, Reader};
use super::words::{Reading, words};

/// Numbers of so few digits are words too, so that "112" is found as a whole.
pub(super) const SHORT_NUMBER_DIGITS: usize = 5;

/// Where a word was found, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Class {
    /// In the name.
    Name,
    /// In the organisation.
    Organization,
    /// In department, position, e-mail or number.
    Other,
}

impl Class {
    /// All of them, best first.
    pub(super) const ALL: [Class; 3] = [Class::Name, Class::Organization, Class::Other];
}

/// Contacts that are searched together.
#[derive(Clone, Debug, Default)]
pub(super) struct Segment {
    ids: Vec<ContactId>,
    docs: Vec<u8>,
    doc_ends: Vec<u32>,
    shared: Shared,
    tables: [Table; 3],
    triples: Triples,
}

/// For every three digits in a row the contacts that have them, as ascending steps.
#[derive(Clone, Debug, Default)]
struct Triples {
    ends: Vec<u32>,
    steps: Vec<u8>,
}

/// Lists of triples that are intersected; what is left is looked at one by one.
const RAREST_TRIPLES: usize = 3;

/// Reads ascending steps.
struct Steps<'a> {
    rest: Reader<'a>,
    last: u32,
}

impl<'a> Steps<'a> {
    fn of(steps: &'a [u8]) -> Self {
        Self { rest: Reader::new(steps), last: 0 }
    }
}

impl Iterator for Steps<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.rest.is_at_end() {
            return None;
        }
        self.last += self.rest.number();
        Some(self.last)
    }
}

impl Segment {
    /// How many contacts there are, deleted ones included.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The contacts in alphabetical order.
    pub(super) fn ids(&self) -> &[ContactId] {
        &self.ids
    }

    /// What is kept of a contact.
    pub(super) fn doc(&self, doc: u32) -> Doc<'_> {
        let end = self.doc_ends[doc as usize] as usize;
        let start = (doc as usize).checked_sub(1).map_or(0, |before| self.doc_ends[before]);
        Doc::read(&self.docs[start as usize..end])
    }

    /// Texts that contacts share.
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The words of a class.
    pub(super) fn table(&self, class: Class) -> &Table {
        &self.tables[class as usize]
    }

    /// What alphabetical order goes by: the folded name, then the name, then the id.
    pub(super) fn sort_key(&self, doc: u32) -> (String, &str, ContactId) {
        let name = self.doc(doc).name;
        let mut key = String::new();
        push_key(name, &mut Forms::default(), &mut key);
        (key, name, self.ids[doc as usize])
    }

    /// Contacts that can have `digits` in a number: all that have its rarest triples.
    pub(super) fn with_digits(&self, digits: &str) -> Vec<u32> {
        let steps = |triple: u16| {
            let triple = triple as usize;
            let end = *self.triples.ends.get(triple)? as usize;
            let start = triple.checked_sub(1).map_or(0, |before| self.triples.ends[before]);
            self.triples.steps.get(start as usize..end)
        };
        let mut lists = Vec::new();
        number::triples(digits, |triple| lists.extend(steps(triple)));
        lists.sort_by_key(|steps| steps.len());
        let mut lists = lists.into_iter().take(RAREST_TRIPLES);
        let mut docs: Vec<u32> = Steps::of(lists.next().unwrap_or_default()).collect();
        for list in lists {
            let mut others = Steps::of(list).peekable();
            docs.retain(|doc| {
                while others.next_if(|other| other < doc).is_some() {}
                others.peek() == Some(doc)
            });
        }
        docs
    }

    /// Bytes of memory in use.
    pub(super) fn memory(&self) -> usize {
        let shared = &self.shared;
        let strings = [&shared.organizations, &shared.roles, &shared.domains];
        size_of::<Self>()
            + self.ids.capacity() * size_of::<ContactId>()
            + self.docs.capacity()
            + self.doc_ends.capacity() * size_of::<u32>()
            + strings.iter().map(|s| s.memory()).sum::<usize>()
            + self.tables.iter().map(Table::memory).sum::<usize>()
            + self.triples.ends.capacity() * size_of::<u32>()
            + self.triples.steps.capacity()
    }
}

/// Appends the plain form of the words of `name`, one space between them.
pub(super) fn push_key(name: &str, forms: &mut Forms, key: &mut String) {
    words(name, Reading::Query, |range| {
        forms.fold(&name[range]);
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(forms.plain());
    });
}

/// Shared texts while they are collected, and the words of each.
#[derive(Clone, Debug, Default)]
struct SharedWords {
    texts: Interner,
    words: Vec<u32>,
    ends: Vec<u32>,
}

impl SharedWords {
    /// The place of `text`; its words go to the contact under way in `table`.
    fn add(
        &mut self,
        text: &str,
        reading: Reading,
        table: &mut TableBuilder,
        forms: &mut Forms,
    ) -> u32 {
        let (place, new) = self.texts.place(text);
        if new {
            fold_words(text, reading, forms, |word| self.words.push(table.word(word)));
            self.ends.push(self.words.len() as u32);
        }
        let end = self.ends[place as usize] as usize;
        let start = (place as usize).checked_sub(1).map_or(0, |before| self.ends[before]) as usize;
        self.words[start..end].iter().for_each(|word| table.add(*word));
        place
    }
}

fn fold_words(text: &str, reading: Reading, forms: &mut Forms, mut found: impl FnMut(&str)) {
    words(text, reading, |range| {
        forms.fold(&text[range]);
        if !forms.is_empty() {
            forms.each().for_each(&mut found);
        }
    });
}

/// Makes a segment of contacts that come in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct SegmentBuilder {
    ids: Vec<ContactId>,
    docs: Vec<u8>,
    doc_ends: Vec<u32>,
    keys: Strings,
    tables: [TableBuilder; 3],
    organizations: SharedWords,
    roles: SharedWords,
    domains: SharedWords,
    forms: Forms,
    key: String,
    entry_domains: Vec<u32>,
}

impl SegmentBuilder {
    /// Adds a contact. Nobody may be added twice.
    pub(super) fn add(&mut self, id: ContactId, entry: &Entry<'_>) {
        let Self { forms, tables: [names, organizations, others], .. } = self;
        for text in std::iter::once(entry.name).chain(entry.unshown.iter().copied()) {
            fold_words(text, Reading::Text, forms, |word| {
                let word = names.word(word);
                names.add(word);
            });
        }
        let organization = entry
            .organization
            .map(|text| self.organizations.add(text, Reading::Text, organizations, forms));
        let mut role =
            |text: Option<&str>| text.map(|t| self.roles.add(t, Reading::Text, others, forms));
        let places =
            Places { organization, department: role(entry.department), title: role(entry.title) };
        self.entry_domains.clear();
        for address in &entry.emails {
            let (local, domain) = entry::split_address(address);
            fold_words(local, Reading::Address, forms, |word| {
                let word = others.word(word);
                others.add(word);
            });
            let place = self.domains.add(domain, Reading::Address, others, forms);
            self.entry_domains.push(place);
        }
        for (written, _) in &entry.phones {
            let count = written.bytes().filter(u8::is_ascii_digit).count();
            if (1..=SHORT_NUMBER_DIGITS).contains(&count) {
                let word = others.word(&number::digits(written));
                others.add(word);
            }
        }
        self.tables.iter_mut().for_each(TableBuilder::end_contact);
        self.key.clear();
        push_key(entry.name, &mut self.forms, &mut self.key);
        self.keys.push(&self.key);
        entry::write(entry, places, &self.entry_domains, &mut self.docs);
        self.doc_ends.push(self.docs.len() as u32);
        self.ids.push(id);
    }

    /// The segment.
    pub(super) fn finish(self) -> Segment {
        let doc = |came: u32| {
            let start = (came as usize).checked_sub(1).map_or(0, |b| self.doc_ends[b]) as usize;
            &self.docs[start..self.doc_ends[came as usize] as usize]
        };
        let mut order: Vec<(u64, u32)> =
            (0..self.ids.len() as u32).map(|came| (leading(self.keys.get(came)), came)).collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| self.keys.get(a.1).cmp(self.keys.get(b.1)))
                .then_with(|| Doc::read(doc(a.1)).name.cmp(Doc::read(doc(b.1)).name))
                .then_with(|| self.ids[a.1 as usize].cmp(&self.ids[b.1 as usize]))
        });
        let order: Vec<u32> = order.into_iter().map(|(_, came)| came).collect();
        let mut docs = Vec::with_capacity(self.docs.len());
        let mut doc_ends = Vec::with_capacity(order.len());
        for came in &order {
            docs.extend_from_slice(doc(*came));
            doc_ends.push(docs.len() as u32);
        }
        let ids = order.iter().map(|came| self.ids[*came as usize]).collect();
        let mut segment = Segment {
            ids,
            docs,
            doc_ends,
            shared: Shared {
                organizations: self.organizations.texts.into_strings(),
                roles: self.roles.texts.into_strings(),
                domains: self.domains.texts.into_strings(),
            },
            tables: self.tables.map(|table| table.finish(&order)),
            triples: Triples::default(),
        };
        segment.triples = Triples::of(&segment);
        segment
    }
}

impl Triples {
    fn of(segment: &Segment) -> Self {
        let mut lists: Vec<(u32, Vec<u8>)> = vec![(0, Vec::new()); TRIPLES];
        let mut found: Vec<u16> = Vec::new();
        for doc in 0..segment.len() as u32 {
            found.clear();
            segment.doc(doc).first_phone(|_, written, e164| {
                number::triples(written, |triple| found.push(triple));
                // The same text where both have the same digits.
                if let Some(e164) = e164.filter(|e164| !std::ptr::eq(*e164, written)) {
                    number::triples(e164, |triple| found.push(triple));
                }
                None::<()>
            });
            found.sort_unstable();
            found.dedup();
            for triple in &found {
                let (last, steps) = &mut lists[*triple as usize];
                varint::write(doc - *last, steps);
                *last = doc;
            }
        }
        let mut all = Self::default();
        all.steps.reserve_exact(lists.iter().map(|(_, steps)| steps.len()).sum());
        all.ends.reserve_exact(TRIPLES);
        for (_, steps) in lists {
            all.steps.extend_from_slice(&steps);
            all.ends.push(all.steps.len() as u32);
        }
        all
    }
}
