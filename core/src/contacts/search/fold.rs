//! One form for all the ways a word is written: case, accents, and the letters that Germans, Nordic
//! people and Poles write differently where a keyboard lacks them.
//!
//! A word has up to three forms. A word of a query is found in a word of a text when one of its
//! forms begins one of the other's forms.
//!
//! | form | Müller | Mueller | Muller | Ærø | Strauß | Ångström |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | plain: marks off | muller | mueller | muller | aero | strauss | angstrom |
//! | spelled: marks written out | mueller | | | aeroe | | aangstroem |
//! | reduced: `ae oe ue aa` to one letter | | muller | | aro | | |
//!
//! Only what differs from the plain form is kept. The plain form maps letter by letter, so every
//! beginning of a word folds to a beginning of the folded word. Reducing leaves a pair alone at the
//! end of the word ("joe" must not find every Johan) and behind a vowel or q ("Bauer" is not
//! "Baur").
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::words::is_apostrophe;

/// The forms of one word; reused from word to word, because an index folds millions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Forms {
    plain: String,
    spelled: String,
    reduced: String,
    has_spelled: bool,
    has_reduced: bool,
}

/// A letter that has no decomposition, its plain form, and how it is spelled where it is missing.
const LETTERS: [(char, &str, &str); 14] = [
    ('ß', "ss", "ss"),
    ('æ', "ae", "ae"),
    ('œ', "oe", "oe"),
    ('ø', "o", "oe"),
    ('ł', "l", "l"),
    ('đ', "d", "dj"),
    ('ð', "d", "d"),
    ('þ', "th", "th"),
    ('ħ', "h", "h"),
    ('ŧ', "t", "t"),
    ('ŋ', "n", "ng"),
    ('ı', "i", "i"),
    ('ĸ', "k", "k"),
    ('ς', "σ", "σ"),
];

const DIAERESIS: char = '\u{308}';
const DOUBLE_ACUTE: char = '\u{30B}';
const RING: char = '\u{30A}';

impl Forms {
    /// The forms of `word`. Signs that are neither letters nor digits are left out, so that
    /// `O'Brien` folds to `obrien`.
    pub(crate) fn of(word: &str) -> Self {
        let mut forms = Self::default();
        forms.fold(word);
        forms
    }

    /// As [`Forms::of`], without new memory.
    pub(crate) fn fold(&mut self, word: &str) {
        self.plain.clear();
        self.spelled.clear();
        self.has_spelled = false;
        if word.is_ascii() {
            let letters = word.bytes().filter(u8::is_ascii_alphanumeric);
            self.plain.extend(letters.map(|b| char::from(b.to_ascii_lowercase())));
        } else {
            word.chars().for_each(|c| self.push(c));
        }
        self.reduce();
    }

    /// Whether nothing is left of the word.
    pub(crate) fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// The plain form.
    pub(crate) fn plain(&self) -> &str {
        &self.plain
    }

    /// All forms that differ.
    pub(crate) fn each(&self) -> impl Iterator<Item = &str> {
        let spelled = self.has_spelled.then_some(self.spelled.as_str());
        let reduced = self.has_reduced.then_some(self.reduced.as_str());
        let reduced = reduced.filter(|r| spelled != Some(r));
        std::iter::once(self.plain.as_str()).chain(spelled).chain(reduced)
    }

    /// Adds one character of the text to the plain and the spelled form.
    fn push(&mut self, c: char) {
        decompose_compatible(c, |part| {
            for lower in part.to_lowercase() {
                // Lower-casing can decompose once more (İ).
                if canonical_combining_class(lower) != 0 {
                    self.mark(lower);
                } else if lower.is_alphanumeric() && !is_apostrophe(lower) {
                    self.letter(lower);
                }
            }
        });
    }

    fn letter(&mut self, letter: char) {
        match LETTERS.iter().find(|row| !letter.is_ascii() && row.0 == letter) {
            Some((_, plain, spelled)) => {
                if plain != spelled {
                    self.start_spelling();
                }
                self.plain.push_str(plain);
                if self.has_spelled {
                    self.spelled.push_str(spelled);
                }
            }
            None => {
                self.plain.push(letter);
                if self.has_spelled {
                    self.spelled.push(letter);
                }
            }
        }
    }

    fn mark(&mut self, mark: char) {
        let written = match (self.plain.as_bytes().last(), mark) {
            (Some(b'a' | b'o' | b'u'), DIAERESIS) | (Some(b'o' | b'u'), DOUBLE_ACUTE) => 'e',
            (Some(b'a'), RING) => 'a',
            _ => return,
        };
        self.start_spelling();
        self.spelled.push(written);
    }

    /// Up to here both forms were the same.
    fn start_spelling(&mut self) {
        if !self.has_spelled {
            self.has_spelled = true;
            self.spelled.push_str(&self.plain);
        }
    }

    fn reduce(&mut self) {
        self.has_reduced = false;
        let bytes = self.plain.as_bytes();
        let mut from = 0;
        for at in 0..bytes.len().saturating_sub(2) {
            let pair = matches!(&bytes[at..at + 2], b"ae" | b"oe" | b"ue" | b"aa");
            let behind_vowel = at > 0 && b"aeiouyq".contains(&bytes[at - 1]);
            if pair && !behind_vowel {
                if !self.has_reduced {
                    self.has_reduced = true;
                    self.reduced.clear();
                }
                self.reduced.push_str(&self.plain[from..=at]);
                from = at + 2;
            }
        }
        if self.has_reduced {
            self.reduced.push_str(&self.plain[from..]);
        }
    }
}

/// How many characters of `word` it takes until one of its forms begins with `start`; `None` if
/// none does. Marks that stand behind the last letter count with it.
pub(crate) fn matched_chars(word: &str, start: &str) -> Option<usize> {
    if !Forms::of(word).each().any(|form| form.starts_with(start)) {
        return None;
    }
    let total = word.chars().count();
    // The shortest beginning of the word that already folds to it.
    let mut length = 0;
    let mut part = Forms::default();
    for end in word.char_indices().map(|(at, c)| at + c.len_utf8()) {
        length += 1;
        part.fold(&word[..end]);
        if part.each().any(|form| form.starts_with(start)) {
            break;
        }
    }
    let marks = word.chars().skip(length).take_while(|c| canonical_combining_class(*c) != 0);
    Some((length + marks.count()).min(total))
}
