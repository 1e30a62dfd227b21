//! Radicale: files in a folder, one per card.

use std::fs;
use std::path::Path;

use super::{Login, Process};

pub(super) const BOOK: &str = "/anna/people/";
pub(super) const LOGIN: Login = Login { username: "anna", password: "raps-und-roggen" };

/// Configuration, password file and an empty book.
pub(super) fn prepare(folder: &Path) {
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).expect("a file in the server's folder");
    };
    write("users", &format!("{}:{}\n", LOGIN.username, LOGIN.password));
    write(
        "config",
        &format!(
            "[auth]\ntype = htpasswd\nhtpasswd_filename = {users}\nhtpasswd_encryption = plain\n\
             delay = 0\n[storage]\nfilesystem_folder = {storage}\n[logging]\nlevel = warning\n",
            users = folder.join("users").display(),
            storage = folder.join("storage").display(),
        ),
    );
    let book = book(folder);
    fs::create_dir_all(&book).expect("the folder of the book");
    let props = r#"{"tag": "VADDRESSBOOK", "D:displayname": "Kolleginnen und Kollegen"}"#;
    fs::write(book.join(".Radicale.props"), props).expect("the properties of the book");
}

pub(super) fn run(folder: &Path) -> Process {
    Process::start("radicale", folder, |port| {
        let config = folder.join("config");
        vec!["--config".into(), config.into(), "--hosts".into(), format!("127.0.0.1:{port}").into()]
    })
}

pub(super) fn write(folder: &Path, cards: &[(String, String)]) {
    let book = book(folder);
    for (name, card) in cards {
        fs::write(book.join(name), card).expect("a card in Radicale's storage");
    }
}

fn book(folder: &Path) -> std::path::PathBuf {
    folder.join("storage/collection-root").join(BOOK.trim_matches('/'))
}
