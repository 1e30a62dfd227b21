//! The address book over CardDAV.

use std::io::Read as _;

use muster_server::Config;
use serde_json::json;

use crate::client::{Answer, Phone, World, fetch};

fn prop(names: &str) -> String {
    format!(
        "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop>{names}\
         </D:prop></D:propfind>"
    )
}

fn sync(phone: &Phone<'_>, token: &str, extra: &str) -> Answer {
    let body = format!(
        "<D:sync-collection xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">\
         <D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>{extra}\
         <D:prop><D:getetag/><C:address-data/></D:prop></D:sync-collection>"
    );
    let headers = [("depth", "0"), ("content-type", "application/xml")];
    phone.resource("REPORT", BOOK, &headers, body.as_bytes())
}

const BOOK: &str = "/dav/books/acme/people/";

/// The texts between two marks.
fn all<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

fn token(answer: &Answer) -> String {
    let text = answer.text();
    all(&text, "<D:sync-token>", "</D:sync-token>").last().unwrap().to_string()
}

fn cards(answer: &Answer) -> usize {
    answer.text().matches("BEGIN:VCARD").count()
}

fn add(world: &World, count: usize) {
    let people: Vec<_> = (0..count)
        .map(|n| json!({"first_name": "P", "last_name": format!("{n:04}"), "phone": "1"}))
        .collect();
    for piece in people.chunks(1_000) {
        world.acme("POST", "people/import", json!({ "people": piece }));
    }
}

#[test]
fn discovery_leads_to_the_book() {
    let world = World::new();
    let phone = world.active_phone();
    let known = fetch("GET", &phone.at("/.well-known/carddav"), &[], "");
    assert_eq!((known.status, known.header("location")), (301, Some("/dav/")));
    let find = |path: &str, depth: &str, names: &str| {
        let answer = phone.resource("PROPFIND", path, &[("depth", depth)], prop(names).as_bytes());
        assert_eq!(answer.status, 207, "{path}");
        answer.text()
    };
    let root = find("/dav/", "0", "<D:current-user-principal/>");
    assert_eq!(all(&root, "<D:current-user-principal><D:href>", "<"), ["/dav/principal/"]);
    let principal = find("/dav/principal/", "0", "<C:addressbook-home-set/>");
    assert_eq!(all(&principal, "<C:addressbook-home-set><D:href>", "<"), ["/dav/books/acme/"]);
    let home = find("/dav/books/acme/", "1", "<D:resourcetype/><D:displayname/><D:sync-token/>");
    assert_eq!(all(&home, "<D:response><D:href>", "<"), ["/dav/books/acme/", BOOK]);
    assert!(home.contains("<D:collection/><C:addressbook/>") && home.contains("Acme AG"));
    let book = find(BOOK, "0", "<D:supported-report-set/><D:getctag/><X:odd xmlns:X=\"urn:x\"/>");
    assert!(book.contains("<D:sync-collection/>"));
    assert!(book.contains("<x:odd xmlns:x=\"urn:x\"/>") && book.contains("404 Not Found"));
    let list = find(BOOK, "1", "<D:getetag/>");
    assert_eq!(list.matches("<D:getetag>").count(), 3);
    let infinity = phone.resource("PROPFIND", BOOK, &[], b"");
    assert_eq!(infinity.status, 403);
    assert!(infinity.text().contains("propfind-finite-depth"));
    let all_props = phone.resource("PROPFIND", BOOK, &[("depth", "0")], b"");
    assert!(all_props.text().contains("<D:resourcetype>"));
}

