//! Chinese scene numbers: `第十二场`, `第1集第3场`, `场景一`, `1-3`, `12A、`.

/// How a number was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With a word: `第N场`, `场景N`, `SCENE N`.
    Worded,
    /// Episode and scene: `1-3`.
    Pair,
    /// Digits and a separator: `1、`, `1.`, `12A `.
    Plain,
}

/// A number at the start of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered<'a> {
    /// With digits: `12`, `1-3`, `3A`.
    pub number: String,
    /// What follows.
    pub rest: &'a str,
    /// How it was written.
    pub style: Style,
    /// Whether a separator or the line's end follows the number.
    pub separated: bool,
}

const SEPARATORS: &[char] = &[
    ' ', '　', '\t', '、', '，', '：', ':', '.', '．', '·', '】', ']', '］', '-', '—', '（', '(',
    '|', '/', '）', ')',
];

/// The value of digits (ASCII or full width) or a Chinese numeral up to 9999.
#[must_use]
pub fn chinese_number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 9 {
        return None;
    }
    if text.chars().all(|c| digit(c).is_some()) {
        let value = text
            .chars()
            .filter_map(digit)
            .try_fold(0u32, |sum, d| sum.checked_mul(10)?.checked_add(d));
        return value;
    }
    let (mut total, mut current) = (0u32, 0u32);
    for character in text.chars() {
        let unit = match character {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                current = digit(character)?;
                continue;
            }
        };
        total += if current == 0 { unit } else { current * unit };
        current = 0;
    }
    Some(total + current)
}

/// One digit: ASCII, full width or Chinese.
fn digit(character: char) -> Option<u32> {
    let full = u32::from(character)
        .checked_sub(0xFF10)
        .filter(|value| *value < 10);
    let han = "零一二三四五六七八九".chars().position(|c| c == character);
    character
        .to_digit(10)
        .or(full)
        .or_else(|| han.and_then(|at| u32::try_from(at).ok()))
        .or(match character {
            '〇' => Some(0),
            '两' => Some(2),
            _ => None,
        })
}

fn is_numeral(character: char) -> bool {
    digit(character).is_some() || matches!(character, '十' | '百' | '千')
}

/// Takes a numeral (with a letter after digits: `12A`) off the front.
fn numeral(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !is_numeral(c)).unwrap_or(text.len());
    let value = chinese_number(&text[..end])?;
    let rest = &text[end..];
    let letter = rest.chars().next().filter(char::is_ascii_alphabetic);
    let alone = rest
        .chars()
        .nth(1)
        .is_none_or(|c| !c.is_ascii_alphanumeric());
    match letter.filter(|_| alone) {
        Some(letter) => Some((
            format!("{value}{}", letter.to_ascii_uppercase()),
            &rest[1..],
        )),
        None => Some((value.to_string(), rest)),
    }
}

/// Reads the number of a scene at the start of a line.
#[must_use]
pub fn numbered(line: &str) -> Option<Numbered<'_>> {
    worded(line).or_else(|| plain(line))
}

/// A unit after `第N`: `第3集`, `第 2 幕`. Gives the number and what follows the word.
#[must_use]
pub fn ordinal<'a>(line: &'a str, words: &[&str]) -> Option<(String, &'a str)> {
    let (number, rest) = numeral(line.strip_prefix('第')?)?;
    let rest = rest.trim_start();
    words
        .iter()
        .find_map(|word| Some((number.clone(), rest.strip_prefix(word)?)))
}

fn worded(line: &str) -> Option<Numbered<'_>> {
    let (episode, line) = match ordinal(line, &["集"]) {
        Some((episode, rest)) => (
            Some(episode),
            rest.trim_start_matches(|c| SEPARATORS.contains(&c)),
        ),
        None => (None, line),
    };
    let (number, rest) = ordinal(line, &["场景", "场戏", "场", "場景", "場"]).or_else(|| {
        ["场景", "场次", "場景", "場次", "场", "場"]
            .iter()
            .find_map(|word| {
                numeral(
                    line.strip_prefix(word)?
                        .trim_start_matches([' ', '：', ':', '　', '.']),
                )
            })
    })?;
    let number = episode.map_or(number.clone(), |episode| format!("{episode}-{number}"));
    Some(finish(number, rest, Style::Worded))
}

fn plain(line: &str) -> Option<Numbered<'_>> {
    let bare = line.trim_start_matches(['(', '（']);
    if !bare.chars().next().is_some_and(is_numeral) {
        return None;
    }
    let (first, rest) = numeral(bare)?;
    let dash = rest.strip_prefix(['-', '—', '–', '－', '~', '.']);
    if let Some((second, rest)) = dash.and_then(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            .then(|| numeral(rest))
            .flatten()
    }) {
        return Some(finish(format!("{first}-{second}"), rest, Style::Pair));
    }
    Some(finish(first, rest, Style::Plain)).filter(|found| found.separated)
}

fn finish(number: String, rest: &str, style: Style) -> Numbered<'_> {
    let separated = rest.is_empty() || rest.starts_with(|c| SEPARATORS.contains(&c));
    let rest = rest.trim_start_matches(|c| SEPARATORS.contains(&c)).trim();
    Numbered {
        number,
        rest,
        style,
        separated,
    }
}
