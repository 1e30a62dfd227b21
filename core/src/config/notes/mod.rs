//! What there is to say about a value: a coercion, a problem, why one layer lost to another.
//!
//! A note never holds a received value. The one exception is the token of a placeholder of a
//! setting that is not secret, because that is what the admin has to look for.
mod texts;

use super::layer::Layer;
use super::schema::{Item, Key};
use crate::ids::{Language, Platform};

/// One remark about one setting.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// The setting.
    pub key: Key,
    /// Whose value it is about.
    pub layer: Layer,
    /// The remark.
    pub what: What,
}

/// The remarks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A boolean came as text.
    TextAsBool,
    /// A boolean came as a number.
    NumberAsBool,
    /// A number came as text.
    TextAsNumber,
    /// A whole number came with a decimal point.
    FloatAsNumber,
    /// A number came as a Java `Long`.
    LongAsNumber,
    /// A text came as a number.
    NumberAsText,
    /// A single value came as a list of one.
    OneOfAList,
    /// A list came as JSON in a text.
    JsonText,
    /// A list of bundles came as one bundle.
    OneBundle,
    /// Each bundle was wrapped once more.
    Unwrapped,
    /// There were blanks around it.
    Trimmed,
    /// Its accents were written as separate characters.
    Composed,
    /// A word was spelled differently.
    Spelling {
        /// As it should be.
        word: &'static str,
    },
    /// A whole address where a host is enough.
    HostOfUrl,
    /// It came under the name that another product uses.
    FromAlias {
        /// That name.
        alias: &'static str,
    },
    /// It also came under another product's name, which is not used.
    AliasIgnored {
        /// That name.
        alias: &'static str,
    },
    /// Not a boolean.
    NotABool,
    /// Not a number.
    NotANumber,
    /// A number with a fraction.
    NotWhole,
    /// Outside the bounds.
    OutOfRange {
        /// The smallest allowed value.
        min: i64,
        /// The largest allowed value.
        max: i64,
    },
    /// Too many characters.
    TooLong {
        /// As many are allowed.
        max: usize,
    },
    /// Line breaks, tabs or invisible control characters.
    ControlCharacters,
    /// Not one of the words.
    NotAChoice {
        /// The allowed ones.
        words: &'static [&'static str],
    },
    /// Not a version.
    NotAVersion,
    /// Not a country code.
    NotARegion,
    /// Not an address.
    NotAUrl,
    /// An address without https.
    NotHttps,
    /// An address with user name or password in it.
    CredentialsInUrl,
    /// Not an e-mail address.
    NotAnEmail,
    /// A type that this setting can't take.
    WrongType,
    /// Items of a list that can't be used.
    BadItems {
        /// How many.
        count: usize,
        /// What they should be.
        item: Item,
    },
    /// More items than anybody needs.
    TooManyItems {
        /// As many are allowed.
        max: usize,
    },
    /// A contact source that can't be used.
    BadSource {
        /// Which one, counted from 1.
        number: usize,
        /// Its field.
        field: &'static str,
    },
    /// A placeholder that was not filled in.
    Unexpanded {
        /// Whose it looks like.
        vendor: &'static str,
        /// As it stands in the value.
        token: String,
    },
    /// A secret that looks like a placeholder, and is used all the same.
    SecretLooksUnexpanded {
        /// Whose it looks like.
        vendor: &'static str,
    },
    /// An empty value where one is needed.
    Empty,
    /// The last good value stays in force.
    KeptLastGood,
    /// The strict value is in force.
    TookStrict,
    /// The value of the layer below is in force.
    UsedBelow,
    /// Its rule can only warn.
    OnlyWarns,
    /// This layer may not set it.
    NotFromHere,
    /// Looser than what the MDM set.
    LooserIgnored,
    /// The MDM's value can't be unset.
    UnsetIgnored,
    /// Larger than the MDM's value.
    LargerIgnored,
    /// A layer above wins.
    OverriddenBy(Layer),
    /// The management server took the value of the layer below away.
    UnsetBy(Layer),
    /// Several admins of the phone set it differently.
    SeveralAdmins,
    /// The ManagedApp framework's value wins over the classic dictionary's.
    ManagedAppWins,
    /// It has no effect on this platform.
    OtherPlatform(Platform),
    /// This version of the app does nothing with it yet, at least on this platform.
    Planned,
    /// This version of the app does not do yet what this value asks for.
    PlannedValue {
        /// The word of the table; never what was received.
        word: &'static str,
    },
}

impl What {
    /// Whether somebody has to do something about it.
    pub fn is_problem(&self) -> bool {
        use What::*;
        matches!(
            self,
            NotABool
                | NotANumber
                | NotWhole
                | OutOfRange { .. }
                | TooLong { .. }
                | ControlCharacters
                | NotAChoice { .. }
                | NotAVersion
                | NotARegion
                | NotAUrl
                | NotHttps
                | CredentialsInUrl
                | NotAnEmail
                | WrongType
                | BadItems { .. }
                | TooManyItems { .. }
                | BadSource { .. }
                | Unexpanded { .. }
                | Empty
                | NotFromHere
                | LooserIgnored
                | UnsetIgnored
        )
    }
}

impl What {
    /// Whether it says what holds instead of an unusable value.
    pub fn is_outcome(&self) -> bool {
        use What::*;
        matches!(self, KeptLastGood | TookStrict | UsedBelow | OnlyWarns)
    }

    /// Whether it says that this version of the app does not do what was asked for yet.
    pub fn is_planned(&self) -> bool {
        matches!(self, What::Planned | What::PlannedValue { .. })
    }
}

impl Note {
    /// The remark as a sentence that names the setting and says what to do.
    pub fn text(&self, language: Language) -> String {
        texts::sentence(self, language)
    }

    /// See [`What::is_problem`].
    pub fn is_problem(&self) -> bool {
        self.what.is_problem()
    }
}
