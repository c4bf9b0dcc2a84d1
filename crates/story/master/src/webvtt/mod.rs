//! Timed text: WebVTT (W3C, 2019) and SubRip in, WebVTT out.
//!
//! A *cue* is a stretch of time with text; a *track* is its cues in order of start. Cue text is
//! WebVTT payload: `&`, `<` and `>` that are not markup are escaped. Styles, regions and notes are
//! dropped: a master's track carries words and times.

mod parse;

pub use parse::{Format, Parsed, Problem, ProblemKind, SubtitleError, parse};

use std::fmt::Write as _;

/// 10,000 hours, one more than the reader takes.
const MAX_TIME_US: i64 = 36_000_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Empty when the cue has no name.
    pub id: String,
    pub start_us: i64,
    /// Greater than `start_us`.
    pub end_us: i64,
    /// `line:0 align:start`, as written.
    pub settings: String,
    /// WebVTT payload, lines joined by `\n`, no blank line inside.
    pub text: String,
}

impl Cue {
    /// A cue from plain words, markup escaped; `None` without length or words.
    pub fn plain(start_us: i64, end_us: i64, words: &str) -> Option<Self> {
        let lines: Vec<String> = words
            .split(['\n', '\r'])
            .map(|line| escape(line.trim()))
            .filter(|line| !line.is_empty())
            .collect();
        if end_us <= start_us || lines.is_empty() {
            return None;
        }
        let (id, settings) = (String::new(), String::new());
        Some(Self {
            id,
            start_us,
            end_us,
            settings,
            text: lines.join("\n"),
        })
    }
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Cues sorted by start, then end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    pub cues: Vec<Cue>,
}

impl Track {
    /// Moves every cue by `by_us`; what falls before zero is cut, cues wholly before zero go.
    pub fn shift(&self, by_us: i64) -> Self {
        let moved = self.cues.iter().filter_map(|cue| {
            let start_us = cue.start_us.saturating_add(by_us).max(0);
            let end_us = cue.end_us.saturating_add(by_us);
            (end_us > start_us).then(|| Cue {
                start_us,
                end_us,
                ..cue.clone()
            })
        });
        Self {
            cues: moved.collect(),
        }
    }

    /// The whole track as one WebVTT file.
    pub fn to_webvtt(&self) -> String {
        let mut out = String::from("WEBVTT\n");
        for cue in &self.cues {
            write_cue(&mut out, cue);
        }
        out
    }

    /// The end of the last cue, zero without cues.
    pub fn end_us(&self) -> i64 {
        self.cues.iter().map(|cue| cue.end_us).max().unwrap_or(0)
    }
}

/// One WebVTT file per segment of `grid_us` (starts and ends), for HLS (RFC 8216, 3.5).
///
/// A cue stands, with its full times, in every segment it overlaps; empty segments are still files.
/// Cues after the last segment go into it. Local time zero is media time zero, as in our fragmented
/// MP4, whose decode times start at zero.
pub fn segment(track: &Track, grid_us: &[(i64, i64)]) -> Vec<String> {
    let last = grid_us.len().saturating_sub(1);
    let file = |(position, (start_us, end_us)): (usize, &(i64, i64))| {
        let until_us = if position == last { i64::MAX } else { *end_us };
        let mut out = String::from("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n");
        let here = |cue: &&Cue| cue.start_us < until_us && cue.end_us > *start_us;
        track
            .cues
            .iter()
            .filter(here)
            .for_each(|cue| write_cue(&mut out, cue));
        out
    };
    grid_us.iter().enumerate().map(file).collect()
}

fn write_cue(out: &mut String, cue: &Cue) {
    out.push('\n');
    if !cue.id.is_empty() {
        let _ = writeln!(out, "{}", cue.id);
    }
    // Both rounded alike, so that neighbours stay neighbours; never to an empty cue.
    let ms = |us: i64| (us.clamp(0, MAX_TIME_US) + 500) / 1000;
    let start_ms = ms(cue.start_us);
    let end_ms = ms(cue.end_us).max(start_ms + 1);
    let _ = write!(out, "{} --> {}", clock(start_ms), clock(end_ms));
    if !cue.settings.is_empty() {
        let _ = write!(out, " {}", cue.settings);
    }
    let _ = writeln!(out, "\n{}", cue.text);
}

fn clock(ms: i64) -> String {
    let (hours, minutes) = (ms / 3_600_000, ms / 60_000 % 60);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        ms / 1000 % 60,
        ms % 1000
    )
}
