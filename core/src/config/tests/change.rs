use crate::config::change::*;
use crate::config::*;

fn input(json: &str) -> ManagedInput {
    ManagedInput::from_android_json(json.as_bytes()).unwrap()
}

#[test]
fn intake_tells_the_five_situations_apart() {
    let stored = input(r#"{"asset_tag":"A"}"#);
    for (before, received, expected) in [
        (Some(&stored), r#"{"asset_tag":"A"}"#, Intake::Unchanged),
        (Some(&stored), r#"{"asset_tag":"B"}"#, Intake::Changed),
        (Some(&stored), "{}", Intake::Vanished),
        (Some(&stored), r#"{"asset_tag":"B","restrictions_pending":true}"#, Intake::Pending),
        (None, "{}", Intake::Unchanged),
        (None, r#"{"asset_tag":"A"}"#, Intake::Changed),
    ] {
        assert_eq!(intake(before, &input(received)), expected, "{received}");
    }
}

#[test]
fn the_version_depends_on_content_and_key_and_not_on_order() {
    let version = |json: &str, key: u8| config_version(&input(json), &[key; 32]);
    let base = version(r#"{"a":1,"b":"x"}"#, 1);
    assert_eq!(base.len(), 16);
    assert_eq!(base, version(r#"{"b":"x","a":1}"#, 1));
    assert_ne!(base, version(r#"{"b":"y","a":1}"#, 1));
    assert_ne!(base, version(r#"{"a":{"$long":1},"b":"x"}"#, 1));
    assert_ne!(base, version(r#"{"a":1,"b":"x"}"#, 2));
}
