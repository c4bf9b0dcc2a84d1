//! The words of the grant form: media, territories and their groups, languages, in both languages.

use backlot_license::{
    Date, Lang, LanguageSet, LanguageTag, LanguageUse, Medium, Territory, media_tree,
    territory_groups,
};
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vocabulary {
    pub media: Vec<MediaWord>,
    pub territory_groups: Vec<TerritoryGroupWord>,
    pub territories: Vec<TerritoryWord>,
    pub languages: Vec<LanguageWord>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaWord {
    pub code: String,
    /// Code of the branch above; none for branches.
    pub parent: Option<String>,
    pub name_zh: String,
    pub name_en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryGroupWord {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub members: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryWord {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LanguageWord {
    pub tag: String,
    pub name_zh: String,
    pub name_en: String,
}

/// Languages the form offers; any BCP 47 tag can be typed.
const LANGUAGES: [&str; 20] = [
    "zh", "zh-Hans", "zh-Hant", "zh-yue", "en", "ja", "ko", "fr", "de", "es", "pt", "ru", "ar",
    "hi", "id", "ms", "th", "vi", "it", "tr",
];

/// Groups as they stand on `as_at`.
pub fn vocabulary(as_at: Date) -> Vocabulary {
    let branches = media_tree()
        .into_iter()
        .filter(|branch| !branch.key.is_empty())
        .map(|branch| MediaWord {
            code: branch.key.to_owned(),
            parent: None,
            name_zh: branch.name_zh.to_owned(),
            name_en: branch.name_en.to_owned(),
        });
    let leaves = Medium::all().map(|medium| MediaWord {
        code: medium.key().to_owned(),
        parent: medium
            .key()
            .split_once('/')
            .map(|(branch, _)| branch.to_owned()),
        name_zh: medium.name(Lang::Zh).to_owned(),
        name_en: medium.name(Lang::En).to_owned(),
    });
    let groups = territory_groups(as_at)
        .into_iter()
        .map(|group| TerritoryGroupWord {
            code: group.name_en.to_owned(),
            name_zh: group.name_zh.to_owned(),
            name_en: group.name_en.to_owned(),
            members: group
                .members
                .iter()
                .map(|territory| territory.code().to_owned())
                .collect(),
        });
    let territories = Territory::all().map(|territory| TerritoryWord {
        code: territory.code().to_owned(),
        name_zh: territory.name(Lang::Zh).to_owned(),
        name_en: territory.name(Lang::En).to_owned(),
    });
    Vocabulary {
        media: branches.chain(leaves).collect(),
        territory_groups: groups.collect(),
        territories: territories.collect(),
        languages: LANGUAGES.iter().filter_map(|tag| language(tag)).collect(),
    }
}

fn language(tag: &str) -> Option<LanguageWord> {
    let set = LanguageSet::of(LanguageTag::parse(tag).ok()?, LanguageUse::Audio);
    // The set prints `English (audio)`; the name is what stands before the use.
    let name = |lang| set.text(lang).split(" (").next().unwrap_or(tag).to_owned();
    Some(LanguageWord {
        tag: tag.to_owned(),
        name_zh: name(Lang::Zh),
        name_en: name(Lang::En),
    })
}
