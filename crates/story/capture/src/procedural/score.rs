//! The score: which part is played when, and the pose each part asks for at a moment.
//!
//! Poses of neighbouring parts are mixed over half a second by smooth weights, so nothing jumps.

use super::random::Random;
use super::steps::ease;
use super::{PerformanceSettings, PerformanceStyle};
use std::f64::consts::{PI, TAU};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Walk,
    Turn,
    Wave,
    Dance,
    Bow,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub part: Part,
    pub start_secs: f64,
    pub end_secs: f64,
}

/// One arm, radians. All zero hangs straight down.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ArmPose {
    /// Sideways, π/2 is the T-pose.
    pub abduct: f64,
    /// Forwards.
    pub swing: f64,
    pub elbow: f64,
    /// About the upper arm; π/2 turns a bent forearm from ahead to up.
    pub twist: f64,
}

/// Everything above the feet, radians and metres.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pose {
    pub sway_left_m: f64,
    pub lean_back_m: f64,
    pub sink_m: f64,
    pub pelvis_yaw: f64,
    pub pelvis_pitch: f64,
    pub pelvis_roll: f64,
    pub spine_yaw: f64,
    pub spine_pitch: f64,
    pub spine_roll: f64,
    pub head_yaw: f64,
    pub head_pitch: f64,
    pub head_roll: f64,
    /// Left, right.
    pub arms: [ArmPose; 2],
}

impl Pose {
    fn fields(&mut self) -> [&mut f64; 20] {
        let [left, right] = &mut self.arms;
        [
            &mut self.sway_left_m,
            &mut self.lean_back_m,
            &mut self.sink_m,
            &mut self.pelvis_yaw,
            &mut self.pelvis_pitch,
            &mut self.pelvis_roll,
            &mut self.spine_yaw,
            &mut self.spine_pitch,
            &mut self.spine_roll,
            &mut self.head_yaw,
            &mut self.head_pitch,
            &mut self.head_roll,
            &mut left.abduct,
            &mut left.swing,
            &mut left.elbow,
            &mut left.twist,
            &mut right.abduct,
            &mut right.swing,
            &mut right.elbow,
            &mut right.twist,
        ]
    }

    fn add(&mut self, mut other: Self, weight: f64) {
        for (sum, value) in self.fields().into_iter().zip(other.fields()) {
            *sum += *value * weight;
        }
    }
}

/// The composed piece.
pub(super) struct Score {
    sections: Vec<Section>,
    pub entry_heading_rad: f64,
    pub walk_steps: usize,
    pub stride_m: f64,
    pub step_secs: f64,
    pub lift_m: f64,
    pub beat_secs: f64,
    pub side_step_m: f64,
    pub leads_right: bool,
    /// 0 left, 1 right.
    waving_side: usize,
    wave_hz: f64,
    energy: f64,
    posture_pitch: f64,
    /// Weights of the arm figures of the dance.
    figures: [f64; 3],
    phase: f64,
}

const CROSSFADE_SECS: f64 = 0.5;

impl Score {
    pub fn compose(settings: &PerformanceSettings) -> Self {
        let style_salt = settings.style as u64;
        let mut random = Random::new(settings.seed ^ (style_salt << 56));
        let (energy, pace, posture) = match settings.style {
            PerformanceStyle::Lively => (1.0, 1.0, 0.03),
            PerformanceStyle::Calm => (0.62, 1.18, 0.02),
            PerformanceStyle::Proud => (0.85, 1.1, -0.06),
            PerformanceStyle::Playful => (1.15, 0.94, 0.05),
        };
        let step_secs = pace * random.between(0.5, 0.58);
        let heading = random.between(0.45, 1.2);
        let raw = [
            random.between(0.2, 1.0),
            random.between(0.2, 1.0),
            random.between(0.2, 1.0),
        ];
        let total: f64 = raw.iter().sum();
        let mut score = Self {
            sections: Vec::new(),
            entry_heading_rad: if random.coin() { heading } else { -heading },
            walk_steps: (3.2 / step_secs).floor().clamp(4.0, 7.0) as usize,
            stride_m: random.between(0.4, 0.5) * (0.8 + 0.2 * energy),
            step_secs,
            lift_m: 0.05 + 0.025 * energy * random.between(0.6, 1.0),
            beat_secs: pace * random.between(0.5, 0.6),
            side_step_m: random.between(0.12, 0.2) * energy.min(1.0),
            leads_right: random.coin(),
            waving_side: usize::from(random.coin()),
            wave_hz: random.between(1.5, 2.0) / pace,
            energy: energy * random.between(0.9, 1.1),
            posture_pitch: posture,
            figures: raw.map(|weight| weight / total),
            phase: random.between(0.0, TAU),
        };
        score.sections = score.arrange(settings.seconds, pace);
        score
    }

