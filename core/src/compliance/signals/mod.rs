//! What the shell says about the phone.
//!
//! Every signal is known, unknown or not applicable, and these three never turn into one another by
//! accident: a shell that lacks a permission says *unknown*, and a rule about something that the
//! platform does not have is silently met.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mend::Mend;
use crate::ids::Platform;
use crate::time::{DAY_MS, WallMs};
use crate::version::Version;

mod json;
mod table;

pub use json::{SignalError, SignalsError};
pub(crate) use table::Shape;
pub use table::SignalKind;

/// How strong a screen lock is, as Android grades it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Complexity {
    /// No lock.
    None,
    /// A pattern, or a PIN with repetitions.
    Low,
    /// A PIN without repetitions, or a password, of four characters.
    Medium,
    /// A PIN of eight digits, or a password of six characters.
    High,
}

impl Complexity {
    /// The token in rules and files.
    pub fn as_str(self) -> &'static str {
        ["none", "low", "medium", "high"][self as usize]
    }

    /// Finds a grade by its token.
    pub fn from_token(token: &str) -> Option<Self> {
        [Self::None, Self::Low, Self::Medium, Self::High].into_iter().find(|c| c.as_str() == token)
    }
}

/// Which lock a lock signal speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockScope {
    /// The lock of the whole phone.
    #[default]
    Device,
    /// The separate lock of the work profile.
    WorkProfile,
}

impl LockScope {
    /// The token in files.
    pub fn as_str(self) -> &'static str {
        match self {
            LockScope::Device => "device",
            LockScope::WorkProfile => "work_profile",
        }
    }
}

/// A calendar day, as Android writes its security patch level (`2025-06-05`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PatchDate {
    /// Days since 1970-01-01.
    days: i32,
}

impl PatchDate {
    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let shape_fits = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date: jiff::civil::Date = shape_fits.then(|| text.parse().ok()).flatten()?;
        let days = (date - jiff::civil::date(1970, 1, 1)).get_days();
        Some(Self { days })
    }

    /// Midnight UTC at the beginning of this day.
    pub fn start(self) -> WallMs {
        WallMs(i64::from(self.days) * DAY_MS)
    }

    /// Whole days from the beginning of this day to `now`; negative for a day to come.
    pub fn age_days(self, now: WallMs) -> i64 {
        (now.0.saturating_sub(self.start().0)).div_euclid(DAY_MS)
    }
}

impl std::fmt::Display for PatchDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let second = i64::from(self.days) * (DAY_MS / 1000);
        match jiff::Timestamp::from_second(second) {
            Ok(moment) => write!(f, "{}", jiff::tz::TimeZone::UTC.to_datetime(moment).date()),
            Err(_) => f.write_str("-"),
        }
    }
}

impl TryFrom<String> for PatchDate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a date")
    }
}

impl From<PatchDate> for String {
    fn from(date: PatchDate) -> Self {
        date.to_string()
    }
}

/// A known value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SignalValue {
    /// Yes or no.
    Flag(bool),
    /// Whether a lock is set, and which.
    Lock {
        /// It is set.
        set: bool,
        /// Which lock.
        scope: LockScope,
    },
    /// A grade.
    Complexity(Complexity),
    /// A version.
    Version(Version),
    /// A day.
    Date(PatchDate),
}

impl SignalValue {
    /// Yes or no, for signals that are.
    pub fn flag(&self) -> Option<bool> {
        match self {
            SignalValue::Flag(value) | SignalValue::Lock { set: value, .. } => Some(*value),
            _ => None,
        }
    }
}

/// Why a signal is unknown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnknownReason {
    /// The shell has not said anything about it yet.
    NotCollected,
    /// A permission is missing.
    NoPermission,
    /// The phone's system is too old to tell.
    TooOld,
    /// The phone has not been unlocked since it started.
    NotUnlocked,
    /// The platform answered with an error.
    Failed,
    /// Any other reason.
    Other,
}

