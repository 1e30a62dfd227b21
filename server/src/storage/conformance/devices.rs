//! Phones, what they are told and what they report.

use super::*;

pub(super) fn device(name: &str) -> DeviceRow {
    DeviceRow {
        name: Thumbprint::from(name),
        tenant: acme(),
        key: EcJwk { x: "x".into(), y: "y".into() },
        person: None,
        proven: false,
        licence: None,
        way: WayIn::new("licence"),
        facts: DeviceFacts::default(),
        state: DeviceState::Active,
        locked: false,
        created_at: NOW,
        last_contact: NOW,
        compliance: None,
        compliance_at: None,
        erased_at: None,
    }
}

pub(super) fn devices(store: &dyn Storage) {
    let with_ids = |name: &str, state| DeviceRow {
        person: Some(PersonId(1)),
        proven: true,
        state,
        facts: DeviceFacts {
            platform: "ios".into(),
            device_id: Some("MDM-1".into()),
            ..DeviceFacts::default()
        },
        compliance: Some("compliant".into()),
        compliance_at: Some(NOW),
        ..device(name)
    };
    write(store, |tx| {
        let row = with_ids("abcdef1", DeviceState::Active);
        tx.put_device(&row)?;
        tx.put_device(&row)?;
        tx.put_device(&with_ids("abcdef2", DeviceState::Replaced))?;
        tx.put_device(&device("-b"))?;
        assert_eq!(tx.device(&row.name)?, Some(row.clone()));
        assert_eq!(tx.device(&Thumbprint::from("x"))?, None);
        assert_eq!(tx.devices(&acme(), "", 10)?.len(), 3);
        assert_eq!(tx.devices(&acme(), "-b", 1)?, std::slice::from_ref(&row));
        assert_eq!(tx.devices_by_prefix(&acme(), "abcdef")?.len(), 2);
        assert_eq!(tx.devices_by_prefix(&acme(), "abcdef1")?, std::slice::from_ref(&row));
        assert_eq!(tx.devices_by_prefix(&TenantId::from("zebra"), "abcdef1")?, []);
        assert_eq!(tx.devices_of(&acme(), PersonId(1))?.len(), 2);
        assert_eq!(
            tx.devices_by_mdm_id(&acme(), "MDM-1")?,
            std::slice::from_ref(&row),
            "the living only"
        );
        assert_eq!(tx.count_devices(&acme())?, 2);
        let policy = PolicyRow {
            seq: 3,
            content: Digest::of(b"p"),
            etag: "\"3\"".into(),
            jws: "a.b.c".into(),
            iat: NOW,
            exp: NOW.plus(9),
        };
        assert_eq!(tx.policy(&row.name)?, None);
        tx.put_policy(&row.name, &policy)?;
        tx.put_policy(&row.name, &PolicyRow { seq: 4, ..policy.clone() })?;
        assert_eq!(tx.policy(&row.name)?, Some(PolicyRow { seq: 4, ..policy }));
        for (jti, kind, expires_at) in
            [("z", "lock", NOW.plus(10)), ("a", "erase", NOW.plus(20)), ("o", "sync", NOW)]
        {
            tx.insert_command(
                &acme(),
                &CommandRow {
                    jti: jti.into(),
                    device: row.name.clone(),
                    kind: kind.into(),
                    cause: None,
                    message: Some("m".into()),
                    created_at: NOW,
                    expires_at,
                    acknowledged_at: None,
                    outcome: None,
                },
            )?;
        }
        let open = |now| -> Stored<Vec<String>> {
            Ok(tx.open_commands(&row.name, now)?.into_iter().map(|row| row.jti).collect())
        };
        assert_eq!(open(NOW)?, ["z", "a"], "in the order given, without the expired");
        assert_eq!(open(NOW.plus(10))?, ["a"]);
        assert_eq!(tx.count_erasures_since(&acme(), NOW)?, 1);
        assert_eq!(tx.count_erasures_since(&acme(), NOW.plus(1))?, 0);
        assert!(!tx.acknowledge(&Thumbprint::from("-b"), "z", "done", NOW)?, "not its own");
        assert!(tx.acknowledge(&row.name, "z", "done", NOW)?);
        assert!(!tx.acknowledge(&row.name, "z", "failed", NOW)?, "once");
        assert_eq!(open(NOW)?, ["a"]);
        let all = tx.commands(&row.name)?;
        assert_eq!((all.len(), all[0].outcome.as_deref()), (3, Some("done")));
        Ok(())
    });
}

pub(super) fn events(store: &dyn Storage) {
    let row = |device: &str, jti: &str, claims: serde_json::Value| EventRow {
        id: 0,
        tenant: acme(),
        device: Thumbprint::from(device),
        jti: jti.into(),
        digest: Digest::of(claims.to_string().as_bytes()),
        claims,
        received_at: NOW,
    };
    write(store, |tx| {
        assert_eq!(tx.insert_event(&row("d", "1", json!({"a": 1})))?, Arrival::New);
        assert_eq!(tx.insert_event(&row("d", "1", json!({"a": 1})))?, Arrival::Repeated);
        assert_eq!(tx.insert_event(&row("d", "1", json!({"a": 2})))?, Arrival::Conflict);
        assert_eq!(tx.insert_event(&row("e", "1", json!({"a": 2})))?, Arrival::New);
        let all = tx.events(&acme(), None, 0, 10)?;
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].claims, json!({"a": 1}));
        assert_eq!(tx.events(&acme(), None, all[0].id, 10)?.len(), 1);
        assert_eq!(tx.events(&acme(), Some(&Thumbprint::from("d")), 0, 10)?, all[..1]);
        assert_eq!(tx.events(&TenantId::from("zebra"), None, 0, 10)?, []);
        tx.forget_events(NOW)?;
        assert_eq!(tx.events(&acme(), None, 0, 10)?.len(), 2);
        tx.forget_events(NOW.plus(1))?;
        assert_eq!(tx.events(&acme(), None, 0, 10)?.len(), 0);
        Ok(())
    });
}
