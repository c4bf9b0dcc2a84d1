//! Language rights: which languages, each as original audio, dub or subtitles.
//!
//! A right to subtitle in English is not a right to dub in English, so a [`LanguageSet`] keeps one
//! [`TagSet`] per [`LanguageUse`]. Expressions: `zh audio, en sub`, `en:dub+sub`, `all ex zh`;
//! a language without a use means all three.

use crate::tags::{LanguageTag, TagSet};
use backlot_money::Lang;
use serde::{Deserialize, Serialize};

/// How a language is brought to the public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LanguageUse {
    /// Original audio.
    Audio,
    /// Dubbed audio.
    Dub,
    /// Subtitles.
    Sub,
}

impl LanguageUse {
    pub const ALL: [Self; 3] = [Self::Audio, Self::Dub, Self::Sub];

    /// The stored word.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Dub => "dub",
            Self::Sub => "sub",
        }
    }

    pub const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Audio => lang.pick("原声", "audio"),
            Self::Dub => lang.pick("配音", "dub"),
            Self::Sub => lang.pick("字幕", "sub"),
        }
    }

    fn read(word: &str) -> Option<Self> {
        match word {
            "audio" | "original" | "原声" => Some(Self::Audio),
            "dub" | "dubbed" | "dubbing" | "配音" => Some(Self::Dub),
            "sub" | "subs" | "subtitle" | "subtitled" | "subtitles" | "字幕" => Some(Self::Sub),
            _ => None,
        }
    }
}

/// Tag, Chinese name, English name: for reading typed names and for printing.
#[rustfmt::skip]
const NAMES: [(&str, &str, &str); 48] = [
    ("zh", "中文", "Chinese"), ("zh-Hans", "简体中文", "Simplified Chinese"),
    ("zh-Hant", "繁体中文", "Traditional Chinese"), ("zh-yue", "粤语", "Cantonese"),
    ("zh-wuu", "吴语", "Wu Chinese"), ("zh-nan", "闽南语", "Min Nan Chinese"),
    ("en", "英语", "English"), ("fr", "法语", "French"), ("de", "德语", "German"),
    ("es", "西班牙语", "Spanish"), ("es-419", "拉美西班牙语", "Latin American Spanish"),
    ("pt", "葡萄牙语", "Portuguese"), ("pt-BR", "巴西葡萄牙语", "Brazilian Portuguese"),
    ("it", "意大利语", "Italian"), ("ru", "俄语", "Russian"), ("uk", "乌克兰语", "Ukrainian"),
    ("pl", "波兰语", "Polish"), ("cs", "捷克语", "Czech"), ("sk", "斯洛伐克语", "Slovak"),
    ("hu", "匈牙利语", "Hungarian"), ("ro", "罗马尼亚语", "Romanian"),
    ("bg", "保加利亚语", "Bulgarian"), ("sr", "塞尔维亚语", "Serbian"),
    ("el", "希腊语", "Greek"), ("tr", "土耳其语", "Turkish"), ("nl", "荷兰语", "Dutch"),
    ("sv", "瑞典语", "Swedish"), ("da", "丹麦语", "Danish"), ("no", "挪威语", "Norwegian"),
    ("fi", "芬兰语", "Finnish"), ("ar", "阿拉伯语", "Arabic"), ("he", "希伯来语", "Hebrew"),
    ("fa", "波斯语", "Persian"), ("hi", "印地语", "Hindi"), ("bn", "孟加拉语", "Bengali"),
    ("ta", "泰米尔语", "Tamil"), ("ur", "乌尔都语", "Urdu"), ("ja", "日语", "Japanese"),
    ("ko", "韩语", "Korean"), ("th", "泰语", "Thai"), ("vi", "越南语", "Vietnamese"),
    ("id", "印尼语", "Indonesian"), ("ms", "马来语", "Malay"), ("tl", "菲律宾语", "Filipino"),
    ("my", "缅甸语", "Burmese"), ("km", "高棉语", "Khmer"), ("lo", "老挝语", "Lao"),
    ("sw", "斯瓦希里语", "Swahili"),
];

const EVERY: [&str; 7] = [
    "*",
    "all",
    "any",
    "all languages",
    "所有语言",
    "全部语言",
    "全部",
];

