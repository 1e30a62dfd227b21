//! Tenants and the desk on SQLite.

use rusqlite::{Row, params};
use serde_json::{Map, Value};

use super::{Json, Rows};
use crate::ids::{Digest, PersonId, TenantId};
use crate::storage::{AdminRow, Context, KeyRow, PendingRow, Stored, TenantRow, Tenants};

fn tenant(row: &Row<'_>) -> rusqlite::Result<TenantRow> {
    Ok(TenantRow {
        id: row.get("id")?,
        profile: row.get::<_, Json<_>>("profile")?.0,
        passcode_hash: row.get("passcode_hash")?,
        organization_code: row.get("organization_code")?,
        created_at: row.get("created_at")?,
    })
}

/// Person 0 stands for everybody.
fn whom(person: Option<PersonId>) -> PersonId {
    person.unwrap_or(PersonId(0))
}

impl Tenants for Rows<'_> {
    fn insert_tenant(&self, row: &TenantRow) -> Stored<bool> {
        let added = self.run(
            "INSERT INTO tenants (id, profile, passcode_hash, organization_code, created_at)
             VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            params![
                row.id,
                Json(&row.profile),
                row.passcode_hash,
                row.organization_code,
                row.created_at
            ],
        )?;
        Ok(added == 1)
    }

    fn update_tenant(&self, row: &TenantRow) -> Stored<()> {
        self.run(
            "UPDATE tenants SET profile = ?2, passcode_hash = ?3, organization_code = ?4 WHERE id = ?1",
            params![row.id, Json(&row.profile), row.passcode_hash, row.organization_code],
        )?;
        Ok(())
    }

    fn tenant(&self, id: &TenantId) -> Stored<Option<TenantRow>> {
        self.one("SELECT * FROM tenants WHERE id = ?", [id], tenant)
    }

    fn tenants(&self) -> Stored<Vec<TenantRow>> {
        self.all("SELECT * FROM tenants ORDER BY id", [], tenant)
    }

    fn tenant_by_organization_code(&self, code: Digest) -> Stored<Option<TenantRow>> {
        self.one("SELECT * FROM tenants WHERE organization_code = ?", [code], tenant)
    }

    fn insert_key(&self, row: &KeyRow) -> Stored<()> {
        self.run(
            "INSERT INTO keys (thumbprint, tenant, pkcs8, created_at) VALUES (?, ?, ?, ?)",
            params![row.thumbprint, row.tenant, row.pkcs8, row.created_at],
        )?;
        Ok(())
    }

    fn keys(&self, tenant: &TenantId) -> Stored<Vec<KeyRow>> {
        self.all(
            "SELECT * FROM keys WHERE tenant = ? ORDER BY created_at DESC, thumbprint",
            [tenant],
            |row| {
                Ok(KeyRow {
                    tenant: row.get("tenant")?,
                    thumbprint: row.get("thumbprint")?,
                    pkcs8: row.get("pkcs8")?,
                    created_at: row.get("created_at")?,
                })
            },
        )
    }

    fn put_setting(
        &self,
        tenant: &TenantId,
        person: Option<PersonId>,
        key: &str,
        value: &Value,
    ) -> Stored<()> {
        self.run(
            "INSERT OR REPLACE INTO settings (tenant, person, key, value) VALUES (?, ?, ?, ?)",
            params![tenant, whom(person), key, Json(value)],
        )?;
        Ok(())
    }

    fn remove_setting(
        &self,
        tenant: &TenantId,
        person: Option<PersonId>,
        key: &str,
    ) -> Stored<bool> {
        let removed = self.run(
            "DELETE FROM settings WHERE tenant = ? AND person = ? AND key = ?",
            params![tenant, whom(person), key],
        )?;
        Ok(removed == 1)
    }

    fn settings(&self, tenant: &TenantId, person: Option<PersonId>) -> Stored<Map<String, Value>> {
        let rows = self.all(
            "SELECT key, value FROM settings WHERE tenant = ? AND person = ?",
            params![tenant, whom(person)],
            |row| Ok((row.get::<_, String>(0)?, row.get::<_, Json<Value>>(1)?.0)),
        )?;
        Ok(rows.into_iter().collect())
    }

    fn put_rule(&self, tenant: &TenantId, id: &str, rule: &Value) -> Stored<()> {
        self.run(
            "INSERT OR REPLACE INTO rules (tenant, id, rule) VALUES (?, ?, ?)",
            params![tenant, id, Json(rule)],
        )?;
        Ok(())
    }

    fn remove_rule(&self, tenant: &TenantId, id: &str) -> Stored<bool> {
        Ok(self.run("DELETE FROM rules WHERE tenant = ? AND id = ?", params![tenant, id])? == 1)
    }

    fn rules(&self, tenant: &TenantId) -> Stored<Vec<Value>> {
        self.all("SELECT rule FROM rules WHERE tenant = ? ORDER BY id", [tenant], |row| {
            Ok(row.get::<_, Json<Value>>(0)?.0)
        })
    }

    fn meta(&self, key: &str) -> Stored<Option<String>> {
        self.one("SELECT value FROM meta WHERE key = ?", [key], |row| row.get(0))
    }

    fn set_meta(&self, key: &str, value: &str) -> Stored<()> {
        self.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [key, value])?;
        Ok(())
    }
}

