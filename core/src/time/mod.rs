//! Time as it comes in with every call. The core never reads a clock.
use serde::{Deserialize, Serialize};

mod trusted;

pub use trusted::TrustedTime;

/// Milliseconds since 1970-01-01T00:00:00Z by the phone's own clock, which a person can turn.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct WallMs(pub i64);

/// Milliseconds since the phone started, counting sleep (Android `elapsedRealtime`, iOS continuous
/// clock). Only comparable within one boot.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ElapsedMs(pub i64);

/// Which boot this is: any number that differs from one start of the phone to the next (Android
/// `Settings.Global.BOOT_COUNT`; iOS: a hash of the boot session id).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BootId(pub i64);

/// The moment of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Now {
    /// The phone's own clock.
    pub wall: WallMs,
    /// Monotonic time since the boot, counting sleep.
    pub elapsed: ElapsedMs,
    /// The boot that `elapsed` belongs to.
    pub boot: BootId,
}

impl WallMs {
    /// Whole seconds since 1970, as JWT `iat` and `exp` want them (RFC 7519 §2, NumericDate).
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment plus `ms`.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// As RFC 3339, in UTC and whole seconds. What is outside the calendar becomes its first or
    /// last second.
    pub fn to_rfc3339(self) -> String {
        let range = jiff::Timestamp::MIN.as_second()..=jiff::Timestamp::MAX.as_second();
        let second = self.as_seconds().clamp(*range.start(), *range.end());
        jiff::Timestamp::from_second(second).unwrap_or_default().to_string()
    }
}

impl ElapsedMs {
    /// This moment plus `ms`.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// One second, minute, hour and day in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;
