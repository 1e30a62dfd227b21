//! Commands about people.

use std::io::IsTerminal as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::args::{Person, PersonAdd};
use super::context::{Context, Done, Failed};
use super::table::cell;
use crate::people::PersonInput;
use crate::people::list;

/// People sent in one call of an import.
const IMPORT_PIECE: usize = 250;

impl Context {
    pub(super) fn person(&self, command: Person) -> Done {
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
}
