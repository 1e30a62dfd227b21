//! People and cards on SQLite.

use rusqlite::{Row, params};

use super::{Rows, limit};
use crate::ids::{PersonId, TenantId, UnixTime};
use crate::storage::{BookState, CardParts, CardRow, People, PersonRow, StoreError, Stored};

fn person(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        uid: row.get("uid")?,
        email: row.get("email")?,
        name: row.get("name")?,
        revoked_at: row.get("revoked_at")?,
        created_at: row.get("created_at")?,
    })
}

impl Rows<'_> {
    /// Takes the next place in a book's history.
    fn next_seq(&self, tenant: &TenantId) -> Stored<i64> {
        self.one(
            "UPDATE books SET seq = seq + 1 WHERE tenant = ? RETURNING seq",
            [tenant],
            |row| row.get(0),
        )?
        .ok_or(StoreError::Damaged("address book"))
    }
}

impl People for Rows<'_> {
    fn insert_person(&self, row: &PersonRow) -> Stored<PersonId> {
        self.run(
            "INSERT INTO people (tenant, uid, email, name, revoked_at, created_at)
             VALUES (?, ?, ?, ?, ?, ?)",
            params![row.tenant, row.uid, row.email, row.name, row.revoked_at, row.created_at],
        )?;
        Ok(PersonId(self.conn.last_insert_rowid()))
    }

    fn update_person(&self, row: &PersonRow) -> Stored<()> {
        self.run(
            "UPDATE people SET uid = ?3, email = ?4, name = ?5, revoked_at = ?6
             WHERE tenant = ?1 AND id = ?2",
            params![row.tenant, row.id, row.uid, row.email, row.name, row.revoked_at],
        )?;
        Ok(())
    }

    fn delete_person(&self, tenant: &TenantId, id: PersonId) -> Stored<()> {
        self.run("DELETE FROM people WHERE tenant = ? AND id = ?", params![tenant, id])?;
        self.run("DELETE FROM settings WHERE tenant = ? AND person = ?", params![tenant, id])?;
        Ok(())
    }

    fn person(&self, tenant: &TenantId, id: PersonId) -> Stored<Option<PersonRow>> {
        self.one("SELECT * FROM people WHERE id = ?2 AND tenant = ?1", params![tenant, id], person)
    }

    fn person_by_email(&self, tenant: &TenantId, email: &str) -> Stored<Option<PersonRow>> {
        self.one(
            "SELECT * FROM people WHERE email = ?2 AND tenant = ?1",
            params![tenant, email],
            person,
        )
    }

    fn person_by_uid(&self, tenant: &TenantId, uid: &str) -> Stored<Option<PersonRow>> {
        self.one("SELECT * FROM people WHERE tenant = ? AND uid = ?", params![tenant, uid], person)
    }

    fn people_by_email(&self, email: &str) -> Stored<Vec<PersonRow>> {
        self.all("SELECT * FROM people WHERE email = ? ORDER BY tenant LIMIT 20", [email], person)
    }

    fn people(&self, tenant: &TenantId, after: PersonId, rows: usize) -> Stored<Vec<PersonRow>> {
        self.all(
            "SELECT * FROM people WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
            params![tenant, after, limit(rows)],
            person,
        )
    }

    fn count_people(&self, tenant: &TenantId) -> Stored<i64> {
        self.count("SELECT COUNT(*) FROM people WHERE tenant = ?", [tenant])
    }

    fn count_revoked_since(&self, tenant: &TenantId, since: UnixTime) -> Stored<i64> {
        self.count(
            "SELECT COUNT(*) FROM people WHERE tenant = ? AND revoked_at >= ?",
            params![tenant, since],
        )
    }

    fn book(&self, tenant: &TenantId) -> Stored<BookState> {
        self.one("SELECT * FROM books WHERE tenant = ?", [tenant], |row| {
            Ok(BookState {
                generation: row.get("generation")?,
                seq: row.get("seq")?,
                floor: row.get("floor")?,
            })
        })?
        .ok_or(StoreError::Damaged("address book"))
    }

    fn renew_book(&self, tenant: &TenantId, generation: &str) -> Stored<()> {
        self.run(
            "INSERT INTO books (tenant, generation, seq, floor) VALUES (?1, ?2, 0, 0)
             ON CONFLICT (tenant) DO UPDATE SET generation = ?2",
            params![tenant, generation],
        )?;
        Ok(())
    }

    fn put_card(&self, tenant: &TenantId, name: &str, etag: &str, body: &str) -> Stored<()> {
        let same = self.one(
            "SELECT 1 FROM cards WHERE tenant = ? AND name = ? AND etag = ? AND deleted_at IS NULL",
            params![tenant, name, etag],
            |_| Ok(()),
        )?;
        if same.is_some() {
            return Ok(());
        }
        let seq = self.next_seq(tenant)?;
        self.run(
            "INSERT INTO cards (tenant, name, seq, deleted_at, etag, body) VALUES (?1, ?2, ?3, NULL, ?4, ?5)
             ON CONFLICT (tenant, name) DO UPDATE SET seq = ?3, deleted_at = NULL, etag = ?4, body = ?5",
            params![tenant, name, seq, etag, body],
        )?;
        Ok(())
    }

    fn delete_card(&self, tenant: &TenantId, name: &str, now: UnixTime) -> Stored<bool> {
        let living = self.one(
            "SELECT id FROM cards WHERE tenant = ? AND name = ? AND deleted_at IS NULL",
            params![tenant, name],
            |row| row.get::<_, i64>(0),
        )?;
        let Some(id) = living else { return Ok(false) };
        let seq = self.next_seq(tenant)?;
        self.run(
            "UPDATE cards SET seq = ?, deleted_at = ?, etag = '', body = NULL WHERE id = ?",
            params![seq, now, id],
        )?;
        Ok(true)
    }

    fn card(&self, tenant: &TenantId, name: &str) -> Stored<Option<CardRow>> {
        self.one(
            "SELECT name, etag, seq, body FROM cards
             WHERE tenant = ? AND name = ? AND deleted_at IS NULL",
            params![tenant, name],
            |row| {
                Ok(CardRow {
                    name: row.get(0)?,
                    etag: row.get(1)?,
                    seq: row.get(2)?,
                    body: row.get(3)?,
                    deleted: false,
                })
            },
        )
    }

    fn count_cards(&self, tenant: &TenantId) -> Stored<i64> {
        self.count("SELECT COUNT(*) FROM cards WHERE tenant = ? AND deleted_at IS NULL", [tenant])
    }

    fn cards_after(
        &self,
        tenant: &TenantId,
        seq: i64,
        rows: usize,
        parts: CardParts,
    ) -> Stored<Vec<CardRow>> {
        let sql = match parts {
            CardParts::Listing => {
                "SELECT name, etag, seq, deleted_at, NULL FROM cards
                 WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?"
            }
            CardParts::Whole => {
                "SELECT name, etag, seq, deleted_at, body FROM cards
                 WHERE tenant = ? AND seq > ? ORDER BY seq LIMIT ?"
            }
        };
        self.all(sql, params![tenant, seq, limit(rows)], |row| {
            Ok(CardRow {
                name: row.get(0)?,
                etag: row.get(1)?,
                seq: row.get(2)?,
                deleted: row.get::<_, Option<i64>>(3)?.is_some(),
                body: row.get(4)?,
            })
        })
    }

    fn forget_deletions(&self, before: UnixTime) -> Stored<()> {
        let forgotten = self.all(
            "SELECT tenant, MAX(seq) FROM cards WHERE deleted_at < ? GROUP BY tenant",
            [before],
            |row| Ok((row.get::<_, TenantId>(0)?, row.get::<_, i64>(1)?)),
        )?;
        for (tenant, floor) in forgotten {
            self.run(
                "UPDATE books SET floor = MAX(floor, ?2) WHERE tenant = ?1",
                params![tenant, floor],
            )?;
        }
        self.run("DELETE FROM cards WHERE deleted_at < ?", [before])?;
        Ok(())
    }
}
