//! What may stand before the root element and the XML parser does not take: a byte order mark,
//! white space and comments around the declaration, and the declaration itself, whose charset is
//! looked at.
use super::XmlError;

const PLAIN_DECLARATION: &[u8] = b"<?xml version='1.0'?>";
/// Longer declarations are none.
const LONGEST: usize = 1024;

/// Holds the first bytes back until they are known.
#[derive(Debug, Default)]
pub(super) struct Prologue {
    held: Vec<u8>,
    passed: bool,
}

impl Prologue {
    /// Gives on what belongs to the document: all of `bytes` once the prologue is over.
    pub(super) fn pass<'a>(&mut self, bytes: &'a [u8]) -> Result<Option<Piece<'a>>, XmlError> {
        if self.passed {
            return Ok(Some(Piece::Borrowed(bytes)));
        }
        self.held.extend_from_slice(bytes);
        match document_start(&self.held)? {
            Some(start) => {
                self.passed = true;
                // The parser wants the declaration it knows, or none.
                let document = [PLAIN_DECLARATION, &std::mem::take(&mut self.held)[start..]];
                Ok(Some(Piece::Owned(document.concat())))
            }
            None if self.held.len() > LONGEST => Err(XmlError::Malformed),
            None => Ok(None),
        }
    }
}

/// A part of the document.
pub(super) type Piece<'a> = std::borrow::Cow<'a, [u8]>;

/// Where the document starts behind mark, white space and declaration; `None` if more is needed.
fn document_start(held: &[u8]) -> Result<Option<usize>, XmlError> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    const DECLARATION: &[u8] = b"<?xml";
    const COMMENT: &[u8] = b"<!--";
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = held {
        return Err(XmlError::Charset);
    }
    if held.len() < MARK.len() && (MARK.starts_with(held) || matches!(held, [0xfe | 0xff])) {
        return Ok(None);
    }
    let mut at = if held.starts_with(MARK) { MARK.len() } else { 0 };
    let mut declared = false;
    loop {
        at += held[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let rest = &held[at..];
        let is_part_of = |sign: &[u8]| rest.len() < sign.len() && sign.starts_with(rest);
        if is_part_of(DECLARATION) || is_part_of(COMMENT) {
            return Ok(None);
        }
        let end: &[u8] = match rest {
            _ if rest.starts_with(DECLARATION) && !declared => b"?>",
            _ if rest.starts_with(COMMENT) => b"-->",
            _ => return Ok(Some(at)),
        };
        let Some(length) = rest.windows(end.len()).position(|w| w == end) else { return Ok(None) };
        if end == b"?>" {
            declared = true;
            if !is_utf8(&rest[..length]) {
                return Err(XmlError::Charset);
            }
        }
        at += length + end.len();
    }
}

fn is_utf8(declaration: &[u8]) -> bool {
    let text = String::from_utf8_lossy(declaration).to_ascii_lowercase();
    let Some((_, after)) = text.split_once("encoding") else { return true };
    let name = after.trim_start().trim_start_matches('=').trim_start();
    let name = name.trim_start_matches(['"', '\'']);
    ["utf-8", "utf8", "us-ascii", "ascii"]
        .iter()
        .any(|known| name.strip_prefix(known).is_some_and(|rest| rest.starts_with(['"', '\''])))
}
