//! Phone numbers as digits: kept in half a byte each, found by any three in a row.
use super::varint::{self, Reader};

/// What numbers are written with, in half a byte each. Anything else is kept as text.
const SIGNS: &[u8; 16] = b"0123456789+ -()/";
/// Fewer digits are part of nearly every number.
pub(super) const FEWEST_DIGITS: usize = 3;
/// Numbers of three digits in a row there are.
pub(super) const TRIPLES: usize = 1000;

const NO_CODE: u8 = 16;

/// The place of each byte in [`SIGNS`].
const CODES: [u8; 256] = {
    let mut codes = [NO_CODE; 256];
    let mut place = 0;
    while place < SIGNS.len() {
        codes[SIGNS[place] as usize] = place as u8;
        place += 1;
    }
    codes
};

fn code(sign: u8) -> u8 {
    CODES[sign as usize]
}

/// Writes `text` behind a length and a mark for how it is packed.
pub(super) fn pack(text: &str, out: &mut Vec<u8>) {
    if text.bytes().any(|b| code(b) == NO_CODE) {
        varint::write((text.len() as u32) << 1 | 1, out);
        out.extend_from_slice(text.as_bytes());
        return;
    }
    varint::write((text.len() as u32) << 1, out);
    for pair in text.as_bytes().chunks(2) {
        out.push(code(pair[0]) | pair.get(1).map_or(0, |b| code(*b)) << 4);
    }
}

/// Reads what [`pack`] wrote; `text` is overwritten.
pub(super) fn unpack(from: &mut Reader<'_>, text: &mut String) {
    text.clear();
    let head = from.number();
    let length = (head >> 1) as usize;
    if head & 1 == 1 {
        text.push_str(from.text(length));
        return;
    }
    for (i, byte) in from.bytes(length.div_ceil(2)).iter().enumerate() {
        text.push(char::from(SIGNS[(byte & 15) as usize]));
        if i * 2 + 1 < length {
            text.push(char::from(SIGNS[(byte >> 4) as usize]));
        }
    }
}

/// Passes over what [`pack`] wrote.
pub(super) fn skip(from: &mut Reader<'_>) {
    let head = from.number();
    let length = (head >> 1) as usize;
    from.bytes(if head & 1 == 1 { length } else { length.div_ceil(2) });
}

/// Whether what stands behind is another number.
fn parts_number(c: char) -> bool {
    c.is_alphabetic() || matches!(c, ';' | ',' | '#' | '*')
}

/// The digits of a number; a comma stands where letters and the like part a number from its
/// extension.
pub(super) fn digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.chars() {
        if c.is_ascii_digit() {
            if parted && !digits.is_empty() {
                digits.push(',');
            }
            parted = false;
            digits.push(c);
        } else if parts_number(c) {
            parted = true;
        }
    }
    digits
}

/// Whether two ways to write a number show the same digits.
pub(super) fn same_digits(a: &str, b: &str) -> bool {
    let is_plain = |text: &str| text.bytes().all(|b| code(b) != NO_CODE);
    if is_plain(a) && is_plain(b) {
        let (a, b) = (a.bytes(), b.bytes());
        return a.filter(u8::is_ascii_digit).eq(b.filter(u8::is_ascii_digit));
    }
    digits(a) == digits(b)
}

/// Every three digits in a row of a number as it is written, as a number below [`TRIPLES`].
pub(super) fn triples(number: &str, mut found: impl FnMut(u16)) {
    let mut last = 0;
    let mut seen = 0;
    for c in number.chars() {
        if let Some(digit) = c.to_digit(10) {
            last = (last % 100) * 10 + digit as u16;
            seen += 1;
            if seen >= FEWEST_DIGITS {
                found(last);
            }
        } else if parts_number(c) {
            seen = 0;
        }
    }
}

/// Digits of a query, and what they can be part of.
///
/// | typed | found in |
/// | --- | --- |
/// | `4930`, `3012` | any place of a number, as it is written or in E.164 form |
/// | `+4930`, `004930` | the start of the E.164 form |
/// | `030` | any place, or without the 0 right behind a calling code of one to three digits |
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Digits {
    /// All digits as typed.
    typed: String,
    /// Whether it was written with `+`.
    plus: bool,
}

