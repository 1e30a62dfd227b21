//! Cut, killed, chopped: the next run ends with exactly the server's people.
use proptest::prelude::*;

use super::phone::{Phone, Wire};
use super::server::{Server, Ways};
use crate::contacts::sync::{BookError, Check};
use crate::flow::simulation::Break;
use crate::http::{Answer, Failure, Head};

/// Enough that several batches are stored within one answer.
const MANY: usize = 1_050;

fn kinds() -> [Ways; 4] {
    [
        Ways::default(),
        Ways { inline: false, ..Ways::default() },
        Ways { page: Some(400), ..Ways::default() },
        Ways { no_reports: Some((400, "")), ..Ways::default() },
    ]
}

/// A first sync is hit once at each of some points, and goes on undisturbed.
fn check_first_sync(ways: &Ways, fault: Break, points: usize) {
    let fresh = Server::with_people(ways.clone(), MANY);
    let whole = {
        let mut phone = Phone::new();
        phone.syncs(&mut fresh.clone());
        phone.received
    };
    for point in 0..points {
        let mut server = fresh.clone();
        let mut phone = Phone::new();
        let after = whole * point / points;
        phone.wire = Wire::fault(fault, after, 16 * 1024);
        let _ = phone.tries(&mut server, Check::Changes);
        phone.restarts();
        phone.wire = Wire::default();
        phone.syncs(&mut server);
        assert_eq!(phone.people(), server.people(), "{fault:?} after {after} of {ways:?}");
        let most = phone.arrived.values().max().copied().unwrap_or(0);
        assert!((1..=2).contains(&most), "a card came {most} times");
        assert!(phone.syncs(&mut server).unchanged);
    }
}

#[test]
fn a_cut_anywhere_in_a_first_sync() {
    for ways in kinds() {
        check_first_sync(&ways, Break::Cut, 5);
    }
}

#[test]
fn a_kill_anywhere_in_a_first_sync() {
    for ways in kinds() {
        check_first_sync(&ways, Break::Killed, 5);
    }
}

#[test]
fn an_end_that_looks_like_one_and_a_closing_window_are_cuts_too() {
    for ways in kinds() {
        check_first_sync(&ways, Break::EarlyEnd, 3);
        check_first_sync(&ways, Break::WindowCloses, 3);
    }
}

#[test]
fn a_cut_at_every_piece_of_a_small_answer() {
    let fresh = Server::with_people(Ways::default(), 4);
    let mut whole = Phone::new();
    whole.wire = Wire::in_pieces(100);
    whole.syncs(&mut fresh.clone());
    for after in (0..whole.received).step_by(100) {
        let mut server = fresh.clone();
        let mut phone = Phone::new();
        phone.wire = Wire::fault(Break::Cut, after, 100);
        let error = match phone.tries(&mut server, Check::Changes).unwrap() {
            Err(error) => Some(error),
            Ok(report) => report.books[0].result.err(),
        };
        // Behind the last byte nothing is lost.
        let struck = phone.received < whole.received;
        assert_eq!(error, struck.then_some(BookError::Unreachable(Failure::Cut)), "{after}");
        phone.wire = Wire::default();
        phone.syncs(&mut server);
        assert_eq!(phone.people(), server.people());
    }
}

#[test]
fn a_cut_or_kill_while_catching_up_after_a_lost_token_misses_no_deletion() {
    for ways in kinds() {
        for fault in [Break::Cut, Break::Killed] {
            for point in 0..3 {
                let mut server = Server::with_people(ways.clone(), MANY);
                let mut phone = Phone::new();
                phone.syncs(&mut server);
                for i in (0..MANY).step_by(3) {
                    server.deletes(&format!("{i:03}.vcf"));
                }
                for i in (1..MANY).step_by(3) {
                    server.puts(&format!("{i:03}.vcf"), &format!("Changed {i}"));
                }
                server.forgets_tokens();
                phone.wire = Wire::fault(fault, 40_000 + point * 90_000, 16 * 1024);
                let _ = phone.tries(&mut server, Check::Changes);
                phone.restarts();
                phone.wire = Wire::default();
                phone.syncs(&mut server);
                assert_eq!(phone.people(), server.people(), "{fault:?} {point} {ways:?}");
                assert!(phone.syncs(&mut server).unchanged);
            }
        }
    }
}

#[test]
fn a_connection_that_never_lasts_still_gets_there_and_asks_for_no_card_three_times() {
    for ways in kinds() {
        let mut server = Server::with_people(ways, 3_000);
        let mut phone = Phone::new();
        phone.wire = Wire::fault(Break::Cut, 600_000, 16 * 1024);
        let mut runs = 0;
        loop {
            runs += 1;
            assert!(runs < 20, "no end: {:?}", server.ways);
            let report = phone.tries(&mut server, Check::Changes).unwrap();
            if report.is_ok_and(|r| r.books[0].result.is_ok()) {
                break;
            }
            phone.restarts();
        }
        assert!(runs > 1, "the fault never struck");
        assert_eq!(phone.people(), server.people());
        assert_eq!(phone.arrived.len(), 3_000);
        assert!(phone.arrived.values().all(|n| *n <= 2));
    }
}

