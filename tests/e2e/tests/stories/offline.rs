//! The server is away for a long time, and comes back.
use muster_e2e::company::Company;
use muster_e2e::program::Device;
use muster_people::people;
use serde_json::json;

use crate::clock::{DAY, HOUR, MONDAY, rfc3339, run_at};

const COUNT: usize = 15;
/// What the company allows its phones, in days.
const GRACE_DAYS: i64 = 10;

#[test]
fn contacts_stay_for_the_grace_then_hide_and_are_back_with_the_server() {
    let staff = people(61, COUNT);
    let mut company = Company::open_at(&staff, MONDAY);
    let grace = format!("{GRACE_DAYS}d");
    company.admin(&["tenant", "set", "--offline-grace", &grace]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let device = Device::new(folder.path().join("phone"));
    let config = device.file("json", company.shared_licence(json!({})).to_string());
    run_at(&company, &device, MONDAY, &["--managed-config", &config]).json();
    company.stop();

    // Day by day: the server is missed, the contacts are there, and the person learns until when.
    let mut told = 0;
    for days in [1, 4, 7, GRACE_DAYS - 1] {
        let ended = run_at(&company, &device, MONDAY + days * DAY, &[]);
        assert_eq!(ended.codes().first(), Some(&"connection_refused"), "{ended:#?}");
        assert_eq!(ended.any_json()["licence"]["phase"], "active");
        assert_eq!(ended.any_json()["licence"]["holds"], json!([]), "after {days} days");
        assert_eq!(device.names().len(), COUNT);
        told += ended.err.matches("notification: ").count();
    }
    assert_eq!(told, 1, "the person is told once");
    let findings = device.run(&["findings"]).json();
    let warned = findings
        .as_array()
        .expect("a list")
        .iter()
        .any(|finding| finding["due"].as_str() == Some(&rfc3339(MONDAY + GRACE_DAYS * DAY)));
    assert!(warned, "{findings:#}");

    // Through the end, in one run on a made-up clock.
    let last_hour = MONDAY + GRACE_DAYS * DAY - HOUR;
    let ended = run_at(&company, &device, last_hour, &["--for", "2h"]);
    let status = ended.any_json();
    assert_eq!(status["licence"]["holds"], json!(["offline"]), "{ended:#?}");
    assert_eq!(status["contacts"]["count"], COUNT, "hidden, not erased");
    let words = device.run(&["search", "mull"]);
    assert!(words.complaint().contains("the server has not been reached for a long time"));

    // Weeks later still nothing is erased.
    let much_later = MONDAY + 80 * DAY;
    let status = run_at(&company, &device, much_later, &[]).any_json();
    assert_eq!(status["licence"]["phase"], "active");
    assert_eq!(status["licence"]["holds"], json!(["offline"]));

    // The server is back: so are the contacts, the same ones.
    company.set_clock(much_later + HOUR);
    company.serve();
    let status = run_at(&company, &device, much_later + HOUR, &[]).json();
    assert_eq!(status["licence"]["holds"], json!([]));
    assert_eq!(device.names().len(), COUNT);
    assert!(device.found("mull").contains(&staff[0].display_name()));
    assert_eq!(status["outbox"]["pending"], 0);
    let synced = company.events().into_iter().filter(|(name, _)| name == "contacts-synced");
    assert_eq!(synced.count(), 1, "nothing was fetched a second time");
}