fn admin(row: &Row<'_>) -> rusqlite::Result<AdminRow> {
    Ok(AdminRow {
        name: row.get("name")?,
        token: row.get("token")?,
        created_at: row.get("created_at")?,
    })
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<PendingRow> {
    Ok(PendingRow {
        id: row.get("id")?,
        tenant: row.get("tenant")?,
        call: row.get::<_, Json<Value>>("call")?.0,
        asked_by: row.get("asked_by")?,
        asked_at: row.get("asked_at")?,
        approved_by: row.get("approved_by")?,
    })
}

impl Context for Rows<'_> {
    fn insert_admin(&self, row: &AdminRow) -> Stored<bool> {
        let added = self.run(
            "INSERT INTO admins (name, token, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            params![row.name, row.token, row.created_at],
        )?;
        Ok(added == 1)
    }

    fn remove_admin(&self, name: &str) -> Stored<bool> {
        Ok(self.run("DELETE FROM admins WHERE name = ?", [name])? == 1)
    }

    fn admin_by_token(&self, token: Digest) -> Stored<Option<AdminRow>> {
        self.one("SELECT * FROM admins WHERE token = ?", [token], admin)
    }

    fn admins(&self) -> Stored<Vec<AdminRow>> {
        self.all("SELECT * FROM admins ORDER BY name", [], admin)
    }

    fn insert_pending(&self, row: &PendingRow) -> Stored<()> {
        self.run(
            "INSERT INTO pending (id, tenant, call, asked_by, asked_at, approved_by)
             VALUES (?, ?, ?, ?, ?, ?)",
            params![
                row.id,
                row.tenant,
                Json(&row.call),
                row.asked_by,
                row.asked_at,
                row.approved_by
            ],
        )?;
        Ok(())
    }

    fn pending(&self) -> Stored<Vec<PendingRow>> {
        self.all(
            "SELECT * FROM pending WHERE approved_by IS NULL ORDER BY asked_at, id",
            [],
            waiting,
        )
    }

    fn pending_by_id(&self, id: &str) -> Stored<Option<PendingRow>> {
        self.one("SELECT * FROM pending WHERE id = ?", [id], waiting)
    }

    fn approve_pending(&self, id: &str, by: &str) -> Stored<bool> {
        let approved = self.run(
            "UPDATE pending SET approved_by = ?2 WHERE id = ?1 AND approved_by IS NULL",
            [id, by],
        )?;
        Ok(approved == 1)
    }
}
