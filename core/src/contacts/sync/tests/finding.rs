//! From a configured address to books.
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use super::phone::Phone;
use super::server::{Server, Ways};
use crate::contacts::sync::{AuthFields, Authorizer, BadAnswer, BookAuth, BookError, Check, Retry};
use crate::flow::Flow;
use crate::http::{Answer, Failure, Head, Method, Request};

fn multistatus(responses: &[(&str, &str)]) -> String {
    let responses: String = responses
        .iter()
        .map(|(href, props)| {
            format!(
                "<response><href>{href}</href><propstat><prop>{props}</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
            )
        })
        .collect();
    format!(
        "<multistatus xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:carddav'>{responses}</multistatus>"
    )
}

const BOOK_TYPE: &str = "<resourcetype><collection/><C:addressbook/></resourcetype>";
const PRINCIPAL: &str = "<current-user-principal><href>/me/</href></current-user-principal>";
const HOME: &str = "<C:addressbook-home-set><href>/u/</href></C:addressbook-home-set>";

/// The book of [`Server`], found by principal and home set from `/`.
fn account(ways: Ways) -> Server {
    let mut server = Server::with_people(ways, 3);
    server.page("/dav/", 207, &multistatus(&[("/dav/", PRINCIPAL)]));
    server.page("/me/", 207, &multistatus(&[("/me/", HOME)]));
    let named = format!("{BOOK_TYPE}<displayname>Staff</displayname>");
    server.page(
        "/u/",
        207,
        &multistatus(&[
            ("/u/", "<resourcetype><collection/></resourcetype>"),
            ("/u/book/", &named),
            ("/u/calendar/", "<resourcetype><collection/></resourcetype>"),
        ]),
    );
    server
}

#[test]
fn the_well_known_address_leads_by_principal_and_home_set_to_the_book() {
    for status in [301, 302, 307, 308] {
        let mut server = account(Ways::default());
        server.redirect("/.well-known/carddav", status, "/dav/");
        let mut phone = Phone::new();
        phone.source.url = "https://dav.example/somewhere".to_owned();
        let report = phone.tries(&mut server, Check::Changes).unwrap().unwrap();
        assert_eq!(report.books[0].name, "Staff");
        assert_eq!(report.books[0].result.unwrap().added, 3);
        assert_eq!(
            server.log[..5],
            [
                "PROPFIND /somewhere depth 0",
                "PROPFIND /.well-known/carddav depth 0",
                "PROPFIND /dav/ depth 0",
                "PROPFIND /me/ depth 0",
                "PROPFIND /u/ depth 1",
            ]
        );
        // What was found is remembered.
        phone.restarts();
        server.log.clear();
        assert!(phone.syncs(&mut server).unchanged);
        assert_eq!(server.log.len(), 1, "{:#?}", server.log);
    }
}

#[test]
fn an_account_can_have_several_books_and_one_that_fails_does_not_stop_the_others() {
    let mut server = account(Ways::default());
    let two = multistatus(&[("/u/other/", BOOK_TYPE), ("/u/book/", BOOK_TYPE)]);
    server.page("/u/", 207, &two);
    server.page("/u/other/", 500, "");
    let mut phone = Phone::new();
    phone.source.url = "https://dav.example/me/".to_owned();
    let report = phone.tries(&mut server, Check::Changes).unwrap().unwrap();
    assert_eq!(report.books.len(), 2);
    assert_eq!(report.books[0].name, "other");
    assert_eq!(report.books[0].result, Err(BookError::ServerFault { status: 500 }));
    assert_eq!(report.books[1].result.unwrap().added, 3);
    assert_eq!(phone.people(), server.people());
}

