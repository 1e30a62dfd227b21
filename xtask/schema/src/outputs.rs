//! What other systems read, written from the table of settings: Android's restrictions file and its
//! texts, the AppConfig specfile for iOS, the reference for admins, a JSON Schema, sample payloads.
//!
//! Pure functions: `main` writes the files, or compares them with what is checked in.
use crate::{android, json_schema, reference, samples, specfile};

/// Every generated file: its path from the root of the repository, and its content.
pub(crate) fn outputs() -> Vec<(String, String)> {
    let mut outputs = android::outputs();
    outputs.push(("ios/Specfile/muster.xml".to_owned(), specfile::specfile()));
    outputs.push(("docs/configuration.md".to_owned(), reference::reference()));
    outputs.push(("docs/configuration.schema.json".to_owned(), json_schema::json_schema()));
    outputs.extend(samples::outputs());
    outputs
}

/// Says in each generated file where it comes from.
pub(crate) const ORIGIN: &str =
    "Written by `cargo xtask schema` from core/src/config/schema. Do not edit.";

/// For text between XML tags and in attributes.
pub(crate) fn escape_xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
