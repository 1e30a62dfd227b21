//! From the bytes of a card to text, before it is parsed.
use std::borrow::Cow;

/// `bytes` as text. Cards are UTF-8 since 3.0 (RFC 2426 with HTTP, RFC 6350 §3.1); older programs
/// write windows-1252 or UTF-16. Nothing is refused: a wrong letter is better than no colleague.
pub(super) fn prepared(bytes: &[u8]) -> Cow<'_, str> {
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8_or_windows_1252(rest),
        _ => utf8_or_windows_1252(bytes),
    };
    match text {
        Cow::Borrowed(text) => name_charset(text),
        Cow::Owned(text) => Cow::Owned(name_charset(&text).into_owned()),
    }
}

fn utf8_or_windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    // Programs that fold by counting bytes cut letters in two (RFC 6350 §3.2).
    String::from_utf8(unfolded(bytes))
        .unwrap_or_else(|_| bytes.iter().map(|b| windows_1252(*b)).collect())
        .into()
}

fn unfolded(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [b'\r', b'\n', b' ' | b'\t', after @ ..] | [b'\n', b' ' | b'\t', after @ ..] => after,
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
            [] => return out,
        };
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Cow<'_, str> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Cow::Owned(char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).collect())
}

/// windows-1252, of which ISO-8859-1 is a part (WHATWG Encoding §9.1). Unassigned bytes become the
/// control characters they are in ISO-8859-1.
fn windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Many phones write quoted-printable UTF-8 without saying so, and the parser would take it for
/// ISO-8859-1, the default of vCard 2.1: says so for them, where the bytes are UTF-8.
fn name_charset(text: &str) -> Cow<'_, str> {
    if !has_quoted_printable(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let Some((head, value)) = line.split_once(':') else {
            out.push_str(line);
            continue;
        };
        let upper = head.to_ascii_uppercase();
        if !upper.contains("QUOTED-PRINTABLE") {
            out.push_str(line);
            continue;
        }
        // A soft line break carries the value over to the next line (RFC 2045 §6.7).
        let mut whole = value.to_owned();
        while whole.trim_end_matches(['\r', '\n']).ends_with('=') {
            let Some(next) = lines.next() else { break };
            whole.push_str(next);
        }
        match upper.find(";QUOTED-PRINTABLE") {
            // vCard 2.1 §2.1.3 lets the name of the parameter be left out; the parser does not.
            Some(at) => {
                out.push_str(&head[..=at]);
                out.push_str("ENCODING=");
                out.push_str(&head[at + 1..]);
            }
            None => out.push_str(head),
        }
        if !upper.contains("CHARSET") && is_utf8_when_decoded(&whole) {
            out.push_str(";CHARSET=UTF-8");
        }
        out.push(':');
        out.push_str(&whole);
    }
    Cow::Owned(out)
}

/// Whether the card says `QUOTED-PRINTABLE` anywhere. Its hyphen is looked for: a letter would be
/// found in every line, and there is no hyphen in the Base64 of a photo, most of a card's bytes.
fn has_quoted_printable(text: &str) -> bool {
    const MARK: &[u8] = b"QUOTED-PRINTABLE";
    const HYPHEN: usize = 6;
    text.match_indices('-').any(|(at, _)| {
        let word =
            at.checked_sub(HYPHEN).and_then(|start| text.as_bytes().get(start..start + MARK.len()));
        word.is_some_and(|word| word.eq_ignore_ascii_case(MARK))
    })
}

fn is_utf8_when_decoded(quoted: &str) -> bool {
    let mut decoded = Vec::with_capacity(quoted.len());
    let mut bytes = quoted.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'=' {
            decoded.push(byte);
            continue;
        }
        let pair = [bytes.next().unwrap_or_default(), bytes.next().unwrap_or_default()];
        let hex = std::str::from_utf8(&pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.extend(hex);
    }
    !decoded.is_ascii() && std::str::from_utf8(&decoded).is_ok()
}
