//! Evidence codes: the short name of a registered claim, printed on paper and used in addresses.
//!
//! A code is the first 100 bits of the leaf hash in Crockford's base 32 (no I, L, O, U), written
//! in four groups of five: `7ZD3K-9QW0E-…`. It identifies; it proves nothing.

use crate::merkle::Hash;
use serde::{Deserialize, Serialize};
use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an evidence code like `7ZD3K-9QW0E-4T8XB-2MHRN`")]
pub struct CodeError(String);

/// Four groups of five characters, upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EvidenceCode(String);

impl EvidenceCode {
    pub fn of_leaf(leaf: &Hash) -> Self {
        let mut code = String::with_capacity(23);
        for (position, bit) in (0..100).step_by(5).enumerate() {
            if position > 0 && position % 5 == 0 {
                code.push('-');
            }
            let pair = u16::from_be_bytes([leaf[bit / 8], leaf[bit / 8 + 1]]);
            let five = (pair >> (11 - bit % 8)) & 0x1f;
            code.push(char::from(ALPHABET[usize::from(five)]));
        }
        Self(code)
    }

    /// Accepts lower case, missing dashes, and what people misread: O for 0, I and L for 1.
    pub fn parse_lenient(text: &str) -> Result<Self, CodeError> {
        let wrong = || CodeError(crate::text::excerpt(text));
        if text.len() > 64 {
            return Err(wrong());
        }
        let mut code = String::with_capacity(23);
        let mut count = 0;
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            if !c.is_ascii() || !ALPHABET.contains(&(c as u8)) {
                return Err(wrong());
            }
            if count > 0 && count % 5 == 0 {
                code.push('-');
            }
            code.push(c);
            count += 1;
        }
        if count == 20 {
            Ok(Self(code))
        } else {
            Err(wrong())
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EvidenceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EvidenceCode {
    type Error = CodeError;
    /// Stored codes have exactly one form.
    fn try_from(text: String) -> Result<Self, CodeError> {
        let code = Self::parse_lenient(&text)?;
        if code.0 == text {
            Ok(code)
        } else {
            Err(CodeError(crate::text::excerpt(&text)))
        }
    }
}

impl From<EvidenceCode> for String {
    fn from(code: EvidenceCode) -> Self {
        code.0
    }
}
