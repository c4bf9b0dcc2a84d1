//! Scene headings: where a scene plays and when, in English and Chinese.
//!
//! English: `INT. PLACE - DAY` with the prefixes of Fountain. Chinese: `第N场 日 内 客厅`,
//! `场景一 客厅 夜 内`, `1-3 日 内 客厅`, `1、日 内 客厅`, `内景 客厅 日`; the order of place, time and
//! setting is free, numerals may be Chinese, separators are spaces and punctuation.

use serde::{Deserialize, Serialize};

use super::cues::is_han;
use super::numerals::{Style, numbered};

/// Inside or outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Interior.
    Interior,
    /// Exterior (and establishing shots).
    Exterior,
    /// Both in one scene.
    Both,
    /// The heading does not say.
    Unknown,
}

/// The light a scene needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeOfDay {
    /// Day, morning, afternoon.
    Day,
    /// Night, late night, before dawn.
    Night,
    /// First light.
    Dawn,
    /// Last light, evening.
    Dusk,
    /// As in the scene before (`CONTINUOUS`, `LATER`, `同上`).
    Continuous,
    /// The heading does not say.
    Unknown,
}

/// What a heading says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slug {
    /// Inside or outside.
    pub setting: Setting,
    /// The place, as written.
    pub place: String,
    /// The light.
    pub time: TimeOfDay,
    /// The words that say it (`DAY`, `黄昏`); empty when none do.
    pub time_text: String,
}

/// A Chinese heading taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChineseHeading<'a> {
    /// The number with digits: `12`, `1-3`, `3A`.
    pub number: Option<String>,
    /// What follows the number.
    pub rest: &'a str,
}

const PREFIXES: &[(&str, Setting)] = &[
    ("INT./EXT", Setting::Both),
    ("EXT./INT", Setting::Both),
    ("INT/EXT", Setting::Both),
    ("EXT/INT", Setting::Both),
    ("I./E", Setting::Both),
    ("I/E", Setting::Both),
    ("E/I", Setting::Both),
    ("INT", Setting::Interior),
    ("EXT", Setting::Exterior),
    ("EST", Setting::Exterior),
];

const TIMES: &[(&str, TimeOfDay)] = &[
    ("MOMENTS LATER", TimeOfDay::Continuous),
    ("CONTINUOUS", TimeOfDay::Continuous),
    ("LATER", TimeOfDay::Continuous),
    ("SAME", TimeOfDay::Continuous),
    ("MIDNIGHT", TimeOfDay::Night),
    ("NIGHT", TimeOfDay::Night),
    ("DAWN", TimeOfDay::Dawn),
    ("SUNRISE", TimeOfDay::Dawn),
    ("DUSK", TimeOfDay::Dusk),
    ("SUNSET", TimeOfDay::Dusk),
    ("EVENING", TimeOfDay::Dusk),
    ("TWILIGHT", TimeOfDay::Dusk),
    ("MAGIC HOUR", TimeOfDay::Dusk),
    ("AFTERNOON", TimeOfDay::Day),
    ("MORNING", TimeOfDay::Day),
    ("NOON", TimeOfDay::Day),
    ("DAY", TimeOfDay::Day),
];

const HAN_TIMES: &[(&str, TimeOfDay)] = &[
    ("同上", TimeOfDay::Continuous),
    ("同前", TimeOfDay::Continuous),
    ("接上", TimeOfDay::Continuous),
    ("接前", TimeOfDay::Continuous),
    ("片刻后", TimeOfDay::Continuous),
    ("稍后", TimeOfDay::Continuous),
    ("凌晨", TimeOfDay::Night),
    ("午夜", TimeOfDay::Night),
    ("深夜", TimeOfDay::Night),
    ("半夜", TimeOfDay::Night),
    ("夜晚", TimeOfDay::Night),
    ("夜间", TimeOfDay::Night),
    ("夜景", TimeOfDay::Night),
    ("雨夜", TimeOfDay::Night),
    ("雪夜", TimeOfDay::Night),
    ("晚上", TimeOfDay::Night),
    ("清晨", TimeOfDay::Dawn),
    ("黎明", TimeOfDay::Dawn),
    ("拂晓", TimeOfDay::Dawn),
    ("日出", TimeOfDay::Dawn),
    ("傍晚", TimeOfDay::Dusk),
    ("黄昏", TimeOfDay::Dusk),
    ("日落", TimeOfDay::Dusk),
    ("早晨", TimeOfDay::Day),
    ("早上", TimeOfDay::Day),
    ("上午", TimeOfDay::Day),
    ("中午", TimeOfDay::Day),
    ("正午", TimeOfDay::Day),
    ("下午", TimeOfDay::Day),
    ("白天", TimeOfDay::Day),
    ("日间", TimeOfDay::Day),
    ("日景", TimeOfDay::Day),
    ("夜", TimeOfDay::Night),
    ("晚", TimeOfDay::Night),
    ("晨", TimeOfDay::Dawn),
    ("昏", TimeOfDay::Dusk),
    ("早", TimeOfDay::Day),
    ("日", TimeOfDay::Day),
];

