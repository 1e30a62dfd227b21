//! From a configured address to address books (RFC 6764 §6, RFC 6352 §7.1).
use serde::{Deserialize, Serialize};
use url::Url;

use super::error::{BadAnswer, BookError};
use super::session::{Session, refusal};
use crate::contacts::dav::{Collection, HrefError, Item, Props, list_books, look_around};
use crate::http::Request;

/// A book that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FoundBook {
    /// Its address.
    pub url: String,
    /// Its name, for people.
    pub name: String,
}

/// What was found at a configured address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Discovered {
    pub(super) books: Vec<FoundBook>,
    /// The configured address is a book's own.
    pub(super) direct: bool,
}

/// Books in one account. Nobody has more; a listing of everything on a server would.
const MOST_BOOKS: usize = 100;

/// Looks for books: at the address itself, then where the server says, then at the well-known place.
pub(super) async fn discover(
    session: &mut Session<'_>,
    url: &Url,
) -> Result<Discovered, BookError> {
    let first = look_at(session, url.clone()).await;
    let missing = matches!(first, Err(BookError::NotFound));
    if let Some(found) = settled(first)? {
        return Ok(found);
    }
    for path in ["/.well-known/carddav", "/"] {
        let Ok(place) = url.join(path) else { continue };
        if let Some(found) = settled(look_at(session, place).await)? {
            return Ok(Discovered { direct: false, ..found });
        }
    }
    Err(if missing { BookError::NotFound } else { BookError::NotCardDav })
}

/// Sorts what one place gave into: found, nothing there, and not worth going on.
fn settled(found: Result<Discovered, BookError>) -> Result<Option<Discovered>, BookError> {
    match found {
        Ok(found) if !found.books.is_empty() => Ok(Some(found)),
        Ok(_) => Ok(None),
        Err(
            BookError::NotFound
            | BookError::Forbidden
            | BookError::BadAnswer(BadAnswer::Status(_) | BadAnswer::Xml(_)),
        ) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn look_at(session: &mut Session<'_>, url: Url) -> Result<Discovered, BookError> {
    let (url, mut props) = properties(session, url).await?;
    if props.is_address_book {
        let name = name_of(&props, &url);
        return Ok(Discovered { books: vec![FoundBook { url: url.into(), name }], direct: true });
    }
    let mut base = url.clone();
    if props.home_set.is_empty()
        && let Some(principal) = props.principal.take()
        && let Some(place) = on_same_host(&base, &principal)
        && place != url
    {
        (base, props) = properties(session, place).await?;
    }
    let mut homes: Vec<Url> =
        props.home_set.iter().filter_map(|href| on_same_host(&base, href)).collect();
    if homes.is_empty() && props.is_collection {
        homes.push(base);
    }
    let mut found = Discovered::default();
    for home in homes {
        found.books.extend(books_in(session, home).await?);
    }
    found.books.truncate(MOST_BOOKS);
    Ok(found)
}

/// The properties of the resource at `url`, and its address after redirects.
async fn properties(session: &mut Session<'_>, url: Url) -> Result<(Url, Props), BookError> {
    let (url, all) = propfind(session, look_around(url.as_str())).await?;
    let props = all.into_iter().next().map(|(_, props)| props).unwrap_or_default();
    if props.unauthenticated {
        return Err(BookError::LoginRefused);
    }
    Ok((url, props))
}

async fn books_in(session: &mut Session<'_>, home: Url) -> Result<Vec<FoundBook>, BookError> {
    let (base, all) = propfind(session, list_books(home.as_str())).await?;
    let home = Collection::new(base);
    let mut books = Vec::new();
    for (href, props) in all {
        if !props.is_address_book {
            continue;
        }
        let url = match home.member(&href) {
            Ok(member) => home.url_of(&member.path),
            Err(HrefError::Collection) => Some(home.url().clone()),
            Err(HrefError::Foreign | HrefError::Malformed) => None,
        };
        if let Some(url) = url {
            let name = name_of(&props, &url);
            books.push(FoundBook { url: url.into(), name });
        }
    }
    Ok(books)
}

/// Sends a PROPFIND and reads address and properties of each resource.
async fn propfind(
    session: &mut Session<'_>,
    request: Request,
) -> Result<(Url, Vec<(String, Props)>), BookError> {
    let reached = session.open(request).await?;
    let url = reached.url.clone();
    if !reached.head.is_success() {
        return Err(refusal(&reached.head));
    }
    let mut all = Vec::new();
    let mut answer = Session::answer(reached);
    while let Some(items) = answer.next(session).await? {
        for item in items {
            if let Item::Response(response) = item
                && all.len() < 10 * MOST_BOOKS
            {
                all.push((response.href, response.props));
            }
        }
    }
    Ok((url, all))
}

/// `href` as an address on the host of `base`; a server behind a proxy may not know scheme and port.
fn on_same_host(base: &Url, href: &str) -> Option<Url> {
    let target = base.join(href.trim()).ok()?;
    if target.host() != base.host() {
        return None;
    }
    base.join(target.path()).ok()
}

fn name_of(props: &Props, url: &Url) -> String {
    let last = url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    props.display_name.clone().unwrap_or_else(|| last.to_owned())
}
