//! Names that must not be mistaken for one another: profile, tenant, issuer, language, platform.
use std::fmt;

use serde::{Deserialize, Serialize};

/// One person's use of one phone: its own folder, store and keys.
///
/// Lower-case letters, digits, `-` and `_`, 1 to 32 of them, because it becomes part of file names
/// and of key aliases on every platform.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProfileId(String);

impl ProfileId {
    /// The profile of a phone that only one person uses.
    pub const DEFAULT: &'static str = "default";

    /// Checks the form of `name`.
    pub fn new(name: &str) -> Option<Self> {
        let allowed =
            |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'_';
        let fits = !name.is_empty() && name.len() <= 32 && name.bytes().all(allowed);
        fits.then(|| Self(name.to_owned()))
    }

    /// The name as it stands in paths and aliases.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ProfileId {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The phone's operating system.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// Android.
    Android,
    /// iOS and iPadOS.
    Ios,
}

impl Platform {
    /// The token used on the wire and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Platform::Android => "android",
            Platform::Ios => "ios",
        }
    }
}

/// A language that people are spoken to in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English, also for everybody whose language Muster does not speak.
    #[default]
    En,
    /// German.
    De,
    /// Swedish.
    Sv,
}

impl Language {
    /// Every language, in the order of columns in text tables.
    pub const ALL: [Language; 3] = [Language::En, Language::De, Language::Sv];

    /// Their BCP 47 primary tags, in the same order: the values of the setting `language`.
    pub const TAGS: [&'static str; 3] = ["en", "de", "sv"];

    /// The best language for a BCP 47 tag such as `de-AT`.
    pub fn from_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        // Swiss German is written German.
        let primary = if primary == "gsw" { "de" } else { primary.as_str() };
        Self::ALL.into_iter().find(|language| language.as_str() == primary).unwrap_or_default()
    }

    /// The BCP 47 primary tag.
    pub fn as_str(self) -> &'static str {
        self.of(Self::TAGS)
    }

    /// Picks this language's column of a text table row `[en, de, sv]`.
    pub fn of<T: Copy>(self, row: [T; 3]) -> T {
        row[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_of_the_language_that_it_begins_with_and_english_otherwise() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.as_str()), language);
        }
        for (tag, language) in [
            ("de-AT", Language::De),
            ("DE_ch", Language::De),
            ("gsw-CH", Language::De),
            ("sv-FI", Language::Sv),
            ("den", Language::En),
            ("fr", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(Language::from_tag(tag), language, "{tag}");
        }
    }
}
