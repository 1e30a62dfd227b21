-- A contacts file, version 1: one generation of a profile's contacts, complete in itself.
-- `sealed` columns have the form of store/sealed.rs; `…_hash` columns are keyed hashes.

-- `next_contact`: the id of the next new contact; ids are never used again.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY NOT NULL,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- As in the agent file. There is one row.
CREATE TABLE data_key (
  number   INTEGER PRIMARY KEY NOT NULL,
  wrapping INTEGER NOT NULL,
  wrapped  BLOB NOT NULL,
  probe    BLOB NOT NULL,
  seals    INTEGER NOT NULL
) STRICT;

-- Address books. Sealed: identity of the source, then the state that the sync keeps.
CREATE TABLE book (
  id          INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  source_hash BLOB NOT NULL UNIQUE,
  revision    INTEGER NOT NULL,
  sealed      BLOB NOT NULL
) STRICT;

-- Contacts. `seen` and `provisional` go with version 2.
-- `callers` are the contact's keys in the caller index, 8 bytes each, to be removed with it.
-- Sealed: 2 bytes length of the href, the href, the record.
CREATE TABLE contact (
  id           INTEGER PRIMARY KEY NOT NULL,
  book         INTEGER NOT NULL,
  href_hash    BLOB NOT NULL,
  etag_hash    BLOB NOT NULL,
  content_hash BLOB NOT NULL,
  seen         INTEGER NOT NULL,
  provisional  INTEGER NOT NULL,
  revision     INTEGER NOT NULL,
  callers      BLOB NOT NULL,
  sealed       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX contact_by_href ON contact (book, href_hash);
CREATE INDEX contact_by_seen ON contact (book, seen);

-- Members of a book that are no contacts here: left out by the filter, or cards that can't be read.
-- Known by hash, so that they are not fetched again and again. `reason` is the sync's own number.
CREATE TABLE passed_over (
  book      INTEGER NOT NULL,
  href_hash BLOB NOT NULL,
  etag_hash BLOB NOT NULL,
  reason    INTEGER NOT NULL,
  PRIMARY KEY (book, href_hash)
) STRICT, WITHOUT ROWID;

-- Photos, apart because they are loaded only when shown.
CREATE TABLE photo (
  contact  INTEGER PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;

-- Who calls: the first 8 bytes of the keyed hash of a number, as a signed integer.
CREATE TABLE caller (
  key_hash INTEGER NOT NULL,
  contact  INTEGER NOT NULL,
  PRIMARY KEY (key_hash, contact)
) STRICT, WITHOUT ROWID;
