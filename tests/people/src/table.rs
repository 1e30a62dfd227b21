//! People as CSV (RFC 4180), as an HR system exports them: no photos, a header row, commas.
use crate::{Person, PhoneKind};

/// The columns, in order.
pub const COLUMNS: [&str; 12] = [
    "uid",
    "first_name",
    "last_name",
    "email",
    "organization",
    "department",
    "title",
    "phone",
    "mobile",
    "category",
    "employee_id",
    "note",
];

/// The whole table, header first, lines ended by CR LF. Several categories are separated by a comma inside the cell.
pub fn csv(people: &[Person]) -> String {
    let mut out = row(&COLUMNS);
    for person in people {
        let phone = |kind| person.phone(kind).map_or("", |p| p.written.as_str());
        out += &row(&[
            &person.uid,
            &person.given,
            &person.family,
            &person.email,
            person.organization,
            person.department,
            person.title,
            phone(PhoneKind::Work),
            phone(PhoneKind::Mobile),
            &person.categories.join(","),
            &person.employee_id,
            person.note.as_deref().unwrap_or(""),
        ]);
    }
    out
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|c| cell(c)).collect();
    cells.join(",") + "\r\n"
}

fn cell(value: &str) -> String {
    if value.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
