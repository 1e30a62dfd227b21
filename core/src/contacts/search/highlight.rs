//! Which part of a contact a query matched.
use super::fold::matched_chars;
use super::number::{self, Digits};
use super::query::{Term, find_in_address, fold_address};
use super::segment::{SHORT_NUMBER_DIGITS, Segment};
use super::words::{Reading, words};

/// A field of a contact, called as in the answers of programs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The name as it is shown.
    Name,
    /// The organisation.
    Organization,
    /// The department.
    Department,
    /// The position.
    Title,
    /// One of the e-mail addresses.
    Emails,
    /// One of the phone numbers, as it is written.
    Phones,
}

/// A stretch of a field that a word of the query matched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, serde::Serialize)]
pub struct Match {
    /// The field.
    pub field: Field,
    /// Which of several e-mail addresses or phone numbers, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The first matched character: Unicode scalar values of the field's original text, from 0.
    pub start: usize,
    /// How many characters matched.
    pub length: usize,
}

impl Match {
    fn at(field: Field, index: Option<u32>, (start, length): (usize, usize)) -> Self {
        Self { field, index, start, length }
    }
}

/// What `terms` matched in a contact. Each word of the query counts in the first field that has
/// it, in the order of [`Field`]. Sorted, without overlaps.
pub(super) fn matches(segment: &Segment, doc: u32, terms: &[Term]) -> Vec<Match> {
    let mut found = Vec::new();
    terms.iter().for_each(|term| add_matches(segment, doc, term, &mut found));
    found.sort_unstable();
    found.dedup_by(|next, kept| {
        let same = next.field == kept.field && next.index == kept.index;
        let overlaps = same && next.start < kept.start + kept.length;
        if overlaps {
            let end = (next.start + next.length).max(kept.start + kept.length);
            kept.length = end - kept.start;
        }
        overlaps
    });
    found
}

fn add_matches(segment: &Segment, doc: u32, term: &Term, found: &mut Vec<Match>) {
    let doc = segment.doc(doc);
    let shared = segment.shared();
    let before = found.len();
    let (forms, digits) = match term {
        Term::Word { forms, digits } => (forms.as_slice(), digits.as_ref()),
        Term::Number(digits) => (&[][..], Some(digits)),
        Term::Address { text, .. } => {
            let emails = (0..).zip(doc.emails(shared));
            found.extend(emails.filter_map(|(index, email)| {
                Some(Match::at(Field::Emails, Some(index), address_range(&email, text)?))
            }));
            return;
        }
    };
    if !forms.is_empty() {
        let organization = doc.organization.map(|place| shared.organizations.get(place));
        let role = |place: Option<u32>| place.map(|place| shared.roles.get(place));
        let fields = [
            (Field::Name, Some(doc.name)),
            (Field::Organization, organization),
            (Field::Department, role(doc.department)),
            (Field::Title, role(doc.title)),
        ];
        for (field, text) in fields {
            let text = text.unwrap_or_default();
            word_ranges(text, Reading::Text, forms, |r| found.push(Match::at(field, None, r)));
            let unshown = || doc.unshown().iter().any(|part| has_word(part, forms));
            if found.len() > before || (field == Field::Name && unshown()) {
                return;
            }
        }
        for (index, email) in (0..).zip(doc.emails(shared)) {
            word_ranges(&email, Reading::Address, forms, |r| {
                found.push(Match::at(Field::Emails, Some(index), r));
            });
        }
        if found.len() > before {
            return;
        }
    }
    let short = forms.first().filter(|form| form.bytes().all(|b| b.is_ascii_digit()));
    let short = short.map(|form| Digits::part(form));
    doc.first_phone(|index, written, e164| {
        let shown = number::digits(written);
        let range = |digits| phone_range(written, &shown, e164, digits);
        let whole_short = short.as_ref().filter(|_| shown.len() <= SHORT_NUMBER_DIGITS);
        if let Some(range) = digits.and_then(range).or_else(|| whole_short.and_then(range)) {
            found.push(Match::at(Field::Phones, Some(index), range));
        }
        None::<()>
    });
}

fn phone_range(
    written: &str,
    digits_written: &str,
    e164: Option<&str>,
    digits: &Digits,
) -> Option<(usize, usize)> {
    let e164 = e164.map(number::digits);
    let found = digits.find(digits_written, e164.as_deref())?;
    Some(number::found_chars(written, found))
}

fn has_word(text: &str, forms: &[String]) -> bool {
    let mut has = false;
    word_ranges(text, Reading::Text, forms, |_| has = true);
    has
}

/// The beginnings of words of `text` that `forms` match, as (start, length) in characters.
fn word_ranges(
    text: &str,
    reading: Reading,
    forms: &[String],
    mut found: impl FnMut((usize, usize)),
) {
    let ascii = text.is_ascii();
    words(text, reading, |range| {
        let word = &text[range.clone()];
        let length = forms.iter().filter_map(|form| match_length(word, ascii, form)).max();
        if let Some(length) = length {
            let start = if ascii { range.start } else { text[..range.start].chars().count() };
            found((start, length));
        }
    });
}

fn match_length(word: &str, ascii: bool, form: &str) -> Option<usize> {
    let begins =
        |w: &[u8]| w.get(..form.len()).is_some_and(|w| w.eq_ignore_ascii_case(form.as_bytes()));
    if ascii && begins(word.as_bytes()) {
        return Some(form.len());
    }
    // Nothing in the word that is written in more than one way.
    let simple = ascii && word.bytes().all(|b| b.is_ascii_alphanumeric()) && !has_pair(word);
    if simple { None } else { matched_chars(word, form) }
}

/// Whether two vowels stand side by side that can be one letter, whatever stands around them.
fn has_pair(word: &str) -> bool {
    word.as_bytes().windows(2).any(|w| {
        matches!(w[1] | 0x20, b'e' if matches!(w[0] | 0x20, b'a' | b'o' | b'u'))
            || (w[0] | 0x20, w[1] | 0x20) == (b'a', b'a')
    })
}

fn address_range(email: &str, text: &str) -> Option<(usize, usize)> {
    let folded = fold_address(email);
    let (at, _) = find_in_address(&folded, text)?;
    if email.is_ascii() {
        return Some((at, text.len()));
    }
    // Letter by letter, because folding can change lengths.
    let chars = |bytes: usize| {
        let ends = email.char_indices().map(|(start, c)| start + c.len_utf8());
        ends.take_while(|end| fold_address(&email[..*end]).len() <= bytes).count()
    };
    let start = chars(at);
    let end = chars((at + text.len()).min(folded.len()));
    Some((start, end.saturating_sub(start)))
}
