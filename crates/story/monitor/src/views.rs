//! Other ways to look at a square sample: without its bars, its centre, mirrored.

use crate::SAMPLE_SIDE;

pub const SIDE: usize = SAMPLE_SIDE as usize;
/// Values in a sample.
pub const SAMPLE_LEN: usize = SIDE * SIDE;
/// Grey levels a bar may vary by and still be one colour: coding noise.
const FLAT_LEVELS: u8 = 20;
/// Mean levels a still line may change by between samples.
const STILL_LEVELS: f32 = 1.2;
/// A picture is not stripped below this share of a side.
const LEAST_SHARE: f32 = 0.4;

/// A part of the sample; `left..right`, `top..bottom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

impl Rect {
    pub const WHOLE: Self = Self {
        left: 0,
        top: 0,
        right: SIDE,
        bottom: SIDE,
    };

    /// The middle `share` of both sides.
    pub fn centre(share: f32) -> Self {
        let margin = (SIDE as f32 * (1.0 - share) / 2.0).round() as usize;
        Self {
            left: margin,
            top: margin,
            right: SIDE - margin,
            bottom: SIDE - margin,
        }
    }
}

/// The part scaled to a whole sample, bilinear at pixel centres.
pub fn stretch(sample: &[u8], part: Rect) -> Vec<u8> {
    let axis = |from: usize, to: usize| -> Vec<(usize, usize, f32)> {
        let scale = (to - from) as f32 / SIDE as f32;
        let place = |i: usize| {
            let at = from as f32 + (i as f32 + 0.5) * scale - 0.5;
            let at = at.clamp(from as f32, (to - 1) as f32);
            let low = at as usize;
            (low, (low + 1).min(to - 1), at - low as f32)
        };
        (0..SIDE).map(place).collect()
    };
    let (columns, rows) = (axis(part.left, part.right), axis(part.top, part.bottom));
    let mut out = Vec::with_capacity(SAMPLE_LEN);
    for (y0, y1, wy) in rows {
        let (upper, lower) = (&sample[y0 * SIDE..][..SIDE], &sample[y1 * SIDE..][..SIDE]);
        out.extend(columns.iter().map(|&(x0, x1, wx)| {
            let mix = |line: &[u8]| f32::from(line[x0]) * (1.0 - wx) + f32::from(line[x1]) * wx;
            (mix(upper) * (1.0 - wy) + mix(lower) * wy).round() as u8
        }));
    }
    out
}

pub fn mirror(sample: &[u8]) -> Vec<u8> {
    sample
        .chunks_exact(SIDE)
        .flat_map(|row| row.iter().rev().copied())
        .collect()
}

/// Watches samples for lines at the edges that never show anything.
#[derive(Debug, Clone)]
pub struct BorderWatch {
    rows: Vec<Line>,
    columns: Vec<Line>,
    last: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    low: u8,
    high: u8,
    most_change: f32,
}

impl Default for BorderWatch {
    fn default() -> Self {
        let fresh = vec![
            Line {
                low: u8::MAX,
                high: 0,
                most_change: 0.0
            };
            SIDE
        ];
        Self {
            rows: fresh.clone(),
            columns: fresh,
            last: Vec::new(),
        }
    }
}

impl BorderWatch {
    pub fn push(&mut self, sample: &[u8]) {
        let (mut row_change, mut column_change) = ([0u32; SIDE], [0u32; SIDE]);
        for (y, row) in sample.chunks_exact(SIDE).enumerate() {
            for (x, &value) in row.iter().enumerate() {
                for line in [&mut self.rows[y], &mut self.columns[x]] {
                    line.low = line.low.min(value);
                    line.high = line.high.max(value);
                }
                let before = self.last.get(y * SIDE + x).map_or(value, |v| *v);
                let change = u32::from(value.abs_diff(before));
                row_change[y] += change;
                column_change[x] += change;
            }
        }
        let note = |lines: &mut [Line], changes: &[u32]| {
            for (line, change) in lines.iter_mut().zip(changes) {
                line.most_change = line.most_change.max(*change as f32 / SIDE as f32);
            }
        };
        note(&mut self.rows, &row_change);
        note(&mut self.columns, &column_change);
        self.last = sample.to_vec();
    }

    /// The picture inside bars of one colour, and inside lines that never move, when these are
    /// there and leave enough. A plain backdrop may be taken for a bar: these views are extra.
    pub fn pictures(&self) -> Vec<Rect> {
        let flat = inside(flat_ends(&self.rows), flat_ends(&self.columns));
        let still = inside(still_ends(&self.rows), still_ends(&self.columns));
        flat.into_iter()
            .chain(still.filter(|rect| flat != Some(*rect)))
            .collect()
    }
}

/// Lines at both ends that, with the outermost line, stay one colour.
fn flat_ends(lines: &[Line]) -> (usize, usize) {
    fn run<'a>(lines: impl Iterator<Item = &'a Line>) -> usize {
        let (mut low, mut high) = (u8::MAX, 0);
        lines
            .take_while(|line| {
                (low, high) = (low.min(line.low), high.max(line.high));
                high.saturating_sub(low) <= FLAT_LEVELS
            })
            .count()
    }
    (run(lines.iter()), run(lines.iter().rev()))
}

fn still_ends(lines: &[Line]) -> (usize, usize) {
    let is_still = |line: &&Line| line.most_change <= STILL_LEVELS;
    (
        lines.iter().take_while(is_still).count(),
        lines.iter().rev().take_while(is_still).count(),
    )
}

fn inside(rows: (usize, usize), columns: (usize, usize)) -> Option<Rect> {
    // The scaled edge of a bar is half bar, half picture: one line more on that side.
    let more = |lines: usize| if lines == 0 { 0 } else { lines + 1 };
    let (top, bottom) = (more(rows.0), SIDE.saturating_sub(more(rows.1)));
    let (left, right) = (more(columns.0), SIDE.saturating_sub(more(columns.1)));
    let least = (LEAST_SHARE * SIDE as f32) as usize;
    let is_enough = bottom >= top + least && right >= left + least;
    let is_trimmed = rows.0 + rows.1 + columns.0 + columns.1 >= 3;
    (is_enough && is_trimmed).then_some(Rect {
        left,
        top,
        right,
        bottom,
    })
}
