//! What is generated, and whether it and everything beside it keeps what it promises. Each check
//! that looks through the repository has a control: an offence made up for it must be found.
mod application_id;
mod outputs;
mod readers;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Reads a file of the repository.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// What is built, fetched or generated, and git's own.
const NOT_OURS: &[&str] = &["target", "build", "Generated", ".build", ".git", ".gradle"];

/// Every text file under `folder` whose name ends in one of `extensions` (all if there are none):
/// its path from the root, and its content.
fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder)).expect("a folder of the repository") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = folder.join(&name);
            let kind = entry.file_type().expect("a type");
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
                open.push(path);
            } else if kind.is_file() && (extensions.is_empty() || extensions.contains(&&*extension))
                // What is not text is a picture, a library or a database.
                && let Ok(text) = fs::read_to_string(root.join(&path))
            {
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no files");
    found
}
