//! The fixtures themselves: what they put into a server is what a client finds there.

use muster_people::people;

use super::*;

/// How many cards a client finds, asked through `root` (the server's own or a tap's).
fn count(server: &CardServer, root: &str) -> usize {
    let url = root.trim_end_matches('/').to_owned() + server.book_path();
    let request = server
        .request("PROPFIND", "")
        .uri(url)
        .header("Depth", "1")
        .header("Content-Type", "application/xml");
    let body = r#"<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>"#.to_owned();
    let request = request.body(body).expect("a request");
    let mut answer = server.agent.run(request).expect("the server answers");
    assert_eq!(answer.status(), 207);
    let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().expect("XML");
    text.matches(".vcf<").count()
}

fn tells_the_story_of_a_book(kind: Kind) {
    let list = people(1, 40);
    let server = CardServer::start(kind);
    assert_eq!(count(&server, &server.url()), 0);
    server.fill(&list);
    assert_eq!(count(&server, &server.url()), 40);

    server.put_person(&people(2, 1)[0]);
    assert_eq!(count(&server, &server.url()), 41);
    server.put(&card_name(&list[3]), &list[3].vcard(Version::V3).replace("TITLE:", "TITLE:Ex-"));
    server.delete(&card_name(&list[4]));
    assert_eq!(count(&server, &server.url()), 40);

    let server = server.restart();
    assert_eq!(count(&server, &server.url()), 40, "what was written is still there");
}

#[test]
fn radicale_holds_a_book() {
    tells_the_story_of_a_book(Kind::Radicale);
}

#[test]
fn xandikos_holds_a_book() {
    tells_the_story_of_a_book(Kind::Xandikos);
}

#[test]
fn radicale_wants_the_password() {
    let server = CardServer::start(Kind::Radicale);
    let request = Request::builder().method("PROPFIND").uri(server.book_url()).body(String::new());
    assert_eq!(server.status(request.expect("a request")), 401);
}

#[test]
fn a_tap_writes_down_requests_and_cuts_answers() {
    let server = CardServer::start(Kind::Xandikos);
    server.fill(&people(1, 10));
    let tap = Tap::before(server.port());
    assert_eq!(count(&server, &tap.url()), 10);
    assert_eq!(count(&server, &tap.url()), 10);
    let seen = Seen { method: "PROPFIND".into(), path: server.book_path().into() };
    assert_eq!(tap.take(), [seen.clone(), seen]);
    assert_eq!(tap.take(), []);

    tap.cut_answers_after(20);
    let cut = Request::builder().uri(tap.url()).body(String::new()).expect("a request");
    assert!(server.agent.run(cut).is_err(), "twenty bytes are no answer");
    tap.let_answers_through();
    assert_eq!(count(&server, &tap.url()), 10);
}

#[test]
fn notices_a_planted_failure() {
    assert_ne!(std::env::var("MUSTER_BREAK").as_deref(), Ok("stories"), "told to fail");
}
