//! base64url without padding (RFC 4648 §5, RFC 7515 §2), strict in both directions.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// `bytes` in base64url, without padding.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..=chunk.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[six as usize]));
        }
    }
    text
}

/// The bytes of `text`. `None` for anything that [`encode`] would not have written: padding, white
/// space, other alphabets, an impossible length, or left-over bits that are not zero.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut bits = 0;
        for place in 0..4 {
            let six = chunk.get(place).map_or(Some(0), |c| value_of(*c))?;
            bits = bits << 6 | six;
        }
        let group = bits.to_be_bytes();
        let full = match chunk.len() {
            4 => 3,
            3 if group[3] == 0 => 2,
            2 if group[2] == 0 && group[3] == 0 => 1,
            _ => return None,
        };
        bytes.extend_from_slice(&group[1..=full]);
    }
    Some(bytes)
}

fn value_of(c: u8) -> Option<u32> {
    let value = match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
