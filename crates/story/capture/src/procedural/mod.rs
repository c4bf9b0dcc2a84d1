//! A performance of our own making: walk in, turn, wave, dance, bow — different for every seed.
//!
//! It is the take people see before they have uploaded one, and a clean source for tests.
//! Invariants: the same settings give the same bytes on every machine of one architecture; no joint
//! and no toe tip goes under the floor (y = 0); a planted foot does not slide; no joint turns by
//! more than 20° in 1/30 s. Source: our own; two-bone leg solution by the law of cosines.

mod body;
mod random;
mod score;
mod steps;

use backlot_geom::Motion;
use serde::{Deserialize, Serialize};

/// The character of the performance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PerformanceStyle {
    #[default]
    Lively,
    Calm,
    Proud,
    Playful,
}

impl PerformanceStyle {
    pub const ALL: [Self; 4] = [Self::Lively, Self::Calm, Self::Proud, Self::Playful];
}

/// What to perform.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PerformanceSettings {
    pub seed: u64,
    /// Taken into 0.5..=600; anything that is no number becomes 12.
    pub seconds: f64,
    /// Taken into 10..=240; anything that is no number becomes 30.
    pub frame_rate_hz: f64,
    pub style: PerformanceStyle,
}

impl Default for PerformanceSettings {
    fn default() -> Self {
        let style = PerformanceStyle::Lively;
        Self {
            seed: 1,
            seconds: 12.0,
            frame_rate_hz: 30.0,
            style,
        }
    }
}

impl PerformanceSettings {
    fn bounded(self) -> Self {
        let number = |value: f64, low: f64, high: f64, fallback: f64| {
            if value.is_nan() {
                fallback
            } else {
                value.clamp(low, high)
            }
        };
        Self {
            seconds: number(self.seconds, 0.5, 600.0, 12.0),
            frame_rate_hz: number(self.frame_rate_hz, 10.0, 240.0, 30.0),
            ..self
        }
    }
}

/// Performs on the unscaled 22-bone human: joint names are VRM names, rest is the T-pose, the piece
/// ends near the origin facing +Z. Takes of 9.8 s and more show every part.
pub fn perform(settings: &PerformanceSettings) -> Motion {
    let settings = settings.bounded();
    let score = score::Score::compose(&settings);
    let feet = steps::plan(&score);
    let frames = (settings.seconds * settings.frame_rate_hz).round().max(2.0) as usize;
    body::animate(&score, &feet, frames, settings.frame_rate_hz)
}
