//! Scripts: screenplay bytes become typed elements, scenes and a breakdown.
//!
//! Words: an *element* is one paragraph with its role (heading, action, cue, dialogue …), a *cue*
//! is the name above a speech, an *eighth* is an eighth of a page, a *breakdown* lists what a
//! scene needs. Invariant: every element, warning and breakdown item carries the source line that
//! caused it, and no input panics. Sources: the Fountain syntax (fountain.io/syntax), Final Draft
//! FDX as written by Final Draft, Chinese film and series layouts as they are usually typed.
//!
//! Reading order: [`model`], [`decode`], [`fountain`], [`fdx`], [`chinese`], [`heading`],
//! [`numerals`], [`scenes`], [`layout`], [`lexicon`], [`breakdown`](mod@breakdown), [`write`].

use serde::{Deserialize, Serialize};

pub mod breakdown;
pub mod builder;
pub mod chinese;
pub mod cues;
pub mod decode;
pub mod fdx;
pub mod fold;
pub mod fountain;
pub mod heading;
pub mod layout;
pub mod lexicon;
pub mod model;
pub mod numerals;
pub mod scenes;
pub mod write;

pub use breakdown::{Breakdown, Category, Item, breakdown};
pub use heading::{Setting, TimeOfDay};
pub use model::{Element, Encoding, Format, Kind, Note, Script, TitleEntry, Warning, WarningKind};
pub use scenes::{CastUse, Scene};

/// Longest script read, in bytes. A 120-page script is about 200 KB.
pub const MAX_BYTES: usize = 32 << 20;

/// How text becomes elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadOptions {
    /// Join consecutive action lines, and the blank lines between them, into one element.
    pub merge_actions: bool,
    /// Join consecutive dialogue lines of one speech into one element.
    pub merge_dialogue: bool,
    /// Read trailing ` #word` as tags of the element (an extension of Fountain).
    pub tags: bool,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            merge_actions: true,
            merge_dialogue: true,
            tags: false,
        }
    }
}

/// Why a script could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// Nothing but white space.
    #[error("the script `{name}` is empty; send the file again after saving it")]
    Empty {
        /// The file's name, as given.
        name: String,
    },
    /// Longer than [`MAX_BYTES`].
    #[error("the script is {bytes} bytes long, the limit is {limit}; send it without pictures")]
    TooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A container or picture, not a script's text.
    #[error("`{name}` is {found}; export it as Fountain (.fountain), Final Draft (.fdx) or text")]
    NotText {
        /// The file's name, as given.
        name: String,
        /// What the first bytes say it is.
        found: &'static str,
    },
    /// Neither UTF-8, UTF-16 nor GB18030.
    #[error("byte {offset} is in no encoding we read; save the script as UTF-8")]
    Encoding {
        /// Offset of the first byte that fits neither UTF-8 nor GB18030.
        offset: usize,
    },
    /// The FDX is broken.
    #[error("line {line}: the Final Draft file is broken: {what}; save it again in Final Draft")]
    Xml {
        /// 1-based line in the decoded text.
        line: u32,
        /// What is wrong.
        what: String,
    },
}

/// Reads a screenplay with the usual options. `name` is the file's name, for messages.
///
/// # Errors
/// [`ScriptError`] when the bytes are no script at all. A script without scene headings is *not*
/// an error: it has no scenes and a warning that says how to mark them.
pub fn read(bytes: &[u8], name: &str) -> Result<Script, ScriptError> {
    read_with(bytes, name, ReadOptions::default())
}

/// Reads a screenplay; see [`read`].
///
/// # Errors
/// As [`read`].
pub fn read_with(bytes: &[u8], name: &str, options: ReadOptions) -> Result<Script, ScriptError> {
    if bytes.len() > MAX_BYTES {
        return Err(ScriptError::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    let decoded = decode::decode(bytes, name)?;
    if decoded.text.trim().is_empty() {
        return Err(ScriptError::Empty {
            name: name.to_owned(),
        });
    }
    let mut script = match sniff(&decoded.text) {
        Format::Fdx => fdx::parse(&decoded.text, options)?,
        Format::Chinese => chinese::parse(&decoded.text, options),
        Format::Fountain => fountain::parse(&decoded.text, options),
    };
    script.encoding = decoded.encoding;
    if let Some(warning) = decoded.warning {
        script.warnings.push(warning);
    }
    script.warnings.extend(scenes::check(&script));
    script
        .warnings
        .sort_by_key(|warning| (warning.line, warning.kind));
    Ok(script)
}

/// The front end for a text: FDX by its first tag; Chinese when it has more Chinese headings than
/// Fountain ones, or no headings and mostly `name：line` speeches; else Fountain.
#[must_use]
pub fn sniff(text: &str) -> Format {
    let start = text.trim_start();
    if start.starts_with("<?xml") || start.starts_with("<FinalDraft") {
        return Format::Fdx;
    }
    let (mut fountain, mut chinese, mut speeches, mut lines) = (0usize, 0usize, 0usize, 0usize);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        lines += 1;
        if heading::is_fountain_heading(line) || heading::forced(line).is_some() {
            fountain += 1;
        } else if heading::chinese_heading(line).is_some() {
            chinese += 1;
        } else if chinese::looks_like_speech(line) {
            speeches += 1;
        }
    }
    if chinese > fountain || (fountain == 0 && speeches >= 2 && speeches * 5 >= lines) {
        Format::Chinese
    } else {
        Format::Fountain
    }
}
