//! Small numbers in few bytes (LEB128), and a cursor over bytes that this module wrote itself.

/// Appends `value`.
pub(super) fn write(mut value: u32, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a text behind its length.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    write(text.len() as u32, out);
    out.extend_from_slice(text.as_bytes());
}

/// Reads on from a place in bytes that [`write`] and its friends made in this process. Past the end
/// it reads zeros and empty texts.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether everything was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next number.
    pub(super) fn number(&mut self) -> u32 {
        let mut value = 0;
        let mut shift = 0;
        while let Some((byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            value |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            if byte & 0x80 == 0 || shift > 28 {
                break;
            }
        }
        value
    }

    /// The next `length` bytes.
    pub(super) fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// The next `length` bytes as text.
    pub(super) fn text(&mut self, length: usize) -> &'a str {
        std::str::from_utf8(self.bytes(length)).unwrap_or_default()
    }

    /// The next text behind its length.
    pub(super) fn sized_text(&mut self) -> &'a str {
        let length = self.number() as usize;
        self.text(length)
    }
}
