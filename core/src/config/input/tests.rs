use super::*;
use crate::config::raw::RawValue;

fn tree(json: &str) -> RawTree {
    tree_from_json(json.as_bytes()).unwrap()
}

fn binary(value: ::plist::Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.to_writer_binary(&mut bytes).unwrap();
    bytes
}

#[test]
fn javas_types_stay_apart() {
    let tree = tree(
        r#"{"a":24,"b":{"$long":24},"c":{"$double":24.0},"d":{"$string_array":["x"]},
            "e":{"$parcelables":[{"f":true}]},"g":{"$double":"NaN"},"h":{"$other":1}}"#,
    );
    assert_eq!(tree["a"], RawValue::Int(24));
    assert_eq!(tree["b"], RawValue::Long(24));
    assert_eq!(tree["c"], RawValue::Float(24.0));
    assert_eq!(tree["d"], RawValue::List(vec!["x".into()]));
    let bundle = RawValue::Map(RawTree::from([("f".to_owned(), true.into())]));
    assert_eq!(tree["e"], RawValue::List(vec![bundle]));
    assert_eq!(tree["g"], RawValue::Float(f64::NAN));
    assert_eq!(tree["h"], RawValue::Map(RawTree::from([("$other".to_owned(), 1.into())])));
}

#[test]
fn what_is_no_configuration_is_refused_as_a_whole() {
    for (json, error) in [
        ("", InputError::NotJson),
        ("{", InputError::NotJson),
        ("[1]", InputError::NotATree),
        ("\"x\"", InputError::NotATree),
        (r#"{"a":{"$long":"x"}}"#, InputError::BadTag("$long")),
        (r#"{"a":{"$parcelables":1}}"#, InputError::BadTag("$parcelables")),
    ] {
        assert_eq!(tree_from_json(json.as_bytes()), Err(error), "{json}");
    }
    for text in ["", "<", "{ a = b; }", "<plist><dict><key>a</key></dict>", "bplist00", "PK\u{3}"] {
        assert_eq!(tree_from_plist(text.as_bytes()), Err(InputError::NotAPropertyList), "{text}");
    }
    assert_eq!(tree_from_plist(b"<plist><array/></plist>"), Err(InputError::NotATree));
}

#[test]
fn each_limit_has_its_own_error() {
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(20), "]".repeat(20));
    assert_eq!(tree_from_json(deep.as_bytes()), Err(InputError::TooDeep));
    let deep =
        format!("<plist>{}{}</plist>", "<dict><key>a</key>".repeat(30), "</dict>".repeat(30));
    assert_eq!(tree_from_plist(deep.as_bytes()), Err(InputError::TooDeep));

    let many: RawTree = (0..1_001).map(|n| (format!("k{n}"), RawValue::Null)).collect();
    assert_eq!(ManagedInput::from_tree(many), Err(InputError::TooManyKeys));
    let large: RawTree =
        (0..5).map(|n| (format!("k{n}"), "x".repeat(60_000).as_str().into())).collect();
    assert_eq!(ManagedInput::from_tree(large), Err(InputError::TooLarge));
}

#[test]
fn binary_and_xml_property_lists_say_the_same() {
    let mut value = ::plist::Dictionary::new();
    value.insert("yes".into(), true.into());
    value.insert("one".into(), 1.into());
    value.insert("minus".into(), (-7).into());
    value.insert("large".into(), 5_000_000_000_i64.into());
    value.insert("unsigned".into(), u64::MAX.into());
    value.insert("half".into(), 0.5.into());
    value.insert("text".into(), "Grüße 🙂".into());
    value.insert("long".into(), "x".repeat(300).as_str().into());
    value.insert("list".into(), ::plist::Value::Array(vec!["a".into(), false.into()]));
    value.insert("data".into(), ::plist::Value::Data(vec![1, 2]));
    let value = ::plist::Value::Dictionary(value);
    let mut xml = Vec::new();
    value.to_writer_xml(&mut xml).unwrap();

    let from_xml = tree_from_plist(&xml).unwrap();
    assert_eq!(from_xml, tree_from_plist(&binary(value)).unwrap());
    assert_eq!(from_xml["yes"], RawValue::Bool(true));
    assert_eq!(from_xml["one"], RawValue::Int(1));
    assert_eq!(from_xml["minus"], RawValue::Int(-7));
    assert_eq!(from_xml["text"], "Grüße 🙂".into());
}

#[test]
fn a_property_list_that_unfolds_without_end_is_stopped() {
    // Five objects, each array naming the next one 200 times: 200^3 in full.
    let mut bytes = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    offsets.push(bytes.len());
    bytes.extend([0xd1, 1, 2]); // { "a": … }
    offsets.push(bytes.len());
    bytes.extend([0x51, b'a']);
    for next in 3..=5_u8 {
        offsets.push(bytes.len());
        bytes.extend([0xaf, 0x10, 200]);
        bytes.extend([next; 200]);
    }
    offsets.push(bytes.len());
    bytes.push(0x09);
    let table = bytes.len();
    for offset in &offsets {
        bytes.extend(u16::try_from(*offset).unwrap().to_be_bytes());
    }
    bytes.extend([0, 0, 0, 0, 0, 0, 2, 1]);
    for number in [offsets.len(), 0, table] {
        bytes.extend((number as u64).to_be_bytes());
    }
    assert_eq!(tree_from_plist(&bytes), Err(InputError::TooManyKeys));
}

#[test]
fn a_property_list_within_itself_is_stopped() {
    let mut bytes = b"bplist00".to_vec();
    bytes.extend([0xa1, 0]); // an array that holds itself
    bytes.push(8);
    bytes.extend([0, 0, 0, 0, 0, 0, 1, 1]);
    for number in [1_u64, 0, 10] {
        bytes.extend(number.to_be_bytes());
    }
    assert_eq!(tree_from_plist(&bytes), Err(InputError::TooDeep));
}

#[test]
fn pending_is_recognised_in_any_form_and_is_no_setting() {
    for pending in ["true", "1", "\"true\"", "{\"$double\":1.0}"] {
        let json = format!(r#"{{"asset_tag":"A","restrictions_pending":{pending}}}"#);
        let input = ManagedInput::from_android_json(json.as_bytes()).unwrap();
        assert!(input.pending, "{pending}");
        assert_eq!(input.trees[0].tree.as_ref().unwrap().len(), 1);
    }
    assert!(
        !ManagedInput::from_android_json(br#"{"restrictions_pending":false}"#).unwrap().pending
    );
}
