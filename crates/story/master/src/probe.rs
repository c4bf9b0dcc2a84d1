//! What a media file holds, from `ffprobe -print_format json -show_format -show_streams`.
//!
//! The JSON describes a stranger's file, so every number is bounded and every member may be
//! missing. Languages and titles are the file's own claim and are kept as such (`tagged_language`).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Larger answers are refused unread.
const MAX_JSON_BYTES: usize = 4 << 20;
const MAX_STREAMS: usize = 256;
const MAX_TEXT_CHARS: usize = 200;
/// 64 K on a side, 200 megapixels in all: beyond any mastering format in use.
const MAX_SIDE: u32 = 65_536;
const MAX_PIXELS: u64 = 200_000_000;
/// 48 hours.
const MAX_DURATION_US: i64 = 48 * 3_600 * 1_000_000;

/// A positive rational in lowest terms; frame rates are kept exact (24000/1001).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rational {
    pub num: u32,
    pub den: u32,
}

impl Rational {
    /// `None` unless both parts are positive.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        if num == 0 || den == 0 {
            return None;
        }
        let divisor = gcd(num, den);
        Some(Self {
            num: num / divisor,
            den: den / divisor,
        })
    }

    /// `30000/1001`, `25/1` or `25`.
    pub fn parse(text: &str) -> Option<Self> {
        let (num, den) = text.split_once(['/', ':']).unwrap_or((text, "1"));
        Self::new(num.trim().parse().ok()?, den.trim().parse().ok()?)
    }

    pub fn as_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoStream {
    /// Position in the file.
    pub index: u32,
    pub codec: String,
    pub profile: Option<String>,
    /// Coded size, before rotation and sample aspect.
    pub width: u32,
    pub height: u32,
    pub pix_fmt: Option<String>,
    /// Mean rate over the stream.
    pub frame_rate: Option<Rational>,
    /// The rate every time stamp fits on; differs from `frame_rate` when the rate varies.
    pub base_rate: Option<Rational>,
    /// Clockwise turn a player applies: 0, 90, 180 or 270.
    pub rotation_degrees: u16,
    pub sample_aspect: Option<Rational>,
    pub color_space: Option<String>,
    pub color_transfer: Option<String>,
    pub color_primaries: Option<String>,
    pub frames: Option<u64>,
    pub duration_us: Option<i64>,
    /// Kinds of side data, as the engine names them, sorted.
    pub side_data: Vec<String>,
    /// Cover art, not a moving picture.
    pub is_cover: bool,
}

impl VideoStream {
    /// Width and height as shown, after sample aspect and rotation.
    pub fn display_size(&self) -> (u32, u32) {
        let aspect = self
            .sample_aspect
            .map_or(1.0, Rational::as_f64)
            .clamp(0.05, 20.0);
        let width = ((f64::from(self.width) * aspect).round() as u32).max(1);
        match self.rotation_degrees {
            90 | 270 => (self.height, width),
            _ => (width, self.height),
        }
    }

    /// The constant rate a proxy should have: the mean rate when it is sane, else 25.
    pub fn cfr_rate(&self) -> Rational {
        let sane = |rate: &Rational| (1.0..=240.0).contains(&rate.as_f64());
        let fallback = Rational { num: 25, den: 1 };
        match (self.frame_rate.filter(sane), self.base_rate.filter(sane)) {
            // Rounded time stamps make 29.97 look like 2997/100; the base rate is then the truth.
            (Some(mean), Some(base)) if (mean.as_f64() / base.as_f64() - 1.0).abs() < 0.01 => base,
            (Some(mean), _) => nearest_standard(mean),
            (None, Some(base)) => nearest_standard(base),
            (None, None) => fallback,
        }
    }

    pub fn is_variable_rate(&self) -> bool {
        match (self.frame_rate, self.base_rate) {
            (Some(mean), Some(base)) => (mean.as_f64() / base.as_f64() - 1.0).abs() >= 0.01,
            _ => false,
        }
    }
}

