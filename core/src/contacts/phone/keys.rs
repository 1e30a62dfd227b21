//! The keys a number is found by when it calls.
use super::{SHORTEST_FULL_NUMBER, clean};

/// Digits of a national number that have to agree. Nine tell people apart within a country, and
/// leave room for what networks put in front.
const SUFFIX_DIGITS: usize = 9;
/// Fewer digits are a service or an emergency call.
const SHORTEST_NUMBER: usize = 3;

/// The keys under which `number` is stored and looked up: E.164, or whatever a card or the network
/// gives. The most exact key comes first.
///
/// | key | for | agrees when |
/// | --- | --- | --- |
/// | `+4930123456` | a number written in full | it is the same number |
/// | `n:30123456` | a number of seven digits and more | the last nine digits of the national number agree (all of them if it has seven or eight), calling code and trunk zeros left out |
/// | `s:4711` | three to six digits | it is the same short number |
///
/// So a card that says `030 123456` is found for a call from `+4930123456`, whatever the region.
/// Keys are not secret by themselves; the store hashes them with a key.
pub fn caller_keys(number: &str) -> Vec<String> {
    let number = clean::clean(number);
    let digits = number.digits.as_str();
    if digits.len() < SHORTEST_FULL_NUMBER {
        let short = digits.len() >= SHORTEST_NUMBER && !number.international;
        return Vec::from_iter(short.then(|| format!("s:{digits}")));
    }
    let mut keys = Vec::with_capacity(2);
    let national = match number.international {
        true => {
            keys.push(format!("+{digits}"));
            &digits[calling_code_length(digits).min(digits.len())..]
        }
        false => digits,
    };
    // In Italy the zero is part of the number; without it on both sides it still agrees.
    let national = national.trim_start_matches('0');
    if national.len() >= SHORTEST_FULL_NUMBER {
        let from = national.len().saturating_sub(SUFFIX_DIGITS);
        keys.push(format!("n:{}", &national[from..]));
    }
    keys
}

/// How many digits of an international number are the calling code (ITU-T E.164, list of assigned
/// codes: zones 1 and 7 have one digit, the ones below two, all others three).
fn calling_code_length(digits: &str) -> usize {
    const TWO: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
        "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
        "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95",
    ];
    match digits.get(..2) {
        Some(start) if start.starts_with(['1', '7']) => 1,
        Some(start) if start == "98" || TWO.binary_search(&start).is_ok() => 2,
        _ => 3,
    }
}
