//! A company with an MDM and a CardDAV server, and no management server.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use muster_e2e::program::Device;
use muster_e2e::servers::{CardServer, Kind, Tap, card_name};
use muster_people::{Person, PhoneKind, people};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use crate::shapes::{self, assert_shape};

/// How many people the company has.
const COUNT: usize = 220;

/// The managed configuration, written in the two ways there are.
fn configuration(server: &CardServer, tap: &Tap) -> Value {
    match server.login() {
        Some(login) => json!({
            "carddav_url": tap.url(),
            "carddav_username": login.username,
            "carddav_password": login.password,
            "default_region": "DE",
        }),
        None => json!({
            "contact_sources": [{ "name": "Kollegium", "carddav_url": tap.url() }],
            "default_region": "DE",
        }),
    }
}

fn shown<'a>(contacts: &'a [Value], person: &Person) -> &'a Value {
    let has = |contact: &&Value| contact["emails"][0]["address"] == person.email.as_str();
    contacts.iter().find(has).unwrap_or_else(|| panic!("{} is not there", person.display_name()))
}

fn assert_complete(contact: &Value, person: &Person) {
    assert_eq!(contact["name"], person.display_name());
    assert_eq!(contact["organization"], person.organization);
    assert_eq!(contact["department"], person.department);
    assert_eq!(contact["title"], person.title);
    assert_eq!(contact["photo"], person.photo.is_some());
    let numbers: Vec<&Value> =
        contact["phones"].as_array().expect("a list").iter().map(|phone| &phone["e164"]).collect();
    let expected: Vec<&str> = person.phones.iter().map(|phone| phone.e164.as_str()).collect();
    assert_eq!(numbers, expected, "{}", person.display_name());
}

/// Every file of the contacts, with the hash of its content.
fn contacts_files(device: &Device) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(device.folder.join("data/default")).expect("the profile") {
        let path = entry.expect("an entry").path();
        if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("contacts-")) {
            let hash = digest(&SHA256, &fs::read(&path).expect("a file"));
            files.insert(path, format!("{hash:?}"));
        }
    }
    assert!(!files.is_empty());
    files
}

/// Every row of every table of the agent file, by table and first column. How often a key has sealed
/// is counted with every write and left out here.
fn agent_rows(device: &Device) -> BTreeMap<String, String> {
    let copy = tempfile::tempdir().expect("a temporary folder");
    let folder = device.folder.join("data/default");
    for name in ["agent.db", "agent.db-wal"] {
        if folder.join(name).exists() {
            fs::copy(folder.join(name), copy.path().join(name)).expect("a copy");
        }
    }
    read_rows(&copy.path().join("agent.db")).expect("the agent file is a database")
}

fn read_rows(file: &Path) -> rusqlite::Result<BTreeMap<String, String>> {
    let database = rusqlite::Connection::open(file)?;
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut found = BTreeMap::new();
    for table in tables {
        let mut rows = database.prepare(&format!("SELECT * FROM {table}"))?;
        let columns: Vec<usize> = (0..rows.column_count())
            .filter(|column| rows.column_name(*column).is_ok_and(|name| name != "seals"))
            .collect();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let cells: Vec<rusqlite::types::Value> =
                columns.iter().map(|column| row.get(*column)).collect::<Result<_, _>>()?;
            let key = match &cells[0] {
                rusqlite::types::Value::Text(name) => name.clone(),
                other => format!("{other:?}"),
            };
            found.insert(format!("{table} {key}"), format!("{cells:?}"));
        }
    }
    Ok(found)
}

/// What differs between two readings.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    names.filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

