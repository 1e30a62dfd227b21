//! The tenant's people as a read-only address book: CardDAV (RFC 6352) with sync-collection
//! (RFC 6578).
//!
//! ```text
//! /dav/                            context path
//! /dav/principal/                  whoever asks
//! /dav/books/<tenant>/             address book home
//! /dav/books/<tenant>/people/      the book
//! /dav/books/<tenant>/people/<uid>.vcf
//! ```
//! A sync token names a generation and a place in the book's history. A card that changes moves to
//! the end of the history, so a client that reads page after page misses nothing, however much
//! changes meanwhile.

mod props;
mod report;
mod xml;

use std::sync::Arc;

use crate::app::App;
use crate::ids::TenantId;
use crate::oauth::metadata::paths;
use crate::policy::matches;
use crate::reply::{Reply, Request};
use crate::storage::{DeviceState, Storage};

/// Methods that a read-only book answers.
const ALLOW: &str = "OPTIONS, GET, HEAD, PROPFIND, REPORT";
/// Bytes of a request body: a multiget of some ten thousand cards.
pub const BODY_BYTES: usize = 4 * 1024 * 1024;
/// Name of the one book.
const BOOK: &str = "people";

/// The path of a tenant's book.
#[must_use]
pub fn book_path(base: &str, tenant: &TenantId) -> String {
    format!("{}{tenant}/{BOOK}/", home(base))
}

fn home(base: &str) -> String {
    format!("{base}{}books/", paths::DAV)
}

/// `/.well-known/carddav` (RFC 6764 §5).
#[must_use]
pub fn well_known(app: &App, _request: &Request) -> Reply {
    Reply::empty(301).with("location", format!("{}{}", app.issuer.base, paths::DAV))
}

/// What a path under `/dav/` names.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Resource {
    Root,
    Principal,
    Home,
    Book,
    Card(String),
}

/// One answered question: where, for whom.
struct Place {
    storage: Arc<dyn Storage>,
    base: String,
    tenant: TenantId,
    /// The organisation's name, and so the book's.
    name: String,
    page_size: usize,
}

impl Place {
    fn home(&self) -> String {
        format!("{}{}/", home(&self.base), self.tenant)
    }

    fn book(&self) -> String {
        book_path(&self.base, &self.tenant)
    }

    /// What `path` names in this tenant; another tenant's things are not there.
    fn resource(&self, path: &str) -> Option<Resource> {
        let rest = path.strip_prefix(&self.base)?.strip_prefix(paths::DAV.trim_end_matches('/'))?;
        let rest = rest.trim_matches('/');
        if rest.is_empty() {
            return Some(Resource::Root);
        }
        let tenant = self.tenant.as_str();
        let parts: Vec<&str> = rest.split('/').collect();
        match parts[..] {
            ["principal"] => Some(Resource::Principal),
            ["books", of] if of == tenant => Some(Resource::Home),
            ["books", of, BOOK] if of == tenant => Some(Resource::Book),
            ["books", of, BOOK, card] if of == tenant => Some(Resource::Card(unescape(card)?)),
            _ => None,
        }
    }
}

/// Percent-decoding of one segment.
pub(crate) fn unescape(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Everything under `/dav/`.
///
/// # Errors
/// 401 without a valid token and proof, 403 for writes and for devices on their way out.
pub fn dav(app: &App, request: &Request) -> Result<Reply, Reply> {
    let method = request.method.as_str();
    if method == "OPTIONS" {
        return Ok(Reply::empty(200).with("allow", ALLOW).with("dav", "1, 3, addressbook"));
    }
    let session = app.session(request)?;
    if session.device.state == DeviceState::Retiring {
        return Err(Reply::problem(403, "Access has ended", "This device is to be erased."));
    }
    let tenant = session.device.tenant;
    let row = app.storage.read(|tx| tx.tenant(&tenant)).map_err(Reply::from)?;
    let place = Place {
        storage: Arc::clone(&app.storage),
        base: app.issuer.base.clone(),
        name: row.map(|row| row.profile.name).unwrap_or_default(),
        tenant,
        page_size: app.page_size,
    };
    let resource = place.resource(&request.path).ok_or_else(not_found)?;
    match method {
        "PROPFIND" => props::propfind(place, resource, request),
        "REPORT" => report::report(place, &resource, request),
        "GET" | "HEAD" => get(&place, &resource, request),
        "PUT" | "DELETE" | "POST" | "PROPPATCH" | "MKCOL" | "MOVE" | "COPY" | "ACL" | "LOCK" => {
            let error = "<D:need-privileges/>";
            Err(xml::error(403, error))
        }
        _ => Err(Reply::empty(405).with("allow", ALLOW)),
    }
}

fn not_found() -> Reply {
    Reply::problem(404, "Not found", "There is nothing at this address.")
}

fn get(place: &Place, resource: &Resource, request: &Request) -> Result<Reply, Reply> {
    let Resource::Card(name) = resource else {
        return Err(Reply::empty(405).with("allow", ALLOW));
    };
    let card = place.storage.read(|tx| tx.card(&place.tenant, name)).map_err(Reply::from)?;
    let card = card.ok_or_else(not_found)?;
    if matches(request.header("if-none-match"), &card.etag) {
        return Ok(Reply::empty(304).with("etag", card.etag));
    }
    // Cards are kept with bare line feeds, as XML carries them; vCard lines end in CR LF.
    let body = card.body.unwrap_or_default().replace('\n', "\r\n");
    Ok(Reply::typed(200, "text/vcard; charset=utf-8", body).with("etag", card.etag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::sqlite::Sqlite;

    #[test]
    fn paths_name_resources_of_the_own_tenant_only() {
        let place = Place {
            storage: Arc::new(Sqlite::in_memory().unwrap()),
            base: "/m".into(),
            tenant: TenantId::from("acme"),
            name: "Acme".into(),
            page_size: 10,
        };
        let check = |path: &str, expect| assert_eq!(place.resource(path), expect, "{path}");
        check("/m/dav/", Some(Resource::Root));
        check("/m/dav", Some(Resource::Root));
        check("/m/dav/principal/", Some(Resource::Principal));
        check("/m/dav/books/acme/", Some(Resource::Home));
        check("/m/dav/books/acme/people", Some(Resource::Book));
        check("/m/dav/books/acme/people/a%2Db.vcf", Some(Resource::Card("a-b.vcf".into())));
        check("/m/dav/books/other/people/", None);
        check("/m/dav/books/", None);
        check("/dav/", None);
        check("/m/dav/books/acme/people/%zz", None);
    }
}
