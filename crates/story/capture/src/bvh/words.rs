//! The words and numbers of a BVH text, each with its line.

use super::error::{BvhError, BvhReason};

const MAX_ABS: f64 = 1e9;

pub(super) fn refuse(line: usize, reason: BvhReason) -> BvhError {
    BvhError { line, reason }
}

/// A word and the line it stands on; braces are words of their own.
#[derive(Clone, Copy)]
pub(super) struct Word<'a> {
    pub text: &'a str,
    pub line: usize,
    /// Byte offset just behind the word.
    end: usize,
}

/// Words of the text, with braces split off.
pub(super) struct Words<'a> {
    pub text: &'a str,
    pub at: usize,
    pub line: usize,
}

impl<'a> Words<'a> {
    pub fn peek(&self) -> Option<Word<'a>> {
        let bytes = self.text.as_bytes();
        let (mut at, mut line) = (self.at, self.line);
        while at < bytes.len() && (bytes[at].is_ascii_whitespace() || bytes[at] == 0) {
            line += usize::from(bytes[at] == b'\n');
            at += 1;
        }
        let start = at;
        while at < bytes.len() && !bytes[at].is_ascii_whitespace() {
            if matches!(bytes[at], b'{' | b'}') {
                at += usize::from(at == start);
                break;
            }
            at += 1;
        }
        (start < at).then(|| Word {
            text: &self.text[start..at],
            line,
            end: at,
        })
    }

    pub fn take(&mut self, word: Word<'a>) {
        self.at = word.end;
        self.line = word.line;
    }

    pub fn next(&mut self, expected: &'static str) -> Result<Word<'a>, BvhError> {
        let Some(word) = self.peek() else {
            return Err(refuse(self.last_line(), BvhReason::EndOfFile { expected }));
        };
        self.take(word);
        Ok(word)
    }

    pub fn keyword(&mut self, expected: &'static str) -> Result<Word<'a>, BvhError> {
        let word = self.next(expected)?;
        if word.text.eq_ignore_ascii_case(expected) {
            return Ok(word);
        }
        Err(refuse(
            word.line,
            BvhReason::Unexpected {
                expected,
                found: short(word.text),
            },
        ))
    }

    pub fn number(&mut self) -> Result<f64, BvhError> {
        let word = self.next("a number")?;
        number(word.text, word.line)
    }

    pub fn last_line(&self) -> usize {
        self.text.lines().count().max(1)
    }
}

/// A file's own text inside a message, cut to a readable length.
pub(super) fn short(text: &str) -> String {
    let mut cut: String = text
        .chars()
        .filter(|letter| !letter.is_control())
        .take(40)
        .collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

pub(super) fn number(text: &str, line: usize) -> Result<f64, BvhError> {
    // Some exporters write a decimal comma.
    let parsed = text
        .parse::<f64>()
        .or_else(|_| text.replacen(',', ".", 1).parse::<f64>());
    match parsed {
        Ok(value) if value.is_finite() && value.abs() <= MAX_ABS => Ok(value),
        Ok(value) if value.is_finite() => {
            Err(refuse(line, BvhReason::OutOfRange { text: short(text) }))
        }
        _ => Err(refuse(line, BvhReason::NotANumber { text: short(text) })),
    }
}