    /// Walk, turn, wave and bow have their own length; the dance takes the rest. Short pieces leave
    /// out the entrance, very short ones only dance.
    fn arrange(&self, seconds: f64, pace: f64) -> Vec<Section> {
        let walk = self.walk_steps as f64 * self.step_secs;
        let entrance = [(Part::Walk, walk), (Part::Turn, 1.35 * pace)];
        let (wave, bow) = ((Part::Wave, 1.9), (Part::Bow, 2.1));
        let around = |parts: &[(Part, f64)]| seconds - parts.iter().map(|(_, s)| s).sum::<f64>();
        let full = [entrance[0], entrance[1], wave, bow];
        let parts: Vec<(Part, f64)> = if around(&full) >= 0.8 {
            vec![
                entrance[0],
                entrance[1],
                wave,
                (Part::Dance, around(&full)),
                bow,
            ]
        } else if around(&[wave, bow]) >= 1.0 {
            vec![wave, (Part::Dance, around(&[wave, bow])), bow]
        } else {
            vec![(Part::Dance, seconds)]
        };
        let mut start_secs = 0.0;
        let mut sections = Vec::with_capacity(parts.len());
        for (part, secs) in parts {
            sections.push(Section {
                part,
                start_secs,
                end_secs: start_secs + secs,
            });
            start_secs += secs;
        }
        sections
    }

    pub fn section(&self, part: Part) -> Option<Section> {
        self.sections
            .iter()
            .copied()
            .find(|section| section.part == part)
    }

    pub fn walk_length_m(&self) -> f64 {
        (self.walk_steps as f64 - 1.0) * self.stride_m
    }

    /// The mixed pose at a moment.
    pub fn pose(&self, secs: f64) -> Pose {
        let mut sum = Pose::default();
        let mut total = 0.0;
        let last = self.sections.len().saturating_sub(1);
        for (k, section) in self.sections.iter().enumerate() {
            let half = CROSSFADE_SECS / 2.0;
            let rise = |at: f64| ease((secs - at + half) / CROSSFADE_SECS);
            let weight = if k == 0 {
                1.0
            } else {
                rise(section.start_secs)
            };
            let weight = weight
                * if k == last {
                    1.0
                } else {
                    1.0 - rise(section.end_secs)
                };
            if weight > 0.0 {
                sum.add(self.part_pose(section, secs), weight);
                total += weight;
            }
        }
        let mut pose = Pose::default();
        pose.add(sum, 1.0 / f64::max(total, 1e-9));
        self.breathe(&mut pose, secs);
        pose
    }

    fn breathe(&self, pose: &mut Pose, secs: f64) {
        let breath = (TAU * 0.27 * secs + self.phase).sin();
        pose.spine_pitch += self.posture_pitch - 0.012 * breath;
        pose.head_pitch += -0.5 * self.posture_pitch + 0.01 * breath;
        for arm in &mut pose.arms {
            arm.abduct += 0.14 + 0.012 * breath;
            arm.elbow += 0.18;
        }
    }

    fn part_pose(&self, section: &Section, secs: f64) -> Pose {
        let t = secs - section.start_secs;
        match section.part {
            Part::Walk => self.walk(t),
            Part::Turn => self.turn(t / (section.end_secs - section.start_secs)),
            Part::Wave => self.wave(t, section.end_secs - section.start_secs),
            Part::Dance => self.dance(t),
            Part::Bow => self.bow(t / (section.end_secs - section.start_secs)),
        }
    }

