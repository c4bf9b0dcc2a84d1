//! Media: probing, transcoding and frame reading, by an engine in another process.
//!
//! Paths in, paths out; the caller owns the folders. Everything that writes, writes beside its
//! target and renames at the end, so a failed or cancelled call leaves nothing. Calls block: flows
//! run them on a blocking thread. The input is a stranger's file: an engine must not open the
//! network or any file that the input names.

use backlot_master::{Probe, Rational};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a caller watches and stops a call.
#[derive(Clone, Copy)]
pub struct MediaControl<'a> {
    /// Set it to stop the call with [`MediaError::Cancelled`].
    pub cancel: &'a AtomicBool,
    /// Share of the work done, 0 to 1, never falling.
    pub on_progress: &'a (dyn Fn(f32) + Sync),
}

static NEVER: AtomicBool = AtomicBool::new(false);

impl MediaControl<'static> {
    /// Never cancelled, progress unseen.
    pub const UNWATCHED: Self = Self {
        cancel: &NEVER,
        on_progress: &|_| (),
    };
}

impl MediaControl<'_> {
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("the file is not media we can read: {reason}")]
    NotMedia { reason: String },
    #[error("the file is damaged or cut short: {reason}")]
    Truncated { reason: String },
    /// `remedy` is one line a person can paste.
    #[error("the program `{program}` is missing; run: {remedy}")]
    ToolMissing { program: String, remedy: String },
    #[error("no space is left on the disk while {doing}")]
    NoSpace { doing: &'static str },
    #[error("cancelled while {doing}")]
    Cancelled { doing: &'static str },
    #[error("gave up {doing} after {limit_secs} s")]
    TimedOut {
        doing: &'static str,
        limit_secs: u64,
    },
    /// `stderr_tail` is the engine's last words, bounded.
    #[error("the media engine failed {doing}: {stderr_tail}")]
    Failed {
        doing: &'static str,
        stderr_tail: String,
    },
    #[error("cannot {doing} {path}")]
    Io {
        doing: &'static str,
        path: String,
        source: std::io::Error,
    },
}

/// Raw pictures to a preview film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodeSettings {
    /// Even, at least 2.
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    /// For the progress figure; 0 when unknown.
    pub frames_expected: u64,
    /// x264 constant rate factor, 0 (lossless) to 51.
    pub crf: u8,
}

/// What a pirate does to a copy, for tests and the demo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AlterSettings {
    /// Cut off in all from the width and from the height, half at each side: 0.05 is 5 %.
    pub crop_fraction: f32,
    /// Even.
    pub height: u32,
    pub video_kbits_per_sec: u32,
    pub mirror: bool,
    /// Black bars above and below, as a share of the new height.
    pub letterbox_fraction: f32,
    /// 1.0 keeps the speed; 0.8 to 1.25.
    pub speed: f32,
    /// Part of the source to keep; 0 and `None` keep all.
    pub start_secs: f64,
    pub duration_secs: Option<f64>,
}

impl Default for AlterSettings {
    fn default() -> Self {
        Self {
            crop_fraction: 0.05,
            height: 360,
            video_kbits_per_sec: 250,
            mirror: false,
            letterbox_fraction: 0.0,
            speed: 1.0,
            start_secs: 0.0,
            duration_secs: None,
        }
    }
}

/// A package as the engine wrote it; the multivariant playlist and subtitles are ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HlsOutput {
    /// File names inside the package folder, sorted.
    pub files: Vec<String>,
    /// `video.m3u8`.
    pub video_playlist: String,
    /// `audio.m3u8` when the source has sound.
    pub audio_playlist: Option<String>,
    /// Segment starts and ends of the picture, microseconds; subtitles are cut on this grid.
    pub segment_grid_us: Vec<(i64, i64)>,
    /// RFC 6381 strings of picture then sound, from the init segments.
    pub video_codec: String,
    pub audio_codec: Option<String>,
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    /// Peak and mean bits per second over segments, picture and sound together.
    pub peak_bits_per_sec: u64,
    pub mean_bits_per_sec: u64,
}

pub trait Media: Send + Sync {
    /// `ffmpeg 5.1.9`, for `doctor`.
    fn version(&self) -> Result<String, MediaError>;

    /// Reads headers only. Lists of other files (playlists, concat scripts) are
    /// [`MediaError::NotMedia`].
    fn probe(&self, source: &Path) -> Result<Probe, MediaError>;

    /// Decodes everything once; a file that stops early or holds broken frames is refused.
    fn validate(&self, source: &Path, control: MediaControl<'_>) -> Result<Probe, MediaError>;

    /// RGB24 rows from `next_frame` (it fills the buffer, `false` ends the film) to an H.264 MP4.
    fn encode_rgb_frames(
        &self,
        settings: &EncodeSettings,
        target_mp4: &Path,
        next_frame: &mut dyn FnMut(&mut Vec<u8>) -> bool,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError>;

    /// One picture at `at_secs` (clamped into the film), at most 1280 wide, as JPEG.
    fn poster(&self, source: &Path, at_secs: f64, target_jpg: &Path) -> Result<(), MediaError>;

    /// The review proxy: constant rate, GOP ≤ 12, no B-frames, ≤ 720 lines, turned upright.
    fn proxy(
        &self,
        source: &Path,
        target_mp4: &Path,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError>;

    /// Fragmented MP4 segments and media playlists in `target_dir`, which must not exist or be
    /// empty.
    fn hls(
        &self,
        proxy: &Path,
        target_dir: &Path,
        control: MediaControl<'_>,
    ) -> Result<HlsOutput, MediaError>;

    fn altered_copy(
        &self,
        source: &Path,
        target_mp4: &Path,
        settings: &AlterSettings,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError>;

    /// A generated film that shows nothing of ours; the same seed makes the same film.
    fn unrelated_clip(
        &self,
        target_mp4: &Path,
        duration_secs: f64,
        seed: u64,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError>;

    /// Grey pictures scaled to `width`×`height` at a constant `fps`, rows top to bottom.
    /// `on_frame(index, pixels)` returns `false` to stop early. Returns the number of frames seen.
    fn gray_frames(
        &self,
        source: &Path,
        width: u32,
        height: u32,
        fps: Rational,
        on_frame: &mut dyn FnMut(u32, &[u8]) -> bool,
        control: MediaControl<'_>,
    ) -> Result<u32, MediaError>;
}
