//! Phone numbers that ring nowhere, in the notations that people really use.
//!
//! Numbers come from ranges set aside for film and fiction where a country has them
//! (Bundesnetzagentur Mitteilung 148/2021, Ofcom's numbers for drama, PTS's "nummer för böcker och
//! filmer"); German ones are lengthened by a direct-dial extension. Switzerland sets nothing
//! aside, and Sweden too little for thousands: there the local part begins with 555, as in films.
use crate::names::Country;

/// What a number is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhoneKind {
    /// The desk.
    Work,
    /// A mobile phone.
    Mobile,
}

/// One number.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Phone {
    /// What it is for.
    pub kind: PhoneKind,
    /// As somebody wrote it; a national notation only for numbers in Germany.
    pub written: String,
    /// E.164, what it must become where the default region is `DE`.
    pub e164: String,
}

/// An area code and the local number's fixed beginning, followed by `digits` counted digits.
type Block = (&'static str, &'static str, usize);

const GERMAN_DESK: &[Block] = &[
    ("30", "23125", 5),
    ("69", "90009", 5),
    ("40", "66969", 5),
    ("221", "4710", 5),
    ("89", "99998", 5),
];
const GERMAN_MOBILE: &[Block] = &[("176", "040690", 2)];
const SWEDISH_DESK: &[Block] = &[
    ("8", "465004", 2),
    ("31", "390600", 2),
    ("40", "628040", 2),
    ("8", "555", 5),
    ("31", "555", 4),
    ("40", "555", 4),
];
const SWEDISH_MOBILE: &[Block] =
    &[("70", "17406", 2), ("70", "555", 4), ("72", "555", 4), ("73", "555", 4), ("76", "555", 4)];
const SWISS_DESK: &[Block] =
    &[("44", "555", 4), ("22", "555", 4), ("61", "555", 4), ("31", "555", 4), ("71", "555", 4)];
const SWISS_MOBILE: &[Block] = &[("78", "555", 4), ("79", "555", 4), ("76", "555", 4)];
const ENGLISH_DESK: &[Block] = &[
    ("20", "79460", 3),
    ("113", "4960", 3),
    ("114", "4960", 3),
    ("115", "4960", 3),
    ("116", "4960", 3),
    ("117", "4960", 3),
    ("118", "4960", 3),
    ("121", "4960", 3),
    ("131", "4960", 3),
    ("141", "4960", 3),
    ("151", "4960", 3),
    ("161", "4960", 3),
    ("191", "4980", 3),
    ("28", "96496", 3),
    ("29", "20180", 3),
];
const ENGLISH_MOBILE: &[Block] = &[("7700", "900", 3)];

/// The `n`-th number of its kind in a country, the way `style` writes it; `None` once the
/// made-up ranges are used up, so that no two people share a number.
pub(crate) fn number(country: Country, kind: PhoneKind, n: usize, style: usize) -> Option<Phone> {
    use PhoneKind::{Mobile, Work};
    let (code, blocks) = match (country, kind) {
        (Country::Germany, Work) => ("49", GERMAN_DESK),
        (Country::Germany, Mobile) => ("49", GERMAN_MOBILE),
        (Country::Sweden, Work) => ("46", SWEDISH_DESK),
        (Country::Sweden, Mobile) => ("46", SWEDISH_MOBILE),
        (Country::Switzerland, Work) => ("41", SWISS_DESK),
        (Country::Switzerland, Mobile) => ("41", SWISS_MOBILE),
        (Country::England, Work) => ("44", ENGLISH_DESK),
        (Country::England, Mobile) => ("44", ENGLISH_MOBILE),
    };
    let (area, fixed, counted) = nth(blocks, n)?;
    let e164 = format!("+{code}{area}{fixed}{counted}");
    Some(Phone { kind, written: write(country, code, area, fixed, &counted, style), e164 })
}

/// Walks the blocks in turn: the small reserved ones first.
fn nth(blocks: &[Block], mut n: usize) -> Option<(&'static str, &'static str, String)> {
    for &(area, fixed, digits) in blocks {
        let size = 10_usize.pow(digits as u32);
        if n < size {
            return Some((area, fixed, format!("{n:0digits$}")));
        }
        n -= size;
    }
    None
}

fn write(
    country: Country,
    code: &str,
    area: &str,
    fixed: &str,
    counted: &str,
    style: usize,
) -> String {
    let home = country == Country::Germany;
    match style % 8 {
        0 => format!("+{code} {area} {fixed}{counted}"),
        1 => format!("+{code} (0){area} {fixed} {counted}"),
        2 => format!("00{code} {area} {fixed}{counted}"),
        3 => format!("+{code}{area}{fixed}{counted}"),
        4 if home => format!("0{area} / {fixed}-{counted}"),
        5 if home => format!("(0{area}) {fixed} {counted}"),
        6 if home => format!("0{area}{fixed}{counted}"),
        _ => format!("+{code}-{area}-{fixed}-{counted}"),
    }
}
