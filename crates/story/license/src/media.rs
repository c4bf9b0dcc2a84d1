//! Media: the ways a licensee may bring a work to its public, as a tree with trade names.
//!
//! A [`Medium`] is a leaf; inner nodes (Pay TV, On demand) are names for sets of leaves. Keys are
//! stable and stored; names are for people. The words follow the trade's usual schedule of
//! definitions (theatrical, ancillary, video, pay and free television, on demand).

use crate::expression::{AtomSet, Dictionary, ExpressionError, shortest};
use crate::territory::write_cover;
use backlot_money::Lang;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::OnceLock;

struct Node {
    /// A path, `pay-tv/cable`; the part before the slash is the parent.
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
}

const fn node(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    aliases: &'static [&'static str],
) -> Node {
    Node {
        key,
        zh,
        en,
        aliases,
    }
}

/// Leaves in the order people expect to read them; the index is the bit, never stored.
#[rustfmt::skip]
const LEAVES: [Node; 38] = [
    node("cinematic/theatrical", "影院放映", "Theatrical", &["cinema", "院线"]),
    node("cinematic/non-theatrical", "非影院放映", "Non-theatrical", &["nontheatrical"]),
    node("cinematic/public-video", "公共场所放映", "Public video", &[]),
    node("cinematic/festival", "电影节展映", "Festival", &["festivals"]),
    node("cinematic/immersive-venue", "沉浸式场馆", "Immersive venue", &["museum", "博物馆"]),
    node("ancillary/airline", "航空", "Airline", &["inflight", "in-flight", "机上"]),
    node("ancillary/ship", "船舶", "Ship", &["cruise", "邮轮"]),
    node("ancillary/train", "铁路", "Train", &["rail"]),
    node("ancillary/vehicle", "车载", "Vehicle", &["coach", "in-car"]),
    node("ancillary/hotel", "酒店", "Hotel", &["hospitality"]),
    node("physical/rental", "实体租赁", "Physical rental", &["video rental"]),
    node("physical/sale", "实体销售", "Physical sale", &["dvd", "blu-ray", "sell-through", "光盘"]),
    node("ppv/residential", "家庭按次付费", "Residential pay-per-view", &[]),
    node("ppv/non-residential", "非家庭按次付费", "Non-residential pay-per-view", &[]),
    node("pay-tv/terrestrial", "付费电视(地面)", "Pay TV (terrestrial)", &["pay tv terrestrial"]),
    node("pay-tv/cable", "付费电视(有线)", "Pay TV (cable)", &["pay tv cable"]),
    node("pay-tv/satellite", "付费电视(卫星)", "Pay TV (satellite)", &["pay tv satellite"]),
    node("pay-tv/iptv", "付费电视(IPTV)", "Pay TV (IPTV)", &["pay tv iptv", "iptv"]),
    node("free-tv/terrestrial", "免费电视(地面)", "Free TV (terrestrial)", &["free tv terrestrial"]),
    node("free-tv/cable", "免费电视(有线)", "Free TV (cable)", &["free tv cable"]),
    node("free-tv/satellite", "免费电视(卫星)", "Free TV (satellite)", &["free tv satellite"]),
    node("on-demand/svod", "订阅点播", "SVOD", &["subscription vod", "subscription video on demand"]),
    node("on-demand/avod", "广告点播", "AVOD", &["ad-supported vod", "advertising vod"]),
    node("on-demand/fvod", "免费点播", "FVOD", &["free vod"]),
    node("on-demand/tvod", "单片点播", "TVOD", &["transactional vod", "rental vod"]),
    node("on-demand/pvod", "优先点播", "PVOD", &["premium vod"]),
    node("on-demand/est", "数字购买", "EST", &["electronic sell-through", "download to own", "dto"]),
    node("on-demand/catch-up", "回看", "Catch-up", &["catch up", "catchup"]),
    node("linear-internet/fast", "免费广告频道", "FAST", &["fast channel", "fast channels"]),
    node("linear-internet/simulcast", "网络同步播出", "Simulcast", &["internet simulcast"]),
    node("linear-internet/live-stream", "网络直播", "Live stream", &["livestream"]),
    node("short-form/short-video", "短视频平台", "Short-video platform", &["短视频"]),
    node("short-form/micro-drama", "微短剧平台", "Micro-drama platform", &["微短剧"]),
    node("short-form/social-clip", "社交媒体片段", "Social clip", &[]),
    node("closed-net/corporate", "企业内网", "Corporate network", &[]),
    node("closed-net/campus", "校园网", "Campus network", &[]),
    node("institutional/educational", "教育", "Educational", &["education"]),
    node("institutional/library", "图书馆", "Library", &[]),
];

#[rustfmt::skip]
const BRANCHES: [Node; 12] = [
    node("", "所有媒体", "All media", &["all", "all rights", "全媒体", "全部媒体", "全部"]),
    node("cinematic", "影院与展映", "Cinematic", &[]),
    node("ancillary", "交通与酒店", "Ancillary", &[]),
    node("physical", "实体音像", "Physical", &["home video", "家庭录像"]),
    node("ppv", "按次付费", "Pay-per-view", &["ppv"]),
    node("pay-tv", "付费电视", "Pay TV", &["paytv"]),
    node("free-tv", "免费电视", "Free TV", &["freetv"]),
    node("on-demand", "点播", "On demand", &["vod", "video on demand"]),
    node("linear-internet", "网络线性播出", "Linear internet", &[]),
    node("short-form", "短视频与微短剧", "Short form", &[]),
    node("closed-net", "封闭网络", "Closed network", &["closednet"]),
    node("institutional", "机构", "Institutional", &[]),
];

