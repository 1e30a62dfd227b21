//! The limits of a configuration, and the JSON that stands for a Bundle. Nothing here knows of Java.
use muster_core::config::InputError;
use muster_core::limits;
use serde_json::{Map, Value, json};

/// How deep a value lies. Counted as the core counts it when it reads the JSON.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Depth(usize);

impl Depth {
    /// That of the settings themselves.
    pub(super) const TOP: Depth = Depth(1);

    /// That of what is inside a bundle or list which lies here.
    pub(super) fn deeper(self) -> Result<Self, InputError> {
        match self.0 < limits::CONFIG_DEPTH {
            true => Ok(Depth(self.0 + 1)),
            false => Err(InputError::TooDeep),
        }
    }
}

/// What may still come.
pub(super) struct Budget {
    keys: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { keys: limits::CONFIG_KEYS, bytes: limits::CONFIG_TREE_BYTES }
    }

    /// Pays for a key.
    pub(super) fn key(&mut self, key: &str) -> Result<(), InputError> {
        self.keys = self.keys.checked_sub(1).ok_or(InputError::TooManyKeys)?;
        self.pay(key.len())
    }

    /// Pays for an item of a list: it costs a step as a key does.
    pub(super) fn item(&mut self) -> Result<(), InputError> {
        self.key("")
    }

    /// A text as it goes into the tree. One over the limit is cut just behind it: the core then
    /// finds its setting invalid, and the others go on working.
    pub(super) fn text(&mut self, mut text: String) -> Result<Value, InputError> {
        if text.len() > limits::CONFIG_STRING_BYTES {
            text.truncate(text.ceil_char_boundary(limits::CONFIG_STRING_BYTES + 1));
        }
        self.pay(text.len())?;
        Ok(Value::String(text))
    }

    fn pay(&mut self, bytes: usize) -> Result<(), InputError> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(InputError::TooLarge)?;
        Ok(())
    }
}

/// A bundle inside another.
pub(super) fn bundle(map: Map<String, Value>) -> Value {
    match map.len() == 1 && map.keys().any(|key| key.starts_with('$')) {
        true => json!({ "$map": map }),
        false => Value::Object(map),
    }
}

/// A `java.lang.Long`.
pub(super) fn long(number: i64) -> Value {
    json!({ "$long": number })
}

/// A `java.lang.Double`.
pub(super) fn double(number: f64) -> Value {
    json!({ "$double": finite_or_name(number) })
}

/// A `java.lang.Float`.
pub(super) fn float(number: f32) -> Value {
    json!({ "$float": finite_or_name(number.into()) })
}

fn finite_or_name(number: f64) -> Value {
    match number {
        _ if number.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        number => number.into(),
    }
}

/// A value of a type that no restriction has. It is invalid for every setting, whereas null would
/// be taken for absent.
pub(super) fn unsupported(class: &str) -> Value {
    json!({ "$unsupported": class })
}

#[cfg(test)]
mod tests {
    use muster_core::config::RawValue;
    use muster_core::config::input::{tree_from_json, value_from_json};

    use super::*;

    /// What the core makes of `value`.
    fn core(value: Value) -> RawValue {
        value_from_json(value).unwrap()
    }

    fn map(entries: &[(&str, Value)]) -> Map<String, Value> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    #[test]
    fn the_core_reads_numbers_as_java_had_them() {
        assert_eq!(core(long(24)), RawValue::Long(24));
        assert_eq!(core(long(i64::MIN)), RawValue::Long(i64::MIN));
        assert_eq!(core(double(1.5)), RawValue::Float(1.5));
        assert_eq!(core(float(1.0)), RawValue::Float(1.0));
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(core(double(odd)), RawValue::Float(odd));
            assert_eq!(core(float(odd as f32)), RawValue::Float(odd));
        }
    }

    #[test]
    fn a_bundle_with_a_key_like_a_tag_stays_a_bundle() {
        for key in ["$long", "$map", "$", "$parcelables"] {
            let RawValue::Map(tree) = core(bundle(map(&[(key, json!(1))]))) else {
                panic!("{key} is no bundle any more")
            };
            assert_eq!(tree.into_iter().collect::<Vec<_>>(), [(key.to_owned(), RawValue::Int(1))]);
        }
        assert_eq!(bundle(map(&[("a", json!(1))])), json!({ "a": 1 }));
        assert!(matches!(core(unsupported("java.util.Date")), RawValue::Map(_)));
    }

    #[test]
    fn depth_ends_where_the_cores_does() {
        let mut depth = Depth::TOP;
        let mut value = json!(1);
        for level in 2.. {
            value = json!([value]);
            let tree = tree_from_json(json!({ "a": value }).to_string().as_bytes());
            match depth.deeper() {
                Ok(deeper) => {
                    assert!(tree.is_ok(), "{level}");
                    depth = deeper;
                }
                Err(error) => {
                    assert_eq!((error, level), (InputError::TooDeep, limits::CONFIG_DEPTH + 1));
                    assert_eq!(tree, Err(error));
                    break;
                }
            }
        }
    }

    #[test]
    fn keys_and_bytes_are_counted() {
        let mut budget = Budget::new();
        for _ in 0..limits::CONFIG_KEYS {
            budget.key("k").unwrap();
        }
        assert_eq!(budget.key("k"), Err(InputError::TooManyKeys));
        assert_eq!(budget.item(), Err(InputError::TooManyKeys));

        let mut budget = Budget::new();
        let half = "x".repeat(limits::CONFIG_STRING_BYTES);
        for _ in 0..limits::CONFIG_TREE_BYTES / limits::CONFIG_STRING_BYTES {
            budget.text(half.clone()).unwrap();
        }
        assert_eq!(budget.key("k"), Err(InputError::TooLarge));
    }

    #[test]
    fn a_long_text_is_cut_so_that_the_core_still_sees_that_it_is_too_long() {
        let long = "ä".repeat(limits::CONFIG_STRING_BYTES);
        let Value::String(cut) = Budget::new().text(long).unwrap() else { panic!() };
        assert!(cut.len() > limits::CONFIG_STRING_BYTES);
        assert!(cut.len() <= limits::CONFIG_STRING_BYTES + 4);
    }
}
