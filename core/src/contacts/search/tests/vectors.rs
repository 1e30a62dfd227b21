use super::cases;
use crate::contacts::search::IndexBuilder;
use crate::store::ContactId;

#[test]
fn vectors() {
    let mut count = 0;
    for (file, vectors) in cases::read("search") {
        let mut builder = IndexBuilder::default();
        for (id, contact) in (1..).zip(vectors["contacts"].as_array().unwrap()) {
            builder.add(ContactId(id), &cases::record(contact));
        }
        let index = builder.finish();
        for case in vectors["cases"].as_array().unwrap() {
            count += 1;
            let found = index.search(case["query"].as_str().unwrap());
            let names: Vec<&str> = found.iter().map(|f| f.name.as_str()).collect();
            assert_eq!(serde_json::json!(names), case["found"], "{file}: {case}");
            if !case["matched"].is_null() {
                let matched: Vec<_> = found.iter().map(|f| &f.matched).collect();
                assert_eq!(serde_json::json!(matched), case["matched"], "{file}: {case}");
            }
        }
    }
    assert!(count >= 60, "only {count} cases");
}
