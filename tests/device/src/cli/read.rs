//! Commands that only look.
use std::path::Path;

use muster_core::contacts::directory::{ContactView, DirectoryError, Page};
use muster_core::ids::Language;
use muster_core::messages::detail_label;
use serde_json::Value;

use super::args::Args;
use super::{Outcome, Trouble, open_to_read, print_json, table};
use crate::phone::{Phone, write_whole};

fn to_value(view: impl serde::Serialize) -> Result<Value, Trouble> {
    serde_json::to_value(view).map_err(|e| Trouble::new(format!("the answer can't be shown: {e}")))
}

/// A member as text; nothing for one that is absent.
fn cell(value: &Value, path: &str) -> String {
    match value.pointer(path) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().map(|item| cell(item, "")).collect::<Vec<_>>().join(", ")
        }
        Some(other) => other.to_string(),
    }
}

fn rows(list: &Value, paths: &[&str]) -> Vec<Vec<String>> {
    let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().map(|item| paths.iter().map(|path| cell(item, path)).collect()).collect()
}

pub(super) fn status(args: &Args) -> Outcome {
    let phone = open_to_read(args)?;
    let status = to_value(phone.agent.status())?;
    if args.json {
        return print_json(&status);
    }
    print_status(&status);
    Ok(())
}

