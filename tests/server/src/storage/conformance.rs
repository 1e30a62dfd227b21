//! What every storage back end has to do: run it on yours with an empty store a call.
//!
//! It panics at the first thing that is not as it should be, like the test it is.

use serde_json::json;

use super::*;
use crate::crypto::jwk::EcJwk;
use crate::ids::{Digest, GrantId, LicenceId, PersonId, TenantId, Thumbprint, UnixTime};

/// Makes an empty store.
pub type Make<'a> = &'a dyn Fn() -> Box<dyn Storage>;

/// A part of the suite.
type Part = fn(&dyn Storage);

/// Runs the whole suite.
///
/// # Panics
/// When the back end does not conform.
pub fn run(make: Make<'_>) {
    let parts: [(&str, Part); 13] = [
        ("an error undoes the whole transaction", errors_undo),
        ("readers can't write", readers_cannot_write),
        ("tenants, keys, settings, rules", tenants),
        ("admins and waiting actions", desk),
        ("people", people),
        ("the book's history", book),
        ("forgotten deletions raise the floor", deletions),
        ("licences and seats", licences),
        ("a link is used once, by one of many", links),
        ("lists", lists),
        ("codes and tokens", grants),
        ("devices and commands", devices),
        ("events are stored once", events),
    ];
    for (name, part) in parts {
        println!("conformance: {name}");
        part(&*make());
    }
}

const NOW: UnixTime = UnixTime(1_800_000_000);

fn acme() -> TenantId {
    TenantId::from("acme")
}

fn ok<T>(result: Stored<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the back end failed: {error}"),
    }
}

fn write<T>(store: &dyn Storage, work: impl FnOnce(&dyn Tx) -> Stored<T>) -> T {
    ok(store.write(work))
}

fn read<T>(store: &dyn Storage, work: impl FnOnce(&dyn Tx) -> Stored<T>) -> T {
    ok(store.read(work))
}

fn errors_undo(store: &dyn Storage) {
    let failed: Stored<()> = store.write(|tx| {
        tx.set_meta("a", "1")?;
        Err(StoreError::Damaged("plan"))
    });
    assert_eq!(failed, Err(StoreError::Damaged("plan")));
    assert_eq!(read(store, |tx| tx.meta("a")), None);
    write(store, |tx| tx.set_meta("a", "1"));
    write(store, |tx| tx.set_meta("a", "2"));
    assert_eq!(read(store, |tx| tx.meta("a")).as_deref(), Some("2"));
}

fn readers_cannot_write(store: &dyn Storage) {
    assert!(store.read(|tx| tx.set_meta("a", "1")).is_err());
    assert_eq!(read(store, |tx| tx.meta("a")), None);
    write(store, |tx| tx.set_meta("a", "1"));
}

