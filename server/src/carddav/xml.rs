//! The little XML that CardDAV needs: a parsed request as a tree, and escaped text in answers.

use std::borrow::Cow;

use rxml::{Event, Parse as _, Parser};

use crate::reply::Reply;

/// The namespace of WebDAV.
pub(super) const DAV: &str = "DAV:";
/// The namespace of CardDAV.
pub(super) const CARD: &str = "urn:ietf:params:xml:ns:carddav";
/// The namespace of `getctag`.
pub(super) const CS: &str = "http://calendarserver.org/ns/";
/// Head of every multistatus.
pub(super) const MULTISTATUS: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus \
     xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\" \
     xmlns:CS=\"http://calendarserver.org/ns/\">";
/// Nesting of a request: the deepest that the standards have is 5.
const DEPTH: usize = 16;

/// The name of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Name {
    /// Its namespace.
    pub(super) space: String,
    /// Its local name.
    pub(super) local: String,
}

impl Name {
    /// Whether it is this one.
    pub(super) fn is(&self, space: &str, local: &str) -> bool {
        self.space == space && self.local == local
    }
}

/// An element of a request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: Name,
    /// The text directly in it.
    pub(super) text: String,
    /// The elements directly in it.
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub(super) fn child(&self, space: &str, local: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name.is(space, local))
    }

    /// The text, trimmed.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

/// Parses a request body. Documents with a DTD, with errors or nested too deep are `None`.
pub(super) fn parse(mut body: &[u8]) -> Option<Element> {
    let mut parser = Parser::new();
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        match parser.parse(&mut body, true) {
            Ok(None) => return root,
            Ok(Some(Event::XmlDeclaration(..))) => {}
            Ok(Some(Event::StartElement(_, (space, local), _))) => {
                if open.len() >= DEPTH {
                    return None;
                }
                let name = Name { space: space.to_string(), local: local.to_string() };
                open.push(Element { name, text: String::new(), children: Vec::new() });
            }
            Ok(Some(Event::EndElement(_))) => {
                let done = open.pop()?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => root = Some(done),
                }
            }
            Ok(Some(Event::Text(_, text))) => open.last_mut()?.text.push_str(&text),
            Err(_) => return None,
        }
    }
}

/// Escapes text for element content. Most cards need none, and `contains` of one character is the
/// fastest look there is.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    if !(text.contains('&') || text.contains('<') || text.contains('>')) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

/// An error body with a precondition (RFC 4918 §16).
pub(super) fn error(status: u16, condition: &str) -> Reply {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\" \
         xmlns:C=\"{CARD}\">{condition}</D:error>"
    );
    Reply::typed(status, "application/xml; charset=utf-8", body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_with_any_prefix() {
        let body = br#"<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/>
            <x:address-data xmlns:x="urn:ietf:params:xml:ns:carddav"/></prop></propfind>"#;
        let root = parse(body).unwrap();
        assert!(root.name.is(DAV, "propfind"));
        let names: Vec<_> =
            root.child(DAV, "prop").unwrap().children.iter().map(|c| c.name.clone()).collect();
        assert!(names[0].is(DAV, "getetag") && names[1].is(CARD, "address-data"));
    }

    #[test]
    fn broken_deep_and_dangerous_documents_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(17), "</a>".repeat(17));
        for body in [
            "",
            "<a>",
            "<a></b>",
            "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
            "<a>&x;</a>",
            "not xml",
            &deep,
        ] {
            assert_eq!(parse(body.as_bytes()), None, "{body}");
        }
    }

    #[test]
    fn escaping() {
        assert!(matches!(escape("Müller"), Cow::Borrowed("Müller")));
        assert_eq!(escape("R&D <x>"), "R&amp;D &lt;x&gt;");
    }
}
