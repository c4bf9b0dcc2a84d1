//! Final Draft FDX: XML to elements.
//!
//! Only `FinalDraft > Content` and the text of `FinalDraft > TitlePage > Content` are read; what
//! hangs inside a paragraph (scene properties, arcs) is skipped, script notes become notes, dual
//! dialogue keeps its mark. Document types are refused, so there are no entities but the five
//! predefined ones, and nothing outside the file is ever read. Depth is bounded.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::builder::Builder;
use super::model::{Format, Kind, Note, Script, TitleEntry};
use super::{ReadOptions, ScriptError, cues};

/// Deepest nesting read; Final Draft itself stays below ten.
const MAX_DEPTH: usize = 64;

/// A paragraph being read.
#[derive(Default)]
struct Paragraph {
    kind: String,
    number: Option<String>,
    text: String,
    line: u32,
    depth: usize,
    new_page: bool,
}

struct Fdx<'a> {
    source: &'a str,
    /// Names of the open elements.
    path: Vec<String>,
    out: Builder,
    notes: Vec<Note>,
    title: Vec<TitleEntry>,
    open: Vec<Paragraph>,
    /// Depth of an element whose inside is skipped.
    skip: Option<usize>,
    note: Option<(usize, Note)>,
    dual: Option<u8>,
    in_text: bool,
    counted: (usize, u32),
}

/// Reads an FDX document.
///
/// # Errors
/// [`ScriptError::Xml`] with the line when the XML is not well formed, has a document type, is
/// nested too deeply or is no Final Draft document.
pub fn parse(text: &str, options: ReadOptions) -> Result<Script, ScriptError> {
    let mut reader = Reader::from_str(text);
    let mut fdx = Fdx {
        source: text,
        path: Vec::new(),
        out: Builder::new(options),
        notes: Vec::new(),
        title: Vec::new(),
        open: Vec::new(),
        skip: None,
        note: None,
        dual: None,
        in_text: false,
        counted: (0, 1),
    };
    let mut content = false;
    loop {
        let event = reader.read_event();
        let line = fdx.line(usize::try_from(reader.buffer_position()).unwrap_or(text.len()));
        let broken = |what: String| ScriptError::Xml { line, what };
        match event.map_err(|error| broken(error.to_string()))? {
            Event::Eof => break,
            Event::DocType(_) => {
                return Err(broken(
                    "it declares a document type, which we do not read".to_owned(),
                ));
            }
            Event::Start(tag) => {
                fdx.start(&tag, line)?;
                content |= fdx.path.last().is_some_and(|name| name == "Content");
            }
            Event::Empty(tag) => {
                fdx.start(&tag, line)?;
                fdx.end();
            }
            Event::End(_) => fdx.end(),
            Event::Text(text) => fdx.text(&text),
            Event::CData(text) => fdx.text(&text),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character.to_string()),
                    _ => {
                        quick_xml::escape::resolve_predefined_entity(&reference).map(str::to_owned)
                    }
                };
                let name: &str = &reference;
                fdx.text(&character.ok_or_else(|| broken(format!("unknown entity `&{name};`")))?);
            }
            _ => {}
        }
    }
    let end = fdx.line(text.len());
    if !content || !fdx.path.is_empty() {
        let what = if content {
            "it ends too early"
        } else {
            "it has no Content"
        };
        return Err(ScriptError::Xml {
            line: end,
            what: what.to_owned(),
        });
    }
    let mut script = Script::new(Format::Fdx);
    script.title_page = fdx.title;
    script.notes = fdx.notes;
    script.elements = fdx.out.finish();
    Ok(script)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = tag.try_get_attribute(name).ok()??;
    value
        .normalized_value(XmlVersion::Implicit1_0)
        .ok()
        .map(Cow::into_owned)
}

