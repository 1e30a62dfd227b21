use proptest::prelude::*;
use url::Url;

use super::*;
use crate::limits;

fn parse_in_pieces(answer: &[u8], size: usize) -> (Vec<Item>, Result<(), XmlError>) {
    let mut items = Vec::new();
    let mut reader = Multistatus::new();
    for piece in answer.chunks(size.max(1)) {
        if let Err(e) = reader.push(piece, &mut items) {
            return (items, Err(e));
        }
    }
    (items, reader.finish())
}

fn parse(answer: &str) -> Vec<Item> {
    let (items, outcome) = parse_in_pieces(answer.as_bytes(), usize::MAX);
    assert_eq!(outcome, Ok(()), "{answer}");
    items
}

fn responses(answer: &str) -> Vec<Response> {
    let only = |item| match item {
        Item::Response(response) => Some(response),
        _ => None,
    };
    parse(answer).into_iter().filter_map(only).collect()
}

/// As Radicale answers a first sync report.
const RADICALE: &str = r#"<?xml version='1.0' encoding='utf-8'?>
<multistatus xmlns="DAV:" xmlns:CR="urn:ietf:params:xml:ns:carddav"><sync-token>http://radicale.org/ns/sync/5d3f</sync-token><response><href>/u/book/a.vcf</href><propstat><prop><getetag>"e1"</getetag><CR:address-data>BEGIN:VCARD&#13;
FN:A &amp; B&#13;
END:VCARD&#13;
</CR:address-data></prop><status>HTTP/1.1 200 OK</status></propstat></response><response><href>/u/book/gone.vcf</href><status>HTTP/1.1 404 Not Found</status></response></multistatus>"#;

/// As Xandikos does: another prefix for everything, and no card in a sync report.
const XANDIKOS: &str = r#"<ns0:multistatus xmlns:ns0="DAV:" xmlns:ns1="urn:ietf:params:xml:ns:carddav"><ns0:response><ns0:href>/u/contacts/a.vcf</ns0:href><ns0:propstat><ns0:status>HTTP/1.1 200 OK</ns0:status><ns0:prop><ns0:getetag>"e1"</ns0:getetag></ns0:prop></ns0:propstat><ns0:propstat><ns0:status>HTTP/1.1 404 Not Found</ns0:status><ns0:prop><ns1:address-data /></ns0:prop></ns0:propstat></ns0:response><ns0:sync-token>8b1a</ns0:sync-token></ns0:multistatus>"#;

#[test]
fn a_sync_report_with_a_card_a_deletion_and_a_token() {
    let items = parse(RADICALE);
    assert_eq!(items[0], Item::SyncToken("http://radicale.org/ns/sync/5d3f".into()));
    let Item::Response(a) = &items[1] else { panic!("{items:?}") };
    assert_eq!((a.href.as_str(), a.status, a.has_properties), ("/u/book/a.vcf", None, true));
    assert_eq!(a.props.etag.as_deref(), Some("\"e1\""));
    let card = "BEGIN:VCARD\r\nFN:A & B\r\nEND:VCARD\r\n";
    assert_eq!(a.props.card, Some(CardText::Text(card.into())));
    let Item::Response(gone) = &items[2] else { panic!("{items:?}") };
    assert_eq!((gone.status, gone.has_properties), (Some(404), false));
}

#[test]
fn card_data_that_a_server_does_not_give_is_noticed() {
    let all = responses(XANDIKOS);
    assert!(all[0].card_refused);
    assert_eq!(all[0].props.card, None);
    assert_eq!(all[0].props.etag.as_deref(), Some("\"e1\""));
}

#[test]
fn what_a_server_says_about_itself() {
    let all = responses(
        r#"<d:multistatus xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cs="http://calendarserver.org/ns/">
        <d:response><d:href>/dav/book/</d:href><d:propstat><d:prop>
        <d:resourcetype><d:collection/><card:addressbook/></d:resourcetype>
        <d:displayname>Staff</d:displayname>
        <d:current-user-principal><d:href>/dav/me/</d:href></d:current-user-principal>
        <card:addressbook-home-set><d:href>/dav/one/</d:href><d:href>/dav/two/</d:href></card:addressbook-home-set>
        <d:supported-report-set><d:supported-report><d:report><d:sync-collection/></d:report></d:supported-report></d:supported-report-set>
        <cs:getctag>7</cs:getctag><d:sync-token>t7</d:sync-token>
        </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>
        <d:propstat><d:prop><d:getetag>"ignored"</d:getetag></d:prop><d:status>HTTP/1.1 403 Forbidden</d:status></d:propstat>
        </d:response></d:multistatus>"#,
    );
    let expect = Props {
        is_collection: true,
        is_address_book: true,
        display_name: Some("Staff".into()),
        principal: Some("/dav/me/".into()),
        home_set: vec!["/dav/one/".into(), "/dav/two/".into()],
        has_sync_collection: true,
        names_reports: true,
        ctag: Some("7".into()),
        sync_token: Some("t7".into()),
        ..Props::default()
    };
    assert_eq!(all[0].props, expect);
}

