//! A scope: the box territories × media × languages × window that a right or a licence fills.
//!
//! Invariant: no side of a scope is empty, so a scope that exists holds at least one cell. Boxes
//! intersect to a box, and subtract to disjoint boxes, exactly.

use crate::{Date, LanguageSet, MediaSet, Refusal, TerritorySet, Window};
use backlot_money::Lang;
use serde::{Deserialize, Serialize};

/// Territories × media × languages × half-open days.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawScope")]
pub struct Scope {
    territories: TerritorySet,
    media: MediaSet,
    languages: LanguageSet,
    window: Window,
}

/// A scope as it is read, before its sides are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScope {
    territories: TerritorySet,
    media: MediaSet,
    languages: LanguageSet,
    window: Window,
}

/// A scope as typed in a form or a sheet; dates as `YYYY-MM-DD`, no end = open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ScopeText {
    pub territories: String,
    pub media: String,
    pub languages: String,
    pub starts_on: String,
    #[serde(default)]
    pub ends_on: Option<String>,
}

impl Scope {
    /// Refuses an empty side: `licence.no-territory`, `licence.no-medium`, `licence.no-language`.
    pub fn try_new(
        territories: TerritorySet,
        media: MediaSet,
        languages: LanguageSet,
        window: Window,
    ) -> Result<Self, Refusal> {
        if territories.is_empty() {
            return Err(Refusal::NoTerritory);
        }
        if media.is_empty() {
            return Err(Refusal::NoMedium);
        }
        if languages.is_empty() {
            return Err(Refusal::NoLanguage);
        }
        Ok(Self {
            territories,
            media,
            languages,
            window,
        })
    }

    /// Reads typed expressions, in the order window, territories, media, languages. Territory
    /// groups are those of `as_at`, the day of the contract.
    pub fn parse(text: &ScopeText, as_at: Date) -> Result<Self, Refusal> {
        let date = |text: &str| Date::parse(text.trim()).map_err(Refusal::from);
        let ends_on = text
            .ends_on
            .as_deref()
            .map(str::trim)
            .filter(|end| !end.is_empty());
        let window = Window::try_new(date(&text.starts_on)?, ends_on.map(date).transpose()?)?;
        let territories = TerritorySet::parse(&text.territories, as_at)
            .map_err(|source| Refusal::Territories { source })?;
        let media = MediaSet::parse(&text.media).map_err(|source| Refusal::Media { source })?;
        let languages =
            LanguageSet::parse(&text.languages).map_err(|source| Refusal::Languages { source })?;
        Self::try_new(territories, media, languages, window)
    }

    pub const fn territories(&self) -> &TerritorySet {
        &self.territories
    }

    pub const fn media(&self) -> &MediaSet {
        &self.media
    }

    pub const fn languages(&self) -> &LanguageSet {
        &self.languages
    }

    pub const fn window(&self) -> &Window {
        &self.window
    }

    /// The same rights at another time.
    pub fn with_window(&self, window: Window) -> Self {
        Self {
            window,
            ..self.clone()
        }
    }

    /// The cells both hold.
    pub fn intersect(&self, other: &Self) -> Option<Self> {
        let territories = self.territories.intersect(&other.territories);
        let media = self.media.intersect(&other.media);
        let window = self.window.intersect(&other.window)?;
        if territories.is_empty() || media.is_empty() {
            return None;
        }
        let languages = self.languages.intersect(&other.languages);
        (!languages.is_empty()).then_some(Self {
            territories,
            media,
            languages,
            window,
        })
    }

    /// The cells of `self` outside `other`, as disjoint boxes: other territories first, then other
    /// media, other languages, other days.
    pub fn minus(&self, other: &Self) -> Vec<Self> {
        let Some(common) = self.intersect(other) else {
            return vec![self.clone()];
        };
        let mut rest = Vec::new();
        let mut left = self.clone();
        let territories = self.territories.minus(&other.territories);
        if !territories.is_empty() {
            rest.push(Self {
                territories,
                ..left.clone()
            });
        }
        left.territories = common.territories;
        let media = self.media.minus(&other.media);
        if !media.is_empty() {
            rest.push(Self {
                media,
                ..left.clone()
            });
        }
        left.media = common.media;
        let languages = self.languages.minus(&other.languages);
        if !languages.is_empty() {
            rest.push(Self {
                languages,
                ..left.clone()
            });
        }
        left.languages = common.languages;
        let windows = self.window.minus(&other.window);
        rest.extend(windows.into_iter().map(|window| left.with_window(window)));
        rest
    }

    /// What of `self` none of `held` covers, as disjoint boxes; empty = all covered.
    pub fn uncovered_by<'a>(&self, held: impl IntoIterator<Item = &'a Self>) -> Vec<Self> {
        let mut left = vec![self.clone()];
        for cover in held {
            if left.is_empty() {
                break;
            }
            left = left.iter().flat_map(|part| part.minus(cover)).collect();
        }
        left
    }

    /// One line for people, groups named as on the first day of the window.
    pub fn text(&self, lang: Lang) -> String {
        [
            self.territories.text(lang, self.window.starts_on()),
            self.media.text(lang),
            self.languages.text(lang),
            window_text(&self.window, lang),
        ]
        .join(" · ")
    }
}

/// `2026-01-01 until before 2027-01-01`, `2026-01-01 onwards`.
pub fn window_text(window: &Window, lang: Lang) -> String {
    let start = window.starts_on();
    match (window.ends_on(), lang) {
        (Some(end), Lang::Zh) => format!("{start} 起至 {end} 前"),
        (Some(end), Lang::En) => format!("{start} until before {end}"),
        (None, Lang::Zh) => format!("{start} 起，不设终止日"),
        (None, Lang::En) => format!("{start} onwards"),
    }
}

impl TryFrom<RawScope> for Scope {
    type Error = Refusal;
    fn try_from(raw: RawScope) -> Result<Self, Refusal> {
        Self::try_new(raw.territories, raw.media, raw.languages, raw.window)
    }
}