/// Why a language expression could not be read.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum LanguageError {
    #[error("the language expression is empty; write for example zh audio, en sub")]
    Empty,
    #[error("`{word}` is not a known language; write a tag such as en, zh-Hans or pt-BR{}",
        meant(.suggestions))]
    Unknown {
        word: String,
        suggestions: Vec<String>,
    },
    #[error("`{word}` is not a use of a language; write audio, dub or sub")]
    UnknownUse { word: String },
}

fn meant(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        String::new()
    } else {
        format!(" (closest: {})", suggestions.join(", "))
    }
}

/// Languages by use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageSet {
    pub audio: TagSet,
    pub dub: TagSet,
    pub sub: TagSet,
}

impl LanguageSet {
    /// Every language in every use.
    pub fn everything() -> Self {
        let all = TagSet::everything();
        Self {
            audio: all.clone(),
            dub: all.clone(),
            sub: all,
        }
    }

    /// One language in one use.
    pub fn of(tag: LanguageTag, language_use: LanguageUse) -> Self {
        let mut set = Self::default();
        *set.tags_mut(language_use) = TagSet::of(tag);
        set
    }

    pub const fn tags(&self, language_use: LanguageUse) -> &TagSet {
        match language_use {
            LanguageUse::Audio => &self.audio,
            LanguageUse::Dub => &self.dub,
            LanguageUse::Sub => &self.sub,
        }
    }

    const fn tags_mut(&mut self, language_use: LanguageUse) -> &mut TagSet {
        match language_use {
            LanguageUse::Audio => &mut self.audio,
            LanguageUse::Dub => &mut self.dub,
            LanguageUse::Sub => &mut self.sub,
        }
    }

    pub fn is_empty(&self) -> bool {
        LanguageUse::ALL
            .iter()
            .all(|language_use| self.tags(*language_use).is_empty())
    }

    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, TagSet::union)
    }

    pub fn intersect(&self, other: &Self) -> Self {
        self.combine(other, TagSet::intersect)
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.combine(other, TagSet::minus)
    }

    fn combine(&self, other: &Self, op: impl Fn(&TagSet, &TagSet) -> TagSet) -> Self {
        Self {
            audio: op(&self.audio, &other.audio),
            dub: op(&self.dub, &other.dub),
            sub: op(&self.sub, &other.sub),
        }
    }

    /// Items by comma or semicolon. An item is a tag or a name, then its uses (none = all three);
    /// `-` takes one item away, `ex` or `除` takes away everything that follows it.
    pub fn parse(text: &str) -> Result<Self, LanguageError> {
        let text = text.replace([';', '、', '\u{ff0c}', '\u{ff1b}', '\n'], ",");
        let text = text
            .replace(" ex ", ",\0")
            .replace(" except ", ",\0")
            .replace('除', ",\0");
        let (mut set, mut taking, mut items) = (Self::default(), false, 0);
        for item in text.split(',') {
            let (item, from_here) = match item.strip_prefix('\0') {
                Some(rest) => (rest, true),
                None => (item, false),
            };
            taking |= from_here;
            let item = item.trim();
            if item.is_empty() {
                continue;
            }
            let (item, once) = match item.strip_prefix('-') {
                Some(rest) => (rest.trim(), true),
                None => (item, false),
            };
            let named = read_item(item)?;
            if (taking || once) && items == 0 {
                set = Self::everything();
            }
            set = if taking || once {
                set.minus(&named)
            } else {
                set.union(&named)
            };
            items += 1;
        }
        if items == 0 {
            Err(LanguageError::Empty)
        } else {
            Ok(set)
        }
    }

    /// `en:dub+sub; zh-Hans:sub`; [`LanguageSet::parse`] reads it back.
    pub fn code_text(&self) -> String {
        let mut items = Vec::new();
        for (uses, tags) in self.by_equal_uses() {
            let uses = match uses.as_slice() {
                [_, _, _] => String::new(),
                some => format!(
                    ":{}",
                    some.iter().map(|u| u.key()).collect::<Vec<_>>().join("+")
                ),
            };
            items.extend(tags.steps().map(|(tag, inside)| {
                let sign = if inside { "" } else { "-" };
                format!("{sign}{}{uses}", tag.map_or("*", LanguageTag::as_str))
            }));
        }
        items.join("; ")
    }

    /// For people: `English (dub, sub); Chinese (audio)`.
    pub fn text(&self, lang: Lang) -> String {
        let comma = lang.pick("、", ", ");
        let group = |(uses, tags): (Vec<LanguageUse>, &TagSet)| {
            let uses: Vec<&str> = uses
                .iter()
                .map(|language_use| language_use.name(lang))
                .collect();
            let names = |wanted: bool| -> Vec<String> {
                tags.steps()
                    .filter(|(_, inside)| *inside == wanted)
                    .map(|(tag, _)| tag_name(tag, lang))
                    .collect()
            };
            let (inside, outside) = (names(true).join(comma), names(false).join(comma));
            let without = match outside.as_str() {
                "" => String::new(),
                some => format!("{}{some}", lang.pick(" 除 ", " ex ")),
            };
            format!("{inside}{without} ({})", uses.join(comma))
        };
        let all: Vec<String> = self.by_equal_uses().into_iter().map(group).collect();
        all.join(lang.pick("；", "; "))
    }

    /// Uses that have the same languages, together; uses without any are left out.
    fn by_equal_uses(&self) -> Vec<(Vec<LanguageUse>, &TagSet)> {
        let mut groups: Vec<(Vec<LanguageUse>, &TagSet)> = Vec::new();
        for language_use in LanguageUse::ALL {
            let tags = self.tags(language_use);
            match groups.iter_mut().find(|(_, same)| *same == tags) {
                _ if tags.is_empty() => {}
                Some((uses, _)) => uses.push(language_use),
                None => groups.push((vec![language_use], tags)),
            }
        }
        groups
    }
}

