//! The requests that the agent sends, each as a whole: method, depth and body.
//!
//! No report ever carries a `limit`: there is a server that cuts its answer there and hands out the
//! final token all the same, so that contacts would be lost.
use std::fmt::Write as _;

use crate::http::{Method, Request, Timeouts};

/// Two of the servers in use refuse a body without this exact kind of type (415).
pub const XML_TYPE: &str = "application/xml; charset=utf-8";

/// How deep a request goes (RFC 4918 §10.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// The resource itself.
    Zero,
    /// And its members.
    One,
}

fn dav(method: Method, url: &str, depth: Depth, body: String) -> Request {
    let depth = match depth {
        Depth::Zero => "0",
        Depth::One => "1",
    };
    Request::new(method, url).header("Depth", depth).body(XML_TYPE, body).timeouts(Timeouts::BOOK)
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const NAMESPACES: &str = "xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\" \
                          xmlns:S=\"http://calendarserver.org/ns/\"";

fn propfind(url: &str, depth: Depth, props: &str) -> Request {
    let body = format!("{HEAD}<propfind {NAMESPACES}><prop>{props}</prop></propfind>");
    dav(Method::Propfind, url, depth, body)
}

/// What is at `url`: an address book, or something that leads to one (RFC 6352 §7, RFC 6764 §6).
pub fn look_around(url: &str) -> Request {
    let props = "<resourcetype/><displayname/><current-user-principal/><C:addressbook-home-set/>\
                 <supported-report-set/>";
    propfind(url, Depth::Zero, props)
}

/// The address books in the home set at `url`.
pub fn list_books(url: &str) -> Request {
    propfind(url, Depth::One, "<resourcetype/><displayname/><supported-report-set/>")
}

/// Address and ETag of every member, and what tells that nothing changed.
pub fn list_members(url: &str, depth: Depth) -> Request {
    propfind(url, depth, "<resourcetype/><getetag/><S:getctag/><sync-token/>")
}

/// What changed since `token` (RFC 6578 §3.2); without a token, everything.
pub fn sync_collection(url: &str, token: Option<&str>, with_cards: bool) -> Request {
    let cards = if with_cards { "<C:address-data/>" } else { "" };
    let token = escaped(token.unwrap_or_default());
    let body = format!(
        "{HEAD}<sync-collection {NAMESPACES}><sync-token>{token}</sync-token>\
         <sync-level>1</sync-level><prop><getetag/>{cards}</prop></sync-collection>"
    );
    dav(Method::Report, url, Depth::Zero, body)
}

/// The cards at these addresses (RFC 6352 §8.7).
pub fn multiget<'a>(url: &str, hrefs: impl IntoIterator<Item = &'a str>) -> Request {
    let mut body = format!(
        "{HEAD}<C:addressbook-multiget {NAMESPACES}><prop><getetag/><C:address-data/></prop>"
    );
    for href in hrefs {
        let _ = write!(body, "<href>{}</href>", escaped(href));
    }
    body.push_str("</C:addressbook-multiget>");
    dav(Method::Report, url, Depth::One, body)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}