impl UnknownReason {
    /// What helps against it.
    pub(crate) fn mend(self) -> Option<Mend> {
        match self {
            UnknownReason::NoPermission => Some(Mend::OpenAppPermissions),
            UnknownReason::TooOld => Some(Mend::OpenSystemUpdate),
            UnknownReason::NotUnlocked => None,
            UnknownReason::NotCollected | UnknownReason::Failed | UnknownReason::Other => {
                Some(Mend::ContactSupport)
            }
        }
    }

    const ALL: [UnknownReason; 6] = [
        UnknownReason::NotCollected,
        UnknownReason::NoPermission,
        UnknownReason::TooOld,
        UnknownReason::NotUnlocked,
        UnknownReason::Failed,
        UnknownReason::Other,
    ];

    /// The token in files.
    pub fn as_str(self) -> &'static str {
        ["not_collected", "no_permission", "too_old", "not_unlocked", "failed", "other"]
            [self as usize]
    }

    /// Finds a reason by its token; one that is not listed is [`UnknownReason::Other`].
    pub fn from_token(token: &str) -> Self {
        Self::ALL.into_iter().find(|r| r.as_str() == token).unwrap_or(UnknownReason::Other)
    }
}

/// What is known of one thing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Signal {
    /// The value.
    Known(SignalValue),
    /// It has a value, but the shell can't tell.
    Unknown(UnknownReason),
    /// The phone has no such thing, so no rule about it applies.
    NotApplicable,
}

/// All signals of one moment. One that is missing is unknown: not collected.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signals {
    signals: BTreeMap<SignalKind, Signal>,
}

impl Signals {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one signal. A value whose form does not fit `kind` counts as unknown.
    pub fn set(&mut self, kind: SignalKind, signal: Signal) {
        let fits = match (&signal, kind.shape()) {
            (Signal::Known(SignalValue::Flag(_)), Shape::Flag { .. })
            | (Signal::Known(SignalValue::Complexity(_)), Shape::Complexity)
            | (Signal::Known(SignalValue::Version(_)), Shape::Version)
            | (Signal::Known(SignalValue::Date(_)), Shape::Date) => true,
            (Signal::Known(SignalValue::Lock { .. }), _) => kind == SignalKind::ScreenLock,
            (Signal::Known(_), _) => false,
            (Signal::Unknown(_) | Signal::NotApplicable, _) => true,
        };
        let signal = if fits { signal } else { Signal::Unknown(UnknownReason::Failed) };
        self.signals.insert(kind, signal);
    }

    /// The same with one signal more, for building in one expression.
    pub fn with(mut self, kind: SignalKind, value: SignalValue) -> Self {
        self.set(kind, Signal::Known(value));
        self
    }

    /// One signal.
    pub fn get(&self, kind: SignalKind) -> Signal {
        self.signals.get(&kind).cloned().unwrap_or(Signal::Unknown(UnknownReason::NotCollected))
    }

    /// A known yes or no.
    pub fn flag(&self, kind: SignalKind) -> Option<bool> {
        match self.signals.get(&kind) {
            Some(Signal::Known(value)) => value.flag(),
            _ => None,
        }
    }

    /// The signals that were set, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (SignalKind, &Signal)> {
        self.signals.iter().map(|(kind, signal)| (*kind, signal))
    }

    /// Applies what is true of every phone of `platform`, whatever its shell said: signals that
    /// don't exist there are not applicable, and on iOS the encryption follows the passcode.
    pub fn on(mut self, platform: Platform) -> Self {
        for kind in SignalKind::all().filter(|kind| !kind.exists_on(platform)) {
            self.signals.insert(kind, Signal::NotApplicable);
        }
        if platform == Platform::Ios {
            let follows = match self.get(SignalKind::ScreenLock) {
                Signal::Known(SignalValue::Lock { set, .. } | SignalValue::Flag(set)) => {
                    Signal::Known(SignalValue::Flag(set))
                }
                other => other,
            };
            self.signals.insert(SignalKind::StorageEncryption, follows);
        }
        self
    }
}
