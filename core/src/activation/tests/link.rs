use proptest::prelude::*;

use crate::activation::link::{Link, LinkError};

const HOST: &str = "go.example";
const CODE: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const KEY: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

fn check(text: &str, expect: Result<&str, LinkError>) {
    let link = Link::parse(text, HOST).map(|link| link.server_url.as_str().to_owned());
    assert_eq!(link.as_deref().map_err(|e| *e), expect, "{text}");
}

fn link(fragment: &str) -> String {
    format!("https://{HOST}/a#{fragment}")
}

#[test]
fn a_whole_link() {
    let link = Link::parse(&link(&format!("v=1&c={CODE}&s=muster.example&k={KEY}")), HOST).unwrap();
    assert_eq!(link.server_url.as_str(), "https://muster.example");
    assert_eq!(link.host.to_string(), "muster.example");
    assert_eq!(link.code.expose(), CODE);
    assert_eq!(link.policy_key, Some(KEY.parse().unwrap()));
}

#[test]
fn accepted_forms() {
    let server = |s: &str| link(&format!("v=1&c={CODE}&s={s}"));
    check(&server("muster.example"), Ok("https://muster.example"));
    check(&server("Muster.Example:8443"), Ok("https://muster.example:8443"));
    check(&server("muster.example:443"), Ok("https://muster.example"));
    check(&server("muster.example%3A8443"), Ok("https://muster.example:8443"));
    check(&server("intranet"), Ok("https://intranet"));
    check(&server("[2001:db8::1]:8443"), Ok("https://[2001:db8::1]:8443"));
    check(&server("192.0.2.7"), Ok("https://192.0.2.7"));
    check(&server("m%C3%BCller.example"), Ok("https://xn--mller-kva.example"));
    check(&server("müller.example"), Ok("https://xn--mller-kva.example"));
    check(&format!("  {}\n", server("muster.example")), Ok("https://muster.example"));
    // Another order, an unknown parameter, an upper-case scheme and host.
    let text = format!("HTTPS://GO.example/a#s=muster.example&x=1&c={CODE}&v=1");
    check(&text, Ok("https://muster.example"));
}

#[test]
fn refused_forms() {
    use LinkError::*;
    let good = format!("v=1&c={CODE}&s=muster.example");
    for text in [
        "".to_owned(),
        "muster".to_owned(),
        format!("http://{HOST}/a#{good}"),
        format!("muster://{HOST}/a#{good}"),
        format!("https://evil.example/a#{good}"),
        format!("https://{HOST}.evil.example/a#{good}"),
        format!("https://{HOST}:8443/a#{good}"),
        format!("https://{HOST}/b#{good}"),
        format!("https://{HOST}/a/#{good}"),
        format!("https://{HOST}/#{good}"),
        format!("https://{HOST}/x/../b#{good}"),
        format!("https://{HOST}/a#v=1&c={CODE}\n&s=muster.example"),
        format!("javascript:alert(1)//{HOST}/a#{good}"),
    ] {
        check(&text, Err(NotALink));
    }
    check(&format!("https://go.example@evil.example/a#{good}"), Err(UserInfo));
    check(&format!("https://u:p@{HOST}/a#{good}"), Err(UserInfo));
    check(&format!("https://{HOST}/a?{good}"), Err(OutsideFragment));
    check(&format!("https://{HOST}/a?c={CODE}#v=1&s=muster.example"), Err(OutsideFragment));
    check(&format!("https://{HOST}/a?utm=1#{good}"), Err(OutsideFragment));
    check(&link(&good.replace("v=1", "v=2")), Err(UpdateApp));
    check(&link(&good.replace("v=1", "v=10")), Err(UpdateApp));
    check(&link(&good.replace("v=1&", "")), Err(Parameter("v")));
    check(&format!("https://{HOST}/a"), Err(Parameter("v")));
    check(&link(""), Err(Parameter("v")));
    check(&link(&format!("{good}&c={CODE}")), Err(Duplicate));
    check(&link(&format!("{good}&s=evil.example")), Err(Duplicate));
    check(&link(&format!("{good}&%63={CODE}")), Ok("https://muster.example"));
    check(&link(&good.replace(CODE, "")), Err(Parameter("c")));
    check(&link(&good.replace(CODE, "AAAAAAAAAAAAAAAAAAAAA")), Err(Parameter("c")));
    check(&link(&good.replace(CODE, "AAAAAAAAAAAAAAAAAAAAA%0A")), Err(Parameter("c")));
    check(&link(&good.replace(CODE, "AAAAAAAAAAAAAAAAAAAAA+A")), Err(Parameter("c")));
    check(&link(&format!("{good}&k=short")), Err(Parameter("k")));
    check(&link(&format!("{good}&k=")), Err(Parameter("k")));
    check(&link(&format!("{good}&x={}", "a".repeat(2_048))), Err(TooLong));
}

#[test]
fn refused_servers() {
    for server in [
        "",
        "https://muster.example",
        "muster.example/path",
        "muster.example?x",
        "muster.example%23x",
        "user@muster.example",
        "muster.example%40evil.example",
        "muster.example:",
        "muster.example:99999",
        "muster.example:x",
        "muster%2Eexample%",
        "muster.example%00",
        "muster%252eexample",
        "muster%20.example",
        "muster.example.",
        "mus\\ter.example",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "[::1",
        "xn--a",
        ".",
    ] {
        check(&link(&format!("v=1&c={CODE}&s={server}")), Err(LinkError::Parameter("s")));
    }
}

#[test]
fn a_host_that_could_mislead_is_shown_in_both_forms() {
    let shown = |host: &str| {
        let link = Link::parse(&link(&format!("v=1&c={CODE}&s={host}")), HOST).unwrap();
        link.host.to_string()
    };
    assert_eq!(shown("müller.example:8443"), "müller.example:8443 (xn--mller-kva.example:8443)");
    // A Cyrillic а.
    assert_eq!(shown("p\u{430}ypal.example"), "p\u{430}ypal.example (xn--pypal-4ve.example)");
    assert_eq!(shown("xn--mller-kva.example"), "müller.example (xn--mller-kva.example)");
}

#[test]
fn plain_http_only_to_this_machine_and_only_in_host_tests() {
    let expect = match cfg!(feature = "loopback-http") {
        true => "http://127.0.0.1:8780",
        false => "https://127.0.0.1:8780",
    };
    check(&link(&format!("v=1&c={CODE}&s=127.0.0.1:8780")), Ok(expect));
    check(&link(&format!("v=1&c={CODE}&s=192.0.2.1:8780")), Ok("https://192.0.2.1:8780"));
}

#[test]
fn the_code_is_never_printed() {
    let link = Link::parse(&link(&format!("v=1&c={CODE}&s=muster.example")), HOST).unwrap();
    assert!(!format!("{link:?}").contains(CODE));
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}", fragment in "[vcsk=&%0-9a-zA-Z.:/@#-]{0,80}") {
        let _ = Link::parse(&text, HOST);
        let _ = Link::parse(&link(&fragment), HOST);
        let _ = Link::parse(&link(&format!("v=1&c={CODE}&s={text}")), HOST);
    }

    /// Whatever is accepted leads to a host that is written in the link.
    #[test]
    fn the_host_is_one_that_can_be_seen(host in "[a-z0-9.:@/%-]{1,30}") {
        if let Ok(link) = Link::parse(&link(&format!("v=1&c={CODE}&s={host}")), HOST) {
            let ascii = link.host.ascii.split(':').next().unwrap().to_owned();
            prop_assert!(host.contains(&ascii) || host.contains('%'), "{} -> {}", host, ascii);
        }
    }
}
