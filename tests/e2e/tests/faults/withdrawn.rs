//! A phone without a management server: its address books come and go with the configuration.
use std::fs;
use std::path::Path;

use muster_core::http::{Answer, Head, Method, Request};
use muster_core::licence::{Hold, Phase};
use muster_core::time::{DAY_MS, HOUR_MS};
use muster_core::vault::{VaultFailure, VaultOp};
use muster_device::vault::FileVault;
use muster_e2e::simulated::{Broken, Handset, Net, Plan, handset_of, scratch};
use serde_json::{Value, json};

/// One address book with one person in it.
struct Book;

const CARD: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:Ada Bok\r\nN:Bok;Ada;;;\r\n\
                    EMAIL:ada@books.example\r\nEND:VCARD\r\n";

impl Net for Book {
    fn exchange(&mut self, request: &Request) -> Result<Answer, Broken> {
        let asked = String::from_utf8_lossy(&request.body).into_owned();
        let response = match request.method {
            Method::Propfind => {
                "<d:response><d:href>/book/</d:href><d:propstat><d:prop><d:resourcetype>\
                 <d:collection/><c:addressbook/></d:resourcetype></d:prop>\
                 <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>\
                 <d:response><d:href>/book/1.vcf</d:href><d:propstat><d:prop><d:getetag>\"1\"\
                 </d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>\
                 </d:response>"
                    .to_owned()
            }
            _ if asked.contains(">token-1<") => "<d:sync-token>token-1</d:sync-token>".to_owned(),
            _ => format!(
                "<d:response><d:href>/book/1.vcf</d:href><d:propstat><d:prop><d:getetag>\"1\"\
                 </d:getetag><c:address-data>{CARD}</c:address-data></d:prop>\
                 <d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>\
                 <d:sync-token>token-1</d:sync-token>"
            ),
        };
        let body = format!(
            "<?xml version=\"1.0\"?><d:multistatus xmlns:d=\"DAV:\" \
             xmlns:c=\"urn:ietf:params:xml:ns:carddav\">{response}</d:multistatus>"
        );
        let headers = vec![("Content-Type".to_owned(), "application/xml".to_owned())];
        Ok(Answer { head: Head { status: 207, headers }, body: body.into_bytes() })
    }
}

fn phone(folder: &Path) -> Handset {
    handset_of(folder, Book, FileVault::new(&folder.join("vault")), 1)
}

fn book(path: &str) -> Value {
    json!({ "carddav_url": format!("https://dav.example/{path}/") })
}

/// Names of files in the profile and the key store that hold contacts or their keys.
fn traces(folder: &Path) -> Vec<String> {
    let mut traces = Vec::new();
    for inside in ["data/default", "vault"] {
        for entry in fs::read_dir(folder.join(inside)).unwrap() {
            traces.push(entry.unwrap().file_name().to_string_lossy().into_owned());
        }
    }
    traces.retain(|name| name.contains("contacts") && !name.ends_with("-wal"));
    traces.retain(|name| !name.ends_with("-shm"));
    traces.sort();
    traces
}

#[test]
fn an_address_book_that_the_configuration_no_longer_names_is_gone_at_once() {
    let folder = scratch();
    let mut phone = phone(folder.path());
    phone.launch(&book("book"));
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.addresses().len()), (Phase::NotRequired, 1));
    assert_eq!(traces(folder.path()).len(), 2, "{:?}", traces(folder.path()));

    // The key store is busy at first: it is tried again.
    let mut busy = 3;
    phone.plan.vault = Box::new(move |_, op| {
        let fails = matches!(op, VaultOp::Destroy { .. }) && busy > 0;
        busy -= i32::from(fails);
        fails.then_some(VaultFailure::Busy)
    });
    phone.launch(&json!({ "language": "de" }));
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.contacts()), (Phase::Unlicensed, 0));
    assert_eq!(traces(folder.path()), [""; 0]);
    assert_eq!(phone.problems(), [""; 0]);

    // And it comes back as new.
    phone.plan = Plan::default();
    phone.launch(&book("book"));
    phone.run(HOUR_MS);
    assert_eq!((phone.phase(), phone.addresses().len()), (Phase::NotRequired, 1));
    assert_eq!(traces(folder.path()).len(), 2, "{:?}", traces(folder.path()));
}

/// A kill at each step of the withdrawal: the next start goes on with it.
#[test]
fn a_withdrawal_that_is_cut_off_is_finished_at_the_next_start() {
    for index in 0.. {
        let folder = scratch();
        let mut phone = phone(folder.path());
        phone.launch(&book("book"));
        phone.run(HOUR_MS);
        phone.launch(&json!({ "language": "de" }));
        phone.counts = Default::default();
        phone.run_while(|phone| phone.counts.steps < index);
        let done = phone.counts.steps < index;
        phone.kill();
        phone.launch(&json!({ "language": "de" }));
        phone.run(HOUR_MS);
        assert_eq!((phone.phase(), phone.contacts()), (Phase::Unlicensed, 0), "step {index}");
        assert_eq!(traces(folder.path()), [""; 0], "step {index}");
        if done {
            assert!(index > 1);
            break;
        }
    }
}

/// A configuration that vanished: hidden after the grace, erased a month later, by time alone.
#[test]
fn what_a_vanished_configuration_left_is_erased_a_month_after_it_was_hidden() {
    let folder = scratch();
    let mut phone = phone(folder.path());
    phone.launch(&book("book"));
    phone.run(HOUR_MS);
    phone.launch(&json!({}));
    phone.run(13 * DAY_MS);
    assert_eq!((phone.phase(), phone.addresses().len()), (Phase::NotRequired, 1));
    phone.run(2 * DAY_MS);
    assert_eq!(phone.agent().status().licence.holds, [Hold::Offline]);
    assert_eq!(phone.contacts(), 1, "hidden, not erased");
    phone.run(28 * DAY_MS);
    assert_eq!(phone.contacts(), 1, "not yet");
    phone.run(3 * DAY_MS);
    assert_eq!((phone.phase(), phone.contacts()), (Phase::Erased, 0));
    assert_eq!(traces(folder.path()), [""; 0]);
}

/// Each change of the contacts file leaves one file and one key.
#[test]
fn a_generation_takes_its_key_with_it() {
    let folder = scratch();
    let mut phone = phone(folder.path());
    for round in 0..3 {
        phone.launch(&book("book"));
        phone.run(HOUR_MS);
        assert_eq!(phone.addresses().len(), 1, "round {round}");
        assert_eq!(traces(folder.path()).len(), 2, "{round}: {:?}", traces(folder.path()));
        phone.kill();
        // The file is damaged: another generation takes its place.
        for entry in fs::read_dir(folder.path().join("data/default")).unwrap() {
            let path = entry.unwrap().path();
            if path.to_string_lossy().contains("contacts-") {
                fs::write(path, b"not a database").unwrap();
            }
        }
    }
}
