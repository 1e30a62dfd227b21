//! Licences, links, lists, codes and tokens on SQLite.

use rusqlite::{Row, params};

use super::{Rows, limit};
use crate::ids::{Digest, GrantId, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};
use crate::storage::{BlockKind, Evidence, GrantRow, Grants, LicenceRow, LinkRow, Stored};

fn licence(row: &Row<'_>) -> rusqlite::Result<LicenceRow> {
    Ok(LicenceRow {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        username: row.get("username")?,
        password_hash: row.get("password_hash")?,
        seats: row.get("seats")?,
        person: row.get("person")?,
        revoked_at: row.get("revoked_at")?,
        created_at: row.get("created_at")?,
    })
}

fn link(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
    Ok(LinkRow {
        code: row.get("code")?,
        tenant: row.get("tenant")?,
        person: row.get("person")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get("used_at")?,
        used_by: row.get("used_by")?,
    })
}

impl Evidence for Rows<'_> {
    fn insert_licence(&self, row: &LicenceRow) -> Stored<Option<LicenceId>> {
        let added = self.run(
            "INSERT INTO licences (tenant, username, password_hash, seats, person, revoked_at, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            params![
                row.tenant,
                row.username,
                row.password_hash,
                row.seats,
                row.person,
                row.revoked_at,
                row.created_at
            ],
        )?;
        Ok((added == 1).then(|| LicenceId(self.conn.last_insert_rowid())))
    }

    fn licence_by_username(&self, username: &str) -> Stored<Option<LicenceRow>> {
        self.one("SELECT * FROM licences WHERE username = ?", [username], licence)
    }

    fn licences(&self, tenant: &TenantId) -> Stored<Vec<LicenceRow>> {
        self.all("SELECT * FROM licences WHERE tenant = ? ORDER BY username", [tenant], licence)
    }

    fn revoke_licence(&self, tenant: &TenantId, username: &str, now: UnixTime) -> Stored<bool> {
        let revoked = self.run(
            "UPDATE licences SET revoked_at = ?3
             WHERE tenant = ?1 AND username = ?2 AND revoked_at IS NULL",
            params![tenant, username, now],
        )?;
        Ok(revoked == 1)
    }

    fn seats_taken(&self, licence: LicenceId, pending_since: UnixTime) -> Stored<i64> {
        self.count(
            "SELECT (SELECT COUNT(*) FROM devices WHERE licence = ?1 AND state = 'active')
             + (SELECT COUNT(*) FROM devices WHERE licence = ?1 AND state = 'pending' AND created_at >= ?2)",
            params![licence, pending_since],
        )
    }

    fn insert_link(&self, row: &LinkRow) -> Stored<()> {
        self.run(
            "INSERT INTO links (code, tenant, person, created_at, expires_at, used_at, used_by)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![
                row.code,
                row.tenant,
                row.person,
                row.created_at,
                row.expires_at,
                row.used_at,
                row.used_by
            ],
        )?;
        Ok(())
    }

    fn link(&self, code: Digest) -> Stored<Option<LinkRow>> {
        self.one("SELECT * FROM links WHERE code = ?", [code], link)
    }

    fn links(&self, tenant: &TenantId, rows: usize) -> Stored<Vec<LinkRow>> {
        self.all(
            "SELECT * FROM links WHERE tenant = ? ORDER BY created_at DESC LIMIT ?",
            params![tenant, limit(rows)],
            link,
        )
    }

    fn use_link(&self, code: Digest, by: &Thumbprint, now: UnixTime) -> Stored<bool> {
        let used = self.run(
            "UPDATE links SET used_at = ?3, used_by = ?2 WHERE code = ?1 AND used_at IS NULL",
            params![code, by, now],
        )?;
        Ok(used == 1)
    }

    fn block(
        &self,
        tenant: &TenantId,
        kind: BlockKind,
        value: &str,
        person: PersonId,
    ) -> Stored<()> {
        self.run(
            "INSERT OR IGNORE INTO blocked (tenant, kind, value, person) VALUES (?, ?, ?, ?)",
            params![tenant, kind.as_str(), value, person],
        )?;
        Ok(())
    }

    fn is_blocked(&self, tenant: &TenantId, kind: BlockKind, value: &str) -> Stored<bool> {
        let found = self.one(
            "SELECT 1 FROM blocked WHERE tenant = ? AND kind = ? AND value = ?",
            params![tenant, kind.as_str(), value],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn unblock(&self, tenant: &TenantId, person: PersonId) -> Stored<()> {
        self.run("DELETE FROM blocked WHERE tenant = ? AND person = ?", params![tenant, person])?;
        Ok(())
    }

    fn allow_device(&self, tenant: &TenantId, device_id: &str) -> Stored<()> {
        self.run(
            "INSERT OR IGNORE INTO allowed_devices (tenant, device_id) VALUES (?, ?)",
            params![tenant, device_id],
        )?;
        Ok(())
    }

    fn disallow_device(&self, tenant: &TenantId, device_id: &str) -> Stored<bool> {
        let removed = self.run(
            "DELETE FROM allowed_devices WHERE tenant = ? AND device_id = ?",
            params![tenant, device_id],
        )?;
        Ok(removed == 1)
    }

    fn is_allowed(&self, tenant: &TenantId, device_id: &str) -> Stored<bool> {
        let found = self.one(
            "SELECT 1 FROM allowed_devices WHERE tenant = ? AND device_id = ?",
            params![tenant, device_id],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn allowed_devices(&self, tenant: &TenantId) -> Stored<Vec<String>> {
        self.all(
            "SELECT device_id FROM allowed_devices WHERE tenant = ? ORDER BY device_id",
            [tenant],
            |row| row.get(0),
        )
    }
}

fn grant(row: &Row<'_>) -> rusqlite::Result<GrantRow> {
    Ok(GrantRow {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        device: row.get("device")?,
        client_id: row.get("client_id")?,
        code: row.get("code")?,
        code_challenge: row.get("code_challenge")?,
        code_expires_at: row.get("code_expires_at")?,
        code_used_at: row.get("code_used_at")?,
        refresh: row.get("refresh")?,
        revoked_at: row.get("revoked_at")?,
        created_at: row.get("created_at")?,
    })
}

impl Grants for Rows<'_> {
    fn insert_grant(&self, row: &GrantRow) -> Stored<GrantId> {
        self.run(
            "INSERT INTO grants (tenant, device, client_id, code, code_challenge, code_expires_at,
               code_used_at, refresh, revoked_at, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                row.tenant,
                row.device,
                row.client_id,
                row.code,
                row.code_challenge,
                row.code_expires_at,
                row.code_used_at,
                row.refresh,
                row.revoked_at,
                row.created_at
            ],
        )?;
        Ok(GrantId(self.conn.last_insert_rowid()))
    }

    fn grant_by_code(&self, code: Digest) -> Stored<Option<GrantRow>> {
        self.one("SELECT * FROM grants WHERE code = ?", [code], grant)
    }

    fn use_code(&self, code: Digest, now: UnixTime) -> Stored<bool> {
        let used = self.run(
            "UPDATE grants SET code_used_at = ?2
             WHERE code = ?1 AND code_used_at IS NULL AND revoked_at IS NULL",
            params![code, now],
        )?;
        Ok(used == 1)
    }

    fn set_refresh(&self, grant: GrantId, refresh: Digest) -> Stored<()> {
        self.run("UPDATE grants SET refresh = ?2 WHERE id = ?1", params![grant, refresh])?;
        Ok(())
    }

    fn grant_by_refresh(&self, refresh: Digest) -> Stored<Option<GrantRow>> {
        self.one("SELECT * FROM grants WHERE refresh = ?", [refresh], grant)
    }

    fn insert_access(&self, token: Digest, grant: GrantId, expires_at: UnixTime) -> Stored<()> {
        self.run(
            "INSERT INTO access_tokens (token, grant_id, expires_at) VALUES (?, ?, ?)",
            params![token, grant, expires_at],
        )?;
        Ok(())
    }

    fn grant_by_access(&self, token: Digest) -> Stored<Option<(GrantRow, UnixTime)>> {
        self.one(
            "SELECT g.*, a.expires_at AS access_expires_at
             FROM access_tokens a JOIN grants g ON g.id = a.grant_id WHERE a.token = ?",
            [token],
            |row| Ok((grant(row)?, row.get("access_expires_at")?)),
        )
    }

    fn remove_access(&self, token: Digest) -> Stored<()> {
        self.run("DELETE FROM access_tokens WHERE token = ?", [token])?;
        Ok(())
    }

    fn revoke_grant(&self, grant: GrantId, now: UnixTime) -> Stored<()> {
        self.run("DELETE FROM access_tokens WHERE grant_id = ?", [grant])?;
        self.run(
            "UPDATE grants SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
            params![grant, now],
        )?;
        Ok(())
    }

    fn revoke_grants_of(&self, device: &Thumbprint, now: UnixTime) -> Stored<()> {
        self.run(
            "DELETE FROM access_tokens WHERE grant_id IN (SELECT id FROM grants WHERE device = ?)",
            [device],
        )?;
        self.run(
            "UPDATE grants SET revoked_at = ?2 WHERE device = ?1 AND revoked_at IS NULL",
            params![device, now],
        )?;
        Ok(())
    }

    fn has_live_grant(&self, device: &Thumbprint) -> Stored<bool> {
        let found = self.one(
            "SELECT 1 FROM grants WHERE device = ? AND refresh IS NOT NULL AND revoked_at IS NULL",
            [device],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn forget_grants(&self, before: UnixTime) -> Stored<()> {
        self.run("DELETE FROM access_tokens WHERE expires_at < ?", [before])?;
        self.run("DELETE FROM grants WHERE refresh IS NULL AND code_expires_at < ?", [before])?;
        self.run("DELETE FROM grants WHERE revoked_at < ?", [before])?;
        Ok(())
    }
}
