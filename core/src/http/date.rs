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
    let after = head.header("Retry-After")?;
    let seconds = match after.parse::<i64>() {
        Ok(number) => Some(number).filter(|s| *s >= 0)?,
        Err(_) => {
            let (until, from) = (http_date(after)?, http_date(head.header("Date")?)?);
            (until.as_seconds() - from.as_seconds()).max(0)
        }
    };
    Some(seconds.min(limits::RETRY_AFTER_MAX_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_as_a_number_or_as_a_date() {
        let check = |after: &str, expect: Option<i64>| {
            let date = "Tue, 14 Nov 2023 22:13:20 GMT";
            let fields = [("Date", date), ("Retry-After", after)];
            let headers = fields.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec();
            assert_eq!(retry_after(&Head { status: 429, headers }), expect, "{after}");
        };
        check("120", Some(120));
        check("0", Some(0));
        check("-5", None);
        check("soon", None);
        check("99999999", Some(limits::RETRY_AFTER_MAX_S));
        check("Tue, 14 Nov 2023 22:14:20 GMT", Some(60));
        check("Tue, 14 Nov 2023 22:00:00 GMT", Some(0));
        let alone = vec![("Retry-After".to_owned(), "Tue, 14 Nov 2023 22:14:20 GMT".to_owned())];
        assert_eq!(retry_after(&Head { status: 429, headers: alone }), None);
    }

    #[test]
    fn http_dates() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(WallMs(784_111_777_000)));
        for bad in ["", "yesterday", "1994-11-06", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(http_date(bad), None, "{bad}");
        }
    }
}
