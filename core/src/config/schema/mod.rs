//! The one table of settings, and the words it is written in.
//!
//! Everything that knows a setting derives from [`Key::ALL`] and [`Key::setting`]: validation,
//! layers, fail-safe behaviour and change sets here; the Android restrictions file, the iOS specfile,
//! the reference for admins and the JSON Schema in `xtask/schema`, which writes them. A new setting is
//! one row in `table.rs`, one text in `texts/`, and whatever reads it; until something does, its row
//! says so ([`Planned`]), or a test of `xtask/schema` fails.
//!
//! Never here: values of a phone, or code that reads them.
mod table;
mod texts;

#[cfg(test)]
mod tests;

use crate::ids::Platform;

pub use table::Key;
pub use texts::Text;

/// What a setting may hold, on every layer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Type {
    /// Yes or no.
    Bool,
    /// A whole number within bounds, both allowed.
    Int {
        /// The smallest allowed value.
        min: i64,
        /// The largest allowed value.
        max: i64,
    },
    /// Free text, at most so many characters.
    Text {
        /// Characters after trimming.
        max: usize,
    },
    /// One e-mail address.
    Email,
    /// An https URL without user name or password in it.
    Url,
    /// Up to four numbers with dots, for example `17.4.1`. Compared number by number.
    Version,
    /// A two-letter country code (ISO 3166-1), for example `DE`.
    Region,
    /// One of a closed list of words.
    Choice(&'static [&'static str]),
    /// Several items: one comma-separated string, or an array of strings.
    List(Item),
    /// Several contact sources, each with `name`, `carddav_url`, `carddav_username` and
    /// `carddav_password`.
    Sources,
}

/// What one item of a list may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// A host, or a host and port.
    Host,
    /// A JWK thumbprint (RFC 7638) with SHA-256, in base64url without padding: 43 characters.
    Thumbprint,
    /// The name of an Android package.
    Package,
    /// `category:NAME` or `department:NAME`, with `!` before it to leave such contacts out.
    Filter,
}

impl Item {
    /// What one looks like, for messages and for the reference.
    pub fn form(self) -> &'static str {
        match self {
            Item::Host => "muster.example.com",
            Item::Thumbprint => "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            Item::Package => "com.example.app",
            Item::Filter => "department:Sales",
        }
    }
}

/// Which value of a setting is the stricter one. A setting with anything but `None` is a
/// *restricting* setting: an unreadable value never loosens it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Strict {
    /// Does not restrict anything.
    None,
    /// `true` is stricter.
    True,
    /// `false` is stricter.
    False,
    /// The higher number or version is stricter.
    Higher,
    /// The lower number is stricter.
    Lower,
    /// Words, the strictest first.
    Order(&'static [&'static str]),
    /// Of a list, fewer items are stricter.
    Fewer,
}

/// What is in force when a value can't be read and no last good one is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unreadable {
    /// The layer below.
    Below,
    /// The strict value: of a boolean the strict one, of a number the nearest bound, of a list only
    /// its readable items.
    Strict,
    /// This word.
    Word(&'static str),
    /// The layer below, and the rule can only warn until it is mended: a typing mistake must not
    /// lock a fleet.
    Warn,
}

/// When a change is taken up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Read {
    /// Only when the agent activates.
    Activation,
    /// At once.
    Live,
}

/// Which layers may set a value. The management server's two layers go together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sources {
    /// The person, in the app.
    pub person: bool,
    /// The MDM system, by managed configuration.
    pub mdm: bool,
    /// The management server, by its policy.
    pub server: bool,
}

/// What has to happen when a setting changes, beyond showing it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Affects {
    /// Nothing but the screens.
    Screens,
    /// The evidence for activation: try it beside the old one.
    Activation,
    /// Which contacts are on the phone and where.
    Contacts,
    /// The rules.
    Compliance,
    /// When the agent wakes up.
    Schedule,
}

/// What of a setting this version of the app does not do yet. It is accepted, checked and shown all
/// the same, so that a company can set it once; the reference, the consoles' forms and the feedback
/// say that it has no effect so far.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Planned {
    /// Nothing: it does what its description says.
    Nothing,
    /// All of it: nothing reads it, on neither platform.
    Everything,
    /// Its effect on this platform; on the other one it works.
    On(Platform),
    /// What these values ask for: words of a choice, or `true` and `false`. Other values work.
    Values(&'static [&'static str]),
}

