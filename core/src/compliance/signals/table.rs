//! The table of signals. One row a signal; read it top to bottom.
//!
//! Everything that knows a signal derives from here: tokens, the form of its value, where it exists,
//! which settings make a rule about it, what mends it, and the type of the library for other
//! languages. A new signal is a row here and its words in `messages`; then the shells collect it.
use serde::{Deserialize, Serialize};

use crate::compliance::mend::Mend;
use crate::config::Key;
use crate::ids::Platform;

/// Hands the rows to a macro. In a row: the kind and its token; the form of its value; where it
/// exists; what mends it; the settings that demand something of it, where there are any.
#[doc(hidden)]
#[macro_export]
macro_rules! signal_table {
    ($declare:ident) => {
        $declare! {
            /// A screen lock (Android `KeyguardManager.isDeviceSecure`) or passcode (iOS) is set:
            /// `Lock`.
            ScreenLock "screen_lock"
                (Flag { good: true }, Both, OpenSecuritySettings, [Key::RequireScreenLock])
            /// How strong the screen lock is (Android 10 and later): `Complexity`.
            PasswordComplexity "password_complexity"
                (Complexity, AndroidOnly, OpenSecuritySettings, [Key::MinPasswordComplexity])
            /// Version of the operating system: `Version`.
            OsVersion "os_version"
                (Version, Both, OpenSystemUpdate, [Key::MinOsVersion])
            /// Date of the Android security patch level: `Date`.
            SecurityPatch "security_patch"
                (Date, AndroidOnly, OpenSystemUpdate, [Key::MaxPatchAgeDays])
            /// The storage is encrypted: `Flag`. On iOS it is as soon as there is a passcode: what
            /// its shell says of the screen lock decides, so it need not say anything of this.
            StorageEncryption "storage_encryption"
                (Flag { good: true }, Both, OpenEncryption, [Key::RequireEncryption])
            /// Developer options are on: `Flag`.
            DeveloperOptions "developer_options"
                (Flag { good: false }, AndroidOnly, OpenDeveloperOptions, [Key::ForbidDeveloperOptions])
            /// Debugging over USB is on: `Flag`.
            Adb "adb"
                (Flag { good: false }, AndroidOnly, OpenDeveloperOptions, [Key::ForbidDebugging])
            /// The agent runs in a work profile: `Flag`.
            WorkProfile "work_profile"
                (Flag { good: true }, AndroidOnly, ContactSupport, [Key::RequireWorkProfile])
            /// The phone belongs to the organisation: `Flag`.
            OrganizationOwned "organization_owned"
                (Flag { good: true }, AndroidOnly, ContactSupport, [])
            /// Version of this app: `Version`.
            AppVersion "app_version"
                (Version, Both, OpenAppStore, [Key::MinAppVersion])
            /// The system lets the app work in the background (not hibernated or restricted): `Flag`.
            BackgroundAllowed "background_allowed"
                (Flag { good: true }, AndroidOnly, OpenBatterySettings, [])
            /// iOS Background App Refresh is on for this app: `Flag`.
            BackgroundAppRefresh "background_app_refresh"
                (Flag { good: true }, IosOnly, OpenBackgroundRefresh, [])
            /// Caller ID of this app is switched on in the settings of the phone: `Flag`.
            CallerIdEnabled "caller_id_enabled"
                (Flag { good: true }, Both, OpenCallSettings, [])
            /// No sign that the phone was tampered with: `Flag`. A guess: it can warn, never enforce.
            Integrity "integrity"
                (Flag { good: true }, Both, ContactSupport, [])
        }
    };
}

/// What kind of value a signal has, and so what a rule can demand of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    /// Yes or no; `good` is the only one that a rule can demand.
    Flag {
        /// The value that is in order.
        good: bool,
    },
    /// At least a grade.
    Complexity,
    /// At least a version.
    Version,
    /// Not before a day, or not older than so many days.
    Date,
}

/// Where a signal exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Where {
    Both,
    AndroidOnly,
    IosOnly,
}

struct Row {
    kind: SignalKind,
    token: &'static str,
    shape: Shape,
    exists: Where,
    mend: Mend,
    demanded_by: &'static [Key],
}

macro_rules! declare {
    ($(
        $(#[$doc:meta])*
        $kind:ident $token:literal ($shape:expr, $exists:ident, $mend:ident, [$($key:expr),*])
    )*) => {
        /// What a signal is about.
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum SignalKind {
            $($(#[$doc])* $kind,)*
        }

        /// In the order of the enum.
        const TABLE: &[Row] = {
            use Shape::*;
            &[$(Row {
                kind: SignalKind::$kind,
                token: $token,
                shape: $shape,
                exists: Where::$exists,
                mend: Mend::$mend,
                demanded_by: &[$($key),*],
            }),*]
        };
    };
}

signal_table!(declare);

impl SignalKind {
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// Every signal, in the order of the table.
    pub fn all() -> impl Iterator<Item = SignalKind> {
        TABLE.iter().map(|row| row.kind)
    }

    /// The token in rules and files.
    pub fn as_str(self) -> &'static str {
        self.row().token
    }

    /// Finds a signal by its token.
    pub fn from_token(token: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.token == token).map(|row| row.kind)
    }

    /// Whether phones of `platform` have such a thing at all.
    pub fn exists_on(self, platform: Platform) -> bool {
        match self.row().exists {
            Where::Both => true,
            Where::AndroidOnly => platform == Platform::Android,
            Where::IosOnly => platform == Platform::Ios,
        }
    }

    /// A guess rather than a fact: it can warn, never enforce.
    pub fn low_confidence(self) -> bool {
        self == SignalKind::Integrity
    }

    /// What mends a signal that is not as it should be.
    pub fn mend(self) -> Mend {
        self.row().mend
    }

    pub(crate) fn shape(self) -> Shape {
        self.row().shape
    }

    /// The settings that make a rule about a signal, in the order of the settings.
    pub(crate) fn demands() -> Vec<(Key, SignalKind)> {
        let of_row = |row: &'static Row| row.demanded_by.iter().map(|key| (*key, row.kind));
        let mut demands: Vec<_> = TABLE.iter().flat_map(of_row).collect();
        demands.sort();
        demands
    }
}
