//! What lets a phone in.

use super::devices::device;
use super::*;

pub(super) fn licences(store: &dyn Storage) {
    let row = |username: &str| LicenceRow {
        id: LicenceId(0),
        tenant: acme(),
        username: username.into(),
        password_hash: "hash".into(),
        seats: Some(2),
        person: Some(PersonId(3)),
        revoked_at: None,
        created_at: NOW,
    };
    write(store, |tx| {
        let id = tx.insert_licence(&row("u"))?.ok_or(StoreError::Damaged("licence"))?;
        assert_eq!(tx.insert_licence(&row("u"))?, None, "the name is taken");
        assert_eq!(tx.licence_by_username("u")?, Some(LicenceRow { id, ..row("u") }));
        assert_eq!(tx.licence_by_username("U")?, None);
        assert_eq!(tx.licences(&acme())?.len(), 1);
        let seated = |name: &str, state, created_at| DeviceRow {
            licence: Some(id),
            state,
            created_at,
            ..device(name)
        };
        use DeviceState as S;
        tx.put_device(&seated("1", S::Active, UnixTime(0)))?;
        tx.put_device(&seated("2", S::Pending, NOW))?;
        tx.put_device(&seated("3", S::Pending, NOW.plus(-1)))?;
        for (name, state) in
            [("4", S::Replaced), ("5", S::Erased), ("6", S::SignedOut), ("7", S::Revoked)]
        {
            tx.put_device(&seated(name, state, NOW))?;
        }
        assert_eq!(tx.seats_taken(id, NOW)?, 2);
        assert_eq!(tx.seats_taken(id, NOW.plus(-1))?, 3);
        assert!(tx.revoke_licence(&acme(), "u", NOW)?);
        assert!(!tx.revoke_licence(&acme(), "u", NOW)?);
        assert!(!tx.revoke_licence(&TenantId::from("zebra"), "u", NOW)?);
        assert_eq!(tx.licence_by_username("u")?.and_then(|row| row.revoked_at), Some(NOW));
        Ok(())
    });
}

pub(super) fn links(store: &dyn Storage) {
    let code = Digest::of(b"code");
    let row = LinkRow {
        code,
        tenant: acme(),
        person: None,
        created_at: NOW,
        expires_at: NOW.plus(60),
        used_at: None,
        used_by: None,
    };
    write(store, |tx| tx.insert_link(&row));
    assert_eq!(read(store, |tx| tx.link(code)), Some(row.clone()));
    assert_eq!(read(store, |tx| tx.links(&acme(), 10)), [row]);
    let winners = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|threads| {
        for number in 0..16 {
            let winners = &winners;
            threads.spawn(move || {
                let by = Thumbprint(number.to_string());
                if write(store, |tx| tx.use_link(code, &by, NOW)) {
                    winners.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                }
            });
        }
    });
    assert_eq!(winners.into_inner(), 1);
    assert_eq!(read(store, |tx| tx.link(code)).and_then(|row| row.used_at), Some(NOW));
}

pub(super) fn lists(store: &dyn Storage) {
    write(store, |tx| {
        let (one, two) = (PersonId(1), PersonId(2));
        tx.block(&acme(), BlockKind::Key, "k", one)?;
        tx.block(&acme(), BlockKind::Key, "k", one)?;
        tx.block(&acme(), BlockKind::Key, "k", two)?;
        assert!(tx.is_blocked(&acme(), BlockKind::Key, "k")?);
        assert!(!tx.is_blocked(&acme(), BlockKind::Email, "k")?);
        assert!(!tx.is_blocked(&TenantId::from("zebra"), BlockKind::Key, "k")?);
        tx.unblock(&acme(), one)?;
        assert!(tx.is_blocked(&acme(), BlockKind::Key, "k")?, "still blocked for the other");
        tx.unblock(&acme(), two)?;
        assert!(!tx.is_blocked(&acme(), BlockKind::Key, "k")?);
        tx.allow_device(&acme(), "2")?;
        tx.allow_device(&acme(), "1")?;
        tx.allow_device(&acme(), "1")?;
        assert_eq!(tx.allowed_devices(&acme())?, ["1", "2"]);
        assert!(tx.is_allowed(&acme(), "1")?);
        assert!(tx.disallow_device(&acme(), "1")?);
        assert!(!tx.disallow_device(&acme(), "1")?);
        assert!(!tx.is_allowed(&acme(), "1")?);
        Ok(())
    });
}

pub(super) fn grants(store: &dyn Storage) {
    let row = |code: &[u8]| GrantRow {
        id: GrantId(0),
        tenant: acme(),
        device: Thumbprint::from("d"),
        client_id: "muster".into(),
        code: Digest::of(code),
        code_challenge: "c".into(),
        code_expires_at: NOW.plus(60),
        code_used_at: None,
        refresh: None,
        revoked_at: None,
        created_at: NOW,
    };
    let (refresh, access) = (Digest::of(b"refresh"), Digest::of(b"access"));
    write(store, |tx| {
        let id = tx.insert_grant(&row(b"1"))?;
        assert_eq!(tx.grant_by_code(Digest::of(b"1"))?, Some(GrantRow { id, ..row(b"1") }));
        assert!(!tx.has_live_grant(&Thumbprint::from("d"))?);
        assert!(tx.use_code(Digest::of(b"1"), NOW)?);
        assert!(!tx.use_code(Digest::of(b"1"), NOW)?, "once");
        tx.set_refresh(id, refresh)?;
        assert!(tx.has_live_grant(&Thumbprint::from("d"))?);
        tx.insert_access(access, id, NOW.plus(600))?;
        let (grant, until) = tx.grant_by_access(access)?.ok_or(StoreError::Damaged("token"))?;
        assert_eq!((grant.id, grant.refresh, until), (id, Some(refresh), NOW.plus(600)));
        assert_eq!(tx.grant_by_refresh(refresh)?.map(|grant| grant.id), Some(id));
        tx.remove_access(access)?;
        assert_eq!(tx.grant_by_access(access)?, None);

        tx.insert_access(access, id, NOW.plus(600))?;
        let other = tx.insert_grant(&row(b"2"))?;
        tx.revoke_grants_of(&Thumbprint::from("d"), NOW)?;
        assert_eq!(tx.grant_by_access(access)?, None);
        assert!(!tx.use_code(Digest::of(b"2"), NOW)?, "a voided code can't be redeemed");
        assert!(!tx.has_live_grant(&Thumbprint::from("d"))?);

        let third = tx.insert_grant(&row(b"3"))?;
        tx.insert_access(access, third, NOW.plus(600))?;
        tx.revoke_grant(third, NOW)?;
        assert_eq!(tx.grant_by_access(access)?, None);
        assert_ne!(other, third);

        tx.forget_grants(NOW.plus(1))?;
        assert_eq!(tx.grant_by_refresh(refresh)?, None);
        Ok(())
    });
}
