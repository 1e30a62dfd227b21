use crate::management::{AddressError, ServerAllowList, ServerUrl};

#[test]
fn server_addresses() {
    let check = |text: &str, expect: Result<&str, &str>| {
        let url = ServerUrl::parse(text);
        let got = url.as_ref().map(ServerUrl::as_str).map_err(AddressError::code);
        assert_eq!(got, expect, "{text}");
    };
    check("https://muster.example", Ok("https://muster.example"));
    check(" https://Muster.Example/ ", Ok("https://muster.example"));
    check("https://muster.example:443/a/", Ok("https://muster.example/a"));
    check("http://muster.example", Err("insecure_url"));
    check("ftp://muster.example", Err("insecure_url"));
    check("muster.example", Err("bad_server_url"));
    check("https://u:p@muster.example", Err("bad_server_url"));
    check("https://muster.example?x", Err("bad_server_url"));
    check("https://muster.example#x", Err("bad_server_url"));
    check("", Err("bad_server_url"));
}

#[test]
fn allowed_servers() {
    let check = |list: &[&str], server_url: Option<&str>, server: &str, allowed: bool| {
        let entries: Vec<String> = list.iter().map(|s| (*s).to_owned()).collect();
        let named = (!list.is_empty()).then_some(entries.as_slice());
        let verdict =
            ServerAllowList::new(named, server_url).check(&ServerUrl::parse(server).unwrap());
        assert_eq!(verdict.is_ok(), allowed, "{list:?} {server_url:?} {server}");
    };
    // Nothing said: every server.
    check(&[], None, "https://any.example", true);
    // An address alone allows that server alone.
    check(&[], Some("https://muster.example"), "https://muster.example", true);
    check(&[], Some("https://muster.example"), "https://evil.example", false);
    check(&[], Some("https://muster.example"), "https://muster.example:8443", false);
    check(&[], Some("https://muster.example:8443"), "https://muster.example:8443", true);
    // A list.
    check(&["a.example", "b.example:8443"], None, "https://a.example", true);
    check(&["a.example", "b.example:8443"], None, "https://a.example:9", true);
    check(&["a.example", "b.example:8443"], None, "https://b.example:8443", true);
    check(&["a.example", "b.example:8443"], None, "https://b.example", false);
    check(&["a.example:443"], None, "https://a.example:8443", false);
    check(&["https://a.example"], None, "https://a.example/tenant", true);
    check(&["A.Example"], None, "https://a.example", true);
    check(&["müller.example"], None, "https://xn--mller-kva.example", true);
    check(&["a.example"], None, "https://sub.a.example", false);
    check(&["a.example"], None, "https://a.example.evil.example", false);
    check(&["a.example"], Some("https://own.example"), "https://own.example", true);
    // What can't be read allows nothing, and does not open the list.
    for entry in ["", " ", "/", "*", "a.example/x", "u@a.example", "https://"] {
        check(&[entry], None, "https://a.example", false);
    }
    // Nor does a list of which nothing was left.
    let empty = ServerAllowList::new(Some(&[]), None);
    assert!(empty.check(&ServerUrl::parse("https://a.example").unwrap()).is_err());
}

#[test]
fn a_refused_host_is_named_without_its_path() {
    let list = ServerAllowList::new(Some(&["a.example".to_owned()]), None);
    let error = list.check(&ServerUrl::parse("https://evil.example/secret-path").unwrap());
    let error = error.unwrap_err();
    assert_eq!(error, AddressError::NotAllowed { host: "evil.example".into() });
    assert!(!error.to_string().contains("secret-path"));
    assert_eq!(ServerUrl::parse("http://x.example"), Err(AddressError::Insecure));
}