const HAN_SETTINGS: &[(&str, Setting)] = &[
    ("内外景", Setting::Both),
    ("内外", Setting::Both),
    ("外内", Setting::Both),
    ("内景", Setting::Interior),
    ("外景", Setting::Exterior),
    ("室内", Setting::Interior),
    ("室外", Setting::Exterior),
    ("内", Setting::Interior),
    ("外", Setting::Exterior),
];

/// The Fountain prefix of a line and what follows it.
fn prefix(line: &str) -> Option<(Setting, &str)> {
    PREFIXES.iter().find_map(|(word, setting)| {
        let head = line.get(..word.len())?;
        let rest = &line[word.len()..];
        let follows = rest.starts_with(['.', ' ', '\t']);
        let body = rest.trim_start_matches(['.', ' ', '\t']);
        (head.eq_ignore_ascii_case(word) && follows).then_some((*setting, body))
    })
}

/// Whether a line begins as a Fountain scene heading does (`INT.`, `EXT `, `I/E` …).
#[must_use]
pub fn is_fountain_heading(line: &str) -> bool {
    prefix(line).is_some_and(|(_, rest)| !rest.is_empty())
}

/// Whether the prefix has its dot and is in capitals: a heading wherever it stands.
#[must_use]
pub fn is_dotted(line: &str) -> bool {
    is_fountain_heading(line)
        && line
            .split(' ')
            .next()
            .is_some_and(|word| word.ends_with('.') && !word.chars().any(char::is_lowercase))
}

/// The text of a forced heading: one dot, then a letter or digit.
#[must_use]
pub fn forced(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('.')?;
    rest.chars()
        .next()
        .filter(|c| c.is_alphanumeric())
        .map(|_| rest.trim())
}

/// Splits `INT. HOUSE #3A#` into text and scene number (letters, digits, `-`, `.`).
#[must_use]
pub fn scene_number(line: &str) -> (&str, Option<String>) {
    let line = line.trim();
    let split = line
        .strip_suffix('#')
        .and_then(|head| head.rsplit_once('#'));
    match split {
        Some((text, number))
            if !number.is_empty()
                && number
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.') =>
        {
            (text.trim_end(), Some(number.to_owned()))
        }
        _ => (line, None),
    }
}

/// What a heading says; takes English and Chinese ones, with or without a scene number.
#[must_use]
pub fn slug(heading: &str) -> Slug {
    let heading = heading.trim();
    if let Some((setting, rest)) = prefix(heading) {
        let mut slug = english(rest);
        if slug.time == TimeOfDay::Unknown && rest.chars().any(is_han) {
            slug = chinese(rest);
        }
        slug.setting = setting;
        return slug;
    }
    if heading.chars().any(is_han) {
        let rest = chinese_heading(heading).map_or(heading, |found| found.rest);
        return chinese(rest);
    }
    english(heading)
}

/// `PLACE - DAY`, `PLACE, NIGHT`, `PLACE -- LATER`.
fn english(rest: &str) -> Slug {
    let mut place = rest.trim();
    let mut slug = Slug {
        setting: Setting::Unknown,
        place: String::new(),
        time: TimeOfDay::Unknown,
        time_text: String::new(),
    };
    while let Some((at, width)) = last_separator(place) {
        let tail = place[at + width..].trim();
        let Some(time) = english_time(tail) else {
            break;
        };
        if slug.time == TimeOfDay::Unknown || slug.time == TimeOfDay::Continuous {
            slug.time = time;
            tail.clone_into(&mut slug.time_text);
        }
        place = place[..at].trim_end();
    }
    place
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'))
        .clone_into(&mut slug.place);
    slug
}

/// Offset and width of the last ` - `, dash or comma.
fn last_separator(text: &str) -> Option<(usize, usize)> {
    text.char_indices().rev().find_map(|(at, c)| {
        let spaced = text[..at].ends_with(char::is_whitespace);
        let cuts = matches!(c, '–' | '—' | ',') || (c == '-' && spaced);
        cuts.then_some((at, c.len_utf8()))
    })
}

