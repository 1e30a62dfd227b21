//! The outbox: events on their way to the server, durable before they are acted on.
//!
//! Claims are stored unsigned and signed when sent. The order is that in which they came. The box is
//! bounded; when it is full, these go first, the oldest of each row before the next row:
//!
//! 1. quarantined events, which the server refused for good
//! 2. [`EventClass::Routine`]
//! 3. [`EventClass::State`]
//!
//! What went leaves one event of class [`EventClass::Dropped`] with their number. Receipts of commands
//! are never dropped, so the box can be larger than its bound by them.
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{AgentStore, Tx, read_meta, write_meta};
use crate::limits;
use crate::store::StoreError;
use crate::store::keys::{Hashed, Opener};
use crate::store::sealed::{Place, RowId, join, split};
use crate::time::WallMs;

/// How much an event matters when the box is full.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// A command was carried out. Never dropped.
    Receipt,
    /// A change of state: compliance, activation, configuration.
    State,
    /// Heartbeats, counts, checks.
    Routine,
    /// Events were dropped. Made by the store.
    Dropped,
}

impl EventClass {
    fn to_number(self) -> i64 {
        match self {
            EventClass::Receipt => 0,
            EventClass::State => 1,
            EventClass::Routine => 2,
            EventClass::Dropped => 3,
        }
    }

    fn from_number(number: i64) -> Result<Self, StoreError> {
        match number {
            0 => Ok(EventClass::Receipt),
            1 => Ok(EventClass::State),
            2 => Ok(EventClass::Routine),
            3 => Ok(EventClass::Dropped),
            _ => Err(StoreError::Corrupt),
        }
    }
}

/// States of a row.
const PENDING: i64 = 0;
const HELD: i64 = 1;
const QUARANTINED: i64 = 2;

/// An event to be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claims {
    /// How much it matters.
    pub class: EventClass,
    /// Its id; the server counts it once by this.
    pub jti: String,
    /// The claims, complete, as JSON.
    pub bytes: Vec<u8>,
}

/// The name of an event in the box, growing in the order they came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OutboxId(pub i64);

/// What an event says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventBody {
    /// Claims to sign and send.
    Claims(Vec<u8>),
    /// So many events were dropped. Before it is sent, its claims are made and stored by
    /// [`Tx::outbox_fix`], because one `jti` must never carry two different contents.
    Dropped(u64),
}

/// An event in the box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutboxItem {
    /// Its name here.
    pub id: OutboxId,
    /// How much it matters.
    pub class: EventClass,
    /// Its id for the server.
    pub jti: String,
    /// What it says.
    pub body: EventBody,
}

/// What became of an event that was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// The server has it. It moves to the sent reports.
    Sent {
        /// When.
        at: WallMs,
    },
    /// The server does not accept this phone at the moment (401, 403). Nothing is sent before
    /// [`Tx::outbox_release`].
    Held,
    /// The server refuses this event for good. Kept aside and counted.
    Quarantined,
}

/// How many events are where.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OutboxCounts {
    /// Waiting to be sent.
    pub pending: u64,
    /// Waiting until the server accepts this phone again.
    pub held: u64,
    /// Refused for good.
    pub quarantined: u64,
    /// Dropped for want of room since the file was made.
    pub dropped: u64,
}

/// A report that the server has, word for word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SentReport {
    /// How much it mattered.
    pub class: EventClass,
    /// Its id.
    pub jti: String,
    /// When it was sent.
    pub at: WallMs,
    /// The claims.
    pub claims: Vec<u8>,
}

fn place(id: i64, revision: i64) -> Place<'static> {
    Place { table: "outbox", row: RowId::Number(id), revision: revision.cast_unsigned() }
}

fn sent_place(id: i64) -> Place<'static> {
    Place { table: "sent", row: RowId::Number(id), revision: 0 }
}

