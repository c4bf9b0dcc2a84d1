//! What a script is: elements in order, notes taken out of the text, a title page, warnings.
//!
//! Invariant: `Element::lines` has one source line per line of `Element::text`.

use serde::{Deserialize, Serialize};

/// The front end that read the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Fountain plain text.
    Fountain,
    /// Final Draft XML.
    Fdx,
    /// Chinese plain text.
    Chinese,
}

/// The encoding of the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, little endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, big endian.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// GB18030, which includes GBK and GB2312.
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// The role of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A scene heading; the text is without the scene number.
    Heading {
        /// The number the writer gave, as written (`3`, `A3-1`); Chinese numerals as digits.
        number: Option<String>,
    },
    /// What is seen.
    Action {
        /// Set in the middle of the page.
        centered: bool,
    },
    /// A cue; the text is the name alone.
    Character {
        /// What stands in brackets after the name: `V.O.`, `O.S.`, `CONT'D`, `画外音`.
        extensions: Vec<String>,
        /// Spoken at the same time as the speech before.
        dual: bool,
    },
    /// What is said.
    Dialogue,
    /// How it is said; the text is without brackets.
    Parenthetical,
    /// `CUT TO:`, `切至：`.
    Transition,
    /// A sung line.
    Lyric,
    /// An outline heading.
    Section {
        /// 1 is the highest.
        level: u8,
    },
    /// An outline note on a scene.
    Synopsis,
    /// A forced new page.
    PageBreak,
    /// Who is in the scene (`人物：李雷、韩梅梅`); the text is the names as written.
    CastList,
}

/// One paragraph of the script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Its role.
    #[serde(flatten)]
    pub kind: Kind,
    /// Its text. `[[k]]` and `/*k*/` stand for note and boneyard `k`.
    pub text: String,
    /// The 1-based source line of each line of `text`.
    pub lines: Vec<u32>,
    /// Tags, in order (only with the option `tags`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

impl Element {
    /// The source line the element starts on.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.lines.first().copied().unwrap_or(1)
    }

    /// The source line of a byte offset of `text`.
    #[must_use]
    pub fn line_at(&self, offset: usize) -> u32 {
        let end = offset.min(self.text.len());
        let breaks = self.text.as_bytes()[..end]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        self.lines
            .get(breaks)
            .copied()
            .unwrap_or_else(|| self.line())
    }
}

/// A note (`[[…]]`) or a boneyard (`/* … */`), taken out of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// The source line it starts on.
    pub line: u32,
}

/// One entry of the title page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleEntry {
    /// `Title`, `Author`, `编剧` …
    pub key: String,
    /// The value; lines below the key start with a line break and keep their indent.
    pub value: String,
    /// The source line of the key.
    pub line: u32,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// No scene heading at all.
    NoHeadings,
    /// A note or boneyard that never ends.
    Unclosed,
    /// Two scenes with the same number.
    DuplicateNumber,
    /// A heading without interior or exterior.
    NoSetting,
    /// A heading without day or night.
    NoTime,
    /// A heading without a place.
    NoPlace,
    /// A scene with nothing in it.
    EmptyScene,
    /// A cue without a speech.
    SilentCue,
    /// Two cues that may be one role.
    SimilarCues,
    /// Bytes that could not be decoded.
    Undecodable,
}

/// Something a person should look at. The script is usable without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What it is about.
    pub kind: WarningKind,
    /// The source line that caused it.
    pub line: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

/// A screenplay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// The front end that read it.
    pub format: Format,
    /// The encoding of its bytes.
    pub encoding: Encoding,
    /// The title page.
    pub title_page: Vec<TitleEntry>,
    /// The body.
    pub elements: Vec<Element>,
    /// The notes, in order: `[[0]]` in a text is the first.
    pub notes: Vec<Note>,
    /// The boneyards, in order: `/*0*/` in a text is the first.
    pub boneyards: Vec<Note>,
    /// In the order of lines.
    pub warnings: Vec<Warning>,
}

impl Script {
    /// A script without anything in it.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self {
            format,
            encoding: Encoding::default(),
            title_page: Vec::new(),
            elements: Vec::new(),
            notes: Vec::new(),
            boneyards: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The scenes, in order. Text before the first heading belongs to none.
    #[must_use]
    pub fn scenes(&self) -> Vec<crate::script::Scene> {
        crate::script::scenes::scenes(self)
    }

    /// The script as Fountain text; reading it back gives the same elements.
    #[must_use]
    pub fn to_fountain(&self) -> String {
        crate::script::write::to_fountain(self)
    }
}

/// The text without the `[[k]]` and `/*k*/` that stand for notes and boneyards.
#[must_use]
pub fn without_markers(text: &str) -> String {
    if !text.contains("[[") && !text.contains("/*") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["[[", "/*"].iter().filter_map(|open| rest.find(open)).min() {
        let close = if rest[at..].starts_with("[[") {
            "]]"
        } else {
            "*/"
        };
        let inner = &rest[at + 2..];
        let end = inner.find(close);
        let is_marker = end
            .is_some_and(|end| end > 0 && inner.as_bytes()[..end].iter().all(u8::is_ascii_digit));
        out.push_str(&rest[..at]);
        match end {
            Some(end) if is_marker => rest = &inner[end + 2..],
            _ => {
                out.push_str(&rest[at..at + 2]);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}
