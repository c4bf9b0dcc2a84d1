//! From diagonals to a verdict a person can act on.
//!
//! The rules, in order:
//! 1. a run of pairs along one diagonal must lean clearly to agreement;
//! 2. where both films move, their motion must agree: pictures alone cannot tell two performances
//!    before the same backdrop apart;
//! 3. where little moves, many pictures that differ from each other must agree;
//! 4. what shows too little to decide is said to show too little.

use crate::align::{Aligner, Hypothesis, Pair, distinct};
use crate::fingerprint::{Fingerprint, LOOKS_PER_SEC};
use crate::query::{QUERY_LOOKS_PER_SEC, Query};

const MOST_SEGMENTS: usize = 16;
/// Motion this much alike is a match when pictures agree; this little is a denial.
const MOTION_SAYS_YES: f32 = 0.55;
const MOTION_SAYS_NO: f32 = 0.35;
/// Motion speaks when both films move for this long.
const MOTION_LEAST_SECS: f32 = 2.0;
const LEAST_PAIRS: usize = 4;
/// Distinct pictures needed when motion is silent.
const PICTURES_ALONE: usize = 6;
/// Evidence for a match, and for showing it to a person. Different performances before one
/// backdrop reached 29, true copies of seven seconds 60 and more (measured on generated films).
const MATCH_NATS: f32 = 40.0;
const WEAK_NATS: f32 = 25.0;
/// A shorter run is never more than weak.
const LEAST_RUN_SECS: f32 = 2.5;
/// Mean nats a pair of a run must bring.
const LEAST_MEAN_NATS: f32 = 1.5;

/// What was done to the copy, as far as the views tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Edits {
    pub is_mirrored: bool,
    /// Bars or a border were added.
    pub is_letterboxed: bool,
    /// The centre of our picture fits better than the whole.
    pub is_cropped: bool,
    pub is_reversed: bool,
}

/// Seconds of ours that stand in the copy. Times are microseconds, starts before ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub library_start_us: i64,
    pub library_end_us: i64,
    pub copy_start_us: i64,
    pub copy_end_us: i64,
    /// Mean Hamming distance of the pictures, of 256 bits; unrelated ones are near 128.
    pub mean_distance: f32,
    /// Copy seconds per library second; negative when reversed.
    pub speed: f32,
    /// −1 to 1; `None` when too little moves.
    pub motion_correlation: Option<f32>,
    /// Pictures compared, and how many of them differ from each other.
    pub pictures: u32,
    pub distinct_pictures: u32,
    /// Log-likelihood ratio against unrelated films, in nats.
    pub score: f32,
    pub edits: Edits,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Sorted by library start.
    Match {
        segments: Vec<Segment>,
    },
    /// Alike, but not enough to say so before others; for a person to look at.
    Weak {
        segment: Segment,
    },
    /// Too little to recognise: a still, black, or shorter than two seconds.
    InsufficientContent,
    NoMatch,
}

impl Verdict {
    pub fn is_match(&self) -> bool {
        matches!(self, Self::Match { .. })
    }

    /// Sum over segments; zero without any.
    pub fn score(&self) -> f32 {
        match self {
            Self::Match { segments } => segments.iter().map(|segment| segment.score).sum(),
            Self::Weak { segment } => segment.score,
            Self::InsufficientContent | Self::NoMatch => 0.0,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Match { .. } => 0,
            Self::Weak { .. } => 1,
            Self::InsufficientContent => 2,
            Self::NoMatch => 3,
        }
    }
}

/// A library title and what the query says about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<I> {
    pub id: I,
    pub verdict: Verdict,
}

/// Compares the copy with every title, exactly. Matches first, then weak ones, then titles the
/// copy is too empty to be told from; best score first. Titles that do not match are left out.
pub fn search<I: Clone>(library: &[(I, Fingerprint)], query: &Query) -> Vec<Hit<I>> {
    let mut hits: Vec<Hit<I>> = library
        .iter()
        .map(|(id, title)| Hit {
            id: id.clone(),
            verdict: compare(title, query),
        })
        .filter(|hit| hit.verdict != Verdict::NoMatch)
        .collect();
    let key = |hit: &Hit<I>| (hit.verdict.rank(), hit.verdict.score());
    hits.sort_by(|a, b| {
        let ((rank_a, score_a), (rank_b, score_b)) = (key(a), key(b));
        rank_a.cmp(&rank_b).then(score_b.total_cmp(&score_a))
    });
    hits
}

