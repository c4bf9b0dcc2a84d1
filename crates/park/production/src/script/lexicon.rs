//! Words that make breakdown items: the zh and en lexicons and the matcher for them.
//!
//! The lists are data (`lexicon/en.txt`, `lexicon/zh.txt`): `[category]` lines, then terms
//! separated by commas. `[ignore]` terms swallow a longer word that only looks like a term
//! (马上 is not a horse, a fire department is no fire). English terms match whole words in any case,
//! with a plural `s` or `es`; Han terms match anywhere; the longest term wins.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::breakdown::Category;
use super::cues::is_han;

/// A match in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Byte offset where it starts.
    pub start: usize,
    /// Byte offset after it.
    pub end: usize,
    /// The value given at insertion.
    pub value: usize,
}

/// A prefix tree over characters in lower case.
#[derive(Debug, Default)]
pub struct Trie {
    children: HashMap<(u32, char), u32>,
    values: Vec<Option<usize>>,
}

impl Trie {
    /// Adds a term; the first value of a term stays.
    pub fn insert(&mut self, term: &str, value: usize) {
        if self.values.is_empty() {
            self.values.push(None);
        }
        let mut node = 0u32;
        for character in term.chars().flat_map(char::to_lowercase) {
            let Ok(fresh) = u32::try_from(self.values.len()) else {
                return;
            };
            node = *self.children.entry((node, character)).or_insert(fresh);
            if node == fresh {
                self.values.push(None);
            }
        }
        if node > 0 {
            self.values[node as usize].get_or_insert(value);
        }
    }

    /// Calls `found` for the longest match at every place, left to right, without overlaps.
    pub fn scan(&self, text: &str, mut found: impl FnMut(Hit)) {
        if self.values.is_empty() {
            return;
        }
        let (mut at, mut before) = (0usize, None::<char>);
        while let Some(character) = text[at..].chars().next() {
            let begins = is_han(character)
                || (character.is_alphanumeric() && !before.is_some_and(is_letter));
            let hit = if begins { self.longest(text, at) } else { None };
            let next = match hit {
                Some(hit) => {
                    found(hit);
                    hit.end
                }
                None => at + character.len_utf8(),
            };
            before = text[at..next].chars().next_back();
            at = next;
        }
    }

    fn longest(&self, text: &str, start: usize) -> Option<Hit> {
        let (mut node, mut best, mut last) = (0u32, None, None);
        for (offset, character) in text[start..].char_indices() {
            for lower in character.to_lowercase() {
                let Some(next) = self.children.get(&(node, lower)) else {
                    return best;
                };
                node = *next;
            }
            let end = start + offset + character.len_utf8();
            last = Some(character).or(last);
            if let Some(value) = self.values[node as usize] {
                let ends = if last.is_some_and(is_letter) {
                    word_end(text, end)
                } else {
                    Some(end)
                };
                if let Some(end) = ends {
                    best = Some(Hit { start, end, value });
                }
            }
        }
        best
    }
}

/// A letter or digit of a language with word breaks.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric() && !is_han(character)
}

/// The end of the word when at most a plural `s` or `es` follows.
fn word_end(text: &str, end: usize) -> Option<usize> {
    let done = |at: usize| !text[at..].chars().next().is_some_and(is_letter);
    [0usize, 1, 2]
        .into_iter()
        .map(|more| end + more)
        .find(|&at| {
            let tail = text.get(end..at).unwrap_or("?");
            matches!(tail, "" | "s" | "S" | "es" | "ES") && done(at)
        })
}

/// A term with its category; none for words that are to be passed over.
pub struct Term {
    /// The term as listed.
    pub text: String,
    /// Its category.
    pub category: Option<Category>,
}

/// Both lexicons and their matcher.
pub struct Lexicon {
    /// The terms; a hit's value is an index.
    pub terms: Vec<Term>,
    /// The matcher.
    pub trie: Trie,
}

/// The shipped lexicons.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon {
        terms: Vec::new(),
        trie: Trie::default(),
    };
    for source in [
        include_str!("lexicon/en.txt"),
        include_str!("lexicon/zh.txt"),
    ] {
        lexicon.load(source);
    }
    lexicon
});

impl Lexicon {
    /// Adds the terms of a list.
    pub fn load(&mut self, source: &str) {
        let mut category = None;
        for line in source
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'))
        {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'))
            {
                category = Category::from_key(name);
                continue;
            }
            for term in line
                .split(',')
                .map(str::trim)
                .filter(|term| !term.is_empty())
            {
                self.trie.insert(term, self.terms.len());
                self.terms.push(Term {
                    text: term.to_owned(),
                    category,
                });
            }
        }
    }
}
