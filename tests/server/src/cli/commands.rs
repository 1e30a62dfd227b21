//! What each command does.

use std::io::IsTerminal as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::args::{
    AdminCommand, Args, Command, Device, Devices, Events, Licence, Link, OrganizationCode,
    Passcode, Person, PersonAdd, Rule, Setting, Tenant,
};
use super::backend::Backend;
use super::serve;
use super::table::{self, cell};
use super::values::{first_line, pair, rule_of, seconds_of, support, value_of, words_of};
use crate::admin::Call;
use crate::people::PersonInput;
use crate::people::list;

/// People sent in one call of an import.
const IMPORT_PIECE: usize = 250;
/// Rows asked for in one call of a list.
const LIST_PIECE: usize = 1_000;

/// Why a command did not work.
#[derive(Debug)]
pub(super) enum Failed {
    /// Wrong use: exit code 2.
    Use(String),
    /// It did not work: exit code 1.
    Work(String),
}

impl Failed {
    pub(super) fn work(error: impl std::fmt::Display) -> Self {
        Self::Work(error.to_string())
    }
}

/// What a command ends in.
pub(super) type Done = Result<(), Failed>;

/// A command's surroundings.
struct Desk {
    backend: Backend,
    tenant: Option<String>,
    json: bool,
}

pub(super) fn run(args: Args) -> Done {
    let Args { common, command } = args;
    match command {
        Command::Serve(options) => return serve::serve(&common, options),
        Command::Init { admin } => return serve::init(&common, &admin),
        _ => {}
    }
    let desk =
        Desk { backend: Backend::open(&common)?, tenant: common.tenant.clone(), json: common.json };
    match command {
        Command::Serve(_) | Command::Init { .. } => Ok(()),
        Command::Admin(command) => desk.admin(command),
        Command::Approvals => {
            let columns =
                [("ID", "id"), ("TENANT", "tenant"), ("ASKED BY", "asked_by"), ("AT", "asked_at")];
            desk.list(&Call::new("GET", &["approvals"], Value::Null), "approvals", &columns)
        }
        Command::Approve { id } => desk.tell(&Call::new("POST", &["approvals", &id], Value::Null)),
        Command::Tenant(command) => desk.tenant(command),
        Command::Passcode(Passcode::Set { passcode }) => {
            let body =
                passcode.map_or_else(|| json!({}), |passcode| json!({ "passcode": passcode }));
            desk.show(&desk.within("PUT", &["passcode"], body)?, "passcode")
        }
        Command::Passcode(Passcode::Remove) => {
            desk.done(&desk.within("DELETE", &["passcode"], Value::Null)?, "Removed.")
        }
        Command::OrganizationCode(OrganizationCode::Set { code }) => {
            let body = code.map_or_else(|| json!({}), |code| json!({ "code": code }));
            desk.show(&desk.within("PUT", &["organization-code"], body)?, "code")
        }
        Command::OrganizationCode(OrganizationCode::Remove) => {
            desk.done(&desk.within("DELETE", &["organization-code"], Value::Null)?, "Removed.")
        }
        Command::Person(command) => desk.person(command),
        Command::Licence(command) => desk.licence(command),
        Command::Link(command) => desk.link(command),
        Command::Setting(command) => desk.setting(command),
        Command::Rule(command) => desk.rule(command),
        Command::Device(command) => desk.device(command),
        Command::Events(options) => desk.events(options),
        Command::CheckInterval { interval } => desk.check_interval(interval),
    }
}

impl Desk {
    /// The tenant: the one named, or the only one.
    fn tenant_id(&self) -> Result<String, Failed> {
        if let Some(tenant) = &self.tenant {
            return Ok(tenant.clone());
        }
        let answer = self.backend.call(&Call::new("GET", &["tenants"], Value::Null))?;
        let ids: Vec<&str> = answer["tenants"]
            .as_array()
            .map(|tenants| tenants.iter().filter_map(|tenant| tenant["id"].as_str()).collect())
            .unwrap_or_default();
        match ids[..] {
            [only] => Ok(only.to_owned()),
            [] => Err(Failed::Work("there is no organisation yet: tenant add".to_owned())),
            _ => Err(Failed::Use(format!("which organisation? --tenant {}", ids.join(" | ")))),
        }
    }

    fn within(&self, method: &str, path: &[&str], body: Value) -> Result<Call, Failed> {
        let tenant = self.tenant_id()?;
        let mut whole = vec!["tenants", tenant.as_str()];
        whole.extend(path);
        Ok(Call::new(method, &whole, body))
    }

