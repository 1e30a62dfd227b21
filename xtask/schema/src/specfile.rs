//! The AppConfig specfile, from which consoles make a form for iOS apps. It has no nested
//! dictionaries, so contact sources stand there as a text that holds JSON.
use std::fmt::Write as _;

use muster_core::config::schema::{Builtin, Group, Key, Setting, Type};
use muster_core::ids::{Language, Platform};

use crate::apps::APPLICATION_ID;
use crate::outputs::{ORIGIN, escape_xml};
use crate::planned;

/// Consoles compare it to see whether the form has changed: raise it with each new setting.
const VERSION: u32 = 2;
const LOCALES: [&str; 3] = ["en-US", "de-DE", "sv-SE"];

pub(crate) fn specfile() -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- {ORIGIN} -->\n\
         <managedAppConfiguration>\n  <version>{VERSION}</version>\n  \
         <bundleId>{APPLICATION_ID}</bundleId>\n  <dict>\n"
    );
    for row in settings() {
        value(&mut xml, row);
    }
    let _ = write!(xml, "  </dict>\n  <presentation defaultLocale=\"{}\">\n", LOCALES[0]);
    for group in Group::ALL {
        xml.push_str("    <fieldGroup>\n      <name>\n");
        languages(&mut xml, 8, group.title());
        xml.push_str("      </name>\n");
        for row in settings().filter(|row| row.group == group) {
            field(&mut xml, row);
        }
        xml.push_str("    </fieldGroup>\n");
    }
    xml.push_str("  </presentation>\n</managedAppConfiguration>\n");
    xml
}

fn settings() -> impl Iterator<Item = &'static Setting> {
    Key::ALL
        .into_iter()
        .map(Key::setting)
        .filter(|row| row.sources.mdm && row.works_on(Platform::Ios))
}

fn value(xml: &mut String, row: &Setting) {
    let element = match row.kind {
        Type::Bool => "boolean",
        Type::Int { .. } => "integer",
        Type::List(_) => "stringArray",
        _ => "string",
    };
    let default = match row.default {
        Builtin::None => None,
        Builtin::Bool(yes) => Some(yes.to_string()),
        Builtin::Int(number) => Some(number.to_string()),
        Builtin::Word(word) => Some(word.to_owned()),
    };
    let _ = writeln!(xml, "    <{element} keyName=\"{}\">", row.name);
    if let Some(default) = default {
        let _ = writeln!(
            xml,
            "      <defaultValue>\n        <value>{default}</value>\n      </defaultValue>"
        );
    }
    match row.kind {
        Type::Int { min, max } => {
            let _ =
                writeln!(xml, "      <constraint nullable=\"true\" min=\"{min}\" max=\"{max}\" />");
        }
        Type::Choice(words) => {
            xml.push_str("      <constraint nullable=\"true\">\n        <values>\n");
            for word in words {
                let _ = writeln!(xml, "          <value>{word}</value>");
            }
            xml.push_str("        </values>\n      </constraint>\n");
        }
        Type::Bool => {}
        _ => xml.push_str("      <constraint nullable=\"true\" />\n"),
    }
    let _ = writeln!(xml, "    </{element}>");
}

fn field(xml: &mut String, row: &Setting) {
    let kind = match row.kind {
        Type::Bool => "checkbox",
        Type::Choice(_) => "select",
        Type::List(_) => "list",
        _ => "input",
    };
    let _ =
        writeln!(xml, "      <field keyName=\"{}\" type=\"{kind}\">\n        <label>", row.name);
    languages(xml, 10, row.text.title);
    xml.push_str("        </label>\n        <description>\n");
    let about = Language::ALL.map(|language| planned::about(row, Some(Platform::Ios), language));
    languages(xml, 10, about.each_ref().map(String::as_str));
    xml.push_str("        </description>\n");
    if let Type::Choice(words) = row.kind {
        xml.push_str("        <options>\n");
        for word in words {
            let _ = writeln!(xml, "          <option value=\"{word}\">");
            languages(xml, 12, [word, word, word]);
            xml.push_str("          </option>\n");
        }
        xml.push_str("        </options>\n");
    }
    xml.push_str("      </field>\n");
}

/// In the order of [`LOCALES`], which is that of [`Language::ALL`].
fn languages(xml: &mut String, pad: usize, texts: [&str; 3]) {
    for (locale, text) in LOCALES.into_iter().zip(texts) {
        let _ = writeln!(
            xml,
            "{:pad$}<language value=\"{locale}\">{}</language>",
            "",
            escape_xml(text)
        );
    }
}
