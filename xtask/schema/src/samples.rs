//! Payloads as an admin pastes them into a console, with the console's own placeholders.
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::apps::{APPLICATION_ID, INTUNE_KIND};
use crate::outputs::escape_xml;

/// How a console takes a payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Intune's JSON editor for Android apps: a list of `managedProperty`.
    IntuneAndroid,
    /// The tree itself, as JSON.
    Android,
    /// A whole property list.
    Ios,
}

/// One console.
struct Console {
    file: &'static str,
    form: Form,
    /// Placeholders for the e-mail address and the serial number.
    email: &'static str,
    serial: Option<&'static str>,
}

const CONSOLES: &[Console] = &[
    Console {
        file: "intune-android.json",
        form: Form::IntuneAndroid,
        email: "{{mail}}",
        serial: Some("{{serialnumber}}"),
    },
    Console {
        file: "intune-ios.plist",
        form: Form::Ios,
        email: "{{mail}}",
        serial: Some("{{serialnumber}}"),
    },
    Console {
        file: "workspace-one-android.json",
        form: Form::Android,
        email: "{EmailAddress}",
        serial: Some("{DeviceSerialNumber}"),
    },
    Console {
        file: "workspace-one-ios.plist",
        form: Form::Ios,
        email: "{EmailAddress}",
        serial: Some("{DeviceSerialNumber}"),
    },
    Console {
        file: "jamf-ios.plist",
        form: Form::Ios,
        email: "$EMAIL",
        serial: Some("$SERIALNUMBER"),
    },
    Console {
        file: "kandji-ios.plist",
        form: Form::Ios,
        email: "$EMAIL",
        serial: Some("$SERIAL_NUMBER"),
    },
    Console {
        file: "ivanti-android.json",
        form: Form::Android,
        email: "${userEmailAddress}",
        serial: Some("${deviceSN}"),
    },
    Console {
        file: "ivanti-ios.plist",
        form: Form::Ios,
        email: "${userEmailAddress}",
        serial: Some("${deviceSN}"),
    },
    Console {
        file: "citrix-android.json",
        form: Form::Android,
        email: "${user.mail}",
        serial: Some("${device.serialnumber}"),
    },
    Console {
        file: "citrix-ios.plist",
        form: Form::Ios,
        email: "${user.mail}",
        serial: Some("${device.serialnumber}"),
    },
    Console { file: "sophos-ios.plist", form: Form::Ios, email: "%_EMAILADDRESS_%", serial: None },
    Console {
        file: "sophos-android.json",
        form: Form::Android,
        email: "%_EMAILADDRESS_%",
        serial: None,
    },
    Console {
        file: "maas360-android.json",
        form: Form::Android,
        email: "%email%",
        serial: Some("%csn%"),
    },
    Console { file: "maas360-ios.plist", form: Form::Ios, email: "%email%", serial: Some("%csn%") },
];

pub(crate) fn outputs() -> Vec<(String, String)> {
    let mut outputs: Vec<(String, String)> = CONSOLES
        .iter()
        .map(|console| (console.file.to_owned(), written(&with_passcode(console), console.form)))
        .collect();
    outputs.push(("shared-licence-android.json".to_owned(), written(&licence(), Form::Android)));
    outputs.push(("shared-licence-ios.plist".to_owned(), written(&licence(), Form::Ios)));
    outputs.push(("standalone-android.json".to_owned(), written(&standalone(), Form::Android)));
    outputs.push(("standalone-ios.plist".to_owned(), written(&standalone(), Form::Ios)));
    outputs.into_iter().map(|(file, text)| (format!("docs/samples/{file}"), text)).collect()
}

/// E-mail address by placeholder, and the organisation's passcode.
fn with_passcode(console: &Console) -> Map<String, Value> {
    let mut tree = object(json!({
        "server_url": "https://muster.example.com",
        "email": console.email,
        "company_passcode": "correct-horse-42",
        "block_screenshots": true,
        "require_screen_lock": true,
        "min_os_version": if console.form == Form::Ios { "17.4" } else { "14" },
        "noncompliance_action": "hide_contacts",
        "noncompliance_grace_hours": 48,
        "support_email": "it@example.com",
    }));
    if let Some(serial) = console.serial {
        tree.insert("serial_number".to_owned(), serial.into());
    }
    tree
}

/// One licence that all phones share.
fn licence() -> Map<String, Value> {
    object(json!({
        "server_url": "https://muster.example.com",
        "license_username": "example-ltd",
        "license_password": "Tr0ub4dor",
        "require_screen_lock": true,
        "offline_grace_days": 14,
    }))
}

/// No management server: an MDM and CardDAV servers.
fn standalone() -> Map<String, Value> {
    object(json!({
        "contact_sources": [
            {
                "name": "Head office",
                "carddav_url": "https://dav.example.com/addressbooks/head-office/",
                "carddav_username": "phonebook",
                "carddav_password": "s3cret",
            },
            {
                "name": "Suppliers",
                "carddav_url": "https://dav.example.com/addressbooks/suppliers/",
                "carddav_username": "phonebook",
                "carddav_password": "s3cret",
            },
        ],
        "contacts_mode": "in_app",
        "default_region": "DE",
        "require_screen_lock": true,
    }))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn written(tree: &Map<String, Value>, form: Form) -> String {
    match form {
        Form::Android => format!("{:#}\n", Value::Object(tree.clone())),
        Form::IntuneAndroid => {
            let properties: Vec<Value> = tree
                .iter()
                .map(|(key, value)| {
                    let kind = match value {
                        Value::Bool(_) => "valueBool",
                        Value::Number(_) => "valueInteger",
                        _ => "valueString",
                    };
                    json!({ "key": key, kind: value })
                })
                .collect();
            let payload = json!({
                "kind": INTUNE_KIND,
                "productId": format!("app:{APPLICATION_ID}"),
                "managedProperty": properties,
            });
            format!("{payload:#}\n")
        }
        Form::Ios => {
            let mut xml = String::from(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \
                 \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\">\n",
            );
            property_list(&mut xml, &Value::Object(tree.clone()), 0);
            xml.push_str("</plist>\n");
            xml
        }
    }
}

fn property_list(xml: &mut String, value: &Value, depth: usize) {
    let pad = "  ".repeat(depth);
    let _ = match value {
        Value::Bool(yes) => writeln!(xml, "{pad}<{yes}/>"),
        Value::Number(number) => writeln!(xml, "{pad}<integer>{number}</integer>"),
        Value::String(text) => writeln!(xml, "{pad}<string>{}</string>", escape_xml(text)),
        Value::Array(items) => {
            let _ = writeln!(xml, "{pad}<array>");
            items.iter().for_each(|item| property_list(xml, item, depth + 1));
            writeln!(xml, "{pad}</array>")
        }
        Value::Object(map) => {
            let _ = writeln!(xml, "{pad}<dict>");
            for (key, value) in map {
                let _ = writeln!(xml, "{pad}  <key>{}</key>", escape_xml(key));
                property_list(xml, value, depth + 1);
            }
            writeln!(xml, "{pad}</dict>")
        }
        Value::Null => Ok(()),
    };
}
