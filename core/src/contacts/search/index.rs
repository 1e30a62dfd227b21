//! The index as a whole: segments that never change, and which of their contacts were taken out.
//!
//! A change makes a new [`Index`] that shares all unchanged segments with the old one. Whoever
//! searches keeps the one they began with, so nobody waits and nobody sees half a change. Small
//! segments are merged as they add up, large ones left alone, so that no change takes long.
use std::collections::BTreeSet;
use std::sync::Arc;

use super::ContactId;
use super::entry::Entry;
use super::find::{self, Deleted, Rank};
use super::highlight::{self, Match};
use super::query;
use super::segment::{Segment, SegmentBuilder};
use crate::contacts::record::ContactRecord;
use crate::limits;

/// A contact that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Which contact.
    pub id: ContactId,
    /// The name as it is shown.
    pub name: String,
    /// The organisation.
    pub organization: Option<String>,
    /// The position.
    pub title: Option<String>,
    /// What the query matched.
    pub matched: Vec<Match>,
}

/// Contacts that can be searched as one types.
///
/// Every word of a query has to be the beginning of a word in the name, the organisation, the
/// department, the position or an e-mail address, or three digits and more of a number.
#[derive(Clone, Debug, Default)]
pub struct Index {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    segment: Arc<Segment>,
    deleted: Arc<Deleted>,
}

impl Part {
    fn alive(&self) -> usize {
        self.segment.len() - self.deleted.len()
    }
}

/// What became of a contact.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which contact.
    pub id: ContactId,
    /// Its record; `None` when it is gone.
    pub record: Option<ContactRecord>,
}

/// Makes an [`Index`] of contacts in any order.
#[derive(Debug, Default)]
pub struct IndexBuilder {
    segment: SegmentBuilder,
}

impl IndexBuilder {
    /// Adds a contact; each only once.
    pub fn add(&mut self, id: ContactId, record: &ContactRecord) {
        self.segment.add(id, &Entry::of(record));
    }

    /// The index.
    pub fn finish(self) -> Index {
        let segment = Arc::new(self.segment.finish());
        let part = Part { segment, deleted: Arc::default() };
        Index { parts: Vec::from_iter((part.alive() > 0).then_some(part)) }
    }
}

impl Index {
    /// How many contacts there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(Part::alive).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory in use.
    pub fn memory(&self) -> usize {
        let part = |part: &Part| part.segment.memory() + part.deleted.memory();
        self.parts.iter().map(part).sum()
    }

    /// The index after `changes`. Of several changes of one contact the last counts.
    #[must_use]
    pub fn changed(&self, changes: &[Change]) -> Self {
        let ids: BTreeSet<ContactId> = changes.iter().map(|change| change.id).collect();
        let mut parts = self.parts.clone();
        for part in &mut parts {
            let taken_out: Vec<u32> = (0..)
                .zip(part.segment.ids())
                .filter(|(doc, id)| ids.contains(id) && !part.deleted.contains(*doc))
                .map(|(doc, _)| doc)
                .collect();
            if !taken_out.is_empty() {
                let deleted = Arc::make_mut(&mut part.deleted);
                taken_out.into_iter().for_each(|doc| deleted.insert(doc));
            }
        }
        let mut added = SegmentBuilder::default();
        let mut seen = BTreeSet::new();
        for change in changes.iter().rev().filter(|change| seen.insert(change.id)) {
            if let Some(record) = &change.record {
                added.add(change.id, &Entry::of(record));
            }
        }
        let segment = Arc::new(added.finish());
        parts.push(Part { segment, deleted: Arc::default() });
        parts.retain(|part| part.alive() > 0);
        merge_small(&mut parts);
        Self { parts }
    }

    /// The best contacts for what was typed, at most [`limits::SEARCH_RESULTS`]; see
    /// [`Index::search_first`].
    pub fn search(&self, typed: &str) -> Vec<Found> {
        self.search_first(typed, limits::SEARCH_RESULTS)
    }

    /// The `limit` best contacts for what was typed: those where words are in the name before those
    /// where they are in the organisation and before the rest, whole words before beginnings, and
    /// then by name. The same index and query always give the same answer.
    pub fn search_first(&self, typed: &str, limit: usize) -> Vec<Found> {
        for terms in query::readings(typed) {
            let best = self.best(&terms, limit);
            if !best.is_empty() {
                let found = best.into_iter();
                return found.map(|(part, doc)| self.found(part, doc, &terms)).collect();
            }
        }
        Vec::new()
    }

