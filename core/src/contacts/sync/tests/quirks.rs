//! What real servers do, one by one.
use super::phone::{Phone, Wire};
use super::server::{Hrefs, Server, Unknown, Ways};
use crate::contacts::sync::{BadAnswer, BookError};
use crate::http::Failure;

#[test]
fn pages_end_with_507_and_each_is_kept_with_its_token() {
    let mut server = Server::with_people(Ways { page: Some(10), ..Ways::default() }, 35);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    assert_eq!(
        server.log[1..],
        [
            "REPORT /u/book/ since \"\" with cards",
            "REPORT /u/book/ since \"data:,1-10\" with cards",
            "REPORT /u/book/ since \"data:,1-20\" with cards",
            "REPORT /u/book/ since \"data:,1-30\" with cards",
        ]
    );
    assert_eq!(phone.people(), server.people());
}

#[test]
fn pages_without_an_end_are_noticed() {
    let mut server = Server::with_people(Ways { page: Some(0), ..Ways::default() }, 5);
    server.deletes("001.vcf");
    let mut phone = Phone::new();
    let answer = |_: &crate::http::Request| {
        let body = "<multistatus xmlns='DAV:'><response><href>/u/book/</href><status>HTTP/1.1 507 x</status></response><sync-token>same</sync-token></multistatus>";
        let head = crate::http::Head { status: 207, headers: vec![] };
        crate::http::Answer { head, body: body.into() }
    };
    let mut first = Some(server.answer(&crate::contacts::dav::look_around(super::server::BOOK)));
    let outcome = phone
        .runs(|r| first.take().unwrap_or_else(|| answer(r)), crate::contacts::sync::Check::Changes)
        .unwrap()
        .unwrap();
    let expect = Err(BookError::BadAnswer(BadAnswer::EndlessPages));
    assert_eq!(outcome.books[0].result, expect);
}

#[test]
fn a_refused_token_means_everything_again_and_nothing_gone_is_missed() {
    for unknown in [
        Unknown::Error(403),
        Unknown::Error(412),
        Unknown::Error(409),
        Unknown::Error(400),
        Unknown::Everything,
        Unknown::Nothing,
    ] {
        for (inline, page) in [(true, None), (false, None), (true, Some(4)), (false, Some(4))] {
            let ways = Ways { unknown_token: unknown, inline, page, ..Ways::default() };
            let mut server = Server::with_people(ways, 20);
            let mut phone = Phone::new();
            phone.syncs(&mut server);
            server.deletes("003.vcf");
            server.deletes("004.vcf");
            server.puts("005.vcf", "Changed");
            server.puts("999.vcf", "New");
            server.forgets_tokens();
            let report = phone.syncs(&mut server);
            assert_eq!(phone.people(), server.people(), "{:#?}", server.log);
            assert_eq!((report.added, report.changed, report.removed), (1, 1, 2));
            server.log.clear();
            assert!(phone.syncs(&mut server).unchanged);
            assert_eq!(server.log.len(), 1, "{:#?}", server.log);
        }
    }
}

#[test]
fn a_plain_403_is_no_reason_to_start_again() {
    let mut server =
        Server::with_people(Ways { unknown_token: Unknown::Forbidden, ..Ways::default() }, 5);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    server.forgets_tokens();
    server.log.clear();
    assert_eq!(phone.fails(&mut server), BookError::Forbidden);
    assert_eq!(server.log.len(), 1);
    assert_eq!(phone.people().len(), 5, "and nothing is lost");
}

#[test]
fn a_deleted_and_recreated_member_with_its_old_etag_is_fetched() {
    let mut server = Server::with_people(Ways { inline: false, ..Ways::default() }, 5);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    // The change has a token but the etag is that of before.
    let mut first = Some(0);
    let mut etag_as_before = |request: &crate::http::Request| {
        let mut answer = server.answer(request);
        if first.take().is_some() {
            let body = "<multistatus xmlns='DAV:'><response><href>/u/book/001.vcf</href><propstat><prop><getetag>W/\"2\"</getetag></prop></propstat></response><sync-token>t2</sync-token></multistatus>";
            answer.body = body.into();
        }
        answer
    };
    phone.runs(&mut etag_as_before, crate::contacts::sync::Check::Changes).unwrap().unwrap();
    assert_eq!(server.handed_out["001.vcf"], 2);
}

