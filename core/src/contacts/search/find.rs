//! The best contacts of a segment for a query.
use std::cell::OnceCell;

use super::entry::Doc;
use super::number::{self, Digits};
use super::query::{self, Term};
use super::segment::{Class, Segment};

/// How well a contact fits, better first: over all words of the query the sum of
///
/// | | whole word | beginning |
/// | --- | --- | --- |
/// | in the name | 0 | 1 |
/// | in the organisation | 2 | 3 |
/// | in department, position, e-mail, number | 4 | 5 |
pub(super) type Rank = u8;

const TIERS: Rank = 6;
const LAST_TIER: Rank = TIERS - 1;
const NOT_FOUND: Rank = Rank::MAX;

/// The contacts of a segment that were taken out of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Deleted {
    bits: Vec<u64>,
    count: usize,
}

impl Deleted {
    /// Whether a contact was taken out.
    pub(super) fn contains(&self, doc: u32) -> bool {
        self.count > 0
            && self.bits.get(doc as usize / 64).is_some_and(|bits| bits >> (doc % 64) & 1 == 1)
    }

    /// Takes a contact out.
    pub(super) fn insert(&mut self, doc: u32) {
        let place = doc as usize / 64;
        if self.bits.len() <= place {
            self.bits.resize(place + 1, 0);
        }
        if !self.contains(doc) {
            self.bits[place] |= 1 << (doc % 64);
            self.count += 1;
        }
    }

    /// How many were taken out.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Bytes of memory in use.
    pub(super) fn memory(&self) -> usize {
        self.bits.capacity() * size_of::<u64>()
    }
}

/// The `limit` best contacts that fit all `terms`, best first.
pub(super) fn best(
    segment: &Segment,
    deleted: &Deleted,
    terms: &[Term],
    limit: usize,
) -> Vec<(Rank, u32)> {
    let search = Search { segment, deleted };
    match terms {
        [] => Vec::new(),
        [term] => search.one(term, limit),
        terms => search.several(terms, limit),
    }
}

struct Search<'a> {
    segment: &'a Segment,
    deleted: &'a Deleted,
}

/// Contacts by tier. Those of a tier can be among those of the next, too.
type Slices<'a> = [Vec<&'a [u32]>; TIERS as usize];