fn tenant_row(id: &str) -> TenantRow {
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

fn tenants(store: &dyn Storage) {
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

fn desk(store: &dyn Storage) {
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

fn person(uid: &str, email: Option<&str>) -> PersonRow {
    PersonRow {
        id: PersonId(0),
        tenant: acme(),
        uid: uid.into(),
        email: email.map(str::to_owned),
        name: uid.into(),
        revoked_at: None,
        created_at: NOW,
    }
}

fn people(store: &dyn Storage) {
    write(store, |tx| {
        let a = tx.insert_person(&person("a", Some("a@x")))?;
        let b = tx.insert_person(&person("b", None))?;
        tx.insert_person(&person("c", None))?;
        let elsewhere = PersonRow { tenant: TenantId::from("zebra"), ..person("a", Some("a@x")) };
        tx.insert_person(&elsewhere)?;
        assert_ne!(a, b);
        let mut row = tx.person_by_email(&acme(), "a@x")?.ok_or(StoreError::Damaged("a"))?;
        assert_eq!((row.id, row.uid.as_str()), (a, "a"));
        assert_eq!(tx.person_by_uid(&acme(), "b")?.map(|row| row.id), Some(b));
        assert_eq!(tx.people_by_email("a@x")?.len(), 2, "in both tenants");
        assert_eq!(tx.person(&TenantId::from("zebra"), a)?, None, "not the other tenant's");
        row.revoked_at = Some(NOW);
        tx.update_person(&row)?;
        assert_eq!(tx.person(&acme(), a)?, Some(row));
        assert_eq!(tx.count_revoked_since(&acme(), NOW)?, 1);
        assert_eq!(tx.count_revoked_since(&acme(), NOW.plus(1))?, 0);
        let page = tx.people(&acme(), a, 10)?;
        assert_eq!(page.iter().map(|row| row.uid.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(tx.people(&acme(), PersonId(0), 2)?.len(), 2);
        tx.put_setting(&acme(), Some(a), "k", &json!(1))?;
        tx.delete_person(&acme(), a)?;
        assert_eq!(tx.person(&acme(), a)?, None);
        assert!(tx.settings(&acme(), Some(a))?.is_empty(), "the settings go too");
        assert_eq!(tx.count_people(&acme())?, 2);
        let again = tx.insert_person(&person("d", Some("a@x")))?;
        assert_ne!(again, a, "a row's name is never used twice");
        Ok(())
    });
}

fn names(cards: &[CardRow]) -> Vec<(&str, bool)> {
    cards.iter().map(|card| (card.name.as_str(), card.deleted)).collect()
}

fn book(store: &dyn Storage) {
    write(store, |tx| {
        tx.renew_book(&acme(), "g1")?;
        for name in ["a", "b", "c"] {
            tx.put_card(&acme(), name, "\"1\"", "BODY")?;
        }
        let before = tx.book(&acme())?;
        tx.put_card(&acme(), "a", "\"1\"", "BODY")?;
        assert_eq!(tx.book(&acme())?, before, "the same card again is no change");
        tx.put_card(&acme(), "a", "\"2\"", "OTHER")?;
        assert!(tx.delete_card(&acme(), "b", NOW)?);
        assert!(!tx.delete_card(&acme(), "b", NOW)?);
        assert!(!tx.delete_card(&acme(), "none", NOW)?);
        let all = tx.cards_after(&acme(), 0, 10, CardParts::Whole)?;
        assert_eq!(names(&all), [("c", false), ("a", false), ("b", true)], "changes move back");
        assert!(all.is_sorted_by(|one, two| one.seq < two.seq));
        assert_eq!(all[1].body.as_deref(), Some("OTHER"));
        assert_eq!(all[2].body, None);
        let since = tx.cards_after(&acme(), before.seq, 10, CardParts::Listing)?;
        assert_eq!(names(&since), [("a", false), ("b", true)]);
        assert_eq!(since[0].body, None, "a listing has no bodies");
        assert_eq!(since[0].etag, "\"2\"");
        assert_eq!(tx.cards_after(&acme(), 0, 1, CardParts::Listing)?.len(), 1);
        assert_eq!(tx.card(&acme(), "b")?, None);
        assert_eq!(tx.card(&acme(), "a")?.and_then(|card| card.body).as_deref(), Some("OTHER"));
        assert_eq!(tx.count_cards(&acme())?, 2);
        tx.put_card(&acme(), "b", "\"3\"", "BACK")?;
        assert_eq!(tx.card(&acme(), "b")?.map(|card| card.deleted), Some(false));
        let seq = tx.book(&acme())?.seq;
        tx.renew_book(&acme(), "g2")?;
        let renewed = tx.book(&acme())?;
        assert_eq!((renewed.generation.as_str(), renewed.seq), ("g2", seq));
        Ok(())
    });
}

fn deletions(store: &dyn Storage) {
    write(store, |tx| {
        tx.renew_book(&acme(), "g")?;
        for name in ["a", "b", "c"] {
            tx.put_card(&acme(), name, "\"1\"", "BODY")?;
        }
        tx.delete_card(&acme(), "a", NOW)?;
        let floor = tx.book(&acme())?.seq;
        tx.delete_card(&acme(), "b", NOW.plus(100))?;
        tx.forget_deletions(NOW.plus(50))?;
        assert_eq!(tx.book(&acme())?.floor, floor);
        let rest = tx.cards_after(&acme(), 0, 10, CardParts::Listing)?;
        assert_eq!(names(&rest), [("c", false), ("b", true)]);
        tx.forget_deletions(NOW.plus(50))?;
        assert_eq!(tx.book(&acme())?.floor, floor, "nothing more to forget");
        Ok(())
    });
}

fn device(name: &str) -> DeviceRow {
    DeviceRow {
        name: Thumbprint::from(name),
        tenant: acme(),
        key: EcJwk { x: "x".into(), y: "y".into() },
        person: None,
        proven: false,
        licence: None,
        way: WayIn::Licence,
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

fn licences(store: &dyn Storage) {
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

fn links(store: &dyn Storage) {
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

fn lists(store: &dyn Storage) {
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

fn grants(store: &dyn Storage) {
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

fn devices(store: &dyn Storage) {
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

fn events(store: &dyn Storage) {
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
