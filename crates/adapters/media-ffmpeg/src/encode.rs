//! Previews from raw pictures, posters and review proxies.

use crate::engine::{Args, FfmpegMedia, succeed, written};
use crate::runner::failure;
use crate::staging::Staged;
use backlot_master::probe::VideoStream;
use backlot_master::{Probe, Rational};
use backlot_ports::media::{EncodeSettings, MediaControl, MediaError};
use std::io::Write;
use std::path::Path;
use std::process::ChildStdin;

pub(crate) const PROXY_MAX_HEIGHT: u32 = 720;
/// ui.md, section 5: frames can be sought exactly when groups are short and hold no B-frames.
pub(crate) const GOP_FRAMES: &str = "12";

/// Tags that say how the YUV was made; players otherwise guess by size.
pub(crate) fn bt709(args: &mut Args) {
    args.all([
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ]);
    args.all(["-color_range", "tv"]);
}

impl FfmpegMedia {
    pub(crate) fn encode_frames(
        &self,
        settings: &EncodeSettings,
        target: &Path,
        next_frame: &mut dyn FnMut(&mut Vec<u8>) -> bool,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        let doing = "encoding rendered pictures";
        let (width, height) = (settings.width, settings.height);
        let even = width.is_multiple_of(2) && height.is_multiple_of(2);
        if !even || width == 0 || height == 0 || width > 8192 || height > 8192 {
            let stderr_tail = format!("{width}×{height} is not an even size up to 8192");
            return Err(MediaError::Failed { doing, stderr_tail });
        }
        let staged = Staged::file(target);
        let mut args = self.head();
        args.all([
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s:v",
            &format!("{width}x{height}"),
        ]);
        args.all(["-framerate", &settings.frame_rate.to_string()]);
        args.all(["-protocol_whitelist", "pipe", "-i", "pipe:0"]);
        args.all([
            "-vf",
            "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
        ]);
        args.all([
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            &settings.crf.to_string(),
        ]);
        args.all([
            "-threads",
            &self.settings.threads.to_string(),
            "-movflags",
            "+faststart",
        ]);
        bt709(&mut args);
        args.output(staged.path());
        let expected_us =
            (settings.frames_expected as f64 / settings.frame_rate.as_f64() * 1e6) as i64;
        let mut job = self.job(args, doing, self.limit(expected_us.max(600_000_000)));
        job.has_input = true;
        let bytes = width as usize * height as usize * 3;
        let ended = job.run(control, |stdin, _| {
            feed(stdin, bytes, settings.frames_expected, next_frame, control)
        })?;
        // The film may have been ended by the flag before the watcher saw it.
        if control.is_cancelled() {
            return Err(MediaError::Cancelled { doing });
        }
        if !ended.status.success() {
            return Err(failure(doing, ended.status, ended.stderr_tail));
        }
        match ended.value {
            Fed::All(0) => {
                let stderr_tail = "there was no picture to encode".to_owned();
                return Err(MediaError::Failed { doing, stderr_tail });
            }
            Fed::All(_) => (),
            Fed::WrongSize(found) => {
                let stderr_tail = format!("a picture has {found} bytes, expected {bytes}");
                return Err(MediaError::Failed { doing, stderr_tail });
            }
            Fed::Broken(source) => {
                return Err(MediaError::Io {
                    doing: "write to",
                    path: "the engine".into(),
                    source,
                });
            }
        }
        written(staged.path(), doing)?;
        staged.commit()?;
        (control.on_progress)(1.0);
        Ok(())
    }

    pub(crate) fn make_poster(
        &self,
        source: &Path,
        at_secs: f64,
        target: &Path,
    ) -> Result<(), MediaError> {
        let doing = "taking a poster";
        let probe = self.checked(source)?;
        let video = picture(&probe)?;
        let last_secs = (probe.duration_us as f64 / 1e6 - 0.2).max(0.0);
        let at_secs = if at_secs.is_finite() {
            at_secs.clamp(0.0, last_secs)
        } else {
            0.0
        };
        let make = |at_secs: f64| {
            let staged = Staged::file(target);
            let mut args = self.head();
            args.all(["-ss", &format!("{at_secs:.3}")]);
            self.source(&mut args, source);
            let filter = format!("scale='min(1280,iw*max(sar,1/100))':-2,{}", "setsar=1");
            args.all([
                "-map",
                &format!("0:{}", video.index),
                "-frames:v",
                "1",
                "-vf",
                &filter,
            ]);
            args.all([
                "-c:v", "mjpeg", "-q:v", "3", "-pix_fmt", "yuvj420p", "-f", "image2",
            ]);
            args.all(["-update", "1"]);
            args.output(staged.path());
            let job = self.job(args, doing, self.limit(0));
            succeed(doing, job.run_for_bytes(MediaControl::UNWATCHED, 1 << 16)?)?;
            written(staged.path(), doing)?;
            staged.commit()
        };
        // Some files have no picture where their header says; the first one then serves.
        make(at_secs).or_else(|error| if at_secs > 0.0 { make(0.0) } else { Err(error) })
    }

