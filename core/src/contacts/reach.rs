//! How somebody is reached: the addresses that a phone's other apps open.
//!
//! What is on a card or in a setting is text that others wrote. An address that leaves for another
//! app carries the number or the mailbox and nothing else.
use super::phone::to_dial;

/// What calls `number`: a `tel:` address. Nothing for a text without a digit.
pub fn call_uri(number: &str) -> Option<String> {
    to_dial(number).map(|dialled| format!("tel:{dialled}"))
}

/// What begins a mail to `address` (RFC 6068 §2). Everything that could bring a subject, a copy or a
/// text along is encoded; the @ stands for itself, because some mail apps take it as it is written.
pub fn mail_uri(address: &str) -> Option<String> {
    if !address.contains('@') {
        return None;
    }
    let mut uri = String::from("mailto:");
    for byte in address.bytes() {
        match byte {
            b'@' | b'.' | b'-' | b'_' | b'+' | b'\'' => uri.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(uri)
}

/// `text` as it is, if it is a page that is fetched safely.
pub fn page_uri(text: &str) -> Option<String> {
    let page = url::Url::parse(text).ok()?;
    (page.scheme() == "https" && page.has_host()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_carry_nothing_else() {
        let call = |number| call_uri(number).unwrap_or_default();
        assert_eq!(call("+49 89 12-34"), "tel:+49891234");
        // A star and a hash could switch call forwarding on.
        assert_eq!(call("**21*0190#"), "tel:21");
        assert_eq!(call("ask reception"), "");
        assert_eq!(call("+"), "");
        let mail = |address| mail_uri(address).unwrap_or_default();
        assert_eq!(mail("anna.o'neill+phone@b-c.example"), "mailto:anna.o'neill+phone@b-c.example");
        assert_eq!(mail("a@b.example?bcc=x@y.example"), "mailto:a@b.example%3Fbcc%3Dx@y.example");
        assert_eq!(mail("jörg@b.example"), "mailto:j%C3%B6rg@b.example");
        assert_eq!(mail("no address"), "");
    }

    #[test]
    fn a_page_is_one_that_is_fetched_safely() {
        let is_page = |text| page_uri(text).is_some();
        assert!(is_page("https://it.example/phones") && is_page("HTTPS://IT.EXAMPLE"));
        for other in ["http://it.example", "App-Prefs:root", "javascript:alert(1)", "https:", ""] {
            assert!(!is_page(other), "{other}");
        }
    }
}
