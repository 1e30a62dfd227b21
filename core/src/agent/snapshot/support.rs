//! How the company's support is reached.
use crate::config::{Effective, Key};
use crate::contacts::reach::{call_uri, mail_uri, page_uri};

/// One way to reach the support.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SupportChannel {
    /// What kind of way.
    pub kind: SupportKind,
    /// What opens it: an `https:`, `mailto:` or `tel:` address.
    pub uri: String,
    /// The page, address or number as the company wrote it.
    pub shown: String,
}

/// A kind of way to reach the support.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SupportKind {
    /// A page.
    Page,
    /// A mail.
    Mail,
    /// A call.
    Call,
}

/// Makes the address that opens a channel out of what the company wrote.
type ToUri = fn(&str) -> Option<String>;

/// In order of preference: a page knows most, a call costs most.
const CHANNELS: [(SupportKind, Key, ToUri); 3] = [
    (SupportKind::Page, Key::SupportUrl, page_uri),
    (SupportKind::Mail, Key::SupportEmail, mail_uri),
    (SupportKind::Call, Key::SupportPhone, call_uri),
];

/// The settings that name a channel.
pub(in crate::agent) fn keys() -> impl Iterator<Item = Key> {
    CHANNELS.iter().map(|(_, key, _)| *key)
}

/// The channels that the settings name, the preferred one first. What is no address is left out.
pub(super) fn channels(settings: &Effective) -> Vec<SupportChannel> {
    CHANNELS
        .iter()
        .filter_map(|(kind, key, to_uri)| {
            let shown = settings.text(*key)?;
            let uri = to_uri(shown)?;
            Some(SupportChannel { kind: *kind, uri, shown: shown.to_owned() })
        })
        .collect()
}
