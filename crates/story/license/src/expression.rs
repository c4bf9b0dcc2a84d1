//! Set expressions as people type them: `World ex CN,US`, `DACH + Benelux - AT`, `全球 除 中国`.
//!
//! Words come from a dictionary (longest match first, so Chinese needs no blanks and names may hold
//! "and" or parentheses). `+` adds, `-`, `ex`, `除` … take away, a comma, "and", `、` go on in the
//! same direction. Read left to right; `(…)` groups, and `World (ex CN)` takes from what stands
//! before it. An exclusion with nothing before it takes from everything. Bounds: [`CHARS_MAX`]
//! characters, [`DEPTH_MAX`] parentheses.

use std::collections::BTreeMap;

pub(crate) const CHARS_MAX: usize = 8_192;
const DEPTH_MAX: usize = 16;
const SUGGESTIONS_MAX: usize = 3;

/// A finite set of numbered atoms.
pub(crate) trait AtomSet: Copy + Eq {
    const EMPTY: Self;
    fn union(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn len(self) -> usize;
    /// Numbers of the atoms, ascending.
    fn atoms(self) -> Vec<u16>;
}

/// Why an expression could not be read; offsets count characters from 0.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum ExpressionError {
    #[error("the expression is empty")]
    Empty,
    #[error("the expression is longer than {CHARS_MAX} characters")]
    TooLong,
    #[error("`{word}` at character {} is not known{}", .at + 1, meant(.suggestions))]
    Unknown {
        word: String,
        at: usize,
        suggestions: Vec<String>,
    },
    #[error("a name is missing at character {}", .at + 1)]
    MissingName { at: usize },
    #[error("the parentheses do not match at character {}", .at + 1)]
    Parentheses { at: usize },
    #[error("the exclusion at character {} stands behind its names; write it before them", .at + 1)]
    TrailingExclusion { at: usize },
}

fn meant(suggestions: &[String]) -> String {
    match suggestions {
        [] => String::new(),
        some => format!(" (closest: {})", some.join(", ")),
    }
}

struct Word<S> {
    shown: String,
    set: S,
}

/// Folded words and the sets they stand for.
pub(crate) struct Dictionary<S> {
    words: BTreeMap<String, Word<S>>,
    longest: usize,
    everything: S,
}

impl<S: AtomSet> Dictionary<S> {
    pub(crate) fn new(everything: S) -> Self {
        Self {
            words: BTreeMap::new(),
            longest: 0,
            everything,
        }
    }

    /// The first meaning of a word stands; later ones are left out.
    pub(crate) fn add(&mut self, word: &str, set: S) {
        let folded: String = fold(word).into_iter().map(|(c, _)| c).collect();
        self.longest = self.longest.max(folded.chars().count());
        self.words.entry(folded).or_insert(Word {
            shown: word.to_owned(),
            set,
        });
    }

    pub(crate) fn read(&self, text: &str) -> Result<S, ExpressionError> {
        if text.chars().count() > CHARS_MAX {
            return Err(ExpressionError::TooLong);
        }
        let chars = fold(text);
        if chars.is_empty() {
            return Err(ExpressionError::Empty);
        }
        let mut reader = Reader {
            dictionary: self,
            text,
            chars,
            next: 0,
        };
        let read = reader.expression(0)?;
        match reader.at() {
            None => Ok(read.resolved(self.everything)),
            Some(at) => Err(ExpressionError::Parentheses { at }),
        }
    }

    fn suggestions(&self, word: &str) -> Vec<String> {
        let word: Vec<char> = fold(word).into_iter().map(|(c, _)| c).collect();
        let cjk = word.iter().any(|c| !c.is_ascii());
        let mut near: Vec<(usize, &str)> = self
            .words
            .iter()
            .filter(|(key, _)| key.is_ascii() != cjk && (key.len() > 3 || word.len() <= 3))
            .filter_map(|(key, entry)| {
                let key: Vec<char> = key.chars().collect();
                let slips = distance(&word, &key);
                let starts = word.len() >= 2 && key.starts_with(&word);
                let close = slips * 3 <= word.len().max(3);
                (starts || close).then_some((if starts { 1 } else { slips }, entry.shown.as_str()))
            })
            .collect();
        near.sort();
        near.dedup_by_key(|(_, shown)| *shown);
        near.into_iter()
            .take(SUGGESTIONS_MAX)
            .map(|(_, shown)| shown.to_owned())
            .collect()
    }
}

