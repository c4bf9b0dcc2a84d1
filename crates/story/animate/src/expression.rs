//! The faces a character can make: the presets of VRM 1.0 that the face mesh carries as morphs.
//!
//! Source: VRMC_vrm-1.0, expressions, preset names.

use serde::{Deserialize, Serialize};

/// A VRM 1.0 expression preset; the order is the order of the morph targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Expression {
    Aa,
    Ih,
    Ou,
    Ee,
    Oh,
    Happy,
    Angry,
    Sad,
    Relaxed,
    Surprised,
    Blink,
    BlinkLeft,
    BlinkRight,
}

impl Expression {
    pub const ALL: [Self; 13] = [
        Self::Aa,
        Self::Ih,
        Self::Ou,
        Self::Ee,
        Self::Oh,
        Self::Happy,
        Self::Angry,
        Self::Sad,
        Self::Relaxed,
        Self::Surprised,
        Self::Blink,
        Self::BlinkLeft,
        Self::BlinkRight,
    ];

    /// The name VRM gives it.
    pub const fn vrm_name(self) -> &'static str {
        match self {
            Self::Aa => "aa",
            Self::Ih => "ih",
            Self::Ou => "ou",
            Self::Ee => "ee",
            Self::Oh => "oh",
            Self::Happy => "happy",
            Self::Angry => "angry",
            Self::Sad => "sad",
            Self::Relaxed => "relaxed",
            Self::Surprised => "surprised",
            Self::Blink => "blink",
            Self::BlinkLeft => "blinkLeft",
            Self::BlinkRight => "blinkRight",
        }
    }
}

/// How closed the eyes are, 0 to 1, at a moment: a blink of a fifth of a second every few seconds,
/// never in step with itself. A pure function of time, so that picture and clip agree.
pub(crate) fn blink_at(secs: f64, seed: u64) -> f32 {
    const PERIOD_SECS: f64 = 3.4;
    const HALF_SECS: f64 = 0.1;
    let round = (secs / PERIOD_SECS).floor().max(0.0);
    let shift = ((round as u64)
        .wrapping_mul(2_654_435_761)
        .wrapping_add(seed)
        % 97) as f64
        / 97.0;
    let centre = (round + 0.25 + 0.5 * shift) * PERIOD_SECS;
    let away = (secs - centre).abs() / HALF_SECS;
    (1.0 - away).clamp(0.0, 1.0) as f32
}
