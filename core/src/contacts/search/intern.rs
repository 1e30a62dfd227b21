//! Texts kept once each in one piece of memory, found again by a small hash table.

/// Texts, one behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings {
    bytes: String,
    ends: Vec<u32>,
}

impl Strings {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text at `place`; empty past the end.
    pub(super) fn get(&self, place: u32) -> &str {
        let place = place as usize;
        let Some(end) = self.ends.get(place) else { return "" };
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..*end as usize]
    }

    /// Appends `text` and answers its place.
    pub(super) fn push(&mut self, text: &str) -> u32 {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        (self.ends.len() - 1) as u32
    }

    /// Gives back memory that was kept for more.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Bytes of memory in use.
    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>()
    }

    /// The first place whose text is not below `text`, in texts that are sorted.
    pub(super) fn lower_bound(&self, text: &str) -> u32 {
        self.partition(0, |other| other < text)
    }

    /// The first place from `from` on whose text does not begin with `start`, in sorted texts.
    pub(super) fn end_of_prefix(&self, from: u32, start: &str) -> u32 {
        self.partition(from, |other| other.starts_with(start))
    }

    fn partition(&self, from: u32, goes_before: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (from, self.len() as u32);
        while low < high {
            let middle = low + (high - low) / 2;
            match goes_before(self.get(middle)) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }
}

/// Gives equal texts the same place. Open addressing with an own hash: the standard library's maps
/// are either slower here or differ from process to process.
#[derive(Clone, Debug, Default)]
pub(super) struct Interner {
    strings: Strings,
    /// The length is a power of two.
    slots: Vec<Slot>,
}

/// A place in the hash table; the hash saves most comparisons of texts.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// Place + 1; 0 is free.
    taken: u32,
}

impl Interner {
    /// The place of `text`, and whether it is new.
    pub(super) fn place(&mut self, text: &str) -> (u32, bool) {
        if (self.strings.len() + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.taken == 0 {
                let place = self.strings.push(text);
                self.slots[at] = Slot { hash, taken: place + 1 };
                return (place, true);
            }
            if slot.hash == hash && self.strings.get(slot.taken - 1) == text {
                return (slot.taken - 1, false);
            }
            at = (at + 1) & mask;
        }
    }

    /// The texts.
    pub(super) fn strings(&self) -> &Strings {
        &self.strings
    }

    /// The texts, without what finds them.
    pub(super) fn into_strings(mut self) -> Strings {
        self.strings.shrink();
        self.strings
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(64);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); length]);
        for slot in old.into_iter().filter(|slot| slot.taken != 0) {
            let mut at = slot.hash as usize & (length - 1);
            while self.slots[at].taken != 0 {
                at = (at + 1) & (length - 1);
            }
            self.slots[at] = slot;
        }
    }
}

/// Multiplies and rotates eight bytes at a time; the same in every process.
fn hash(text: &str) -> u32 {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut chunks = text.as_bytes().chunks_exact(8);
    let mut state = text.len() as u64;
    for chunk in chunks.by_ref() {
        let word = chunk.iter().fold(0, |n, b| n << 8 | u64::from(*b));
        state = (state ^ word).wrapping_mul(PRIME).rotate_left(29);
    }
    for byte in chunks.remainder() {
        state = (state ^ u64::from(*byte)).wrapping_mul(PRIME).rotate_left(29);
    }
    ((state ^ state >> 32).wrapping_mul(PRIME) >> 32) as u32
}
