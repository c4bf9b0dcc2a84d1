//! Settings of the engine and the arguments every call shares.

use crate::runner::{Ended, Job, failure};
use crate::staging::{Staged, io_error};
use backlot_ports::media::{MediaControl, MediaError};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(Debug, Clone)]
pub struct FfmpegSettings {
    pub ffmpeg: PathBuf,
    pub ffprobe: PathBuf,
    /// Threads per child; 0 lets the engine decide.
    pub threads: u32,
    /// A call may take this long and `limit_per_media_sec` for each second of the source.
    pub limit_base: Duration,
    pub limit_per_media_sec: Duration,
}

impl Default for FfmpegSettings {
    fn default() -> Self {
        Self {
            ffmpeg: PathBuf::from("ffmpeg"),
            ffprobe: PathBuf::from("ffprobe"),
            threads: 0,
            limit_base: Duration::from_secs(120),
            limit_per_media_sec: Duration::from_secs(30),
        }
    }
}

/// The port `Media` on the FFmpeg programs.
#[derive(Debug, Clone, Default)]
pub struct FfmpegMedia {
    pub(crate) settings: FfmpegSettings,
}

impl FfmpegMedia {
    pub fn new(settings: FfmpegSettings) -> Self {
        Self { settings }
    }

    pub(crate) fn limit(&self, duration_us: i64) -> Duration {
        let secs = (duration_us.max(0) / 1_000_000).min(48 * 3_600) as u32;
        self.settings.limit_base + self.settings.limit_per_media_sec * secs
    }

    /// Arguments before the input: quiet, no terminal, no network, nothing by name.
    pub(crate) fn head(&self) -> Args {
        let mut args = Args::default();
        args.all(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]);
        args.all(["-threads", &self.settings.threads.to_string()]);
        args
    }

    pub(crate) fn job(&self, args: Args, doing: &'static str, limit: Duration) -> Job {
        let program = self.settings.ffmpeg.clone();
        Job {
            program,
            args: args.0,
            doing,
            limit,
            has_input: false,
        }
    }

    /// Runs `args` plus the staged target name; commits when the engine ended well.
    pub(crate) fn make_file(
        &self,
        mut args: Args,
        doing: &'static str,
        target: &Path,
        duration_us: i64,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        let staged = Staged::file(target);
        args.all(["-progress", "pipe:1"]);
        args.output(staged.path());
        let job = self.job(args, doing, self.limit(duration_us));
        let ended = job.run_with_progress(control, duration_us)?;
        succeed(doing, ended)?;
        written(staged.path(), doing)?;
        staged.commit()?;
        (control.on_progress)(1.0);
        Ok(())
    }
}

/// Refuses a non-zero exit.
pub(crate) fn succeed<T>(doing: &'static str, ended: Ended<T>) -> Result<T, MediaError> {
    if ended.status.success() {
        Ok(ended.value)
    } else {
        Err(failure(doing, ended.status, ended.stderr_tail))
    }
}

/// Refuses a result that is missing or empty although the engine was content.
pub(crate) fn written(path: &Path, doing: &'static str) -> Result<(), MediaError> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.len() > 0 => Ok(()),
        Ok(_) => Err(MediaError::Failed {
            doing,
            stderr_tail: "it wrote an empty file".into(),
        }),
        Err(source) => Err(io_error("find the result", path, source)),
    }
}

/// An argument list; paths are given as `file:` URLs so that no name is read as an option,
/// a protocol or a pattern.
#[derive(Default)]
pub(crate) struct Args(pub Vec<OsString>);

impl Args {
    pub fn all<const N: usize>(&mut self, parts: [&str; N]) {
        self.0.extend(parts.iter().map(OsString::from));
    }

    /// Options of the next input come before this.
    pub fn input(&mut self, path: &Path) {
        self.all(["-protocol_whitelist", "file,pipe", "-i"]);
        self.0.push(file_url(path));
    }

    pub fn output(&mut self, path: &Path) {
        self.0.push(file_url(path));
    }
}

pub(crate) fn file_url(path: &Path) -> OsString {
    let mut url = OsString::from("file:");
    url.push(OsStr::new(path));
    url
}
