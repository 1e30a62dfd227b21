//! A book is kept: first, again, changed, filtered, withdrawn.
use super::phone::Phone;
use super::server::{BOOK, Server, Ways};
use crate::contacts::card::Filter;
use crate::contacts::phone::Region;
use crate::contacts::sync::auth::base64;
use crate::contacts::sync::{BookAuth, BookError, BookSource, Check};
use crate::limits;

fn xandikos() -> Ways {
    Ways { inline: false, ..Ways::default() }
}

fn go_webdav() -> Ways {
    Ways { no_reports: Some((400, "")), ctag: false, ..Ways::default() }
}

fn every_kind() -> [Ways; 5] {
    [
        Ways::default(),
        xandikos(),
        go_webdav(),
        Ways { no_reports: Some((403, "<d:supported-report/>")), ..Ways::default() },
        Ways { page: Some(7), ..Ways::default() },
    ]
}

#[test]
fn whatever_the_server_the_phone_ends_with_its_people() {
    for ways in every_kind() {
        let mut server = Server::with_people(ways, 30);
        let mut phone = Phone::new();
        let report = phone.syncs(&mut server);
        assert_eq!((report.added, report.changed, report.removed), (30, 0, 0), "{:?}", server.ways);
        assert_eq!(phone.people(), server.people());
        assert_eq!(phone.told.lock().unwrap().len(), 30);
        assert!(report.bytes > 3_000 && report.requests > 0 && !report.unchanged);

        server.puts("005.vcf", "Married Name");
        server.puts("new.vcf", "New Colleague");
        server.deletes("007.vcf");
        server.deletes("008.vcf");
        let report = phone.syncs(&mut server);
        assert_eq!((report.added, report.changed, report.removed), (1, 1, 2), "{:?}", server.ways);
        assert_eq!(phone.people(), server.people());
        assert_eq!(phone.caller("+4917112000"), 0);
    }
}

#[test]
fn an_unchanged_book_costs_one_request_and_no_write_even_in_a_new_process() {
    for ways in every_kind() {
        let mut server = Server::with_people(ways, 20);
        let mut phone = Phone::new();
        phone.syncs(&mut server);
        phone.told.lock().unwrap().clear();
        for restart in [false, true] {
            if restart {
                phone.restarts();
            }
            server.log.clear();
            let writes = phone.writes();
            let report = phone.syncs(&mut server);
            assert!(report.unchanged, "{:?}", server.ways);
            assert_eq!((report.requests, server.log.len()), (1, 1), "{:?}", server.log);
            assert_eq!(phone.writes(), writes, "{:?}", server.ways);
            assert!(phone.told.lock().unwrap().is_empty());
        }
    }
}

#[test]
fn a_first_sync_asks_for_cards_in_the_report() {
    let mut server = Server::with_people(Ways::default(), 3);
    Phone::new().syncs(&mut server);
    assert_eq!(server.log, ["PROPFIND /u/book/ depth 0", "REPORT /u/book/ since \"\" with cards"]);
}

#[test]
fn a_server_without_cards_in_reports_is_asked_for_them_once() {
    let mut server = Server::with_people(xandikos(), 200);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    assert_eq!(
        server.log,
        [
            "PROPFIND /u/book/ depth 0",
            "REPORT /u/book/ since \"\" with cards",
            "REPORT /u/book/ of 80",
            "REPORT /u/book/ of 80",
            "REPORT /u/book/ of 40",
        ]
    );
    server.puts("new.vcf", "New");
    server.log.clear();
    phone.syncs(&mut server);
    assert_eq!(server.log, ["REPORT /u/book/ since \"data:,1-200\"", "REPORT /u/book/ of 1"]);
}

#[test]
fn one_bad_card_among_many_costs_exactly_that_card() {
    for ways in every_kind() {
        let mut server = Server::with_people(ways, 12);
        server.puts_card("bad.vcf", "no card at all");
        server.puts_card("empty.vcf", "");
        server.puts_card("nameless.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL:1\r\nEND:VCARD\r\n");
        server.puts_card("huge.vcf", &"x".repeat(limits::CARD_BYTES + 1));
        server.puts_card(
            "list.vcf",
            "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:group\r\nFN:All\r\nEND:VCARD\r\n",
        );
        let mut phone = Phone::new();
        let report = phone.syncs(&mut server);
        assert_eq!(report.added, 12, "{:?}", server.ways);
        assert_eq!(report.skipped.unparsable, 2);
        assert_eq!((report.skipped.nameless, report.skipped.too_large), (1, 1));
        assert_eq!(phone.people().len(), 12);
        assert_eq!(phone.summary().skipped, 4);

        // They are known, and not fetched again.
        server.handed_out.clear();
        assert!(phone.syncs(&mut server).unchanged, "{:?}", server.ways);
        assert!(server.handed_out.is_empty(), "{:?}", server.ways);

        // A card that is mended becomes a contact; one that breaks is no longer one.
        server.puts("bad.vcf", "Mended");
        server.puts_card("001.vcf", "broken");
        let report = phone.syncs(&mut server);
        assert_eq!((report.added, report.removed), (1, 1), "{:?}", server.ways);
        assert_eq!(phone.summary().skipped, 4);
    }
}

