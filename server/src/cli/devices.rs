//! Commands about devices, and what they report.

use serde_json::{Value, json};

use super::args::{Device, Devices, Events};
use super::context::{Context, Done, LIST_PIECE};
use super::table::{self, cell};

impl Context {
    pub(super) fn device(&self, command: Device) -> Done {
        let order = |action: &str, given: Devices, cause: Option<String>| -> Done {
            let body = json!({
                "devices": given.devices, "message": given.message, "cause": cause,
            });
            let call = self.within("POST", &["devices", action], body)?;
            let answer = self.backend.call(&call)?;
            if self.json {
                println!("{answer}");
            } else if let Some(message) = answer["message"].as_str() {
                println!("{message}");
            } else {
                println!("Ordered. The phone does it at its next check.");
            }
            Ok(())
        };
        match command {
            Device::List => {
                let rows = self.pages(&["devices"], "devices", &[])?;
                let columns = [
                    ("DEVICE", "device"),
                    ("STATE", "state"),
                    ("PERSON", "person"),
                    ("PLATFORM", "platform"),
                    ("COMPLIANCE", "compliance"),
                    ("LOCKED", "locked"),
                    ("LAST CONTACT", "last_contact"),
                ];
                self.rows(&rows, &columns)
            }
            Device::Show { device } => {
                let call = self.within("GET", &["devices", &device], Value::Null)?;
                let answer = self.backend.call(&call)?;
                if self.json {
                    println!("{answer}")
                } else {
                    self.members(&answer)
                }
                Ok(())
            }
            Device::Retire(given) => order("retire", given, None),
            Device::Lock(given) => order("lock", given, None),
            Device::Unlock(given) => order("unlock", given, None),
            Device::Sync(given) => order("sync", given, None),
            Device::Erase { devices, cause } => order("erase", devices, Some(cause)),
            Device::Allow { ids } => {
                let call = self.within("POST", &["allowed-devices"], json!({ "ids": ids }))?;
                self.done(&call, "On the list.")
            }
            Device::Disallow { id } => {
                let call = self.within("DELETE", &["allowed-devices", &id], Value::Null)?;
                self.done(&call, "Off the list.")
            }
            Device::Allowed => {
                let answer =
                    self.backend.call(&self.within("GET", &["allowed-devices"], Value::Null)?)?;
                if self.json {
                    println!("{answer}");
                } else {
                    if answer["listed_devices_only"] != true {
                        println!("Not in force: tenant set --listed-devices-only true");
                    }
                    for id in answer["allowed_devices"].as_array().into_iter().flatten() {
                        println!("{}", cell(id));
                    }
                }
                Ok(())
            }
        }
    }

    pub(super) fn events(&self, options: Events) -> Done {
        let mut rows = Vec::new();
        let mut after = options.after.to_string();
        while rows.len() < options.limit {
            let piece = (options.limit - rows.len()).min(LIST_PIECE);
            let mut call = self.within("GET", &["events"], Value::Null)?;
            call = call.with("limit", piece).with("after", &after);
            if let Some(device) = &options.device {
                call = call.with("device", device);
            }
            let mut answer = self.backend.call(&call)?;
            if let Some(page) = answer["events"].as_array_mut() {
                rows.append(page);
            }
            match answer["next"].as_i64() {
                Some(next) => after = next.to_string(),
                None => break,
            }
        }
        if self.json {
            println!("{}", Value::from(rows));
            return Ok(());
        }
        for row in &mut rows {
            // The last segment of a type says enough in a table.
            let types: Vec<Value> = row["types"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|kind| kind.as_str()?.rsplit('/').next())
                .map(|kind| json!(kind))
                .collect();
            row["types"] = Value::Array(types);
        }
        let columns =
            [("NO", "id"), ("RECEIVED", "received_at"), ("DEVICE", "device"), ("TYPE", "types")];
        table::print(&rows, &columns);
        Ok(())
    }
}
