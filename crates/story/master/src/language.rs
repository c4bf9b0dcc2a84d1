//! Language tags of BCP 47 (RFC 5646), as a person chose them.
//!
//! Checked for shape, not against the registry: `language[-extlang][-Script][-REGION][-variant…]`,
//! extensions and private use included. Case is made conventional: `zh-hans-cn` → `zh-Hans-CN`.

use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LanguageError {
    #[error("`{0}` is not a BCP 47 language tag; write for example `zh-Hans` or `en`")]
    NotATag(String),
}

/// Tag, the language's own name, its English name.
const NAMES: &[(&str, &str, &str)] = &[
    ("ar", "العربية", "Arabic"),
    ("de", "Deutsch", "German"),
    ("en", "English", "English"),
    ("es", "Español", "Spanish"),
    ("fr", "Français", "French"),
    ("hi", "हिन्दी", "Hindi"),
    ("id", "Bahasa Indonesia", "Indonesian"),
    ("it", "Italiano", "Italian"),
    ("ja", "日本語", "Japanese"),
    ("ko", "한국어", "Korean"),
    ("ms", "Bahasa Melayu", "Malay"),
    ("pt", "Português", "Portuguese"),
    ("ru", "Русский", "Russian"),
    ("th", "ไทย", "Thai"),
    ("tr", "Türkçe", "Turkish"),
    ("vi", "Tiếng Việt", "Vietnamese"),
    ("yue", "粵語", "Cantonese"),
    ("zh", "中文", "Chinese"),
    ("zh-CN", "简体中文", "Chinese (Simplified)"),
    ("zh-Hans", "简体中文", "Chinese (Simplified)"),
    ("zh-Hant", "繁體中文", "Chinese (Traditional)"),
    ("zh-TW", "繁體中文", "Chinese (Traditional)"),
];

impl LanguageTag {
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let refuse = || LanguageError::NotATag(text.chars().take(40).collect());
        if text.is_empty() || text.len() > 63 {
            return Err(refuse());
        }
        let subtags: Vec<&str> = text.split('-').collect();
        let shaped = subtags
            .iter()
            .all(|s| (1..=8).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_alphanumeric()));
        let primary = subtags[0];
        let private = primary.eq_ignore_ascii_case("x");
        let language =
            (2..=8).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic());
        let dangling = subtags.last().is_some_and(|s| s.len() == 1);
        if !shaped || !(language || private) || dangling {
            return Err(refuse());
        }
        let mut after_singleton = private;
        let mut out = primary.to_ascii_lowercase();
        for subtag in &subtags[1..] {
            after_singleton |= subtag.len() == 1;
            out.push('-');
            out.push_str(&conventional_case(subtag, after_singleton));
        }
        Ok(Self(out))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language's name in that language; the tag itself when it is not in our table.
    pub fn own_name(&self) -> &str {
        self.named().map_or(&self.0, |(_, own, _)| own)
    }

    pub fn english_name(&self) -> &str {
        self.named().map_or(&self.0, |(_, _, english)| english)
    }

    /// The longest prefix of the tag, cut at hyphens, that the table knows.
    fn named(&self) -> Option<&'static (&'static str, &'static str, &'static str)> {
        let mut prefix = self.0.as_str();
        loop {
            if let Some(found) = NAMES.iter().find(|(tag, ..)| *tag == prefix) {
                return Some(found);
            }
            prefix = &prefix[..prefix.rfind('-')?];
        }
    }
}

fn conventional_case(subtag: &str, after_singleton: bool) -> String {
    let alphabetic = subtag.bytes().all(|b| b.is_ascii_alphabetic());
    let mut out = subtag.to_ascii_lowercase();
    if !after_singleton && alphabetic && out.len() == 2 {
        out.make_ascii_uppercase();
    } else if !after_singleton && alphabetic && out.len() == 4 {
        out[..1].make_ascii_uppercase();
    }
    out
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageError;
    fn try_from(text: String) -> Result<Self, LanguageError> {
        Self::parse(&text)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}