#[test]
fn nobody_signed_in_is_said_without_a_401() {
    let all = responses(
        r#"<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop><current-user-principal><unauthenticated/></current-user-principal></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"#,
    );
    assert!(all[0].props.unauthenticated);
}

#[test]
fn conditions_of_an_error_answer() {
    let check = |answer: &str, expect| assert_eq!(parse(answer), [Item::Condition(expect)]);
    check("<error xmlns='DAV:'><valid-sync-token/></error>", Condition::ValidSyncToken);
    check(
        "<D:error xmlns:D='DAV:'><D:valid-sync-token>x</D:valid-sync-token></D:error>",
        Condition::ValidSyncToken,
    );
    check("<error xmlns='DAV:'><supported-report/></error>", Condition::SupportedReport);
    check("<error xmlns='DAV:'><number-of-matches-within-limits/></error>", Condition::Other);
}

#[test]
fn several_addresses_with_one_status_are_several_answers() {
    let all = responses(
        "<multistatus xmlns='DAV:'><response><href>/a</href><href>/b</href><status>HTTP/1.1 404 Not Found</status></response></multistatus>",
    );
    let mut hrefs: Vec<_> = all.iter().map(|r| (r.href.as_str(), r.status)).collect();
    hrefs.sort();
    assert_eq!(hrefs, [("/a", Some(404)), ("/b", Some(404))]);
}

#[test]
fn what_stands_before_the_answer_does_no_harm() {
    let body = "<multistatus xmlns='DAV:'><sync-token>t</sync-token></multistatus>";
    for before in [
        "",
        "\u{feff}",
        "\r\n  ",
        "\u{feff}\n<?xml version=\"1.0\"?>\n",
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>",
        "<?xml version=\"1.0\" encoding=\"us-ascii\"?><!-- hello -->\n",
    ] {
        for size in [1, 3, 1000] {
            let answer = format!("{before}{body}\n");
            let (items, outcome) = parse_in_pieces(answer.as_bytes(), size);
            assert_eq!(outcome, Ok(()), "{before:?}");
            assert_eq!(items, [Item::SyncToken("t".into())], "{before:?}");
        }
    }
}

#[test]
fn what_is_no_answer_has_distinct_errors() {
    let check = |answer: &[u8], expect: XmlError| {
        for size in [1, 7, usize::MAX] {
            let (_, outcome) = parse_in_pieces(answer, size);
            assert_eq!(outcome, Err(expect), "{}", String::from_utf8_lossy(answer));
        }
    };
    check(b"", XmlError::Incomplete);
    check(b"   ", XmlError::Incomplete);
    check(b"<!DOCTYPE html><html></html>", XmlError::Malformed);
    check(b"<html></html>", XmlError::NotDav);
    check(b"not xml", XmlError::Malformed);
    check(b"\xff\xfe<\x00", XmlError::Charset);
    check(b"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", XmlError::Charset);
    check(b"<multistatus xmlns='DAV:'><response>", XmlError::Incomplete);
    check(b"<multistatus xmlns='DAV:'></response>", XmlError::Malformed);
    check(b"<multistatus xmlns='DAV:'>&bomb;</multistatus>", XmlError::Malformed);
    check(&vec![b' '; 5_000], XmlError::Malformed);
    let deep = format!("<multistatus xmlns='DAV:'>{}", "<a>".repeat(limits::XML_DEPTH));
    check(deep.as_bytes(), XmlError::TooDeep);
    let long = "x".repeat(limits::XML_TEXT_BYTES + 1);
    let long = format!("<multistatus xmlns='DAV:'><sync-token>{long}</sync-token></multistatus>");
    check(long.as_bytes(), XmlError::TextTooLong);
}

#[test]
fn a_card_that_is_too_large_costs_only_itself() {
    let card = |text: &str| {
        format!(
            "<response><href>/{}</href><propstat><prop><C:address-data>{text}</C:address-data></prop></propstat></response>",
            text.len()
        )
    };
    let answer = format!(
        "<multistatus xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:carddav'>{}{}</multistatus>",
        card(&"x".repeat(limits::CARD_BYTES + 1)),
        card("small")
    );
    let all = responses(&answer);
    assert_eq!(all[0].props.card, Some(CardText::TooLarge));
    assert_eq!(all[1].props.card, Some(CardText::Text("small".into())));
}

fn collection() -> Collection {
    Collection::new(Url::parse("https://dav.example:8443/u/b%C3%BCch").unwrap())
}

