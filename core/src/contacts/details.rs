//! What else is known of somebody: everything on a card beside name, position, organisation and
//! the ways to reach them, as rows of a kind and a text.
//!
//! Screens and programs show the rows as they come, so a new field of a card is a row here and
//! changes none of them. What a row is called stands in `messages`.
use super::record::{ContactRecord, PlaceKind, PostalAddress};

/// Hands the kinds of details to a macro, one row each, in the order in which they are declared.
/// The library for other languages declares its own type from the same rows.
#[doc(hidden)]
#[macro_export]
macro_rules! contact_detail_kinds {
    ($declare:ident) => {
        $declare! {
            /// Department, levels joined with ` / `.
            Department
            /// A postal address at work, one line a part.
            WorkAddress
            /// A postal address at home, one line a part.
            HomeAddress
            /// A postal address of which the card does not say what it is for, one line a part.
            OtherAddress
            /// Categories, joined with a comma.
            Categories
            /// Free text, perhaps of several lines.
            Note
        }
    };
}

macro_rules! declare {
    ($($(#[$doc:meta])* $kind:ident)*) => {
        /// What a detail is about.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum DetailKind {
            $($(#[$doc])* $kind,)*
        }

        impl DetailKind {
            /// Every kind.
            pub const ALL: &[DetailKind] = &[$(DetailKind::$kind),*];
        }
    };
}

contact_detail_kinds!(declare);

/// Something known of somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Detail {
    /// What it is about.
    pub kind: DetailKind,
    /// The text, never blank.
    pub text: String,
}

impl ContactRecord {
    /// What else is known of this contact, in the order of a screen.
    pub fn details(&self) -> Vec<Detail> {
        let mut details = Vec::new();
        let mut add = |kind, text: &str| {
            if !text.trim().is_empty() {
                details.push(Detail { kind, text: text.to_owned() });
            }
        };
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        add(DetailKind::Department, &optional(&self.department));
        for address in &self.addresses {
            add(address_kind(address.kind), &address_lines(address));
        }
        add(DetailKind::Categories, &self.categories.join(", "));
        add(DetailKind::Note, &optional(&self.note));
        details
    }
}

fn address_kind(kind: PlaceKind) -> DetailKind {
    match kind {
        PlaceKind::Work => DetailKind::WorkAddress,
        PlaceKind::Home => DetailKind::HomeAddress,
        PlaceKind::Other => DetailKind::OtherAddress,
    }
}

/// As an address is written on an envelope: the postal code stands before the town.
fn address_lines(address: &PostalAddress) -> String {
    let joined = |parts: &[&str], with: &str| {
        parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(with)
    };
    let town = joined(&[&address.postal_code, &address.city], " ");
    joined(&[&address.street, &town, &address.region, &address.country], "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(record: &ContactRecord) -> Vec<(DetailKind, String)> {
        record.details().into_iter().map(|detail| (detail.kind, detail.text)).collect()
    }

    #[test]
    fn details_are_what_there_is_in_the_order_of_the_screen() {
        let address = |kind| PostalAddress {
            kind,
            street: "Main Street 1".into(),
            city: "Munich".into(),
            postal_code: "80331".into(),
            country: "Germany".into(),
            ..PostalAddress::default()
        };
        let record = ContactRecord {
            department: Some("Ward 3".into()),
            addresses: vec![
                address(PlaceKind::Home),
                address(PlaceKind::Work),
                PostalAddress { region: "Bavaria".into(), ..PostalAddress::default() },
            ],
            categories: vec!["Staff".into(), "Nights".into()],
            note: Some("Prefers mail".into()),
            ..ContactRecord::default()
        };
        let lines = "Main Street 1\n80331 Munich\nGermany".to_owned();
        assert_eq!(
            rows(&record),
            [
                (DetailKind::Department, "Ward 3".to_owned()),
                (DetailKind::HomeAddress, lines.clone()),
                (DetailKind::WorkAddress, lines),
                (DetailKind::OtherAddress, "Bavaria".to_owned()),
                (DetailKind::Categories, "Staff, Nights".to_owned()),
                (DetailKind::Note, "Prefers mail".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_blank_is_no_row() {
        let record = ContactRecord {
            note: Some(" \n".into()),
            addresses: vec![PostalAddress::default()],
            ..ContactRecord::default()
        };
        assert_eq!(rows(&record), []);
    }
}
