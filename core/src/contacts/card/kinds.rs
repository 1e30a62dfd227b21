//! What a number or an address is for: the types and labels that programs write, as tables.
use crate::contacts::record::{PhoneKind, PlaceKind};

/// Types and labels of phone numbers, in lower case. A number with several gets the kind that
/// stands first in the table: a work fax is a fax, a mobile phone for work is a mobile phone.
const PHONES: [(PhoneKind, &[&str]); 5] = [
    (
        PhoneKind::Fax,
        &["fax", "facsimile", "homefax", "workfax", "otherfax", "x-fax", "telefax", "fax arbeit"],
    ),
    (PhoneKind::Pager, &["pager", "beeper"]),
    (
        PhoneKind::Mobile,
        &[
            "cell",
            "mobile",
            "iphone",
            "x-mobile",
            "handy",
            "mobil",
            "mobiltelefon",
            "cellphone",
            "cell phone",
            "mobile phone",
            "work mobile",
            "car",
            "pcs",
            "apple watch",
        ],
    ),
    (
        PhoneKind::Work,
        &[
            "work",
            "main",
            "main-number",
            "company",
            "business",
            "office",
            "direct",
            "x-work",
            "arbeit",
            "geschäftlich",
            "büro",
            "firma",
            "zentrale",
            "arbete",
            "jobb",
            "kontor",
            "växel",
            "assistant",
        ],
    ),
    (PhoneKind::Home, &["home", "private", "privat", "hem", "x-home", "zuhause"]),
];

const PLACES: [(PlaceKind, &[&str]); 2] = [
    (
        PlaceKind::Work,
        &["work", "business", "office", "arbeit", "geschäftlich", "büro", "arbete", "jobb"],
    ),
    (PlaceKind::Home, &["home", "private", "privat", "hem", "zuhause", "dom"]),
];

fn look_up<T: Copy + Default>(table: &[(T, &[&str])], words: &[String]) -> T {
    let has = |names: &[&str]| words.iter().any(|w| names.contains(&w.as_str()));
    table.iter().find(|(_, names)| has(names)).map(|(kind, _)| *kind).unwrap_or_default()
}

/// The kind of a phone number from its types and label.
pub(super) fn phone(words: &[String]) -> PhoneKind {
    look_up(&PHONES, words)
}

/// The kind of an e-mail or postal address from its types and label.
pub(super) fn place(words: &[String]) -> PlaceKind {
    look_up(&PLACES, words)
}

/// A type or label as the tables have it: Apple's own labels are written `_$!<Mobile>!$_`.
pub(super) fn word(text: &str) -> String {
    let text = text.trim();
    let inner = text.strip_prefix("_$!<").and_then(|t| t.strip_suffix(">!$_")).unwrap_or(text);
    inner.to_lowercase()
}