#[test]
fn a_book_that_is_no_longer_there_goes_with_its_contacts() {
    let mut server = account(Ways::default());
    let mut phone = Phone::new();
    phone.source.url = "https://dav.example/me/".to_owned();
    phone.tries(&mut server, Check::Changes).unwrap().unwrap();
    assert_eq!(phone.people().len(), 3);
    // The account has another book now.
    server.page("/u/", 207, &multistatus(&[("/u/new/", BOOK_TYPE)]));
    let empty = "<multistatus xmlns='DAV:'><sync-token>1</sync-token></multistatus>";
    server.page("/u/new/", 207, empty);
    let report = phone.tries(&mut server, Check::Everything).unwrap().unwrap();
    assert_eq!(report.removed, 3);
    assert_eq!(phone.people(), Vec::<String>::new());
}

#[test]
fn a_book_that_has_moved_is_found_again() {
    let mut server = account(Ways::default());
    let old = multistatus(&[("/old/", BOOK_TYPE)]);
    server.page("/u/", 207, &old);
    server.page("/old/", 207, "<multistatus xmlns='DAV:'><sync-token>1</sync-token></multistatus>");
    let mut phone = Phone::new();
    phone.source.url = "https://dav.example/me/".to_owned();
    phone.tries(&mut server, Check::Changes).unwrap().unwrap();
    server.page("/old/", 404, "");
    server.page("/u/", 207, &multistatus(&[("/u/book/", BOOK_TYPE)]));
    let report = phone.tries(&mut server, Check::Changes).unwrap().unwrap();
    assert_eq!(report.books.len(), 1, "{report:?}");
    assert_eq!(report.books[0].result.unwrap().added, 3);
    assert_eq!(phone.people(), server.people());
}

#[test]
fn what_is_no_carddav_server_is_said_to_be_none() {
    let check = |status: u16, body: &str, expect: BookError| {
        let mut server = Server::new(Ways::default());
        for path in ["/x", "/", "/.well-known/carddav"] {
            server.page(path, status, body);
        }
        let mut phone = Phone::new();
        phone.source.url = "https://dav.example/x".to_owned();
        assert_eq!(phone.tries(&mut server, Check::Changes), Some(Err(expect)), "{status} {body}");
    };
    check(404, "", BookError::NotFound);
    check(405, "", BookError::NotCardDav);
    check(200, "<!DOCTYPE html><html></html>", BookError::NotCardDav);
    check(200, "<html></html>", BookError::NotCardDav);
    check(207, &multistatus(&[("/x", "<resourcetype/>")]), BookError::NotCardDav);
    check(401, "", BookError::LoginRefused);
    check(503, "", BookError::Busy { retry_after_seconds: None });
    // Cyrus says it like this to those who have not signed in.
    let nobody = "<current-user-principal><unauthenticated/></current-user-principal>";
    check(207, &multistatus(&[("/x", nobody)]), BookError::LoginRefused);
}

#[test]
fn redirects_end_somewhere_and_never_lead_to_plain_http() {
    let mut phone = Phone::new();
    let mut server = Server::new(Ways::default());
    server.redirect("/u/book/", 302, "/u/book/");
    let expect = BookError::BadAnswer(BadAnswer::Redirect);
    assert_eq!(phone.fails(&mut server), expect);
    assert_eq!(server.log.len(), 6);
    for location in ["http://dav.example/u/book/", "http://127.0.0.1/u/book/", "ftp://dav.example/"]
    {
        server.redirect("/u/book/", 301, location);
        let expect = BookError::BadAnswer(BadAnswer::InsecureRedirect);
        assert_eq!(phone.fails(&mut server), expect, "{location}");
    }
    server.page("/u/book/", 301, "");
    assert_eq!(phone.fails(&mut server), BookError::BadAnswer(BadAnswer::Redirect));
}

