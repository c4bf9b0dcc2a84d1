//! Probing and full validation, and the `Media` implementation that hands out the calls.

use crate::engine::{Args, FfmpegMedia, file_url, succeed};
use crate::runner::{Job, shorten};
use crate::staging::io_error;
use backlot_master::probe::is_indirect;
use backlot_master::{Probe, Rational};
use backlot_ports::media::{
    AlterSettings, EncodeSettings, HlsOutput, Media, MediaControl, MediaError,
};
use std::path::Path;
use std::time::Duration;

const PROBE_LIMIT: Duration = Duration::from_secs(60);
const MAX_PROBE_BYTES: u64 = 4 << 20;
/// Demuxers a stranger's file may be read with: containers that hold their own bytes.
const DEMUXERS: &str = "aac,ac3,aiff,asf,avi,dv,eac3,flac,flv,gxf,h264,hevc,ivf,m4v,matroska,mov,\
                        mp3,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,rm,wav,w64,yuv4mpegpipe";

impl FfmpegMedia {
    /// Input options for a stranger's file: the demuxer must be one of ours.
    pub(crate) fn source(&self, args: &mut Args, path: &Path) {
        args.all(["-format_whitelist", DEMUXERS]);
        args.input(path);
    }

    fn probe_source(&self, source: &Path) -> Result<Probe, MediaError> {
        let doing = "probing the file";
        let meta = std::fs::metadata(source).map_err(|e| io_error("read", source, e))?;
        let refuse = |reason: String| MediaError::NotMedia { reason };
        if !meta.is_file() {
            return Err(refuse("it is not a file".to_owned()));
        }
        if meta.len() == 0 {
            return Err(refuse("it is empty (0 bytes)".to_owned()));
        }
        let mut args = Args::default();
        args.all([
            "-hide_banner",
            "-loglevel",
            "error",
            "-print_format",
            "json",
        ]);
        args.all([
            "-show_format",
            "-show_streams",
            "-protocol_whitelist",
            "file,pipe",
        ]);
        args.all(["-format_whitelist", DEMUXERS, "-i"]);
        args.0.push(file_url(source));
        let program = self.settings.ffprobe.clone();
        let job = Job {
            program,
            args: args.0,
            doing,
            limit: PROBE_LIMIT,
            has_input: false,
        };
        let ended = job.run_for_bytes(MediaControl::UNWATCHED, MAX_PROBE_BYTES)?;
        if !ended.status.success() {
            let words = shorten(&ended.stderr_tail);
            return Err(
                match words.contains("moov atom not found") && starts_as_mp4(source) {
                    true => MediaError::Truncated {
                        reason: "its index (moov) is missing".to_owned(),
                    },
                    false => refuse(plain_reason(&words, source)),
                },
            );
        }
        let probe = Probe::from_ffprobe_json(&ended.value).map_err(|e| refuse(e.to_string()))?;
        match probe.container.split(',').find(|name| is_indirect(name)) {
            Some(name) => Err(refuse(format!("it is a {name} list of other files"))),
            None => Ok(probe),
        }
    }

    fn validate_source(
        &self,
        source: &Path,
        control: MediaControl<'_>,
    ) -> Result<Probe, MediaError> {
        let doing = "decoding the file from end to end";
        let probe = self.probe_source(source)?;
        let Some(video) = probe.main_video() else {
            let reason = format!("it has no picture (audio streams: {})", probe.audio.len());
            return Err(MediaError::NotMedia { reason });
        };
        let mut args = self.head();
        args.all([
            "-xerror",
            "-err_detect",
            "explode+crccheck+bitstream+buffer",
        ]);
        self.source(&mut args, source);
        args.all([
            "-map",
            &format!("0:{}", video.index),
            "-map",
            "0:a?",
            "-fps_mode",
            "passthrough",
        ]);
        args.all(["-progress", "pipe:1", "-f", "null", "-"]);
        let job = self.job(args, doing, self.limit(probe.duration_us));
        let ended = job.run(control, |_, stdout| {
            decoded_end(stdout, probe.duration_us, control)
        })?;
        let said = shorten(&ended.stderr_tail);
        let end = ended.value;
        if !ended.status.success() {
            let reason = if said.is_empty() {
                "decoding failed".to_owned()
            } else {
                said
            };
            return Err(MediaError::Truncated {
                reason: without_path(&reason, source),
            });
        }
        if !said.is_empty() && is_damage(&said) {
            return Err(MediaError::Truncated {
                reason: without_path(&said, source),
            });
        }
        if end.frames == 0 {
            return Err(MediaError::Truncated {
                reason: "it holds no whole picture".to_owned(),
            });
        }
        // The header promises a length; a file cut inside its data ends early without an error.
        let promised_us = video.duration_us.unwrap_or(probe.duration_us);
        if promised_us > 0 && end.time_us + 1_000_000.max(promised_us / 20) < promised_us {
            let (found, promised) = (end.time_us as f64 / 1e6, promised_us as f64 / 1e6);
            let reason = format!("it ends after {found:.1} s, its header promises {promised:.1} s");
            return Err(MediaError::Truncated { reason });
        }
        (control.on_progress)(1.0);
        Ok(probe)
    }
}

