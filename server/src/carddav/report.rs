//! REPORT: sync-collection (RFC 6578) and addressbook-multiget (RFC 6352 §8.7).

use std::io::Write;

use super::props::{BATCH, CardProps, Wanted, multistatus};
use super::xml::{self, CARD, DAV, Element, escape};
use super::{Place, Resource};
use crate::reply::{Body, Reply, Request};
use crate::storage::{BookState, StoreError};

/// How a sync token begins: a URI, as RFC 6578 §6.2 demands.
const TOKEN: &str = "urn:muster:sync:";

/// The token of a place in a book's history.
pub(super) fn token(book: &BookState, seq: i64) -> String {
    format!("{TOKEN}{}:{seq}", book.generation)
}

/// The place that a token names, if its history is still known.
fn place_of(token: &str, book: &BookState) -> Option<i64> {
    let (generation, seq) = token.strip_prefix(TOKEN)?.rsplit_once(':')?;
    let seq: i64 = seq.parse().ok()?;
    (generation == book.generation && seq >= book.floor && seq <= book.seq).then_some(seq)
}

/// `REPORT`.
pub(super) fn report(place: Place, resource: &Resource, request: &Request) -> Result<Reply, Reply> {
    let body = xml::parse(&request.body);
    let body = body.ok_or_else(|| Reply::problem(400, "Wrong use", "This is no REPORT."))?;
    match (resource, body.name.space.as_str(), body.name.local.as_str()) {
        (Resource::Book, DAV, "sync-collection") => sync(place, &body),
        (Resource::Book, CARD, "addressbook-multiget") => Ok(multiget(place, &body)),
        _ => Err(xml::error(403, "<D:supported-report/>")),
    }
}

fn sync(place: Place, body: &Element) -> Result<Reply, Reply> {
    let book = place.storage.read(|tx| tx.book(&place.tenant)).map_err(Reply::from)?;
    let given = body.child(DAV, "sync-token").map(Element::trimmed).unwrap_or_default();
    let after = match given {
        "" => None,
        token => {
            let place = place_of(token, &book);
            Some(place.ok_or_else(|| xml::error(403, "<D:valid-sync-token/>"))?)
        }
    };
    let limit = body
        .child(DAV, "limit")
        .and_then(|limit| limit.child(DAV, "nresults"))
        .and_then(|n| n.trimmed().parse::<usize>().ok());
    let rows = limit.unwrap_or(usize::MAX).clamp(1, place.page_size.max(1));
    let props = CardProps::new(&Wanted::of(body));
    Ok(multistatus(Body::Streamed(Box::new(move |out| {
        write_changes(out, &place, &book, after, rows, &props)
    }))))
}

/// Writes the changes after a place, oldest first, at most `rows` of them.
///
/// Only what had happened when the request came is written: a card changed meanwhile has moved
/// behind that point, and comes with the next sync.
fn write_changes(
    out: &mut dyn Write,
    place: &Place,
    book: &BookState,
    after: Option<i64>,
    rows: usize,
    props: &CardProps,
) -> std::io::Result<()> {
    let base = place.book();
    out.write_all(xml::MULTISTATUS.as_bytes())?;
    let (mut at, mut written, mut more) = (after.unwrap_or(0), 0, false);
    'book: loop {
        let cards = place
            .storage
            .read(|tx| tx.cards_after(&place.tenant, at, BATCH, props.parts))
            .map_err(|error: StoreError| std::io::Error::other(error))?;
        let mut text = String::new();
        for card in &cards {
            if card.seq > book.seq {
                break;
            }
            // A client without a token has nothing that could be deleted.
            if !(card.deleted && after.is_none()) {
                if written == rows {
                    more = true;
                    out.write_all(text.as_bytes())?;
                    break 'book;
                }
                props.write(&mut text, &base, card);
                written += 1;
            }
            at = card.seq;
        }
        out.write_all(text.as_bytes())?;
        if cards.last().is_none_or(|last| last.seq > at) {
            break;
        }
    }
    if more {
        // RFC 6578 §3.6
        write!(
            out,
            "<D:response><D:href>{}</D:href><D:status>HTTP/1.1 507 Insufficient Storage</D:status>\
             <D:error><D:number-of-matches-within-limits/></D:error></D:response>",
            escape(&base)
        )?;
    }
    let reached = if more { at } else { book.seq };
    write!(out, "<D:sync-token>{}</D:sync-token></D:multistatus>", token(book, reached))
}

fn multiget(place: Place, body: &Element) -> Reply {
    let props = CardProps::new(&Wanted::of(body));
    let hrefs: Vec<String> = body
        .children
        .iter()
        .filter(|child| child.name.is(DAV, "href"))
        .map(|child| child.trimmed().to_owned())
        .collect();
    multistatus(Body::Streamed(Box::new(move |out| {
        let base = place.book();
        out.write_all(xml::MULTISTATUS.as_bytes())?;
        for hrefs in hrefs.chunks(BATCH) {
            let text = place.storage.read(|tx| -> Result<_, StoreError> {
                let mut text = String::new();
                for href in hrefs {
                    let card = match place.resource(path_of(href)) {
                        Some(Resource::Card(name)) => tx.card(&place.tenant, &name)?,
                        _ => None,
                    };
                    match card {
                        Some(card) => props.write(&mut text, &base, &card),
                        None => {
                            text.push_str("<D:response><D:href>");
                            text.push_str(&escape(href));
                            text.push_str(
                                "</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response>",
                            );
                        }
                    }
                }
                Ok(text)
            });
            out.write_all(text.map_err(std::io::Error::other)?.as_bytes())?;
        }
        out.write_all(b"</D:multistatus>")
    })))
}

/// The path of an href that may be absolute.
fn path_of(href: &str) -> &str {
    match href.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => href,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_this_history_only() {
        let book = BookState { generation: "g1".into(), seq: 10, floor: 3 };
        let check = |token: &str, expect| assert_eq!(place_of(token, &book), expect, "{token}");
        check(&token(&book, 10), Some(10));
        check("urn:muster:sync:g1:3", Some(3));
        check("urn:muster:sync:g1:2", None);
        check("urn:muster:sync:g1:11", None);
        check("urn:muster:sync:g0:5", None);
        check("urn:muster:sync:g1:x", None);
        check("http://elsewhere/5", None);
    }
}
