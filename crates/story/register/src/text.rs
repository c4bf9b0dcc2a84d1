//! Small strict text readers shared by the C2SP formats: base64, decimals, key names.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Standard base64 with padding, RFC 4648 section 4.
pub fn base64_encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Only the one canonical form: right alphabet, right padding, zero trailing bits.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(text).ok()?;
    (STANDARD.encode(&bytes) == text).then_some(bytes)
}

/// Exactly 32 bytes of base64.
pub fn base64_hash(text: &str) -> Option<[u8; 32]> {
    if text.len() != 44 {
        return None;
    }
    base64_decode(text)?.try_into().ok()
}

/// ASCII decimal without sign or leading zero, at most 2^63 - 1.
pub fn decimal(text: &str) -> Option<u64> {
    let canonical = !text.is_empty()
        && text.len() <= 19
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    if !canonical {
        return None;
    }
    text.parse::<u64>()
        .ok()
        .filter(|number| i64::try_from(*number).is_ok())
}

/// Key names are non-empty and have no spaces, plus signs or control characters.
pub fn is_key_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 255
        && !name
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

/// At most 80 characters of untrusted text for a message.
pub fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(80).map(printable).collect();
    if text.chars().nth(80).is_some() {
        short.push('…');
    }
    short
}

fn printable(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}
