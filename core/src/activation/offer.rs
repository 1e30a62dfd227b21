//! What a configuration offers for activation.
use url::Url;

use super::{Evidence, EvidenceKind};
use crate::config::{ContactSource, Effective, Key};

/// The setting that names the person. It may stand beside evidence of any kind, so alone it does not
/// tell which kind the admin began with.
const CLAIM: Key = Key::Email;

/// What a configuration offers for activation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Offer {
    /// Evidence that is there in full, and where to show it.
    Evidence(Configured),
    /// A server and nothing else: the person signs in, by the company's sign-in page or by typing.
    PersonSignsIn,
    /// No server: contacts come straight from CardDAV.
    Standalone {
        /// At least one.
        sources: Vec<ContactSource>,
    },
    /// Half a configuration.
    Incomplete {
        /// What has to be added, in the order of the schema.
        missing: Vec<Key>,
    },
    /// Nothing about activation at all.
    Nothing,
}

/// Evidence of the managed configuration, whole; the address is as the admin wrote it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Configured {
    /// `server_url`.
    pub server: String,
    /// The strongest evidence that is there in full.
    pub evidence: Evidence,
}

impl Configured {
    /// What the settings in force offer.
    pub fn read(settings: &Effective) -> Option<Self> {
        match Offer::of(settings) {
            Offer::Evidence(configured) => Some(configured),
            _ => None,
        }
    }
}

impl Offer {
    /// What the settings in force offer.
    pub fn of(settings: &Effective) -> Self {
        let server = settings.text(Key::ServerUrl).and_then(|url| Url::parse(url).ok());
        let begun = |kind: EvidenceKind| kind.settings().iter().any(|key| settings.is_set(*key));
        let is_begun = EvidenceKind::ALL.iter().any(|kind| begun(*kind));
        match server {
            Some(server) => {
                let of_kind = |kind: &EvidenceKind| match kind.settings() {
                    [] => None,
                    _ => Evidence::from_settings(*kind, settings),
                };
                if let Some(evidence) = EvidenceKind::ALL.iter().find_map(of_kind) {
                    return Offer::Evidence(Configured { server: server.to_string(), evidence });
                }
                if !is_begun {
                    return Offer::PersonSignsIn;
                }
                Offer::Incomplete { missing: missing(settings) }
            }
            None => {
                let sources = settings.contact_sources();
                if !sources.is_empty() {
                    return Offer::Standalone { sources };
                }
                let of_books = [Key::CarddavUsername, Key::CarddavPassword];
                if !has_own_part(settings) && of_books.iter().any(|key| settings.is_set(*key)) {
                    return Offer::Incomplete { missing: vec![Key::CarddavUrl] };
                }
                if !is_begun {
                    return Offer::Nothing;
                }
                let mut missing = missing(settings);
                missing.push(Key::ServerUrl);
                missing.sort();
                Offer::Incomplete { missing }
            }
        }
    }
}

/// Whether a setting is there that says more than who the person is.
fn has_own_part(settings: &Effective) -> bool {
    let keys = EvidenceKind::ALL.iter().flat_map(|kind| kind.settings());
    keys.filter(|key| **key != CLAIM).any(|key| settings.is_set(*key))
}

/// What is missing of the kind that was begun: the first of which a part is there.
fn missing(settings: &Effective) -> Vec<Key> {
    let is_begun = |kind: &&EvidenceKind| {
        let mut own = kind.settings().iter().filter(|key| **key != CLAIM);
        let claimed = kind.settings().contains(&CLAIM) && settings.is_set(CLAIM);
        own.any(|key| settings.is_set(*key)) || (claimed && !has_own_part(settings))
    };
    // A kind of one part is there or not begun.
    let mut kinds = EvidenceKind::ALL.iter().filter(|kind| kind.settings().len() > 1);
    let Some(kind) = kinds.find(is_begun) else { return Vec::new() };
    let mut missing: Vec<Key> =
        kind.settings().iter().copied().filter(|key| !settings.is_set(*key)).collect();
    missing.sort();
    missing
}
