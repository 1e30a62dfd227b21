//! Cards: the bytes of one vCard (2.1, 3.0 or 4.0) → a [`ContactRecord`] and a photo.
//!
//! Cards come from anywhere and are never trusted: whatever is in them, the outcome is a contact or
//! a reason why there is none. One bad card is never more than one contact missing.
//!
//! Phones keep the records, not the cards. So whoever changes what is read from a card, such as a
//! field more, raises [`MAPPING`] with it; a test notices what the number does not say.
mod charset;
mod filter;
mod kinds;
mod map;
mod photo;
#[cfg(test)]
mod tests;

pub use filter::{Filter, FilterError};
pub use map::MAPPING;
pub use photo::{Photo, PhotoType};

use crate::contacts::phone::Region;
use crate::contacts::record::ContactRecord;
use crate::limits;

/// What one card gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Card {
    /// The contact. `record.uid` is empty if the card has none.
    pub record: ContactRecord,
    /// Its photo, where the card holds one that can be shown.
    pub photo: Option<Photo>,
    /// Whether the card holds a photo that is too large or of no known type.
    pub photo_dropped: bool,
}

/// Why a card did not become a contact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, thiserror::Error)]
pub enum SkipReason {
    /// Larger than [`limits::CARD_BYTES`].
    #[error("a card that is larger than 1 MB")]
    TooLarge,
    /// Not a vCard.
    #[error("a card that can't be read")]
    Unparsable,
    /// Neither name nor organisation nor e-mail address: nothing to show.
    #[error("a card without any name")]
    Nameless,
    /// A distribution list (KIND:group, RFC 6350 §6.1.4), which is nobody to call.
    #[error("a list, not a contact")]
    Group,
}

impl SkipReason {
    /// Every reason, in the order of counters.
    pub const ALL: [SkipReason; 4] =
        [SkipReason::TooLarge, SkipReason::Unparsable, SkipReason::Nameless, SkipReason::Group];
}

/// Reads the first vCard in `bytes`. Numbers without `+` are read as numbers of `region`.
pub fn read(bytes: &[u8], region: Option<Region>) -> Result<Card, SkipReason> {
    if bytes.len() > limits::CARD_BYTES {
        return Err(SkipReason::TooLarge);
    }
    let text = charset::prepared(bytes);
    let mut parser = calcard::Parser::new(&text);
    // What stands before the card is passed over, line by line.
    loop {
        match parser.entry() {
            calcard::Entry::VCard(card) => return map::contact(card, region),
            calcard::Entry::Eof => return Err(SkipReason::Unparsable),
            _ => {}
        }
    }
}
