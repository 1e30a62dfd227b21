//! Looks for names in files, the way somebody with the phone's storage in hand would.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::Trouble;

/// A file and how many bytes it has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Left {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
}

/// Every file under `folder`.
pub(crate) fn files(folder: &Path) -> Result<Vec<Left>, Trouble> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        for entry in entries {
            let entry = entry.map_err(|e| format!("{}: {e}", folder.display()))?;
            let meta = entry.metadata().map_err(|e| format!("{}: {e}", folder.display()))?;
            match meta.is_dir() {
                true => open.push(entry.path()),
                false => found.push(Left { path: entry.path(), bytes: meta.len() }),
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// How many of `words` stand readable in any of the files, in UTF-8 or UTF-16.
pub(crate) fn readable(files: &[Left], words: &[String]) -> Result<usize, Trouble> {
    let mut contents = Vec::new();
    for file in files {
        let bytes = fs::read(&file.path).map_err(|e| format!("{}: {e}", file.path.display()))?;
        contents.push(bytes);
    }
    let wide = |word: &str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let stands = |word: &&String| {
        let (narrow, wide) = (word.as_bytes(), wide(word));
        contents.iter().any(|bytes| contains(bytes, narrow) || contains(bytes, &wide))
    };
    Ok(words.iter().filter(stands).count())
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| b == first) {
        if rest[at..].starts_with(word) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_both_encodings_and_only_where_they_are() {
        assert!(contains("xxMüller".as_bytes(), "Müller".as_bytes()));
        assert!(!contains("xxMüllet".as_bytes(), "Müller".as_bytes()));
        assert!(contains(b"aab", b"ab") && !contains(b"", b"a") && !contains(b"a", b""));
        let folder = std::env::temp_dir().join(format!("muster-scan-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let wide: Vec<u8> = "Åsa".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(folder.join("deep/a"), wide).unwrap();
        fs::write(folder.join("b"), "Jana").unwrap();
        let found = files(&folder).unwrap();
        let words = ["Jana".to_owned(), "Åsa".to_owned(), "Rüdiger".to_owned()];
        assert_eq!((found.len(), readable(&found, &words).unwrap()), (2, 2));
        fs::remove_dir_all(&folder).unwrap();
    }
}
