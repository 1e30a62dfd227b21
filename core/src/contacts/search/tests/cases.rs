//! The JSON cases of `tests/vectors`, as their READMEs describe them.
use std::path::Path;

use serde_json::Value;

use crate::contacts::record::{ContactRecord, Email, PersonName, Phone};

/// All files of a folder, by name.
pub(crate) fn read(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(folder);
    let files = std::fs::read_dir(&folder).expect("the vectors are there");
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    let parse = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name, value)
    };
    files.iter().map(parse).collect()
}

/// A contact of a vector.
pub(crate) fn record(contact: &Value) -> ContactRecord {
    let text = |key: &str| contact[key].as_str().map(str::to_owned);
    let all = |key: &str| contact[key].as_array().cloned().unwrap_or_default();
    let email =
        |value: &Value| Email { address: value.as_str().unwrap().to_owned(), ..Email::default() };
    ContactRecord {
        name: PersonName {
            display: text("name").expect("every contact has a name"),
            given: text("given"),
            nickname: text("nickname"),
            ..PersonName::default()
        },
        organization: text("organization"),
        department: text("department"),
        title: text("title"),
        phones: all("phones").iter().map(phone).collect(),
        emails: all("emails").iter().map(email).collect(),
        ..ContactRecord::default()
    }
}

/// A phone number of a vector: a text, or an object with `number` and `e164`.
pub(crate) fn phone(value: &Value) -> Phone {
    let number = value.as_str().or(value["number"].as_str()).expect("a number").to_owned();
    let digits = || number.chars().filter(char::is_ascii_digit).collect::<String>();
    let e164 = match value {
        Value::String(_) => number.starts_with('+').then(|| format!("+{}", digits())),
        object => object["e164"].as_str().map(str::to_owned),
    };
    Phone { number, e164, ..Phone::default() }
}