    pub(crate) fn make_proxy(
        &self,
        source: &Path,
        target: &Path,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        let probe = self.checked(source)?;
        let video = picture(&probe)?;
        let rate = video.cfr_rate();
        let mut args = self.head();
        self.source(&mut args, source);
        args.all(["-map", &format!("0:{}", video.index), "-map", "0:a:0?"]);
        args.all([
            "-vf",
            &proxy_filter(video, rate),
            "-fps_mode",
            "cfr",
            "-r",
            &rate.to_string(),
        ]);
        args.all([
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "22",
            "-profile:v",
            "high",
        ]);
        args.all([
            "-bf",
            "0",
            "-g",
            GOP_FRAMES,
            "-keyint_min",
            GOP_FRAMES,
            "-sc_threshold",
            "0",
        ]);
        args.all(["-threads", &self.settings.threads.to_string()]);
        bt709(&mut args);
        args.all(["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"]);
        args.all([
            "-max_muxing_queue_size",
            "4096",
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
        ]);
        args.all(["-movflags", "+faststart", "-f", "mp4"]);
        self.make_file(
            args,
            "encoding the proxy",
            target,
            probe.duration_us,
            control,
        )
    }

    /// Probes and refuses what is no playable master.
    pub(crate) fn checked(&self, source: &Path) -> Result<Probe, MediaError> {
        use backlot_ports::media::Media as _;
        let probe = self.probe(source)?;
        if let Err(reasons) = probe.is_playable_master() {
            let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
            return Err(MediaError::NotMedia {
                reason: reasons.join("; "),
            });
        }
        Ok(probe)
    }
}

pub(crate) fn picture(probe: &Probe) -> Result<&VideoStream, MediaError> {
    let none = || MediaError::NotMedia {
        reason: "it has no picture".to_owned(),
    };
    probe.main_video().ok_or_else(none)
}

/// Square pixels, even sides, at most 720 lines, constant rate, 8-bit 4:2:0 in BT.709.
fn proxy_filter(video: &VideoStream, rate: Rational) -> String {
    let (width, height) = video.display_size();
    let scale = (f64::from(PROXY_MAX_HEIGHT) / f64::from(height)).min(1.0);
    // Very wide pictures also stay within what H.264 level 5 players take.
    let scale = scale.min(4096.0 / f64::from(width));
    let even = |side: u32| (((f64::from(side) * scale / 2.0).round() as u32) * 2).max(16);
    let (width, height) = (even(width), even(height));
    format!(
        "fps={rate},scale={width}:{height}:flags=bicubic:out_color_matrix=bt709:out_range=tv,\
         setsar=1,format=yuv420p"
    )
}

enum Fed {
    All(u64),
    WrongSize(usize),
    Broken(std::io::Error),
}

/// Writes pictures until there are none, the engine is gone, or the call is cancelled.
fn feed(
    stdin: Option<ChildStdin>,
    bytes: usize,
    frames_expected: u64,
    next_frame: &mut dyn FnMut(&mut Vec<u8>) -> bool,
    control: MediaControl<'_>,
) -> Fed {
    let Some(mut stdin) = stdin else {
        return Fed::Broken(std::io::ErrorKind::BrokenPipe.into());
    };
    let mut frame = Vec::with_capacity(bytes);
    let mut count = 0;
    loop {
        frame.clear();
        if control.is_cancelled() || !next_frame(&mut frame) {
            return Fed::All(count);
        }
        if frame.len() != bytes {
            return Fed::WrongSize(frame.len());
        }
        if let Err(error) = stdin.write_all(&frame) {
            return Fed::Broken(error);
        }
        count += 1;
        if frames_expected > 0 {
            (control.on_progress)((count as f32 / frames_expected as f32).min(0.99));
        }
    }
}
