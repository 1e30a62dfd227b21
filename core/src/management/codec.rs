//! The form in which grants and activations under way are sealed: fields in order, each with its length in front.
//! Unlike JSON it leaves no copies of secrets behind in parser buffers.
use zeroize::Zeroize;

use crate::secret::Secret;

/// The bytes are not what the writer wrote, or were written by a newer version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("stored activation state can't be read")]
pub struct Unreadable;

#[derive(Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Starts with the number of the format.
    pub(crate) fn new(format: u8) -> Self {
        Self { bytes: vec![format] }
    }

    pub(crate) fn bytes(&mut self, field: &[u8]) -> &mut Self {
        let length = u32::try_from(field.len()).expect("fields are bounded");
        let needed = self.bytes.len() + 4 + field.len();
        if needed > self.bytes.capacity() {
            // Growing in place could leave the old buffer behind unwiped.
            let mut larger = Vec::with_capacity(needed * 2);
            larger.extend_from_slice(&self.bytes);
            self.bytes.zeroize();
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(&length.to_be_bytes());
        self.bytes.extend_from_slice(field);
        self
    }

    pub(crate) fn text(&mut self, field: &str) -> &mut Self {
        self.bytes(field.as_bytes())
    }

    pub(crate) fn number(&mut self, field: i64) -> &mut Self {
        self.bytes(&field.to_be_bytes())
    }

    /// A field that may be absent: an empty field stands for "absent", a 1 before the value.
    pub(crate) fn optional(&mut self, field: Option<&str>) -> &mut Self {
        match field {
            None => self.bytes(&[]),
            Some(text) => self.bytes(&[1]).text(text),
        }
    }

    pub(crate) fn finish(&mut self) -> Secret<Vec<u8>> {
        Secret::new(std::mem::take(&mut self.bytes))
    }
}

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts reading bytes of this format.
    pub(crate) fn new(format: u8, bytes: &'a [u8]) -> Result<Self, Unreadable> {
        match bytes {
            [first, rest @ ..] if *first == format => Ok(Self { rest }),
            _ => Err(Unreadable),
        }
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Unreadable> {
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or(Unreadable)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Unreadable)?;
        let (field, rest) = rest.split_at_checked(length).ok_or(Unreadable)?;
        self.rest = rest;
        Ok(field)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Unreadable> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Unreadable)
    }

    pub(crate) fn secret(&mut self) -> Result<Secret<String>, Unreadable> {
        Ok(Secret::from(self.text()?))
    }

    pub(crate) fn number(&mut self) -> Result<i64, Unreadable> {
        Ok(i64::from_be_bytes(self.bytes()?.try_into().map_err(|_| Unreadable)?))
    }

    pub(crate) fn optional(&mut self) -> Result<Option<&'a str>, Unreadable> {
        match self.bytes()? {
            [] => Ok(None),
            [1] => Ok(Some(self.text()?)),
            _ => Err(Unreadable),
        }
    }

    pub(crate) fn optional_secret(&mut self) -> Result<Option<Secret<String>>, Unreadable> {
        Ok(self.optional()?.map(Secret::from))
    }

    /// Everything was read.
    pub(crate) fn finish(self) -> Result<(), Unreadable> {
        if self.rest.is_empty() { Ok(()) } else { Err(Unreadable) }
    }
}
