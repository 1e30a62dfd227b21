use proptest::prelude::*;

use super::*;

fn check(region: &str, text: &str, expect: &str) {
    let got = e164(text, Region::new(region)).unwrap_or_default();
    assert_eq!(got, expect, "{text} in {region:?}");
}

#[test]
fn numbers_as_people_write_them() {
    for (text, expect) in [
        ("+49 30 901820", "+4930901820"),
        ("+49 (0) 30 901820", "+4930901820"),
        ("+49(0)30/901820", "+4930901820"),
        ("0049 30 901820", "+4930901820"),
        ("0049 (0) 30 901820", "+4930901820"),
        ("030 901820", "+4930901820"),
        ("(030) 901820", "+4930901820"),
        ("030/90 18 20", "+4930901820"),
        ("(0)30 901820", "+4930901820"),
        ("0171 1234567", "+491711234567"),
        ("0171-123 45 67", "+491711234567"),
        ("+41 44 668 18 00", "+41446681800"),
        ("+46 (0)8-508 290 00", "+46850829000"),
        ("+1 (202) 555-0173", "+12025550173"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("\u{FF0B}４９ 30 901820", "+4930901820"),
    ] {
        check("DE", text, expect);
    }
}

#[test]
fn the_region_tells_what_a_national_number_means() {
    check("SE", "08-508 290 00", "+46850829000");
    check("CH", "044 668 18 00", "+41446681800");
    check("GB", "020 7946 0958", "+442079460958");
    check("US", "(202) 555-0173", "+12025550173");
    check("US", "011 49 30 901820", "+4930901820");
    check("IT", "06 6982 1234", "+390669821234");
    check("", "030 901820", "");
    check("ZZ", "030 901820", "");
    check("", "+49 30 901820", "+4930901820");
    check("", "0049 30 901820", "+4930901820");
}

#[test]
fn the_zero_of_an_italian_number_stays() {
    check("DE", "+39 06 6982 1234", "+390669821234");
    check("DE", "+39 (0)6 6982 1234", "+390669821234");
}

#[test]
fn tel_uris_are_decoded_and_extensions_dropped() {
    for (text, expect) in [
        ("tel:+49-30-901820", "+4930901820"),
        ("tel:+49-30-901820;ext=12", "+4930901820"),
        ("TEL:+49%2030%20901820;isub=1", "+4930901820"),
        ("tel:030-901820", "+4930901820"),
        ("tel:863-1234;phone-context=+1-914", "+19148631234"),
        ("tel:7042;phone-context=example.com", ""),
        ("+49 30 901820 ext. 12", "+4930901820"),
        ("+49 30 901820 x12", "+4930901820"),
        ("+49 30 901820 Durchwahl 12", "+4930901820"),
        ("+49 30 901820 DW 12", "+4930901820"),
        ("+49 30 901820,,12#", "+4930901820"),
        ("+49 30 901820;12", "+4930901820"),
        ("030 901820 (Zentrale)", "+4930901820"),
    ] {
        check("DE", text, expect);
    }
}

#[test]
fn short_numbers_have_no_e164_form() {
    for text in [
        "12345",
        "110",
        "123456",
        "+49 12",
        "*100#",
        "tel:4711",
        "0049 1",
        "+49 01000",
        "",
        "+",
        "00",
    ] {
        check("DE", text, "");
    }
}

#[test]
fn what_is_no_number_has_no_e164_form() {
    for text in ["ask reception", "jo@muster.example", "sip:jo@muster.example", "\u{0}", "٪"] {
        check("DE", text, "");
    }
}

#[test]
fn letters_on_keys_are_read_in_north_america_only() {
    check("US", "1-800-FLOWERS", "+18003569377");
    check("US", "(202) 555-0173 home", "+12025550173");
    check("DE", "030 901820 abc", "+4930901820");
}

#[test]
fn a_number_written_in_full_is_kept_though_the_plans_do_not_know_it() {
    check("DE", "+999 1234 5678", "+99912345678");
    check("DE", "+0 1234 5678", "");
    check("DE", "+1234567890123456", "");
}

#[test]
fn regions_are_iso_codes() {
    assert_eq!(Region::new(" de ").unwrap().as_str(), "DE");
    for bad in ["", "D", "DEU", "ZZ", "ü", "49"] {
        assert_eq!(Region::new(bad), None, "{bad}");
    }
}

#[test]
fn keys_of_a_number() {
    let check = |text: &str, expect: &[&str]| assert_eq!(caller_keys(text), expect, "{text}");
    check("+4930123456", &["+4930123456", "n:30123456"]);
    check("030 123456", &["n:30123456"]);
    check("+491711234567", &["+491711234567", "n:711234567"]);
    check("0171 1234567", &["n:711234567"]);
    check("+390669821234", &["+390669821234", "n:669821234"]);
    check("06 6982 1234", &["n:669821234"]);
    check("+12025550173", &["+12025550173", "n:025550173"]);
    check("202-555-0173", &["n:025550173"]);
    check("+3545812345", &["+3545812345", "n:5812345"]);
    check("581 2345", &["n:5812345"]);
    check("4711", &["s:4711"]);
    check("tel:4711", &["s:4711"]);
    check("11", &[]);
    check("withheld", &[]);
    check("", &[]);
    check("+49 30 901820 ext. 12", &["+4930901820", "n:30901820"]);
}

#[test]
fn two_mobile_numbers_that_differ_only_in_the_network_have_different_keys() {
    assert_ne!(caller_keys("0171 1234567"), caller_keys("0172 1234567"));
}

proptest! {
    #[test]
    fn any_text_gives_a_number_or_none(text in ".{0,60}") {
        if let Some(number) = e164(&text, Region::new("DE")) {
            prop_assert!(number.starts_with('+'));
            prop_assert!((7..=15).contains(&(number.len() - 1)), "{}", number);
            prop_assert!(number[1..].bytes().all(|b| b.is_ascii_digit()));
        }
        caller_keys(&text);
    }

    #[test]
    fn reading_e164_again_changes_nothing(digits in "[1-9][0-9]{6,13}") {
        if let Some(once) = e164(&format!("+{digits}"), None) {
            prop_assert_eq!(e164(&once, Region::new("US")), Some(once.clone()));
        }
    }

    #[test]
    fn a_national_and_an_international_spelling_share_a_key(number in "[1-9][0-9]{6,10}") {
        let abroad = caller_keys(&format!("+49{number}"));
        let at_home = caller_keys(&format!("0{number}"));
        prop_assert_eq!(abroad.last(), at_home.last());
    }
}

#[test]
fn what_is_dialled_is_a_number_and_nothing_more() {
    let check = |text: &str, expect: Option<&str>| {
        assert_eq!(to_dial(text).as_deref(), expect, "{text}");
    };
    check("4711", Some("4711"));
    check("0170 / 123-45", Some("017012345"));
    check("+49 (0) 30 901820", Some("+4930901820"));
    check("0049 30 901820", Some("+4930901820"));
    check("030 901820 ext. 12", Some("030901820"));
    check("tel:+46-8-508-290-01;ext=102", Some("+46850829001"));
    check("#31#112", Some("31"));
    check("ask at the desk", None);
    check("", None);
}
