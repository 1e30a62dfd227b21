//! When a request that did not work is tried again. The one place that decides it.
use super::Failure;
use crate::limits::{BACKOFF_MAX_MS, BACKOFF_MIN_MS, RETRY_AFTER_MAX_S};
use crate::random::Random;
use crate::time::SECOND_MS;

/// Whether an answer with this status says "later", not "no".
///
/// | status | meaning |
/// | --- | --- |
/// | 408 | the server gave up waiting (RFC 9110 §15.5.9) |
/// | 425 | too early (RFC 8470 §5.2) |
/// | 429 | too many requests (RFC 6585 §4) |
/// | 5xx but 501, 505, 507 | the server is in trouble |
///
/// 501 and 505 won't change by waiting, and 507 is an answer of CardDAV with a meaning of its own.
pub fn is_transient_status(status: u16) -> bool {
    match status {
        408 | 425 | 429 => true,
        501 | 505 | 507 => false,
        500..=599 => true,
        _ => false,
    }
}

/// Whether the same request may work later without anybody changing anything.
pub fn is_transient_failure(failure: Failure) -> bool {
    match failure {
        Failure::NameNotFound
        | Failure::Refused
        | Failure::TimedOut
        | Failure::Tls
        | Failure::ProxyLogin
        | Failure::Cut
        | Failure::Cancelled
        | Failure::Other => true,
        Failure::TooLarge | Failure::Insecure => false,
    }
}

/// Milliseconds to wait before the try that follows `failures` failed ones in a row (from 1).
///
/// The span doubles from 1 s to 6 h, and the pause is drawn from its upper half, so that a fleet
/// that lost its server at the same moment does not come back at the same moment. A `Retry-After`
/// (in seconds) is never undercut, and gets the same jitter on top, of at most a minute.
pub fn pause_ms(failures: u32, retry_after: Option<i64>, random: &mut dyn Random) -> i64 {
    let doublings = failures.saturating_sub(1).min(30);
    let span = BACKOFF_MIN_MS.saturating_mul(2_i64 << doublings).min(BACKOFF_MAX_MS);
    let own = span / 2 + draw(random, span / 2);
    let Some(seconds) = retry_after else { return own };
    let asked = seconds.clamp(0, RETRY_AFTER_MAX_S) * SECOND_MS;
    own.max(asked + draw(random, (asked / 2).min(60 * SECOND_MS)))
}

/// A number from 0 to `most`. The bias of the remainder does not matter here.
fn draw(random: &mut dyn Random, most: i64) -> i64 {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    (i64::from_le_bytes(bytes) & i64::MAX) % (most + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lowest(out: &mut [u8]) {
        out.fill(0);
    }

    #[test]
    fn pauses_double_from_a_second_to_six_hours() {
        let pauses: Vec<i64> =
            (0..20).map(|n| pause_ms(n, None, &mut lowest) / SECOND_MS).collect();
        assert_eq!(pauses[..6], [1, 1, 2, 4, 8, 16]);
        assert_eq!(pauses[19], 3 * 60 * 60);
        assert_eq!(pause_ms(u32::MAX, None, &mut lowest), BACKOFF_MAX_MS / 2);
    }

    #[test]
    fn retry_after_is_never_undercut_and_never_silences_a_phone() {
        assert_eq!(pause_ms(1, Some(120), &mut lowest), 120 * SECOND_MS);
        assert_eq!(pause_ms(1, Some(0), &mut lowest), SECOND_MS);
        assert_eq!(pause_ms(1, Some(i64::MAX), &mut lowest), RETRY_AFTER_MAX_S * SECOND_MS);
        // A long row of failures outweighs a short Retry-After.
        assert_eq!(pause_ms(10, Some(1), &mut lowest), 512 * SECOND_MS);
    }

    #[test]
    fn which_statuses_are_tried_again() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            assert!(is_transient_status(status), "{status}");
        }
        for status in [200, 202, 204, 301, 400, 401, 403, 404, 410, 413, 422, 501, 505, 507, 600] {
            assert!(!is_transient_status(status), "{status}");
        }
    }

    proptest! {
        #[test]
        fn a_pause_is_within_its_bounds(failures: u32, asked: Option<i64>, seed: [u8; 8]) {
            let pause = pause_ms(failures, asked, &mut move |out: &mut [u8]| {
                out.copy_from_slice(&seed);
            });
            prop_assert!(pause >= BACKOFF_MIN_MS);
            let most = BACKOFF_MAX_MS.max((RETRY_AFTER_MAX_S + 60) * SECOND_MS);
            prop_assert!(pause <= most);
        }
    }
}
