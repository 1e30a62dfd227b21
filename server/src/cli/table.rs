//! Plain tables for people.

use serde_json::Value;

/// Prints rows with these columns: title, and where the value is.
pub(super) fn print(rows: &[Value], columns: &[(&str, &str)]) {
    print!("{}", format(rows, columns));
}

pub(super) fn format(rows: &[Value], columns: &[(&str, &str)]) -> String {
    if rows.is_empty() {
        return "(none)\n".to_owned();
    }
    let mut lines = vec![columns.iter().map(|(title, _)| (*title).to_owned()).collect::<Vec<_>>()];
    lines.extend(
        rows.iter().map(|row| columns.iter().map(|(_, member)| cell(&row[*member])).collect()),
    );
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// A value in a table.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "-".to_owned(),
        Value::Array(values) => {
            // Of things with members, each has a line of its own.
            let between = if values.iter().any(Value::is_object) { "\n" } else { ", " };
            values.iter().map(cell).collect::<Vec<_>>().join(between)
        }
        Value::Object(members) => {
            let told = members.iter().filter(|(_, value)| !value.is_null());
            let told: Vec<String> =
                told.map(|(name, value)| format!("{name} {}", cell(value))).collect();
            if told.is_empty() { "-".to_owned() } else { told.join(", ") }
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = [json!({"a": "Müller", "b": null}), json!({"a": "x", "b": true})];
        assert_eq!(
            format(&rows, &[("NAME", "a"), ("OK", "b")]),
            "NAME    OK\nMüller  -\nx       yes\n"
        );
        assert_eq!(format(&[], &[("NAME", "a")]), "(none)\n");
    }

    #[test]
    fn what_has_members_is_told_in_words() {
        let commands =
            json!([{"kind": "lock", "outcome": null}, {"kind": "sync", "outcome": "done"}]);
        assert_eq!(cell(&commands), "kind lock\nkind sync, outcome done");
        assert_eq!(cell(&json!({"email": "help@acme.example"})), "email help@acme.example");
        assert_eq!((cell(&json!({})), cell(&json!([]))), ("-".to_owned(), "-".to_owned()));
    }
}
