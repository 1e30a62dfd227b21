//! One order of imports and one of derives, in every Rust file: rustfmt keeps the order within a
//! group of imports, but can't make the groups, and knows no order of derives.
use std::fs;
use std::path::Path;

/// Whose a `use` is, in the order in which they stand, with an empty line between two kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kind {
    /// `std`, `core`, `alloc`.
    Standard,
    /// Every other crate, those of this repository among them.
    Crate,
    /// `crate`, `super`, `self`, modules of the file, and variants of a type by its bare name.
    Own,
}

/// The order of derives. Whatever else is derived comes behind them.
const DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "PartialEq",
    "Eq",
    "PartialOrd",
    "Ord",
    "Hash",
    "Debug",
    "Default",
    "Serialize",
    "Deserialize",
];

/// What is wrong with the imports at the top of a file: `pub use` and `mod` stand where they like.
fn imports(path: &str, text: &str) -> Vec<String> {
    let modules: Vec<&str> = text.lines().filter_map(module).collect();
    let mut found = Vec::new();
    // The kind of the import before, and whether there was an empty line since.
    let mut before: Option<(Kind, bool)> = None;
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line.is_empty() {
            before = before.map(|(kind, _)| (kind, true));
            continue;
        }
        let is_use = line.strip_prefix("use ");
        if is_use.is_none() && !may_stand_between(line) {
            break;
        }
        if let Some(what) = is_use {
            let kind = kind(what, &modules);
            match before {
                Some((last, _)) if kind < last => found.push(format!("{path}:{}: {line}", at + 1)),
                Some((last, gap)) if gap != (kind != last) => {
                    found.push(format!("{path}:{}: the empty line before {line}", at + 1));
                }
                _ => {}
            }
            before = Some((kind, false));
        }
        if !line.ends_with(';') && (is_use.is_some() || line.starts_with("pub")) {
            // To its end.
            lines.by_ref().find(|(_, line)| line.ends_with(';'));
        }
    }
    found
}

/// The name in `mod name;`.
fn module(line: &str) -> Option<&str> {
    line.split_once("mod ")?.1.strip_suffix(';')
}

fn kind(what: &str, modules: &[&str]) -> Kind {
    let first = what.split([':', ';', ' ']).next().unwrap_or_default();
    match first {
        "std" | "core" | "alloc" => Kind::Standard,
        "crate" | "super" | "self" => Kind::Own,
        name if modules.contains(&name) || name.starts_with(char::is_uppercase) => Kind::Own,
        _ => Kind::Crate,
    }
}

/// Lines among the imports that end them not.
fn may_stand_between(line: &str) -> bool {
    let public = line.starts_with("pub") && line.contains("use ");
    public || line.starts_with("//") || line.starts_with('#') || module(line).is_some()
}

/// The lists of derives that are in another order.
fn derives(path: &str, text: &str) -> Vec<String> {
    let lists = text.split("derive(").skip(1).filter_map(|rest| rest.split_once(')'));
    let place = |name: &str| {
        let last = name.trim().rsplit("::").next().unwrap_or_default();
        DERIVES.iter().position(|known| *known == last).unwrap_or(DERIVES.len())
    };
    lists
        .map(|(list, _)| list)
        .filter(|list| !list.trim_end_matches([' ', ',', '\n']).split(',').is_sorted_by_key(place))
        .map(|list| format!("{path}: derive({list})"))
        .collect()
}

/// Every Rust file of the repository, relative to the root.
fn files(root: &Path) -> Vec<String> {
    let folders = ["bindings", "core", "server", "tests", "xtask"];
    let all = folders.iter().flat_map(|folder| super::words::files(root, folder));
    all.map(|path| path.to_string_lossy().into_owned()).collect()
}

#[test]
fn imports_and_derives_have_one_order() {
    let root = super::root();
    let (files, mut found) = (files(&root), Vec::new());
    assert!(files.len() > 100, "the files are not found");
    for path in files {
        let text = fs::read_to_string(root.join(&path)).expect("a text file");
        found.extend(imports(&path, &text));
        found.extend(derives(&path, &text));
    }
    assert!(found.is_empty(), "standard library, crates, own modules:\n{}", found.join("\n"));
}

#[test]
fn control_each_disorder_of_imports_is_found() {
    let good = "//! A file.\n\nmod part;\n\nuse std::fs;\nuse std::{\n    io,\n};\n\nuse serde::Serialize;\n\n\
                use part::A;\nuse A::X;\npub use part::B;\n#[cfg(test)]\nuse crate::C;\n\nfn main() {}\nuse std::io;\n";
    assert_eq!(imports("a.rs", good), [""; 0]);
    let expect =
        |text: &str, line: &str| assert_eq!(imports("a.rs", text), [format!("a.rs:{line}")]);
    expect("use crate::A;\n\nuse std::fs;\n", "3: use std::fs;");
    expect("use serde::A;\n\nuse std::fs;\n", "3: use std::fs;");
    expect("use part::A;\n\nuse serde::A;\nmod part;\n", "3: use serde::A;");
    expect("use std::fs;\nuse serde::A;\n", "2: the empty line before use serde::A;");
    expect("use std::fs;\n\nuse std::io;\n", "3: the empty line before use std::io;");
}

#[test]
fn control_each_disorder_of_derives_is_found() {
    let wrong =
        |list: &str| !derives("a.rs", &format!("#[derive({list})]\nstruct A;\n")).is_empty();
    assert!(!wrong(
        "Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, thiserror::Error, Parser"
    ));
    assert!(!wrong("\n    Clone,\n    Debug,\n"));
    for pair in DERIVES.windows(2) {
        assert!(wrong(&format!("{}, {}", pair[1], pair[0])));
    }
    assert!(wrong("uniffi::Record, Clone"));
}
