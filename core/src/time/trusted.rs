//! Trusted time: what the agent believes the time to be, whatever the person does to the clock.
//!
//! The anchor is the `iat` of a signed status, fresh because it echoes our nonce. From it, time is
//! counted in the same boot by the monotonic clock. A floor, raised only by anchors and by what was
//! counted from them, survives restarts: after a reboot the time is the later of the floor and the
//! phone's clock until the next anchor. So turning the clock back gains at most the time the phone
//! was off; a clock set to the future is believed only until the next anchor, and never erases.
use serde::{Deserialize, Serialize};

use super::{BootId, ElapsedMs, MINUTE_MS, Now, WallMs};

/// See the module.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TrustedTime {
    anchor: Option<Anchor>,
    floor: WallMs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Anchor {
    at: WallMs,
    elapsed: ElapsedMs,
    boot: BootId,
}

impl TrustedTime {
    /// The time at `now`.
    pub fn at(&self, now: Now) -> WallMs {
        self.counted(now).unwrap_or_else(|| self.floor.max(now.wall))
    }

    /// Whether the time at `now` is counted from an anchor of this boot, not read off the clock.
    pub fn is_anchored(&self, now: Now) -> bool {
        self.counted(now).is_some()
    }

    /// Whether the time at `now` may be built on where the wrong time would do harm: it is counted,
    /// or nothing was ever anchored and there is nobody else to ask.
    pub fn is_believable(&self, now: Now) -> bool {
        self.anchor.is_none() || self.is_anchored(now)
    }

    fn counted(&self, now: Now) -> Option<WallMs> {
        let anchor = self.anchor.filter(|a| a.boot == now.boot && a.elapsed <= now.elapsed)?;
        Some(anchor.at.plus_ms(now.elapsed.0 - anchor.elapsed.0))
    }

    /// A signed status issued at `issued`, answering a nonce of ours, was received at `now`.
    pub fn anchor(&mut self, issued: WallMs, now: Now) {
        self.anchor = Some(Anchor { at: issued, elapsed: now.elapsed, boot: now.boot });
        self.floor = issued;
    }

    /// A signed policy issued at `issued` was received at `now`. It may have been signed long ago, so
    /// the time is at least that, and nothing more follows.
    pub fn at_least(&mut self, issued: WallMs, now: Now) {
        if self.at(now) < issued {
            self.anchor(issued, now);
        }
    }

    /// Raises the floor to what was counted; tells whether that is worth a write. The floor moves in
    /// whole minutes, so that two runs in a row do not cost a write each.
    pub fn raise_floor(&mut self, now: Now) -> bool {
        match self.counted(now) {
            Some(counted) if counted.0 >= self.floor.0 + MINUTE_MS => {
                self.floor = counted;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DAY_MS;
    use super::*;

    fn now(wall: i64, elapsed: i64, boot: i64) -> Now {
        Now { wall: WallMs(wall), elapsed: ElapsedMs(elapsed), boot: BootId(boot) }
    }

    #[test]
    fn without_an_anchor_the_clock_is_believed() {
        assert_eq!(TrustedTime::default().at(now(500, 0, 1)), WallMs(500));
    }

    #[test]
    fn in_the_same_boot_turning_the_clock_changes_nothing() {
        let mut time = TrustedTime::default();
        time.anchor(WallMs(1_000_000), now(5, 100, 1));
        for wall in [0, 1_000_000, i64::MAX / 2] {
            assert_eq!(time.at(now(wall, 100 + DAY_MS, 1)), WallMs(1_000_000 + DAY_MS));
        }
    }

    #[test]
    fn after_a_reboot_the_clock_gains_nothing_below_the_floor() {
        let mut time = TrustedTime::default();
        time.anchor(WallMs(10 * DAY_MS), now(10 * DAY_MS, 0, 1));
        assert!(time.raise_floor(now(0, 3 * DAY_MS, 1)));
        assert!(!time.raise_floor(now(0, 3 * DAY_MS + 5, 1)), "a second run writes nothing");
        assert_eq!(time.at(now(2 * DAY_MS, 0, 2)), WallMs(13 * DAY_MS));
        assert_eq!(time.at(now(20 * DAY_MS, 0, 2)), WallMs(20 * DAY_MS));
    }

    #[test]
    fn a_clock_in_the_future_never_raises_the_floor_and_the_next_anchor_mends_it() {
        let mut time = TrustedTime::default();
        time.anchor(WallMs(10 * DAY_MS), now(10 * DAY_MS, 0, 1));
        let future = now(900 * DAY_MS, 50, 2);
        assert_eq!(time.at(future), WallMs(900 * DAY_MS));
        assert!(!time.raise_floor(future));
        time.anchor(WallMs(11 * DAY_MS), future);
        assert_eq!(time.at(future), WallMs(11 * DAY_MS));
    }

    #[test]
    fn an_old_policy_does_not_turn_time_back() {
        let mut time = TrustedTime::default();
        time.anchor(WallMs(10 * DAY_MS), now(0, 0, 1));
        time.at_least(WallMs(8 * DAY_MS), now(0, 5, 1));
        assert_eq!(time.at(now(0, 5, 1)), WallMs(10 * DAY_MS + 5));
        time.at_least(WallMs(12 * DAY_MS), now(0, 5, 1));
        assert_eq!(time.at(now(0, 5, 1)), WallMs(12 * DAY_MS));
    }
}