#[test]
fn a_sync_brings_all_then_only_what_changed() {
    let world = World::new();
    let phone = world.active_phone();
    let first = sync(&phone, "", "");
    assert_eq!((first.status, cards(&first)), (207, 3));
    assert!(first.text().contains("Müller"));
    let token1 = token(&first);
    let nothing = sync(&phone, &token1, "");
    assert_eq!((cards(&nothing), token(&nothing)), (0, token1.clone()));
    assert!(!nothing.text().contains("<D:response>"));

    let changed =
        json!({"first_name": "Anna", "last_name": "R&D <x>", "email": "anna@acme.example"});
    world.acme("POST", "people", changed.clone());
    world.acme("POST", "people/remove", json!({"people": ["bert@acme.example"]}));
    let second = sync(&phone, &token1, "");
    assert_eq!(cards(&second), 1);
    assert!(second.text().contains("R&amp;D &lt;x&gt;"));
    assert_eq!(second.text().matches("HTTP/1.1 404 Not Found").count(), 1, "the deletion");
    world.acme("POST", "people", changed);
    assert_eq!(cards(&sync(&phone, &token(&second), "")), 0, "the same card again");
    assert_eq!(cards(&sync(&phone, "", "")), 2);
    assert!(!sync(&phone, "", "").text().contains("404"), "who has nothing needs no deletion");

    world.acme("POST", "people/revoke", json!({"people": ["clara@acme.example"]}));
    let third = sync(&phone, &token(&second), "");
    assert_eq!(third.text().matches("404 Not Found").count(), 1, "a revoked person's card goes");
}

#[test]
fn long_books_come_in_pages_and_nothing_is_lost_between_them() {
    let world = World::with(Config { page_size: 400, ..Config::default() });
    add(&world, 1_200);
    let phone = world.active_phone();
    let (mut seen, mut at, mut pages) = (std::collections::BTreeSet::new(), String::new(), 0);
    loop {
        let answer = sync(&phone, &at, "");
        pages += 1;
        let text = answer.text();
        let (mut hrefs, more) = (all(&text, "<D:response><D:href>", "<"), text.contains("507"));
        if more {
            assert_eq!(hrefs.pop(), Some(BOOK), "507 stands on the book's own address");
            assert!(text.contains("<D:number-of-matches-within-limits/>"));
            assert_eq!(hrefs.len(), 400);
        }
        seen.extend(hrefs.into_iter().map(str::to_owned));
        at = token(&answer);
        if pages == 1 {
            // Meanwhile a card of the first page changes, one of the last goes, one is new.
            let change =
                json!({"first_name": "Anna", "last_name": "X", "email": "anna@acme.example"});
            world.acme("POST", "people", change);
            let gone = world.acme("GET", "people?after=1000&limit=1", json!(null));
            let uid = gone["people"][0]["uid"].clone();
            world.acme("POST", "people/remove", json!({ "people": [uid] }));
            world.acme("POST", "people", json!({"first_name": "New"}));
        }
        if !more {
            assert!(text.contains("404 Not Found"), "the deletion comes with the pages");
            let gone = all(&text, "<D:response><D:href>", "</D:href><D:status>HTTP/1.1 404");
            let gone = gone.into_iter().find(|href| !href.contains('<')).unwrap();
            seen.remove(gone);
            break;
        }
    }
    assert_eq!(pages, 4);
    assert_eq!(seen.len(), 1_203);
    assert_eq!(cards(&sync(&phone, &at, "")), 0);
}

#[test]
fn a_limit_of_the_client_is_honoured() {
    let world = World::new();
    let phone = world.active_phone();
    let limited = sync(&phone, "", "<D:limit><D:nresults>2</D:nresults></D:limit>");
    assert_eq!(cards(&limited), 2);
    assert!(limited.text().contains("507"));
    assert_eq!(cards(&sync(&phone, &token(&limited), "")), 1);
    let exact = sync(&phone, "", "<D:limit><D:nresults>3</D:nresults></D:limit>");
    assert!(!exact.text().contains("507"));
}

#[test]
fn tokens_that_mean_nothing_here_are_refused() {
    let world = World::new();
    let phone = world.active_phone();
    let good = token(&sync(&phone, "", ""));
    let (start, _) = good.rsplit_once(':').unwrap();
    let check = |token: &str| {
        let answer = sync(&phone, token, "");
        assert_eq!(answer.status, 403, "{token}");
        assert!(answer.text().contains("<D:valid-sync-token/>"));
    };
    check("urn:muster:sync:other:1");
    check(&format!("{start}:999999"));
    check("http://elsewhere.example/7");
    world.acme("POST", "resync", json!(null));
    check(&good);
    assert_eq!(cards(&sync(&phone, "", "")), 3);
}

