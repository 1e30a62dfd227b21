//! Looks for things that must not be readable in any file of a phone: as UTF-8 and UTF-16 text, in
//! hex, and in base64 at each of its three alignments.
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Something that must not be found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Which needle.
    pub needle: String,
    /// How it was written.
    pub written: &'static str,
    /// In which file.
    pub file: PathBuf,
}

struct Pattern {
    needle: usize,
    written: &'static str,
    bytes: Vec<u8>,
}

/// Needles in all their writings, ready to look for.
pub struct Scanner {
    needles: Vec<String>,
    patterns: Vec<Pattern>,
    by_start: HashMap<[u8; START], Vec<usize>>,
}

/// Patterns are found by their first bytes; shorter ones would be found by chance.
const START: usize = 4;

impl Scanner {
    /// A scanner for `needles`. Those of fewer than four bytes are refused, because random bytes
    /// hold them by chance.
    pub fn new<S: AsRef<str>>(needles: impl IntoIterator<Item = S>) -> Self {
        let needles: Vec<String> = needles.into_iter().map(|n| n.as_ref().to_owned()).collect();
        let mut patterns = Vec::new();
        for (needle, text) in needles.iter().enumerate() {
            assert!(text.len() >= START, "too short to look for: {text:?}");
            for (written, bytes) in writings(text) {
                patterns.push(Pattern { needle, written, bytes });
            }
        }
        let mut by_start: HashMap<[u8; START], Vec<usize>> = HashMap::new();
        for (index, pattern) in patterns.iter().enumerate() {
            if let Some(start) = pattern.bytes.first_chunk::<START>() {
                by_start.entry(*start).or_default().push(index);
            }
        }
        Self { needles, patterns, by_start }
    }

    /// Everything found in any file below `folder`, each needle once a file and writing.
    pub fn folder(&self, folder: &Path) -> Vec<Found> {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("the folder can be read") {
                let path = entry.expect("the entry can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    self.bytes(&bytes, &path, &mut found);
                }
            }
        }
        found
    }

    fn bytes(&self, bytes: &[u8], file: &Path, found: &mut Vec<Found>) {
        for (at, start) in bytes.windows(START).enumerate() {
            let Some(candidates) =
                <&[u8; START]>::try_from(start).ok().and_then(|start| self.by_start.get(start))
            else {
                continue;
            };
            for pattern in candidates.iter().map(|index| &self.patterns[*index]) {
                if bytes[at..].starts_with(&pattern.bytes) {
                    let hit = Found {
                        needle: self.needles[pattern.needle].clone(),
                        written: pattern.written,
                        file: file.to_owned(),
                    };
                    if !found.contains(&hit) {
                        found.push(hit);
                    }
                }
            }
        }
    }
}

fn writings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf8 = text.as_bytes().to_vec();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let hex: String = utf8.iter().map(|b| format!("{b:02x}")).collect();
    let mut writings = vec![
        ("utf-8", utf8.clone()),
        ("utf-16le", little),
        ("utf-16be", big),
        ("hex", hex.clone().into_bytes()),
        ("hex", hex.to_uppercase().into_bytes()),
    ];
    for (written, engine) in [("base64", &STANDARD_NO_PAD), ("base64url", &URL_SAFE_NO_PAD)] {
        for before in 0..3_usize {
            // Surrounded by unknown bytes, only the characters that depend on the needle alone.
            let mut padded = vec![0; before];
            padded.extend_from_slice(&utf8);
            let encoded = engine.encode(&padded).into_bytes();
            let first = (8 * before).div_ceil(6);
            let last = 8 * padded.len() / 6;
            if last > first + START {
                writings.push((written, encoded[first..last].to_vec()));
            }
        }
    }
    writings
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDLE: &str = "Grünewald, Käthe";

    fn hits(content: &[u8]) -> Vec<&'static str> {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/file"), content).unwrap();
        let found = Scanner::new([NEEDLE, "nobody here"]).folder(folder.path());
        assert!(found.iter().all(|f| f.needle == NEEDLE));
        found.into_iter().map(|f| f.written).collect()
    }

    #[test]
    fn every_writing_is_found_at_every_alignment() {
        assert_eq!(hits(b"nothing to see"), [""; 0]);
        assert_eq!(hits(format!("xx{NEEDLE}xx").as_bytes()), ["utf-8"]);
        let utf16: Vec<u8> = NEEDLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(hits(&utf16), ["utf-16le"]);
        let hex: String = NEEDLE.bytes().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hits(hex.as_bytes()), ["hex"]);
        for before in 0..7 {
            let text = format!("{}{NEEDLE}{}", "å".repeat(before), "ö".repeat(7 - before));
            assert!(hits(STANDARD_NO_PAD.encode(&text).as_bytes()).contains(&"base64"), "{before}");
            let text = format!("{}{NEEDLE}yz", "x".repeat(before));
            assert!(
                hits(URL_SAFE_NO_PAD.encode(&text).as_bytes()).contains(&"base64url"),
                "{before}"
            );
        }
    }
}
