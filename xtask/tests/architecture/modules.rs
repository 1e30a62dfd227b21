//! Which module of the core may import which. Arrows point down: no circle, none that the table
//! does not have, and no row that says more than the code needs. Tests may import whatever they like.
use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, sources};

/// Each module, and the others that it may import.
const TABLE: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("limits", &[]),
    ("random", &[]),
    ("secret", &[]),
    ("time", &[]),
    ("version", &[]),
    ("effect", &["limits"]),
    ("http", &["limits", "random", "time"]),
    ("vault", &["ids", "secret"]),
    ("licence", &["time"]),
    ("config", &["effect", "http", "ids", "limits", "secret", "version"]),
    ("step", &["effect", "http", "time", "vault"]),
    ("store", &["ids", "licence", "limits", "random", "secret", "time", "vault"]),
    ("compliance", &["config", "ids", "limits", "time", "version"]),
    ("flow", &["effect", "http", "limits", "random", "step", "time", "vault"]),
    ("contacts", &["flow", "http", "limits", "secret", "store"]),
    ("jose", &["flow", "http", "limits", "secret", "time", "vault"]),
    ("management", &["flow", "http", "jose", "limits", "secret", "time", "vault"]),
    ("messages", &["compliance", "contacts", "http", "ids", "licence", "time", "vault"]),
    (
        "activation",
        &["config", "flow", "http", "jose", "licence", "limits", "management", "secret", "time"],
    ),
    ("policy", &["flow", "http", "jose", "licence", "limits", "management", "secret", "time"]),
    (
        "report",
        &[
            "flow",
            "http",
            "jose",
            "licence",
            "limits",
            "management",
            "secret",
            "store",
            "time",
            "vault",
        ],
    ),
];

/// The one module that may import all others.
const TOP: &str = "agent";

/// Modules whose own parts import one another without a circle, too.
const LAYERED: &[&str] = &["compliance", "config", "contacts"];

/// Each module, and those that its code imports.
type Arrows = BTreeMap<String, BTreeSet<String>>;

