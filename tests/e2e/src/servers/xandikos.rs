//! Xandikos: a git repository, one commit for many cards.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Process;

pub(super) const BOOK: &str = "/user/contacts/addressbook/";

pub(super) fn run(folder: &Path) -> Process {
    Process::start("xandikos", folder, |port| {
        vec![
            "serve".into(),
            "--defaults".into(),
            "--no-detect-systemd".into(),
            "--directory".into(),
            folder.join("storage").into(),
            "--state-dir".into(),
            folder.join("state").into(),
            "--listen-address=127.0.0.1".into(),
            format!("--port={port}").into(),
        ]
    })
}

/// Commits with dulwich, the git library that Xandikos itself uses.
const COMMIT: &str = "\
import sys
from dulwich.repo import Repo
with Repo(sys.argv[1]) as repo:
    tree = repo.get_worktree()
    tree.stage([line.rstrip('\\n') for line in open(sys.argv[2])])
    tree.commit(message=b'Fill', author=b'Test <test@muster.example>',
                committer=b'Test <test@muster.example>')
";

pub(super) fn write(folder: &Path, cards: &[(String, String)]) {
    let book = folder.join("storage").join(BOOK.trim_matches('/'));
    let names = folder.join("names");
    let list: String = cards.iter().map(|(name, _)| format!("{name}\n")).collect();
    fs::write(&names, list).expect("the list of cards");
    for (name, card) in cards {
        fs::write(book.join(name), card).expect("a card in Xandikos' storage");
    }
    let output = Command::new(super::process::python())
        .args(["-c", COMMIT])
        .args([&book, &names])
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
