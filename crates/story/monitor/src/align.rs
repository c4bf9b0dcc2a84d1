//! Diagonals: which straight relation of copy time and library time do the pictures vote for?
//!
//! Every pair of a library look and a copy look that are close votes for `offset = copy − speed ×
//! library`. Peaks of the votes are refined with all evidence, pictures that disagree included, and
//! with motion, which fixes the offset where pictures change slowly.

use crate::fingerprint::{CENTRES_PER_SEC, Fingerprint, LOOKS_PER_SEC, MOTIONS_PER_SEC};
use crate::motion::{Agreement, Rhythm, agreement};
use crate::pdq::Hash256;
use crate::query::{QUERY_LOOKS_PER_SEC, Query, View};

/// Below this quality a picture is too empty to speak.
const LEAST_QUALITY: u8 = 8;
/// Distances that vote. Unrelated pictures are 128 ± 8.2 apart (152,000 pairs measured).
const VOTE_BITS: u32 = 88;
/// Where a pair speaks neither for nor against, and bits per nat around it.
const NEUTRAL_BITS: f32 = 100.0;
const BITS_PER_NAT: f32 = 8.0;
/// One pair never weighs more than this, in nats.
const MOST_FOR: f32 = 6.0;
const MOST_AGAINST: f32 = -4.0;
/// Pictures nearer than this show the same thing twice.
pub const SAME_PICTURE_BITS: u32 = 20;
const BIN_SECS: f32 = 0.25;
const PEAKS_PER_SPEED: usize = 6;
/// Peaks of one speed are at least this far apart; refinement looks as far to each side.
const PEAK_APART_SECS: f32 = 2.0;
const REFINE_STEP_SECS: f32 = 0.125;
/// Nats that full agreement of motion adds when diagonals are compared.
const MOTION_NATS: f32 = 40.0;
/// Prior odds against a changed speed, and against a mirrored or stripped view, in nats: many
/// speeds and offsets are tried, so an unusual one must bring more.
const SPEED_PRIOR_NATS: f32 = 12.0;
const VIEW_PRIOR_NATS: f32 = 3.0;

/// Speeds tried: 0.8 to 1.25 in steps that drift under 0.15 s in 6 s, PAL speed-up, reversal.
const SPEEDS: [f32; 22] = [
    1.0, 0.959, 1.0427, 0.8, 0.82, 0.84, 0.86, 0.88, 0.9, 0.92, 0.94, 0.975, 1.025, 1.06, 1.085,
    1.11, 1.14, 1.17, 1.2, 1.225, 1.25, -1.0,
];

/// How one copy look fits one library look, as a log-likelihood ratio in nats.
fn nats(bits: u32) -> f32 {
    ((NEUTRAL_BITS - bits as f32) / BITS_PER_NAT).clamp(MOST_AGAINST, MOST_FOR)
}

/// A relation of times: `copy = speed × library + offset`, seen through one pair of views.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diagonal {
    pub view: usize,
    /// The library's centre view, not the whole picture.
    pub is_centre: bool,
    pub speed: f32,
    pub offset_secs: f32,
}

/// Two looks at the same instant of a diagonal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    pub library_secs: f32,
    pub library_hash: Hash256,
    pub copy_look: usize,
    pub bits: u32,
    pub nats: f32,
}

/// Library looks of one kind with their spacing.
struct Row<'a> {
    hashes: Vec<(Hash256, u8)>,
    per_sec: f32,
    view: &'a View,
    view_index: usize,
    is_centre: bool,
}

fn rows<'a>(library: &Fingerprint, query: &'a Query) -> Vec<Row<'a>> {
    let whole: Vec<_> = library
        .looks
        .iter()
        .map(|look| (look.hash, look.quality))
        .collect();
    let step = (LOOKS_PER_SEC / CENTRES_PER_SEC) as usize;
    let quality = |i: usize| library.looks.get(i * step).map_or(0, |look| look.quality);
    let centres: Vec<_> = library
        .centres
        .iter()
        .enumerate()
        .map(|(i, hash)| (*hash, quality(i)))
        .collect();
    let both = [
        (whole, LOOKS_PER_SEC, false),
        (centres, CENTRES_PER_SEC, true),
    ];
    let mut rows = Vec::new();
    for (view_index, view) in query.views.iter().enumerate() {
        for (hashes, per_sec, is_centre) in &both {
            let (hashes, per_sec) = (hashes.clone(), *per_sec as f32);
            rows.push(Row {
                hashes,
                per_sec,
                view,
                view_index,
                is_centre: *is_centre,
            });
        }
    }
    rows
}

