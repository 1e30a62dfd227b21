//! What the core may depend on. Every crate here is on every phone: it must build for Android and
//! iOS, and earn its size.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// The core's own choices, and what each is for.
const CHOSEN: &[(&str, &str)] = &[
    ("calcard", "vCard 2.1 to 4.0"),
    ("idna", "host names as the URL standard compares them"),
    ("jiff", "civil time and RFC 3339"),
    ("log", "a façade; the shells write"),
    ("phonelib", "E.164 by region"),
    ("plist", "property lists of iOS"),
    ("ring", "AES-GCM, HKDF, SHA-256, signature checks"),
    ("rusqlite", "SQLite, bundled"),
    ("rxml", "XML pushed in pieces, no DTD"),
    ("serde", "JSON"),
    ("serde_json", "JSON"),
    ("thiserror", "typed errors"),
    ("unicode-normalization", "folding names for search"),
    ("url", "the WHATWG parser"),
    ("zeroize", "secrets leave memory"),
];

/// What those bring with them on [`PLATFORMS`].
const BROUGHT: &str = "
ahash android_system_properties base64 bitflags bytes castaway cfg-if chrono chrono-tz compact_str
core-foundation-sys deranged displaydoc equivalent fallible-iterator fallible-streaming-iterator
foldhash form_urlencoded futures-core getrandom hashbrown hashify hashlink iana-time-zone
icu_collections icu_locale_core icu_normalizer icu_normalizer_data icu_properties
icu_properties_data icu_provider idna_adapter indexmap itoa jiff-core libc libsqlite3-sys litemap
mail-builder mail-parser memchr num-conv num-traits once_cell percent-encoding phf phf_shared
potential_utf powerfmt proc-macro2 quick-xml quote rustversion rxml_validation ryu serde_core
serde_derive siphasher smallvec stable_deref_trait static_assertions syn synstructure thiserror-impl time time-core time-macros tinystr tinyvec unicode-ident untrusted utf8_iter utf_types
writeable yoke yoke-derive zerocopy zerofrom zerofrom-derive zeroize_derive zerotrie zerovec
zerovec-derive zmij
";

/// Phones, and the machine that tests run on.
const PLATFORMS: [&str; 3] =
    ["aarch64-linux-android", "aarch64-apple-ios", "x86_64-unknown-linux-gnu"];

/// Packages as `name@version`, and what each depends on in a normal build.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph() -> Graph {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(PLATFORMS.iter().flat_map(|platform| ["--filter-platform", platform]))
        .current_dir(super::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names: BTreeMap<String, String> = list(&metadata["packages"])
        .iter()
        .map(|p| (text(&p["id"]), format!("{}@{}", text(&p["name"]), text(&p["version"]))))
        .collect();
    let mut graph = Graph::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let entry = graph.entry(names[&text(&node["id"])].clone()).or_default();
        for dependency in list(&node["deps"]) {
            if list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                entry.insert(names[&text(&dependency["pkg"])].clone());
            }
        }
    }
    graph
}

fn bare(package: &str) -> &str {
    package.split('@').next().unwrap_or_default()
}

/// The version of `name` that the workspace uses.
fn find<'a>(graph: &'a Graph, name: &str) -> &'a str {
    graph.keys().find(|package| bare(package) == name).expect("a known package")
}

/// The names of everything that `name` brings with it.
fn under<'a>(graph: &'a Graph, name: &str) -> BTreeSet<&'a str> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![find(graph, name)]);
    while let Some(package) = open.pop() {
        let dependencies = graph.get(package).into_iter().flatten();
        open.extend(dependencies.map(String::as_str).filter(|d| seen.insert(*d)));
    }
    seen.into_iter().map(bare).collect()
}

/// The names of everything under the core that the two lists do not have.
fn strangers(graph: &Graph) -> BTreeSet<&str> {
    let allowed: BTreeSet<&str> = chosen().chain(BROUGHT.split_whitespace()).collect();
    under(graph, "muster-core").difference(&allowed).copied().collect()
}

fn chosen() -> impl Iterator<Item = &'static str> {
    CHOSEN.iter().map(|(name, _)| *name)
}

#[test]
fn the_core_depends_on_nothing_that_is_not_listed() {
    let graph = graph();
    let direct: BTreeSet<&str> =
        graph[find(&graph, "muster-core")].iter().map(|package| bare(package)).collect();
    assert_eq!(direct, chosen().collect(), "the core's own dependencies");
    assert_eq!(strangers(&graph), BTreeSet::new());
}

#[test]
fn control_a_new_dependency_is_found_however_deep() {
    let mut graph = graph();
    let deep = find(&graph, "untrusted").to_owned();
    graph.entry(deep).or_default().insert("tokio@1.0.0".to_owned());
    assert!(strangers(&graph).contains("tokio"));
}

#[test]
fn xtask_starts_soon_because_it_does_not_link_the_core() {
    let graph = graph();
    assert!(!under(&graph, "xtask").contains("muster-core"));
    assert!(under(&graph, "muster-schema").contains("muster-core"), "control: its tool does");
}