impl<'a> Search<'a> {
    fn slices(&self, term: &Term) -> Slices<'a> {
        let mut slices = Slices::default();
        let Term::Word { forms, .. } = term else { return slices };
        for (class, tiers) in Class::ALL.into_iter().zip(slices.chunks_exact_mut(2)) {
            for form in forms {
                let hits = self.segment.table(class).find(form);
                tiers[0].push(hits.whole);
                tiers[1].push(hits.all);
            }
        }
        slices
    }

    /// Tier by tier, the first in alphabetical order; stops as soon as there are enough.
    fn one(&self, term: &Term, limit: usize) -> Vec<(Rank, u32)> {
        let mut slices = self.slices(term);
        let mut ranked: Vec<(Rank, u32)> = Vec::new();
        let mut taken: Vec<u32> = Vec::new();
        let looked_up = OnceCell::new();
        for tier in 0..TIERS {
            let slices = &mut slices[tier as usize];
            if tier == LAST_TIER && ranked.len() < limit {
                slices.push(looked_up.get_or_init(|| self.looked_up(term, limit)));
            }
            let found = self.first(slices, limit - ranked.len(), &taken);
            ranked.extend(found.iter().map(|doc| (tier, *doc)));
            taken.extend(found);
            taken.sort_unstable();
            if ranked.len() >= limit {
                break;
            }
        }
        ranked
    }

    /// The `count` smallest of `slices`, each once, without deleted and `taken` ones.
    fn first(&self, slices: &[&[u32]], count: usize, taken: &[u32]) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let room = (count * 4).max(64);
        let mut below = u32::MAX;
        for doc in slices.iter().flat_map(|slice| slice.iter().copied()) {
            if doc >= below || self.deleted.contains(doc) || taken.binary_search(&doc).is_ok() {
                continue;
            }
            found.push(doc);
            if found.len() >= room {
                keep_first(&mut found, count);
                if found.len() == count {
                    below = found.last().copied().unwrap_or(0);
                }
            }
        }
        keep_first(&mut found, count);
        found
    }

    /// The first contacts that fit a term that has to be looked at in each contact.
    fn looked_up(&self, term: &Term, count: usize) -> Vec<u32> {
        let fits = |doc: &u32| !self.deleted.contains(*doc) && self.fits(term, *doc);
        self.candidates(term).into_iter().filter(fits).take(count).collect()
    }

    /// Contacts that can fit a number or an address, ascending.
    fn candidates(&self, term: &Term) -> Vec<u32> {
        let mut docs = Vec::new();
        match term {
            Term::Word { digits: Some(digits), .. } | Term::Number(digits) => {
                let readings = digits.readings();
                docs.extend(readings.flat_map(|reading| self.segment.with_digits(reading)));
            }
            Term::Address { words, .. } => {
                let table = self.segment.table(Class::Other);
                let found = |forms: &Vec<String>| -> Vec<&[u32]> {
                    forms.iter().map(|form| table.find(form).all).collect()
                };
                // The domain is everybody's; what stands before the `@` tells people apart.
                let rarest = words
                    .iter()
                    .map(found)
                    .min_by_key(|s| s.iter().map(|s| s.len()).sum::<usize>());
                docs.extend(rarest.into_iter().flatten().flatten());
            }
            Term::Word { digits: None, .. } => {}
        }
        docs.sort_unstable();
        docs.dedup();
        docs
    }

    /// Whether a number or an address of the contact fits.
    fn fits(&self, term: &Term, doc: u32) -> bool {
        let doc = self.segment.doc(doc);
        match term {
            Term::Word { digits: Some(digits), .. } | Term::Number(digits) => {
                has_number(&doc, digits)
            }
            Term::Address { text, .. } => {
                let emails = doc.emails(self.segment.shared());
                let mut folded = emails.iter().map(|e| query::fold_address(e));
                folded.any(|e| query::find_in_address(&e, text).is_some())
            }
            Term::Word { digits: None, .. } => false,
        }
    }

    /// All terms at once: words by their lists, and what has to be looked at in each contact last.
    fn several(&self, terms: &[Term], limit: usize) -> Vec<(Rank, u32)> {
        let is_plain = |term: &&Term| matches!(term, Term::Word { digits: None, .. });
        let mut plain: Vec<Slices<'_>> =
            terms.iter().filter(is_plain).map(|term| self.slices(term)).collect();
        plain.sort_by_key(|slices| slices.iter().flatten().map(|s| s.len()).sum::<usize>());
        let others: Vec<&Term> = terms.iter().filter(|term| !is_plain(term)).collect();

        let mut found: Vec<(Rank, u32)> = match plain.split_first() {
            Some((rarest, more)) => {
                let (tiers, docs) = self.tiers(rarest);
                let mut found: Vec<_> =
                    docs.into_iter().map(|doc| (tiers[doc as usize], doc)).collect();
                for slices in more {
                    if found.is_empty() {
                        break;
                    }
                    let (tiers, _) = self.tiers(slices);
                    add_tiers(&mut found, |doc| tiers[doc as usize]);
                }
                found
            }
            None => {
                let Some(first) = others.first() else { return Vec::new() };
                let mut docs = self.candidates(first);
                docs.extend(self.tiers(&self.slices(first)).1);
                docs.sort_unstable();
                docs.dedup();
                docs.into_iter().map(|doc| (0, doc)).collect()
            }
        };
        found.retain(|(_, doc)| !self.deleted.contains(*doc));
        for term in others {
            let (tiers, _) = self.tiers(&self.slices(term));
            add_tiers(&mut found, |doc| match tiers[doc as usize] {
                NOT_FOUND if self.fits(term, doc) => LAST_TIER,
                tier => tier,
            });
        }
        if found.len() > limit {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        found
    }

    /// The best tier of every contact, and the contacts that have one.
    fn tiers(&self, slices: &Slices<'_>) -> (Vec<Rank>, Vec<u32>) {
        let mut tiers = vec![NOT_FOUND; self.segment.len()];
        let mut docs = Vec::new();
        for (tier, slices) in (0..).zip(slices) {
            for doc in slices.iter().flat_map(|slice| slice.iter().copied()) {
                let best = &mut tiers[doc as usize];
                if *best == NOT_FOUND {
                    *best = tier;
                    docs.push(doc);
                }
            }
        }
        (tiers, docs)
    }
}

fn add_tiers(found: &mut Vec<(Rank, u32)>, tier: impl Fn(u32) -> Rank) {
    found.retain_mut(|(rank, doc)| match tier(*doc) {
        NOT_FOUND => false,
        tier => {
            *rank += tier;
            true
        }
    });
}

fn keep_first(docs: &mut Vec<u32>, count: usize) {
    docs.sort_unstable();
    docs.dedup();
    docs.truncate(count);
}

fn has_number(doc: &Doc<'_>, digits: &Digits) -> bool {
    let fits = |_, written: &str, e164: Option<&str>| {
        let e164 = e164.map(number::digits);
        digits.find(&number::digits(written), e164.as_deref()).map(|_| ())
    };
    doc.first_phone(fits).is_some()
}
