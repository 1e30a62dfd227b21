//! Placeholders that an MDM should have filled in and did not.
//!
//! Only a whole placeholder counts. A percent escape in an address (`%AA%20`), a `$` in a password
//! and a brace in a name are none, so the forms that ordinary text can have are only recognised with
//! the words that the vendor documents.
use crate::config::notes::Remark;

/// How a vendor marks a placeholder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// `{{word}}`
    DoubleBrace,
    /// `${word}`
    DollarBrace,
    /// `{word}`
    Brace,
    /// `$WORD`, not followed by a letter, digit or `_`.
    Dollar,
    /// `$word$`
    Dollars,
    /// `%_WORD_%`
    PercentUnderscore,
    /// `%word%`
    Percent,
    /// `[WORD]`
    Bracket,
}

/// One vendor's placeholders of one shape.
#[derive(Clone, Copy, Debug)]
pub struct Placeholders {
    /// As an admin knows it.
    pub vendor: &'static str,
    /// How it is marked.
    pub shape: Shape,
    /// The words; one that ends in `*` stands for every word that begins so. `*` alone: any word.
    pub words: &'static [&'static str],
}

/// Every placeholder that is recognised. The first row that fits names the vendor, so rows with
/// words stand before rows with `*`.
pub const PLACEHOLDERS: &[Placeholders] = &[
    Placeholders { vendor: "Addigy", shape: Shape::DoubleBrace, words: &[".*"] },
    Placeholders { vendor: "Intune", shape: Shape::DoubleBrace, words: &["*"] },
    Placeholders { vendor: "Citrix", shape: Shape::DollarBrace, words: &["user.*", "device.*"] },
    Placeholders { vendor: "Ivanti", shape: Shape::DollarBrace, words: &["*"] },
    Placeholders {
        vendor: "Workspace ONE",
        shape: Shape::Brace,
        words: &[
            "EmailAddress",
            "EmailUserName",
            "EmailDomain",
            "EnrollmentUser",
            "EnrollmentUserId",
            "UserPrincipalName",
            "UserName",
            "UserDomain",
            "FirstName",
            "LastName",
            "MiddleName",
            "FullName",
            "PhoneNumber",
            "MobileNumber",
            "Department",
            "EmployeeIdentifier",
            "CostCenter",
            "ManagerDistinguishedName",
            "GroupIdentifier",
            "OrganizationGroup",
            "CustomAttribute*",
            "Device*",
            "SessionToken",
        ],
    },
    Placeholders {
        vendor: "Jamf",
        shape: Shape::Dollar,
        words: &[
            "EMAIL",
            "USERNAME",
            "FULLNAME",
            "REALNAME",
            "PHONE",
            "POSITION",
            "DEPARTMENT",
            "DEPARTMENTNAME",
            "DEPARTMENTID",
            "BUILDING",
            "BUILDINGNAME",
            "BUILDINGID",
            "ROOM",
            "SERIALNUMBER",
            "UDID",
            "JSSID",
            "DEVICENAME",
            "DEVICEID",
            "ASSET_TAG",
            "SITENAME",
            "SITEID",
            "MACADDRESS",
            "MANAGEMENTID",
            "COMPUTERNAME",
            "EXTENSIONATTRIBUTE_*",
        ],
    },
    Placeholders {
        vendor: "Kandji",
        shape: Shape::Dollar,
        words: &[
            "FULL_NAME",
            "FIRST_NAME",
            "LAST_NAME",
            "SERIAL_NUMBER",
            "DEVICE_NAME",
            "DEVICE_ID",
            "USER_EMAIL",
            "JOB_TITLE",
            "EMAIL_PREFIX",
            "BLUEPRINT_NAME",
        ],
    },
    Placeholders { vendor: "Meraki", shape: Shape::Dollar, words: &["OWNEREMAIL", "OWNERNAME"] },
    Placeholders {
        vendor: "Esper",
        shape: Shape::Dollars,
        words: &["serial*", "device*", "imei*", "wifi*", "alias*", "user*", "email*"],
    },
    Placeholders { vendor: "Sophos", shape: Shape::PercentUnderscore, words: &["*"] },
    Placeholders {
        vendor: "SOTI",
        shape: Shape::Percent,
        words: &["ENROLLEDUSER_*", "DEVICE*", "MCDEVICE*", "SERIALNUM*", "CUSTOM:*"],
    },
    Placeholders {
        vendor: "BlackBerry",
        shape: Shape::Percent,
        words: &["User*", "Device*", "Custom*", "SerialNumber", "Perimeter*"],
    },
    Placeholders {
        vendor: "MaaS360",
        shape: Shape::Percent,
        words: &[
            "upn",
            "user",
            "username",
            "email",
            "emailaddress",
            "domain",
            "csn",
            "serial",
            "serialnumber",
            "imei",
            "udid",
            "fullname",
            "firstname",
            "lastname",
            "devicename",
            "deviceid",
        ],
    },
    Placeholders { vendor: "Miradore", shape: Shape::Bracket, words: &["USER*", "DEVICE*"] },
];

