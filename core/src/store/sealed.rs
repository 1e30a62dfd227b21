//! The form of a sealed value. It lives as long as the files do: a change is a new format number,
//! and the old ones stay readable.
//!
//! ```text
//! offset  bytes  field
//! 0       1      format: 1
//! 1       4      number of the data key in this file, big endian
//! 5       12     nonce, random
//! 17      n      ciphertext (AES-256-GCM, NIST SP 800-38D)
//! 17+n    16     authentication tag
//! ```
//!
//! The associated data binds a value to its place, so that one that was moved, or put back from
//! before, does not open. It is these fields, each preceded by its length as 4 bytes big endian:
//!
//! | field | content |
//! | --- | --- |
//! | format | 1 byte, as above |
//! | tenant | the tenant's id in UTF-8; empty before an activation and without a server |
//! | table | name of the table |
//! | row | the row's id: an integer as 8 bytes big endian, a name in UTF-8, or a keyed hash |
//! | generation | 4 bytes, the file's generation, and 8 bytes, the row's revision, big endian |
//!
//! The version of the schema is not part of it: a migration must not have to seal every row again.

/// The format written now.
pub const FORMAT: u8 = 1;
/// Bytes before the ciphertext.
pub(crate) const HEADER_BYTES: usize = 1 + 4 + NONCE_BYTES;
/// Bytes of a nonce.
pub(crate) const NONCE_BYTES: usize = 12;
/// Bytes of an authentication tag.
pub(crate) const TAG_BYTES: usize = 16;

/// Why a sealed value did not open.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SealedError {
    /// Too short to be a sealed value.
    #[error("a sealed value is cut short")]
    Short,
    /// A format this version does not know.
    #[error("a sealed value has the unknown format {0}")]
    Format(u8),
    /// Sealed with a key that this file does not have.
    #[error("a sealed value names the unknown data key {0}")]
    Key(u32),
    /// It was not sealed for this place with this key: moved from another row, table, file or
    /// tenant, older than its row, or changed. Authenticated encryption can't tell which.
    #[error("a sealed value was moved or damaged")]
    MovedOrDamaged,
}

/// Where a sealed value stands within its file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Name of the table.
    pub(crate) table: &'static str,
    /// The row.
    pub(crate) row: RowId<'a>,
    /// Grows each time the row is sealed anew.
    pub(crate) revision: u64,
}

/// A row's id.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RowId<'a> {
    /// A rowid.
    Number(i64),
    /// A name or a keyed hash.
    Bytes(&'a [u8]),
}

impl Place<'_> {
    /// The associated data for this place in the file `generation` of `tenant`.
    pub(crate) fn associated_data(&self, tenant: &[u8], generation: u32) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + tenant.len() + self.table.len());
        let mut field = |parts: [&[u8]; 2]| {
            let length = parts[0].len() + parts[1].len();
            out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(parts[0]);
            out.extend_from_slice(parts[1]);
        };
        field([&[FORMAT], &[]]);
        field([tenant, &[]]);
        field([self.table.as_bytes(), &[]]);
        match self.row {
            RowId::Number(id) => field([&id.to_be_bytes(), &[]]),
            RowId::Bytes(id) => field([id, &[]]),
        }
        field([&generation.to_be_bytes(), &self.revision.to_be_bytes()]);
        out
    }
}

/// Splits the header off: the number of the data key and the nonce.
pub(crate) fn read_header(sealed: &[u8]) -> Result<(u32, [u8; NONCE_BYTES]), SealedError> {
    let format = *sealed.first().ok_or(SealedError::Short)?;
    if format != FORMAT {
        return Err(SealedError::Format(format));
    }
    if sealed.len() < HEADER_BYTES + TAG_BYTES {
        return Err(SealedError::Short);
    }
    let mut number = [0; 4];
    number.copy_from_slice(&sealed[1..5]);
    let mut nonce = [0; NONCE_BYTES];
    nonce.copy_from_slice(&sealed[5..HEADER_BYTES]);
    Ok((u32::from_be_bytes(number), nonce))
}

/// Joins fields to one plaintext, each preceded by its length as 4 bytes big endian.
pub(crate) fn join(fields: &[&[u8]]) -> zeroize::Zeroizing<Vec<u8>> {
    let size = fields.iter().map(|field| field.len() + 4).sum();
    let mut out = zeroize::Zeroizing::new(Vec::with_capacity(size));
    for field in fields {
        out.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(field);
    }
    out
}

/// Takes apart what [`join`] made, if it has exactly `N` fields.
pub(crate) fn split<const N: usize>(mut joined: &[u8]) -> Option<[&[u8]; N]> {
    let mut fields = [&[][..]; N];
    for field in &mut fields {
        let (length, rest) = joined.split_first_chunk::<4>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if length > rest.len() {
            return None;
        }
        (*field, joined) = rest.split_at(length);
    }
    joined.is_empty().then_some(fields)
}