/// A leaf of the media tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Medium(u8);

#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a medium; keys look like on-demand/svod")]
pub struct MediumError(pub String);

impl Medium {
    /// The stored key, `on-demand/svod`.
    pub fn parse(key: &str) -> Result<Self, MediumError> {
        Self::all()
            .find(|medium| medium.key() == key)
            .ok_or_else(|| MediumError(key.chars().take(40).collect()))
    }

    /// All leaves in reading order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..LEAVES.len())
            .filter_map(|leaf| u8::try_from(leaf).ok())
            .map(Self)
    }

    pub fn key(self) -> &'static str {
        LEAVES[usize::from(self.0)].key
    }

    pub fn name(self, lang: Lang) -> &'static str {
        let leaf = &LEAVES[usize::from(self.0)];
        lang.pick(leaf.zh, leaf.en)
    }
}

impl fmt::Display for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

impl TryFrom<String> for Medium {
    type Error = MediumError;
    fn try_from(key: String) -> Result<Self, MediumError> {
        Self::parse(&key)
    }
}

impl From<Medium> for String {
    fn from(medium: Medium) -> Self {
        medium.key().to_owned()
    }
}

/// A set of media. JSON: an array of keys in reading order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(from = "Vec<Medium>", into = "Vec<Medium>")]
pub struct MediaSet(u64);

impl MediaSet {
    pub const EMPTY: Self = Self(0);

    pub fn everything() -> Self {
        Medium::all().collect()
    }

    pub fn insert(&mut self, medium: Medium) {
        self.0 |= 1 << medium.0;
    }

    pub const fn contains(&self, medium: Medium) -> bool {
        self.0 >> medium.0 & 1 == 1
    }

    pub const fn intersect(&self, other: &Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn union(&self, other: &Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn minus(&self, other: &Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    pub const fn len(&self) -> usize {
        self.0.count_ones() as usize
    }

    /// In reading order.
    pub fn iter(&self) -> impl Iterator<Item = Medium> {
        let set = *self;
        Medium::all().filter(move |medium| set.contains(*medium))
    }

    /// Keys, names and branches in Chinese and English: `Pay TV + SVOD`, `all ex theatrical`.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        static WORDS: OnceLock<Dictionary<MediaSet>> = OnceLock::new();
        WORDS.get_or_init(dictionary).read(text)
    }

    /// Shortest form in names; [`MediaSet::parse`] reads it back.
    pub fn text(&self, lang: Lang) -> String {
        let sets: Vec<Self> = BRANCHES.iter().map(|branch| under(branch.key)).collect();
        let cover = shortest(*self, &sets);
        let branch_name = |branch: &usize| lang.pick(BRANCHES[*branch].zh, BRANCHES[*branch].en);
        let named = |atoms: &[u16]| {
            atoms
                .iter()
                .map(|atom| &LEAVES[usize::from(*atom)])
                .map(|leaf| lang.pick(leaf.zh, leaf.en))
                .collect()
        };
        let branches: Vec<&str> = cover.groups.iter().map(branch_name).collect();
        write_cover(lang, branches, named(&cover.extra), named(&cover.excluded))
    }
}

impl FromIterator<Medium> for MediaSet {
    fn from_iter<I: IntoIterator<Item = Medium>>(media: I) -> Self {
        let mut set = Self::EMPTY;
        for medium in media {
            set.insert(medium);
        }
        set
    }
}

impl From<Vec<Medium>> for MediaSet {
    fn from(media: Vec<Medium>) -> Self {
        media.into_iter().collect()
    }
}

impl From<MediaSet> for Vec<Medium> {
    fn from(set: MediaSet) -> Self {
        set.iter().collect()
    }
}

impl AtomSet for MediaSet {
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
        self.iter().map(|medium| u16::from(medium.0)).collect()
    }
}

/// A branch of the tree for pickers: key, names, leaves below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaBranch {
    /// Empty for the root.
    pub key: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub media: MediaSet,
}

/// The root first, then the branches in reading order.
pub fn media_tree() -> Vec<MediaBranch> {
    BRANCHES
        .iter()
        .map(|branch| MediaBranch {
            key: branch.key,
            name_zh: branch.zh,
            name_en: branch.en,
            media: under(branch.key),
        })
        .collect()
}

fn under(branch: &str) -> MediaSet {
    let inside = |medium: &Medium| {
        branch.is_empty()
            || medium
                .key()
                .split_once('/')
                .is_some_and(|(top, _)| top == branch)
    };
    Medium::all().filter(inside).collect()
}

fn dictionary() -> Dictionary<MediaSet> {
    let mut dictionary = Dictionary::new(MediaSet::everything());
    let mut add = |node: &Node, set: MediaSet| {
        for word in [node.key, node.zh, node.en].iter().chain(node.aliases) {
            if !word.is_empty() {
                dictionary.add(word, set);
            }
        }
    };
    for branch in &BRANCHES {
        add(branch, under(branch.key));
    }
    for medium in Medium::all() {
        add(
            &LEAVES[usize::from(medium.0)],
            std::iter::once(medium).collect(),
        );
    }
    for medium in Medium::all() {
        let last = medium
            .key()
            .split_once('/')
            .map_or(medium.key(), |(_, last)| last);
        let shared = Medium::all()
            .filter(|other| other.key().ends_with(last))
            .count()
            > 1;
        if !shared {
            dictionary.add(last, std::iter::once(medium).collect());
        }
    }
    dictionary
}
