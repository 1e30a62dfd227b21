//! What remains of a written number: digits, whether it starts with `+`, and nothing else.
use std::borrow::Cow;

/// A number without its decoration.
#[derive(PartialEq, Eq, Debug, Default)]
pub(super) struct Clean {
    /// ASCII digits, without `+` or `00`.
    pub(super) digits: String,
    /// Whether it was written with `+` or `00`.
    pub(super) international: bool,
    /// The digits when letters are read as keys (1-800-FLOWERS); only for numbers with letters.
    pub(super) vanity: Option<String>,
}

impl Clean {
    /// The digits of a number that was written in full and could be one: 8 to 15 digits, the first
    /// of a calling code (ITU-T E.164 §6.2.1; no calling code starts with 0).
    pub(super) fn written_out(&self) -> Option<&str> {
        let fits = self.international
            && (8..=15).contains(&self.digits.len())
            && !self.digits.starts_with('0');
        fits.then_some(self.digits.as_str())
    }
}

/// Calling codes of countries whose numbers keep their 0 behind the code.
const ZERO_BELONGS_TO_NUMBER: [&str; 2] = ["39", "378"];

/// Reads `text`: `tel:` URIs (RFC 3966) and plain writing, with `(0)` and extensions dropped.
pub(super) fn clean(text: &str) -> Clean {
    let text = text.trim();
    let (text, context) = match strip_scheme(text) {
        Some(uri) => {
            let (number, parameters) = uri.split_once(';').unwrap_or((uri, ""));
            (percent_decoded(number), phone_context(parameters))
        }
        None => (Cow::Borrowed(text), None),
    };
    let mut number = scan(&text);
    if let (Some(context), false) = (context, number.international) {
        number.digits.insert_str(0, context.trim_start_matches('+'));
        number.international = true;
    }
    number
}

fn strip_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    scheme.trim().eq_ignore_ascii_case("tel").then_some(rest)
}

/// `phone-context` when it is a global prefix: `tel:7042;phone-context=+1-914-555` (RFC 3966 §5.1.5).
fn phone_context(parameters: &str) -> Option<String> {
    let value = parameters.split(';').find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("phone-context").then_some(value.trim())
    })?;
    let digits = value.strip_prefix('+')?;
    Some(digits.chars().filter(char::is_ascii_digit).collect())
}

/// Decodes `%XX` of ASCII characters, which is all that a number needs.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code.filter(u8::is_ascii) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &after[2..];
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn scan(text: &str) -> Clean {
    let mut number = Clean::default();
    let mut letters = Letters::default();
    let mut rest = text.chars().map(plain_digit).peekable();
    while let Some(c) = rest.next() {
        match c {
            '0'..='9' => {
                number.digits.push(c);
                letters.keys.push(c);
            }
            '+' if number.digits.is_empty() => number.international = true,
            // A second number, an extension or a pause behind the number.
            '+' | '#' | ',' | ';' | '*' if !number.digits.is_empty() => break,
            '(' if drops_zero(&number, rest.clone()) => {
                rest.next();
                rest.next();
            }
            c if c.is_alphabetic() && !number.digits.is_empty() => {
                letters.read(c, rest);
                break;
            }
            // Two numbers in one field; a slash earlier on stands behind an area code.
            '/' if number.digits.len() > 8 => break,
            _ => {}
        }
    }
    if !number.international && number.digits.starts_with("00") {
        number.international = true;
        number.digits.drain(..2);
    }
    number.vanity = letters.vanity();
    number
}

/// Digits of other scripts and the full-width plus sign as ASCII.
fn plain_digit(c: char) -> char {
    const ZEROS: [char; 4] = ['\u{0660}', '\u{06F0}', '\u{0966}', '\u{FF10}'];
    if c == '\u{FF0B}' {
        return '+';
    }
    ZEROS
        .iter()
        .find_map(|zero| (c as u32).checked_sub(*zero as u32).filter(|d| *d < 10))
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(c)
}

/// `(0)` behind a calling code is a note for callers at home, and no part of the number.
fn drops_zero(number: &Clean, mut rest: impl Iterator<Item = char>) -> bool {
    let code = number.digits.trim_start_matches("00");
    let abroad = number.international || number.digits.starts_with("00");
    abroad
        && !code.is_empty()
        && !ZERO_BELONGS_TO_NUMBER.contains(&code)
        && rest.next() == Some('0')
        && rest.next() == Some(')')
}

/// The same number with letters read as keys (ITU-T E.161).
#[derive(Default)]
struct Letters {
    keys: String,
    count: usize,
}

impl Letters {
    fn read(&mut self, first: char, rest: impl Iterator<Item = char>) {
        for c in std::iter::once(first).chain(rest) {
            match c {
                '0'..='9' => self.keys.push(c),
                'A'..='Z' | 'a'..='z' => {
                    const KEYS: &[u8; 26] = b"22233344455566677778889999";
                    let index = c.to_ascii_lowercase() as usize - 'a' as usize;
                    self.keys.push(char::from(KEYS[index]));
                    self.count += 1;
                }
                '-' | ' ' | '.' | '(' | ')' => {}
                // Any other sign: this is text, not a number.
                _ => self.count = 0,
            }
        }
    }

    /// Ten keys, or eleven from a 1 on, three of them letters or more.
    fn vanity(self) -> Option<String> {
        let length = self.keys.len() - usize::from(self.keys.starts_with('1'));
        (self.count >= 3 && length == 10).then_some(self.keys)
    }
}
