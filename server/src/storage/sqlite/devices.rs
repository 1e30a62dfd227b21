//! Devices, policies, commands and events on SQLite.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{Row, params};

use super::{Json, Rows, limit};
use crate::crypto::jwk::EcJwk;
use crate::ids::{PersonId, TenantId, Thumbprint, UnixTime};
use crate::storage::{
    Arrival, CommandRow, DeviceRow, DeviceState, Devices, EventRow, PolicyRow, Reports, Stored,
    WayIn,
};

impl FromSql for DeviceState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for WayIn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str().map(Self::new)
    }
}

fn device(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        name: row.get("name")?,
        tenant: row.get("tenant")?,
        key: EcJwk { x: row.get("key_x")?, y: row.get("key_y")? },
        person: row.get("person")?,
        proven: row.get("proven")?,
        licence: row.get("licence")?,
        way: row.get("way")?,
        facts: row.get::<_, Json<_>>("facts")?.0,
        state: row.get("state")?,
        locked: row.get("locked")?,
        created_at: row.get("created_at")?,
        last_contact: row.get("last_contact")?,
        compliance: row.get("compliance")?,
        compliance_at: row.get("compliance_at")?,
        erased_at: row.get("erased_at")?,
    })
}

fn command(row: &Row<'_>) -> rusqlite::Result<CommandRow> {
    Ok(CommandRow {
        jti: row.get("jti")?,
        device: row.get("device")?,
        kind: row.get("kind")?,
        cause: row.get("cause")?,
        message: row.get("message")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        acknowledged_at: row.get("acknowledged_at")?,
        outcome: row.get("outcome")?,
    })
}

impl Devices for Rows<'_> {
    fn put_device(&self, row: &DeviceRow) -> Stored<()> {
        self.run(
            "INSERT OR REPLACE INTO devices (name, tenant, key_x, key_y, person, proven, licence, way, facts,
               state, locked, created_at, last_contact, compliance, compliance_at, erased_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                row.name,
                row.tenant,
                row.key.x,
                row.key.y,
                row.person,
                row.proven,
                row.licence,
                row.way.as_str(),
                Json(&row.facts),
                row.state.as_str(),
                row.locked,
                row.created_at,
                row.last_contact,
                row.compliance,
                row.compliance_at,
                row.erased_at
            ],
        )?;
        for id in row.facts.mdm_ids() {
            self.run(
                "INSERT OR IGNORE INTO mdm_ids (tenant, mdm_id, device) VALUES (?, ?, ?)",
                params![row.tenant, id, row.name],
            )?;
        }
        Ok(())
    }

    fn device(&self, name: &Thumbprint) -> Stored<Option<DeviceRow>> {
        self.one("SELECT * FROM devices WHERE name = ?", [name], device)
    }

    fn devices(&self, tenant: &TenantId, after: &str, rows: usize) -> Stored<Vec<DeviceRow>> {
        self.all(
            "SELECT * FROM devices WHERE tenant = ? AND name > ? ORDER BY name LIMIT ?",
            params![tenant, after, limit(rows)],
            device,
        )
    }

    fn devices_by_prefix(&self, tenant: &TenantId, prefix: &str) -> Stored<Vec<DeviceRow>> {
        // '~' sorts after every base64url character.
        self.all(
            "SELECT * FROM devices WHERE tenant = ? AND name >= ? AND name < ? ORDER BY name LIMIT 2",
            params![tenant, prefix, format!("{prefix}~")],
            device,
        )
    }

    fn devices_of(&self, tenant: &TenantId, person: PersonId) -> Stored<Vec<DeviceRow>> {
        self.all(
            "SELECT * FROM devices WHERE tenant = ? AND person = ? ORDER BY created_at, name",
            params![tenant, person],
            device,
        )
    }

    fn devices_by_mdm_id(&self, tenant: &TenantId, mdm_id: &str) -> Stored<Vec<DeviceRow>> {
        self.all(
            "SELECT d.* FROM mdm_ids m JOIN devices d ON d.name = m.device
             WHERE m.tenant = ? AND m.mdm_id = ? AND d.state IN ('pending', 'active') ORDER BY d.name",
            params![tenant, mdm_id],
            device,
        )
    }

    fn count_devices(&self, tenant: &TenantId) -> Stored<i64> {
        self.count(
            "SELECT COUNT(*) FROM devices WHERE tenant = ? AND state IN ('active', 'retiring')",
            [tenant],
        )
    }

    fn policy(&self, device: &Thumbprint) -> Stored<Option<PolicyRow>> {
        self.one("SELECT * FROM policies WHERE device = ?", [device], |row| {
            Ok(PolicyRow {
                seq: row.get("seq")?,
                content: row.get("content")?,
                etag: row.get("etag")?,
                jws: row.get("jws")?,
                iat: row.get("iat")?,
                exp: row.get("exp")?,
            })
        })
    }

    fn put_policy(&self, device: &Thumbprint, row: &PolicyRow) -> Stored<()> {
        self.run(
            "INSERT OR REPLACE INTO policies (device, seq, content, etag, jws, iat, exp)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
            params![device, row.seq, row.content, row.etag, row.jws, row.iat, row.exp],
        )?;
        Ok(())
    }

    fn insert_command(&self, tenant: &TenantId, row: &CommandRow) -> Stored<()> {
        self.run(
            "INSERT INTO commands (jti, tenant, device, kind, cause, message, created_at, expires_at,
               acknowledged_at, outcome)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                row.jti,
                tenant,
                row.device,
                row.kind,
                row.cause,
                row.message,
                row.created_at,
                row.expires_at,
                row.acknowledged_at,
                row.outcome
            ],
        )?;
        Ok(())
    }

    fn open_commands(&self, device: &Thumbprint, now: UnixTime) -> Stored<Vec<CommandRow>> {
        self.all(
            "SELECT * FROM commands WHERE device = ? AND acknowledged_at IS NULL AND expires_at > ?
             ORDER BY id",
            params![device, now],
            command,
        )
    }

    fn commands(&self, device: &Thumbprint) -> Stored<Vec<CommandRow>> {
        self.all("SELECT * FROM commands WHERE device = ? ORDER BY id", [device], command)
    }

    fn acknowledge(
        &self,
        device: &Thumbprint,
        jti: &str,
        outcome: &str,
        now: UnixTime,
    ) -> Stored<bool> {
        let marked = self.run(
            "UPDATE commands SET acknowledged_at = ?4, outcome = ?3
             WHERE jti = ?2 AND device = ?1 AND acknowledged_at IS NULL",
            params![device, jti, outcome, now],
        )?;
        Ok(marked == 1)
    }

    fn count_erasures_since(&self, tenant: &TenantId, since: UnixTime) -> Stored<i64> {
        self.count(
            "SELECT COUNT(*) FROM commands WHERE tenant = ? AND kind = 'erase' AND created_at >= ?",
            params![tenant, since],
        )
    }
}

