//! Puts elements together: blank lines between actions, joined actions and speeches.
//!
//! Invariant: blank lines are kept only between two actions, as empty action lines.

use super::ReadOptions;
use super::model::{Element, Kind};

/// Collects elements of any front end.
pub struct Builder {
    options: ReadOptions,
    elements: Vec<Element>,
    blanks: Vec<u32>,
}

impl Builder {
    /// An empty script.
    #[must_use]
    pub fn new(options: ReadOptions) -> Self {
        Self {
            options,
            elements: Vec::new(),
            blanks: Vec::new(),
        }
    }

    /// The kind of the element before.
    #[must_use]
    pub fn last(&self) -> Option<&Kind> {
        self.elements.last().map(|element| &element.kind)
    }

    /// The element before.
    pub fn last_mut(&mut self) -> Option<&mut Element> {
        self.elements.last_mut()
    }

    /// Whether a speech is open: the element before is a cue, a parenthetical or dialogue.
    #[must_use]
    pub fn in_speech(&self) -> bool {
        matches!(
            self.last(),
            Some(Kind::Character { .. } | Kind::Parenthetical | Kind::Dialogue)
        )
    }

    /// A blank line.
    pub fn blank(&mut self, line: u32) {
        if matches!(self.last(), Some(Kind::Action { .. })) {
            self.blanks.push(line);
        }
    }

    /// The next element.
    pub fn push(&mut self, kind: Kind, text: &str, line: u32, tags: Vec<String>) {
        let blanks = std::mem::take(&mut self.blanks);
        if matches!(kind, Kind::Action { .. }) {
            for blank in blanks {
                self.append(Kind::Action { centered: false }, "", blank, Vec::new());
            }
        }
        self.append(kind, text, line, tags);
    }

    fn append(&mut self, kind: Kind, text: &str, line: u32, tags: Vec<String>) {
        let plain = Kind::Action { centered: false };
        let join = (kind == plain && self.options.merge_actions)
            || (kind == Kind::Dialogue && self.options.merge_dialogue);
        if let Some(last) = self
            .elements
            .last_mut()
            .filter(|last| join && last.kind == kind)
        {
            last.text.push('\n');
            last.text.push_str(text);
            last.lines.push(line);
            last.tags.extend(tags);
            return;
        }
        let lines = (0..=text.matches('\n').count()).map(|_| line).collect();
        self.elements.push(Element {
            kind,
            text: text.to_owned(),
            lines,
            tags,
        });
    }

    /// The elements.
    #[must_use]
    pub fn finish(self) -> Vec<Element> {
        self.elements
    }
}
