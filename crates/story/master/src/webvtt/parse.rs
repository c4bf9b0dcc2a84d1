//! Reading WebVTT and SubRip as people upload them.
//!
//! Forgiven: a byte order mark, UTF-16, any line ends, SubRip indices that repeat or are missing,
//! one-digit SubRip seconds, cues out of order (sorted, with a warning), overlaps (warning), blank
//! lines inside SubRip text. Refused with the line: broken times, cues that end before they start,
//! text outside a cue, other encodings.

use super::{Cue, Track, escape};
use std::fmt;

const MAX_BYTES: usize = 16 << 20;
const MAX_CUES: usize = 100_000;
/// Problems and warnings kept; the rest is only counted by the reader's patience.
const MAX_LISTED: usize = 50;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    WebVtt,
    SubRip,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    pub track: Track,
    pub format: Format,
    /// In line order.
    pub warnings: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    pub kind: ProblemKind,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProblemKind {
    #[error("the file is larger than 16 MiB")]
    TooLarge,
    #[error("the file holds more than 100,000 cues")]
    TooManyCues,
    #[error("the text is not UTF-8; save the file as UTF-8")]
    NotUtf8,
    #[error("the file holds no cue")]
    NoCues,
    #[error("`{0}` is not a time; write 00:01:02.500 --> 00:01:04.000")]
    BadTime(String),
    #[error("the cue ends at or before its start")]
    EndsBeforeStart,
    #[error("`{0}` stands outside a cue; a cue begins with a line of times")]
    StrayText(String),
    #[error("the cue has no text and was left out")]
    EmptyCue,
    #[error("the cue starts before an earlier one; cues were sorted")]
    OutOfOrder,
    #[error("the cue overlaps the one before it")]
    Overlap,
    #[error("styles and regions are not kept")]
    DroppedBlock,
    #[error("a blank line inside a cue was closed up")]
    BlankInside,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.kind)
    }
}

/// Every reason the file was refused, in line order, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubtitleError {
    pub problems: Vec<Problem>,
}

impl std::error::Error for SubtitleError {}

impl fmt::Display for SubtitleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self
            .problems
            .iter()
            .take(5)
            .map(Problem::to_string)
            .collect();
        f.write_str(&texts.join("; "))?;
        match self.problems.len() {
            0..=5 => Ok(()),
            more => write!(f, "; and {} more", more - 5),
        }
    }
}

/// WebVTT when the first line says so, else SubRip.
pub fn parse(bytes: &[u8]) -> Result<Parsed, SubtitleError> {
    let refuse = |line, kind| SubtitleError {
        problems: vec![Problem { line, kind }],
    };
    if bytes.len() > MAX_BYTES {
        return Err(refuse(1, ProblemKind::TooLarge));
    }
    let text = decode(bytes).map_err(|line| refuse(line, ProblemKind::NotUtf8))?;
    let text = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\0', "\u{fffd}");
    let first = text.lines().next().unwrap_or("");
    let webvtt = first
        .strip_prefix("WEBVTT")
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    let format = if webvtt {
        Format::WebVtt
    } else {
        Format::SubRip
    };
    let mut reader = Reader::new(format);
    for (position, line) in text.lines().enumerate() {
        reader.line(position + 1, line);
        if reader.cues.len() > MAX_CUES {
            return Err(refuse(position + 1, ProblemKind::TooManyCues));
        }
    }
    reader.finish(text.lines().count().max(1))
}

