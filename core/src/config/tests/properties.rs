//! What must hold for every configuration, whatever a console makes of it.
use proptest::prelude::*;
use serde_json::{Map, Value as Json};

use crate::activation::Offer;
use crate::config::input::{tree_from_json, tree_from_plist, tree_to_json};
use crate::config::raw::check_limits;
use crate::config::schema::{Strict, Type};
use crate::config::value::{strict_value, strictness};
use crate::config::*;
use crate::ids::{Language, Platform};

/// Marks every secret that a generated tree holds.
const SECRET: &str = "hUnTeR2-4711";

fn any_key() -> impl Strategy<Value = Key> {
    proptest::sample::select(Key::ALL.to_vec())
}

/// A readable value of a setting, as a console would send it.
fn good_value(key: Key) -> BoxedStrategy<RawValue> {
    let texts = |texts: &[&str]| {
        let texts: Vec<RawValue> = texts.iter().map(|text| RawValue::from(*text)).collect();
        proptest::sample::select(texts).boxed()
    };
    let row = key.setting();
    match row.kind {
        Type::Bool => any::<bool>().prop_map(RawValue::Bool).boxed(),
        Type::Int { min, max } => (min..=max).prop_map(RawValue::Int).boxed(),
        Type::Email => texts(&["a@x.example", "b@y.example"]),
        Type::Url => texts(&["https://a.example", "https://b.example/x"]),
        Type::Version => texts(&["9", "10", "17.4.1", "17.10"]),
        Type::Region => texts(&["DE", "SE"]),
        Type::Choice(words) => texts(words),
        Type::List(_) => texts(&[row.example.split(',').next().unwrap_or_default(), row.example]),
        Type::Sources => texts(&[row.example]),
        Type::Text { .. } if row.secret => texts(&[SECRET]),
        Type::Text { .. } => texts(&["Ward 3", "Nurse", "100234"]),
    }
}

/// Anything at all.
fn any_value() -> impl Strategy<Value = RawValue> {
    let leaf = prop_oneof![
        Just(RawValue::Null),
        any::<bool>().prop_map(RawValue::Bool),
        any::<i64>().prop_map(RawValue::Int),
        any::<i64>().prop_map(RawValue::Long),
        any::<f64>().prop_map(RawValue::Float),
        ".{0,20}".prop_map(RawValue::String),
        "[{$%\\[]{1,2}[a-zA-Z_.]{1,8}[}%\\]$]{0,2}".prop_map(RawValue::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(RawValue::List),
            proptest::collection::btree_map("[a-z_$]{0,12}", inner, 0..4).prop_map(RawValue::Map),
        ]
    })
}

fn any_tree() -> impl Strategy<Value = RawTree> {
    let name = prop_oneof![
        4 => any_key().prop_map(|key| key.name().to_owned()),
        1 => Just("companyPasscode".to_owned()),
        1 => ".{0,12}",
    ];
    proptest::collection::btree_map(name, any_value(), 0..12)
}

fn good_tree() -> impl Strategy<Value = RawTree> {
    proptest::collection::vec(any_key(), 0..20).prop_flat_map(|keys| {
        let values: Vec<_> = keys
            .into_iter()
            .map(|key| good_value(key).prop_map(move |value| (key.name().to_owned(), value)))
            .collect();
        values.prop_map(|pairs| pairs.into_iter().collect())
    })
}

/// Values that no setting of the type can be read from.
fn mangled(kind: Type) -> BoxedStrategy<RawValue> {
    let list = match kind {
        Type::Bool => {
            vec!["maybe".into(), 2.into(), RawValue::Float(1.5), "{{x}}".into(), "".into()]
        }
        Type::Int { .. } => {
            vec!["soon".into(), RawValue::Float(f64::NAN), true.into(), "%upn%".into()]
        }
        _ => vec![RawValue::Map(RawTree::new()), "\u{7}".into(), "{{mail}}".into(), true.into()],
    };
    proptest::sample::select(list).boxed()
}

