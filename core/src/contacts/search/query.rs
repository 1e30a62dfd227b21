//! What was typed, taken apart.
use super::fold::Forms;
use super::number::Digits;
use super::words::{Reading, words};
use crate::limits;

/// One thing that a contact has to have.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// A word that begins like this.
    Word {
        /// The folded forms.
        forms: Vec<String>,
        /// The word read as a part of a number.
        digits: Option<Digits>,
    },
    /// An address with this beginning, or this domain: something with `@`.
    Address {
        /// Folded, with all signs.
        text: String,
        /// Its words, each in its folded forms.
        words: Vec<Vec<String>>,
    },
    /// A number with these digits; the whole query is one.
    Number(Digits),
}

/// Ways to read what was typed; the first that finds anything counts.
pub(super) fn readings(typed: &str) -> Vec<Vec<Term>> {
    let typed = beginning(typed);
    let terms = terms(typed);
    let mut readings = Vec::new();
    if typed.split_whitespace().nth(1).is_some()
        && let Some(digits) = Digits::of(typed)
    {
        readings.push(vec![Term::Number(digits)]);
    }
    if !terms.is_empty() {
        readings.push(terms);
    }
    readings
}

/// Enough of a pasted text to know that nobody has it.
fn beginning(typed: &str) -> &str {
    let end =
        typed.char_indices().nth(limits::SEARCH_QUERY_CHARS).map_or(typed.len(), |(at, _)| at);
    &typed[..end]
}

fn terms(typed: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for part in typed.split_whitespace() {
        if let Some(digits) = Digits::of(part) {
            let forms = match Forms::of(part) {
                // "4711" can be a word; "+49" and "030/12" are numbers and nothing else.
                forms if forms.plain().len() == part.len() => to_strings(&forms),
                _ => Vec::new(),
            };
            terms.push(if forms.is_empty() {
                Term::Number(digits)
            } else {
                Term::Word { forms, digits: Some(digits) }
            });
            continue;
        }
        let mut found = Vec::new();
        words(part, Reading::Query, |range| {
            let forms = Forms::of(&part[range]);
            if !forms.is_empty() {
                found.push(to_strings(&forms));
            }
        });
        if part.contains('@') {
            if !found.is_empty() {
                terms.push(Term::Address { text: fold_address(part), words: found });
            }
            continue;
        }
        terms.extend(found.into_iter().map(|forms| Term::Word { forms, digits: None }));
    }
    terms.truncate(limits::SEARCH_WORDS);
    terms
}

fn to_strings(forms: &Forms) -> Vec<String> {
    forms.each().map(str::to_owned).collect()
}

/// An address as it is compared: letters and digits folded to their plain form, signs as they are.
pub(super) fn fold_address(address: &str) -> String {
    let mut folded = String::with_capacity(address.len());
    let mut end = 0;
    let mut forms = Forms::default();
    words(address, Reading::Address, |range| {
        folded.push_str(&address[end..range.start]);
        forms.fold(&address[range.clone()]);
        folded.push_str(forms.plain());
        end = range.end;
    });
    folded.push_str(&address[end..]);
    folded
}

/// Where `text`, folded, begins in `address`, as (bytes of the folded address, whole address).
pub(super) fn find_in_address(folded: &str, text: &str) -> Option<(usize, bool)> {
    let starts_word = |at: usize| {
        let before = folded[..at].chars().next_back();
        text.starts_with('@') || before.is_none_or(|c| !c.is_alphanumeric())
    };
    let at = folded.match_indices(text).map(|(at, _)| at).find(|at| starts_word(*at))?;
    Some((at, folded == text))
}