fn arrows(sources: &[Source]) -> Arrows {
    let top = |source: &Source| source.module.first().cloned();
    let mut arrows: Arrows =
        sources.iter().filter_map(top).map(|name| (name, BTreeSet::new())).collect();
    let macros: BTreeMap<&str, String> = sources
        .iter()
        .flat_map(|source| source.exported_macros().into_iter().zip(std::iter::repeat(source)))
        .filter_map(|(name, source)| Some((name, top(source)?)))
        .collect();
    for source in sources {
        let Some(from) = top(source) else { continue };
        for path in source.paths() {
            let to = match path.as_slice() {
                [] => continue,
                [name, sign] if sign == "!" => macros.get(name.as_str()).unwrap_or(name),
                [name, ..] => name,
            };
            if *to != from {
                arrows.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    arrows
}

/// The same for the parts of one module. What it exports under its own name counts for nothing here.
fn parts(sources: &[Source], of: &str) -> Arrows {
    let part = |path: &[String]| match path {
        [module, part, ..] if module == of => Some(part.clone()),
        _ => None,
    };
    let parts: BTreeSet<String> = sources.iter().filter_map(|s| part(&s.module)).collect();
    let mut arrows = Arrows::new();
    for source in sources {
        let Some(from) = part(&source.module) else { continue };
        let named = source.paths().into_iter().filter_map(|path| part(&path));
        let others = named.filter(|to| *to != from && parts.contains(to));
        arrows.entry(from.clone()).or_default().extend(others);
    }
    arrows
}

/// What the code does and the table does not say, and the other way round.
fn differences(arrows: &Arrows, table: &[(&str, &[&str])], top: &str) -> Vec<String> {
    let rows: Arrows = table
        .iter()
        .map(|(from, to)| ((*from).to_owned(), to.iter().map(|name| (*name).to_owned()).collect()))
        .collect();
    let none = BTreeSet::new();
    let mut found = Vec::new();
    for name in arrows.keys().chain(rows.keys()).collect::<BTreeSet<_>>() {
        if name == top {
            continue;
        }
        if !rows.contains_key(name) {
            found.push(format!("{name} has no row"));
        }
        let (code, row) = (arrows.get(name).unwrap_or(&none), rows.get(name).unwrap_or(&none));
        found.extend(code.difference(row).map(|to| format!("{name} imports {to}")));
        found.extend(row.difference(code).map(|to| format!("{name} does not import {to}")));
    }
    found
}

/// A way that leads back to where it began.
fn circle(arrows: &Arrows) -> Option<Vec<&str>> {
    fn search<'a>(
        arrows: &'a Arrows,
        at: &'a str,
        way: &mut Vec<&'a str>,
        clear: &mut BTreeSet<&'a str>,
    ) -> bool {
        if clear.contains(at) {
            return false;
        }
        if let Some(start) = way.iter().position(|name| *name == at) {
            way.drain(..start);
            return true;
        }
        way.push(at);
        for next in arrows.get(at).into_iter().flatten() {
            if search(arrows, next, way, clear) {
                return true;
            }
        }
        way.pop();
        clear.insert(at);
        false
    }
    let (mut way, mut clear) = (Vec::new(), BTreeSet::new());
    arrows.keys().any(|name| search(arrows, name, &mut way, &mut clear)).then_some(way)
}

fn core() -> Vec<Source> {
    sources(&super::root().join("core/src"))
}

#[test]
fn modules_import_what_the_table_says() {
    let differences = differences(&arrows(&core()), TABLE, TOP);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn no_modules_import_one_another_in_a_circle() {
    let core = core();
    assert_eq!(circle(&arrows(&core)), None);
    for module in LAYERED {
        let parts = parts(&core, module);
        assert!(parts.len() > 3, "{module}: {parts:?}");
        assert_eq!(circle(&parts), None, "within {module}");
    }
}

/// ARCHITECTURE.md has the modules line by line, from the bottom to the top: none imports one of its
/// own line or of a line above.
#[test]
fn the_layers_of_the_map_are_those_of_the_code() {
    let map = std::fs::read_to_string(super::root().join("ARCHITECTURE.md")).expect("the map");
    let layers: Vec<Vec<&str>> = map
        .split_once("```layers\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(block, _)| block.lines().rev().map(|l| l.split_whitespace().collect()).collect())
        .expect("a block of layers");
    let arrows = arrows(&core());
    let named: Vec<&str> = layers.iter().flatten().copied().collect();
    let known: BTreeSet<&str> = named.iter().copied().collect();
    assert_eq!(named.len(), known.len(), "a module is named twice");
    assert_eq!(known, arrows.keys().map(String::as_str).collect());
    let level = |name: &str| layers.iter().position(|layer| layer.contains(&name));
    for (from, to) in &arrows {
        for to in to {
            assert!(level(to) < level(from), "{from} stands no higher than {to}");
        }
    }
}

/// A crate of made-up files.
fn files(files: &[(&str, &str)]) -> Vec<Source> {
    let module = |module: &str| module.split('/').map(str::to_owned).collect();
    files.iter().map(|(name, text)| Source::new(module(name), text)).collect()
}

fn made_up(made_up: &[(&str, &str)]) -> Arrows {
    arrows(&files(made_up))
}

#[test]
fn control_an_arrow_that_is_not_in_the_table_is_found() {
    let table: &[(&str, &[&str])] = &[("a", &[]), ("b", &["a"])];
    let check = |files: &[(&str, &str)], expect: &[&str]| {
        assert_eq!(differences(&made_up(files), table, "top"), expect, "{files:?}");
    };
    check(&[("a", ""), ("b", "use crate::a::X;"), ("top", "use crate::{a, b};")], &[]);
    check(&[("a/c", "use crate::{b::{X, Y}};"), ("b", "use crate::a;")], &["a imports b"]);
    check(&[("a/c", "use super::super::b;"), ("b", "use crate::a;")], &["a imports b"]);
    check(&[("a", "fn f() { crate::b::g() }"), ("b", "use crate::a;")], &["a imports b"]);
    check(&[("a", "#[cfg(test)] mod tests { use crate::b; }"), ("b", "use crate::a;")], &[]);
    check(&[("a", ""), ("b", "use crate::{a, top};")], &["b imports top"]);
    check(
        &[("a", "crate::rows!();"), ("b", "use crate::a; #[macro_export] macro_rules! rows { }")],
        &["a imports b"],
    );
    check(&[("a", ""), ("b", "use crate::a;"), ("c", "")], &["c has no row"]);
}

#[test]
fn control_an_entry_that_no_code_needs_is_found() {
    let table: &[(&str, &[&str])] = &[("a", &[]), ("b", &["a"])];
    let arrows = made_up(&[("a", ""), ("b", "// use crate::a;")]);
    assert_eq!(differences(&arrows, table, "top"), ["b does not import a"]);
}

#[test]
fn control_a_circle_is_found() {
    let files = [
        ("a", "use crate::b;"),
        ("b", "use crate::c;"),
        ("c/d", "use super::super::{e, b};"),
        ("e", ""),
    ];
    assert_eq!(circle(&made_up(&files)), Some(vec!["b", "c"]));
    assert_eq!(circle(&made_up(&files[..2])), None);
}

#[test]
fn control_a_circle_within_a_module_is_found() {
    let made_up = [
        ("a", "pub use b::B;"),
        ("a/b", "use super::c::{C, D}; use crate::e;"),
        ("a/c", "use super::{B, d};"),
        ("a/d/e", "use crate::a::b;"),
        ("e", "use crate::a;"),
    ];
    assert_eq!(circle(&parts(&files(&made_up), "a")), Some(vec!["b", "c", "d"]));
    assert_eq!(circle(&parts(&files(&made_up[..3]), "a")), None);
    assert_eq!(parts(&files(&made_up), "e"), Arrows::new());
}