/// Lower case, ASCII forms of full-width signs, no accents, dots or apostrophes, single blanks;
/// each character with the offset it came from.
pub(crate) fn fold(text: &str) -> Vec<(char, usize)> {
    let mut out: Vec<(char, usize)> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À'..='Å' => 'a',
            'è'..='ë' | 'È'..='Ë' => 'e',
            'ì'..='ï' | 'Ì'..='Ï' => 'i',
            'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' => 'o',
            'ù'..='ü' | 'Ù'..='Ü' => 'u',
            'ç' | 'Ç' => 'c',
            'ñ' | 'Ñ' => 'n',
            '\u{2212}' | '\u{2013}' | '\u{2014}' => '-',
            _ if c.is_whitespace() => ' ',
            _ => c,
        };
        match c {
            '.' | '\'' | '\u{2019}' | '\u{2018}' => {}
            ' ' if out.last().is_none_or(|(last, _)| *last == ' ') => {}
            _ => out.extend(c.to_lowercase().map(|c| (c, at))),
        }
    }
    while out.last().is_some_and(|(c, _)| *c == ' ') {
        out.pop();
    }
    out
}

/// Levenshtein distance; words are short (names), keys too.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = corner + usize::from(from != to);
            corner = row[j + 1];
            row[j + 1] = replaced.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `+`: from here names are added.
    Add,
    /// `ex`: from here names are taken away.
    Take,
    /// A comma or "and": go on as before.
    Same,
    /// `外`: the exclusion ends.
    EndTake,
}

/// Longest first where one begins another.
const SIGNS: [(&str, Sign); 34] = [
    ("excluding", Sign::Take),
    ("except for", Sign::Take),
    ("except", Sign::Take),
    ("without", Sign::Take),
    ("minus", Sign::Take),
    ("excl", Sign::Take),
    ("ex", Sign::Take),
    ("but not", Sign::Take),
    ("不包括", Sign::Take),
    ("不包含", Sign::Take),
    ("不含", Sign::Take),
    ("除外", Sign::EndTake),
    ("除去", Sign::Take),
    ("除了", Sign::Take),
    ("除", Sign::Take),
    ("减去", Sign::Take),
    ("减", Sign::Take),
    ("-", Sign::Take),
    ("+", Sign::Add),
    ("plus", Sign::Add),
    ("加上", Sign::Add),
    ("加", Sign::Add),
    ("and", Sign::Same),
    ("以及", Sign::Same),
    ("和", Sign::Same),
    ("及", Sign::Same),
    ("与", Sign::Same),
    ("、", Sign::Same),
    (",", Sign::Same),
    (";", Sign::Same),
    ("以外的", Sign::EndTake),
    ("以外", Sign::EndTake),
    ("外的", Sign::EndTake),
    ("外", Sign::EndTake),
];

/// What a (sub-)expression came to: names added, and names taken away before any stood there.
#[derive(Clone, Copy)]
struct Read<S> {
    base: Option<S>,
    taken_first: S,
}

impl<S: AtomSet> Read<S> {
    fn resolved(self, everything: S) -> S {
        self.base.unwrap_or(everything).minus(self.taken_first)
    }
}

struct Reader<'a, S> {
    dictionary: &'a Dictionary<S>,
    text: &'a str,
    chars: Vec<(char, usize)>,
    next: usize,
}

