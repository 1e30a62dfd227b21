//! PROPFIND: discovery, and the plain listing of the book.

use std::fmt::Write as _;

use super::xml::{self, CARD, CS, DAV, Element, Name, escape};
use super::{Place, Resource, report};
use crate::oauth::metadata::paths;
use crate::reply::{Body, Reply, Request};
use crate::storage::{BookState, CardParts, CardRow, StoreError};

/// Cards read from the storage at once.
pub(super) const BATCH: usize = 500;

/// What a PROPFIND or REPORT wants to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Wanted {
    /// `allprop`, or no body at all (RFC 4918 §9.1).
    All,
    /// `propname`.
    Names,
    /// These.
    These(Vec<Name>),
}

impl Wanted {
    /// Reads the `prop` child of a request.
    pub(super) fn of(request: &Element) -> Self {
        if let Some(prop) = request.child(DAV, "prop") {
            Self::These(prop.children.iter().map(|child| child.name.clone()).collect())
        } else if request.child(DAV, "propname").is_some() {
            Self::Names
        } else {
            Self::All
        }
    }
}

/// `PROPFIND`.
pub(super) fn propfind(
    place: Place,
    resource: Resource,
    request: &Request,
) -> Result<Reply, Reply> {
    let wanted = if request.body.is_empty() {
        Wanted::All
    } else {
        let body = xml::parse(&request.body).filter(|root| root.name.is(DAV, "propfind"));
        let body = body.ok_or_else(|| Reply::problem(400, "Wrong use", "This is no PROPFIND."))?;
        Wanted::of(&body)
    };
    let deep = match request.header("depth").unwrap_or("infinity") {
        "0" => false,
        "1" => true,
        _ => return Err(xml::error(403, "<D:propfind-finite-depth/>")),
    };
    let book = place.storage.read(|tx| tx.book(&place.tenant)).map_err(Reply::from)?;
    let mut head = String::from(xml::MULTISTATUS);
    match &resource {
        Resource::Card(name) => {
            let card = place.storage.read(|tx| tx.card(&place.tenant, name));
            let card = card.map_err(Reply::from)?.ok_or_else(super::not_found)?;
            CardProps::new(&wanted).write(&mut head, &place.book(), &card);
        }
        other => collection(&mut head, &place, other, &book, &wanted),
    }
    if deep && resource == Resource::Home {
        collection(&mut head, &place, &Resource::Book, &book, &wanted);
    }
    if !deep || resource != Resource::Book {
        head.push_str("</D:multistatus>");
        return Ok(multistatus(Body::Whole(head.into_bytes())));
    }
    Ok(multistatus(Body::Streamed(Box::new(move |out| {
        out.write_all(head.as_bytes())?;
        let props = CardProps::new(&wanted);
        let base = place.book();
        let mut after = 0;
        loop {
            let cards = place
                .storage
                .read(|tx| tx.cards_after(&place.tenant, after, BATCH, props.parts))
                .map_err(|error: StoreError| std::io::Error::other(error))?;
            let mut text = String::new();
            for card in cards.iter().filter(|card| !card.deleted && card.seq <= book.seq) {
                props.write(&mut text, &base, card);
            }
            out.write_all(text.as_bytes())?;
            match cards.last() {
                Some(last) if last.seq <= book.seq => after = last.seq,
                _ => break,
            }
        }
        out.write_all(b"</D:multistatus>")
    }))))
}

/// A 207 with this body.
pub(super) fn multistatus(body: Body) -> Reply {
    Reply::empty(207).with("content-type", "application/xml; charset=utf-8").body(body)
}

/// One property of a collection: its name, and what it says where it exists.
struct Property {
    space: &'static str,
    local: &'static str,
    value: Option<String>,
    /// Given for `allprop`: those of RFC 4918 §15.
    common: bool,
}

fn properties(place: &Place, resource: &Resource, book: &BookState) -> Vec<Property> {
    let is_book = *resource == Resource::Book;
    let href = |path: String| format!("<D:href>{}</D:href>", escape(&path));
    let principal = href(format!("{}{}principal/", place.base, paths::DAV));
    let token = report::token(book, book.seq);
    let on_book = |value: &str| is_book.then(|| value.to_owned());
    let kind = match resource {
        Resource::Principal => "<D:collection/><D:principal/>",
        Resource::Book => "<D:collection/><C:addressbook/>",
        _ => "<D:collection/>",
    };
    let property = |space, local, common, value| Property { space, local, value, common };
    vec![
        property(DAV, "resourcetype", true, Some(kind.to_owned())),
        property(DAV, "displayname", true, Some(escape(&place.name).into_owned())),
        property(DAV, "current-user-principal", false, Some(principal.clone())),
        property(DAV, "principal-URL", false, Some(principal.clone())),
        property(DAV, "owner", false, Some(principal)),
        property(CARD, "addressbook-home-set", false, Some(href(place.home()))),
        property(
            DAV,
            "current-user-privilege-set",
            false,
            Some("<D:privilege><D:read/></D:privilege>".to_owned()),
        ),
        property(
            DAV,
            "supported-report-set",
            false,
            on_book(
                "<D:supported-report><D:report><D:sync-collection/></D:report></D:supported-report>\
                 <D:supported-report><D:report><C:addressbook-multiget/></D:report></D:supported-report>",
            ),
        ),
        property(
            CARD,
            "supported-address-data",
            false,
            on_book(
                "<C:address-data-type content-type=\"text/vcard\" version=\"3.0\"/>\
                 <C:address-data-type content-type=\"text/vcard\" version=\"4.0\"/>",
            ),
        ),
        property(DAV, "sync-token", false, on_book(&token)),
        property(CS, "getctag", false, on_book(&token)),
    ]
}

