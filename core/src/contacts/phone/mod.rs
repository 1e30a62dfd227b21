//! Phone numbers: from what a card, a person or the phone network writes to E.164, and to the keys
//! that caller look-ups go by.
//!
//! Numbers are only ever read, never changed: a contact keeps the text that its card has. The
//! numbering plans are phonelib's; what it does not take (short numbers, parameters of `tel:` URIs,
//! extensions) is settled here before it is asked.
mod clean;
mod keys;
#[cfg(test)]
mod tests;

pub use keys::caller_keys;

use phonelib::PhoneNumber;

/// A country whose numbering plan tells what a number without `+` means: ISO 3166-1 alpha-2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Region([u8; 2]);

impl Region {
    /// Reads a code such as `DE` or `se`; `None` for anything that is not a country with a
    /// numbering plan.
    pub fn new(code: &str) -> Option<Self> {
        let upper = code.trim().to_ascii_uppercase();
        let letters: [u8; 2] = upper.as_bytes().try_into().ok()?;
        phonelib::country_by_code(&upper).map(|_| Self(letters))
    }

    /// The code in upper case.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Fewer digits than this are a number inside a house or a service, never E.164.
pub const SHORTEST_FULL_NUMBER: usize = 7;

/// `text` as E.164: `+` and 7 to 15 digits, without an extension (ITU-T E.164 §6.2.1).
///
/// A number without `+` or international prefix is read as one of `region`; without a region it
/// has no E.164 form. Neither have numbers of six digits or less, nor text that is no number.
pub fn e164(text: &str, region: Option<Region>) -> Option<String> {
    let number = clean::clean(text);
    if number.digits.len() < SHORTEST_FULL_NUMBER && number.vanity.is_none() {
        return None;
    }
    let parsed = if number.international {
        PhoneNumber::parse(&format!("+{}", number.digits))
    } else {
        let region = region?;
        let plain = || PhoneNumber::parse_with_country(&number.digits, region.as_str());
        number
            .vanity
            .as_deref()
            .and_then(|digits| PhoneNumber::parse_with_country(digits, region.as_str()))
            .filter(|parsed| parsed.country_code() == NORTH_AMERICA)
            .or_else(plain)
    };
    // A trunk zero that was dropped can leave a short number.
    match parsed.filter(|parsed| parsed.e164().len() > SHORTEST_FULL_NUMBER) {
        Some(parsed) => Some(parsed.e164().to_owned()),
        // Written out in full, but unknown to the plans, which lag behind what networks assign.
        None => number.written_out().map(|digits| format!("+{digits}")),
    }
}

/// What is dialled for a number that has no E.164 form: its digits, and `+` before them where it is
/// written as one from abroad. Nothing else, for `*` and `#` could set call forwarding; `None`
/// where there is no digit.
pub fn to_dial(text: &str) -> Option<String> {
    let number = clean::clean(text);
    let plus = if number.international { "+" } else { "" };
    (!number.digits.is_empty()).then(|| format!("{plus}{}", number.digits))
}

/// Only there letters on the keys are common in numbers people write.
const NORTH_AMERICA: u32 = 1;