#[test]
fn multiget_and_get() {
    let world = World::new();
    let phone = world.active_phone();
    let list = phone.resource("PROPFIND", BOOK, &[("depth", "1")], prop("<D:getetag/>").as_bytes());
    let list = list.text();
    let hrefs: Vec<&str> =
        all(&list, "<D:href>", "<").into_iter().filter(|href| href.ends_with(".vcf")).collect();
    let missing = format!("{BOOK}none.vcf");
    let absolute = phone.at(hrefs[1]);
    let body = format!(
        "<C:addressbook-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">\
         <D:prop><D:getetag/><C:address-data/></D:prop><D:href>{}</D:href><D:href>{absolute}</D:href>\
         <D:href>{missing}</D:href></C:addressbook-multiget>",
        hrefs[0]
    );
    let answer = phone.resource("REPORT", BOOK, &[], body.as_bytes());
    assert_eq!((answer.status, cards(&answer)), (207, 2));
    assert!(answer.text().contains(&format!("{missing}</D:href><D:status>HTTP/1.1 404")));

    let card = phone.resource("GET", hrefs[0], &[], b"");
    assert_eq!(card.header("content-type"), Some("text/vcard; charset=utf-8"));
    assert!(card.text().starts_with("BEGIN:VCARD\r\n") && card.text().ends_with("END:VCARD\r\n"));
    let etag = card.header("etag").unwrap();
    assert!(list.contains(etag));
    assert_eq!(phone.resource("GET", hrefs[0], &[("if-none-match", etag)], b"").status, 304);
    assert_eq!(phone.resource("GET", &missing, &[], b"").status, 404);
}

#[test]
fn the_book_is_read_only_and_only_for_its_own_people() {
    let world = World::new();
    world.admin("POST", "tenants", json!({"id": "zebra", "name": "Zebra"}));
    let phone = world.active_phone();
    for method in ["PUT", "DELETE", "PROPPATCH", "MKCOL"] {
        let answer = phone.resource(method, &format!("{BOOK}x.vcf"), &[], b"x");
        assert_eq!(answer.status, 403, "{method}");
    }
    assert_eq!(phone.resource("PATCH", BOOK, &[], b"").status, 405);
    assert_eq!(phone.resource("PROPFIND", "/dav/books/zebra/people/", &[], b"").status, 404);
    assert_eq!(phone.send("PROPFIND", BOOK, None, &[], b"").status, 401);
    let query = "<C:addressbook-query xmlns:C=\"urn:ietf:params:xml:ns:carddav\"/>";
    let answer = phone.resource("REPORT", BOOK, &[], query.as_bytes());
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("supported-report"));
    assert_eq!(phone.resource("REPORT", BOOK, &[], b"rubbish").status, 400);
    let options = fetch("OPTIONS", &phone.at(BOOK), &[], "");
    assert!(options.header("dav").unwrap().contains("addressbook"));
}

#[test]
fn long_answers_are_compressed_when_asked() {
    let world = World::new();
    add(&world, 500);
    let phone = world.active_phone();
    let plain = sync(&phone, "", "");
    assert_eq!(plain.header("content-encoding"), None);
    let access = phone.tokens.borrow().access.clone();
    let body = "<D:sync-collection xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">\
                <D:sync-token/><D:sync-level>1</D:sync-level>\
                <D:prop><D:getetag/><C:address-data/></D:prop></D:sync-collection>";
    let zipped = phone.send(
        "REPORT",
        BOOK,
        Some(&access),
        // A coding that the test's own HTTP client leaves alone.
        &[("accept-encoding", "br;q=0.5, gzip;q=0.8")],
        body.as_bytes(),
    );
    assert_eq!(zipped.header("vary"), Some("accept-encoding"));
    let text = match zipped.header("content-encoding") {
        Some("gzip") if zipped.body.starts_with(&[0x1f, 0x8b]) => {
            assert!(zipped.body.len() * 3 < plain.body.len());
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(&zipped.body[..]).read_to_end(&mut text).unwrap();
            text
        }
        // ureq unpacks by itself; then what is left to see is that it is the same.
        _ => zipped.body,
    };
    assert_eq!(text, plain.body);
}