/// A default that is compiled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Builtin {
    /// Unset.
    None,
    /// Of a boolean.
    Bool(bool),
    /// Of a number.
    Int(i64),
    /// Of a word.
    Word(&'static str),
}

/// Another name under which other products know the same setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alias {
    /// The key as it comes from the MDM.
    pub name: &'static str,
    /// The product it stems from.
    pub product: &'static str,
    /// How its values are read.
    pub translate: Translate,
}

/// How the value of an alias becomes the value of the setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Translate {
    /// As it is.
    Same,
    /// A boolean stands for one of two words.
    Words {
        /// For `true`.
        yes: &'static str,
        /// For `false`.
        no: &'static str,
    },
}

/// The groups of settings, in the order of the reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    /// How the phone gets in.
    Activation,
    /// Who uses it.
    Person,
    /// Which phone it is.
    Device,
    /// The company's contacts.
    Contacts,
    /// What the app does and forbids.
    Behaviour,
    /// What the phone must be like.
    Compliance,
    /// Whom people ask.
    Support,
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 7] = [
        Group::Activation,
        Group::Person,
        Group::Device,
        Group::Contacts,
        Group::Behaviour,
        Group::Compliance,
        Group::Support,
    ];

    /// The title in English, German and Swedish.
    pub fn title(self) -> [&'static str; 3] {
        match self {
            Group::Activation => ["Activation", "Aktivierung", "Aktivering"],
            Group::Person => ["Person", "Person", "Person"],
            Group::Device => ["Device", "Gerät", "Enhet"],
            Group::Contacts => ["Contacts", "Kontakte", "Kontakter"],
            Group::Behaviour => ["Behaviour", "Verhalten", "Beteende"],
            Group::Compliance => ["Compliance", "Vorgaben für das Gerät", "Krav på enheten"],
            Group::Support => ["Support", "Hilfe", "Support"],
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its constant.
    pub key: Key,
    /// Its name in every MDM console and on the server.
    pub name: &'static str,
    /// Where it stands in the reference.
    pub group: Group,
    /// What it may hold.
    pub kind: Type,
    /// Compiled in.
    pub default: Builtin,
    /// Never shown, logged or reported.
    pub secret: bool,
    /// Only this platform heeds it; `None` means both.
    pub only_on: Option<Platform>,
    /// When a change is taken up.
    pub read: Read,
    /// Who may set it.
    pub sources: Sources,
    /// Which value is stricter.
    pub strict: Strict,
    /// What holds when it can't be read.
    pub unreadable: Unreadable,
    /// The server's layers may only make it stricter than the MDM did, never looser.
    pub tighten_only: bool,
    /// What follows from a change.
    pub affects: Affects,
    /// What of it has no effect yet.
    pub planned: Planned,
    /// Names from other products.
    pub aliases: &'static [Alias],
    /// A value as an admin would type it.
    pub example: &'static str,
    /// Title and description.
    pub text: &'static Text,
}

impl Setting {
    /// Whether `platform` heeds it.
    pub fn works_on(&self, platform: Platform) -> bool {
        self.only_on.is_none_or(|only| only == platform)
    }
}

impl Key {
    /// The setting that `name` is an alias of.
    pub fn from_alias(name: &str) -> Option<(Key, Alias)> {
        Key::ALL.into_iter().find_map(|key| {
            let alias = key.setting().aliases.iter().find(|alias| alias.name == name)?;
            Some((key, *alias))
        })
    }

    /// Its name in MDM consoles and on the wire.
    pub fn name(self) -> &'static str {
        self.setting().name
    }

    /// Its compiled-in default as a number, in the unit that its name ends in (hours or days);
    /// `None` if it has none or is no number.
    ///
    /// A constant expression, so that whoever needs a number at all events finds out at compile time
    /// that the table has one:
    ///
    /// ```
    /// use muster_core::config::Key;
    /// const GRACE_DAYS: i64 = Key::OfflineGraceDays.default_int().expect("the table has a default");
    /// assert!(GRACE_DAYS > 0);
    /// ```
    pub const fn default_int(self) -> Option<i64> {
        match self.setting().default {
            Builtin::Int(number) => Some(number),
            _ => None,
        }
    }
}

impl serde::Serialize for Key {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
