//! Small grey pictures at a constant rate, for fingerprints and checks.

use crate::encode::picture;
use crate::engine::FfmpegMedia;
use crate::runner::failure;
use backlot_master::Rational;
use backlot_ports::media::{MediaControl, MediaError};
use std::io::Read;
use std::path::Path;
use std::process::ChildStdout;

const DOING: &str = "reading pictures";

impl FfmpegMedia {
    pub(crate) fn read_gray(
        &self,
        source: &Path,
        width: u32,
        height: u32,
        fps: Rational,
        on_frame: &mut dyn FnMut(u32, &[u8]) -> bool,
        control: MediaControl<'_>,
    ) -> Result<u32, MediaError> {
        let sane = (2..=2048).contains(&width) && (2..=2048).contains(&height);
        if !sane || !(0.01..=240.0).contains(&fps.as_f64()) {
            let stderr_tail = format!("{width}×{height} at {fps} is outside 2..2048, 0.01..240");
            return Err(MediaError::Failed {
                doing: DOING,
                stderr_tail,
            });
        }
        let probe = self.checked(source)?;
        let video = picture(&probe)?;
        let mut args = self.head();
        self.source(&mut args, source);
        args.all(["-map", &format!("0:{}", video.index)]);
        let filter = format!("fps={fps},scale={width}:{height}:flags=area,format=gray");
        args.all([
            "-vf", &filter, "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1",
        ]);
        let job = self.job(args, DOING, self.limit(probe.duration_us));
        let bytes = width as usize * height as usize;
        let expected = (probe.duration_us as f64 / 1e6 * fps.as_f64()).max(1.0);
        let ended = job.run(control, |_, stdout| {
            let mut shown = 0.0f32;
            read_frames(stdout, bytes, &mut |index, frame| {
                let share = (f64::from(index + 1) / expected).min(0.99) as f32;
                if share > shown + 0.01 {
                    shown = share;
                    (control.on_progress)(share);
                }
                on_frame(index, frame)
            })
        })?;
        let (seen, is_stopped) = ended.value;
        if !is_stopped && !ended.status.success() {
            return Err(failure(DOING, ended.status, ended.stderr_tail));
        }
        (control.on_progress)(1.0);
        Ok(seen)
    }
}

/// Whole pictures only; returns how many, and whether the reader wanted no more.
fn read_frames(
    mut stdout: ChildStdout,
    bytes: usize,
    on_frame: &mut dyn FnMut(u32, &[u8]) -> bool,
) -> (u32, bool) {
    let mut frame = vec![0u8; bytes];
    let mut seen = 0u32;
    while stdout.read_exact(&mut frame).is_ok() {
        let index = seen;
        seen = seen.saturating_add(1);
        if !on_frame(index, &frame) {
            return (seen, true);
        }
    }
    (seen, false)
}
