//! Dates in header fields.
use jiff::fmt::rfc2822::DateTimeParser;

use super::Head;
use crate::limits;
use crate::time::WallMs;

/// Reads an HTTP date in the one form that servers send (IMF-fixdate, RFC 9110 §5.6.7).
pub fn http_date(text: &str) -> Option<WallMs> {
    let timestamp = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(WallMs(timestamp.as_millisecond()))
}

/// `Retry-After` in seconds, given as a number or as a date (RFC 9110 §10.2.3), which counts from
/// the answer's own `Date`. At most [`limits::RETRY_AFTER_MAX_S`].
pub fn retry_after(head: &Head) -> Option<i64> {
    let seconds = head.retry_after_seconds().or_else(|| {
        let until = http_date(head.header("Retry-After")?)?;
        let from = http_date(head.header("Date")?)?;
        Some((until.as_seconds() - from.as_seconds()).max(0))
    })?;
    Some(seconds.min(limits::RETRY_AFTER_MAX_S))
}