    /// All contacts by name, from the `offset`th on, at most `limit`.
    pub fn by_name(&self, limit: usize, offset: usize) -> Vec<ContactId> {
        let alive = |part: &Part| {
            let docs = 0..part.segment.len() as u32;
            let deleted = part.deleted.clone();
            docs.filter(move |doc| !deleted.contains(*doc)).map(|doc| (0, doc)).collect()
        };
        let lists = self.parts.iter().map(alive).collect();
        let merged = self.merge(lists, limit.saturating_add(offset));
        let ids = merged.into_iter().skip(offset);
        ids.map(|(part, doc)| self.parts[part].segment.ids()[doc as usize]).collect()
    }

    /// Part and place of the best contacts.
    fn best(&self, terms: &[query::Term], limit: usize) -> Vec<(usize, u32)> {
        let best = |part: &Part| find::best(&part.segment, &part.deleted, terms, limit);
        let lists = self.parts.iter().map(best).collect();
        self.merge(lists, limit)
    }

    /// Lists of all parts, each by rank and name, as one.
    fn merge(&self, lists: Vec<Vec<(Rank, u32)>>, limit: usize) -> Vec<(usize, u32)> {
        let mut filled = lists.iter().filter(|list| !list.is_empty());
        if let (Some(_), None) = (filled.next(), filled.next()) {
            let one = |(part, list): (usize, Vec<(Rank, u32)>)| {
                list.into_iter().take(limit).map(move |(_, doc)| (part, doc))
            };
            return lists.into_iter().enumerate().flat_map(one).collect();
        }
        let mut rests: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
        let mut heads = BTreeSet::new();
        let mut merged = Vec::new();
        let mut refill: Vec<usize> = (0..rests.len()).collect();
        while merged.len() < limit {
            for part in refill.drain(..) {
                if let Some((rank, doc)) = rests[part].next() {
                    heads.insert((rank, self.parts[part].segment.sort_key(doc), part, doc));
                }
            }
            let Some((_, _, part, doc)) = heads.pop_first() else { break };
            merged.push((part, doc));
            refill.push(part);
        }
        merged
    }

    fn found(&self, part: usize, doc: u32, terms: &[query::Term]) -> Found {
        let segment = &self.parts[part].segment;
        let texts = segment.doc(doc);
        let shared = segment.shared();
        Found {
            id: segment.ids()[doc as usize],
            name: texts.name.to_owned(),
            organization: texts.organization.map(|p| shared.organizations.get(p).to_owned()),
            title: texts.title.map(|p| shared.roles.get(p).to_owned()),
            matched: highlight::matches(segment, doc, terms),
        }
    }
}

/// Merges the last parts while the last is at least half as large as the one before it and both
/// together are not too large to be merged between two batches of a sync.
fn merge_small(parts: &mut Vec<Part>) {
    while let [.., before, last] = parts.as_slice() {
        let both = before.alive() + last.alive();
        if last.alive() * 2 < before.alive() || both > limits::SEARCH_MERGE_CONTACTS {
            return;
        }
        let mut merged = SegmentBuilder::default();
        for part in [before, last] {
            for (doc, id) in (0..).zip(part.segment.ids()) {
                if !part.deleted.contains(doc) {
                    add_again(&part.segment, doc, *id, &mut merged);
                }
            }
        }
        let segment = Arc::new(merged.finish());
        parts.truncate(parts.len() - 2);
        parts.push(Part { segment, deleted: Arc::default() });
    }
}

/// Adds a contact of a segment to another that is being made.
fn add_again(segment: &Segment, doc: u32, id: ContactId, to: &mut SegmentBuilder) {
    let shared = segment.shared();
    let texts = segment.doc(doc);
    let emails = texts.emails(shared);
    let mut phones = Vec::new();
    texts.first_phone(|_, written, e164| {
        phones.push((written.to_owned(), e164.map(str::to_owned)));
        None::<()>
    });
    let role = |place: Option<u32>| place.map(|p| shared.roles.get(p));
    let entry = Entry {
        name: texts.name,
        unshown: texts.unshown(),
        organization: texts.organization.map(|p| shared.organizations.get(p)),
        department: role(texts.department),
        title: role(texts.title),
        emails: emails.iter().map(String::as_str).collect(),
        phones: phones.iter().map(|(w, e)| (w.as_str(), e.as_deref())).collect(),
    };
    to.add(id, &entry);
}