impl<S: AtomSet> Reader<'_, S> {
    /// Offset of the next character in the text as typed.
    fn at(&self) -> Option<usize> {
        self.chars.get(self.next).map(|(_, at)| *at)
    }

    fn end(&self) -> usize {
        self.chars.last().map_or(0, |(_, at)| at + 1)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.next).map(|(c, _)| *c)
    }

    fn expression(&mut self, depth: usize) -> Result<Read<S>, ExpressionError> {
        let mut read = Read {
            base: None,
            taken_first: S::EMPTY,
        };
        let (mut taking, mut name_due, mut name_owed) = (false, true, true);
        loop {
            if self.peek() == Some(' ') {
                self.next += 1;
                continue;
            }
            let Some(c) = self.peek() else { break };
            if c == ')' {
                break;
            }
            if c == '(' {
                self.parenthesis(depth, &mut read, taking)?;
                (name_due, name_owed) = (false, false);
                continue;
            }
            let name = if name_due { self.name() } else { None };
            if let Some(set) = name {
                self.book(&mut read, set, taking);
                (name_due, name_owed) = (false, false);
                continue;
            }
            let at = self.next;
            match self.sign() {
                Some(Sign::Add) => (taking, name_due, name_owed) = (false, true, true),
                Some(Sign::Take) => (taking, name_due, name_owed) = (true, true, true),
                // A comma too many, as pasted lists have, owes nothing.
                Some(Sign::Same) => name_due = true,
                Some(Sign::EndTake) if taking && !name_due => taking = false,
                Some(Sign::EndTake) => {
                    return Err(ExpressionError::TrailingExclusion {
                        at: self.chars[at].1,
                    });
                }
                None => match self.name() {
                    Some(set) => self.book(&mut read, set, taking),
                    None => return Err(self.unknown()),
                },
            }
        }
        if name_owed {
            return Err(ExpressionError::MissingName {
                at: self.at().unwrap_or(self.end()),
            });
        }
        Ok(read)
    }

    fn book(&self, read: &mut Read<S>, set: S, taking: bool) {
        match (taking, read.base) {
            (false, base) => read.base = Some(base.unwrap_or(S::EMPTY).union(set)),
            (true, Some(base)) => read.base = Some(base.minus(set)),
            (true, None) => read.taken_first = read.taken_first.union(set),
        }
    }

    fn parenthesis(
        &mut self,
        depth: usize,
        read: &mut Read<S>,
        taking: bool,
    ) -> Result<(), ExpressionError> {
        let opened_at = self.at().unwrap_or(0);
        if depth >= DEPTH_MAX {
            return Err(ExpressionError::Parentheses { at: opened_at });
        }
        self.next += 1;
        let inner = self.expression(depth + 1)?;
        if self.peek() != Some(')') {
            return Err(ExpressionError::Parentheses { at: opened_at });
        }
        self.next += 1;
        match (inner.base, read.base) {
            // `World (ex CN)`: take from what stands before the parenthesis.
            (None, Some(base)) if !taking => read.base = Some(base.minus(inner.taken_first)),
            _ => self.book(read, inner.resolved(self.dictionary.everything), taking),
        }
        Ok(())
    }

    fn sign(&mut self) -> Option<Sign> {
        let (word, sign) = SIGNS.iter().find(|(word, _)| self.stands_here(word))?;
        self.next += word.chars().count();
        Some(*sign)
    }

    fn stands_here(&self, word: &str) -> bool {
        let mut len = 0;
        for (place, c) in word.chars().enumerate() {
            if self
                .chars
                .get(self.next + place)
                .is_none_or(|(found, _)| *found != c)
            {
                return false;
            }
            len = place + 1;
        }
        self.word_ends(len)
    }

    /// A Latin word may not be cut inside; Chinese may.
    fn word_ends(&self, len: usize) -> bool {
        let latin = |place: usize| {
            self.chars
                .get(place)
                .is_some_and(|(c, _)| c.is_ascii_alphanumeric())
        };
        !(latin(self.next + len - 1) && latin(self.next + len))
    }

    /// The longest name that stands here.
    fn name(&mut self) -> Option<S> {
        let left = self.chars.len() - self.next;
        for len in (1..=left.min(self.dictionary.longest)).rev() {
            if !self.word_ends(len) {
                continue;
            }
            let word: String = self.chars[self.next..self.next + len]
                .iter()
                .map(|(c, _)| *c)
                .collect();
            if let Some(entry) = self.dictionary.words.get(&word) {
                self.next += len;
                return Some(entry.set);
            }
        }
        None
    }

    fn unknown(&self) -> ExpressionError {
        let at = self.at().unwrap_or(0);
        let end = self.chars[self.next..]
            .iter()
            .find(|(c, _)| matches!(c, ',' | ';' | '+' | '(' | ')' | '、'))
            .map_or(self.end(), |(_, end)| *end);
        let word: String = self
            .text
            .chars()
            .skip(at)
            .take((end - at).min(60))
            .collect();
        let word = word.trim().to_owned();
        let suggestions = self.dictionary.suggestions(&word);
        ExpressionError::Unknown {
            word,
            at,
            suggestions,
        }
    }
}

/// The fewest words for a set: some groups, atoms outside them, atoms taken out of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cover {
    /// Indices into the groups given, at most two.
    pub groups: Vec<usize>,
    pub extra: Vec<u16>,
    pub excluded: Vec<u16>,
}

/// Shortest cover by at most two groups; ties: fewer exclusions, then fewer groups, then the groups
/// that stand first.
pub(crate) fn shortest<S: AtomSet>(set: S, groups: &[S]) -> Cover {
    let cost = |base: S, used: usize| {
        let (extra, excluded) = (set.minus(base).len(), base.minus(set).len());
        (used + extra + excluded, excluded, used)
    };
    let mut best = (cost(S::EMPTY, 0), S::EMPTY, Vec::new());
    for (i, one) in groups.iter().enumerate() {
        let alone = cost(*one, 1);
        if alone < best.0 {
            best = (alone, *one, vec![i]);
        }
        for (j, other) in groups.iter().enumerate().skip(i + 1) {
            let base = one.union(*other);
            let both = cost(base, 2);
            if both < best.0 {
                best = (both, base, vec![i, j]);
            }
        }
    }
    let (_, base, groups) = best;
    Cover {
        groups,
        extra: set.minus(base).atoms(),
        excluded: base.minus(set).atoms(),
    }
}