fn phone(mdm: &RawTree, last_good: &LastGood) -> Resolution {
    layered(mdm, &RawTree::new(), &Map::new(), &Map::new(), last_good)
}

fn layered(
    mdm: &RawTree,
    person: &RawTree,
    server: &Map<String, Json>,
    individual: &Map<String, Json>,
    last_good: &LastGood,
) -> Resolution {
    let mdm = ManagedInput::from_tree(mdm.clone()).unwrap();
    resolve(&Inputs {
        platform: Platform::Android,
        mdm: Some(&mdm),
        person: Some(person),
        server: Some(server),
        individual: Some(individual),
        last_good,
    })
}

fn json(tree: &RawTree) -> Map<String, Json> {
    match tree_to_json(tree) {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_tree_panics_and_twice_is_once(
        mdm in any_tree(), person in any_tree(), server in any_tree(), one in any_tree()
    ) {
        let (server, one) = (json(&server), json(&one));
        let first = layered(&mdm, &person, &server, &one, &LastGood::default());
        let again = layered(&mdm, &person, &server, &one, &first.last_good);
        prop_assert!(diff(&first.effective, &again.effective).is_empty());
        prop_assert_eq!(&again.last_good, &first.last_good);
        for language in Language::ALL {
            let shown = view(&first, language);
            for note in shown.settings.iter().flat_map(|setting| &setting.notes) {
                let is_filled_in = !note.contains("{key}") && !note.contains("{0}");
                prop_assert!(is_filled_in);
            }
            for state in feedback(&[], &first, language) {
                prop_assert!(state.key.chars().count() <= 100);
                prop_assert!(state.message.chars().count() <= 1_000);
                prop_assert!(state.data.chars().count() <= 1_000);
            }
        }
    }

    #[test]
    fn every_note_names_its_key(mdm in any_tree(), server in any_tree()) {
        let now = layered(&mdm, &RawTree::new(), &json(&server), &Map::new(), &LastGood::default());
        for note in now.entries.iter().flat_map(|entry| &entry.notes) {
            for language in Language::ALL {
                prop_assert!(note.text(language).contains(note.key.name()));
            }
        }
    }

    #[test]
    fn one_key_does_not_depend_on_the_others(a in good_tree(), b in good_tree()) {
        let mut both = a.clone();
        both.extend(b.clone());
        let together = phone(&both, &LastGood::default());
        for name in both.keys() {
            let alone = RawTree::from([(name.clone(), both[name].clone())]);
            let key = Key::from_name(name).unwrap();
            let alone = phone(&alone, &LastGood::default());
            prop_assert_eq!(together.entry(key), alone.entry(key));
        }
    }

    #[test]
    fn set_then_unset_restores(base in good_tree(), key in any_key(), more in any_value()) {
        let before = phone(&base, &LastGood::default());
        let mut with = base.clone();
        with.insert(key.name().to_owned(), more);
        let between = phone(&with, &before.last_good);
        let after = phone(&base, &between.last_good);
        prop_assert!(diff(&before.effective, &after.effective).is_empty());
    }

    #[test]
    fn a_restriction_never_falls_open(
        (key, good, bad) in any_key()
            .prop_filter("restricts", |key| key.setting().strict != Strict::None)
            .prop_flat_map(|key| (Just(key), good_value(key), mangled(key.setting().kind)))
    ) {
        let name = key.name().to_owned();
        let row = key.setting();
        // With a last good value, that one holds.
        let before = phone(&RawTree::from([(name.clone(), good)]), &LastGood::default());
        let after = phone(&RawTree::from([(name.clone(), bad.clone())]), &before.last_good);
        prop_assert_eq!(after.effective.value(key), before.effective.value(key));
        prop_assert!(after.entry(key).has_problem());

        // Without one: the strict value, a careful word, or a rule that says it can only warn.
        let fresh = phone(&RawTree::from([(name, bad)]), &LastGood::default());
        let held = fresh.effective.value(key);
        let only_warns = fresh.effective.only_warn().contains(&key);
        let strict = strict_value(row, None);
        match (row.kind, row.strict) {
            _ if only_warns => {}
            (_, Strict::Order(_)) => prop_assert_eq!(held, Some(&Value::Text("in_app".to_owned()))),
            _ => prop_assert_eq!(held, strict.as_ref()),
        }
        prop_assert!(fresh.entry(key).has_problem());
    }

    #[test]
    fn the_server_never_loosens_a_rule(
        (key, mdm, server, one) in any_key()
            .prop_filter("tightens", |key| key.setting().tighten_only)
            .prop_flat_map(|key| (Just(key), good_value(key), any_value(), good_value(key)))
    ) {
        let name = key.name().to_owned();
        let alone = RawTree::from([(name.clone(), mdm)]);
        let floor = phone(&alone, &LastGood::default());
        let server = json(&RawTree::from([(name.clone(), server)]));
        let one = json(&RawTree::from([(name, one)]));
        let now = layered(&alone, &RawTree::new(), &server, &one, &LastGood::default());
        let (now, floor) = (now.effective.value(key), floor.effective.value(key));
        let order = strictness(key.setting(), now.unwrap(), floor.unwrap());
        prop_assert!(order.is_some_and(std::cmp::Ordering::is_ge));
    }

    #[test]
    fn no_secret_is_said(tree in good_tree(), mangle in any::<bool>()) {
        let mut tree = tree;
        for name in ["license_password", "company_passcode", "carddav_password", "activation_code"] {
            let secret = if mangle { format!("{SECRET}\u{7}") } else { SECRET.to_owned() };
            tree.insert(name.to_owned(), RawValue::String(secret));
        }
        let source = format!(r#"[{{"carddav_url":"https://d.example/","carddav_password":"{SECRET}"}}]"#);
        tree.insert("contact_sources".to_owned(), RawValue::String(source));
        let input = ManagedInput::from_tree(tree.clone()).unwrap();
        let now = phone(&tree, &LastGood::default());
        let states = feedback(&[], &now, Language::En);
        let shown = serde_json::to_string(&view(&now, Language::De)).unwrap();
        let said = format!(
            "{now:?} {states:?} {shown} {tree:?} {input:?} {:?} {:?}",
            Offer::of(&now.effective), now.effective.contact_sources(),
        );
        prop_assert!(!said.contains(SECRET));
        // The store gets them, sealed by the agent.
        let bytes = input.to_bytes();
        prop_assert!(String::from_utf8_lossy(bytes.expose()).contains(SECRET));
    }

    #[test]
    fn what_is_stored_reads_back(tree in any_tree()) {
        let input = ManagedInput::from_tree(tree).unwrap();
        let back = ManagedInput::from_bytes(input.to_bytes().expose()).unwrap();
        prop_assert_eq!(intake(Some(&input), &back), Intake::Unchanged);
        prop_assert_eq!(config_version(&input, &[7; 32]), config_version(&back, &[7; 32]));
    }

    #[test]
    fn no_bytes_panic_a_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = tree_from_json(&bytes);
        let _ = tree_from_plist(&bytes);
        let mut binary = b"bplist00".to_vec();
        binary.extend(&bytes);
        let _ = tree_from_plist(&binary);
    }

    #[test]
    fn a_damaged_property_list_panics_nobody(at in 0_usize..400, bit in 0_u8..8) {
        let mut value = plist::Dictionary::new();
        value.insert("asset_tag".into(), "Ä".into());
        value.insert("caller_id".into(), true.into());
        value.insert("list".into(), plist::Value::Array(vec!["a".into(), 5.into(), 2.5.into()]));
        let mut bytes = Vec::new();
        plist::Value::Dictionary(value).to_writer_binary(&mut bytes).unwrap();
        let at = at % bytes.len();
        bytes[at] ^= 1 << bit;
        if let Ok(tree) = tree_from_plist(&bytes) {
            prop_assert!(check_limits(&tree).is_ok());
        }
    }
}
