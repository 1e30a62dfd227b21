//! ECDSA signatures on P-256, from the form a key store gives to the form JWS wants.

/// r and s of 32 bytes each (RFC 7518 §3.4) from `SEQUENCE { INTEGER r, INTEGER s }` (RFC 3279
/// §2.2.3). `None` for anything but strict DER of two positive numbers below 2^256.
pub(super) fn raw_from_der(der: &[u8]) -> Option<[u8; 64]> {
    // Two integers of at most 35 bytes each: the length always fits the short form.
    let [0x30, length, content @ ..] = der else { return None };
    if usize::from(*length) != content.len() || content.len() > 70 {
        return None;
    }
    let (r, rest) = integer(content)?;
    let (s, rest) = integer(rest)?;
    if !rest.is_empty() {
        return None;
    }
    let mut raw = [0; 64];
    raw[..32].copy_from_slice(&r);
    raw[32..].copy_from_slice(&s);
    Some(raw)
}

fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    if *length == 0 || usize::from(*length) > rest.len() {
        return None;
    }
    let (digits, rest) = rest.split_at(usize::from(*length));
    let magnitude = match digits {
        // A leading zero stands only where the number would look negative without it.
        [0, after @ ..] => after.first().is_some_and(|b| *b >= 0x80).then_some(after)?,
        [first, ..] if *first >= 0x80 => return None,
        _ => digits,
    };
    let mut padded = [0; 32];
    let start = padded.len().checked_sub(magnitude.len())?;
    padded[start..].copy_from_slice(magnitude);
    Some((padded, rest))
}