#[test]
fn one_address_in_many_spellings() {
    let key = "/u/b%C3%BCch/a%20%2B1.vcf";
    for text in [
        "/u/b%C3%BCch/a%20+1.vcf",
        "/u/b%c3%bcch/a%20%2B1.vcf",
        "/u/büch/a +1.vcf",
        "a%20%2b1.vcf",
        "./a +1.vcf",
        "../büch/a +1.vcf",
        " /u/büch/a +1.vcf\n",
        "https://dav.example:8443/u/b%C3%BCch/a%20%2B1.vcf",
        "HTTP://dav.example/u/b%C3%BCch/a%20%2B1.vcf",
        "//dav.example/u/b%C3%BCch/a%20%2B1.vcf",
    ] {
        assert_eq!(collection().member(text).map(|h| h.key), Ok(key.to_owned()), "{text}");
    }
}

#[test]
fn an_escaped_slash_is_part_of_a_name() {
    let key = |text: &str| collection().member(text).unwrap().key;
    assert_ne!(key("a%2Fb.vcf"), key("a/b.vcf"));
    assert_eq!(key("a%2fb.vcf"), key("a%2Fb.vcf"));
    assert_eq!(key("100%.vcf"), key("100%25.vcf"));
    assert_eq!(key("x:y.vcf"), "/u/b%C3%BCch/x%3Ay.vcf");
}

#[test]
fn a_server_sees_its_own_spelling_again() {
    let path = |text: &str| collection().member(text).unwrap().path;
    assert_eq!(path("/u/büch/a +1.vcf"), "/u/büch/a +1.vcf");
    assert_eq!(path("/u/b%c3%bcch/a.vcf"), "/u/b%c3%bcch/a.vcf");
    assert_eq!(path("a b.vcf"), "/u/b%C3%BCch/a%20b.vcf");
    assert_eq!(path("https://dav.example/u/b%C3%BCch/a.vcf"), "/u/b%C3%BCch/a.vcf");
}

#[test]
fn the_collection_and_other_hosts_are_no_members() {
    let check = |text: &str, expect| assert_eq!(collection().member(text), Err(expect), "{text}");
    for text in ["/u/büch/", "/u/b%c3%bcch", ".", "./", "https://dav.example:8443/u/b%C3%BCch/"] {
        check(text, HrefError::Collection);
    }
    for text in ["https://other.example/u/a.vcf", "//other.example/a.vcf", "http://127.0.0.1/a"] {
        check(text, HrefError::Foreign);
    }
    check("", HrefError::Malformed);
    check("https://", HrefError::Malformed);
}

#[test]
fn requests_carry_what_servers_insist_on() {
    let request = sync_collection("https://dav.example/b/", Some("a&b<c>"), true);
    let header = |name: &str| {
        request.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap()
    };
    assert_eq!(header("Content-Type"), "application/xml; charset=utf-8");
    assert_eq!(header("Depth"), "0");
    let body = String::from_utf8(request.body.clone()).unwrap();
    assert!(body.contains("<sync-token>a&amp;b&lt;c&gt;</sync-token>"));
    assert!(body.contains("<C:address-data/>"));
    assert!(!body.contains("limit"));
    let body = String::from_utf8(multiget("https://d/", ["/a&b.vcf", "/ü.vcf"]).body).unwrap();
    assert!(body.contains("<href>/a&amp;b.vcf</href><href>/ü.vcf</href>"), "{body}");
}

#[test]
fn every_request_body_is_xml() {
    let url = "https://dav.example/";
    for request in [
        look_around(url),
        list_books(url),
        list_members(url, Depth::One),
        sync_collection(url, None, false),
        multiget(url, ["/a"]),
    ] {
        let mut items = Vec::new();
        // Well-formed, with a root that is no answer.
        assert_eq!(Multistatus::new().push(&request.body, &mut items), Err(XmlError::NotDav));
        let mut bytes = request.body.as_slice();
        let mut parser = rxml::Parser::new();
        rxml::Parse::parse_all(&mut parser, &mut bytes, true, |_| {}).unwrap();
    }
}

proptest! {
    #[test]
    fn any_cut_gives_the_same_items(size in 1usize..200, which in 0usize..2) {
        let answer = [RADICALE, XANDIKOS][which];
        prop_assert_eq!(parse_in_pieces(answer.as_bytes(), size), (parse(answer), Ok(())));
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in proptest::collection::vec(any::<u8>(), 0..300), size in 1usize..50,
    ) {
        let _ = parse_in_pieces(&bytes, size);
    }

    #[test]
    fn a_damaged_answer_is_read_or_refused(at in 0usize..900, byte: u8, size in 1usize..100) {
        let mut bytes = RADICALE.as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        let (items, outcome) = parse_in_pieces(&bytes, size);
        prop_assert_eq!(parse_in_pieces(&bytes, usize::MAX), (items, outcome));
    }

    #[test]
    fn any_text_is_an_address_or_refused(text in ".{0,60}") {
        if let Ok(href) = collection().member(&text) {
            // What was normalised stays as it is.
            prop_assert_eq!(collection().member(&href.key).map(|h| h.key), Ok(href.key));
        }
    }
}
