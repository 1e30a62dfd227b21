//! Looks for planted values ("canaries") in all files of a folder, in every form in which a leak
//! could be written.
use std::fs;
use std::path::Path;

/// What to look for.
#[derive(Default)]
pub(super) struct Scan {
    needles: Vec<(String, Vec<u8>)>,
}

impl Scan {
    /// Looks for `canary` in UTF-8, UTF-16 (both byte orders), hexadecimal and base64.
    pub(super) fn plant(&mut self, canary: &str) {
        assert!(canary.len() >= 8, "too short to be found for sure: {canary}");
        let bytes = canary.as_bytes();
        let units: Vec<u16> = canary.encode_utf16().collect();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut add = |form: &str, needle: Vec<u8>| {
            self.needles.push((format!("{canary} in {form}"), needle));
        };
        add("UTF-8", bytes.to_vec());
        add("UTF-16LE", units.iter().flat_map(|unit| unit.to_le_bytes()).collect());
        add("UTF-16BE", units.iter().flat_map(|unit| unit.to_be_bytes()).collect());
        add("upper hex", hex.to_uppercase().into_bytes());
        add("hex", hex.into_bytes());
        for before in 0..3 {
            for (form, alphabet) in [("base64", BASE64), ("base64url", BASE64_URL)] {
                add(form, base64_inside(bytes, before, alphabet));
            }
        }
    }

    /// Every find in every file below `folder`, as a sentence each.
    pub(super) fn run(&self, folder: &Path) -> Vec<String> {
        let mut finds = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                finds.extend(self.run(&path));
                continue;
            }
            let content = fs::read(&path).unwrap();
            let found = self.needles.iter().filter(|(_, needle)| contains(&content, needle));
            finds.extend(found.map(|(what, _)| format!("{}: {what}", path.display())));
        }
        finds
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let mut rest = haystack;
    // Jumping from one first byte to the next keeps this quick without a search library.
    while let Some(at) = rest.iter().position(|byte| *byte == needle[0]) {
        if rest[at..].starts_with(needle) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE64_URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The characters of a base64 text that depend on `bytes` alone, when `before` other bytes come first.
fn base64_inside(bytes: &[u8], before: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, before).chain(bytes.iter().copied()).collect();
    let bit = |at: usize| usize::from(padded[at / 8] >> (7 - at % 8) & 1);
    let first = (before * 8).div_ceil(6);
    (first..padded.len() * 8 / 6)
        .map(|at| alphabet[(0..6).fold(0, |value, i| value << 1 | bit(at * 6 + i))])
        .collect()
}

#[test]
fn the_scan_finds_every_form() {
    let text = |s: &str| s.as_bytes().to_vec();
    let utf16 = "Öl-Kanarienvogel".encode_utf16();
    let forms: [Vec<u8>; 8] = [
        text("…Öl-Kanarienvogel…"),
        utf16.clone().flat_map(u16::to_le_bytes).collect(),
        utf16.flat_map(u16::to_be_bytes).collect(),
        text("c3966c2d4b616e617269656e766f67656c"),
        text("C3966C2D4B616E617269656E766F67656C"),
        // base64 of the canary after 0, 1 and 2 bytes, with something behind it
        text("w5ZsLUthbmFyaWVudm9nZWwh"),
        text("LsOWbC1LYW5hcmllbnZvZ2VsIQ=="),
        text("Li7DlmwtS2FuYXJpZW52b2dlbCE="),
    ];
    let mut scan = Scan::default();
    scan.plant("Öl-Kanarienvogel");
    for form in forms {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), &form).unwrap();
        assert!(!scan.run(folder.path()).is_empty(), "{}", String::from_utf8_lossy(&form));
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "Öl-Kanarienvoge").unwrap();
    assert_eq!(scan.run(folder.path()), [""; 0]);
}
