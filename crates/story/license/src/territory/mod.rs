//! Territories and sets of them.
//!
//! A [`Territory`] that exists is a real one of the table (ISO 3166-1 and XK). A [`TerritorySet`]
//! is a fixed set of bits, so that intersection is a few machine words. Groups and expressions
//! (`World ex CN,US`) are only ways to write a set; facts keep plain codes.

mod groups;
mod table;

use crate::date::Date;
use crate::expression::{AtomSet, Dictionary, ExpressionError, shortest};
use backlot_money::Lang;
use groups::{GROUPS, Members};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::OnceLock;
use table::{ALIASES, ROWS};

/// A territory of ISO 3166-1, or XK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Territory(u16);

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a territory code of ISO 3166-1 (two letters, for example CN) or XK")]
pub struct TerritoryError(pub String);

impl Territory {
    /// Alpha-2, upper case.
    pub fn parse(code: &str) -> Result<Self, TerritoryError> {
        ROWS.binary_search_by(|row| row.code.cmp(code))
            .ok()
            .and_then(|row| u16::try_from(row).ok())
            .map(Self)
            .ok_or_else(|| TerritoryError(code.chars().take(20).collect()))
    }

    /// All of them, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ROWS.len())
            .filter_map(|row| u16::try_from(row).ok())
            .map(Self)
    }

    /// Alpha-2.
    pub fn code(self) -> &'static str {
        ROWS[usize::from(self.0)].code
    }

    /// Alpha-3; XKX for XK.
    pub fn alpha3(self) -> &'static str {
        ROWS[usize::from(self.0)].alpha3
    }

    pub fn name(self, lang: Lang) -> &'static str {
        let row = &ROWS[usize::from(self.0)];
        lang.pick(row.zh, row.en)
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Territory {
    type Error = TerritoryError;
    fn try_from(code: String) -> Result<Self, TerritoryError> {
        Self::parse(&code)
    }
}

impl From<Territory> for String {
    fn from(territory: Territory) -> Self {
        territory.code().to_owned()
    }
}

/// 512 bits: room for subdivisions and withdrawn codes beside the 250 of today.
const WORDS: usize = 8;

/// A set of territories. JSON: a sorted array of alpha-2 codes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(try_from = "Vec<Territory>", into = "Vec<Territory>")]
pub struct TerritorySet([u64; WORDS]);

impl TerritorySet {
    pub const EMPTY: Self = Self([0; WORDS]);

    pub fn world() -> Self {
        Territory::all().collect()
    }

    pub fn insert(&mut self, territory: Territory) {
        self.0[usize::from(territory.0) / 64] |= 1 << (territory.0 % 64);
    }

    pub fn contains(&self, territory: Territory) -> bool {
        self.0[usize::from(territory.0) / 64] >> (territory.0 % 64) & 1 == 1
    }

    pub fn intersect(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    pub fn union(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] | other.0[word]))
    }

    pub fn minus(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & !other.0[word]))
    }

    pub fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Sorted by code.
    pub fn iter(&self) -> impl Iterator<Item = Territory> {
        let set = *self;
        Territory::all().filter(move |territory| set.contains(*territory))
    }

    /// Reads codes, names and groups in Chinese and English, as the groups stood on `as_at`.
    pub fn parse(text: &str, as_at: Date) -> Result<Self, ExpressionError> {
        edition(as_at).dictionary.read(text)
    }

    /// Shortest form in names: `World ex China, United States` or `全球 除 中国、美国`;
    /// [`TerritorySet::parse`] with the same day reads it back.
    pub fn text(&self, lang: Lang, as_at: Date) -> String {
        self.written(lang, as_at, |territory| territory.name(lang))
    }

    /// Shortest form with codes: `World ex CN, US`.
    pub fn code_text(&self, as_at: Date) -> String {
        self.written(Lang::En, as_at, Territory::code)
    }

    fn written(&self, lang: Lang, as_at: Date, name: impl Fn(Territory) -> &'static str) -> String {
        let cover = shortest(*self, &edition(as_at).groups);
        let group_name = |group: &usize| match lang {
            Lang::Zh => GROUPS[*group].zh[0],
            Lang::En => GROUPS[*group].en[0],
        };
        let named = |atoms: &[u16]| atoms.iter().map(|atom| name(Territory(*atom))).collect();
        let groups: Vec<&str> = cover.groups.iter().map(group_name).collect();
        write_cover(lang, groups, named(&cover.extra), named(&cover.excluded))
    }
}

