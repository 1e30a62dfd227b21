use super::*;
#[test]
fn every_setting_is_found_by_its_name() {
    for key in Key::ALL {
        assert_eq!(key.setting().key, key);
        assert_eq!(Key::from_name(key.name()), Some(key));
    }
}
