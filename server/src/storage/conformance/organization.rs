//! Organisations, their admins and what waits for a second one.

use super::*;

pub(super) fn tenant_row(id: &str) -> TenantRow {
    TenantRow {
        id: TenantId::from(id),
        profile: TenantProfile {
            name: "Müller & Söhne".into(),
            support: serde_json::Map::new(),
            customer_ids: serde_json::Map::new(),
            update: serde_json::Map::new(),
            next_check_s: 900,
            offline_grace_s: 86_400,
            listed_devices_only: false,
        },
        passcode_hash: None,
        organization_code: None,
        created_at: NOW,
    }
}

pub(super) fn tenants(store: &dyn Storage) {
    let mut row = tenant_row("acme");
    assert!(write(store, |tx| tx.insert_tenant(&row)));
    assert!(!write(store, |tx| tx.insert_tenant(&row)), "the id is taken");
    assert!(write(store, |tx| tx.insert_tenant(&tenant_row("zebra"))));
    row.profile.next_check_s = 1_000;
    row.passcode_hash = Some("hash".into());
    row.organization_code = Some(Digest::of(b"code"));
    write(store, |tx| tx.update_tenant(&row));
    read(store, |tx| {
        assert_eq!(tx.tenant(&acme())?.as_ref(), Some(&row));
        assert_eq!(tx.tenant(&TenantId::from("other"))?, None);
        assert_eq!(tx.tenants()?.len(), 2);
        assert_eq!(tx.tenant_by_organization_code(Digest::of(b"code"))?.as_ref(), Some(&row));
        assert_eq!(tx.tenant_by_organization_code(Digest::of(b"x"))?, None);
        Ok(())
    });
    let key = |name: &str, at| KeyRow {
        tenant: acme(),
        thumbprint: Thumbprint::from(name),
        pkcs8: vec![0, 1, 255],
        created_at: at,
    };
    write(store, |tx| tx.insert_key(&key("old", NOW)));
    write(store, |tx| tx.insert_key(&key("new", NOW.plus(1))));
    let keys = read(store, |tx| tx.keys(&acme()));
    assert_eq!(keys, [key("new", NOW.plus(1)), key("old", NOW)], "the newest first");

    write(store, |tx| {
        let one = Some(PersonId(7));
        tx.put_setting(&acme(), None, "b", &json!([1, "x"]))?;
        tx.put_setting(&acme(), None, "a", &json!(true))?;
        tx.put_setting(&acme(), None, "a", &json!(null))?;
        tx.put_setting(&acme(), one, "a", &json!("mine"))?;
        assert_eq!(json!(tx.settings(&acme(), None)?), json!({"a": null, "b": [1, "x"]}));
        assert_eq!(json!(tx.settings(&acme(), one)?), json!({"a": "mine"}));
        assert!(tx.remove_setting(&acme(), one, "a")?);
        assert!(!tx.remove_setting(&acme(), one, "a")?);
        assert_eq!(json!(tx.settings(&acme(), one)?), json!({}));
        assert_eq!(tx.settings(&acme(), None)?.len(), 2);
        tx.put_rule(&acme(), "2", &json!({"id": "2"}))?;
        tx.put_rule(&acme(), "1", &json!({"id": "0"}))?;
        tx.put_rule(&acme(), "1", &json!({"id": "1"}))?;
        assert_eq!(tx.rules(&acme())?, [json!({"id": "1"}), json!({"id": "2"})]);
        assert!(tx.remove_rule(&acme(), "1")?);
        assert!(!tx.remove_rule(&acme(), "1")?);
        Ok(())
    });
}

pub(super) fn desk(store: &dyn Storage) {
    let admin = |name: &str| AdminRow {
        name: name.into(),
        token: Digest::of(name.as_bytes()),
        created_at: NOW,
    };
    write(store, |tx| {
        assert!(tx.insert_admin(&admin("b"))?);
        assert!(tx.insert_admin(&admin("a"))?);
        assert!(!tx.insert_admin(&admin("a"))?);
        assert_eq!(tx.admins()?, [admin("a"), admin("b")]);
        assert_eq!(tx.admin_by_token(Digest::of(b"a"))?, Some(admin("a")));
        assert!(tx.remove_admin("a")?);
        assert!(!tx.remove_admin("a")?);
        assert_eq!(tx.admin_by_token(Digest::of(b"a"))?, None);
        let row = PendingRow {
            id: "1".into(),
            tenant: acme(),
            call: json!({"x": 1}),
            asked_by: "b".into(),
            asked_at: NOW,
            approved_by: None,
        };
        tx.insert_pending(&row)?;
        assert_eq!(tx.pending()?, [row]);
        assert!(tx.approve_pending("1", "a")?);
        assert!(!tx.approve_pending("1", "a")?, "once");
        assert!(tx.pending()?.is_empty());
        assert_eq!(tx.pending_by_id("1")?.and_then(|row| row.approved_by).as_deref(), Some("a"));
        Ok(())
    });
}