    /// Makes a call and says in one line that it is done.
    fn done(&self, call: &Call, text: &str) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}")
        } else {
            println!("{text}")
        }
        Ok(())
    }

    /// Makes a call and prints one member of the answer.
    fn show(&self, call: &Call, member: &str) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}")
        } else {
            println!("{}", cell(&answer[member]))
        }
        Ok(())
    }

    /// Makes a call and prints its message, or all members.
    fn tell(&self, call: &Call) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{answer}");
        } else if let Some(message) = answer["message"].as_str() {
            println!("{message}");
        } else {
            self.members(&answer);
        }
        Ok(())
    }

    fn members(&self, answer: &Value) {
        let Some(members) = answer.as_object() else { return };
        let width = members.keys().map(String::len).max().unwrap_or(0);
        for (name, value) in members {
            let below = format!("\n{:width$}  ", "");
            println!("{name:width$}  {}", cell(value).replace('\n', &below));
        }
    }

    fn list(&self, call: &Call, member: &str, columns: &[(&str, &str)]) -> Done {
        let answer = self.backend.call(call)?;
        if self.json {
            println!("{}", answer[member]);
        } else {
            let none = Vec::new();
            table::print(answer[member].as_array().unwrap_or(&none), columns);
        }
        Ok(())
    }

    /// All pages of a list.
    fn pages(
        &self,
        path: &[&str],
        member: &str,
        with: &[(&str, String)],
    ) -> Result<Vec<Value>, Failed> {
        let mut rows = Vec::new();
        let mut after = None;
        loop {
            let mut call = self.within("GET", path, Value::Null)?.with("limit", LIST_PIECE);
            for (name, value) in with {
                call = call.with(name, value);
            }
            if let Some(after) = after {
                call = call.with("after", after);
            }
            let mut answer = self.backend.call(&call)?;
            if let Some(page) = answer[member].as_array_mut() {
                rows.append(page);
            }
            match &answer["next"] {
                Value::Null => return Ok(rows),
                next => after = Some(next.as_str().map_or_else(|| next.to_string(), str::to_owned)),
            }
        }
    }

    fn rows(&self, rows: &[Value], columns: &[(&str, &str)]) -> Done {
        if self.json {
            println!("{}", Value::from(rows.to_vec()));
        } else {
            table::print(rows, columns);
        }
        Ok(())
    }

    fn admin(&self, command: AdminCommand) -> Done {
        match command {
            AdminCommand::Add { name } => {
                self.show(&Call::new("POST", &["admins"], json!({ "name": name })), "token")
            }
            AdminCommand::List => {
                let call = Call::new("GET", &["admins"], Value::Null);
                self.list(&call, "admins", &[("NAME", "name"), ("SINCE", "created_at")])
            }
            AdminCommand::Remove { name } => {
                self.done(&Call::new("DELETE", &["admins", &name], Value::Null), "Removed.")
            }
        }
    }

    fn tenant(&self, command: Tenant) -> Done {
        match command {
            Tenant::Add { id, name, support: given } => {
                let body = json!({"id": id, "name": name, "support": support(given)});
                let answer = self.backend.call(&Call::new("POST", &["tenants"], body))?;
                if self.json {
                    println!("{answer}");
                } else {
                    println!("{} is ready.", cell(&answer["name"]));
                    println!("Policy key thumbprint: {}", cell(&answer["policy_key_thumbprint"]));
                }
                Ok(())
            }
            Tenant::List => {
                let columns = [
                    ("ID", "id"),
                    ("NAME", "name"),
                    ("PEOPLE", "people"),
                    ("CONTACTS", "contacts"),
                    ("DEVICES", "devices"),
                ];
                self.list(&Call::new("GET", &["tenants"], Value::Null), "tenants", &columns)
            }
            Tenant::Show { id } => {
                let id = id.map_or_else(|| self.tenant_id(), Ok)?;
                let answer =
                    self.backend.call(&Call::new("GET", &["tenants", &id], Value::Null))?;
                if self.json {
                    println!("{answer}")
                } else {
                    self.members(&answer)
                }
                Ok(())
            }
            Tenant::Set {
                name,
                support: given,
                offline_grace,
                listed_devices_only,
                customer_id,
                app_update,
            } => {
                let mut body = Map::new();
                if let Some(name) = name {
                    body.insert("name".into(), json!(name));
                }
                let given = support(given);
                if !given.is_empty() {
                    body.insert("support".into(), Value::Object(given));
                }
                if let Some(grace) = offline_grace {
                    body.insert("offline_grace_s".into(), json!(seconds_of(&grace)?));
                }
                if let Some(only) = listed_devices_only {
                    body.insert("listed_devices_only".into(), json!(only));
                }
                let mut ids = Map::new();
                for text in &customer_id {
                    let (name, id) = pair(text)?;
                    ids.insert(name.to_owned(), json!(id));
                }
                if !ids.is_empty() {
                    body.insert("customer_ids".into(), Value::Object(ids));
                }
                let mut updates = Map::new();
                for text in &app_update {
                    let (platform, rest) = pair(text)?;
                    let (latest, url) = rest
                        .split_once(',')
                        .ok_or_else(|| Failed::Use(format!("{text}: VERSION,URL is wanted")))?;
                    updates.insert(platform.to_owned(), json!({"latest": latest, "url": url}));
                }
                if !updates.is_empty() {
                    body.insert("update".into(), Value::Object(updates));
                }
                if body.is_empty() {
                    return Err(Failed::Use("nothing to change was given".to_owned()));
                }
                self.done(&self.within("PATCH", &[], Value::Object(body))?, "Changed.")
            }
            Tenant::Resync => self.tell(&self.within("POST", &["resync"], Value::Null)?),
        }
    }

    fn person(&self, command: Person) -> Done {
        let named = |action: &str, people: Vec<String>| -> Done {
            self.tell(&self.within("POST", &["people", action], json!({ "people": people }))?)
        };
        match command {
            Person::Add(add) => self.add_person(*add),
            Person::Import { file } => self.import(&file),
            Person::List => {
                let rows = self.pages(&["people"], "people", &[])?;
                let columns = [("NAME", "name"), ("E-MAIL", "email"), ("REVOKED", "revoked_at")];
                self.rows(&rows, &columns)
            }
            Person::Revoke { people } => named("revoke", people),
            Person::Remove { people } => named("remove", people),
            Person::Readmit { people } => named("readmit", people),
        }
    }

    fn add_person(&self, add: PersonAdd) -> Done {
        let photo = match &add.photo {
            Some(path) => STANDARD.encode(std::fs::read(path).map_err(|error| {
                Failed::Work(format!("{} can't be read: {error}", path.display()))
            })?),
            None => String::new(),
        };
        let input = PersonInput {
            first_name: add.first_name,
            last_name: add.last_name,
            email: add.email,
            phone: add.phone,
            mobile: add.mobile,
            organization: add.organization,
            department: add.department,
            title: add.title,
            category: add.category,
            photo,
            vcard: String::new(),
        };
        self.done(&self.within("POST", &["people"], json!(input))?, "Added.")
    }

    fn import(&self, file: &Path) -> Done {
        let list = list::read(file).map_err(Failed::Work)?;
        let mut skipped: Vec<Value> = list.skipped.iter().map(|skipped| json!(skipped)).collect();
        let (mut added, mut updated, mut unchanged) = (0, 0, 0);
        let progress = std::io::stderr().is_terminal() && !self.json;
        let mut call = self.within("POST", &["people", "import"], Value::Null)?;
        for (index, piece) in list.people.chunks(IMPORT_PIECE).enumerate() {
            if progress {
                eprint!("\r{} of {}", index * IMPORT_PIECE, list.people.len());
            }
            let people: Vec<&PersonInput> = piece.iter().map(|(_, person)| person).collect();
            call.body = json!({ "people": people });
            let answer = self.backend.call(&call)?;
            added += answer["added"].as_i64().unwrap_or(0);
            updated += answer["updated"].as_i64().unwrap_or(0);
            unchanged += answer["unchanged"].as_i64().unwrap_or(0);
            for refused in answer["skipped"].as_array().into_iter().flatten() {
                // The server counts within the piece; the admin counts in the file.
                let at = refused["row"].as_u64().and_then(|row| usize::try_from(row).ok());
                let row = at.and_then(|row| piece.get(row.saturating_sub(1))).map(|(row, _)| *row);
                skipped.push(json!({"row": row, "reason": refused["reason"]}));
            }
        }
        if progress {
            eprint!("\r\x1b[K");
        }
        let taken = added + updated + unchanged;
        if self.json {
            println!(
                "{}",
                json!({"added": added, "updated": updated, "unchanged": unchanged, "skipped": skipped})
            );
        } else {
            println!("{added} added, {updated} updated, {unchanged} unchanged");
            for entry in &skipped {
                eprintln!("entry {} was skipped: {}", cell(&entry["row"]), cell(&entry["reason"]));
            }
        }
        if taken == 0 && !skipped.is_empty() {
            return Err(Failed::Work("nobody could be imported".to_owned()));
        }
        Ok(())
    }

    fn licence(&self, command: Licence) -> Done {
        match command {
            Licence::Add { username, password, password_file, seats, person } => {
                let password = match (password, password_file) {
                    (Some(password), _) => password,
                    (None, Some(path)) => first_line(&path)?,
                    (None, None) => String::new(),
                };
                let body = json!({
                    "username": username, "password": password, "seats": seats, "person": person,
                });
                self.done(&self.within("POST", &["licences"], body)?, "Added.")
            }
            Licence::List => {
                let columns = [
                    ("USER NAME", "username"),
                    ("PERSON", "person"),
                    ("SEATS", "seats"),
                    ("TAKEN", "seats_taken"),
                    ("REVOKED", "revoked_at"),
                ];
                let call = self.within("GET", &["licences"], Value::Null)?;
                self.list(&call, "licences", &columns)
            }
            Licence::Revoke { username } => {
                let call = self.within("DELETE", &["licences", &username], Value::Null)?;
                self.done(&call, "Withdrawn.")
            }
        }
    }

    fn link(&self, command: Link) -> Done {
        match command {
            Link::New { person, host, server, valid_hours, qr } => {
                let body = json!({
                    "person": person, "host": host, "server": server, "valid_hours": valid_hours,
                });
                let answer = self.backend.call(&self.within("POST", &["links"], body)?)?;
                if let Some(path) = qr {
                    let url = answer["url"].as_str().unwrap_or_default();
                    let code = qrcode::QrCode::new(url).map_err(Failed::work)?;
                    let svg = code.render::<qrcode::render::svg::Color<'_>>().build();
                    std::fs::write(&path, svg).map_err(|error| {
                        Failed::Work(format!("{} can't be written: {error}", path.display()))
                    })?;
                }
                if self.json {
                    println!("{answer}")
                } else {
                    println!("{}", cell(&answer["url"]))
                }
                Ok(())
            }
            Link::List => {
                let columns = [
                    ("STATE", "state"),
                    ("PERSON", "person"),
                    ("EXPIRES", "expires_at"),
                    ("USED", "used_at"),
                    ("BY", "used_by"),
                ];
                self.list(&self.within("GET", &["links"], Value::Null)?, "links", &columns)
            }
        }
    }

    fn setting(&self, command: Setting) -> Done {
        let of = |call: Call, person: Option<String>| match person {
            Some(person) => call.with("person", person),
            None => call,
        };
        match command {
            Setting::Set { key, value, person } => {
                let body = json!({ "value": value_of(&value) });
                self.done(&of(self.within("PUT", &["settings", &key], body)?, person), "Set.")
            }
            Setting::Unset { key, person } => {
                let call = self.within("DELETE", &["settings", &key], Value::Null)?;
                self.done(&of(call, person), "Unset.")
            }
            Setting::List { person } => {
                let call = of(self.within("GET", &["settings"], Value::Null)?, person);
                let answer = self.backend.call(&call)?;
                let settings = &answer["settings"];
                if self.json {
                    println!("{settings}");
                } else if settings.as_object().is_none_or(Map::is_empty) {
                    println!("(none)");
                } else {
                    for (key, value) in settings.as_object().into_iter().flatten() {
                        println!("{key} = {value}");
                    }
                }
                Ok(())
            }
        }
    }

    fn rule(&self, command: Rule) -> Done {
        match command {
            Rule::Set(set) => {
                let (id, rule) = rule_of(set)?;
                self.done(&self.within("PUT", &["rules", &id], rule)?, "Set.")
            }
            Rule::Remove { id } => {
                self.done(&self.within("DELETE", &["rules", &id], Value::Null)?, "Removed.")
            }
            Rule::List => {
                let columns = [
                    ("ID", "id"),
                    ("SIGNAL", "signal"),
                    ("OP", "op"),
                    ("VALUE", "value"),
                    ("SEVERITY", "severity"),
                    ("GRACE (S)", "grace_s"),
                    ("ACTION", "action"),
                ];
                self.list(&self.within("GET", &["rules"], Value::Null)?, "rules", &columns)
            }
        }
    }

    fn device(&self, command: Device) -> Done {
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

    fn events(&self, options: Events) -> Done {
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

    fn check_interval(&self, interval: Option<String>) -> Done {
        match interval {
            Some(interval) => {
                let body = json!({ "next_check_s": seconds_of(&interval)? });
                self.done(&self.within("PATCH", &[], body)?, "Set.")
            }
            None => {
                let answer = self.backend.call(&self.within("GET", &[], Value::Null)?)?;
                let seconds = &answer["next_check_s"];
                if self.json {
                    println!("{}", json!({ "next_check_s": seconds }));
                } else {
                    println!("{}", words_of(seconds));
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }
}
