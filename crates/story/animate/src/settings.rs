//! What a character is generated from, and the choices its seed makes.
//!
//! Invariant: every choice is drawn from the seed in a fixed order, so a character is its settings.
//! Source: splitmix64 (Steele, Lea, Flood 2014) as the draw.

use serde::{Deserialize, Serialize};

/// How heavy the figure is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Build {
    Slim,
    #[default]
    Average,
    Athletic,
    Sturdy,
}

/// Everything that decides a character.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CharacterSettings {
    pub seed: u64,
    /// Standing height; held within 1.2 and 2.2 metres.
    pub height_m: f64,
    pub build: Build,
    pub name: String,
    /// Who is named as author in the file's licence fields; at least one is always written.
    pub authors: Vec<String>,
}

impl Default for CharacterSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            height_m: 1.70,
            build: Build::Average,
            name: "Backlot performer".to_owned(),
            authors: vec!["Backlot".to_owned()],
        }
    }
}

impl CharacterSettings {
    /// Height in the range that the proportions are made for; not-a-number becomes the default.
    pub fn height_in_range_m(&self) -> f64 {
        if self.height_m.is_finite() {
            self.height_m.clamp(1.2, 2.2)
        } else {
            1.70
        }
    }
}

/// A small deterministic draw.
pub(crate) struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5bd1_e995_9e37_79b9)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `[low, high)`.
    pub fn within(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.next() >> 40) as f32 / (1_u64 << 24) as f32;
        low + (high - low) * unit
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.next() % choices.len() as u64) as usize]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hair {
    Short,
    Bob,
    Ponytail,
    Bun,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Top {
    ShortSleeve,
    LongSleeve,
    Hoodie,
}

/// Colours are linear RGB, 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub skin: [f32; 3],
    pub hair: [f32; 3],
    pub eye: [f32; 3],
    pub shirt: [f32; 3],
    pub trim: [f32; 3],
    pub trousers: [f32; 3],
    pub shoes: [f32; 3],
    pub sole: [f32; 3],
    pub hair_style: Hair,
    pub top: Top,
    pub girth: f32,
    pub shoulders: f32,
    pub head: f32,
    pub eye_size: f32,
    pub eye_gap: f32,
    pub brow_tilt: f32,
    pub fringe: f32,
}

const SKIN: [u32; 6] = [0xf3d0b5, 0xeec1a0, 0xdfa983, 0xc68a62, 0x9a6444, 0x6e4530];
const HAIR: [u32; 7] = [
    0x1f1a1d, 0x2d2025, 0x4a2f25, 0x6d4630, 0xa9703c, 0x8a3b2e, 0x59617a,
];
const EYE: [u32; 5] = [0x4a2f22, 0x3a5f7d, 0x4c6b3c, 0x6a4a8c, 0x2f6f6c];
/// Shirt, trim, trousers, shoes: sets that sit well beside each other.
const OUTFIT: [[u32; 4]; 8] = [
    [0xe4572e, 0xffe8d6, 0x2f3a56, 0xf2f2ee],
    [0x2a9d8f, 0xf4f1de, 0x3d405b, 0xe9c46a],
    [0xf2b134, 0x4a4e69, 0x2b2d42, 0xd9e2ec],
    [0x577590, 0xf9f7f3, 0x3a3a3c, 0xc8553d],
    [0xf1efe9, 0x8d99ae, 0x34506b, 0x2b2d42],
    [0x8e5572, 0xf2e3d5, 0x443850, 0xf7f7f2],
    [0x3d5a80, 0xee6c4d, 0x5c5346, 0xf1f1ec],
    [0x588157, 0xdad7cd, 0x3c3f46, 0xbc6c25],
];

impl Look {
    pub fn from_settings(settings: &CharacterSettings) -> Self {
        let mut draw = Draw::new(settings.seed);
        let outfit = draw.pick(&OUTFIT);
        let (girth, shoulders) = match settings.build {
            Build::Slim => (0.90, 0.95),
            Build::Average => (1.0, 1.0),
            Build::Athletic => (1.06, 1.08),
            Build::Sturdy => (1.18, 1.06),
        };
        Self {
            skin: linear(draw.pick(&SKIN)),
            hair: linear(draw.pick(&HAIR)),
            eye: linear(draw.pick(&EYE)),
            shirt: linear(outfit[0]),
            trim: linear(outfit[1]),
            trousers: linear(outfit[2]),
            shoes: linear(outfit[3]),
            sole: linear(0xf4f4f0),
            hair_style: draw.pick(&[Hair::Short, Hair::Bob, Hair::Ponytail, Hair::Bun]),
            top: draw.pick(&[Top::ShortSleeve, Top::LongSleeve, Top::Hoodie]),
            girth: girth * draw.within(0.97, 1.03),
            shoulders: shoulders * draw.within(0.97, 1.03),
            head: draw.within(1.12, 1.20),
            eye_size: draw.within(0.92, 1.10),
            eye_gap: draw.within(0.95, 1.05),
            brow_tilt: draw.within(-0.12, 0.12),
            fringe: draw.within(-1.0, 1.0),
        }
    }
}

/// Linear RGB of an sRGB `0xrrggbb`. Source: IEC 61966-2-1.
pub(crate) fn linear(srgb: u32) -> [f32; 3] {
    [16, 8, 0].map(|shift| {
        let value = ((srgb >> shift) & 0xff) as f32 / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    })
}
