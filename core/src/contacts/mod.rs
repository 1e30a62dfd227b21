//! CardDAV sync, vCard mapping, sealed records, search, caller ID.
pub mod caller;
pub mod card;
pub mod dav;
pub mod details;
pub mod directory;
pub mod phone;
pub mod reach;
pub mod record;
pub mod search;
pub mod sync;
mod text;
