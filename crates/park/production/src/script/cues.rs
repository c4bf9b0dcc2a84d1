//! Cues: the name above a speech and what stands in brackets after it.

/// A cue taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// The name, trimmed.
    pub name: String,
    /// Brackets after the name, without the brackets.
    pub extensions: Vec<String>,
    /// Ends with `^`: spoken together with the speech before.
    pub dual: bool,
}

/// Takes a cue line apart: `STEEL (O.S.) ^`.
#[must_use]
pub fn split(line: &str) -> Cue {
    let line = line.trim();
    let (line, dual) = line
        .strip_suffix('^')
        .map_or((line, false), |rest| (rest.trim_end(), true));
    let Some(open) = line.find(['(', '（']) else {
        return Cue {
            name: line.to_owned(),
            extensions: Vec::new(),
            dual,
        };
    };
    let extensions = line[open..]
        .split(['(', ')', '（', '）'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    Cue {
        name: line[..open].trim_end().to_owned(),
        extensions,
        dual,
    }
}

/// Whether a line reads as a cue without being forced: a name in capitals, or one of two to six
/// Han characters. What stands in brackets may be in any case.
#[must_use]
pub fn is_cue(line: &str) -> bool {
    let cue = split(line);
    let name = super::model::without_markers(&cue.name);
    if name.is_empty() || name.ends_with("TO:") || name.chars().any(char::is_lowercase) {
        return false;
    }
    if name.chars().any(char::is_uppercase) {
        return true;
    }
    let length = name.chars().count();
    (2..=6).contains(&length) && name.chars().all(is_han)
}

/// Whether a character is a Han ideograph of a name.
#[must_use]
pub fn is_han(character: char) -> bool {
    matches!(character,
        '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{323AF}')
}

/// The inside of a line in brackets, ASCII or full width.
#[must_use]
pub fn parenthetical(line: &str) -> Option<&str> {
    let inner = line.strip_prefix(['(', '（'])?.strip_suffix([')', '）'])?;
    Some(inner.trim())
}
