//! Photos: what they are is seen from their first bytes, whatever the card claims.
use crate::limits;

/// A photo as it stood in the card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Photo {
    /// What it is.
    pub kind: PhotoType,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Image types that both platforms can show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PhotoType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// HEIC and HEIF.
    Heic,
}

impl PhotoType {
    /// Recognises an image by its first bytes.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        const HEIF_BRANDS: [&[u8]; 8] =
            [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(PhotoType::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(PhotoType::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(PhotoType::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Some(PhotoType::WebP)
            }
            [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] => {
                let brand = rest.get(..4)?;
                HEIF_BRANDS.contains(&brand).then_some(PhotoType::Heic)
            }
            _ => None,
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            PhotoType::Jpeg => "image/jpeg",
            PhotoType::Png => "image/png",
            PhotoType::Gif => "image/gif",
            PhotoType::WebP => "image/webp",
            PhotoType::Heic => "image/heic",
        }
    }
}

impl Photo {
    /// Takes `bytes` if they are an image within [`limits::PHOTO_BYTES`].
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let kind = PhotoType::sniff(&bytes)?;
        (bytes.len() <= limits::PHOTO_BYTES).then_some(Self { kind, bytes })
    }
}