fn collection(
    out: &mut String,
    place: &Place,
    resource: &Resource,
    book: &BookState,
    wanted: &Wanted,
) {
    let path = match resource {
        Resource::Principal => format!("{}{}principal/", place.base, paths::DAV),
        Resource::Home => place.home(),
        Resource::Book => place.book(),
        _ => format!("{}{}", place.base, paths::DAV),
    };
    let _ = write!(out, "<D:response><D:href>{}</D:href>", escape(&path));
    let known = properties(place, resource, book);
    let (mut found, mut missing) = (String::new(), String::new());
    match wanted {
        Wanted::These(names) => {
            for name in names {
                let property = known.iter().find(|p| name.is(p.space, p.local));
                match property.and_then(|p| p.value.as_ref().map(|value| (p, value))) {
                    Some((p, value)) => element(&mut found, p.space, p.local, value),
                    None => unknown(&mut missing, name),
                }
            }
        }
        Wanted::All | Wanted::Names => {
            let names_only = *wanted == Wanted::Names;
            for p in known.iter().filter(|p| names_only || p.common) {
                if let Some(value) = &p.value {
                    element(&mut found, p.space, p.local, if names_only { "" } else { value });
                }
            }
        }
    }
    propstat(out, &found, "200 OK");
    propstat(out, &missing, "404 Not Found");
    out.push_str("</D:response>");
}

fn prefix(space: &str) -> &'static str {
    match space {
        CARD => "C",
        CS => "CS",
        _ => "D",
    }
}

fn element(out: &mut String, space: &str, local: &str, value: &str) {
    let prefix = prefix(space);
    let _ = if value.is_empty() {
        write!(out, "<{prefix}:{local}/>")
    } else {
        write!(out, "<{prefix}:{local}>{value}</{prefix}:{local}>")
    };
}

fn unknown(out: &mut String, name: &Name) {
    // Names of parsed elements are proper XML names; a namespace can hold anything but a quote.
    let space = escape(&name.space).replace('"', "&quot;");
    let _ = write!(out, "<x:{} xmlns:x=\"{space}\"/>", name.local);
}

fn propstat(out: &mut String, props: &str, status: &str) {
    if !props.is_empty() {
        let _ = write!(
            out,
            "<D:propstat><D:prop>{props}</D:prop><D:status>HTTP/1.1 {status}</D:status></D:propstat>"
        );
    }
}

/// The properties of cards that were asked for, worked out once for all of them.
pub(super) struct CardProps {
    etag: bool,
    kind: bool,
    resource_type: bool,
    data: bool,
    missing: String,
    /// What has to be read for that.
    pub(super) parts: CardParts,
}

impl CardProps {
    pub(super) fn new(wanted: &Wanted) -> Self {
        let mut props = Self {
            etag: false,
            kind: false,
            resource_type: false,
            data: false,
            missing: String::new(),
            parts: CardParts::Listing,
        };
        match wanted {
            Wanted::All | Wanted::Names => {
                (props.etag, props.kind, props.resource_type) = (true, true, true);
            }
            Wanted::These(names) => {
                for name in names {
                    match (name.space.as_str(), name.local.as_str()) {
                        (DAV, "getetag") => props.etag = true,
                        (DAV, "getcontenttype") => props.kind = true,
                        (DAV, "resourcetype") => props.resource_type = true,
                        (CARD, "address-data") => props.data = true,
                        _ => unknown(&mut props.missing, name),
                    }
                }
            }
        }
        if props.data {
            props.parts = CardParts::Whole;
        }
        props
    }

    /// Writes the `response` of a card, or of its trace.
    pub(super) fn write(&self, out: &mut String, book: &str, card: &CardRow) {
        out.push_str("<D:response><D:href>");
        out.push_str(book);
        out.push_str(&escape(&card.name));
        out.push_str("</D:href>");
        if card.deleted {
            out.push_str("<D:status>HTTP/1.1 404 Not Found</D:status></D:response>");
            return;
        }
        out.push_str("<D:propstat><D:prop>");
        if self.etag {
            out.push_str("<D:getetag>");
            out.push_str(&card.etag);
            out.push_str("</D:getetag>");
        }
        if self.kind {
            out.push_str("<D:getcontenttype>text/vcard; charset=utf-8</D:getcontenttype>");
        }
        if self.resource_type {
            out.push_str("<D:resourcetype/>");
        }
        if let Some(body) = card.body.as_deref().filter(|_| self.data) {
            out.push_str("<C:address-data>");
            out.push_str(&escape(body));
            out.push_str("</C:address-data>");
        }
        out.push_str("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>");
        propstat(out, &self.missing, "404 Not Found");
        out.push_str("</D:response>");
    }
}