fn event(row: &Row<'_>) -> rusqlite::Result<EventRow> {
    Ok(EventRow {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        device: row.get("device")?,
        jti: row.get("jti")?,
        digest: row.get("digest")?,
        claims: row.get::<_, Json<_>>("claims")?.0,
        received_at: row.get("received_at")?,
    })
}

impl Reports for Rows<'_> {
    fn insert_event(&self, row: &EventRow) -> Stored<Arrival> {
        let known = self.one(
            "SELECT digest FROM events WHERE device = ? AND jti = ?",
            params![row.device, row.jti],
            |found| found.get(0),
        )?;
        if let Some(digest) = known {
            return Ok(if row.digest == digest { Arrival::Repeated } else { Arrival::Conflict });
        }
        self.run(
            "INSERT INTO events (tenant, device, jti, digest, claims, received_at)
             VALUES (?, ?, ?, ?, ?, ?)",
            params![
                row.tenant,
                row.device,
                row.jti,
                row.digest,
                Json(&row.claims),
                row.received_at
            ],
        )?;
        Ok(Arrival::New)
    }

    fn events(
        &self,
        tenant: &TenantId,
        device: Option<&Thumbprint>,
        after: i64,
        rows: usize,
    ) -> Stored<Vec<EventRow>> {
        match device {
            None => self.all(
                "SELECT * FROM events WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
                params![tenant, after, limit(rows)],
                event,
            ),
            Some(device) => self.all(
                "SELECT * FROM events WHERE device = ?2 AND tenant = ?1 AND id > ?3 ORDER BY id LIMIT ?4",
                params![tenant, device, after, limit(rows)],
                event,
            ),
        }
    }

    fn forget_events(&self, before: UnixTime) -> Stored<()> {
        self.run("DELETE FROM events WHERE received_at < ?", [before])?;
        Ok(())
    }
}
