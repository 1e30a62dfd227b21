//! Version numbers, compared component by component.
use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Most components of a version; phones and apps use two to four.
const COMPONENTS: usize = 8;

/// A version such as `17.10` or `2.4.1`. Compared per component as numbers, so `17.10` is newer
/// than `17.9`, and `14` equals `14.0`. A build or pre-release suffix (`-beta`, `+812`) is kept for
/// display and does not count.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version {
    text: String,
    /// Without trailing zeros.
    components: Vec<u32>,
}

/// A text that is not a version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a version number")]
pub struct BadVersion;

impl Version {
    /// Reads digits separated by points, with an optional suffix after `-` or `+`.
    pub fn parse(text: &str) -> Result<Self, BadVersion> {
        let text = text.trim();
        let number = text.split(['-', '+']).next().unwrap_or_default();
        let mut components = Vec::new();
        for part in number.split('.') {
            let plain = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if !plain || components.len() == COMPONENTS || text.len() > 64 {
                return Err(BadVersion);
            }
            components.push(part.parse().map_err(|_| BadVersion)?);
        }
        while components.last() == Some(&0) {
            components.pop();
        }
        Ok(Self { text: text.to_owned(), components })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        // A missing component is 0, and trailing zeros are gone, so plain list order is right.
        self.components.cmp(&other.components)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for Version {
    type Error = BadVersion;

    fn try_from(text: String) -> Result<Self, BadVersion> {
        Self::parse(&text)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> Self {
        version.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_numbers() {
        let check = |a: &str, b: &str, expect| {
            let (a, b) = (Version::parse(a).unwrap(), Version::parse(b).unwrap());
            assert_eq!(a.cmp(&b), expect, "{a} and {b}");
        };
        check("17.10", "17.9", Ordering::Greater);
        check("9", "14", Ordering::Less);
        check("14", "14.0.0", Ordering::Equal);
        check("1.0.1", "1", Ordering::Greater);
        check("2.4.1-beta", "2.4.1+812", Ordering::Equal);
        check("010.2", "10.2", Ordering::Equal);
    }

    #[test]
    fn versions_compare_number_by_number() {
        for (a, b, expected) in [
            ("17.10", "17.9", Ordering::Greater),
            ("17", "17.0.0", Ordering::Equal),
            ("9", "10", Ordering::Less),
            ("14.0.1", "14", Ordering::Greater),
        ] {
            let (one, other) = (Version::parse(a).unwrap(), Version::parse(b).unwrap());
            assert_eq!(one.cmp(&other), expected, "{a} {b}");
            assert_eq!(other.cmp(&one), expected.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn what_is_not_a_version() {
        for bad in
            ["", ".", "1.", "1..2", "v1", "Baklava", "-1", "99999999999", "1.2.3.4.5.6.7.8.9"]
        {
            assert_eq!(Version::parse(bad), Err(BadVersion), "{bad}");
        }
    }
}