/// `A + B + x, y ex z`; the names excluded come last.
pub(crate) fn write_cover(
    lang: Lang,
    groups: Vec<&str>,
    extra: Vec<&str>,
    excluded: Vec<&str>,
) -> String {
    let comma = lang.pick("、", ", ");
    let mut text = groups.join(" + ");
    if !extra.is_empty() {
        text.push_str(if text.is_empty() { "" } else { " + " });
        text.push_str(&extra.join(comma));
    }
    if !excluded.is_empty() {
        text.push_str(lang.pick(" 除 ", " ex "));
        text.push_str(&excluded.join(comma));
    }
    text
}

impl FromIterator<Territory> for TerritorySet {
    fn from_iter<I: IntoIterator<Item = Territory>>(territories: I) -> Self {
        let mut set = Self::EMPTY;
        for territory in territories {
            set.insert(territory);
        }
        set
    }
}

impl From<Vec<Territory>> for TerritorySet {
    fn from(territories: Vec<Territory>) -> Self {
        territories.into_iter().collect()
    }
}

impl From<TerritorySet> for Vec<Territory> {
    fn from(set: TerritorySet) -> Self {
        set.iter().collect()
    }
}

impl AtomSet for TerritorySet {
    const EMPTY: Self = Self::EMPTY;
    fn union(self, other: Self) -> Self {
        Self::union(&self, &other)
    }
    fn minus(self, other: Self) -> Self {
        Self::minus(&self, &other)
    }
    fn len(self) -> usize {
        Self::len(&self)
    }
    fn atoms(self) -> Vec<u16> {
        self.iter().map(|territory| territory.0).collect()
    }
}

/// A group for pickers and matrices: its names and members on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerritoryGroup {
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub members: TerritorySet,
}

/// Every known group as it stood on `as_at`, World first.
pub fn territory_groups(as_at: Date) -> Vec<TerritoryGroup> {
    GROUPS
        .iter()
        .map(|group| TerritoryGroup {
            name_zh: group.zh[0],
            name_en: group.en[0],
            members: members(group, as_at),
        })
        .collect()
}

fn members(group: &groups::Group, as_at: Date) -> TerritorySet {
    let standing = group
        .editions
        .iter()
        .rev()
        .find(|(from, _)| first_day(from) <= as_at);
    let edition = standing.or(group.editions.first());
    match edition.map(|(_, members)| members) {
        None => TerritorySet::EMPTY,
        Some(Members::Everything) => TerritorySet::world(),
        Some(Members::M49(regions)) => Territory::all()
            .filter(|territory| regions.contains(&ROWS[usize::from(territory.0)].m49))
            .collect(),
        Some(Members::Codes(codes)) => codes
            .split_ascii_whitespace()
            .map(|code| Territory::parse(code).expect("a test reads every code of every group"))
            .collect(),
    }
}

fn first_day(text: &str) -> Date {
    Date::parse(text).expect("a test reads every edition's first day")
}

/// Days on which some group changes, ascending.
fn boundaries() -> &'static [Date] {
    static DAYS: OnceLock<Vec<Date>> = OnceLock::new();
    DAYS.get_or_init(|| {
        let mut days: Vec<Date> = GROUPS
            .iter()
            .flat_map(|group| group.editions.iter().map(|(from, _)| first_day(from)))
            .collect();
        days.sort();
        days.dedup();
        days
    })
}

/// What holds between two changes of groups: words, and members in the order of [`GROUPS`].
struct Edition {
    dictionary: Dictionary<TerritorySet>,
    groups: Vec<TerritorySet>,
}

/// The edition of a day; all are built once.
fn edition(as_at: Date) -> &'static Edition {
    static EDITIONS: OnceLock<Vec<Edition>> = OnceLock::new();
    let all = EDITIONS.get_or_init(|| {
        let days = std::iter::once(Date::MIN).chain(boundaries().iter().copied());
        days.map(|day| Edition {
            dictionary: build(day),
            groups: GROUPS.iter().map(|group| members(group, day)).collect(),
        })
        .collect()
    });
    let passed = boundaries().iter().filter(|from| **from <= as_at).count();
    &all[passed.min(all.len() - 1)]
}

fn build(as_at: Date) -> Dictionary<TerritorySet> {
    let mut dictionary = Dictionary::new(TerritorySet::world());
    for territory in Territory::all() {
        let alone: TerritorySet = std::iter::once(territory).collect();
        for word in [
            territory.code(),
            territory.alpha3(),
            territory.name(Lang::Zh),
            territory.name(Lang::En),
        ] {
            dictionary.add(word, alone);
        }
    }
    for (name, code) in ALIASES {
        let territory = Territory::parse(code).expect("a test reads every alias");
        dictionary.add(name, std::iter::once(territory).collect());
    }
    for group in &GROUPS {
        let set = members(group, as_at);
        for name in group.en.iter().chain(group.zh) {
            dictionary.add(name, set);
        }
    }
    dictionary
}