/// Where in a contact's number a query was found: digits counted from the end, so that it fits the
/// written number as well as E.164.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct DigitMatch<'a> {
    /// How many digits stand behind the found ones.
    behind: usize,
    /// The digits that were found.
    digits: &'a str,
}

impl Digits {
    /// Reads a word, or several, that hold digits and signs of numbers only; `None` for others and
    /// below [`FEWEST_DIGITS`].
    pub(super) fn of(text: &str) -> Option<Self> {
        let sign = |c: char| matches!(c, '+' | '-' | '(' | ')' | '/' | '.') || c.is_whitespace();
        let plain = text.chars().all(|c| c.is_ascii_digit() || sign(c));
        let typed = digits(text);
        let enough = typed.len() >= FEWEST_DIGITS;
        (plain && enough).then(|| Self { typed, plus: text.trim_start().starts_with('+') })
    }

    /// Digits that are a part of a number, however few.
    pub(super) fn part(digits: &str) -> Self {
        Self { typed: digits.to_owned(), plus: false }
    }

    fn abroad(&self) -> Option<&str> {
        let rest = if self.plus { Some(&*self.typed) } else { self.typed.strip_prefix("00") };
        rest.filter(|r| r.len() >= FEWEST_DIGITS)
    }

    fn without_trunk_zero(&self) -> Option<&str> {
        let rest = self.typed.strip_prefix('0').filter(|_| !self.plus)?;
        (rest.len() >= FEWEST_DIGITS && !rest.starts_with('0')).then_some(rest)
    }

    /// The readings of the digits; a contact found by any has all triples of that one.
    pub(super) fn readings(&self) -> impl Iterator<Item = &str> {
        let typed = Some(self.typed.as_str());
        typed
            .into_iter()
            .chain(self.abroad().filter(|r| *r != self.typed))
            .chain(self.without_trunk_zero())
    }

    /// Looks for the digits in a number: `written` as digits, `e164` as digits where there is one.
    pub(super) fn find<'a>(&'a self, written: &str, e164: Option<&str>) -> Option<DigitMatch<'a>> {
        let behind = |at: usize, digits: &str, all: &str| {
            all[at + digits.len()..].bytes().filter(u8::is_ascii_digit).count()
        };
        let anywhere = |all: &str| {
            let digits = self.typed.as_str();
            let at = all.find(digits).filter(|_| !self.plus)?;
            Some(DigitMatch { behind: behind(at, digits, all), digits })
        };
        if let Some(found) = anywhere(written) {
            return Some(found);
        }
        let full = e164.unwrap_or(written);
        if let Some(start) = self.abroad().filter(|r| full.starts_with(r)) {
            return Some(DigitMatch { behind: behind(0, start, full), digits: start });
        }
        let e164 = e164?;
        anywhere(e164).or_else(|| {
            let rest = self.without_trunk_zero()?;
            let at = (1..=3).find(|at| e164.get(*at..).is_some_and(|e| e.starts_with(rest)))?;
            Some(DigitMatch { behind: behind(at, rest, e164), digits: rest })
        })
    }
}

/// The characters of `written` that `found` covers, as (start, length). A part in front that is not
/// written (the calling code) is left out. Where the written number shows fewer than
/// [`FEWEST_DIGITS`] of the found digits (an extension behind it, a `(0)` within), all is covered.
pub(super) fn found_chars(written: &str, found: DigitMatch<'_>) -> (usize, usize) {
    let signs = written.chars().enumerate();
    let places: Vec<(usize, char)> = signs.filter(|(_, c)| c.is_ascii_digit()).collect();
    let end = places.len().saturating_sub(found.behind);
    let shown = places[..end].iter().rev().zip(found.digits.chars().rev());
    let shown = shown.take_while(|((_, written), digit)| written == digit).count();
    match (places.get(end - shown), end.checked_sub(1).and_then(|last| places.get(last))) {
        (Some((first, _)), Some((last, _))) if shown >= FEWEST_DIGITS.min(found.digits.len()) => {
            (*first, last - first + 1)
        }
        _ => (0, written.chars().count()),
    }
}
