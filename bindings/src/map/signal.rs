//! What the shell says about the phone.
use std::collections::HashMap;

use muster_core::compliance::{Complexity, PatchDate, Signal, SignalValue, Signals, Version};

pub use muster_core::compliance::{LockScope, SignalKind, UnknownReason};

macro_rules! signal_kinds {
    ($($(#[$doc:meta])* $kind:ident $token:literal $row:tt)*) => {
        /// What a signal is about.
        #[uniffi::remote(Enum)]
        pub enum SignalKind {
            $($(#[$doc])* $kind,)*
        }
    };
}

muster_core::signal_table!(signal_kinds);

/// Which lock a lock signal speaks of.
#[uniffi::remote(Enum)]
pub enum LockScope {
    /// The lock of the whole phone.
    Device,
    /// The separate lock of the work profile.
    WorkProfile,
}

/// How strong a screen lock is, as Android grades it.
pub type PasswordComplexity = Complexity;

/// How strong a screen lock is, as Android grades it.
#[uniffi::remote(Enum)]
pub enum PasswordComplexity {
    /// No lock.
    None,
    /// A pattern, or a PIN with repetitions.
    Low,
    /// A PIN without repetitions, or a password, of four characters.
    Medium,
    /// A PIN of eight digits, or a password of six characters.
    High,
}

/// Why a signal is unknown.
#[uniffi::remote(Enum)]
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

/// What is known of one signal. A reading that does not fit its signal counts as unknown.
#[derive(Clone, PartialEq, Eq, Debug, uniffi::Enum)]
pub enum SignalReading {
    /// Yes or no.
    Flag {
        /// Which.
        value: bool,
    },
    /// Whether a lock is set, and which.
    Lock {
        /// It is set.
        set: bool,
        /// Which lock.
        scope: LockScope,
    },
    /// A grade.
    Complexity {
        /// Which.
        grade: PasswordComplexity,
    },
    /// A version.
    Version {
        /// Such as `15` or `18.2.1`.
        text: String,
    },
    /// A day.
    Date {
        /// As `2025-06-05`.
        text: String,
    },
    /// It has a value, but the shell can't tell.
    Unknown {
        /// Why.
        reason: UnknownReason,
    },
    /// The phone has no such thing, so no rule about it applies.
    NotApplicable,
}

impl From<SignalReading> for Signal {
    fn from(reading: SignalReading) -> Self {
        let known = match reading {
            SignalReading::Flag { value } => Some(SignalValue::Flag(value)),
            SignalReading::Lock { set, scope } => Some(SignalValue::Lock { set, scope }),
            SignalReading::Complexity { grade } => Some(SignalValue::Complexity(grade)),
            SignalReading::Version { text } => Version::parse(&text).ok().map(SignalValue::Version),
            SignalReading::Date { text } => PatchDate::parse(&text).map(SignalValue::Date),
            SignalReading::Unknown { reason } => return Signal::Unknown(reason),
            SignalReading::NotApplicable => return Signal::NotApplicable,
        };
        // Preview builds call themselves anything, and one odd text must not cost all the others.
        known.map_or(Signal::Unknown(UnknownReason::Failed), Signal::Known)
    }
}

/// All readings together.
pub(crate) fn signals(readings: HashMap<SignalKind, SignalReading>) -> Signals {
    let mut signals = Signals::new();
    for (kind, reading) in readings {
        signals.set(kind, reading.into());
    }
    signals
}
