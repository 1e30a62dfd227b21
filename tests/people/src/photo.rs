//! A portrait of sorts: initials on a coloured square, as a PNG written by hand.
//!
//! Sixteen palette colours (fifteen shades of one hue and white), four bits a pixel, and deflate's
//! stored blocks: valid everywhere, no compressor needed, and of a size (about 5 KB) that makes an
//! address book as heavy as a real one.

const SIDE: usize = 96;
const WHITE: u8 = 15;
/// Width and height of a letter's dots, and how many pixels one dot is wide.
const COLUMNS: usize = 5;
const ROWS: usize = 7;
const DOT: usize = 7;

/// The PNG for somebody with these `initials` (at most two letters A–Z are drawn), in the colour
/// that `hue` picks.
pub(crate) fn png(initials: &str, hue: u64) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend((SIDE as u32).to_be_bytes());
    header.extend((SIDE as u32).to_be_bytes());
    // Four bits, palette, deflate, no filter, not interlaced (PNG 3rd edition, 11.2.1).
    header.extend([4, 3, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"PLTE", &palette(hue));
    chunk(&mut out, b"IDAT", &zlib_stored(&rows(initials)));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn palette(hue: u64) -> Vec<u8> {
    let base = [60 + hue % 120, 60 + hue / 120 % 120, 60 + hue / 14_400 % 120];
    let mut colours = Vec::with_capacity(48);
    for shade in 0..15 {
        colours.extend(base.map(|c| (c + shade * 4) as u8));
    }
    colours.extend([255, 255, 255]);
    colours
}

fn rows(initials: &str) -> Vec<u8> {
    let letters: Vec<&[u8; COLUMNS]> = initials
        .bytes()
        .filter(u8::is_ascii_uppercase)
        .take(2)
        .map(|b| &FONT[usize::from(b - b'A')])
        .collect();
    let width = (letters.len() * (COLUMNS + 1)).saturating_sub(1) * DOT;
    let (left, top) = ((SIDE - width) / 2, (SIDE - ROWS * DOT) / 2);
    let pixel = |x: usize, y: usize| {
        let shade = (y * 15 / SIDE) as u8;
        let (Some(dx), Some(dy)) = (x.checked_sub(left), y.checked_sub(top)) else { return shade };
        let (column, row) = (dx / DOT, dy / DOT);
        let lit = column % (COLUMNS + 1) < COLUMNS
            && row < ROWS
            && letters
                .get(column / (COLUMNS + 1))
                .is_some_and(|l| l[column % (COLUMNS + 1)] >> row & 1 == 1);
        if lit { WHITE } else { shade }
    };
    let mut bytes = Vec::with_capacity(SIDE * (SIDE / 2 + 1));
    for y in 0..SIDE {
        bytes.push(0); // this row is not filtered
        bytes.extend((0..SIDE / 2).map(|x| pixel(2 * x, y) << 4 | pixel(2 * x + 1, y)));
    }
    bytes
}

/// RFC 1950 around RFC 1951's stored blocks.
fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    out.extend(adler32(data).to_be_bytes());
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(kind);
    out.extend(data);
    let sum = crc32(&out[start..]);
    out.extend(sum.to_be_bytes());
}

pub(crate) fn adler32(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

pub(crate) fn crc32(data: &[u8]) -> u32 {
    !data
        .iter()
        .fold(u32::MAX, |crc, byte| CRC[((crc ^ u32::from(*byte)) & 0xFF) as usize] ^ (crc >> 8))
}

/// The remainder of each byte (PNG 3rd edition, annex D).
const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut n = 0;
    while n < 256 {
        let (mut c, mut bit) = (n as u32, 0);
        while bit < 8 {
            c = (c >> 1) ^ (0xEDB8_8320 & (c & 1).wrapping_neg());
            bit += 1;
        }
        table[n] = c;
        n += 1;
    }
    table
};

/// A–Z as five columns of seven dots, the lowest bit on top.
const FONT: [[u8; COLUMNS]; 26] = [
    [0x7E, 0x11, 0x11, 0x11, 0x7E],
    [0x7F, 0x49, 0x49, 0x49, 0x36],
    [0x3E, 0x41, 0x41, 0x41, 0x22],
    [0x7F, 0x41, 0x41, 0x22, 0x1C],
    [0x7F, 0x49, 0x49, 0x49, 0x41],
    [0x7F, 0x09, 0x09, 0x09, 0x01],
    [0x3E, 0x41, 0x49, 0x49, 0x7A],
    [0x7F, 0x08, 0x08, 0x08, 0x7F],
    [0x00, 0x41, 0x7F, 0x41, 0x00],
    [0x20, 0x40, 0x41, 0x3F, 0x01],
    [0x7F, 0x08, 0x14, 0x22, 0x41],
    [0x7F, 0x40, 0x40, 0x40, 0x40],
    [0x7F, 0x02, 0x0C, 0x02, 0x7F],
    [0x7F, 0x04, 0x08, 0x10, 0x7F],
    [0x3E, 0x41, 0x41, 0x41, 0x3E],
    [0x7F, 0x09, 0x09, 0x09, 0x06],
    [0x3E, 0x41, 0x51, 0x21, 0x5E],
    [0x7F, 0x09, 0x19, 0x29, 0x46],
    [0x46, 0x49, 0x49, 0x49, 0x31],
    [0x01, 0x01, 0x7F, 0x01, 0x01],
    [0x3F, 0x40, 0x40, 0x40, 0x3F],
    [0x1F, 0x20, 0x40, 0x20, 0x1F],
    [0x3F, 0x40, 0x38, 0x40, 0x3F],
    [0x63, 0x14, 0x08, 0x14, 0x63],
    [0x07, 0x08, 0x70, 0x08, 0x07],
    [0x61, 0x51, 0x49, 0x45, 0x43],
];
