//! Reads Rust sources as far as telling which module of a crate names which: words without comments
//! and texts, code without tests, paths from the root of the crate.
use std::fs;
use std::path::Path;

/// One file of a crate, without its tests.
pub(crate) struct Source {
    /// Its module: `["config", "layers"]` for `config/layers/mod.rs`.
    pub(crate) module: Vec<String>,
    words: Vec<String>,
}

/// The files of the crate at `folder` that its `lib.rs` leads to, but tests.
pub(crate) fn sources(folder: &Path) -> Vec<Source> {
    let (mut found, mut open) = (Vec::new(), vec![(Vec::new(), folder.join("lib.rs"))]);
    while let Some((module, path)) = open.pop() {
        let text = fs::read_to_string(&path).expect("a file that its parent declares");
        let source = Source::new(module, &text);
        for name in source.children() {
            let module: Vec<String> = source.module.iter().cloned().chain([name]).collect();
            let stem = folder.join(module.join("/"));
            let file = stem.with_extension("rs");
            open.push((module, if file.exists() { file } else { stem.join("mod.rs") }));
        }
        found.push(source);
    }
    found
}

impl Source {
    /// From the text of one file.
    pub(crate) fn new(module: Vec<String>, text: &str) -> Self {
        Self { module, words: without_tests(&words(text)) }
    }

    /// The modules that it declares in other files.
    fn children(&self) -> Vec<String> {
        let declared = self.words.windows(3).filter(|w| w[0] == "mod" && w[2] == ";");
        declared.map(|w| w[1].clone()).collect()
    }

