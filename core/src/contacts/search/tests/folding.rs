use proptest::prelude::*;

use crate::contacts::search::fold::{Forms, matched_chars};
use crate::contacts::search::words::{Reading, words};

#[track_caller]
fn check_forms(word: &str, expect: &[&str]) {
    let forms = Forms::of(word);
    assert_eq!(forms.each().collect::<Vec<_>>(), expect, "{word}");
}

#[track_caller]
fn check_words(text: &str, reading: Reading, expect: &[&str]) {
    let mut found = Vec::new();
    words(text, reading, |range| found.push(&text[range]));
    assert_eq!(found, expect, "{text}");
}

#[test]
fn a_word_has_a_plain_a_spelled_and_a_reduced_form() {
    check_forms("Müller", &["muller", "mueller"]);
    check_forms("Mueller", &["mueller", "muller"]);
    check_forms("Muller", &["muller"]);
    check_forms("Ærø", &["aero", "aeroe", "aro"]);
    check_forms("Strauß", &["strauss"]);
    check_forms("Ångström", &["angstrom", "aangstroem"]);
    check_forms("A\u{30A}ngstro\u{308}m", &["angstrom", "aangstroem"]);
    check_forms("Łódź", &["lodz"]);
    check_forms("İSTANBUL", &["istanbul"]);
    check_forms("ısı", &["isi"]);
    check_forms("Đorđe", &["dorde", "djordje"]);
    check_forms("O'Brien", &["obrien"]);
    check_forms("ﬁt", &["fit"]);
    check_forms("", &[""]);
}

#[test]
fn a_pair_is_left_alone_at_the_end_and_behind_a_vowel() {
    check_forms("Joe", &["joe"]);
    check_forms("Joel", &["joel", "jol"]);
    check_forms("Bauer", &["bauer"]);
    check_forms("Quelle", &["quelle"]);
    check_forms("Aaron", &["aaron", "aron"]);
    check_forms("Goetheaeue", &["goetheaeue", "gotheaeue"]);
}

#[test]
fn words_of_a_text_are_also_found_joined() {
    check_words("Karl-Heinz Groß", Reading::Text, &["Karl", "Heinz", "Karl-Heinz", "Groß"]);
    check_words("Sean O'Brien", Reading::Text, &["Sean", "O'Brien", "Brien"]);
    check_words("J.P. Morgan", Reading::Text, &["J", "P", "J.P", "Morgan"]);
    check_words("R & D", Reading::Text, &["R", "D"]);
    check_words("-a-", Reading::Text, &["a"]);
    check_words("'a'", Reading::Text, &["a"]);
}

#[test]
fn words_of_queries_and_addresses_are_not_joined() {
    check_words("Karl-Heinz", Reading::Query, &["Karl", "Heinz"]);
    check_words("O'Brien", Reading::Query, &["O'Brien"]);
    check_words("o'brien@a-b.example", Reading::Address, &["o", "brien", "a", "b", "example"]);
}

#[test]
fn a_mark_behind_a_letter_counts_with_it() {
    assert_eq!(matched_chars("u\u{308}ber", "u"), Some(2));
    assert_eq!(matched_chars("über", "ueb"), Some(2));
    assert_eq!(matched_chars("Mueller", "mul"), Some(4));
    assert_eq!(matched_chars("Straße", "strass"), Some(5));
    assert_eq!(matched_chars("Straße", "stras"), Some(5));
    assert_eq!(matched_chars("Straße", "strau"), None);
}

proptest! {
    #[test]
    fn folding_twice_is_folding_once(word in "\\PC{0,20}") {
        let once = Forms::of(&word);
        let twice = Forms::of(once.plain());
        prop_assert_eq!(twice.plain(), once.plain());
    }

    #[test]
    fn case_does_not_matter(word in "[a-zA-ZäöüÄÖÜßåÅøØæÆłŁéÉçÇñÑ]{0,12}") {
        let (lower, upper) = (Forms::of(&word.to_lowercase()), Forms::of(&word.to_uppercase()));
        prop_assert_eq!(lower.each().collect::<Vec<_>>(), upper.each().collect::<Vec<_>>());
    }

    #[test]
    fn a_beginning_of_a_word_folds_to_a_beginning_of_its_forms(
        word in "[a-zA-ZäöüÄÖÜßåÅøØæÆłŁéÉçÇñÑ'\u{308}\u{30A}]{1,12}", length in 1usize..12,
    ) {
        let start: String = word.chars().take(length).collect();
        let (start, forms) = (Forms::of(&start), Forms::of(&word));
        let begins = |start: &str| forms.each().any(|form| form.starts_with(start));
        prop_assert!(begins(start.plain()));
    }

    #[test]
    fn spelled_out_is_the_same_word(word in "[a-zäöü]{1,10}") {
        let spelled = word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        let stripped = word.replace('ä', "a").replace('ö', "o").replace('ü', "u");
        let forms = Forms::of(&word);
        prop_assert!(forms.each().any(|f| f == spelled), "{}", spelled);
        prop_assert!(forms.each().any(|f| f == stripped), "{}", stripped);
    }

    #[test]
    fn words_are_within_the_text(text in ".{0,60}") {
        for reading in [Reading::Text, Reading::Query, Reading::Address] {
            words(&text, reading, |range| {
                assert!(range.start < range.end && text.get(range).is_some());
            });
        }
    }
}