/// The state in short, a line each.
pub(super) fn print_status(status: &Value) {
    let person = ["/person/first_name", "/person/last_name", "/person/email"]
        .map(|path| cell(status, path))
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let organization = match cell(status, "/organization/name") {
        name if name.is_empty() => String::new(),
        name => format!("{name} ({})", cell(status, "/organization/host")),
    };
    let books = match cell(status, "/contacts/books").as_str() {
        "1" => "1 address book".to_owned(),
        books => format!("{books} address books"),
    };
    let contacts = format!(
        "{} in {books}, {} unreadable, last sync {}",
        cell(status, "/contacts/count"),
        cell(status, "/contacts/skipped"),
        Some(cell(status, "/contacts/last_sync"))
            .filter(|t| !t.is_empty())
            .as_deref()
            .unwrap_or("never"),
    );
    let outbox = ["pending", "held", "quarantined", "dropped"]
        .map(|name| format!("{} {name}", cell(status, &format!("/outbox/{name}"))))
        .join(", ");
    table::print_pairs(
        &[
            ("licence", cell(status, "/licence/phase")),
            ("because", cell(status, "/licence/cause")),
            ("hidden by", cell(status, "/licence/holds")),
            ("asks for", cell(status, "/licence/prompt")),
            ("message", cell(status, "/licence/message")),
            ("next check", cell(status, "/licence/next_check")),
            ("organization", organization),
            ("person", person),
            ("contacts", contacts),
            ("compliance", cell(status, "/compliance/state")),
            ("reports", outbox),
            ("configuration", cell(status, "/config/version")),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect::<Vec<_>>(),
    );
}

pub(super) fn config(args: &Args) -> Outcome {
    let phone = open_to_read(args)?;
    let config = to_value(phone.agent.config())?;
    if args.json {
        return print_json(&config);
    }
    let paths = ["/key", "/value", "/state", "/from", "/layer", "/notes"];
    let mut set = rows(&config["settings"], &paths);
    for (row, setting) in set.iter_mut().zip(config["settings"].as_array().into_iter().flatten()) {
        // Whole sentences.
        row[5] = rows(&setting["notes"], &[""]).concat().join(" ");
    }
    set.retain(|row| row[2] != "absent" || row[4] != "default");
    table::print(&["setting", "value", "state", "from", "layer", "notes"], &set);
    for unknown in rows(&config["unknown"], &["/key", "/meant"]) {
        match unknown[1].as_str() {
            "" => say!("unknown: {}", unknown[0]),
            meant => say!("unknown: {} (is {meant} meant?)", unknown[0]),
        }
    }
    Ok(())
}

pub(super) fn findings(args: &Args) -> Outcome {
    let phone = open_to_read(args)?;
    let findings = to_value(phone.agent.findings())?;
    if args.json {
        return print_json(&findings);
    }
    for row in rows(&findings, &["/severity", "/title", "/explanation", "/due", "/action"]) {
        say!("{}: {}\n    {}", row[0], row[1], row[2]);
        if !row[3].is_empty() {
            say!("    until {}", row[3]);
        }
        if !row[4].is_empty() {
            say!("    → {}", row[4]);
        }
    }
    if findings.as_array().is_some_and(Vec::is_empty) {
        say!("Nothing is wrong with this phone.");
    }
    Ok(())
}

/// Why the people can't be read, in plain words.
fn closed(phone: &Phone, error: &DirectoryError) -> Trouble {
    match error {
        DirectoryError::Locked => {
            let text = phone.agent.why_hidden();
            Trouble::new(format!("{} {}", text.text, text.next))
        }
        other => Trouble::new(format!("{other}")),
    }
}

pub(super) fn contacts(args: &Args, limit: usize) -> Outcome {
    let phone = open_to_read(args)?;
    let list =
        phone.agent.directory().contacts(Page::first(limit)).map_err(|e| closed(&phone, &e))?;
    if args.json {
        return print_json(&to_value(list)?);
    }
    let row = |ContactView { id, record }: ContactView| {
        let number = record.phones.into_iter().next().map(|phone| phone.number);
        let rest = [record.organization, record.department, record.title, number];
        [id, record.name.display]
            .into_iter()
            .chain(rest.map(Option::unwrap_or_default))
            .collect::<Vec<String>>()
    };
    let header = ["id", "name", "organization", "department", "position", "phone"];
    table::print(&header, &list.into_iter().map(row).collect::<Vec<_>>());
    Ok(())
}

pub(super) fn contact(args: &Args, id: &str) -> Outcome {
    let phone = open_to_read(args)?;
    let contact = phone.agent.directory().contact(id).map_err(|e| closed(&phone, &e))?;
    if args.json {
        return print_json(&to_value(contact)?);
    }
    let details = contact.record.details();
    let labels: Vec<String> = details
        .iter()
        .map(|detail| detail_label(detail.kind, Language::En).to_lowercase())
        .collect();
    let record = contact.record;
    let mut pairs = vec![
        ("name", record.name.display),
        ("organization", record.organization.unwrap_or_default()),
        ("position", record.title.unwrap_or_default()),
    ];
    for phone in record.phones {
        pairs.push(("phone", format!("{} ({})", phone.number, phone.kind.as_str())));
    }
    for email in record.emails {
        pairs.push(("e-mail", format!("{} ({})", email.address, email.kind.as_str())));
    }
    for (label, detail) in labels.iter().zip(details) {
        pairs.push((label, detail.text.replace('\n', ", ")));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    table::print_pairs(&pairs);
    Ok(())
}

pub(super) fn photo(args: &Args, id: &str, out: &Path) -> Outcome {
    let phone = open_to_read(args)?;
    let directory = phone.agent.directory();
    let photo = directory.photo(id).map_err(|error| match error {
        // The directory answers the same for "no such person".
        DirectoryError::NotFound if directory.contact(id).is_ok() => {
            Trouble::new("this person has no photo")
        }
        error => closed(&phone, &error),
    })?;
    write_whole(out, &photo)
        .map_err(|e| Trouble::new(format!("{} can't be written: {e}", out.display())))?;
    if args.json {
        return print_json(&serde_json::json!({ "bytes": photo.len() }));
    }
    say!("{} bytes", photo.len());
    Ok(())
}

pub(super) fn search(args: &Args, query: &str) -> Outcome {
    let phone = open_to_read(args)?;
    let hits = phone.agent.directory().search(query).map_err(|e| closed(&phone, &e))?;
    let hits = to_value(hits)?;
    if args.json {
        return print_json(&hits);
    }
    let paths = ["/id", "/name", "/organization", "/title"];
    table::print(&["id", "name", "organization", "position"], &rows(&hits, &paths));
    Ok(())
}

pub(super) fn caller(args: &Args, number: &str) -> Outcome {
    let phone = open_to_read(args)?;
    let caller = phone.agent.directory().look_up_caller(number).map_err(|e| closed(&phone, &e))?;
    let caller = to_value(caller)?;
    if args.json {
        return print_json(&caller);
    }
    match cell(&caller, "/match").as_str() {
        "none" => say!("Nobody here has this number."),
        "ambiguous" => say!("One of: {}", names(&caller)),
        _ => say!("{}", names(&caller)),
    }
    Ok(())
}

fn names(caller: &Value) -> String {
    rows(&caller["contacts"], &["/name"]).concat().join(", ")
}

pub(super) fn report(args: &Args) -> Outcome {
    let phone = open_to_read(args)?;
    let reports = to_value(phone.agent.reports())?;
    if args.json {
        return print_json(&reports);
    }
    let list = reports.as_array().map(Vec::as_slice).unwrap_or_default();
    for report in list {
        print_json(report)?;
    }
    if list.is_empty() {
        say!("Nothing was sent yet.");
    }
    Ok(())
}