/// The light of a tail such as `LATE NIGHT`, `DAY 2`, `NEXT MORNING`, `NIGHT (FLASHBACK)`.
fn english_time(tail: &str) -> Option<TimeOfDay> {
    let upper = tail.to_uppercase();
    if upper.split_whitespace().count() > 4 {
        return None;
    }
    let whole = |word: &str| {
        upper.match_indices(word).any(|(at, _)| {
            let before = upper[..at].chars().next_back();
            let after = upper[at + word.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    };
    TIMES
        .iter()
        .find(|(word, _)| whole(word))
        .map(|(_, time)| *time)
}

/// Reads a Chinese heading: a numbered one, or one that says both setting and time.
#[must_use]
pub fn chinese_heading(line: &str) -> Option<ChineseHeading<'_>> {
    let line = line.trim();
    if line.len() > 300 || !line.chars().any(is_han) {
        return None;
    }
    let bare = line.trim_start_matches(['【', '[', '［', '#', '*', ' ']);
    if let Some(found) = numbered(bare) {
        let said = chinese(found.rest);
        let sentence = found.rest.contains(['。', '！', '？', '…', '“']);
        let both = said.setting != Setting::Unknown && said.time != TimeOfDay::Unknown;
        let either = said.setting != Setting::Unknown || said.time != TimeOfDay::Unknown;
        let ok = match found.style {
            Style::Worded => found.separated || either,
            Style::Pair => either && !sentence,
            Style::Plain => both && !sentence,
        };
        let colon = found.rest.contains(['：', ':']) && found.style == Style::Plain;
        return (ok && !colon).then_some(ChineseHeading {
            number: Some(found.number),
            rest: found.rest,
        });
    }
    let said = chinese(bare);
    let short = bare.chars().count() <= 40 && !bare.contains(['。', '！', '？', '，', '：', ':']);
    let both = said.setting != Setting::Unknown && said.time != TimeOfDay::Unknown;
    let prefixed = ["内景", "外景", "内外景"].iter().any(|word| {
        bare.strip_prefix(word).is_some_and(|rest| {
            rest.starts_with([' ', '　', '．', '.', '·', '：', '、', '-', '—', '\t'])
        })
    });
    (short && (both || prefixed)).then_some(ChineseHeading {
        number: None,
        rest: bare,
    })
}

/// Reads the words of a Chinese heading in any order.
#[must_use]
pub fn chinese(rest: &str) -> Slug {
    let mut slug = Slug {
        setting: Setting::Unknown,
        place: String::new(),
        time: TimeOfDay::Unknown,
        time_text: String::new(),
    };
    let separators = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '、' | '，'
                    | ','
                    | '/'
                    | '／'
                    | '·'
                    | '．'
                    | '.'
                    | '|'
                    | '｜'
                    | '：'
                    | ':'
                    | '；'
                    | ';'
                    | '【'
                    | '】'
                    | '['
                    | ']'
                    | '('
                    | ')'
                    | '（'
                    | '）'
                    | '［'
                    | '］'
                    | '。'
            )
    };
    for token in rest.split(separators).filter(|token| !token.is_empty()) {
        let parts: Vec<&str> = token
            .split(['-', '—', '–', '－'])
            .filter(|part| !part.is_empty())
            .collect();
        let dashed = parts.len() > 1 && parts.iter().any(|part| words(part).is_some());
        let whole = [token.trim_matches(['-', '—', '–', '－'])];
        for part in if dashed { parts.as_slice() } else { &whole } {
            take(&mut slug, part);
        }
    }
    slug
}

/// Puts one word where it belongs.
fn take(slug: &mut Slug, part: &str) {
    let label = matches!(
        part,
        "景" | "时" | "时间" | "地点" | "场景" | "地" | "内外" | "场"
    );
    match words(part) {
        Some((setting, time)) => {
            if let Some(setting) = setting {
                slug.setting = match slug.setting {
                    Setting::Unknown => setting,
                    same if same == setting => same,
                    _ => Setting::Both,
                };
            }
            if let Some((text, time)) = time.filter(|_| slug.time == TimeOfDay::Unknown) {
                slug.time = time;
                text.clone_into(&mut slug.time_text);
            }
        }
        None if part.is_empty() || label => {}
        None => {
            if !slug.place.is_empty() {
                slug.place.push(' ');
            }
            slug.place.push_str(part);
        }
    }
}

type Words<'a> = (Option<Setting>, Option<(&'a str, TimeOfDay)>);

/// A word that is a setting, a time, or both run together (`日内`, `内夜`, `夜外景`).
fn words(part: &str) -> Option<Words<'_>> {
    let setting = |word: &str| {
        HAN_SETTINGS
            .iter()
            .find(|(w, _)| *w == word)
            .map(|(_, s)| *s)
    };
    let time = |word: &str| HAN_TIMES.iter().find(|(w, _)| *w == word).map(|(_, t)| *t);
    let upper = || {
        PREFIXES
            .iter()
            .find(|(w, _)| w.eq_ignore_ascii_case(part))
            .map(|(_, s)| *s)
    };
    if let Some(found) = setting(part).or_else(upper) {
        return Some((Some(found), None));
    }
    if let Some(found) = time(part) {
        return Some((None, Some((part, found))));
    }
    if part.len() > 15 {
        return None;
    }
    part.char_indices().skip(1).find_map(|(at, _)| {
        let (head, tail) = part.split_at(at);
        if let (Some(t), Some(s)) = (time(head), setting(tail)) {
            return Some((Some(s), Some((head, t))));
        }
        let (s, t) = (setting(head)?, time(tail)?);
        Some((Some(s), Some((tail, t))))
    })
}