    fn walk(&self, t: f64) -> Pose {
        // −1 … +1: right … left leg ahead. The ramps keep the first and last step calm.
        let length = self.walk_steps as f64 * self.step_secs;
        let calm = ease(t / self.step_secs) * ease((length - t) / self.step_secs);
        let lead = -(PI * t / self.step_secs).cos() * calm;
        let swing = 0.42 * self.energy * lead;
        let mut pose = Pose {
            pelvis_yaw: -0.09 * lead,
            spine_yaw: 0.2 * lead,
            spine_pitch: 0.05,
            sink_m: 0.012 * (1.0 - (TAU * t / self.step_secs).cos()) * calm,
            sway_left_m: -0.02 * (PI * t / self.step_secs).sin() * calm,
            pelvis_roll: 0.03 * (PI * t / self.step_secs).sin() * calm,
            head_yaw: -0.25 * self.entry_heading_rad * ease(t / length),
            ..Pose::default()
        };
        pose.arms[0].swing = -swing;
        pose.arms[1].swing = swing;
        pose.arms[0].elbow = 0.15 + 0.12 * (1.0 - lead);
        pose.arms[1].elbow = 0.15 + 0.12 * (1.0 + lead);
        pose
    }

    fn turn(&self, t: f64) -> Pose {
        let ahead = (PI * t.clamp(0.0, 1.0)).sin();
        let side = -self.entry_heading_rad.signum();
        let mut pose = Pose {
            spine_yaw: 0.16 * side * ahead,
            head_yaw: 0.3 * side * ahead,
            sink_m: 0.012 * ahead,
            ..Pose::default()
        };
        for arm in &mut pose.arms {
            arm.abduct = 0.25 * self.energy * ahead;
            arm.elbow = 0.35 * ahead;
        }
        pose
    }

    fn wave(&self, t: f64, length: f64) -> Pose {
        let up = ease(t / 0.55) * ease((length - t) / 0.45);
        let beat = (TAU * self.wave_hz * t).sin() * up;
        let side = if self.waving_side == 0 { 1.0 } else { -1.0 };
        let mut pose = Pose {
            spine_roll: 0.05 * side * up,
            pelvis_roll: -0.03 * side * up,
            sway_left_m: -0.03 * side * up,
            head_roll: -0.1 * side * up,
            head_pitch: -0.04 * up,
            spine_yaw: 0.05 * side * beat,
            ..Pose::default()
        };
        let high = &mut pose.arms[self.waving_side];
        high.abduct = (1.45 + 0.2 * self.energy) * up;
        high.twist = 1.35 * up;
        high.elbow = 1.15 * up + 0.36 * self.energy * beat;
        let low = &mut pose.arms[1 - self.waving_side];
        low.elbow = 0.5 * up;
        low.swing = 0.1 * up;
        pose
    }

    fn dance(&self, t: f64) -> Pose {
        let e = self.energy * ease(t / 0.8);
        let bar = PI * t / self.beat_secs;
        let (slow, fast) = ((bar / 2.0 + self.phase).sin(), (2.0 * bar).cos());
        let (left, right) = (bar.sin(), -bar.sin());
        let [wings, punches, circles] = self.figures;
        let mut pose = Pose {
            sway_left_m: 0.035 * e * left,
            pelvis_roll: 0.07 * e * left,
            pelvis_yaw: 0.1 * e * slow,
            sink_m: e * 0.016 * (1.0 - fast) + 0.012 * e,
            spine_roll: -0.12 * e * left,
            spine_yaw: -0.2 * e * slow,
            head_roll: 0.07 * e * left,
            head_yaw: 0.15 * e * slow,
            head_pitch: 0.05 * e * fast,
            ..Pose::default()
        };
        for (arm, wave) in pose.arms.iter_mut().zip([left, right]) {
            arm.abduct = e * (wings * (0.9 + 0.45 * wave) + circles * (0.8 + 0.3 * slow));
            arm.swing = e * (punches * (0.7 + 0.55 * wave) + circles * 0.4 * (bar + PI).cos());
            arm.elbow = e * (wings * (0.5 - 0.35 * wave) + punches * (1.2 - 0.5 * wave) + circles);
            arm.twist = e * (wings * 0.3 * slow + circles * 0.6 * slow);
        }
        pose
    }

    fn bow(&self, t: f64) -> Pose {
        let down = ease(t / 0.36) * ease((0.97 - t) / 0.38);
        let mut pose = Pose {
            pelvis_pitch: 0.5 * down,
            spine_pitch: 0.6 * down,
            head_pitch: 0.3 * down,
            lean_back_m: 0.09 * down,
            sink_m: 0.01 * down,
            ..Pose::default()
        };
        for arm in &mut pose.arms {
            arm.swing = 0.35 * down;
            arm.abduct = -0.04 * down;
        }
        pose
    }
}