#[test]
fn the_filter_applies_before_anything_is_stored_and_a_new_one_to_everything() {
    for ways in every_kind() {
        let mut server = Server::with_people(ways, 4);
        server.puts_card(
            "board.vcf",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Chief\r\nORG:X;Board\r\nEND:VCARD\r\n",
        );
        let mut phone = Phone::new();
        phone.filter = Filter::parse(&["-department:Board".to_owned()]).unwrap();
        let report = phone.syncs(&mut server);
        assert_eq!((report.added, report.filtered), (4, 1));
        assert!(!phone.people().contains(&"Chief".to_owned()));
        assert_eq!(phone.summary().filtered, 1);
        assert!(phone.syncs(&mut server).unchanged);

        phone.filter = Filter::parse(&["department:Board".to_owned()]).unwrap();
        let report = phone.syncs(&mut server);
        assert_eq!((report.added, report.removed), (1, 4), "{:?}", server.ways);
        assert_eq!(phone.people(), ["Chief"]);
        assert!(phone.syncs(&mut server).unchanged);
    }
}

#[test]
fn a_new_region_makes_numbers_anew() {
    let mut server = Server::new(Ways::default());
    server.puts_card("a.vcf", "BEGIN:VCARD\r\nFN:A\r\nTEL:08 508 290 00\r\nEND:VCARD\r\n");
    let mut phone = Phone::new();
    phone.region = Region::new("SE");
    phone.syncs(&mut server);
    assert_eq!(phone.caller("+46850829000"), 1);
    phone.region = None;
    let report = phone.syncs(&mut server);
    assert_eq!((report.added, report.changed), (0, 1));
    assert_eq!(phone.caller("+46850829000"), 0);
}

#[test]
fn a_contact_keeps_what_its_card_says() {
    let mut server = Server::new(Ways::default());
    server.puts_card(
        "ü +1.vcf",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë & Co <x>\r\nPHOTO:https://dav.example/p.jpg\r\nEND:VCARD\r\n",
    );
    server.puts_card(
        "b.vcf",
        "BEGIN:VCARD\r\nFN:B\r\nPHOTO:https://elsewhere.example/p.jpg\r\nUID:b\r\nEND:VCARD\r\n",
    );
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    let records = phone.records();
    let zoe = records.iter().find(|r| r.name.display == "Zoë & Co <x>").unwrap();
    assert_eq!(zoe.uid, "/u/book/%C3%BC%20%2B1.vcf", "the address stands for a missing UID");
    assert_eq!(zoe.photo_url.as_deref(), Some("https://dav.example/p.jpg"));
    let other = records.iter().find(|r| r.uid == "b").unwrap();
    assert_eq!(other.photo_url, None, "photos on other hosts are not fetched");
}

#[test]
fn a_withdrawn_source_goes_with_everything_in_it() {
    let mut server = Server::with_people(Ways::default(), 1_200);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    assert_eq!(phone.keeps_only(vec![phone.source.clone()]), 0);
    assert_eq!(phone.people().len(), 1_200);
    assert_eq!(phone.keeps_only(vec![]), 1_200);
    assert_eq!(phone.people(), Vec::<String>::new());
    assert_eq!(phone.summary(), Default::default());
}

#[test]
fn the_same_address_for_another_user_is_another_source() {
    let mut server = Server::with_people(Ways::default(), 2);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    let old = phone.source.clone();
    let auth = BookAuth::Basic { user: "jo".into(), password: "secret".into() };
    phone.source = BookSource { auth, ..old };
    phone.syncs(&mut server);
    assert_eq!(phone.people().len(), 4);
    assert_eq!(phone.keeps_only(vec![phone.source.clone()]), 2);
}

#[test]
fn basic_is_sent_with_the_first_request_and_a_wrong_one_is_told() {
    let login = format!("Basic {}", base64("jürgen:pass:wörd".as_bytes()));
    let ways = Ways { login: Some(login), ..Ways::default() };
    let mut server = Server::with_people(ways, 2);
    let mut phone = Phone::new();
    assert_eq!(phone.fails(&mut server), BookError::LoginRefused);
    let basic =
        |password: &str| BookAuth::Basic { user: "jürgen".into(), password: password.into() };
    phone.source.auth = basic("wrong");
    assert_eq!(phone.fails(&mut server), BookError::LoginRefused);
    phone.source.auth = basic("pass:wörd");
    server.log.clear();
    phone.syncs(&mut server);
    assert_eq!(server.log.len(), 2, "nothing was asked without credentials");
}

#[test]
fn base64_as_in_rfc_4648() {
    for (text, expect) in
        [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
    {
        assert_eq!(base64(text.as_bytes()), expect);
    }
}

#[test]
fn now_and_then_everything_is_compared() {
    for ways in every_kind() {
        let mut server = Server::with_people(ways, 9);
        let mut phone = Phone::new();
        phone.syncs(&mut server);
        let writes = phone.writes();
        server.handed_out.clear();
        let report = phone.tries(&mut server, Check::Everything).unwrap().unwrap();
        assert!(report.books[0].result.unwrap().unchanged, "{:?}", server.ways);
        assert!(server.handed_out.is_empty());
        assert_eq!(phone.writes(), writes);
    }
    // A server that forgot to tell of a deletion and a change.
    let mut server = Server::with_people(Ways::default(), 9);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    let mut changed = Server::with_people(Ways::default(), 9);
    changed.puts("001.vcf", "Changed");
    changed.deletes("002.vcf");
    changed.forgets_tokens();
    let told_nothing =
        server.answer(&crate::contacts::dav::sync_collection(BOOK, Some("data:,1-9"), true));
    let mut first = Some(told_nothing);
    let report =
        phone.runs(|r| first.take().unwrap_or_else(|| changed.answer(r)), Check::Everything);
    let report = report.unwrap().unwrap().books[0].result.unwrap();
    assert_eq!((report.changed, report.removed), (1, 1));
    assert_eq!(phone.people(), changed.people());
}