/// A placeholder found in a value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Placeholder {
    pub(super) vendor: &'static str,
    /// As it stands in the value, marks included.
    pub(super) token: String,
}

impl Placeholder {
    pub(super) fn note(self) -> Remark {
        Remark::Unexpanded { vendor: self.vendor, token: self.token }
    }
}

impl Shape {
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Shape::DoubleBrace => ("{{", "}}"),
            Shape::DollarBrace => ("${", "}"),
            Shape::Brace => ("{", "}"),
            Shape::Dollar => ("$", ""),
            Shape::Dollars => ("$", "$"),
            Shape::PercentUnderscore => ("%_", "_%"),
            Shape::Percent => ("%", "%"),
            Shape::Bracket => ("[", "]"),
        }
    }

    /// `word` with its marks around it.
    pub fn token(self, word: &str) -> String {
        let (open, close) = self.marks();
        format!("{open}{word}{close}")
    }
}

/// Longer words are text, not placeholders; this also bounds the search.
const WORD_BYTES: usize = 64;

/// The first placeholder in `text`.
pub(super) fn find(text: &str) -> Option<Placeholder> {
    if !text.contains(['{', '$', '%', '[']) {
        return None;
    }
    PLACEHOLDERS.iter().find_map(|row| find_row(row, text))
}

fn find_row(row: &Placeholders, text: &str) -> Option<Placeholder> {
    let (open, close) = row.shape.marks();
    text.match_indices(open).find_map(|(at, _)| {
        let rest = &text[at + open.len()..];
        // As far as a word reaches: ordinary text ends the look at once, so that a long value full
        // of marks costs no more than its length.
        let run = rest.bytes().take(WORD_BYTES).take_while(|byte| is_inner(*byte)).count();
        let word = if close.is_empty() {
            let end = rest[..run].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            &rest[..end.unwrap_or(run)]
        } else {
            let near = &rest[..floor(rest, run + close.len())];
            &near[..near.find(close)?]
        };
        let name = word.trim_matches(' ');
        let fits = name.len() <= WORD_BYTES && is_word(name, row.shape) && row.has(name);
        fits.then(|| Placeholder { vendor: row.vendor, token: row.shape.token(word) })
    })
}

impl Placeholders {
    fn has(&self, name: &str) -> bool {
        self.words.iter().any(|word| match word.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => *word == name,
        })
    }
}

/// Letters, digits and the marks that vendors put between them.
fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b':' | b' ' | b'"')
}

/// A letter first, and blanks and quotes only where a vendor has them.
fn is_word(name: &str, shape: Shape) -> bool {
    let first = name.trim_start_matches('.').chars().next();
    let spaced = shape == Shape::DoubleBrace;
    first.is_some_and(|c| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| is_inner(byte) && (spaced || !matches!(byte, b' ' | b'"')))
}

/// The largest place not above `at` where `text` may be cut.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
