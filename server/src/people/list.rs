//! Lists of people from files: CSV and vCard.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::PersonInput;

/// An entry that can't be taken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Skipped {
    /// Which entry, counted from 1; the header line of a CSV file is not counted.
    pub row: usize,
    /// Why.
    pub reason: String,
}

/// A list as read.
#[derive(Debug, Default)]
pub struct List {
    /// Entries with their number.
    pub people: Vec<(usize, PersonInput)>,
    /// Entries that can't be read.
    pub skipped: Vec<Skipped>,
}

/// Reads a `.csv` or `.vcf` file.
///
/// # Errors
/// For the admin: why the file as a whole can't be read.
pub fn read(path: &Path) -> Result<List, String> {
    let bytes = std::fs::read(path)
        .map_err(|error| format!("{} can't be read: {error}", path.display()))?;
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
    match extension.as_str() {
        "csv" => csv(&decode(bytes), path.parent().unwrap_or(Path::new("."))),
        "vcf" | "vcard" => vcards(&decode(bytes)),
        _ => Err(format!("{}: the name must end in .csv or .vcf", path.display())),
    }
}

/// UTF-8, else Latin-1: what spreadsheets and old address books save.
fn decode(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes)
        .unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    text.trim_start_matches('\u{feff}').to_owned()
}

/// Reads CSV with a header line. Columns may stand in any order; `;` or tab as separator is
/// recognised. A photo is base64, or a file beside the list.
///
/// # Errors
/// When there is no usable header.
pub fn csv(text: &str, folder: &Path) -> Result<List, String> {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator| header.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().max_by_key(|c| count(*c)).unwrap_or(',');
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(u8::try_from(separator).unwrap_or(b','))
        .flexible(true)
        .trim(::csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| error.to_string())?.clone();
    let columns: Vec<String> =
        columns.iter().map(|c| c.to_lowercase().replace([' ', '-'], "_")).collect();
    let known = |name: &str| columns.iter().any(|column| column == name);
    if !["first_name", "last_name", "email"].into_iter().any(known) {
        return Err("the first line must name the columns; at least one of first_name, last_name \
                    and email is needed"
            .to_owned());
    }
    let mut list = List::default();
    for (index, record) in reader.records().enumerate() {
        let row = index + 1;
        let mut skip = |reason: String| list.skipped.push(Skipped { row, reason });
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                skip(error.to_string());
                continue;
            }
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let field = |name: &str| {
            let index = columns.iter().position(|column| column == name)?;
            record.get(index)
        };
        let text = |name: &str| field(name).unwrap_or_default().to_owned();
        let photo = match field("photo").filter(|photo| !photo.is_empty()) {
            Some(photo) => match self::photo(photo, folder) {
                Ok(photo) => photo,
                Err(reason) => {
                    skip(reason);
                    continue;
                }
            },
            None => String::new(),
        };
        list.people.push((
            row,
            PersonInput {
                first_name: text("first_name"),
                last_name: text("last_name"),
                email: text("email"),
                phone: text("phone"),
                mobile: text("mobile"),
                organization: text("organization"),
                department: text("department"),
                title: text("title"),
                category: text("category"),
                photo,
                vcard: String::new(),
            },
        ));
    }
    Ok(list)
}

/// A photo cell: a data URI, plain base64, or the name of a file.
fn photo(cell: &str, folder: &Path) -> Result<String, String> {
    if let Some((_, data)) = cell.strip_prefix("data:").and_then(|uri| uri.split_once(',')) {
        return Ok(data.to_owned());
    }
    // JPEG and PNG in base64 begin so; no file name is that long.
    if (cell.starts_with("/9j/") || cell.starts_with("iVBOR")) && cell.len() > 100 {
        return Ok(cell.to_owned());
    }
    let path = folder.join(cell);
    let bytes = std::fs::read(&path)
        .map_err(|error| format!("the photo {} can't be read: {error}", path.display()))?;
    Ok(STANDARD.encode(bytes))
}

/// Takes a file of vCards apart.
///
/// # Errors
/// When there is none in it.
pub fn vcards(text: &str) -> Result<List, String> {
    let mut list = List::default();
    let (mut card, mut inside, mut row) = (String::new(), false, 0);
    for line in text.lines() {
        let word = line.trim();
        if word.eq_ignore_ascii_case("BEGIN:VCARD") {
            if inside {
                list.skipped.push(Skipped { row, reason: "END:VCARD is missing".to_owned() });
            }
            card.clear();
            inside = true;
            row += 1;
        }
        if inside {
            card.push_str(line.trim_end_matches('\r'));
            card.push('\n');
        }
        if inside && word.eq_ignore_ascii_case("END:VCARD") {
            inside = false;
            let vcard = std::mem::take(&mut card);
            list.people.push((row, PersonInput { vcard, ..PersonInput::default() }));
        }
    }
    if inside {
        list.skipped.push(Skipped { row, reason: "END:VCARD is missing".to_owned() });
    }
    if row == 0 {
        return Err("there is no vCard in the file".to_owned());
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_in_any_order_with_any_separator() {
        let text = "E-Mail;Last Name;first_name;email\nx;Müller;Jörg;jm@example.com\n;;;\n";
        let list = csv(text, Path::new(".")).unwrap();
        assert_eq!(list.people.len(), 1);
        let (row, person) = &list.people[0];
        assert_eq!((*row, person.last_name.as_str()), (1, "Müller"));
        assert_eq!(person.email, "jm@example.com");
        assert!(csv("a,b\n1,2\n", Path::new(".")).is_err());
    }

    #[test]
    fn a_missing_photo_skips_its_row_only() {
        let text = "first_name,photo\nAnna,none.jpg\nBert,\n";
        let list = csv(text, Path::new("/nowhere")).unwrap();
        assert_eq!(list.people.len(), 1);
        assert_eq!(list.skipped[0].row, 1);
    }

    #[test]
    fn several_vcards_in_a_file() {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD\r\nbegin:vcard\nFN:B\n\
                    BEGIN:VCARD\nFN:C\nEND:VCARD\n";
        let list = vcards(text).unwrap();
        assert_eq!(list.people.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(list.skipped, [Skipped { row: 2, reason: "END:VCARD is missing".into() }]);
        assert!(list.people[0].1.vcard.ends_with("END:VCARD\n"));
        assert!(!list.people[0].1.vcard.contains('\r'));
        assert!(vcards("nothing").is_err());
    }
}
