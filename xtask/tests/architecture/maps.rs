//! What the maps of the code name is there: in each README's tables, whatever stands between
//! backticks in the first column is a file or folder. Likewise every path in CONTRIBUTING, which
//! says in which files something new goes.
use std::fs;
use std::path::Path;

/// A page with maps, and the folders that its names are in.
struct Map {
    page: &'static str,
    folders: &'static [&'static str],
}

const MAPS: &[Map] = &[
    Map { page: "server/README.md", folders: &["server"] },
    Map {
        page: "android/README.md",
        folders: &[
            "android",
            "android/sdk/src/main/kotlin/dev/muster/sdk",
            "android/app/src/main/kotlin/dev/muster/app",
        ],
    },
    Map { page: "ios/README.md", folders: &["ios", "ios/Sources/MusterKit"] },
];

/// Made by a build, so not there in a fresh clone.
const MADE: &[&str] = &["Generated"];

/// What the first columns of a page's tables have between backticks.
fn names(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split(" |").next())
        .flat_map(|cell| cell.trim_end_matches('`').split("`, `"))
        .collect()
}

/// The names of a page that nothing in `folders` has.
fn missing<'p>(root: &Path, page: &'p str, folders: &[&str]) -> Vec<&'p str> {
    let is_there = |name: &str| folders.iter().any(|folder| root.join(folder).join(name).exists());
    names(page).into_iter().filter(|name| !MADE.contains(name) && !is_there(name)).collect()
}

/// The paths between backticks, wherever they stand on a page: what has a slash in it, or a dot before
/// an ending, and no space.
fn paths(page: &str) -> Vec<&str> {
    const ENDINGS: [&str; 4] = [".md", ".rs", ".toml", ".json"];
    let is_path = |text: &&str| {
        let looks_so = text.contains('/') || ENDINGS.iter().any(|ending| text.ends_with(ending));
        looks_so && !text.contains(char::is_whitespace)
    };
    page.split('`').skip(1).step_by(2).filter(is_path).collect()
}

/// The paths of a page that are not there.
fn lost<'p>(root: &Path, page: &'p str) -> Vec<&'p str> {
    paths(page).into_iter().filter(|path| !root.join(path).exists()).collect()
}

/// The files and folders right in `folder` that the page does not name.
fn unnamed(root: &Path, page: &str, folder: &str) -> Vec<String> {
    let mut found: Vec<String> = fs::read_dir(root.join(folder))
        .expect("a folder of the repository")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| {
            let is = |other: &str| other.trim_end_matches('/').rsplit('/').next() == Some(name);
            !names(page).into_iter().any(is)
        })
        .collect();
    found.sort_unstable();
    found
}

fn read(page: &str) -> String {
    fs::read_to_string(super::root().join(page)).expect("a page of the repository")
}

#[test]
fn what_maps_name_is_there() {
    for map in MAPS {
        let page = read(map.page);
        assert!(names(&page).len() > 10, "{} has no map", map.page);
        let missing = missing(&super::root(), &page, map.folders);
        assert!(missing.is_empty(), "{} names what is not there: {missing:?}", map.page);
    }
}

#[test]
fn the_servers_map_names_all_of_it() {
    assert_eq!(unnamed(&super::root(), &read("server/README.md"), "server/src"), [""; 0]);
}

#[test]
fn the_files_in_which_something_new_goes_are_there() {
    let page = read("CONTRIBUTING.md");
    assert!(paths(&page).len() > 50, "CONTRIBUTING.md names no files");
    assert_eq!(lost(&super::root(), &page), [""; 0], "named in CONTRIBUTING.md");
}

#[test]
fn control_a_path_without_a_file_is_found() {
    let page =
        "Write `core/src/gone.rs`, raise `MAPPING` in `core/src/lib.rs`, and run `cargo x a/b`;
        then `GONE.md`, for `server/src`.";
    assert_eq!(lost(&super::root(), page), ["core/src/gone.rs", "GONE.md"]);
}

#[test]
fn control_a_name_without_a_file_and_a_file_without_a_name_are_found() {
    let root = super::root();
    let page = "| files | what |\n| --- | --- |\n| `src/http.rs`, `src/gone.rs` | `nowhere` |\n";
    assert_eq!(missing(&root, page, &["server"]), ["src/gone.rs"]);
    let unnamed = unnamed(&root, page, "server/src");
    assert!(unnamed.contains(&"admin".to_owned()) && !unnamed.contains(&"http.rs".to_owned()));
}