fn tag_name(tag: Option<&LanguageTag>, lang: Lang) -> String {
    let Some(tag) = tag else {
        return lang.pick("所有语言", "all languages").to_owned();
    };
    match NAMES.iter().find(|(key, _, _)| *key == tag.as_str()) {
        Some((_, zh, en)) => lang.pick(zh, en).to_owned(),
        None => tag.to_string(),
    }
}

/// `LANGUAGE[:| ]use+use`.
fn read_item(item: &str) -> Result<LanguageSet, LanguageError> {
    let item = item.to_lowercase();
    let (language, uses) = split_uses(&item)?;
    let tags = read_language(language)?;
    let mut set = LanguageSet::default();
    for language_use in uses {
        *set.tags_mut(language_use) = tags.clone();
    }
    Ok(set)
}

/// Splits the uses off the end; no use = all three.
fn split_uses(item: &str) -> Result<(&str, Vec<LanguageUse>), LanguageError> {
    let after_colon = item.split_once([':', '\u{ff1a}']);
    let (mut language, mut rest) = after_colon.unwrap_or((item, ""));
    if after_colon.is_none() {
        let is_use = |word: &str| {
            word.split(['+', '/'])
                .all(|w| LanguageUse::read(w).is_some())
        };
        for (at, _) in item.match_indices([' ', '(', '\u{ff08}']) {
            let tail = item[at..].trim_matches([' ', '(', ')', '\u{ff08}', '\u{ff09}']);
            if tail
                .split_whitespace()
                .all(|word| word == "+" || is_use(word))
            {
                (language, rest) = (&item[..at], tail);
                break;
            }
        }
    }
    let mut uses = Vec::new();
    for word in rest.split(['+', '/', ' ']).filter(|word| !word.is_empty()) {
        let unknown = || LanguageError::UnknownUse {
            word: word.to_owned(),
        };
        uses.push(LanguageUse::read(word).ok_or_else(unknown)?);
    }
    if uses.is_empty() {
        uses = LanguageUse::ALL.to_vec();
    }
    Ok((language.trim(), uses))
}

fn read_language(word: &str) -> Result<TagSet, LanguageError> {
    if EVERY.contains(&word) {
        return Ok(TagSet::everything());
    }
    let by_name = NAMES
        .iter()
        .find(|(_, zh, en)| *zh == word || en.eq_ignore_ascii_case(word));
    let text = by_name.map_or(word, |(tag, _, _)| tag);
    LanguageTag::parse(text).map(TagSet::of).map_err(|_| {
        let starts = |name: &str| {
            let typed: String = word.chars().take(3).collect();
            !typed.is_empty() && name.to_lowercase().starts_with(&typed)
        };
        let suggestions = NAMES
            .iter()
            .filter(|(tag, zh, en)| starts(en) || starts(zh) || starts(tag))
            .take(3)
            .map(|(tag, _, en)| format!("{tag} ({en})"))
            .collect();
        LanguageError::Unknown {
            word: word.chars().take(60).collect(),
            suggestions,
        }
    })
}