    /// The macros that it exports, which stand at the root of the crate whatever their module.
    pub(crate) fn exported_macros(&self) -> Vec<&str> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let at = (0..words.len()).filter(|at| words[*at..].starts_with(&["macro_export", "]"]));
        at.filter_map(|at| {
            let rest = &words[at..];
            let rules = rest.iter().position(|word| *word == "macro_rules")?;
            rest.get(rules + 2).copied()
        })
        .collect()
    }

    /// Every path into this crate that it names, from the root: `crate::a::{b, c}` is `a, b` and
    /// `a, c`. A path of names alone begins at a child or another crate, so it is none.
    pub(crate) fn paths(&self) -> Vec<Vec<String>> {
        let (mut found, mut at) = (Vec::new(), 0);
        // The module of each open brace, for modules within the file.
        let mut place = vec![self.module.clone()];
        while at < self.words.len() {
            let here = place.last().cloned().unwrap_or_default();
            match self.words[at].as_str() {
                "{" => {
                    let opens = at >= 2 && self.words[at - 2] == "mod";
                    let name = opens.then(|| self.words[at - 1].clone());
                    place.push(here.into_iter().chain(name).collect());
                }
                "}" => {
                    place.pop();
                }
                "crate" | "super" | "self" if at == 0 || self.words[at - 1] != "::" => {
                    let (tree, end) = self.tree(at);
                    found.extend(tree.iter().filter_map(|path| absolute(&here, path)));
                    at = end;
                    continue;
                }
                "use" => {
                    let (tree, end) = self.tree(at + 1);
                    found.extend(tree.iter().filter_map(|path| absolute(&here, path)));
                    at = end;
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        found
    }

    /// The paths of the tree that begins at the word `at`, and the word after it.
    fn tree(&self, mut at: usize) -> (Vec<Vec<String>>, usize) {
        let word = |at: usize| self.words.get(at).map_or("", String::as_str);
        let mut stem = Vec::new();
        loop {
            if word(at) == "{" {
                let mut paths = Vec::new();
                at += 1;
                while !matches!(word(at), "}" | "") {
                    let (branches, end) = self.tree(at);
                    let whole = |branch| stem.iter().cloned().chain(branch).collect();
                    paths.extend(branches.into_iter().map(whole));
                    // Over `as name`, to the next branch.
                    at = end;
                    while !matches!(word(at), "," | "}" | "") {
                        at += 1;
                    }
                    at += usize::from(word(at) == ",");
                }
                return (paths, at + 1);
            }
            stem.push(word(at).to_owned());
            at += 1;
            if word(at) != "::" || !matches!(word(at + 1), "{" | "*") && !is_name(word(at + 1)) {
                if word(at) == "!" {
                    stem.push("!".to_owned());
                }
                return (vec![stem], at);
            }
            at += 1;
        }
    }
}

/// A path as it stands in the module `here`, from the root of the crate; `None` if it leads into
/// another crate or names nothing, as `pub(crate)` does.
fn absolute(here: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut place = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => here.to_vec(),
        _ => return None,
    };
    for name in path {
        match name.as_str() {
            "crate" | "self" => {}
            "super" => {
                place.pop();
            }
            name => place.push(name.to_owned()),
        }
    }
    Some(place).filter(|place| !place.is_empty())
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Names, `::` and single signs; comments, texts, characters and lifetimes are left out.
fn words(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        let name = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = raw_text(rest) {
            length
        } else if first == '"' {
            quoted(rest)
        } else if first == '\'' {
            character_or_lifetime(rest)
        } else if name > 0 {
            found.push(rest[..name].to_owned());
            name
        } else if rest.starts_with("::") {
            found.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                found.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// The length of the `r"…"` or `br#"…"#` that `text` begins with.
fn raw_text(text: &str) -> Option<usize> {
    let start = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = start.len() - start.trim_start_matches('#').len();
    let inner = start[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = inner.find(&close)? + close.len();
    Some(text.len() - inner.len() + end)
}

/// The length of the quoted text that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `'c'`, `'\n'` or `'a` at the beginning of `text`.
fn character_or_lifetime(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..].find('\'').map_or(text.len(), |end| {
            // `'\''` closes one later.
            end + 3 + usize::from(end == 0)
        }),
        Some((at, c)) if text[at + c.len_utf8()..].starts_with('\'') => at + c.len_utf8() + 1,
        _ => 1,
    }
}

/// Without each item that stands under `#[cfg(test)]`.
fn without_tests(words: &[String]) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < words.len() {
        if words[at..].iter().take(MARK.len()).eq(MARK.iter()) {
            at = end_of_item(words, at + MARK.len());
        } else {
            kept.push(words[at].clone());
            at += 1;
        }
    }
    kept
}

/// Where the item at `at` ends: after its `;`, or after its block if it is none of `use`.
fn end_of_item(words: &[String], mut at: usize) -> usize {
    let mut depth = 0_usize;
    let mut ends_with_block = true;
    while at < words.len() {
        match words[at].as_str() {
            "use" | "const" | "static" if depth == 0 => ends_with_block = false,
            "fn" if depth == 0 => ends_with_block = true,
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth -= 1;
                if depth == 0 && words[at] == "}" && ends_with_block {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(module: &[&str], text: &str) -> Vec<String> {
        let module = module.iter().map(|name| (*name).to_owned()).collect();
        Source::new(module, text).paths().iter().map(|path| path.join("::")).collect()
    }

    #[test]
    fn every_way_to_write_a_path() {
        let check =
            |text: &str, expect: &[&str]| assert_eq!(paths(&["a", "b"], text), expect, "{text}");
        check("use crate::x::Y;", &["x::Y"]);
        check("use crate::{x, y::{self, Z}, w as v};", &["x", "y", "y::Z", "w"]);
        check("pub(crate) use crate::x::*;", &["x::*"]);
        check("use super::super::{x, y::Z};", &["x", "y::Z"]);
        check("use super::{c, super::x::Y};", &["a::c", "x::Y"]);
        check(
            "fn f() -> crate::x::Y<crate::y::Z> { super::c(self::d) }",
            &["x::Y", "y::Z", "a::c", "a::b::d"],
        );
        check("impl crate::x::Y for super::super::z::W {}", &["x::Y", "z::W"]);
        check("mod c { use super::super::super::x; }", &["x"]);
        check("mod c { fn f() {} } use super::super::x;", &["x"]);
        check("crate::rows! { A }", &["rows::!"]);
        check("use std::fmt; let a = serde::de::Error;", &[]);
        check("pub(crate) fn f() {} pub(super) fn g(&self) {}", &["a", "a::b"]);
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let none: [String; 0] = [];
        for text in [
            "// crate::x::Y",
            "/* crate::x::Y */",
            "let a = \"crate::x::Y \\\" crate::x\";",
            "let a = r#\"crate::x \" crate::y\"#;",
            "let a = br\"crate::x\";",
        ] {
            assert_eq!(paths(&["a"], text), none, "{text}");
        }
        for text in
            ["let a = '\"'; crate::x", "let a = '\\''; crate::x", "fn f<'a>(b: &'a B) { crate::x }"]
        {
            assert_eq!(paths(&["a"], text), ["x"], "{text}");
        }
    }

    #[test]
    fn tests_are_no_code() {
        let none: [String; 0] = [];
        for text in [
            "#[cfg(test)] mod tests { use crate::x; }",
            "#[cfg(test)] mod tests;",
            "#[cfg(test)] #[path = \"t.rs\"] mod tests;",
            "#[cfg(test)] pub(crate) use std::{a, b};",
            "#[cfg(test)] fn f(a: [u8; 3]) -> crate::x::Y { crate::x() }",
            "#[cfg(test)] const A: [crate::x::Y; 1] = [crate::x::Y { b: 1 }];",
        ] {
            let source = Source::new(vec!["a".to_owned()], text);
            assert_eq!(paths(&["a"], text), none, "{text}");
            assert_eq!(source.children(), none, "{text}");
            assert_eq!(paths(&["a"], &format!("{text} use crate::y;")), ["y"], "after {text}");
        }
        assert_eq!(Source::new(vec![], "pub mod a; mod b; mod c { }").children(), ["a", "b"]);
    }

    #[test]
    fn macros_that_are_exported() {
        let text = "#[macro_export]\nmacro_rules! rows { () => {} } macro_rules! own { () => {} }";
        assert_eq!(Source::new(vec!["a".to_owned()], text).exported_macros(), ["rows"]);
    }
}
