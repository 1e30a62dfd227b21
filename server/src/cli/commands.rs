//! What each command does; those about people and devices have files of their own.

use serde_json::{Map, Value, json};

use super::args::{
    AdminCommand, Args, Command, Licence, Link, OrganizationCode, Passcode, Rule, Setting, Tenant,
};
use super::backend::Backend;
use super::context::{Context, Done, Failed};
use super::serve;
use super::table::cell;
use super::values::{first_line, pair, rule_of, seconds_of, support, value_of, words_of};
use crate::admin::Call;

pub(super) fn run(args: Args) -> Done {
    let Args { common, command } = args;
    match command {
        Command::Serve(options) => return serve::serve(&common, options),
        Command::Init { admin } => return serve::init(&common, &admin),
        _ => {}
    }
    let context = Context {
        backend: Backend::open(&common)?,
        tenant: common.tenant.clone(),
        json: common.json,
    };
    match command {
        Command::Serve(_) | Command::Init { .. } => Ok(()),
        Command::Admin(command) => context.admin(command),
        Command::Approvals => {
            let columns =
                [("ID", "id"), ("TENANT", "tenant"), ("ASKED BY", "asked_by"), ("AT", "asked_at")];
            context.list(&Call::new("GET", &["approvals"], Value::Null), "approvals", &columns)
        }
        Command::Approve { id } => {
            context.tell(&Call::new("POST", &["approvals", &id], Value::Null))
        }
        Command::Tenant(command) => context.tenant(command),
        Command::Passcode(Passcode::Set { passcode }) => {
            let body =
                passcode.map_or_else(|| json!({}), |passcode| json!({ "passcode": passcode }));
            context.show(&context.within("PUT", &["passcode"], body)?, "passcode")
        }
        Command::Passcode(Passcode::Remove) => {
            context.done(&context.within("DELETE", &["passcode"], Value::Null)?, "Removed.")
        }
        Command::OrganizationCode(OrganizationCode::Set { code }) => {
            let body = code.map_or_else(|| json!({}), |code| json!({ "code": code }));
            context.show(&context.within("PUT", &["organization-code"], body)?, "code")
        }
        Command::OrganizationCode(OrganizationCode::Remove) => context
            .done(&context.within("DELETE", &["organization-code"], Value::Null)?, "Removed."),
        Command::Person(command) => context.person(command),
        Command::Licence(command) => context.licence(command),
        Command::Link(command) => context.link(command),
        Command::Setting(command) => context.setting(command),
        Command::Rule(command) => context.rule(command),
        Command::Device(command) => context.device(command),
        Command::Events(options) => context.events(options),
        Command::CheckInterval { interval } => context.check_interval(interval),
    }
}

impl Context {
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
