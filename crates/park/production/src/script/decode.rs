//! Bytes to text: UTF-8 with or without a byte order mark, UTF-16, GB18030.
//!
//! Detection: a byte order mark decides; then a UTF-16 pattern (every other byte of the first
//! block zero); then valid UTF-8; then GB18030. Tables come from `encoding_rs` (the Encoding
//! Standard): GB18030 has 24,000 two-byte mappings that nobody should type again.
//! Invariant: line ends in the text are `\n` only.

use super::ScriptError;
use super::model::{Encoding, Warning, WarningKind};

/// The text of a file.
pub struct Decoded {
    /// Without byte order mark, line ends as `\n`.
    pub text: String,
    /// How it was encoded.
    pub encoding: Encoding,
    /// Said when single bytes had to be replaced.
    pub warning: Option<Warning>,
}

/// First bytes of files that are no scripts.
const CONTAINERS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP container (Word, Pages, Fade In)"),
    (b"{\\rtf", "a rich text file"),
    (b"\xD0\xCF\x11\xE0", "an old Word document"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"\x1F\x8B", "a compressed file"),
];

/// Decodes a file.
///
/// # Errors
/// [`ScriptError::NotText`] for known containers, [`ScriptError::Encoding`] when more than one
/// character in a thousand fits no encoding.
pub fn decode(bytes: &[u8], name: &str) -> Result<Decoded, ScriptError> {
    for (magic, found) in CONTAINERS {
        if bytes.starts_with(magic) {
            return Err(ScriptError::NotText {
                name: name.to_owned(),
                found,
            });
        }
    }
    let (body, encoding) = detect(bytes);
    let (text, replaced) = match encoding {
        Encoding::Utf8 => {
            let text = String::from_utf8_lossy(body).into_owned();
            let replaced = text.matches('\u{FFFD}').count();
            (text, replaced)
        }
        Encoding::Utf16Le => utf16(body, u16::from_le_bytes),
        Encoding::Utf16Be => utf16(body, u16::from_be_bytes),
        Encoding::Gb18030 => {
            let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(body);
            let replaced = text.matches('\u{FFFD}').count();
            (text.into_owned(), replaced)
        }
    };
    let nul = text.bytes().filter(|byte| *byte == 0).count();
    if nul > 0 && nul * 100 > text.len() {
        return Err(ScriptError::NotText {
            name: name.to_owned(),
            found: "a binary file",
        });
    }
    let characters = text.chars().count();
    if replaced > 0 && replaced * 1000 > characters.max(1000) {
        let offset = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), |_| 0);
        return Err(ScriptError::Encoding { offset });
    }
    let text = unix_lines(text);
    let warning = (replaced > 0).then(|| undecodable(&text, replaced));
    Ok(Decoded {
        text,
        encoding,
        warning,
    })
}

/// The encoding and the bytes without a byte order mark.
fn detect(bytes: &[u8]) -> (&[u8], Encoding) {
    if let Some(body) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return (body, Encoding::Utf8);
    }
    if let Some(body) = bytes.strip_prefix(b"\xFF\xFE") {
        return (body, Encoding::Utf16Le);
    }
    if let Some(body) = bytes.strip_prefix(b"\xFE\xFF") {
        return (body, Encoding::Utf16Be);
    }
    if let Some(body) = bytes.strip_prefix(b"\x84\x31\x95\x33") {
        return (body, Encoding::Gb18030);
    }
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |parity: usize| {
        head.iter()
            .skip(parity)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let pairs = head.len() / 2;
    if pairs >= 4 {
        if zeros(1) * 10 >= pairs && zeros(0) * 50 < pairs {
            return (bytes, Encoding::Utf16Le);
        }
        if zeros(0) * 10 >= pairs && zeros(1) * 50 < pairs {
            return (bytes, Encoding::Utf16Be);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => (bytes, Encoding::Utf8),
        // A file cut in the middle of a character is still UTF-8.
        Err(error) if error.error_len().is_none() && error.valid_up_to() > 0 => {
            (bytes, Encoding::Utf8)
        }
        Err(_) if broken_utf8(bytes) => (bytes, Encoding::Utf8),
        Err(_) => (bytes, Encoding::Gb18030),
    }
}

/// Whether the bytes are UTF-8 with a few broken characters: many long characters are whole.
fn broken_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| c.len_utf8() >= 3).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 0 && broken * 200 <= whole
}

fn utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> (String, usize) {
    let units = body.chunks(2).map(|pair| match *pair {
        [first, second] => unit([first, second]),
        _ => 0xFFFD,
    });
    let mut replaced = 0;
    let text = char::decode_utf16(units)
        .map(|result| {
            let character = result.unwrap_or('\u{FFFD}');
            replaced += usize::from(character == '\u{FFFD}');
            character
        })
        .collect();
    (text, replaced)
}

fn unix_lines(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

fn undecodable(text: &str, replaced: usize) -> Warning {
    let before = text.find('\u{FFFD}').map_or("", |at| &text[..at]);
    let breaks = before.bytes().filter(|byte| *byte == b'\n').count();
    Warning {
        kind: WarningKind::Undecodable,
        line: u32::try_from(breaks + 1).unwrap_or(u32::MAX),
        message: format!("{replaced} characters could not be decoded and read as \u{FFFD}"),
        remedy: "save the script as UTF-8 and send it again".to_owned(),
    }
}
