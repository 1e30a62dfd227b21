//! What stands before a line of a contact's card: short labels, without a full stop.
use crate::contacts::details::DetailKind;
use crate::contacts::record::{PhoneKind, PlaceKind};
use crate::ids::Language;

const WORK: [&str; 3] = ["Work", "Arbeit", "Arbete"];
const HOME: [&str; 3] = ["Home", "Privat", "Hem"];

/// What a detail of a contact is called.
#[rustfmt::skip]
pub fn detail_label(kind: DetailKind, language: Language) -> &'static str {
    language.of(match kind {
        DetailKind::Department   => ["Department", "Abteilung", "Avdelning"],
        DetailKind::WorkAddress  => WORK,
        DetailKind::HomeAddress  => HOME,
        DetailKind::OtherAddress => ["Address", "Adresse", "Adress"],
        DetailKind::Categories   => ["Categories", "Kategorien", "Kategorier"],
        DetailKind::Note         => ["Note", "Notiz", "Anteckning"],
    })
}

/// What a phone number is called.
#[rustfmt::skip]
pub fn phone_label(kind: PhoneKind, language: Language) -> &'static str {
    language.of(match kind {
        PhoneKind::Mobile => ["Mobile", "Mobil", "Mobil"],
        PhoneKind::Work   => WORK,
        PhoneKind::Home   => HOME,
        PhoneKind::Fax    => ["Fax", "Fax", "Fax"],
        PhoneKind::Pager  => ["Pager", "Pager", "Personsökare"],
        PhoneKind::Other  => ["Phone", "Telefon", "Telefon"],
    })
}

/// What an e-mail address is called.
pub fn email_label(kind: PlaceKind, language: Language) -> &'static str {
    language.of(match kind {
        PlaceKind::Work => WORK,
        PlaceKind::Home => HOME,
        PlaceKind::Other => ["E-mail", "E-Mail", "E-post"],
    })
}
