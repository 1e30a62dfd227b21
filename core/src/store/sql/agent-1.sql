-- The agent file, version 1. What stands in the open here names no person and no secret.
-- `sealed` columns have the form of store/sealed.rs; `…_hash` columns are keyed hashes.

-- Numbers and the tenant the values are sealed for.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY NOT NULL,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- Data keys of this file, wrapped by the vault. `probe` is an empty sealed value that shows whether an
-- unwrapped key is the right one. `seals` counts in advance.
CREATE TABLE data_key (
  number   INTEGER PRIMARY KEY NOT NULL,
  wrapping INTEGER NOT NULL,
  wrapped  BLOB NOT NULL,
  probe    BLOB NOT NULL,
  seals    INTEGER NOT NULL
) STRICT;

-- Named values: settings, tokens, policy, state of the modules.
CREATE TABLE value (
  name     TEXT PRIMARY KEY NOT NULL,
  revision INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;

-- Events to be sent, in order of id. class and state: see store/agent/outbox.rs.
CREATE TABLE outbox (
  id       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  class    INTEGER NOT NULL,
  state    INTEGER NOT NULL,
  size     INTEGER NOT NULL,
  jti_hash BLOB NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;

-- Reports that were sent, for the person to read; the oldest go.
CREATE TABLE sent (
  id     INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

-- Commands by their jti, so that each is carried out once.
CREATE TABLE command (
  id       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  jti_hash BLOB NOT NULL UNIQUE,
  done     INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;

-- Effects that must happen and have no outcome yet.
CREATE TABLE effect (
  id_hash BLOB PRIMARY KEY NOT NULL,
  place   INTEGER NOT NULL,
  kind    TEXT NOT NULL,
  version INTEGER NOT NULL,
  sealed  BLOB NOT NULL
) STRICT;