#[test]
fn credentials_never_go_to_another_origin() {
    let mut server = Server::with_people(Ways::default(), 1);
    let mut phone = Phone::new();
    phone.source.auth = BookAuth::Basic { user: "jo".into(), password: "pw".into() };
    let seen: Mutex<Vec<(String, bool)>> = Mutex::default();
    for location in
        ["https://other.example/u/book/", "https://dav.example:444/u/book/", "/u/moved/"]
    {
        server.redirect("/u/book/", 308, location);
        seen.lock().unwrap().clear();
        let _ = phone.runs(
            |request| {
                let host = url::Url::parse(&request.url).unwrap();
                let has = request.headers.iter().any(|(n, _)| n == "Authorization");
                let origin = crate::http::origin_of(&host);
                seen.lock().unwrap().push((origin.clone(), has));
                match origin == "https://dav.example" {
                    true => server.answer(request),
                    false => Answer { head: Head { status: 401, headers: vec![] }, body: vec![] },
                }
            },
            Check::Changes,
        );
        for (origin, has) in seen.lock().unwrap().iter() {
            assert_eq!(*has, origin == "https://dav.example", "{location}: {origin}");
        }
        assert!(seen.lock().unwrap().len() >= 2);
    }
}

#[test]
fn an_address_that_is_not_https_is_never_asked() {
    let mut phone = Phone::new();
    for url in ["http://dav.example/", "dav.example", "https://user:pw@dav.example/"] {
        phone.source.url = url.to_owned();
        let outcome = phone.runs(|_| panic!("{url}"), Check::Changes).unwrap();
        assert_eq!(outcome, Err(BookError::Unreachable(Failure::Insecure)));
    }
}

/// Wants a nonce in every proof, as a management server does.
struct Proofs {
    nonce: Mutex<String>,
    made: AtomicU32,
}

impl Authorizer for Proofs {
    fn headers<'a>(&'a self, _flow: &'a Flow, method: Method, url: &'a str) -> AuthFields<'a> {
        self.made.fetch_add(1, Ordering::Relaxed);
        let nonce = self.nonce.lock().unwrap().clone();
        let proof = format!("{} {url} {nonce}", method.as_str());
        Box::pin(async move {
            Ok(vec![
                ("Authorization".to_owned(), "DPoP token".to_owned()),
                ("DPoP".to_owned(), proof),
            ])
        })
    }

    fn on_answer(&self, _url: &str, head: &Head) -> Retry {
        if let Some(nonce) = head.header("DPoP-Nonce") {
            *self.nonce.lock().unwrap() = nonce.to_owned();
        }
        if head.status == 401 { Retry::Again } else { Retry::No }
    }
}

#[test]
fn a_proof_is_made_for_each_request_and_again_with_the_servers_nonce() {
    let mut server = Server::with_people(Ways::default(), 3);
    let mut phone = Phone::new();
    let proofs = Arc::new(Proofs { nonce: Mutex::default(), made: AtomicU32::new(0) });
    phone.source.auth = BookAuth::Dpop(proofs.clone());
    let guarded = |request: &Request| {
        let proof = request.headers.iter().find(|(n, _)| n == "DPoP").unwrap().1.clone();
        assert!(proof.starts_with(&format!("{} {}", request.method.as_str(), request.url)));
        if proof.ends_with(" n1") {
            return server.answer(request);
        }
        let headers = vec![("DPoP-Nonce".to_owned(), "n1".to_owned())];
        Answer { head: Head { status: 401, headers }, body: vec![] }
    };
    let report = phone.runs(guarded, Check::Changes).unwrap().unwrap();
    assert_eq!(report.books[0].result.unwrap().added, 3);
    assert_eq!(proofs.made.load(Ordering::Relaxed), 3, "one more for the nonce");

    // It is tried again once, not for ever.
    let refused =
        |_: &Request| Answer { head: Head { status: 401, headers: vec![] }, body: vec![] };
    let report = phone.runs(refused, Check::Changes).unwrap().unwrap();
    assert_eq!(report.books[0].result, Err(BookError::LoginRefused));
    assert_eq!(proofs.made.load(Ordering::Relaxed), 5);
}