#[test]
fn addresses_in_any_spelling_are_the_same_members() {
    let names = ["a b.vcf", "ü.vcf", "c+d.vcf", "x%y.vcf", "e&f.vcf", "plain.vcf"];
    for hrefs in
        [Hrefs::Path, Hrefs::Relative, Hrefs::Absolute, Hrefs::Unencoded, Hrefs::PlusForEscaped]
    {
        for inline in [true, false] {
            let ways = Ways { hrefs, inline, lists_itself: true, ..Ways::default() };
            let mut server = Server::new(ways);
            for name in names {
                if !(hrefs == Hrefs::Unencoded && name.contains('%')) {
                    server.puts(name, &format!("Person {name}"));
                }
            }
            let mut phone = Phone::new();
            let report = phone.syncs(&mut server);
            assert_eq!(phone.people(), server.people(), "{hrefs:?} {:#?}", server.log);
            assert_eq!(report.skipped.total(), 0);

            // The server is restarted with another way of writing; nothing is lost or doubled.
            server.ways.hrefs = Hrefs::Path;
            server.deletes("c+d.vcf");
            server.forgets_tokens();
            let report = phone.syncs(&mut server);
            assert_eq!((report.added, report.removed), (0, 1), "{hrefs:?}");
            assert_eq!(phone.people(), server.people());
        }
    }
}

#[test]
fn members_on_other_hosts_are_counted_and_left_alone() {
    let mut server = Server::with_people(Ways::default(), 2);
    let mut phone = Phone::new();
    let outcome = phone.runs(
        |request| {
            let mut answer = server.answer(request);
            let text = String::from_utf8(answer.body).unwrap();
            answer.body =
                text.replace("/u/book/001.vcf", "https://evil.example/001.vcf").into_bytes();
            answer
        },
        crate::contacts::sync::Check::Changes,
    );
    let report = outcome.unwrap().unwrap().books[0].result.unwrap();
    assert_eq!((report.added, report.skipped.foreign), (1, 1));
}

#[test]
fn the_content_type_of_an_answer_does_not_matter() {
    for content_type in ["text/html", "text/xml", ""] {
        let mut server = Server::with_people(Ways { content_type, ..Ways::default() }, 3);
        let mut phone = Phone::new();
        phone.syncs(&mut server);
        assert_eq!(phone.people(), server.people());
    }
}

#[test]
fn members_left_out_of_a_multiget_answer_are_asked_for_alone() {
    let ways = Ways { inline: false, ..Ways::default() };
    let mut server = Server::with_people(ways, 10);
    server.ways.withheld.extend(["003.vcf".to_owned(), "004.vcf".to_owned()]);
    server.ways.broken.insert("005.vcf".to_owned());
    let mut phone = Phone::new();
    let report = phone.syncs(&mut server);
    assert_eq!((report.added, report.skipped.unresolved), (9, 1));
    assert!(server.log.contains(&"GET /u/book/003.vcf".to_owned()), "{:#?}", server.log);
    // It is not deleted either when it was there before.
    server.ways.broken.clear();
    server.puts("005.vcf", "Back");
    phone.syncs(&mut server);
    server.puts("005.vcf", "Changed");
    server.ways.broken.insert("005.vcf".to_owned());
    let report = phone.syncs(&mut server);
    assert_eq!((report.removed, report.skipped.unresolved), (0, 1));
    assert!(phone.people().contains(&"Back".to_owned()));
    // And the next comparison of everything tries again.
    server.ways.broken.clear();
    phone.tries(&mut server, crate::contacts::sync::Check::Everything).unwrap().unwrap();
    assert_eq!(phone.people(), server.people());
}

#[test]
fn a_multiget_that_fails_as_a_whole_is_asked_for_in_halves() {
    let ways = Ways { inline: false, multiget_fails_whole: true, ..Ways::default() };
    let mut server = Server::with_people(ways, 200);
    server.ways.broken.insert("077.vcf".to_owned());
    let mut phone = Phone::new();
    let report = phone.syncs(&mut server);
    assert_eq!((report.added, report.skipped.unresolved), (199, 1));
    assert!(server.log.len() < 40, "{:#?}", server.log);
}