/// The body's form in a sealed value: a byte for the kind, then claims or the count, big endian.
fn encode_body(body: &EventBody) -> zeroize::Zeroizing<Vec<u8>> {
    match body {
        EventBody::Claims(bytes) => join(&[b"c", bytes]),
        EventBody::Dropped(count) => join(&[b"d", &count.to_be_bytes()]),
    }
}

fn decode_body(bytes: &[u8]) -> Option<EventBody> {
    match split(bytes)? {
        [b"c", claims] => Some(EventBody::Claims(claims.to_vec())),
        [b"d", count] => Some(EventBody::Dropped(u64::from_be_bytes(count.try_into().ok()?))),
        _ => None,
    }
}

struct Stored {
    id: i64,
    class: i64,
    state: i64,
    revision: i64,
    sealed: Vec<u8>,
}

const COLUMNS: &str = "SELECT id, class, state, revision, sealed FROM outbox";

impl Stored {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            class: row.get(1)?,
            state: row.get(2)?,
            revision: row.get(3)?,
            sealed: row.get(4)?,
        })
    }

    fn open(&self, opener: &Opener) -> Result<OutboxItem, StoreError> {
        let plaintext = opener.open(&place(self.id, self.revision), &self.sealed)?;
        let [jti, body] = split(&plaintext).ok_or(StoreError::Form)?;
        Ok(OutboxItem {
            id: OutboxId(self.id),
            class: EventClass::from_number(self.class)?,
            jti: String::from_utf8(jti.to_vec()).map_err(|_| StoreError::Form)?,
            body: decode_body(body).ok_or(StoreError::Form)?,
        })
    }
}

impl AgentStore {
    /// The event to send next: the oldest that is not quarantined. `None` also while that one is
    /// held, because the order is kept.
    pub fn outbox_next(&self) -> Result<Option<OutboxItem>, StoreError> {
        let opener = self.opener()?;
        let sql = format!("{COLUMNS} WHERE state <> {QUARANTINED} ORDER BY id LIMIT 1");
        let row = self.connection.prepare_cached(&sql)?.query_row([], Stored::read).optional()?;
        match row {
            Some(row) if row.state == PENDING => row.open(opener).map(Some),
            _ => Ok(None),
        }
    }

    /// How many events are where. Needs no key.
    pub fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        let mut counts = OutboxCounts {
            dropped: read_meta::<i64>(&self.connection, "dropped")?.unwrap_or(0).cast_unsigned(),
            ..OutboxCounts::default()
        };
        let mut query =
            self.connection.prepare_cached("SELECT state, count(*) FROM outbox GROUP BY state")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let count = row.get::<_, i64>(1)?.cast_unsigned();
            match row.get(0)? {
                PENDING => counts.pending = count,
                HELD => counts.held = count,
                QUARANTINED => counts.quarantined = count,
                _ => return Err(StoreError::Corrupt),
            }
        }
        Ok(counts)
    }

    /// The events in the box, oldest first, quarantined ones included.
    pub fn outbox(&self) -> Result<Vec<OutboxItem>, StoreError> {
        let opener = self.opener()?;
        let mut query = self.connection.prepare_cached(&format!("{COLUMNS} ORDER BY id"))?;
        let rows = query.query_map([], Stored::read)?;
        rows.map(|row| row?.open(opener)).collect()
    }

    /// The reports that were sent, oldest first, at most [`limits::SENT_HISTORY`].
    pub fn sent_reports(&self) -> Result<Vec<SentReport>, StoreError> {
        let opener = self.opener()?;
        let mut query =
            self.connection.prepare_cached("SELECT id, sealed FROM sent ORDER BY id")?;
        let mut rows = query.query([])?;
        let mut reports = Vec::new();
        while let Some(row) = rows.next()? {
            let sealed: Vec<u8> = row.get(1)?;
            let plaintext = opener.open(&sent_place(row.get(0)?), &sealed)?;
            reports.push(decode_report(&plaintext).ok_or(StoreError::Form)?);
        }
        Ok(reports)
    }
}