/// Compares the copy with one title.
pub fn compare(library: &Fingerprint, query: &Query) -> Verdict {
    let mut aligner = Aligner::new(library, query);
    let mut segments: Vec<Segment> = Vec::new();
    let mut weak: Option<Segment> = None;
    while segments.len() < MOST_SEGMENTS {
        let Some(found) = aligner.best() else { break };
        let segment = describe(&found, &aligner, query);
        match judge(&found, &segment) {
            Judgement::Yes => {
                aligner.consume(&found.pairs);
                segments.push(segment);
            }
            Judgement::Perhaps => {
                weak = Some(segment);
                break;
            }
            Judgement::No => break,
        }
    }
    if !segments.is_empty() {
        segments.sort_by_key(|segment| (segment.library_start_us, segment.copy_start_us));
        return Verdict::Match { segments };
    }
    if let Some(segment) = weak {
        return Verdict::Weak { segment };
    }
    let is_empty = query.distinct_looks() < PICTURES_ALONE && query.active_secs() < 2.0;
    let is_short = query.duration_us < 2_000_000;
    if is_empty || is_short {
        Verdict::InsufficientContent
    } else {
        Verdict::NoMatch
    }
}

enum Judgement {
    Yes,
    Perhaps,
    No,
}

fn judge(found: &Hypothesis, segment: &Segment) -> Judgement {
    let count = found.pairs.len();
    let mean_nats = found.pairs.iter().map(|pair| pair.nats).sum::<f32>() / count.max(1) as f32;
    if count < LEAST_PAIRS || mean_nats < LEAST_MEAN_NATS || found.score < WEAK_NATS {
        return Judgement::No;
    }
    let run_us = segment.library_end_us - segment.library_start_us;
    let is_enough = found.score >= MATCH_NATS && run_us as f32 >= LEAST_RUN_SECS * 1e6;
    let pictures = segment.distinct_pictures as usize;
    match segment.motion_correlation {
        Some(motion) if motion >= MOTION_SAYS_YES && is_enough => Judgement::Yes,
        Some(motion) if motion < MOTION_SAYS_NO => Judgement::No,
        Some(_) => Judgement::Perhaps,
        None if pictures >= PICTURES_ALONE && is_enough => Judgement::Yes,
        None => Judgement::No,
    }
}

fn describe(found: &Hypothesis, aligner: &Aligner<'_>, query: &Query) -> Segment {
    let diagonal = found.diagonal;
    let count = found.pairs.len().max(1) as f32;
    let mean_distance = found.pairs.iter().map(|pair| pair.bits as f32).sum::<f32>() / count;
    let speaks = found.motion.active_secs >= MOTION_LEAST_SECS;
    let (library, copy) = times(&found.pairs, aligner, diagonal.speed, diagonal.offset_secs);
    let hashes = found.pairs.iter().map(|pair| (pair.library_hash, u8::MAX));
    let view = query.views.get(diagonal.view);
    Segment {
        library_start_us: micros(library.0),
        library_end_us: micros(library.1),
        copy_start_us: micros(copy.0),
        copy_end_us: micros(copy.1),
        mean_distance,
        speed: diagonal.speed,
        motion_correlation: speaks.then_some(found.motion.correlation),
        pictures: found.pairs.len() as u32,
        distinct_pictures: distinct(hashes, 1 << 12) as u32,
        score: found.score,
        edits: Edits {
            is_mirrored: view.is_some_and(|view| view.is_mirrored),
            is_letterboxed: view.is_some_and(|view| view.is_stripped),
            is_cropped: diagonal.is_centre,
            is_reversed: diagonal.speed < 0.0,
        },
    }
}

/// Library and copy seconds of a run; ends reach the films' own ends when these are within a step.
fn times(
    pairs: &[Pair],
    aligner: &Aligner<'_>,
    speed: f32,
    offset_secs: f32,
) -> ((f32, f32), (f32, f32)) {
    let step_secs = 1.0 / LOOKS_PER_SEC as f32 + 1.0 / QUERY_LOOKS_PER_SEC as f32;
    let first = pairs.first().map_or(0.0, |pair| pair.library_secs);
    let last = pairs.last().map_or(0.0, |pair| pair.library_secs) + 1.0 / LOOKS_PER_SEC as f32;
    // Library seconds that the copy covers at all on this diagonal.
    let (a, b) = (
        -offset_secs / speed,
        (aligner.copy_secs() - offset_secs) / speed,
    );
    let lowest = a.min(b).max(0.0);
    let highest = a.max(b).min(aligner.library_secs());
    let start = if first - lowest < step_secs {
        lowest
    } else {
        first
    };
    let end = if highest - last < step_secs {
        highest
    } else {
        last
    };
    let copy = (speed * start + offset_secs, speed * end + offset_secs);
    let inside = |secs: f32| secs.clamp(0.0, aligner.copy_secs());
    let copy = (inside(copy.0.min(copy.1)), inside(copy.0.max(copy.1)));
    ((start, end), copy)
}

fn micros(secs: f32) -> i64 {
    (f64::from(secs) * 1e6).round() as i64
}
