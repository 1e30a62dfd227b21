//! Which words must not stand in which folders: the boundaries between modules.
use std::fs;
use std::path::{Path, PathBuf};

/// No file under `folder`, but those under `except`, has one of `words` in its code.
struct Rule {
    folder: &'static str,
    except: &'static [&'static str],
    words: &'static [&'static str],
    why: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        folder: "core/src",
        except: &["core/src/store"],
        words: &["rusqlite", "libsqlite3_sys"],
        why: "no module but `store` names SQLite",
    },
    Rule {
        folder: "core",
        except: &[],
        words: &["uniffi", "jni::", "extern \"C\"", "no_mangle"],
        why: "the core has no foreign function interface",
    },
    Rule {
        folder: "core/src/config",
        except: &[],
        words: &["crate::store", "crate::flow", "crate::step", "Request::new"],
        why: "`config` touches neither the network nor the store",
    },
    Rule {
        folder: "core/src",
        except: &["core/src/agent"],
        words: &["crate::agent"],
        why: "only `agent` knows all modules, and none knows `agent`",
    },
    Rule {
        folder: "core/src",
        // Compiled into tests alone.
        except: &["core/src/jose/tests/signer.rs"],
        words: &["allow(clippy::disallowed", "expect(clippy::disallowed", "tokio", "async_std"],
        why: "the bans of core/clippy.toml have no exceptions, and there is no runtime",
    },
    Rule {
        folder: "core",
        except: &[],
        words: &["std::net", "unix::net", "std::process", "ureq", "TcpStream", "UdpSocket"],
        why: "the core, its tests included, opens no socket and starts no program",
    },
    Rule {
        folder: "core",
        except: &[],
        words: &["unsafe {", "unsafe fn", "allow(unsafe_code)"],
        why: "the core has no unsafe code",
    },
];

/// `path:line: word` for each offence in one file's code; comments may say anything.
fn offences(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let code = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines()
        .map(code)
        .enumerate()
        .flat_map(|(at, line)| {
            let hits = words.iter().filter(move |word| line.contains(**word));
            hits.map(move |word| format!("{path}:{}: {word}", at + 1))
        })
        .collect()
}

/// The Rust files under `folder`, relative to the root.
pub(crate) fn files(root: &Path, folder: &str) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::from(folder)]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root.join(&folder)).expect("a folder of the repository") {
            let entry = entry.expect("an entry");
            let path = folder.join(entry.file_name());
            match entry.file_type().expect("a type").is_dir() {
                true => open.push(path),
                false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found
}

#[test]
fn modules_keep_to_their_boundaries() {
    let root = super::root();
    for rule in RULES {
        let files = files(&root, rule.folder);
        assert!(!files.is_empty(), "{} is empty", rule.folder);
        let found: Vec<String> = files
            .iter()
            .filter(|path| !rule.except.iter().any(|folder| path.starts_with(folder)))
            .flat_map(|path| {
                let text = fs::read_to_string(root.join(path)).expect("a text file");
                offences(&path.to_string_lossy(), &text, rule.words)
            })
            .collect();
        assert!(found.is_empty(), "{}:\n{}", rule.why, found.join("\n"));
    }
}

#[test]
fn control_each_rule_finds_each_of_its_words() {
    for rule in RULES {
        for word in rule.words {
            let text = format!("fn a() {{}}\n    {word}; // as code\n// {word} in a comment\n");
            assert_eq!(offences("a.rs", &text, rule.words), [format!("a.rs:2: {word}")]);
        }
    }
}

#[test]
fn the_core_forbids_unsafe_code() {
    let text = fs::read_to_string(super::root().join("core/src/lib.rs")).expect("the core");
    assert!(text.lines().any(|line| line == "#![forbid(unsafe_code)]"));
}