/// Everything one comparison needs more than once.
pub struct Aligner<'a> {
    rows: Vec<Row<'a>>,
    library_rhythm: Rhythm,
    library_secs: f32,
    copy_secs: f32,
    /// Copy looks already explained by an accepted segment.
    used: Vec<bool>,
}

/// A diagonal with its evidence.
#[derive(Debug, Clone)]
pub struct Hypothesis {
    pub diagonal: Diagonal,
    /// The best run of pairs along it, in library time.
    pub pairs: Vec<Pair>,
    pub motion: Agreement,
    /// For ranking: nats of distinct pictures and of motion.
    pub score: f32,
}

impl<'a> Aligner<'a> {
    pub fn new(library: &Fingerprint, query: &'a Query) -> Self {
        let longest = query
            .views
            .iter()
            .map(|view| view.looks.len())
            .max()
            .unwrap_or(0);
        Self {
            rows: rows(library, query),
            library_rhythm: Rhythm::new(&library.motions, MOTIONS_PER_SEC as f32),
            library_secs: library.duration_us as f32 / 1e6,
            copy_secs: query.duration_us as f32 / 1e6,
            used: vec![false; longest],
        }
    }

    pub fn library_secs(&self) -> f32 {
        self.library_secs
    }

    pub fn copy_secs(&self) -> f32 {
        self.copy_secs
    }

    /// The best diagonal among the copy looks not yet used.
    pub fn best(&self) -> Option<Hypothesis> {
        let mut best: Option<Hypothesis> = None;
        for row in &self.rows {
            let close = self.close_pairs(row);
            if close.is_empty() {
                continue;
            }
            for speed in SPEEDS {
                for offset_secs in self.peaks(&close, speed) {
                    let found = self.refine(row, speed, offset_secs);
                    let better = |a: &Hypothesis| best.as_ref().is_none_or(|b| a.score > b.score);
                    if let Some(found) = found.filter(better) {
                        best = Some(found);
                    }
                }
            }
        }
        best
    }

    /// Marks the copy looks of an accepted segment.
    pub fn consume(&mut self, pairs: &[Pair]) {
        let first = pairs.iter().map(|pair| pair.copy_look).min().unwrap_or(0);
        let last = pairs.iter().map(|pair| pair.copy_look).max().unwrap_or(0);
        let last = (last + 1).min(self.used.len().saturating_sub(1));
        for used in self.used.iter_mut().take(last + 1).skip(first) {
            *used = true;
        }
    }

    /// Library seconds, copy seconds and nats of every pair close enough to vote.
    fn close_pairs(&self, row: &Row<'_>) -> Vec<(f32, f32, f32)> {
        let mut close = Vec::new();
        for (i, (hash, quality)) in row.hashes.iter().enumerate() {
            if *quality < LEAST_QUALITY {
                continue;
            }
            for (j, look) in row.view.looks.iter().enumerate() {
                if self.used[j] || look.quality < LEAST_QUALITY {
                    continue;
                }
                let bits = hash.distance(&look.hash);
                if bits < VOTE_BITS {
                    let copy_secs = j as f32 / QUERY_LOOKS_PER_SEC as f32;
                    close.push((i as f32 / row.per_sec, copy_secs, nats(bits)));
                }
            }
        }
        close
    }

    /// The offsets with most votes at this speed, best first.
    fn peaks(&self, close: &[(f32, f32, f32)], speed: f32) -> Vec<f32> {
        // The least and greatest offset any pair can have.
        let reach = speed.abs() * self.library_secs;
        let lowest = if speed > 0.0 { -reach } else { 0.0 };
        let bins = ((reach + self.copy_secs) / BIN_SECS) as usize + 3;
        let mut votes = vec![0f32; bins];
        for (library_secs, copy_secs, weight) in close {
            let bin = ((copy_secs - speed * library_secs - lowest) / BIN_SECS).round() as usize;
            votes[bin.min(bins - 1)] += weight;
        }
        // Neighbouring bins share what rounding split.
        let smooth: Vec<f32> = (0..bins)
            .map(|i| {
                let side = |at: Option<usize>| at.and_then(|at| votes.get(at)).map_or(0.0, |v| *v);
                votes[i] + 0.5 * (side(i.checked_sub(1)) + side(i.checked_add(1)))
            })
            .collect();
        let mut order: Vec<usize> = (0..bins).filter(|i| smooth[*i] > MOST_FOR).collect();
        order.sort_by(|a, b| smooth[*b].total_cmp(&smooth[*a]).then(a.cmp(b)));
        let mut peaks: Vec<f32> = Vec::new();
        for bin in order {
            let offset = lowest + bin as f32 * BIN_SECS;
            if peaks
                .iter()
                .all(|peak| (peak - offset).abs() >= PEAK_APART_SECS)
            {
                peaks.push(offset);
                if peaks.len() == PEAKS_PER_SPEED {
                    break;
                }
            }
        }
        peaks
    }