impl Fdx<'_> {
    /// The line of a byte offset; offsets only grow.
    fn line(&mut self, offset: usize) -> u32 {
        let (from, line) = self.counted;
        let to = offset.clamp(from, self.source.len());
        let breaks = self.source.as_bytes()[from..to]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        self.counted = (
            to,
            line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX)),
        );
        self.counted.1
    }

    fn start(&mut self, tag: &BytesStart<'_>, line: u32) -> Result<(), ScriptError> {
        let name: &str = tag.name().into_inner();
        self.path.push(name.to_owned());
        let depth = self.path.len();
        if depth > MAX_DEPTH {
            let what = format!("it is nested deeper than {MAX_DEPTH}");
            return Err(ScriptError::Xml { line, what });
        }
        if depth == 1 && name != "FinalDraft" {
            let what = format!("its first tag is <{name}>, not <FinalDraft>");
            return Err(ScriptError::Xml { line, what });
        }
        if self.skip.is_some() {
            return Ok(());
        }
        match name {
            "ScriptNote" if !self.open.is_empty() => {
                self.note = Some((
                    depth,
                    Note {
                        text: String::new(),
                        line,
                    },
                ));
            }
            "SceneProperties" | "TagData" => self.skip = Some(depth),
            "DualDialogue" => self.dual = Some(0),
            "Paragraph" if self.note.is_none() && self.in_script() => {
                self.open.push(Paragraph {
                    kind: attribute(tag, "Type").unwrap_or_default(),
                    number: attribute(tag, "Number").filter(|number| !number.is_empty()),
                    text: String::new(),
                    line,
                    depth,
                    new_page: attribute(tag, "StartsNewPage").is_some_and(|value| value == "Yes"),
                });
            }
            "Text" => self.in_text = true,
            _ => {}
        }
        Ok(())
    }

    /// Whether the path leads into the body or the title page.
    fn in_script(&self) -> bool {
        let second = self.path.get(1).map(String::as_str);
        let third = self.path.get(2).map(String::as_str);
        second == Some("Content") || (second == Some("TitlePage") && third == Some("Content"))
    }

    fn text(&mut self, text: &str) {
        if !self.in_text || self.skip.is_some() {
            return;
        }
        if let Some((_, note)) = &mut self.note {
            note.text.push_str(text);
        } else if let Some(paragraph) = self.open.last_mut() {
            paragraph.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let depth = self.path.len();
        let Some(name) = self.path.pop() else { return };
        if let Some(from) = self.skip {
            if from == depth {
                self.skip = None;
            }
            return;
        }
        if name == "Text" {
            self.in_text = false;
        }
        if self.note.as_ref().is_some_and(|(from, _)| *from == depth)
            && let Some((_, note)) = self.note.take()
        {
            let marker = format!("[[{}]]", self.notes.len());
            self.notes.push(note);
            if let Some(paragraph) = self.open.last_mut() {
                paragraph.text.push_str(&marker);
            }
        }
        if name == "DualDialogue" {
            self.dual = None;
        }
        if self
            .open
            .last()
            .is_some_and(|paragraph| paragraph.depth == depth)
            && let Some(paragraph) = self.open.pop()
        {
            self.finish(paragraph);
        }
    }

    /// Makes the element of a paragraph.
    fn finish(&mut self, paragraph: Paragraph) {
        let text = paragraph.text.trim();
        let line = paragraph.line;
        if self.path.get(1).is_some_and(|name| name == "TitlePage") {
            if !text.is_empty() {
                let key = if self.title.is_empty() {
                    "Title"
                } else {
                    "Notes"
                };
                let value = text.to_owned();
                self.title.push(TitleEntry {
                    key: key.to_owned(),
                    value,
                    line,
                });
            }
            return;
        }
        if paragraph.new_page {
            self.out.push(Kind::PageBreak, "", line, Vec::new());
        }
        if text.is_empty() {
            return;
        }
        let kind = match paragraph.kind.as_str() {
            "Scene Heading" => Kind::Heading {
                number: paragraph.number,
            },
            "Character" => {
                let cue = cues::split(text);
                let second = self.dual == Some(1);
                self.dual = self.dual.map(|count| count.saturating_add(1));
                let kind = Kind::Character {
                    extensions: cue.extensions,
                    dual: cue.dual || second,
                };
                self.out.push(kind, &cue.name, line, Vec::new());
                return;
            }
            "Parenthetical" => {
                let inner = cues::parenthetical(text).unwrap_or(text);
                self.out.push(Kind::Parenthetical, inner, line, Vec::new());
                return;
            }
            "Dialogue" => Kind::Dialogue,
            "Transition" => Kind::Transition,
            "Singing" | "Lyrics" => Kind::Lyric,
            "Outline 1" | "New Act" | "Section" => Kind::Section { level: 1 },
            "Outline 2" => Kind::Section { level: 2 },
            "Outline Body" | "Synopsis" => Kind::Synopsis,
            _ => Kind::Action { centered: false },
        };
        // Paragraphs stand apart, as blank lines keep actions apart in Fountain.
        self.out.blank(line);
        for (index, part) in text.split('\n').enumerate() {
            let next = line.saturating_add(u32::try_from(index).unwrap_or(0));
            match kind {
                Kind::Action { .. } | Kind::Dialogue => {
                    self.out
                        .push(kind.clone(), part.trim_end(), next, Vec::new());
                }
                _ if index == 0 => {
                    self.out
                        .push(kind.clone(), &text.replace('\n', " "), line, Vec::new());
                }
                _ => {}
            }
        }
    }
}
