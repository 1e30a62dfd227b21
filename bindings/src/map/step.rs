//! Time in, steps out.
use muster_core::step::Step as CoreStep;
use muster_core::time::{BootId, ElapsedMs, Now as CoreNow, WallMs};

use super::{HttpRequest, PhoneEffect, VaultOp};

/// The moment of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, uniffi::Record)]
pub struct Now {
    /// Milliseconds since 1970-01-01T00:00:00Z by the phone's own clock.
    pub wall_ms: i64,
    /// Milliseconds since the phone started, counting sleep: Android
    /// `SystemClock.elapsedRealtime()`, iOS `clock_gettime(CLOCK_MONOTONIC_RAW)` or the continuous
    /// clock.
    pub elapsed_ms: i64,
    /// Any number that differs from one start of the phone to the next: Android
    /// `Settings.Global.BOOT_COUNT`, iOS a hash of `kern.bootsessionuuid`.
    pub boot_id: i64,
}

impl From<Now> for CoreNow {
    fn from(now: Now) -> Self {
        Self {
            wall: WallMs(now.wall_ms),
            elapsed: ElapsedMs(now.elapsed_ms),
            boot: BootId(now.boot_id),
        }
    }
}

/// One thing for the shell to do. An `id` is never used twice in the life of an agent.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Step {
    /// Run this request; answer with `on_head`, `on_body` …, `on_end`, or with `on_failure`.
    Send {
        /// To answer with.
        id: i64,
        /// What to send.
        request: HttpRequest,
    },
    /// Give up the request `id`. No answer is wanted any more.
    Cancel {
        /// Of the request.
        id: i64,
    },
    /// Run this key operation; answer with `on_vault`.
    Vault {
        /// To answer with.
        id: i64,
        /// What to do.
        op: VaultOp,
    },
    /// Bring this about; answer with `on_effect`.
    Effect {
        /// To answer with.
        id: i64,
        /// The desired result.
        effect: PhoneEffect,
    },
    /// Nothing before this moment, unless there is an event or an answer.
    Wait {
        /// When to poll again: on the clock of `Now.elapsed_ms`.
        until_ms: i64,
    },
    /// Nothing at all until there is an event or an answer.
    Idle,
}

impl From<CoreStep> for Step {
    fn from(step: CoreStep) -> Self {
        match step {
            CoreStep::Send { id, request } => Step::Send { id: id.0, request: request.into() },
            CoreStep::Cancel { id } => Step::Cancel { id: id.0 },
            CoreStep::Vault { id, op } => Step::Vault { id: id.0, op: op.into() },
            CoreStep::Effect { id, effect } => Step::Effect { id: id.0, effect },
            CoreStep::Wait { until } => Step::Wait { until_ms: until.0 },
            CoreStep::Idle => Step::Idle,
        }
    }
}
