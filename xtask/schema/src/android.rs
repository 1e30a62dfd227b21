//! `app_restrictions.xml` and its texts.
//!
//! Limits of Google Play's console: a bundle stands only inside a bundle array, two levels at most,
//! and nothing inside has a default. A secret is of type `string`: `hidden` could not be filled in.
use std::fmt::Write as _;

use muster_core::config::schema::{Builtin, Group, Key, Setting, Text, Type};
use muster_core::ids::{Language, Platform};

use crate::outputs::{ORIGIN, escape_xml};
use crate::planned;

const RES: &str = "android/sdk/src/main/res";

/// The fields of a contact source; the three of CardDAV are texts of their own settings.
const SOURCE_NAME: Text = Text {
    title: ["Name", "Name", "Namn"],
    about: [
        "What people call this source.",
        "Wie diese Quelle genannt wird.",
        "Vad källan kallas.",
    ],
};
const SOURCE: Text = Text {
    title: ["Contact source", "Kontaktquelle", "Kontaktkälla"],
    about: [
        "A CardDAV server or address book.",
        "Ein CardDAV-Server oder Adressbuch.",
        "En CardDAV-server eller adressbok.",
    ],
};

pub(crate) fn outputs() -> Vec<(String, String)> {
    let folder = |language| match language {
        Language::En => "values",
        Language::De => "values-de",
        Language::Sv => "values-sv",
    };
    let mut outputs = vec![(format!("{RES}/xml/muster_app_restrictions.xml"), restrictions())];
    for language in Language::ALL {
        let path = format!("{RES}/{}/muster_restrictions.xml", folder(language));
        outputs.push((path, strings(language)));
    }
    outputs
}

fn settings() -> impl Iterator<Item = &'static Setting> {
    Key::ALL
        .into_iter()
        .map(Key::setting)
        .filter(|row| row.sources.mdm && row.works_on(Platform::Android))
}

fn restrictions() -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {ORIGIN} -->\n\
         <restrictions xmlns:android=\"http://schemas.android.com/apk/res/android\">\n"
    );
    for group in Group::ALL {
        let _ = writeln!(xml, "\n    <!-- {} -->", group.title()[0]);
        for row in settings().filter(|row| row.group == group) {
            restriction(&mut xml, row);
        }
    }
    xml.push_str("\n</restrictions>\n");
    xml
}

fn restriction(xml: &mut String, row: &Setting) {
    let kind = match row.kind {
        Type::Bool => "bool",
        Type::Int { .. } => "integer",
        Type::Choice(_) => "choice",
        Type::Sources => "bundle_array",
        _ => "string",
    };
    let default = match row.default {
        Builtin::None => None,
        Builtin::Bool(yes) => Some(yes.to_string()),
        Builtin::Int(number) => Some(number.to_string()),
        Builtin::Word(word) => Some(word.to_owned()),
    };
    open(xml, 1, row.name, row.name, kind);
    if let Type::Choice(_) = row.kind {
        let _ = write!(xml, "\n        android:entries=\"@array/muster_{}\"", row.name);
        let _ = write!(xml, "\n        android:entryValues=\"@array/muster_{}\"", row.name);
    }
    if let Some(default) = default {
        let _ = write!(xml, "\n        android:defaultValue=\"{}\"", escape_xml(&default));
    }
    if row.kind != Type::Sources {
        xml.push_str(" />\n");
        return;
    }
    xml.push_str(">\n");
    open(xml, 2, "contact_source", "contact_source", "bundle");
    xml.push_str(">\n");
    for (key, text) in [
        ("name", "contact_source_name"),
        ("carddav_url", "carddav_url"),
        ("carddav_username", "carddav_username"),
        ("carddav_password", "carddav_password"),
    ] {
        open(xml, 3, key, text, "string");
        xml.push_str(" />\n");
    }
    xml.push_str("        </restriction>\n    </restriction>\n");
}

/// The start of an element, without its end.
fn open(xml: &mut String, depth: usize, key: &str, text: &str, kind: &str) {
    let pad = "    ".repeat(depth);
    let _ = write!(
        xml,
        "{pad}<restriction\n{pad}    android:key=\"{key}\"\n\
         {pad}    android:title=\"@string/muster_{text}_title\"\n\
         {pad}    android:description=\"@string/muster_{text}_about\"\n\
         {pad}    android:restrictionType=\"{kind}\""
    );
}

fn strings(language: Language) -> String {
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- {ORIGIN} -->\n<resources>\n");
    let mut add = |name: &str, text: &Text, about: &str| {
        for (part, value) in [("title", language.of(text.title)), ("about", about)] {
            let value = escape(value);
            let _ = writeln!(xml, "    <string name=\"muster_{name}_{part}\">{value}</string>");
        }
    };
    for row in settings() {
        let about = planned::about(row, Some(Platform::Android), language);
        add(row.name, row.text, &about);
    }
    for (name, text) in [("contact_source", &SOURCE), ("contact_source_name", &SOURCE_NAME)] {
        add(name, text, language.of(text.about));
    }
    if language == Language::En {
        // The words themselves: what is chosen is what is sent, in every language.
        for row in settings() {
            let Type::Choice(words) = row.kind else { continue };
            let name = row.name;
            let _ =
                writeln!(xml, "    <string-array name=\"muster_{name}\" translatable=\"false\">");
            for word in words {
                let _ = writeln!(xml, "        <item>{word}</item>");
            }
            xml.push_str("    </string-array>\n");
        }
    }
    xml.push_str("</resources>\n");
    xml
}

/// For a string resource, where quotes and apostrophes have a meaning of their own.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\"");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
