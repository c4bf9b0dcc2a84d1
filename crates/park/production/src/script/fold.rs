//! Takes notes and boneyards out of plain text and gives logical lines.
//!
//! A boneyard `/* … */` may span anything; a note `[[ … ]]` may span lines, and a truly empty
//! line ends it (a line of spaces does not). Both leave a marker, `/*k*/` or `[[k]]`. After a note
//! that spans lines, the line before is the last one inside the note: the context rule of the
//! reference reader, kept so that scripts read the same everywhere.

use super::model::{Note, Warning, WarningKind, without_markers};

/// What stands before a logical line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing, or a truly empty line, or only a boneyard.
    Blank,
    /// A line of spaces: goes on with a speech.
    Spaces,
    /// Text.
    Text,
}

impl Before {
    fn of(line: &str) -> Self {
        if line.is_empty() {
            Self::Blank
        } else if line.trim().is_empty() {
            Self::Spaces
        } else {
            Self::Text
        }
    }
}

/// One line after folding.
#[derive(Clone, Debug)]
pub struct Logical {
    /// The text, with markers.
    pub text: String,
    /// The source line it starts on, from 1.
    pub line: u32,
    /// What stands before it.
    pub before: Before,
}

/// A folded text.
#[derive(Debug, Default)]
pub struct Folded {
    /// The lines.
    pub lines: Vec<Logical>,
    /// The notes.
    pub notes: Vec<Note>,
    /// The boneyards.
    pub boneyards: Vec<Note>,
    /// Notes that a blank line or the end of the script had to close.
    pub warnings: Vec<Warning>,
}

/// A note or boneyard that is open.
struct Open {
    bone: bool,
    note: Note,
}

struct Folder {
    out: Folded,
    open: Option<Open>,
    current: String,
    started: u32,
    before: Before,
    previous: Before,
}

/// Folds a text with `\n` line ends.
#[must_use]
pub fn fold(text: &str) -> Folded {
    let last_close = text.rfind("*/");
    let mut folder = Folder {
        out: Folded::default(),
        open: None,
        current: String::new(),
        started: 1,
        before: Before::Blank,
        previous: Before::Blank,
    };
    let (mut offset, mut number) = (0usize, 0u32);
    for line in text.split('\n') {
        number = number.saturating_add(1);
        let closes_at = last_close.and_then(|close| close.checked_sub(offset));
        folder.line(line, number, closes_at);
        offset += line.len() + 1;
    }
    if folder.open.is_some() {
        folder.unclosed();
    }
    folder.out
}

impl Folder {
    /// One source line; `closes_at` is where the last `*/` of the text lies, seen from this line.
    fn line(&mut self, line: &str, number: u32, closes_at: Option<usize>) {
        match &self.open {
            None => {
                self.started = number;
                self.before = self.previous;
            }
            Some(open) if !open.bone => {
                self.before = self.previous;
                if line.is_empty() {
                    self.unclosed();
                    return;
                }
            }
            Some(_) => {}
        }
        let mut at = 0;
        loop {
            let rest = &line[at..];
            if let Some(open) = &mut self.open {
                let Some(end) = rest.find(if open.bone { "*/" } else { "]]" }) else {
                    open.note.text.push_str(rest);
                    open.note.text.push('\n');
                    self.previous = Before::of(line);
                    return;
                };
                open.note.text.push_str(&rest[..end]);
                self.close();
                at += end + 2;
                continue;
            }
            let Some((begin, bone)) = opening(rest, at, closes_at) else {
                self.current.push_str(rest);
                self.emit();
                return;
            };
            self.current.push_str(&rest[..begin]);
            let note = Note {
                text: String::new(),
                line: number,
            };
            self.open = Some(Open { bone, note });
            at += begin + 2;
        }
    }

    /// Ends the open note or boneyard and leaves its marker.
    fn close(&mut self) {
        let Some(Open { bone, mut note }) = self.open.take() else {
            return;
        };
        if !bone {
            let kept = note.text.trim_end_matches('\n').len();
            note.text.truncate(kept);
        }
        let list = if bone {
            &mut self.out.boneyards
        } else {
            &mut self.out.notes
        };
        let marker = list.len();
        list.push(note);
        self.current.push_str(&if bone {
            format!("/*{marker}*/")
        } else {
            format!("[[{marker}]]")
        });
    }

    /// A note ends because its paragraph ends.
    fn unclosed(&mut self) {
        if let Some(open) = &self.open {
            self.out.warnings.push(Warning {
                kind: WarningKind::Unclosed,
                line: open.note.line,
                message: "a note is opened with [[ and not closed".to_owned(),
                remedy: "close it with ]]; an empty line inside a note needs two spaces".to_owned(),
            });
        }
        self.close();
        self.emit();
    }

    fn emit(&mut self) {
        let text = std::mem::take(&mut self.current);
        let only_bone = text.starts_with("/*") && without_markers(&text).trim().is_empty();
        self.previous = if only_bone {
            Before::Blank
        } else {
            Before::of(&text)
        };
        self.out.lines.push(Logical {
            text,
            line: self.started,
            before: self.before,
        });
    }
}

/// Where the next note or boneyard begins in `rest`, and whether it is a boneyard. A boneyard
/// that never closes is text.
fn opening(rest: &str, at: usize, closes_at: Option<usize>) -> Option<(usize, bool)> {
    let note = rest.find("[[").map(|begin| (begin, false));
    let bone = rest
        .find("/*")
        .filter(|begin| closes_at.is_some_and(|close| close >= at + begin + 2))
        .map(|begin| (begin, true));
    note.into_iter().chain(bone).min()
}
