//! The phone's clock: the machine's own, or one that is made up and jumps.
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use muster_core::time::{BootId, ElapsedMs, Now, WallMs};

/// Where `Now` comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's.
    Real,
    /// Stands still until it is moved. Its monotonic time goes with its wall time, and all made-up
    /// clocks are of one boot, so that runs with growing `--now` are one phone that stays on.
    MadeUp(WallMs),
}

impl Clock {
    /// The moment.
    pub fn now(&self) -> Now {
        match self {
            Clock::MadeUp(wall) => {
                Now { wall: *wall, elapsed: ElapsedMs(wall.0 - EPOCH_2020_MS), boot: BootId(1) }
            }
            Clock::Real => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                let wall = WallMs(since.as_millis() as i64);
                Now { wall, elapsed: ElapsedMs(uptime_ms().unwrap_or(wall.0)), boot: boot_id() }
            }
        }
    }

    /// Moves a made-up clock forward to `until`; the real one moves by itself.
    pub fn jump_to(&mut self, until: ElapsedMs) {
        if let Clock::MadeUp(wall) = self {
            *wall = WallMs(wall.0.max(until.0 + EPOCH_2020_MS));
        }
    }
}

const EPOCH_2020_MS: i64 = 1_577_836_800_000;

fn uptime_ms() -> Option<i64> {
    let text = fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some((seconds * 1000.0) as i64)
}

/// A number for this boot: the first half of the kernel's random boot id.
fn boot_id() -> BootId {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let hex: String = text.chars().filter(char::is_ascii_hexdigit).take(15).collect();
    BootId(i64::from_str_radix(&hex, 16).unwrap_or(2))
}
