//! The fingerprint of a library title: made once from samples, kept as a few kilobytes a minute.
//!
//! Per second: two looks at the whole picture (33 bytes each), one at its centre (32), four motions
//! (8 each) = 130 bytes, 7.8 KB a minute. The centre finds copies that were zoomed or cropped.

use crate::motion::{FIELDS, Motion, motion};
use crate::pdq::{self, Dihedral, Hash256};
use crate::views::{Rect, SAMPLE_LEN, stretch};
use crate::{SAMPLE_FPS, SAMPLE_SIDE};

pub const LOOKS_PER_SEC: u32 = 2;
pub const CENTRES_PER_SEC: u32 = 1;
pub const MOTIONS_PER_SEC: u32 = 4;
/// Share of each side that the centre view keeps.
pub const CENTRE_SHARE: f32 = 0.8;
const MAGIC: &[u8; 4] = b"BLFP";
const VERSION: u16 = 1;
const HEADER_LEN: usize = 4 + 2 + 8 + 3 * 4;
/// 48 hours of samples.
const MAX_SAMPLES: u64 = 48 * 3_600 * SAMPLE_FPS as u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub hash: Hash256,
    /// 0 (nothing to see) to 100.
    pub quality: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprint {
    pub duration_us: u64,
    /// [`LOOKS_PER_SEC`], the first at time 0.
    pub looks: Vec<Look>,
    /// [`CENTRES_PER_SEC`].
    pub centres: Vec<Hash256>,
    /// [`MOTIONS_PER_SEC`]; the first is zero.
    pub motions: Vec<Motion>,
}

/// Why bytes are no fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("a fingerprint starts with `BLFP`")]
    Magic,
    #[error("fingerprint version {0} is not known, this program knows {VERSION}; update it")]
    Version(u16),
    #[error("the fingerprint has {found} bytes, its header asks for {expected}")]
    Length { expected: u64, found: usize },
    #[error("the fingerprint's counts do not fit its length of {duration_us} µs")]
    Counts { duration_us: u64 },
    #[error("quality {value} of look {index} is above 100")]
    Quality { index: usize, value: u8 },
}

/// Takes samples in order and gives the fingerprint at the end.
#[derive(Debug, Clone, Default)]
pub struct FingerprintBuilder {
    taken: Fingerprint,
    samples: u64,
    /// The sample a quarter second ago.
    before: Vec<u8>,
}

impl FingerprintBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// One sample, [`SAMPLE_SIDE`]² grey values, [`SAMPLE_FPS`] a second. Others are ignored, as is
    /// what lies past 48 hours.
    pub fn push(&mut self, sample: &[u8]) {
        if sample.len() != SAMPLE_LEN || self.samples >= MAX_SAMPLES {
            return;
        }
        let due = |per_sec: u32| self.samples.is_multiple_of(u64::from(SAMPLE_FPS / per_sec));
        let side = SAMPLE_SIDE as usize;
        if due(LOOKS_PER_SEC) {
            let (hash, quality) = pdq::hash(sample, side, side);
            self.taken.looks.push(Look { hash, quality });
        }
        if due(CENTRES_PER_SEC) {
            let centre = stretch(sample, Rect::centre(CENTRE_SHARE));
            let spectrum = pdq::spectrum(&centre, side, side);
            self.taken.centres.push(spectrum.hash(Dihedral::Original));
        }
        if due(MOTIONS_PER_SEC) {
            let change = match self.before.len() {
                SAMPLE_LEN => motion(&self.before, sample),
                _ => [0; FIELDS],
            };
            self.taken.motions.push(change);
            self.before = sample.to_vec();
        }
        self.samples += 1;
    }

    pub fn finish(mut self) -> Fingerprint {
        self.taken.duration_us = self.samples * 1_000_000 / u64::from(SAMPLE_FPS);
        self.taken
    }
}

impl Fingerprint {
    /// Bytes: `BLFP`, version u16, duration u64, three counts u32, looks (quality byte and hash),
    /// centres, motions (two fields a byte, the even one low); all little-endian.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_LEN + self.looks.len() * 72);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&self.duration_us.to_le_bytes());
        for count in [self.looks.len(), self.centres.len(), self.motions.len()] {
            out.extend_from_slice(&(count as u32).to_le_bytes());
        }
        for look in &self.looks {
            out.push(look.quality);
            out.extend_from_slice(&look.hash.to_bytes());
        }
        self.centres
            .iter()
            .for_each(|hash| out.extend_from_slice(&hash.to_bytes()));
        for motion in &self.motions {
            out.extend(
                motion
                    .chunks_exact(2)
                    .map(|pair| (pair[0] & 15) | (pair[1] << 4)),
            );
        }
        out
    }

    /// Strict: any byte too many or too few, and counts that do not fit the duration, are refused.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut rest = Cursor(bytes);
        if rest.take(4) != Some(MAGIC) {
            return Err(DecodeError::Magic);
        }
        let short = |expected: u64| DecodeError::Length {
            expected,
            found: bytes.len(),
        };
        let header = short(HEADER_LEN as u64);
        let version = rest
            .array()
            .map(u16::from_le_bytes)
            .ok_or_else(|| header.clone())?;
        if version != VERSION {
            return Err(DecodeError::Version(version));
        }
        let duration_us = rest
            .array()
            .map(u64::from_le_bytes)
            .ok_or_else(|| header.clone())?;
        let mut count = || rest.array().map(u32::from_le_bytes).map(u64::from);
        let (Some(looks), Some(centres), Some(motions)) = (count(), count(), count()) else {
            return Err(header);
        };
        let expected = HEADER_LEN as u64 + looks * 33 + centres * 32 + motions * 8;
        if expected != bytes.len() as u64 {
            return Err(short(expected));
        }
        let samples = duration_us.saturating_mul(u64::from(SAMPLE_FPS)) / 1_000_000;
        let due = |per_sec: u32| samples.div_ceil(u64::from(SAMPLE_FPS / per_sec));
        let counts = (
            due(LOOKS_PER_SEC),
            due(CENTRES_PER_SEC),
            due(MOTIONS_PER_SEC),
        );
        if samples > MAX_SAMPLES || counts != (looks, centres, motions) {
            return Err(DecodeError::Counts { duration_us });
        }
        Self::body(&mut rest, duration_us, [looks, centres, motions])?
            .ok_or_else(|| short(expected))
    }

    /// `None` when the bytes end early, which the length check has ruled out.
    fn body(
        rest: &mut Cursor<'_>,
        duration_us: u64,
        counts: [u64; 3],
    ) -> Result<Option<Self>, DecodeError> {
        let mut out = Self {
            duration_us,
            ..Self::default()
        };
        for index in 0..counts[0] as usize {
            let (Some([value]), Some(hash)) = (rest.array(), rest.array()) else {
                return Ok(None);
            };
            if value > 100 {
                return Err(DecodeError::Quality { index, value });
            }
            out.looks.push(Look {
                hash: Hash256::from_bytes(&hash),
                quality: value,
            });
        }
        for _ in 0..counts[1] {
            let Some(hash) = rest.array() else {
                return Ok(None);
            };
            out.centres.push(Hash256::from_bytes(&hash));
        }
        for _ in 0..counts[2] {
            let Some(packed) = rest.array::<8>() else {
                return Ok(None);
            };
            let field = |i: usize| packed[i / 2] >> (4 * (i % 2)) & 15;
            out.motions.push(std::array::from_fn(field));
        }
        Ok(Some(out))
    }
}

struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}
