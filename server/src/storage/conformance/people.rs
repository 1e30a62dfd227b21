//! People and the book of their cards.

use super::*;

pub(super) fn person(uid: &str, email: Option<&str>) -> PersonRow {
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

pub(super) fn people(store: &dyn Storage) {
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

pub(super) fn names(cards: &[CardRow]) -> Vec<(&str, bool)> {
    cards.iter().map(|card| (card.name.as_str(), card.deleted)).collect()
}

pub(super) fn book(store: &dyn Storage) {
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

pub(super) fn deletions(store: &dyn Storage) {
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
