//! Copies changed as pirates change them, and films that show nothing of ours.

use crate::encode::{bt709, picture};
use crate::engine::FfmpegMedia;
use backlot_ports::media::{AlterSettings, MediaControl, MediaError};
use std::path::Path;

impl FfmpegMedia {
    pub(crate) fn alter(
        &self,
        source: &Path,
        target: &Path,
        settings: &AlterSettings,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        let doing = "making an altered copy";
        if let Some(problem) = out_of_range(settings) {
            return Err(MediaError::Failed {
                doing,
                stderr_tail: problem.to_owned(),
            });
        }
        let probe = self.checked(source)?;
        let video = picture(&probe)?;
        let mut args = self.head();
        if settings.start_secs > 0.0 {
            args.all(["-ss", &format!("{:.6}", settings.start_secs)]);
        }
        if let Some(duration_secs) = settings.duration_secs {
            args.all(["-t", &format!("{duration_secs:.6}")]);
        }
        self.source(&mut args, source);
        args.all(["-map", &format!("0:{}", video.index), "-map", "0:a:0?"]);
        args.all(["-vf", &alter_filter(settings)]);
        if (settings.speed - 1.0).abs() > 1e-4 {
            args.all(["-af", &format!("atempo={:.6}", settings.speed)]);
        }
        let kbits = format!("{}k", settings.video_kbits_per_sec);
        args.all([
            "-c:v", "libx264", "-preset", "veryfast", "-b:v", &kbits, "-maxrate", &kbits,
        ]);
        args.all([
            "-bufsize",
            &format!("{}k", u64::from(settings.video_kbits_per_sec) * 2),
        ]);
        args.all(["-threads", &self.settings.threads.to_string()]);
        args.all([
            "-c:a",
            "aac",
            "-b:a",
            "48k",
            "-ac",
            "1",
            "-map_metadata",
            "-1",
        ]);
        args.all(["-movflags", "+faststart", "-f", "mp4"]);
        self.make_file(args, doing, target, probe.duration_us, control)
    }

    pub(crate) fn generate(
        &self,
        target: &Path,
        duration_secs: f64,
        seed: u64,
        control: MediaControl<'_>,
    ) -> Result<(), MediaError> {
        let doing = "generating a film";
        if !(0.1..=3600.0).contains(&duration_secs) {
            let stderr_tail = format!("{duration_secs} s is outside 0.1 to 3600 s");
            return Err(MediaError::Failed { doing, stderr_tail });
        }
        let mut args = self.head();
        let graph = format!("{},format=yuv420p", generator(seed));
        args.all([
            "-f",
            "lavfi",
            "-i",
            &graph,
            "-t",
            &format!("{duration_secs:.3}"),
        ]);
        args.all(["-c:v", "libx264", "-preset", "veryfast", "-crf", "26"]);
        args.all(["-threads", &self.settings.threads.to_string()]);
        bt709(&mut args);
        args.all(["-movflags", "+faststart", "-f", "mp4"]);
        self.make_file(args, doing, target, (duration_secs * 1e6) as i64, control)
    }
}

fn out_of_range(settings: &AlterSettings) -> Option<&'static str> {
    let duration_secs = settings.duration_secs.unwrap_or(1.0);
    let checks = [
        (
            (0.0..=0.9).contains(&settings.crop_fraction),
            "crop_fraction must be 0 to 0.9",
        ),
        (
            (0.0..=0.9).contains(&settings.letterbox_fraction),
            "letterbox_fraction must be 0 to 0.9",
        ),
        (
            (0.5..=2.0).contains(&settings.speed),
            "speed must be 0.5 to 2",
        ),
        (
            (16..=4320).contains(&settings.height),
            "height must be 16 to 4320",
        ),
        (
            (8..=500_000).contains(&settings.video_kbits_per_sec),
            "bitrate must be 8 to 500,000",
        ),
        (
            (0.0..=1e6).contains(&settings.start_secs),
            "start_secs must be 0 to 1,000,000",
        ),
        (
            duration_secs > 0.0 && duration_secs <= 1e6,
            "duration_secs must be above 0",
        ),
    ];
    checks
        .iter()
        .find(|(is_right, _)| !is_right)
        .map(|(_, problem)| *problem)
}

fn alter_filter(settings: &AlterSettings) -> String {
    let keep = 1.0 - settings.crop_fraction;
    let height = settings.height / 2 * 2;
    let inner = ((height as f32 * (1.0 - settings.letterbox_fraction)) as u32 / 2 * 2).max(2);
    let mut filter = format!("crop=iw*{keep:.4}:ih*{keep:.4},scale=-2:{height}");
    if inner != height {
        // The bars squeeze the picture's height as a wide-screen conversion of a fixed frame does.
        filter.push_str(&format!(",scale=iw:{inner},pad=iw:{height}:0:(oh-ih)/2"));
    }
    if settings.mirror {
        filter.push_str(",hflip");
    }
    if (settings.speed - 1.0).abs() > 1e-4 {
        filter.push_str(&format!(",setpts=PTS/{:.6}", settings.speed));
    }
    filter.push_str(",setsar=1,format=yuv420p");
    filter
}

/// A lavfi source; every parameter is a number drawn from the seed.
fn generator(seed: u64) -> String {
    let mut state = seed;
    let mut draw = |below: u64| {
        // SplitMix64 (Steele, Lea, Flood 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    let cells = draw(1 << 31);
    match draw(3) {
        0 => format!(
            "life=s=160x90:r=25:ratio=0.3:mold=20:seed={cells}:death_color=0x203060:\
             life_color=0xf0e0b0,scale=640:360:flags=neighbor"
        ),
        1 => format!(
            "life=s=32x18:r=5:ratio=0.35:seed={cells}:death_color=0x402010:\
             life_color=0x80d0f0,scale=640:360:flags=bicubic,fps=25"
        ),
        _ => {
            let colours: Vec<String> = (0..8)
                .map(|i| format!("c{i}=0x{:06x}", draw(1 << 24)))
                .collect();
            let speed = 0.02 + draw(80) as f64 / 1000.0;
            let colours = colours.join(":");
            format!("gradients=s=640x360:r=25:n=8:seed={cells}:speed={speed:.3}:{colours}")
        }
    }
}
