//! A bounded reader of binary property lists.
//!
//! The format lets many collections refer to the same object, so that a kilobyte unfolds into
//! gigabytes; a general reader has no limit for that. This one counts what it has unfolded, reads
//! nothing outside the bytes it was given, and gives up at the limits of a configuration.
//!
//! Format: `CFBinaryPList.c` of Apple's Core Foundation.
use super::InputError;
use crate::config::raw::{RawTree, RawValue};
use crate::limits;

const BAD: InputError = InputError::NotAPropertyList;
const TRAILER: usize = 32;

pub(super) fn read(bytes: &[u8]) -> Result<RawValue, InputError> {
    let body = bytes.len().checked_sub(TRAILER).ok_or(BAD)?;
    let trailer = &bytes[body..];
    let mut reader = Reader {
        bytes: &bytes[..body],
        offset_size: usize::from(trailer[6]),
        ref_size: usize::from(trailer[7]),
        objects: number(&trailer[8..16])?,
        table: number(&trailer[24..32])?,
        unfolded: 0,
        text: 0,
    };
    let root = number(&trailer[16..24])?;
    let sizes = 1..=8;
    if !sizes.contains(&reader.offset_size) || !sizes.contains(&reader.ref_size) {
        return Err(BAD);
    }
    reader.object(root, 1)
}

struct Reader<'a> {
    /// Without the trailer.
    bytes: &'a [u8],
    offset_size: usize,
    ref_size: usize,
    objects: usize,
    /// Where the table of offsets starts.
    table: usize,
    /// Objects built so far, those that are referred to twice counted twice.
    unfolded: usize,
    text: usize,
}

impl Reader<'_> {
    fn object(&mut self, index: usize, depth: usize) -> Result<RawValue, InputError> {
        if depth > limits::CONFIG_DEPTH + 1 {
            return Err(InputError::TooDeep);
        }
        self.unfolded += 1;
        if self.unfolded > 2 * limits::CONFIG_KEYS {
            return Err(InputError::TooManyKeys);
        }
        let at = self.offset(index)?;
        let marker = *self.bytes.get(at).ok_or(BAD)?;
        let low = usize::from(marker & 0x0f);
        Ok(match (marker >> 4, low) {
            (0x0, 0x0) => RawValue::Null,
            (0x0, 0x8) => RawValue::Bool(false),
            (0x0, 0x9) => RawValue::Bool(true),
            (0x1, 0..=4) => integer(self.slice(at + 1, 1 << low)?),
            (0x2, 2) => RawValue::Float(f64::from(f32::from_be_bytes(self.array(at + 1)?))),
            (0x2, 3) => RawValue::Float(f64::from_be_bytes(self.array(at + 1)?)),
            (0x5, _) => {
                let (length, start) = self.length(at, low)?;
                let ascii = self.slice(start, length)?;
                let text = std::str::from_utf8(ascii).map_err(|_| BAD)?.to_owned();
                self.text(text)?
            }
            (0x6, _) => {
                let (length, start) = self.length(at, low)?;
                let bytes = self.slice(start, length.checked_mul(2).ok_or(BAD)?)?;
                let units =
                    bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                let text = char::decode_utf16(units).collect::<Result<_, _>>().map_err(|_| BAD)?;
                self.text(text)?
            }
            (0xa, _) => {
                let (length, start) = self.length(at, low)?;
                let mut items = Vec::new();
                for position in 0..length {
                    let item = self.reference(start, position)?;
                    items.push(self.object(item, depth + 1)?);
                }
                RawValue::List(items)
            }
            (0xd, _) => {
                let (length, start) = self.length(at, low)?;
                let mut map = RawTree::new();
                for position in 0..length {
                    let key = self.reference(start, position)?;
                    let RawValue::String(key) = self.object(key, depth + 1)? else {
                        return Err(BAD);
                    };
                    let value = self.reference(start, length + position)?;
                    map.insert(key, self.object(value, depth + 1)?);
                }
                RawValue::Map(map)
            }
            // Dates, data and unique ids mean nothing in a configuration.
            (0x3, 3) | (0x4 | 0x8, _) => RawValue::Map(RawTree::new()),
            _ => return Err(BAD),
        })
    }

    fn text(&mut self, text: String) -> Result<RawValue, InputError> {
        self.text += text.len();
        if self.text > limits::CONFIG_TREE_BYTES {
            return Err(InputError::TooLarge);
        }
        Ok(RawValue::String(text))
    }

    fn offset(&self, index: usize) -> Result<usize, InputError> {
        if index >= self.objects {
            return Err(BAD);
        }
        let at = index.checked_mul(self.offset_size).and_then(|skip| self.table.checked_add(skip));
        number(self.slice(at.ok_or(BAD)?, self.offset_size)?)
    }

    fn reference(&self, start: usize, position: usize) -> Result<usize, InputError> {
        let at = position.checked_mul(self.ref_size).and_then(|skip| start.checked_add(skip));
        number(self.slice(at.ok_or(BAD)?, self.ref_size)?)
    }

    /// The length of the object at `at`, and where its content starts. Fifteen means that the
    /// length follows as an integer object.
    fn length(&self, at: usize, low: usize) -> Result<(usize, usize), InputError> {
        if low != 0x0f {
            return Ok((low, at + 1));
        }
        let marker = *self.bytes.get(at + 1).ok_or(BAD)?;
        let size = match marker {
            0x10..=0x13 => 1_usize << (marker & 0x0f),
            _ => return Err(BAD),
        };
        Ok((number(self.slice(at + 2, size)?)?, at + 2 + size))
    }

    fn slice(&self, start: usize, length: usize) -> Result<&[u8], InputError> {
        let end = start.checked_add(length).ok_or(BAD)?;
        self.bytes.get(start..end).ok_or(BAD)
    }

    fn array<const N: usize>(&self, start: usize) -> Result<[u8; N], InputError> {
        self.slice(start, N)?.try_into().map_err(|_| BAD)
    }
}

/// One, two and four bytes are unsigned, eight are signed, sixteen hold an unsigned 64-bit number.
fn integer(bytes: &[u8]) -> RawValue {
    let value = bytes.iter().fold(0_i128, |sum, byte| (sum << 8) | i128::from(*byte));
    let value = if bytes.len() == 8 { i128::from(value as i64) } else { value };
    match i64::try_from(value) {
        Ok(whole) => RawValue::Int(whole),
        Err(_) => RawValue::Float(value as f64),
    }
}

fn number(bytes: &[u8]) -> Result<usize, InputError> {
    let value = bytes.iter().try_fold(0_u64, |sum, byte| {
        sum.checked_mul(256).map(|shifted| shifted + u64::from(*byte))
    });
    usize::try_from(value.ok_or(BAD)?).map_err(|_| BAD)
}
