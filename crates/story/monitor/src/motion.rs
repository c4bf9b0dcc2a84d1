//! Motion: where and how much a picture changed in a quarter of a second.
//!
//! A sample of motion is the mean absolute difference of grey values in each of 4×4 fields, on a
//! logarithmic scale of 16 steps. It is the house's temporal channel kept per field: logos, colour
//! and coding hardly touch it, another performance before the same backdrop changes it wholly.

use crate::views::SIDE;

pub const GRID: usize = 4;
pub const FIELDS: usize = GRID * GRID;
const FIELD_SIDE: usize = SIDE / GRID;
/// Samples on each side of the running mean that is taken away: 2 s at 4 per second.
const HIGH_PASS_SECS: f32 = 2.0;
/// Steps above a field's running mean that count as movement.
const ACTIVE_STEPS: f32 = 0.75;

/// 0 to 15 per field, rows top to bottom.
pub type Motion = [u8; FIELDS];

/// The motion between two samples.
pub fn motion(before: &[u8], after: &[u8]) -> Motion {
    let mut sums = [0u32; FIELDS];
    for (y, (row_a, row_b)) in before
        .chunks_exact(SIDE)
        .zip(after.chunks_exact(SIDE))
        .enumerate()
    {
        let fields = row_a
            .chunks_exact(FIELD_SIDE)
            .zip(row_b.chunks_exact(FIELD_SIDE));
        for (x, (a, b)) in fields.enumerate() {
            let change = a
                .iter()
                .zip(b)
                .map(|(a, b)| u32::from(a.abs_diff(*b)))
                .sum::<u32>();
            sums[y / FIELD_SIDE * GRID + x] += change;
        }
    }
    sums.map(|sum| {
        let mean = sum as f32 / (FIELD_SIDE * FIELD_SIDE) as f32;
        (3.0 * (1.0 + mean).log2()).round().min(15.0) as u8
    })
}

pub fn mirror(motion: &Motion) -> Motion {
    std::array::from_fn(|i| motion[i / GRID * GRID + GRID - 1 - i % GRID])
}

/// Motion with each field's running mean taken away; what remains is rhythm, not place.
#[derive(Debug, Clone, Default)]
pub struct Rhythm {
    pub samples: Vec<[f32; FIELDS]>,
    pub per_sec: f32,
}

impl Rhythm {
    pub fn new(motions: &[Motion], per_sec: f32) -> Self {
        let reach = (HIGH_PASS_SECS * per_sec) as usize;
        let mut sums = vec![[0f32; FIELDS]; motions.len() + 1];
        for (i, motion) in motions.iter().enumerate() {
            for (f, value) in motion.iter().enumerate() {
                sums[i + 1][f] = sums[i][f] + f32::from(*value);
            }
        }
        let rest = |i: usize| {
            let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(motions.len()));
            let count = (to - from) as f32;
            std::array::from_fn(|f| {
                f32::from(motions[i][f]) - (sums[to][f] - sums[from][f]) / count
            })
        };
        Self {
            samples: (0..motions.len()).map(rest).collect(),
            per_sec,
        }
    }

    /// Whether some field moves away from its mean at sample `i`.
    pub fn is_active(&self, i: usize) -> bool {
        self.samples[i]
            .iter()
            .any(|value| value.abs() > ACTIVE_STEPS)
    }
}

/// How well two rhythms agree along a diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Normalised cross-correlation over all fields and times, −1 to 1.
    pub correlation: f32,
    /// Seconds in which both move.
    pub active_secs: f32,
}

/// Compares library samples of `from_secs..to_secs` with the copy's at `speed·t + offset_secs`.
pub fn agreement(
    library: &Rhythm,
    copy: &Rhythm,
    span_secs: (f32, f32),
    speed: f32,
    offset_secs: f32,
) -> Agreement {
    // Sample i of a rhythm speaks of the quarter second before i / per_sec.
    const HALF_STEP_SECS: f32 = 0.125;
    let (mut cross, mut left, mut right) = (0.0f32, 0.0f32, 0.0f32);
    let mut active = 0u32;
    let first = ((span_secs.0 * library.per_sec).ceil().max(0.0)) as usize;
    let last = ((span_secs.1 * library.per_sec).floor().max(0.0)) as usize;
    for i in first..=last {
        let Some(a) = library.samples.get(i) else {
            break;
        };
        let middle_secs = i as f32 / library.per_sec - HALF_STEP_SECS;
        let copy_secs = speed * middle_secs + offset_secs + HALF_STEP_SECS;
        let j = (copy_secs * copy.per_sec).round();
        if j < 0.0 {
            continue;
        }
        let Some(b) = copy.samples.get(j as usize) else {
            continue;
        };
        for (a, b) in a.iter().zip(b) {
            cross += a * b;
            left += a * a;
            right += b * b;
        }
        active += u32::from(library.is_active(i) && copy.is_active(j as usize));
    }
    let norm = (left * right).sqrt();
    let correlation = if norm > 1e-6 { cross / norm } else { 0.0 };
    Agreement {
        correlation,
        active_secs: active as f32 / library.per_sec,
    }
}
