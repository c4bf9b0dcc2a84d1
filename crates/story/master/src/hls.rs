//! HLS playlists (RFC 8216, protocol version 7): we write the multivariant and subtitle ones and
//! read the media playlists that the engine wrote.
//!
//! Attribute values are quoted strings that may not hold quotes or line breaks (4.2); a name that
//! does is refused, never repaired silently. URIs are relative file names of the package.

use crate::language::LanguageTag;
use crate::probe::Rational;
use std::fmt::Write as _;

const MAX_SEGMENTS: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HlsError {
    #[error("{field} `{value}` holds a quote, a line break or nothing; use plain text")]
    BadText { field: &'static str, value: String },
    #[error("line {line}: {problem}")]
    BadPlaylist { line: usize, problem: String },
    #[error("two {kind} renditions are both named `{name}`; names must differ")]
    SameName { kind: &'static str, name: String },
}

/// The one picture of the package.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub uri: String,
    pub peak_bits_per_sec: u64,
    pub mean_bits_per_sec: u64,
    /// RFC 6381 strings of all streams played together.
    pub codecs: Vec<String>,
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
}

/// A sound or subtitle track.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendition {
    pub uri: String,
    pub language: LanguageTag,
    /// In the language itself; `language.own_name()` unless a person wrote another.
    pub name: String,
    pub is_default: bool,
}

impl Rendition {
    pub fn new(uri: impl Into<String>, language: LanguageTag, is_default: bool) -> Self {
        let name = language.own_name().to_owned();
        Self {
            uri: uri.into(),
            language,
            name,
            is_default,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    pub variant: Variant,
    pub audio: Vec<Rendition>,
    pub subtitles: Vec<Rendition>,
}

/// The multivariant playlist.
pub fn multivariant(package: &Package) -> Result<String, HlsError> {
    let variant = &package.variant;
    checked("uri", &variant.uri)?;
    let mut out = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    media_lines(&mut out, "AUDIO", "audio", &package.audio)?;
    media_lines(&mut out, "SUBTITLES", "subs", &package.subtitles)?;
    let codecs = variant.codecs.join(",");
    checked("codecs", &codecs)?;
    let rate = format!("{:.3}", variant.frame_rate.as_f64());
    let (peak, mean) = (
        variant.peak_bits_per_sec.max(1),
        variant.mean_bits_per_sec.max(1),
    );
    let (width, height) = (variant.width, variant.height);
    let mut line = format!("#EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={mean}");
    line.push_str(&format!(
        ",CODECS=\"{codecs}\",RESOLUTION={width}x{height},FRAME-RATE={rate}"
    ));
    if !package.audio.is_empty() {
        line.push_str(",AUDIO=\"audio\"");
    }
    if !package.subtitles.is_empty() {
        line.push_str(",SUBTITLES=\"subs\"");
    }
    line.push_str(",CLOSED-CAPTIONS=NONE");
    let _ = writeln!(out, "{line}\n{}", variant.uri);
    Ok(out)
}

fn media_lines(
    out: &mut String,
    kind: &'static str,
    group: &str,
    renditions: &[Rendition],
) -> Result<(), HlsError> {
    for (position, rendition) in renditions.iter().enumerate() {
        checked("name", &rendition.name)?;
        checked("uri", &rendition.uri)?;
        if renditions[..position]
            .iter()
            .any(|other| other.name == rendition.name)
        {
            return Err(HlsError::SameName {
                kind,
                name: rendition.name.clone(),
            });
        }
        let default = if rendition.is_default { "YES" } else { "NO" };
        let forced = if kind == "SUBTITLES" {
            ",FORCED=NO"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "#EXT-X-MEDIA:TYPE={kind},GROUP-ID=\"{group}\",NAME=\"{}\",LANGUAGE=\"{}\",\
             DEFAULT={default},AUTOSELECT=YES{forced},URI=\"{}\"",
            rendition.name, rendition.language, rendition.uri
        );
    }
    Ok(())
}

fn checked(field: &'static str, value: &str) -> Result<(), HlsError> {
    if value.is_empty() || value.contains(['"', '\n', '\r']) || value.chars().any(char::is_control)
    {
        return Err(HlsError::BadText {
            field,
            value: value.chars().take(80).collect(),
        });
    }
    Ok(())
}

/// A VOD media playlist of segments on `grid_us` (starts and ends), named by `uri_of(index)`.
pub fn subtitle_playlist(grid_us: &[(i64, i64)], uri_of: impl Fn(usize) -> String) -> String {
    let longest_us = grid_us
        .iter()
        .map(|(start, end)| end - start)
        .max()
        .unwrap_or(0);
    // RFC 8216, 4.3.3.1: durations rounded to the nearest second must not exceed the target.
    let target_secs = ((longest_us + 500_000) / 1_000_000).max(1);
    let mut out = format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{target_secs}\n\
         #EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n"
    );
    for (index, (start, end)) in grid_us.iter().enumerate() {
        let secs = (end - start).max(0) as f64 / 1e6;
        let _ = writeln!(out, "#EXTINF:{secs:.6},\n{}", uri_of(index));
    }
    out.push_str("#EXT-X-ENDLIST\n");
    out
}

/// A media playlist as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MediaPlaylist {
    pub map_uri: Option<String>,
    /// File name and length of each segment, in play order.
    pub segments: Vec<(String, i64)>,
    pub is_ended: bool,
}

impl MediaPlaylist {
    /// Starts and ends of the segments on one time line.
    pub fn grid_us(&self) -> Vec<(i64, i64)> {
        let mut start = 0;
        let place = |(_, duration): &(String, i64)| {
            let here = (start, start + duration);
            start += duration;
            here
        };
        self.segments.iter().map(place).collect()
    }
}

/// Reads `#EXTINF`, `#EXT-X-MAP` and URIs; at most 100,000 segments.
pub fn parse_media_playlist(text: &str) -> Result<MediaPlaylist, HlsError> {
    let bad = |line: usize, problem: &str| HlsError::BadPlaylist {
        line,
        problem: problem.into(),
    };
    let mut playlist = MediaPlaylist::default();
    let mut pending_us: Option<i64> = None;
    for (position, line) in text.lines().enumerate() {
        let (number, line) = (position + 1, line.trim_end());
        if number == 1 && line.trim_start_matches('\u{feff}') != "#EXTM3U" {
            return Err(bad(1, "a playlist starts with #EXTM3U"));
        }
        if let Some(info) = line.strip_prefix("#EXTINF:") {
            let secs = info
                .split(',')
                .next()
                .and_then(|s| s.trim().parse::<f64>().ok());
            let secs = secs.filter(|s| (0.0..=86_400.0).contains(s));
            let secs = secs.ok_or_else(|| bad(number, "#EXTINF has no sane length"))?;
            pending_us = Some((secs * 1e6).round() as i64);
        } else if let Some(map) = line.strip_prefix("#EXT-X-MAP:") {
            let uri = map
                .split("URI=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            playlist.map_uri = uri.map(str::to_owned);
        } else if line == "#EXT-X-ENDLIST" {
            playlist.is_ended = true;
        } else if !line.is_empty() && !line.starts_with('#') {
            let duration = pending_us
                .take()
                .ok_or_else(|| bad(number, "a URI without #EXTINF"))?;
            if playlist.segments.len() == MAX_SEGMENTS {
                return Err(bad(number, "more than 100,000 segments"));
            }
            playlist.segments.push((line.to_owned(), duration));
        }
    }
    Ok(playlist)
}
