//! One fault at each request of each flow: a typed error that says which kind, and the next run of
//! the same flow works.
use serde_json::json;

use super::{ACCESS, REFRESH, World};
use crate::http::{Failure, Head};
use crate::jose::tests::Reply;

/// Each fault, and the code of the error it has to become.
fn faults() -> Vec<(Reply, &'static str)> {
    let json_head = || {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Head { status: 200, headers }
    };
    let mut faults = vec![
        (Reply::new(200, "text/html", "<html>Welcome to our hotel</html>"), "not_a_muster_server"),
        (Reply::new(404, "text/html", "<html>"), "not_a_muster_server"),
        (Reply::new(302, "text/html", "").with("Location", "https://portal.example"), "redirected"),
        (Reply::new(200, "application/json", "{\"access_token\":\"a"), "answer_invalid"),
        (Reply::new(200, "text/plain", "{}"), "answer_invalid"),
        (Reply::new(200, "application/octet-stream", vec![0xff; 100]), "answer_invalid"),
        (Reply::new(200, "application/json", vec![b' '; 70_000]), "answer_too_large"),
        (Reply::json(200, &json!({ "error": "x" })), "answer_invalid"),
        (Reply::new(500, "text/html", "<html>"), "server_busy"),
        (Reply::new(503, "text/plain", "").with("Retry-After", "60"), "server_busy"),
        (Reply::new(429, "text/plain", ""), "rate_limited"),
        (Reply::new(422, "application/problem+json", "{\"title\":\"no\"}"), "refused"),
        (Reply::Cut(json_head(), b"{\"acc".to_vec()), "unreachable"),
    ];
    for failure in [Failure::NameNotFound, Failure::TimedOut, Failure::Tls, Failure::Cancelled] {
        faults.push((Reply::Fail(failure), "unreachable"));
    }
    faults
}

pub(crate) fn says_no_secret(error: &(impl std::fmt::Debug + std::fmt::Display)) {
    let text = format!("{error} {error:?}");
    for secret in [ACCESS, REFRESH, "canary-password", "canary", "https://"] {
        assert!(!text.contains(secret), "{text}");
    }
}

/// Runs `work` once undisturbed to count its requests, then once for each fault at each request,
/// and then once more undisturbed.
pub(crate) fn at_each_request(
    prepare: impl Fn(&mut World),
    work: impl Fn(&mut World) -> Result<(), String>,
    excuse: impl Fn(&str) -> bool,
) -> usize {
    let mut world = World::new();
    prepare(&mut world);
    assert_eq!(work(&mut world), Ok(()));
    let count = world.server.log.len();
    for index in 0..count {
        for (fault, code) in faults() {
            let mut world = World::new();
            prepare(&mut world);
            world.server.instead.insert(index, fault.clone());
            match work(&mut world) {
                Err(got) => assert_eq!(got, code, "request {index}: {fault:?}"),
                Ok(()) => assert!(excuse(code), "request {index} survived {fault:?}"),
            }
            assert_eq!(world.server.log.len(), index + 1, "nothing is sent after {fault:?}");
            assert_eq!(work(&mut world), Ok(()), "after request {index}: {fault:?}");
        }
    }
    count
}
