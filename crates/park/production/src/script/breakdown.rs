//! The breakdown: what every scene needs, each item with the line that caused it.
//!
//! Items come from action, lyrics and parentheticals, because what is only talked about need not be
//! there; vehicles also from headings (`INT. TAXI - NIGHT`). The words are in
//! [`super::lexicon`]; numbers before extras are read (`20 soldiers`, `五名士兵`). A suggestion is
//! never silent: it names the term, the element and the source line.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::lexicon::{Hit, LEXICON};
use super::model::{Element, Kind, Script, Warning};
use super::numerals::chinese_number;
use super::scenes::{Scene, scenes};

/// What an item is, in the order of a breakdown sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// People without a speech.
    Extras,
    /// Falls, fights, chases.
    Stunts,
    /// Cars, boats, aircraft.
    Vehicles,
    /// Things that are handled.
    Props,
    /// Animals and their handlers.
    Animals,
    /// Clothes that matter.
    Wardrobe,
    /// Blood, wounds, ageing, hair.
    MakeUp,
    /// Practical and visual effects.
    Effects,
    /// Sound and music made on the set or called for.
    Sound,
    /// Cranes, drones, underwater housings.
    SpecialEquipment,
}

impl Category {
    /// All, in order.
    pub const ALL: [Self; 10] = [
        Self::Extras,
        Self::Stunts,
        Self::Vehicles,
        Self::Props,
        Self::Animals,
        Self::Wardrobe,
        Self::MakeUp,
        Self::Effects,
        Self::Sound,
        Self::SpecialEquipment,
    ];

    /// The key used in data (`make_up`).
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Extras => "extras",
            Self::Stunts => "stunts",
            Self::Vehicles => "vehicles",
            Self::Props => "props",
            Self::Animals => "animals",
            Self::Wardrobe => "wardrobe",
            Self::MakeUp => "make_up",
            Self::Effects => "effects",
            Self::Sound => "sound",
            Self::SpecialEquipment => "special_equipment",
        }
    }

    /// The category of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }
}

/// Where a term was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Index of the scene.
    pub scene: usize,
    /// What it is.
    pub category: Category,
    /// The term of the lexicon: the reason.
    pub term: String,
    /// The words of the script.
    pub text: String,
    /// How many, when the script says so.
    pub quantity: Option<u32>,
    /// The source line.
    pub line: u32,
    /// Index in `Script::elements`.
    pub element: usize,
    /// Byte offset in the element's text where the words start.
    pub start: usize,
    /// Byte offset after them.
    pub end: usize,
    /// How often the scene names it.
    pub mentions: u32,
}

/// A role over the whole script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role.
    pub name: String,
    /// Speeches in all.
    pub speeches: u32,
    /// Scenes with a speech of the role.
    pub speaking_scenes: u32,
    /// Scenes that need the role in the picture, by index.
    pub scenes: Vec<usize>,
    /// The line of the first cue or mention.
    pub line: u32,
}

/// What a script needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The scenes, in order.
    pub scenes: Vec<Scene>,
    /// The cast, most speeches first.
    pub cast: Vec<Role>,
    /// The items, by scene, category and term.
    pub items: Vec<Item>,
    /// Length of the script in eighths: the sum over the scenes.
    pub eighths: u32,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// Breaks a script down.
#[must_use]
pub fn breakdown(script: &Script) -> Breakdown {
    let scenes = scenes(script);
    let mut items = Vec::new();
    for scene in &scenes {
        scene_items(script, scene, &mut items);
    }
    Breakdown {
        cast: cast(&scenes),
        eighths: scenes
            .iter()
            .fold(0u32, |sum, scene| sum.saturating_add(scene.eighths)),
        scenes,
        items,
        warnings: script.warnings.clone(),
    }
}

fn scene_items(script: &Script, scene: &Scene, out: &mut Vec<Item>) {
    let mut found: BTreeMap<(Category, &str), Item> = BTreeMap::new();
    let body = &script.elements[scene.first_element..scene.end_element];
    for (index, element) in body.iter().enumerate() {
        let heading = matches!(element.kind, Kind::Heading { .. });
        let shown = matches!(
            element.kind,
            Kind::Action { .. } | Kind::Parenthetical | Kind::Lyric
        );
        if !heading && !shown {
            continue;
        }
        LEXICON.trie.scan(&element.text, |hit| {
            let Some(term) = LEXICON.terms.get(hit.value) else {
                return;
            };
            let Some(category) = term.category else {
                return;
            };
            if heading && category != Category::Vehicles {
                return;
            }
            let fresh = || item(scene.index, category, &term.text, element, hit);
            let entry = found
                .entry((category, term.text.as_str()))
                .or_insert_with(|| Item {
                    element: scene.first_element + index,
                    ..fresh()
                });
            entry.mentions = entry.mentions.saturating_add(1);
            entry.quantity = entry.quantity.max(quantity(&element.text, hit));
        });
    }
    out.extend(found.into_values());
}

fn item(scene: usize, category: Category, term: &str, element: &Element, hit: Hit) -> Item {
    Item {
        scene,
        category,
        term: term.to_owned(),
        text: element.text[hit.start..hit.end].to_owned(),
        quantity: None,
        line: element.line_at(hit.start),
        element: 0,
        start: hit.start,
        end: hit.end,
        mentions: 0,
    }
}

/// A number before the words (`20 soldiers`, `a dozen guards`, `五名士兵`) or after `crowd of`.
fn quantity(text: &str, hit: Hit) -> Option<u32> {
    let before = text[..hit.start].trim_end();
    let han = before.trim_end_matches([
        '个', '名', '位', '辆', '匹', '只', '条', '把', '群', '余', '多',
    ]);
    let tail: Vec<char> = han
        .chars()
        .rev()
        .take(6)
        .take_while(|c| c.is_ascii_digit() || "零一二两三四五六七八九十百千".contains(*c))
        .collect();
    let digits: String = tail.into_iter().rev().collect();
    if let Some(value) = chinese_number(&digits).filter(|value| *value > 0) {
        return Some(value);
    }
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or("")
        .to_lowercase();
    let spoken = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    if let Some(at) = spoken.iter().position(|name| *name == word) {
        return u32::try_from(at + 2).ok();
    }
    if word == "dozen" {
        return Some(12);
    }
    let after = text[hit.end..].strip_prefix(" of ")?;
    after
        .split(|c: char| !c.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}

/// The cast over all scenes.
fn cast(scenes: &[Scene]) -> Vec<Role> {
    let mut roles: BTreeMap<&str, Role> = BTreeMap::new();
    for scene in scenes {
        for (used, speaks) in scene
            .speaking
            .iter()
            .map(|used| (used, true))
            .chain(scene.present.iter().map(|used| (used, false)))
        {
            let role = roles.entry(&used.name).or_insert_with(|| Role {
                name: used.name.clone(),
                speeches: 0,
                speaking_scenes: 0,
                scenes: Vec::new(),
                line: used.line,
            });
            role.speeches = role.speeches.saturating_add(used.speeches);
            role.speaking_scenes += u32::from(speaks);
            role.scenes.push(scene.index);
        }
    }
    let mut list: Vec<Role> = roles.into_values().collect();
    list.sort_by(|a, b| {
        b.speeches
            .cmp(&a.speeches)
            .then_with(|| a.name.cmp(&b.name))
    });
    list
}