/// Snaps to a broadcast rate within 0.5 %, else to a whole number of frames per 1001 or 1 s.
fn nearest_standard(rate: Rational) -> Rational {
    const STANDARD: [(u32, u32); 10] = [
        (24_000, 1001),
        (24, 1),
        (25, 1),
        (30_000, 1001),
        (30, 1),
        (48, 1),
        (50, 1),
        (60_000, 1001),
        (60, 1),
        (120, 1),
    ];
    let value = rate.as_f64();
    let distance =
        |(num, den): &(u32, u32)| (f64::from(*num) / f64::from(*den) / value - 1.0).abs();
    let best = STANDARD
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    match best {
        Some(&(num, den)) if distance(&(num, den)) < 0.005 => Rational { num, den },
        _ if rate.den <= 1001 && rate.num <= 240_000 => rate,
        _ => Rational {
            num: (value.round() as u32).clamp(1, 240),
            den: 1,
        },
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AudioStream {
    pub index: u32,
    pub codec: String,
    pub sample_rate_hz: Option<u32>,
    pub channels: Option<u32>,
    /// What the file says; the language of a master comes from a person.
    pub tagged_language: Option<String>,
    pub duration_us: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubtitleStream {
    pub index: u32,
    pub codec: String,
    pub tagged_language: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// Names of the container format, `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    pub duration_us: i64,
    pub size_bytes: Option<u64>,
    pub bits_per_sec: Option<u64>,
    /// In file order, cover art included.
    pub video: Vec<VideoStream>,
    pub audio: Vec<AudioStream>,
    pub subtitles: Vec<SubtitleStream>,
    /// Data, attachments and what the engine could not name.
    pub other_streams: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    #[error("the probe answer is {0} bytes, more than {MAX_JSON_BYTES}")]
    TooLarge(usize),
    #[error("the probe answer is not JSON: {0}")]
    NotJson(String),
    #[error("the probe answer lacks `{0}`")]
    Missing(&'static str),
}

/// Why a file cannot be a master.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MasterRefusal {
    #[error("it has no picture (audio streams: {audio_streams}); upload a file with video")]
    NoVideo { audio_streams: usize },
    #[error("its length is zero or unknown; the file may be cut short, export it again")]
    NoDuration,
    #[error("it says it is {duration_secs} s long, more than 48 hours")]
    AbsurdDuration { duration_secs: i64 },
    #[error("stream {stream} says its picture is {width}×{height}, which no master has")]
    AbsurdSize {
        stream: u32,
        width: u32,
        height: u32,
    },
    #[error("stream {stream} uses a codec the engine cannot name")]
    UnknownCodec { stream: u32 },
    #[error("it is a {container} list of other files, not media")]
    Indirect { container: String },
}

/// Demuxers whose input names other files, or that read anything as pictures or text.
const INDIRECT: [&str; 14] = [
    "hls",
    "applehttp",
    "concat",
    "dash",
    "image2",
    "image2pipe",
    "imf",
    "ffmetadata",
    "lavfi",
    "tty",
    "sdp",
    "rtsp",
    "webm_dash_manifest",
    "vapoursynth",
];

impl Probe {
    /// Reads the engine's JSON; lists keep file order and hold at most 256 streams.
    pub fn from_ffprobe_json(json: &[u8]) -> Result<Self, ProbeError> {
        if json.len() > MAX_JSON_BYTES {
            return Err(ProbeError::TooLarge(json.len()));
        }
        let root: Value =
            serde_json::from_slice(json).map_err(|e| ProbeError::NotJson(e.to_string()))?;
        let format = root.get("format").filter(|f| f.is_object());
        let format = format.ok_or(ProbeError::Missing("format"))?;
        let mut probe = Self {
            container: text(format, "format_name")
                .ok_or(ProbeError::Missing("format.format_name"))?,
            duration_us: micros(format, "duration").unwrap_or(0),
            size_bytes: number(format, "size"),
            bits_per_sec: number(format, "bit_rate"),
            video: Vec::new(),
            audio: Vec::new(),
            subtitles: Vec::new(),
            other_streams: 0,
        };
        let none = Vec::new();
        let streams = root
            .get("streams")
            .and_then(Value::as_array)
            .unwrap_or(&none);
        for (position, stream) in streams.iter().take(MAX_STREAMS).enumerate() {
            probe.add_stream(stream, position as u32);
        }
        if probe.duration_us <= 0 {
            let longest = probe.video.iter().filter_map(|v| v.duration_us).max();
            probe.duration_us = longest.unwrap_or(0).max(0);
        }
        Ok(probe)
    }

    fn add_stream(&mut self, stream: &Value, position: u32) {
        let index = small(stream, "index").unwrap_or(position);
        let codec = text(stream, "codec_name").unwrap_or_else(|| "unknown".to_owned());
        let tagged_language = stream.get("tags").and_then(|tags| text(tags, "language"));
        match stream.get("codec_type").and_then(Value::as_str) {
            Some("video") => self.video.push(video_stream(stream, index, codec)),
            Some("audio") => self.audio.push(AudioStream {
                index,
                codec,
                sample_rate_hz: small(stream, "sample_rate"),
                channels: small(stream, "channels"),
                tagged_language,
                duration_us: micros(stream, "duration"),
            }),
            Some("subtitle") => {
                self.subtitles.push(SubtitleStream {
                    index,
                    codec,
                    tagged_language,
                });
            }
            _ => self.other_streams += 1,
        }
    }

    /// The first moving picture.
    pub fn main_video(&self) -> Option<&VideoStream> {
        self.video.iter().find(|v| !v.is_cover)
    }

    /// `Err` with every reason, in the order of [`MasterRefusal`]'s variants.
    pub fn is_playable_master(&self) -> Result<(), Vec<MasterRefusal>> {
        let mut reasons = Vec::new();
        if let Some(name) = self.container.split(',').find(|name| is_indirect(name)) {
            reasons.push(MasterRefusal::Indirect {
                container: name.to_owned(),
            });
        }
        if self.main_video().is_none() {
            reasons.push(MasterRefusal::NoVideo {
                audio_streams: self.audio.len(),
            });
        }
        if self.duration_us <= 0 {
            reasons.push(MasterRefusal::NoDuration);
        } else if self.duration_us > MAX_DURATION_US {
            let duration_secs = self.duration_us / 1_000_000;
            reasons.push(MasterRefusal::AbsurdDuration { duration_secs });
        }
        for v in self.video.iter().filter(|v| !v.is_cover) {
            let pixels = u64::from(v.width) * u64::from(v.height);
            let tiny = v.width < 2 || v.height < 2;
            if tiny || v.width > MAX_SIDE || v.height > MAX_SIDE || pixels > MAX_PIXELS {
                let (stream, width, height) = (v.index, v.width, v.height);
                reasons.push(MasterRefusal::AbsurdSize {
                    stream,
                    width,
                    height,
                });
            }
            if v.codec == "unknown" {
                reasons.push(MasterRefusal::UnknownCodec { stream: v.index });
            }
        }
        if reasons.is_empty() {
            Ok(())
        } else {
            Err(reasons)
        }
    }
}

/// Whether a demuxer's input is a list of other files, a script, or plain text.
pub fn is_indirect(demuxer: &str) -> bool {
    INDIRECT.contains(&demuxer) || demuxer.ends_with("_pipe") && demuxer != "pam_pipe"
}

fn video_stream(stream: &Value, index: u32, codec: String) -> VideoStream {
    let none = Vec::new();
    let side = stream
        .get("side_data_list")
        .and_then(Value::as_array)
        .unwrap_or(&none);
    let mut side_data: Vec<String> = side
        .iter()
        .take(64)
        .filter_map(|item| text(item, "side_data_type"))
        .collect();
    side_data.sort();
    let turned = side.iter().find_map(|item| signed(item, "rotation"));
    let tagged = stream
        .get("tags")
        .and_then(|tags| signed(tags, "rotate"))
        .map(|turn| -turn);
    let rate = |name| text(stream, name).and_then(|t| Rational::parse(&t));
    let cover = stream
        .get("disposition")
        .and_then(|d| d.get("attached_pic"));
    VideoStream {
        index,
        codec,
        profile: text(stream, "profile"),
        width: small(stream, "width").unwrap_or(0),
        height: small(stream, "height").unwrap_or(0),
        pix_fmt: text(stream, "pix_fmt"),
        frame_rate: rate("avg_frame_rate"),
        base_rate: rate("r_frame_rate"),
        rotation_degrees: clockwise(turned.or(tagged).unwrap_or(0)),
        sample_aspect: rate("sample_aspect_ratio"),
        color_space: text(stream, "color_space"),
        color_transfer: text(stream, "color_transfer"),
        color_primaries: text(stream, "color_primaries"),
        frames: number(stream, "nb_frames"),
        duration_us: micros(stream, "duration"),
        side_data,
        is_cover: cover.and_then(Value::as_i64) == Some(1),
    }
}

/// The display matrix counts anticlockwise; players turn clockwise. Snapped to quarter turns.
fn clockwise(anticlockwise_degrees: i64) -> u16 {
    let turn = (-(anticlockwise_degrees % 360) + 360) % 360;
    (((turn + 45) / 90 % 4) * 90) as u16
}

fn text(object: &Value, name: &str) -> Option<String> {
    let text = object.get(name)?.as_str()?;
    Some(
        text.chars()
            .filter(|c| !c.is_control())
            .take(MAX_TEXT_CHARS)
            .collect(),
    )
}

/// Numbers come as JSON numbers or as text, by the engine's mood.
fn number(object: &Value, name: &str) -> Option<u64> {
    match object.get(name)? {
        Value::Number(n) => n.as_u64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
}

fn small(object: &Value, name: &str) -> Option<u32> {
    number(object, name).and_then(|n| u32::try_from(n).ok())
}

fn signed(object: &Value, name: &str) -> Option<i64> {
    let value = match object.get(name)? {
        Value::Number(n) => n.as_f64()?,
        Value::String(s) => s.trim().parse().ok()?,
        _ => return None,
    };
    (value.abs() <= 1e6).then_some(value.round() as i64)
}

fn micros(object: &Value, name: &str) -> Option<i64> {
    let secs: f64 = match object.get(name)? {
        Value::Number(n) => n.as_f64()?,
        Value::String(s) => s.trim().parse().ok()?,
        _ => return None,
    };
    (secs.is_finite() && secs.abs() < 1e12).then(|| (secs * 1e6).round() as i64)
}
