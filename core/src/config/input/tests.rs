use super::*;

fn tree(json: &str) -> RawTree {
    tree_from_json(json.as_bytes()).unwrap()
}

#[test]
fn javas_types_stay_apart() {
    let tree = tree(
        r#"{"a":24,"b":{"$long":24},"c":{"$double":24.0},"d":{"$string_array":["x"]},
            "e":{"$parcelables":[{"f":true}]},"g":{"$double":"NaN"}}"#,
    );
    assert_eq!(tree["a"], RawValue::Int(24));
    assert_eq!(tree["b"], RawValue::Long(24));
    assert_eq!(tree["c"], RawValue::Float(24.0));
    assert_eq!(tree["d"], RawValue::List(vec!["x".into()]));
    let bundle = RawValue::Map(RawTree::from([("f".to_owned(), true.into())]));
    assert_eq!(tree["e"], RawValue::List(vec![bundle]));
    assert_eq!(tree["g"], RawValue::Float(f64::NAN));
}
