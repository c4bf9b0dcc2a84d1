//! Language tags and exact sets of them.
//!
//! A [`LanguageTag`] is a BCP 47 tag (RFC 5646) in one canonical form, so that two writings of one
//! language meet: `iw` is `he`, `cmn` is `zh`, `yue` is `zh-yue`, `zh-CN` is `zh-Hans-CN`,
//! `zh-TW` is `zh-Hant-TW`. A tag stands for itself and everything below it: `zh` holds `zh-Hant`.
//! A [`TagSet`] may be "all but some": it is a tree of marks, closed under union, intersection and
//! difference over every tag there could be. Invariant: no mark repeats what its parent says, so
//! equal sets are equal values.

use crate::territory::Territory;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// ISO 639-1, less the withdrawn codes.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha \
    he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks \
    ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no \
    nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

/// Other writings of a primary language (IANA preferred values, ISO 639-2 codes).
#[rustfmt::skip]
const SAME_AS: [(&str, &str); 40] = [
    ("iw", "he"), ("in", "id"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro"), ("cmn", "zh"),
    ("zho", "zh"), ("chi", "zh"), ("eng", "en"), ("fra", "fr"), ("fre", "fr"), ("deu", "de"),
    ("ger", "de"), ("spa", "es"), ("por", "pt"), ("rus", "ru"), ("jpn", "ja"), ("kor", "ko"),
    ("ara", "ar"), ("ita", "it"), ("tha", "th"), ("vie", "vi"), ("ind", "id"), ("msa", "ms"),
    ("may", "ms"), ("hin", "hi"), ("tur", "tr"), ("pol", "pl"), ("nld", "nl"), ("dut", "nl"),
    ("ukr", "uk"), ("fas", "fa"), ("per", "fa"), ("mya", "my"), ("bur", "my"), ("khm", "km"),
    ("lao", "lo"), ("swe", "sv"), ("nor", "no"), ("fil", "tl"),
];

/// Chinese languages written as extended languages of `zh` (RFC 5646 4.5, extlang form).
const CHINESE: [&str; 12] = [
    "cdo", "cjy", "cpx", "czh", "czo", "gan", "hak", "hsn", "lzh", "nan", "wuu", "yue",
];

const TAG_CHARS_MAX: usize = 64;

/// A canonical language tag.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a language tag of BCP 47; write for example zh-Hans, en or pt-BR")]
pub struct LanguageTagError(pub String);

impl LanguageTag {
    /// Language, script, region and variants; extensions and private use say nothing about a
    /// language and are refused.
    pub fn parse(text: &str) -> Result<Self, LanguageTagError> {
        canonical(text)
            .map(Self)
            .ok_or_else(|| LanguageTagError(text.chars().take(TAG_CHARS_MAX).collect()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn canonical(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > TAG_CHARS_MAX || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase().replace('_', "-");
    let mut subtags = lower.split('-').peekable();
    let written = subtags.next().filter(|first| is_alpha(first, 2..=3))?;
    let primary = SAME_AS
        .iter()
        .find(|(other, _)| *other == written)
        .map_or(written, |e| e.1);
    if primary.len() == 2 && !ISO_639_1.split(' ').any(|code| code == primary) {
        return None;
    }
    let mut out: Vec<String> = Vec::new();
    if CHINESE.contains(&primary) {
        out.push("zh".to_owned());
    }
    out.push(primary.to_owned());
    if let Some(extended) = subtags.next_if(|next| is_alpha(next, 3..=3)) {
        match (primary, extended) {
            ("zh", "cmn") => {}
            ("zh", chinese) if CHINESE.contains(&chinese) => out.push(extended.to_owned()),
            _ => return None,
        }
    }
    let script = subtags
        .next_if(|next| is_alpha(next, 4..=4))
        .map(title_case);
    let region = subtags
        .next_if(|next| is_region(next))
        .map(str::to_ascii_uppercase);
    out.extend(script.or_else(|| likely_script(&out, region.as_deref())));
    out.extend(region);
    for variant in subtags {
        let digit_first = variant.starts_with(|c: char| c.is_ascii_digit());
        let right = variant.bytes().all(|b| b.is_ascii_alphanumeric())
            && ((5..=8).contains(&variant.len()) || (variant.len() == 4 && digit_first));
        if !right || out.iter().any(|earlier| earlier == variant) {
            return None;
        }
        out.push(variant.to_owned());
    }
    Some(out.join("-"))
}

fn is_alpha(subtag: &str, len: std::ops::RangeInclusive<usize>) -> bool {
    len.contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(subtag: &str) -> bool {
    let number = subtag.len() == 3 && subtag.bytes().all(|byte| byte.is_ascii_digit());
    number || (subtag.len() == 2 && Territory::parse(&subtag.to_ascii_uppercase()).is_ok())
}

fn title_case(script: &str) -> String {
    script[..1].to_ascii_uppercase() + &script[1..]
}

/// The script a Chinese region writes, so that `zh-TW` lies inside `zh-Hant`.
fn likely_script(language: &[String], region: Option<&str>) -> Option<String> {
    match (language, region) {
        ([zh], Some("CN" | "SG" | "MY")) if zh == "zh" => Some("Hans".to_owned()),
        ([zh], Some("TW" | "HK" | "MO")) if zh == "zh" => Some("Hant".to_owned()),
        _ => None,
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageTagError;
    fn try_from(text: String) -> Result<Self, LanguageTagError> {
        Self::parse(&text)
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

/// A set of languages, possibly "all but some". JSON: `""`, `"en zh"`, `"* -zh"`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TagSet {
    everything: bool,
    /// Where membership changes on the way from the root to a tag.
    marks: BTreeMap<LanguageTag, bool>,
}

impl TagSet {
    pub fn everything() -> Self {
        Self {
            everything: true,
            marks: BTreeMap::new(),
        }
    }

    pub fn of(tag: LanguageTag) -> Self {
        Self {
            everything: false,
            marks: BTreeMap::from([(tag, true)]),
        }
    }

    pub fn is_empty(&self) -> bool {
        !self.everything && self.marks.is_empty()
    }

    pub fn is_everything(&self) -> bool {
        self.everything && self.marks.is_empty()
    }

    pub fn contains(&self, tag: &LanguageTag) -> bool {
        let mut prefix = tag.0.as_str();
        loop {
            if let Some(mark) = self.marks.get(&LanguageTag(prefix.to_owned())) {
                return *mark;
            }
            match prefix.rsplit_once('-') {
                Some((shorter, _)) => prefix = shorter,
                None => return self.everything,
            }
        }
    }

    pub fn union(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a || b)
    }

    pub fn intersect(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && b)
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && !b)
    }

    /// Membership only changes at marks of either side, so looking there is enough.
    fn combine(&self, other: &Self, keep: impl Fn(bool, bool) -> bool) -> Self {
        let everything = keep(self.everything, other.everything);
        let mut out = Self {
            everything,
            marks: BTreeMap::new(),
        };
        // Sorted order puts a parent before its children, since it is a prefix of them.
        let tags: BTreeSet<&LanguageTag> = self.marks.keys().chain(other.marks.keys()).collect();
        for tag in tags {
            let inside = keep(self.contains(tag), other.contains(tag));
            if out.contains(tag) != inside {
                out.marks.insert(tag.clone(), inside);
            }
        }
        out
    }

    /// Changes of membership from the root down: (`None` = every language, inside?).
    pub fn steps(&self) -> impl Iterator<Item = (Option<&LanguageTag>, bool)> {
        let root = self.everything.then_some((None, true));
        root.into_iter()
            .chain(self.marks.iter().map(|(tag, inside)| (Some(tag), *inside)))
    }
}

impl From<TagSet> for String {
    fn from(set: TagSet) -> Self {
        let step = |(tag, inside): (Option<&LanguageTag>, bool)| match (tag, inside) {
            (None, _) => "*".to_owned(),
            (Some(tag), true) => tag.to_string(),
            (Some(tag), false) => format!("-{tag}"),
        };
        set.steps().map(step).collect::<Vec<_>>().join(" ")
    }
}

impl TryFrom<String> for TagSet {
    type Error = LanguageTagError;
    fn try_from(text: String) -> Result<Self, LanguageTagError> {
        text.split_ascii_whitespace()
            .try_fold(Self::default(), |set, step| {
                Ok(match step.strip_prefix('-') {
                    _ if step == "*" => Self::everything(),
                    Some(tag) => set.minus(&Self::of(LanguageTag::parse(tag)?)),
                    None => set.union(&Self::of(LanguageTag::parse(step)?)),
                })
            })
    }
}
