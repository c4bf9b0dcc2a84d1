//! The query: a suspect copy, looked at more densely and in more ways than a library title.
//!
//! Bars are judged on the first two minutes of samples, then every sample is seen whole and, when
//! there are bars, without them; each view also mirrored.

use crate::SAMPLE_FPS;
use crate::fingerprint::Look;
use crate::motion::{FIELDS, Motion, Rhythm, mirror, motion};
use crate::pdq::{self, Dihedral};
use crate::views::{BorderWatch, Rect, SAMPLE_LEN, SIDE, stretch};

pub const QUERY_LOOKS_PER_SEC: u32 = 8;
/// Samples kept until the bars are judged.
const JUDGED_SAMPLES: usize = 120 * SAMPLE_FPS as usize;
/// One hour; longer suspects are cut into hours by the caller.
const MAX_SAMPLES: usize = 3_600 * SAMPLE_FPS as usize;
/// Samples in a quarter second.
const QUARTER: usize = SAMPLE_FPS as usize / 4;

/// One way of looking at the copy.
#[derive(Debug, Clone)]
pub struct View {
    pub is_mirrored: bool,
    /// Bars were taken off.
    pub is_stripped: bool,
    /// [`QUERY_LOOKS_PER_SEC`].
    pub looks: Vec<Look>,
    /// [`SAMPLE_FPS`], each against a quarter second before.
    pub rhythm: Rhythm,
}

#[derive(Debug, Clone)]
pub struct Query {
    pub duration_us: u64,
    /// The first is the copy as it is.
    pub views: Vec<View>,
}

#[derive(Debug, Clone, Default)]
pub struct QueryBuilder {
    watch: BorderWatch,
    waiting: Vec<Vec<u8>>,
    tracks: Vec<Track>,
    samples: usize,
}

/// One part of the picture over time, straight and mirrored at once.
#[derive(Debug, Clone)]
struct Track {
    part: Rect,
    looks: Vec<[Look; 2]>,
    motions: Vec<Motion>,
    recent: Vec<Vec<u8>>,
}

impl QueryBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// One sample, 128×128 grey values, eight a second; others, and what lies past one hour, are
    /// ignored.
    pub fn push(&mut self, sample: &[u8]) {
        if sample.len() != SAMPLE_LEN || self.samples >= MAX_SAMPLES {
            return;
        }
        self.samples += 1;
        if !self.tracks.is_empty() {
            self.tracks.iter_mut().for_each(|track| track.push(sample));
            return;
        }
        self.watch.push(sample);
        self.waiting.push(sample.to_vec());
        if self.waiting.len() == JUDGED_SAMPLES {
            self.judge_bars();
        }
    }

    fn judge_bars(&mut self) {
        let parts = std::iter::once(Rect::WHOLE).chain(self.watch.pictures());
        self.tracks = parts.map(Track::new).collect();
        for sample in std::mem::take(&mut self.waiting) {
            self.tracks.iter_mut().for_each(|track| track.push(&sample));
        }
    }

    pub fn finish(mut self) -> Query {
        if self.tracks.is_empty() {
            self.judge_bars();
        }
        let duration_us = self.samples as u64 * 1_000_000 / u64::from(SAMPLE_FPS);
        let views = self.tracks.into_iter().flat_map(Track::views).collect();
        Query { duration_us, views }
    }
}

impl Track {
    fn new(part: Rect) -> Self {
        Self {
            part,
            looks: Vec::new(),
            motions: Vec::new(),
            recent: Vec::new(),
        }
    }

    fn push(&mut self, sample: &[u8]) {
        let sample = match self.part {
            Rect::WHOLE => sample.to_vec(),
            part => stretch(sample, part),
        };
        if self
            .motions
            .len()
            .is_multiple_of((SAMPLE_FPS / QUERY_LOOKS_PER_SEC) as usize)
        {
            let spectrum = pdq::spectrum(&sample, SIDE, SIDE);
            let look = |lie| Look {
                hash: spectrum.hash(lie),
                quality: spectrum.quality,
            };
            self.looks
                .push([look(Dihedral::Original), look(Dihedral::MirrorLeftRight)]);
        }
        let change = match self.recent.len() {
            QUARTER => motion(&self.recent.remove(0), &sample),
            _ => [0; FIELDS],
        };
        self.motions.push(change);
        self.recent.push(sample);
    }

    fn views(self) -> [View; 2] {
        let is_stripped = self.part != Rect::WHOLE;
        let per_sec = SAMPLE_FPS as f32;
        let mirrored: Vec<Motion> = self.motions.iter().map(mirror).collect();
        let view = |side: usize, motions: &[Motion]| View {
            is_mirrored: side == 1,
            is_stripped,
            looks: self.looks.iter().map(|pair| pair[side]).collect(),
            rhythm: Rhythm::new(motions, per_sec),
        };
        [view(0, &self.motions), view(1, &mirrored)]
    }
}

impl Query {
    /// Pictures that differ from every earlier one: what there is to recognise. Counted to 64.
    pub fn distinct_looks(&self) -> usize {
        let looks = self.views.first().map_or(&[][..], |view| &view.looks);
        crate::align::distinct(looks.iter().map(|look| (look.hash, look.quality)), 64)
    }

    /// Seconds in which something moves.
    pub fn active_secs(&self) -> f32 {
        let rhythm = self.views.first().map(|view| &view.rhythm);
        rhythm.map_or(0.0, |rhythm| {
            let active = (0..rhythm.samples.len())
                .filter(|i| rhythm.is_active(*i))
                .count();
            active as f32 / rhythm.per_sec
        })
    }
}