#[test]
fn after_a_cut_cards_are_fetched_apart_and_after_two_for_good() {
    let mut server = Server::with_people(Ways::default(), MANY);
    let mut phone = Phone::new();
    let cut = |phone: &mut Phone, server: &mut Server| {
        phone.wire = Wire::fault(Break::Cut, 250_000, 16 * 1024);
        assert_eq!(phone.fails(server), BookError::Unreachable(Failure::Cut));
        phone.wire = Wire::default();
        server.log.clear();
        phone.syncs(server);
    };
    cut(&mut phone, &mut server);
    assert_eq!(server.log[0], "REPORT /u/book/ since \"\"");
    assert!(server.log[1].contains(" of 80"), "{:#?}", server.log);

    // Inline is tried once more.
    let change_all = |server: &mut Server, to: &str| {
        for i in 0..MANY {
            server.puts(&format!("{i:03}.vcf"), &format!("{to} {i}"));
        }
    };
    change_all(&mut server, "Second");
    cut(&mut phone, &mut server);
    assert!(server.log[0].ends_with('"'), "{:#?}", server.log);
    assert_eq!(phone.people(), server.people());

    server.puts("001.vcf", "Third");
    server.log.clear();
    phone.syncs(&mut server);
    assert!(!server.log[0].contains("with cards"), "{:#?}", server.log);
}

#[test]
fn a_failed_try_in_between_does_not_make_the_phone_forget_what_it_has() {
    let mut server = Server::with_people(Ways::default(), MANY);
    let mut phone = Phone::new();
    phone.wire = Wire::fault(Break::Cut, 250_000, 16 * 1024);
    phone.fails(&mut server);
    phone.restarts();
    phone.wire = Wire::default();
    let busy = |_: &crate::http::Request| Answer {
        head: Head { status: 503, headers: vec![] },
        body: vec![],
    };
    phone.runs(busy, Check::Changes).unwrap().unwrap().books[0].result.unwrap_err();
    phone.syncs(&mut server);
    assert!(phone.arrived.values().all(|n| *n <= 2));
    assert!(!server.log.last().unwrap().contains("with cards"), "{:#?}", server.log);
    assert_eq!(phone.people(), server.people());
}

#[test]
fn a_kill_between_pages_goes_on_with_the_page_after() {
    let ways = Ways { page: Some(100), ..Ways::default() };
    let mut server = Server::with_people(ways, 350);
    let mut phone = Phone::new();
    // In the middle of the third page.
    phone.wire = Wire::fault(Break::Killed, 95_000, 4 * 1024);
    assert_eq!(phone.tries(&mut server, Check::Changes), None);
    assert_eq!(phone.people().len() % 100, 0);
    assert!(!phone.people().is_empty());
    server.log.clear();
    phone.wire = Wire::default();
    phone.syncs(&mut server);
    assert!(!server.log[0].contains("since \"\""), "{:#?}", server.log);
    assert_eq!(phone.people(), server.people());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_pieces_give_the_same_contacts(piece in 1usize..3_000, kind in 0usize..4) {
        let mut server = Server::with_people(kinds()[kind].clone(), 25);
        let mut phone = Phone::new();
        phone.wire = Wire::in_pieces(piece);
        let report = phone.syncs(&mut server);
        prop_assert_eq!(report.added, 25);
        prop_assert_eq!(phone.people(), server.people());
    }

    #[test]
    fn any_history_with_any_faults_ends_with_the_servers_people(
        kind in 0usize..4,
        steps in proptest::collection::vec((0usize..12, 0u8..6, 0usize..9_000), 1..14),
    ) {
        let mut server = Server::with_people(kinds()[kind].clone(), 6);
        let mut phone = Phone::new();
        for (member, what, after) in steps {
            let name = format!("{member:03}.vcf");
            match what {
                0 | 1 => server.puts(&name, &format!("Edit {after}")),
                2 if server.people().len() > 1 && server.has(&name) => server.deletes(&name),
                3 => server.forgets_tokens(),
                _ => {
                    let fault = if what == 4 { Break::Cut } else { Break::Killed };
                    phone.wire = Wire::fault(fault, after, 700);
                    let _ = phone.tries(&mut server, Check::Changes);
                }
            }
        }
        phone.wire = Wire::default();
        phone.syncs(&mut server);
        prop_assert_eq!(phone.people(), server.people());
        prop_assert!(phone.syncs(&mut server).unchanged);
    }

    #[test]
    fn any_bytes_as_answers_never_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        status in prop_oneof![Just(200u16), Just(207), Just(403), Just(412), 100u16..600],
    ) {
        let mut phone = Phone::new();
        let answer = |_: &crate::http::Request| Answer {
            head: Head { status, headers: vec![] },
            body: bytes.clone(),
        };
        let _ = phone.runs(answer, Check::Changes);
        prop_assert_eq!(phone.people(), Vec::<String>::new());
    }
}
