//! Words in order, and the contacts that have them: the contacts of all words with one beginning
//! stand side by side.
use super::intern::{Interner, Strings};

/// The words of one class (names, organisations, the rest).
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    words: Strings,
    /// Where the contacts of each word end.
    ends: Vec<u32>,
    /// Contacts, ascending within a word.
    docs: Vec<u32>,
}

/// The contacts of words with one beginning.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hits<'a> {
    /// Of the word that is nothing but the beginning.
    pub(super) whole: &'a [u32],
    /// Of all of them. A contact can come several times.
    pub(super) all: &'a [u32],
}

impl Table {
    /// The contacts that have a word with this beginning.
    pub(super) fn find(&self, start: &str) -> Hits<'_> {
        let from = self.words.lower_bound(start);
        let to = self.words.end_of_prefix(from, start);
        let is_whole = from < to && self.words.get(from).len() == start.len();
        let whole = if is_whole { from + 1 } else { from };
        Hits { whole: self.docs_of(from, whole), all: self.docs_of(from, to) }
    }

    fn docs_of(&self, from: u32, to: u32) -> &[u32] {
        let at = |word: u32| match word.checked_sub(1) {
            Some(before) => self.ends[before as usize] as usize,
            None => 0,
        };
        &self.docs[at(from)..at(to)]
    }

    /// Bytes of memory in use.
    pub(super) fn memory(&self) -> usize {
        self.words.memory() + (self.ends.capacity() + self.docs.capacity()) * size_of::<u32>()
    }
}

/// Collects the words of contacts that come in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct TableBuilder {
    words: Interner,
    /// Words of all contacts, one contact behind the other.
    found: Vec<u32>,
    /// Where the words of each contact end.
    ends: Vec<u32>,
}

impl TableBuilder {
    /// The number of a word here.
    pub(super) fn word(&mut self, word: &str) -> u32 {
        self.words.place(word).0
    }

    /// Adds a word, by its number, to the contact that is under way.
    pub(super) fn add(&mut self, word: u32) {
        self.found.push(word);
    }

    /// Ends the contact that is under way.
    pub(super) fn end_contact(&mut self) {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        self.found[start..].sort_unstable();
        let mut kept = start;
        for at in start..self.found.len() {
            if at == start || self.found[at] != self.found[kept - 1] {
                self.found[kept] = self.found[at];
                kept += 1;
            }
        }
        self.found.truncate(kept);
        self.ends.push(kept as u32);
    }

    /// The table, with contacts numbered by their place in `order` (a list of all contacts by the
    /// order in which they came).
    pub(super) fn finish(self, order: &[u32]) -> Table {
        let Self { words, found, ends } = self;
        let (ranks, sorted) = sort(&words);
        drop(words);
        let mut starts = vec![0u32; sorted.len() + 1];
        for word in &found {
            starts[ranks[*word as usize] as usize + 1] += 1;
        }
        for rank in 0..sorted.len() {
            starts[rank + 1] += starts[rank];
        }
        let mut docs = vec![0; found.len()];
        for (doc, came) in order.iter().enumerate() {
            let came = *came as usize;
            let from = came.checked_sub(1).map_or(0, |before| ends[before]);
            for word in &found[from as usize..ends[came] as usize] {
                let next = &mut starts[ranks[*word as usize] as usize];
                docs[*next as usize] = doc as u32;
                *next += 1;
            }
        }
        // Each start has moved to its word's end.
        starts.truncate(sorted.len());
        starts.shrink_to_fit();
        Table { words: sorted, ends: starts, docs }
    }
}

/// Each word's rank, and the words in order.
fn sort(words: &Interner) -> (Vec<u32>, Strings) {
    let strings = words.strings();
    let mut order: Vec<(u64, u32)> =
        (0..strings.len() as u32).map(|place| (leading(strings.get(place)), place)).collect();
    order.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| strings.get(a.1).cmp(strings.get(b.1)))
    });
    let mut ranks = vec![0; strings.len()];
    let mut sorted = Strings::default();
    for (_, place) in order {
        ranks[place as usize] = sorted.push(strings.get(place));
    }
    sorted.shrink();
    (ranks, sorted)
}

/// The first eight bytes as a number that sorts as they do.
pub(super) fn leading(text: &str) -> u64 {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text.as_bytes()[..length]);
    u64::from_be_bytes(first)
}