/// UTF-8 with or without a mark, or UTF-16 with one; `Err` is the line of the first bad byte.
fn decode(bytes: &[u8]) -> Result<String, usize> {
    let wide = |from: fn([u8; 2]) -> u16, rest: &[u8]| {
        let units: Vec<u16> = rest
            .chunks_exact(2)
            .map(|pair| from([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).map_err(|_| 1)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => wide(u16::from_be_bytes, rest),
        _ => {
            let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let line_of =
                |offset: usize| 1 + rest[..offset].iter().filter(|byte| **byte == b'\n').count();
            match std::str::from_utf8(rest) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => Err(line_of(error.valid_up_to())),
            }
        }
    }
}

struct OpenCue {
    line: usize,
    cue: Cue,
    lines: Vec<String>,
    /// The times were broken: the text is read over, the cue is not kept.
    is_broken: bool,
}

#[derive(PartialEq)]
enum Place {
    Head,
    Between,
    InCue,
    /// Inside a note, style or region, until a blank line.
    Skipping,
}

struct Reader {
    format: Format,
    place: Place,
    open: Option<OpenCue>,
    /// A line that may name the cue below it.
    pending: Option<(usize, String)>,
    /// Line of the times, cue.
    cues: Vec<(usize, Cue)>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Reader {
    fn new(format: Format) -> Self {
        let place = if format == Format::WebVtt {
            Place::Head
        } else {
            Place::Between
        };
        let (problems, warnings) = (Vec::new(), Vec::new());
        Self {
            format,
            place,
            open: None,
            pending: None,
            cues: Vec::new(),
            problems,
            warnings,
        }
    }

    fn problem(&mut self, line: usize, kind: ProblemKind) {
        if self.problems.len() < MAX_LISTED {
            self.problems.push(Problem { line, kind });
        }
    }

    fn warn(&mut self, line: usize, kind: ProblemKind) {
        if self.warnings.len() < MAX_LISTED {
            self.warnings.push(Problem { line, kind });
        }
    }

    fn line(&mut self, number: usize, line: &str) {
        let is_times = line.contains("-->");
        match self.place {
            Place::Head | Place::Skipping if line.trim().is_empty() => self.place = Place::Between,
            Place::Skipping => (),
            // A header may run over several lines, but never over a cue.
            Place::Head if !is_times => (),
            _ if is_times => self.times(number, line),
            Place::InCue if line.trim().is_empty() => self.place = Place::Between,
            Place::InCue => {
                if let Some(open) = &mut self.open {
                    open.lines.push(line.trim_end().to_owned());
                }
            }
            _ => self.between(number, line),
        }
    }

    fn between(&mut self, number: usize, line: &str) {
        if self.format == Format::WebVtt {
            let word = line.split_whitespace().next().unwrap_or("");
            if matches!(word, "NOTE" | "STYLE" | "REGION") && self.pending.is_none() {
                self.place = Place::Skipping;
                if word != "NOTE" {
                    self.warn(number, ProblemKind::DroppedBlock);
                }
                return;
            }
        }
        self.settle_pending();
        if !line.trim().is_empty() {
            self.pending = Some((number, line.trim().to_owned()));
        }
    }

    /// A line between cues that turned out not to name a cue.
    fn settle_pending(&mut self) {
        let Some((number, text)) = self.pending.take() else {
            return;
        };
        let is_index = text.bytes().all(|b| b.is_ascii_digit());
        match (&mut self.open, self.format) {
            (Some(open), Format::SubRip) if !is_index => {
                open.lines.push(text);
                self.warn(number, ProblemKind::BlankInside);
            }
            (_, Format::SubRip) if is_index => (),
            _ => self.problem(
                number,
                ProblemKind::StrayText(text.chars().take(60).collect()),
            ),
        }
    }

    fn times(&mut self, number: usize, line: &str) {
        let mut id = self.pending.take().map(|(_, id)| id).unwrap_or_default();
        // A forgotten blank line: the index of this cue was read as the last text of the other.
        if let (Place::InCue, Format::SubRip, Some(open)) =
            (&self.place, self.format, &mut self.open)
        {
            let digits = |last: &String| last.bytes().all(|b| b.is_ascii_digit());
            if open.lines.last().is_some_and(digits) {
                open.lines.pop();
            }
        }
        self.close();
        if self.format == Format::SubRip {
            id = String::new();
        }
        let parsed = cue_times(line, self.format);
        let is_broken = parsed.is_err();
        let (start_us, end_us, settings) = parsed.unwrap_or_else(|bad| {
            self.problem(number, ProblemKind::BadTime(bad));
            (0, 0, String::new())
        });
        if !is_broken && end_us <= start_us {
            self.problem(number, ProblemKind::EndsBeforeStart);
        }
        let cue = Cue {
            id,
            start_us,
            end_us,
            settings,
            text: String::new(),
        };
        self.open = Some(OpenCue {
            line: number,
            cue,
            lines: Vec::new(),
            is_broken,
        });
        self.place = Place::InCue;
    }

    fn close(&mut self) {
        let Some(OpenCue {
            line,
            mut cue,
            lines,
            is_broken,
        }) = self.open.take()
        else {
            return;
        };
        let kept = lines.iter().filter(|text| !text.trim().is_empty());
        cue.text = match self.format {
            Format::WebVtt => kept.cloned().collect::<Vec<_>>().join("\n"),
            Format::SubRip => kept
                .map(|text| subrip_markup(text))
                .collect::<Vec<_>>()
                .join("\n"),
        };
        if cue.text.is_empty() {
            self.warn(line, ProblemKind::EmptyCue);
        } else if !is_broken && cue.end_us > cue.start_us {
            self.cues.push((line, cue));
        }
    }

    fn finish(mut self, last_line: usize) -> Result<Parsed, SubtitleError> {
        self.settle_pending();
        self.close();
        if self.cues.is_empty() && self.problems.is_empty() && self.format == Format::SubRip {
            self.problem(last_line, ProblemKind::NoCues);
        }
        if !self.problems.is_empty() {
            self.problems.sort_by_key(|problem| problem.line);
            return Err(SubtitleError {
                problems: self.problems,
            });
        }
        for position in 1..self.cues.len() {
            let (before, (line, cue)) = (&self.cues[position - 1].1, &self.cues[position]);
            let line = *line;
            if cue.start_us < before.start_us {
                self.warn(line, ProblemKind::OutOfOrder);
            } else if cue.start_us < before.end_us {
                self.warn(line, ProblemKind::Overlap);
            }
        }
        self.warnings.sort_by_key(|warning| warning.line);
        let mut cues: Vec<Cue> = self.cues.into_iter().map(|(_, cue)| cue).collect();
        cues.sort_by_key(|cue| (cue.start_us, cue.end_us));
        Ok(Parsed {
            track: Track { cues },
            format: self.format,
            warnings: self.warnings,
        })
    }
}

/// Start, end and settings of a line of times; `Err` is the part that is no time.
fn cue_times(line: &str, format: Format) -> Result<(i64, i64, String), String> {
    let (start, rest) = line.split_once("-->").unwrap_or((line, ""));
    let rest = rest.trim();
    let (end, settings) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    let time = |text: &str| {
        let text = text.trim();
        time_us(text, format).ok_or_else(|| text.chars().take(40).collect::<String>())
    };
    // SubRip may place a cue by X1:… coordinates; they mean nothing in WebVTT.
    let settings = if format == Format::SubRip {
        ""
    } else {
        settings.trim()
    };
    Ok((time(start)?, time(end)?, settings.to_owned()))
}

/// `[hh:]mm:ss.mmm`; SubRip also with a comma, one-digit parts and fewer decimals.
fn time_us(text: &str, format: Format) -> Option<i64> {
    let strict = format == Format::WebVtt;
    let (whole, decimals) = match text.split_once(if strict { &['.'][..] } else { &['.', ','] }) {
        Some(parts) => parts,
        None if strict => return None,
        None => (text, "0"),
    };
    let digits = |part: &str, most: usize| {
        let right = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        right.then(|| part.parse::<i64>().ok()).flatten()
    };
    let thousandths = match decimals.len() {
        3 => digits(decimals, 3)?,
        1 | 2 if !strict => digits(decimals, 2)? * if decimals.len() == 1 { 100 } else { 10 },
        _ => return None,
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let two =
        |part: &str| digits(part, 2).filter(|value| *value < 60 && (!strict || part.len() == 2));
    let (hours, minutes, secs) = match parts[..] {
        [hours, minutes, secs] => (digits(hours, 4)?, two(minutes)?, two(secs)?),
        [minutes, secs] => (0, two(minutes)?, two(secs)?),
        _ => return None,
    };
    Some((((hours * 60 + minutes) * 60 + secs) * 1000 + thousandths) * 1000)
}

/// SubRip text to WebVTT payload: `<i> <b> <u>` stay, other markup and `{\an8}` go, the rest is
/// escaped.
fn subrip_markup(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(position) = rest.find(['<', '{']) {
        out.push_str(&escape(&rest[..position]));
        rest = &rest[position..];
        let (is_tag, close) = if rest.starts_with('<') {
            (true, '>')
        } else {
            (false, '}')
        };
        let tag = rest.find(close).map(|end| &rest[..=end]);
        match tag {
            Some(tag) if is_tag && is_kept_tag(tag) => out.push_str(&tag.to_ascii_lowercase()),
            Some(tag) if is_tag && is_font_tag(tag) => (),
            Some(tag) if tag.starts_with("{\\") => (),
            _ => {
                out.push_str(&escape(&rest[..1]));
                rest = &rest[1..];
                continue;
            }
        }
        rest = &rest[tag.map_or(1, str::len)..];
    }
    out.push_str(&escape(rest));
    out
}

fn is_kept_tag(tag: &str) -> bool {
    let name = tag
        .trim_start_matches("</")
        .trim_start_matches('<')
        .trim_end_matches('>');
    ["i", "b", "u"]
        .iter()
        .any(|kept| name.eq_ignore_ascii_case(kept))
}

fn is_font_tag(tag: &str) -> bool {
    let lower = tag.to_ascii_lowercase();
    lower == "</font>" || lower.starts_with("<font ")
}
