//! Texts: trimming, one Unicode form, and the forms that can be checked without the network.
use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::config::notes::What;
pub(super) use crate::config::raw::trim;

/// Trims, composes (Unicode NFC) and refuses what no setting may hold.
pub(super) fn clean<'a>(
    text: &'a str,
    max: usize,
    notes: &mut Vec<What>,
) -> Result<Cow<'a, str>, What> {
    let trimmed = trim(text);
    if trimmed.len() != text.len() && !trimmed.is_empty() {
        notes.push(What::Trimmed);
    }
    if trimmed.chars().any(is_control) {
        return Err(What::ControlCharacters);
    }
    let composed: Cow<'a, str> = if is_nfc(trimmed) {
        trimmed.into()
    } else {
        notes.push(What::Composed);
        trimmed.nfc().collect::<String>().into()
    };
    if composed.chars().count() > max {
        return Err(What::TooLong { max });
    }
    Ok(composed)
}

/// Control characters, and the marks that turn the direction of writing and so make an address look
/// like another one.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One `@` with something before it and a name with a dot, or `localhost`, after it. Whether the
/// address exists only its server knows.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && local.len() <= 64
        && !text.chars().any(|c| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'))
        && !local.contains('@')
        && !host.is_empty()
        && !host.starts_with(['.', '-'])
        && !host.ends_with(['.', '-'])
        && !host.contains("..")
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-')
}

/// One to four numbers with dots between them.
pub(super) fn is_version(text: &str) -> bool {
    let parts = text.split('.').count();
    let is_number = |part: &str| {
        (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    parts <= 4 && text.split('.').all(is_number)
}
