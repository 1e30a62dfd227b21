//! Members of a book that are no contacts here, and what else a listing is compared with.
use rusqlite::{OptionalExtension, params};

use super::{Batch, BookId, ContactId, ContactsStore, EtagHash, HrefHash};
use crate::store::StoreError;
use crate::store::keys::{Hashed, KeyedHash};

/// Why a member is no contact here: a number that means something to the sync alone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PassReason(pub u8);

impl ContactsStore {
    /// The ETag under which a member is known, contact or passed over.
    pub fn known_etag(
        &self,
        book: BookId,
        href: &HrefHash,
    ) -> Result<Option<EtagHash>, StoreError> {
        self.opener()?;
        let found = self
            .connection
            .prepare_cached(
                "SELECT etag_hash FROM contact WHERE book = ?1 AND href_hash = ?2
                 UNION ALL SELECT etag_hash FROM passed_over WHERE book = ?1 AND href_hash = ?2",
            )?
            .query_row(params![book.0, href.0], |row| row.get(0).map(EtagHash))
            .optional()?;
        Ok(found)
    }

    /// How many members of a book were passed over, by reason.
    pub fn passed_over(&self, book: BookId) -> Result<Vec<(PassReason, u64)>, StoreError> {
        let mut query = self.connection.prepare_cached(
            "SELECT reason, count(*) FROM passed_over WHERE book = ? GROUP BY reason ORDER BY reason",
        )?;
        let rows = query.query_map([book.0], |row| {
            Ok((PassReason(row.get(0)?), row.get::<_, i64>(1)?.cast_unsigned()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Batch<'_> {
    /// Notes that a member is no contact here; the contact it was before, if any, is removed and
    /// its id returned. One that is noted already is not written again.
    pub fn pass_over(
        &mut self,
        book: BookId,
        href: &str,
        etag: &str,
        reason: PassReason,
    ) -> Result<Option<ContactId>, StoreError> {
        let href = HrefHash(self.opener()?.hash(Hashed::Href, &[href.as_bytes()]));
        let etag = self.opener()?.hash(Hashed::Etag, &[etag.as_bytes()]);
        let removed = self.remove_contact(book, &href)?;
        self.connection()
            .prepare_cached(
                "INSERT INTO passed_over (book, href_hash, etag_hash, reason) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET etag_hash = ?3, reason = ?4
                 WHERE etag_hash IS NOT ?3 OR reason IS NOT ?4",
            )?
            .execute(params![book.0, href.0, etag, reason.0])?;
        Ok(removed)
    }

    /// Forgets the ETags of a book, so that everything in it counts as changed: what is made of a
    /// card has changed, or what is kept.
    pub fn forget_etags(&mut self, book: BookId) -> Result<(), StoreError> {
        for sql in [
            "UPDATE contact SET etag_hash = zeroblob(16) WHERE book = ?",
            "UPDATE passed_over SET etag_hash = zeroblob(16) WHERE book = ?",
        ] {
            self.connection().execute(sql, [book.0])?;
        }
        Ok(())
    }

    pub(super) fn forget_passed(
        &self,
        book: BookId,
        href_hash: &KeyedHash,
    ) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("DELETE FROM passed_over WHERE book = ? AND href_hash = ?")?
            .execute(params![book.0, href_hash])?;
        Ok(())
    }
}