    fn refine(&self, row: &Row<'_>, speed: f32, near_secs: f32) -> Option<Hypothesis> {
        let steps = (PEAK_APART_SECS / REFINE_STEP_SECS) as i32;
        let candidates = (-steps..=steps).filter_map(|step| {
            self.evaluate(row, speed, near_secs + step as f32 * REFINE_STEP_SECS)
        });
        candidates.max_by(|a, b| a.score.total_cmp(&b.score))
    }

    fn evaluate(&self, row: &Row<'_>, speed: f32, offset_secs: f32) -> Option<Hypothesis> {
        let (view, is_centre) = (row.view_index, row.is_centre);
        let diagonal = Diagonal {
            view,
            is_centre,
            speed,
            offset_secs,
        };
        let pairs = best_run(&self.pairs(row, speed, offset_secs));
        let (first, last) = (pairs.first()?.library_secs, pairs.last()?.library_secs);
        let span = (first, last + 1.0 / row.per_sec);
        let motion = agreement(
            &self.library_rhythm,
            &row.view.rhythm,
            span,
            speed,
            offset_secs,
        );
        let pictures = distinct_nats(&pairs);
        // Agreement of motion counts by how long it was seen, up to five seconds.
        let seen = (motion.active_secs / 5.0).min(1.0);
        let is_odd_view = row.view.is_mirrored || row.view.is_stripped;
        let prior = if speed == 1.0 { 0.0 } else { SPEED_PRIOR_NATS }
            + if is_odd_view { VIEW_PRIOR_NATS } else { 0.0 };
        let score = pictures + MOTION_NATS * seen * motion.correlation - prior;
        Some(Hypothesis {
            diagonal,
            pairs,
            motion,
            score,
        })
    }

    fn pairs(&self, row: &Row<'_>, speed: f32, offset_secs: f32) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (i, (library_hash, quality)) in row.hashes.iter().enumerate() {
            let library_secs = i as f32 / row.per_sec;
            let copy_look = (speed * library_secs + offset_secs) * QUERY_LOOKS_PER_SEC as f32;
            if *quality < LEAST_QUALITY || copy_look < -0.5 {
                continue;
            }
            let copy_look = copy_look.round() as usize;
            let Some(look) = row.view.looks.get(copy_look) else {
                continue;
            };
            if self.used[copy_look] || look.quality < LEAST_QUALITY {
                continue;
            }
            let bits = library_hash.distance(&look.hash);
            let library_hash = *library_hash;
            pairs.push(Pair {
                library_secs,
                library_hash,
                copy_look,
                bits,
                nats: nats(bits),
            });
        }
        pairs
    }
}

/// The contiguous run with the greatest sum of nats (Bentley 1984).
fn best_run(pairs: &[Pair]) -> Vec<Pair> {
    let (mut best, mut best_sum) = (0..0, 0.0f32);
    let (mut start, mut sum) = (0, 0.0f32);
    for (i, pair) in pairs.iter().enumerate() {
        if sum <= 0.0 {
            (start, sum) = (i, 0.0);
        }
        sum += pair.nats;
        if sum > best_sum {
            (best, best_sum) = (start..i + 1, sum);
        }
    }
    pairs[best].to_vec()
}

/// Pictures of the run that are unlike every earlier one of it, at most `cap`.
pub fn distinct(looks: impl Iterator<Item = (Hash256, u8)>, cap: usize) -> usize {
    let mut leaders: Vec<Hash256> = Vec::new();
    for (hash, quality) in looks {
        if leaders.len() == cap {
            break;
        }
        let is_new = || {
            leaders
                .iter()
                .all(|leader| leader.distance(&hash) > SAME_PICTURE_BITS)
        };
        if quality >= LEAST_QUALITY && is_new() {
            leaders.push(hash);
        }
    }
    leaders.len()
}

/// Nats of a run in which each distinct library picture counts once, by its mean.
fn distinct_nats(pairs: &[Pair]) -> f32 {
    const MOST_LEADERS: usize = 256;
    let mut leaders: Vec<(Hash256, f32, f32)> = Vec::new();
    for pair in pairs {
        let near = |hash: &Hash256| hash.distance(&pair.library_hash) <= SAME_PICTURE_BITS;
        if let Some((_, sum, count)) = leaders.iter_mut().find(|(hash, ..)| near(hash)) {
            *sum += pair.nats;
            *count += 1.0;
        } else if leaders.len() < MOST_LEADERS {
            leaders.push((pair.library_hash, pair.nats, 1.0));
        }
    }
    leaders.iter().map(|(_, sum, count)| sum / count).sum()
}
