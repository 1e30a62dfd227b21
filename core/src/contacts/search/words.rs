//! Where words begin and end, in what is searched and in what is asked.
//!
//! A word is a run of letters, digits and marks. `- . & /` between two of them join words that are
//! also found as one (`Karl-Heinz` by "heinz" and by "karlheinz"; `J.P.` by "jp"). An apostrophe
//! belongs to the word (`O'Brien` by "obrien"), what stands behind it is a word too ("brien").
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

fn is_word(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric(),
        false => !is_apostrophe(c) && (c.is_alphanumeric() || is_combining_mark(c)),
    }
}

/// Signs that people write for an apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

fn is_joint(c: char) -> bool {
    matches!(c, '-' | '.' | '&' | '/' | '\u{2010}' | '\u{2011}' | '\u{2013}')
}

/// What becomes of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reading {
    /// A text that is searched: every word, and joined words also as one.
    Text,
    /// An e-mail address: its words alone.
    Address,
    /// A query: words as they were typed.
    Query,
}

/// Calls `found` with the byte range of every word of `text`.
pub(crate) fn words(text: &str, reading: Reading, mut found: impl FnMut(Range<usize>)) {
    let mut chars = text.char_indices().peekable();
    // Start of the joined words, of the word, and how many words were joined.
    let mut chain: Option<(usize, usize)> = None;
    let mut word: Option<usize> = None;
    let mut end = 0;
    let mut last_is_word = false;
    while let Some((at, c)) = chars.next() {
        if is_word(c) {
            if word.is_none() {
                word = Some(at);
                chain.get_or_insert((at, 0));
            }
            end = at + c.len_utf8();
            last_is_word = true;
            continue;
        }
        let between = last_is_word && chars.peek().is_some_and(|(_, next)| is_word(*next));
        last_is_word = false;
        if between && is_apostrophe(c) && reading != Reading::Address {
            continue;
        }
        close_word(text, reading, &mut word, &mut chain, end, &mut found);
        if !(between && is_joint(c) && reading == Reading::Text) {
            close_chain(&mut chain, end, &mut found);
        }
    }
    close_word(text, reading, &mut word, &mut chain, end, &mut found);
    if reading == Reading::Text {
        close_chain(&mut chain, end, &mut found);
    }
}

fn close_word(
    text: &str,
    reading: Reading,
    word: &mut Option<usize>,
    chain: &mut Option<(usize, usize)>,
    end: usize,
    found: &mut impl FnMut(Range<usize>),
) {
    let Some(start) = word.take() else { return };
    found(start..end);
    if let Some((_, count)) = chain {
        *count += 1;
    }
    if reading == Reading::Text {
        for (at, c) in text[start..end].char_indices().filter(|(_, c)| is_apostrophe(*c)) {
            found(start + at + c.len_utf8()..end);
        }
    }
}

fn close_chain(
    chain: &mut Option<(usize, usize)>,
    end: usize,
    found: &mut impl FnMut(Range<usize>),
) {
    if let Some((start, count)) = chain.take()
        && count > 1
    {
        found(start..end);
    }
}