/// Whether the first box is one that MP4 and MOV files begin with; the name alone proves nothing.
fn starts_as_mp4(source: &Path) -> bool {
    use std::io::Read;
    let mut head = [0u8; 8];
    let read = std::fs::File::open(source).and_then(|mut file| file.read_exact(&mut head));
    let kinds: [&[u8]; 6] = [b"ftyp", b"mdat", b"moov", b"wide", b"free", b"skip"];
    read.is_ok() && kinds.contains(&&head[4..8])
}

struct DecodedEnd {
    frames: u64,
    time_us: i64,
}

fn decoded_end(
    stdout: std::process::ChildStdout,
    expected_us: i64,
    control: MediaControl<'_>,
) -> DecodedEnd {
    use std::io::{BufRead, BufReader, Read};
    let mut end = DecodedEnd {
        frames: 0,
        time_us: 0,
    };
    for line in BufReader::new(stdout.take(64 << 20))
        .lines()
        .map_while(Result::ok)
    {
        match line.split_once('=') {
            Some(("frame", text)) => end.frames = text.trim().parse().unwrap_or(end.frames),
            Some(("out_time_us", text)) => {
                end.time_us = text.trim().parse().unwrap_or(end.time_us);
                if expected_us > 0 {
                    let share = end.time_us as f64 / expected_us as f64;
                    (control.on_progress)(share.clamp(0.0, 0.99) as f32);
                }
            }
            _ => (),
        }
    }
    end
}

/// Messages at level `error` that mean lost pictures; others (odd time stamps) are tolerated.
fn is_damage(said: &str) -> bool {
    [
        "partial file",
        "Invalid data",
        "error while decoding",
        "Error while decoding",
        "truncat",
    ]
    .iter()
    .any(|sign| said.contains(sign))
}

fn without_path(text: &str, source: &Path) -> String {
    text.replace(&*file_url(source).to_string_lossy(), "the file")
}

/// The engine's words without our path; its whitelist speaks of itself, so we translate.
fn plain_reason(words: &str, source: &Path) -> String {
    if words.contains("whitelist") {
        return "its real format is not one we read (a playlist, a script, text or a picture?)"
            .to_owned();
    }
    if words.contains("Invalid data found") || words.contains("moov atom not found") {
        return "no known format was found in it".to_owned();
    }
    without_path(words, source)
}

impl Media for FfmpegMedia {
    fn version(&self) -> Result<String, MediaError> {
        let mut args = Args::default();
        args.all(["-version"]);
        let doing = "asking for its version";
        let job = self.job(args, doing, PROBE_LIMIT);
        let text = succeed(doing, job.run_for_bytes(MediaControl::UNWATCHED, 64 << 10)?)?;
        let text = String::from_utf8_lossy(&text);
        let word = text.split_whitespace().nth(2).unwrap_or("unknown");
        Ok(format!("ffmpeg {word}"))
    }

    fn probe(&self, source: &Path) -> Result<Probe, MediaError> {
        self.probe_source(source)
    }

    fn validate(&self, source: &Path, control: MediaControl<'_>) -> Result<Probe, MediaError> {
        self.validate_source(source, control)
    }

    fn encode_rgb_frames(
        &self,
        settings: &EncodeSettings,
        target_mp4: &Path,
        next_frame: &mut dyn FnMut(&mut Vec<u8>) -> bool,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        self.encode_frames(settings, target_mp4, next_frame, control)
    }

    fn poster(&self, source: &Path, at_secs: f64, target_jpg: &Path) -> Result<(), MediaError> {
        self.make_poster(source, at_secs, target_jpg)
    }

    fn proxy(
        &self,
        source: &Path,
        target_mp4: &Path,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        self.make_proxy(source, target_mp4, control)
    }

    fn hls(
        &self,
        proxy: &Path,
        target_dir: &Path,
        control: MediaControl<'_>,
    ) -> Result<HlsOutput, MediaError> {
        self.make_hls(proxy, target_dir, control)
    }

    fn altered_copy(
        &self,
        source: &Path,
        target_mp4: &Path,
        settings: &AlterSettings,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        self.alter(source, target_mp4, settings, control)
    }

    fn unrelated_clip(
        &self,
        target_mp4: &Path,
        duration_secs: f64,
        seed: u64,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        self.generate(target_mp4, duration_secs, seed, control)
    }

    fn gray_frames(
        &self,
        source: &Path,
        width: u32,
        height: u32,
        fps: Rational,
        on_frame: &mut dyn FnMut(u32, &[u8]) -> bool,
        control: MediaControl<'_>,
    ) -> Result<u32, MediaError> {
        self.read_gray(source, width, height, fps, on_frame, control)
    }
}
