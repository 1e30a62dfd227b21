//! Numbered migrations. A released one is never edited: a change is a new number.

/// Each entry brings the file from the number of its index to the next.
pub(super) const MIGRATIONS: &[&str] = &[FIRST];

const FIRST: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE admins (name TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pending (
  id TEXT PRIMARY KEY, tenant TEXT NOT NULL, call TEXT NOT NULL, asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL, approved_by TEXT) WITHOUT ROWID;

CREATE TABLE tenants (
  id TEXT PRIMARY KEY, profile TEXT NOT NULL, passcode_hash TEXT, organization_code BLOB UNIQUE,
  created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE keys (
  thumbprint TEXT PRIMARY KEY, tenant TEXT NOT NULL, pkcs8 BLOB NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX keys_of_tenant ON keys (tenant, created_at);
-- person 0 = for all
CREATE TABLE settings (
  tenant TEXT NOT NULL, person INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (tenant, person, key)) WITHOUT ROWID;
CREATE TABLE rules (
  tenant TEXT NOT NULL, id TEXT NOT NULL, rule TEXT NOT NULL, PRIMARY KEY (tenant, id)) WITHOUT ROWID;

CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, uid TEXT NOT NULL, email TEXT,
  name TEXT NOT NULL, revoked_at INTEGER, created_at INTEGER NOT NULL);
CREATE UNIQUE INDEX people_by_uid ON people (tenant, uid);
CREATE UNIQUE INDEX people_by_email ON people (email, tenant) WHERE email IS NOT NULL;
CREATE INDEX people_of_tenant ON people (tenant, id);
CREATE INDEX people_revoked ON people (tenant, revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE books (
  tenant TEXT PRIMARY KEY, generation TEXT NOT NULL, seq INTEGER NOT NULL, floor INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE cards (
  id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL,
  deleted_at INTEGER, etag TEXT NOT NULL, body TEXT);
CREATE UNIQUE INDEX cards_by_name ON cards (tenant, name);
-- etag and deletion stand in the index: a listing never touches the (large) rows
CREATE INDEX cards_by_seq ON cards (tenant, seq, name, etag, deleted_at);
CREATE INDEX cards_deleted ON cards (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE licences (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, username TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL, seats INTEGER, person INTEGER, revoked_at INTEGER, created_at INTEGER NOT NULL);
CREATE INDEX licences_of_tenant ON licences (tenant, username);
CREATE TABLE links (
  code BLOB PRIMARY KEY, tenant TEXT NOT NULL, person INTEGER, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, used_at INTEGER, used_by TEXT) WITHOUT ROWID;
CREATE INDEX links_of_tenant ON links (tenant, created_at);
CREATE TABLE blocked (
  tenant TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, person INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, value, person)) WITHOUT ROWID;
CREATE INDEX blocked_by_person ON blocked (tenant, person);
CREATE TABLE allowed_devices (
  tenant TEXT NOT NULL, device_id TEXT NOT NULL, PRIMARY KEY (tenant, device_id)) WITHOUT ROWID;

CREATE TABLE devices (
  name TEXT PRIMARY KEY, tenant TEXT NOT NULL, key_x TEXT NOT NULL, key_y TEXT NOT NULL,
  person INTEGER, proven INTEGER NOT NULL, licence INTEGER, way TEXT NOT NULL, facts TEXT NOT NULL,
  state TEXT NOT NULL, locked INTEGER NOT NULL, created_at INTEGER NOT NULL, last_contact INTEGER NOT NULL,
  compliance TEXT, compliance_at INTEGER, erased_at INTEGER) WITHOUT ROWID;
CREATE INDEX devices_of_tenant ON devices (tenant, name);
CREATE INDEX devices_by_state ON devices (tenant, state);
CREATE INDEX devices_of_person ON devices (tenant, person) WHERE person IS NOT NULL;
CREATE INDEX devices_of_licence ON devices (licence, state, created_at) WHERE licence IS NOT NULL;
CREATE TABLE mdm_ids (
  tenant TEXT NOT NULL, mdm_id TEXT NOT NULL, device TEXT NOT NULL,
  PRIMARY KEY (tenant, mdm_id, device)) WITHOUT ROWID;
CREATE TABLE policies (
  device TEXT PRIMARY KEY, seq INTEGER NOT NULL, content BLOB NOT NULL, etag TEXT NOT NULL, jws TEXT NOT NULL,
  iat INTEGER NOT NULL, exp INTEGER NOT NULL);
CREATE TABLE commands (
  id INTEGER PRIMARY KEY AUTOINCREMENT, jti TEXT NOT NULL UNIQUE, tenant TEXT NOT NULL, device TEXT NOT NULL,
  kind TEXT NOT NULL, cause TEXT, message TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  acknowledged_at INTEGER, outcome TEXT);
CREATE INDEX commands_of_device ON commands (device, id);
CREATE INDEX commands_by_time ON commands (tenant, kind, created_at);

CREATE TABLE grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, device TEXT NOT NULL, client_id TEXT NOT NULL,
  code BLOB NOT NULL UNIQUE, code_challenge TEXT NOT NULL, code_expires_at INTEGER NOT NULL,
  code_used_at INTEGER, refresh BLOB UNIQUE, revoked_at INTEGER, created_at INTEGER NOT NULL);
CREATE INDEX grants_of_device ON grants (device);
CREATE INDEX grants_unused ON grants (code_expires_at) WHERE refresh IS NULL;
CREATE INDEX grants_revoked ON grants (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE TABLE access_tokens (token BLOB PRIMARY KEY, grant_id INTEGER NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX access_of_grant ON access_tokens (grant_id);
CREATE INDEX access_by_end ON access_tokens (expires_at);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, device TEXT NOT NULL, jti TEXT NOT NULL,
  digest BLOB NOT NULL, claims TEXT NOT NULL, received_at INTEGER NOT NULL);
CREATE UNIQUE INDEX events_by_jti ON events (device, jti);
CREATE INDEX events_of_tenant ON events (tenant, id);
CREATE INDEX events_of_device ON events (device, id);
CREATE INDEX events_by_time ON events (received_at);
";