fn a_year_with_a_book(kind: Kind) {
    let company = people(31, COUNT);
    let server = CardServer::start(kind);
    server.fill(&company);
    let tap = Tap::before(server.port());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let device = Device::new(folder.path().join("phone"));
    let config = device.file("config.json", configuration(&server, &tap).to_string());

    // The first run: everybody is there, whole.
    let status = device.run_managed(&config).json();
    assert_shape(&status, &shapes::status());
    assert_eq!(status["licence"]["phase"], "not_required");
    assert_eq!(status["contacts"]["count"], COUNT);
    assert_eq!(status["contacts"]["books"], 1);
    assert_eq!(status["contacts"]["skipped"], 0);
    assert_eq!(device.status(), status, "to look changes nothing");
    let contacts = device.contacts();
    assert_shape(&Value::Array(contacts.clone()), &shapes::contacts());
    assert_eq!(contacts.len(), COUNT);
    for person in &company {
        assert_complete(shown(&contacts, person), person);
    }
    assert_shape(&device.run(&["config"]).json(), &shapes::config());
    assert_shape(&device.run(&["findings"]).json(), &shapes::findings());

    // Search, caller and photo.
    let jana = shown(&contacts, &company[0]);
    let jana_id = jana["id"].as_str().expect("an id");
    let found = device.run(&["search", "mull"]).json();
    assert_shape(&found, &shapes::search());
    let hit = found.as_array().expect("a list").iter().find(|hit| hit["id"] == jana_id);
    assert_eq!(hit.expect("Jana Müller is found")["matched"][0]["field"], "name");
    let number = company[0].phone(PhoneKind::Mobile).expect("the first one has a mobile");
    let caller = device.run(&["caller", &number.e164]).json();
    assert_shape(&caller, &shapes::caller());
    assert_eq!(caller["match"], "one");
    assert_eq!(caller["contacts"][0]["name"], company[0].display_name());
    let nobody = device.run(&["caller", "+49 30 999999999"]).json();
    assert_shape(&nobody, &shapes::caller());
    assert_eq!(nobody, json!({ "match": "none", "contacts": [] }));
    let photo = folder.path().join("jana.png");
    device.run(&["photo", jana_id, "--out", &photo.to_string_lossy()]).json();
    assert_eq!(Some(fs::read(&photo).expect("a photo")), company[0].photo);
    assert_shape(&device.run(&["contact", jana_id]).json(), &shapes::contact());

    // Nothing changed: one request, nothing written but when that was.
    tap.take();
    let (files, rows) = (contacts_files(&device), agent_rows(&device));
    device.run_managed(&config).json();
    let seen = tap.take();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(seen[0].method, "REPORT");
    assert_eq!(contacts_files(&device), files);
    let written = changed(&rows, &agent_rows(&device));
    assert_eq!(written, ["value contacts.books"]);
    assert!(!rows.keys().any(|row| row.starts_with("outbox ")), "{:?}", rows.keys());
    assert_eq!(device.run(&["report"]).json(), json!([]));

    // Somebody leaves, somebody moves up, somebody comes.
    let (leaver, riser) = (&company[17], &company[23]);
    server.delete(&card_name(leaver));
    let mut risen = riser.clone();
    risen.title = "Geschäftsführerin";
    server.put_person(&risen);
    let newcomer = &people(32, 1)[0];
    let newcomer = Person { email: "neu@muster.example".to_owned(), ..newcomer.clone() };
    server.put_person(&newcomer);
    let status = device.run_managed(&config).json();
    assert_eq!(status["contacts"]["count"], COUNT);
    let now = device.contacts();
    assert!(!now.iter().any(|contact| contact["emails"][0]["address"] == leaver.email.as_str()));
    for phone in &leaver.phones {
        let caller = device.run(&["caller", &phone.e164]).json();
        assert_eq!(caller["match"], "none", "{}", phone.e164);
    }
    assert!(!device.found(&leaver.email).contains(&leaver.display_name()));
    let riser_now = shown(&now, riser);
    assert_eq!(riser_now["title"], "Geschäftsführerin");
    assert_eq!(riser_now["id"], shown(&contacts, riser)["id"], "the same contact");
    assert_complete(shown(&now, &newcomer), &newcomer);
    assert_eq!(
        status["outbox"],
        json!({ "pending": 0, "held": 0, "quarantined": 0, "dropped": 0 })
    );
    assert_eq!(device.run(&["report"]).json(), json!([]), "there is nobody to report to");
}

#[test]
fn radicale_without_a_management_server() {
    a_year_with_a_book(Kind::Radicale);
}

#[test]
fn xandikos_without_a_management_server() {
    a_year_with_a_book(Kind::Xandikos);
}

#[test]
fn a_book_that_fails_says_why_and_the_contacts_stay() {
    let company = people(33, 12);
    let server = CardServer::start(Kind::Radicale);
    server.fill(&company);
    let tap = Tap::before(server.port());
    let folder = tempfile::tempdir().expect("a temporary folder");
    let device = Device::new(folder.path().join("phone"));
    let right = configuration(&server, &tap);
    let mut wrong = right.clone();
    wrong["carddav_password"] = json!("Raps oder Roggen");

    assert_eq!(device.run_android(&wrong).codes(), ["book_login_refused"]);
    assert_eq!(device.contacts().len(), 0);
    device.run_android(&right).json();
    assert_eq!(device.contacts().len(), 12);
    assert_eq!(device.run_android(&wrong).codes(), ["book_login_refused"]);
    assert_eq!(device.contacts().len(), 12, "a password that does not work takes nothing away");
    device.run_android(&right).json();

    server.put_person(&people(34, 1)[0]);
    tap.cut_answers_after(300);
    assert_eq!(device.run_android(&right).codes(), ["cut"]);
    assert_eq!(device.contacts().len(), 12);
    tap.let_answers_through();
    device.run_android(&right).json();
    assert_eq!(device.contacts().len(), 13);

    drop(server);
    let ended = device.run_android(&right);
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    assert_eq!(device.contacts().len(), 13);
}