#[test]
fn a_server_without_multiget_hands_cards_out_one_by_one() {
    for status in [400, 403, 405, 501] {
        let ways = Ways { inline: false, no_multiget: Some(status), ..Ways::default() };
        let mut server = Server::with_people(ways, 90);
        let mut phone = Phone::new();
        assert_eq!(phone.syncs(&mut server).added, 90);
        let reports = server.log.iter().filter(|l| l.contains(" of ")).count();
        assert!(reports < 10, "{:#?}", server.log);
    }
}

#[test]
fn an_empty_token_refused_means_a_listing() {
    let ways = Ways { no_reports: Some((400, "<d:valid-sync-token/>")), ..Ways::default() };
    let mut server = Server::with_people(ways, 5);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    assert_eq!(phone.people(), server.people());
}

#[test]
fn without_any_sign_of_change_a_listing_is_compared_and_nothing_written() {
    let ways = Ways { no_reports: Some((501, "")), ctag: false, ..Ways::default() };
    let mut server = Server::with_people(ways, 5);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    server.log.clear();
    assert!(phone.syncs(&mut server).unchanged);
    assert_eq!(server.log, ["PROPFIND /u/book/ depth 1"]);
}

#[test]
fn forty_seconds_of_silence_are_nothing_special() {
    let mut server = Server::with_people(Ways::default(), 5);
    let mut phone = Phone::new();
    phone.wire = Wire { silence_ms: 40_000, ..Wire::default() };
    assert_eq!(phone.syncs(&mut server).added, 5);
    // The shell was told to wait that long.
    let request = crate::contacts::dav::sync_collection("https://a.example/", None, true);
    assert!(request.timeouts.first_byte_ms >= 90_000);
}

#[test]
fn answers_that_make_no_sense_are_told_apart_and_nothing_is_lost() {
    let answer = |status, body: &str| {
        let body = body.as_bytes().to_vec();
        let headers = vec![("Retry-After".to_owned(), "120".to_owned())];
        crate::http::Answer { head: crate::http::Head { status, headers }, body }
    };
    let check = |status: u16, body: &str, expect: BookError| {
        let mut server = Server::with_people(Ways::default(), 5);
        let mut phone = Phone::new();
        phone.syncs(&mut server);
        let outcome = phone
            .runs(|_| answer(status, body), crate::contacts::sync::Check::Changes)
            .unwrap()
            .unwrap();
        assert_eq!(outcome.books[0].result, Err(expect), "{status} {body}");
        assert_eq!(phone.people().len(), 5);
        // The next correct run works.
        phone.syncs(&mut server);
    };
    let xml = |e| BookError::BadAnswer(BadAnswer::Xml(e));
    check(207, "<html/>", xml(crate::contacts::dav::XmlError::NotDav));
    check(200, "<!DOCTYPE html><p>Login", xml(crate::contacts::dav::XmlError::Malformed));
    check(207, "", BookError::Unreachable(Failure::Cut));
    check(207, "<multistatus xmlns='DAV:'><resp", BookError::Unreachable(Failure::Cut));
    check(401, "", BookError::LoginRefused);
    check(403, "", BookError::Forbidden);
    check(404, "", BookError::NotFound);
    check(429, "", BookError::Busy { retry_after_seconds: Some(120) });
    check(503, "", BookError::Busy { retry_after_seconds: Some(120) });
    check(502, "", BookError::ServerFault { status: 502 });
    check(303, "", BookError::BadAnswer(BadAnswer::Status(303)));
    check(301, "", BookError::BadAnswer(BadAnswer::Redirect));
}

#[test]
fn a_wait_that_is_given_as_a_date_counts_from_the_date_of_the_answer() {
    let mut server = Server::with_people(Ways::default(), 5);
    let mut phone = Phone::new();
    phone.syncs(&mut server);
    for status in [429, 503] {
        let headers = [
            ("Date", "Tue, 14 Nov 2023 22:13:20 GMT"),
            ("Retry-After", "Tue, 14 Nov 2023 22:18:20 GMT"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let head = crate::http::Head { status, headers };
        let answer = |_: &_| crate::http::Answer { head: head.clone(), body: Vec::new() };
        let outcome = phone.runs(answer, crate::contacts::sync::Check::Changes).unwrap().unwrap();
        let expect = BookError::Busy { retry_after_seconds: Some(300) };
        assert_eq!(outcome.books[0].result, Err(expect), "{status}");
    }
}