fn decode_report(plaintext: &[u8]) -> Option<SentReport> {
    let [class, at, jti, claims] = split(plaintext)?;
    Some(SentReport {
        class: EventClass::from_number(i64::from_be_bytes(class.try_into().ok()?)).ok()?,
        jti: String::from_utf8(jti.to_vec()).ok()?,
        at: WallMs(i64::from_be_bytes(at.try_into().ok()?)),
        claims: claims.to_vec(),
    })
}

impl Tx<'_> {
    /// Stores an event. The same one again is not stored twice.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] if another event has its `jti`; [`StoreError::TooMany`] if it alone
    /// is over the bound of the box.
    pub fn outbox_push(&mut self, claims: &Claims) -> Result<(), StoreError> {
        if claims.bytes.len() > limits::OUTBOX_BYTES {
            return Err(StoreError::TooMany { limit: "OUTBOX_BYTES" });
        }
        let hash = self.opener()?.hash(Hashed::Jti, &[b"event", claims.jti.as_bytes()]);
        let sql = format!("{COLUMNS} WHERE jti_hash = ?");
        let known =
            self.connection.prepare_cached(&sql)?.query_row([hash], Stored::read).optional()?;
        let body = EventBody::Claims(claims.bytes.clone());
        if let Some(known) = known {
            let same = known.open(&*self.opener()?)?.body == body;
            return if same { Ok(()) } else { Err(StoreError::Conflict) };
        }
        self.insert(claims.class, &claims.jti, &body)?;
        self.make_room()
    }

    /// Gives an event of class `Dropped` its claims, for good: what is dropped later leaves another.
    pub fn outbox_fix(&mut self, id: OutboxId, claims: &[u8]) -> Result<(), StoreError> {
        let row = self.row(id)?;
        let item = row.open(&*self.opener()?)?;
        match item.body {
            EventBody::Dropped(_) => {
                self.rewrite(&row, &item.jti, &EventBody::Claims(claims.to_vec()))
            }
            EventBody::Claims(fixed) if fixed == claims => Ok(()),
            EventBody::Claims(_) => Err(StoreError::Conflict),
        }
    }

    /// Says what became of an event. Nothing to say after a send that will be repeated: it is still
    /// pending.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if it is not in the box; [`StoreError::Form`] for a dropped-events
    /// event that was never fixed and so can't have been sent.
    pub fn outbox_mark(
        &mut self,
        id: OutboxId,
        disposition: Disposition,
    ) -> Result<(), StoreError> {
        let row = self.row(id)?;
        match disposition {
            Disposition::Held => self.set_state(id, HELD),
            Disposition::Quarantined => self.set_state(id, QUARANTINED),
            Disposition::Sent { at } => {
                let item = row.open(&*self.opener()?)?;
                let EventBody::Claims(claims) = item.body else { return Err(StoreError::Form) };
                let report = join(&[
                    &item.class.to_number().to_be_bytes(),
                    &at.0.to_be_bytes(),
                    item.jti.as_bytes(),
                    &claims,
                ]);
                let sent = self.next_id("sent")?;
                let sealed = self.seal(&sent_place(sent), &report)?;
                self.delete(row.id)?;
                self.connection
                    .prepare_cached("INSERT INTO sent (id, sealed) VALUES (?, ?)")?
                    .execute(params![sent, sealed])?;
                self.connection
                    .prepare_cached("DELETE FROM sent WHERE id <= ?")?
                    .execute([sent - limits::SENT_HISTORY as i64])?;
                Ok(())
            }
        }
    }

    /// The server accepts this phone again: held events are pending.
    pub fn outbox_release(&mut self) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("UPDATE outbox SET state = ? WHERE state = ?")?
            .execute([PENDING, HELD])?;
        Ok(())
    }

    fn row(&self, id: OutboxId) -> Result<Stored, StoreError> {
        let sql = format!("{COLUMNS} WHERE id = ?");
        let row =
            self.connection.prepare_cached(&sql)?.query_row([id.0], Stored::read).optional()?;
        row.ok_or(StoreError::Missing)
    }

    fn set_state(&mut self, id: OutboxId, state: i64) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("UPDATE outbox SET state = ?1 WHERE id = ?2 AND state <> ?1")?
            .execute([state, id.0])?;
        Ok(())
    }

    fn delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM outbox WHERE id = ?")?.execute([id])?;
        Ok(())
    }

    fn insert(&mut self, class: EventClass, jti: &str, body: &EventBody) -> Result<(), StoreError> {
        let id = self.next_id("outbox")?;
        let hash = self.opener()?.hash(Hashed::Jti, &[b"event", jti.as_bytes()]);
        let plaintext = join(&[jti.as_bytes(), &encode_body(body)]);
        let sealed = self.seal(&place(id, 0), &plaintext)?;
        self.connection
            .prepare_cached(
                "INSERT INTO outbox (id, class, state, size, jti_hash, revision, sealed)
                 VALUES (?, ?, ?, ?, ?, 0, ?)",
            )?
            .execute(params![
                id,
                class.to_number(),
                PENDING,
                plaintext.len() as i64,
                hash,
                sealed
            ])?;
        Ok(())
    }

    fn rewrite(&mut self, row: &Stored, jti: &str, body: &EventBody) -> Result<(), StoreError> {
        let revision = row.revision + 1;
        let plaintext = join(&[jti.as_bytes(), &encode_body(body)]);
        let sealed = self.seal(&place(row.id, revision), &plaintext)?;
        self.connection
            .prepare_cached("UPDATE outbox SET size = ?, revision = ?, sealed = ? WHERE id = ?")?
            .execute(params![plaintext.len() as i64, revision, sealed, row.id])?;
        Ok(())
    }

    /// Drops what the bound demands.
    fn make_room(&mut self) -> Result<(), StoreError> {
        let mut dropped = 0;
        // One place is kept for the event that says how many went.
        while self.is_over(limits::OUTBOX_EVENTS - 1)? {
            let victim: Option<i64> = self
                .connection
                .prepare_cached(&format!(
                    "SELECT id FROM outbox WHERE class IN (1, 2) OR (class = 3 AND state = {QUARANTINED})
                     ORDER BY state = {QUARANTINED} DESC, class = 2 DESC, id LIMIT 1"
                ))?
                .query_row([], |row| row.get(0))
                .optional()?;
            let Some(victim) = victim else { break };
            self.delete(victim)?;
            dropped += 1;
        }
        if dropped > 0 { self.count_dropped(dropped) } else { Ok(()) }
    }

    fn is_over(&self, events: usize) -> Result<bool, StoreError> {
        let (count, bytes): (i64, i64) = self
            .connection
            .prepare_cached("SELECT count(*), coalesce(sum(size), 0) FROM outbox")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(count > events as i64 || bytes > limits::OUTBOX_BYTES as i64)
    }

    /// Adds to the event that counts dropped ones, or makes it.
    fn count_dropped(&mut self, dropped: u64) -> Result<(), StoreError> {
        let total: i64 = read_meta(self.connection, "dropped")?.unwrap_or(0);
        write_meta(self.connection, "dropped", total + dropped.cast_signed())?;
        let sql = format!("{COLUMNS} WHERE class = 3 ORDER BY id DESC LIMIT 1");
        let last = self.connection.prepare_cached(&sql)?.query_row([], Stored::read).optional()?;
        if let Some(row) = last {
            let item = row.open(&*self.opener()?)?;
            if let EventBody::Dropped(count) = item.body {
                return self.rewrite(&row, &item.jti, &EventBody::Dropped(count + dropped));
            }
        }
        let jti: String = self.random::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
        self.insert(EventClass::Dropped, &jti, &EventBody::Dropped(dropped))
    }
}
