//! The engine, the data folder, and moving shapes that stand in for rendered performances.

use backlot_master::Rational;
use backlot_media_ffmpeg::FfmpegMedia;
use backlot_monitor::{
    Fingerprint, FingerprintBuilder, Query, QueryBuilder, SAMPLE_FPS, SAMPLE_SIDE,
};
use backlot_ports::media::{EncodeSettings, Media, MediaControl};
use std::path::{Path, PathBuf};

pub const QUIET: MediaControl<'static> = MediaControl::UNWATCHED;

/// The engine, or `None` with a line when it is not installed.
pub fn engine() -> Option<FfmpegMedia> {
    let media = FfmpegMedia::default();
    match media.version() {
        Ok(_) => Some(media),
        Err(error) => {
            println!("skipped: {error}");
            None
        }
    }
}

/// A file of the development data, or `None` with a line.
pub fn data(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared/data/media");
    let path = root.join(name);
    if !path.exists() {
        println!("skipped: no development data `{name}`");
        return None;
    }
    Some(path)
}

pub fn sample_rate() -> Rational {
    Rational {
        num: SAMPLE_FPS,
        den: 1,
    }
}

pub fn fingerprint(media: &FfmpegMedia, path: &Path) -> Fingerprint {
    let mut builder = FingerprintBuilder::new();
    let mut take = |_: u32, sample: &[u8]| {
        builder.push(sample);
        true
    };
    let (side, rate) = (SAMPLE_SIDE, sample_rate());
    media
        .gray_frames(path, side, side, rate, &mut take, QUIET)
        .unwrap();
    let taken = builder.finish();
    let stored = Fingerprint::decode(&taken.encode()).unwrap();
    assert_eq!(stored, taken);
    stored
}

pub fn query(media: &FfmpegMedia, path: &Path) -> Query {
    let mut builder = QueryBuilder::new();
    let mut take = |_: u32, sample: &[u8]| {
        builder.push(sample);
        true
    };
    let (side, rate) = (SAMPLE_SIDE, sample_rate());
    media
        .gray_frames(path, side, side, rate, &mut take, QUIET)
        .unwrap();
    builder.finish()
}

/// A figure of limbs on a plain studio floor with a slowly turning camera; `seed` is the
/// performance, the studio and the camera are always the same.
pub struct Studio {
    pub seed: u64,
    pub width: u32,
    pub height: u32,
    pub fps: u32,
    pub secs: u32,
    pub is_camera_still: bool,
}

impl Studio {
    pub fn performance(seed: u64) -> Self {
        Self {
            seed,
            width: 320,
            height: 180,
            fps: 24,
            secs: 12,
            is_camera_still: false,
        }
    }

    pub fn film(&self, media: &FfmpegMedia, target: &Path) {
        let settings = EncodeSettings {
            width: self.width,
            height: self.height,
            frame_rate: Rational {
                num: self.fps,
                den: 1,
            },
            frames_expected: u64::from(self.fps * self.secs),
            crf: 20,
        };
        let mut frame = 0;
        let mut next = |out: &mut Vec<u8>| {
            if frame == self.fps * self.secs {
                return false;
            }
            self.draw(frame as f32 / self.fps as f32, out);
            frame += 1;
            true
        };
        media
            .encode_rgb_frames(&settings, target, &mut next, QUIET)
            .unwrap();
    }

    /// Joint angles: sums of sines whose rates and phases come from the seed.
    fn angle(&self, joint: u64, secs: f32) -> f32 {
        let unit = |salt: u64| {
            let mut z =
                (self.seed ^ (joint << 8) ^ (salt << 16)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            ((z ^ (z >> 27)) >> 40) as f32 / (1u64 << 24) as f32
        };
        let wave = |salt: u64, low: f32, high: f32| {
            let rate = low + (high - low) * unit(salt);
            (std::f32::consts::TAU * (secs * rate + unit(salt + 1))).sin()
        };
        0.7 * wave(1, 0.2, 0.6) + 0.5 * wave(3, 0.5, 1.3) + 0.3 * wave(5, 1.0, 2.2)
    }

    fn draw(&self, secs: f32, out: &mut Vec<u8>) {
        let (w, h) = (self.width as f32, self.height as f32);
        let pan = if self.is_camera_still {
            0.0
        } else {
            secs * 0.02
        };
        for y in 0..self.height {
            for x in 0..self.width {
                let (u, v) = (x as f32 / w, y as f32 / h);
                let mut value = if v < 0.62 {
                    196.0 - 40.0 * v
                } else {
                    120.0 + 60.0 * v
                };
                if v > 0.62 {
                    let depth = 0.12 / (v - 0.58);
                    let across = (u - 0.5) * depth * 8.0 + pan * 8.0;
                    let along = depth * 6.0;
                    if across.rem_euclid(1.0) < 0.06 || along.rem_euclid(1.0) < 0.06 {
                        value -= 28.0;
                    }
                }
                out.extend([value as u8, value as u8, (value * 0.95) as u8]);
            }
        }
        let root = (w * (0.5 + 0.12 * self.angle(9, secs * 0.4)), h * 0.52);
        let limb = |out: &mut Vec<u8>, from: (f32, f32), turn: f32, length: f32, thick: f32| {
            let to = (from.0 + turn.sin() * length, from.1 + turn.cos() * length);
            self.capsule(out, from, to, thick);
            to
        };
        let chest = limb(
            out,
            root,
            std::f32::consts::PI + 0.2 * self.angle(0, secs),
            h * 0.2,
            h * 0.06,
        );
        limb(out, chest, std::f32::consts::PI, h * 0.08, h * 0.05);
        for side in 0..2u64 {
            let sign = if side == 0 { 1.0 } else { -1.0 };
            let upper = sign * 0.5 + self.angle(1 + side, secs);
            let elbow = limb(out, chest, upper, h * 0.13, h * 0.025);
            limb(
                out,
                elbow,
                upper + 0.8 * self.angle(3 + side, secs),
                h * 0.12,
                h * 0.02,
            );
            let thigh = sign * 0.15 + 0.4 * self.angle(5 + side, secs);
            let knee = limb(out, root, thigh, h * 0.18, h * 0.035);
            limb(out, knee, thigh * 0.4, h * 0.18, h * 0.03);
        }
    }

    fn capsule(&self, out: &mut [u8], from: (f32, f32), to: (f32, f32), thick: f32) {
        let span = |a: f32, b: f32, most: u32| {
            let low = (a.min(b) - thick).max(0.0) as u32;
            low..((a.max(b) + thick).max(0.0) as u32 + 1).min(most)
        };
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        for y in span(from.1, to.1, self.height) {
            for x in span(from.0, to.0, self.width) {
                let (px, py) = (x as f32 - from.0, y as f32 - from.1);
                let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-3)).clamp(0.0, 1.0);
                let (ex, ey) = (px - along * dx, py - along * dy);
                if ex * ex + ey * ey < thick * thick {
                    let at = ((y * self.width + x) * 3) as usize;
                    out[at..at + 3].copy_from_slice(&[70, 60, 90]);
                }
            }
        }
    }
}
