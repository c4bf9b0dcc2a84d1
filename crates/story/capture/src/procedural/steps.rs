//! Where each foot stands at each moment.
//!
//! A foot is planted or in one move; moves of one foot never overlap, and only one foot moves at a
//! time.

use super::score::{Part, Score};
use glam::DVec2;

/// Half the distance between the feet.
const HALF_STANCE_M: f64 = 0.105;

/// A foot's place on the floor: x and z in metres, heading about Y.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stand {
    pub floor_m: DVec2,
    pub heading_rad: f64,
}

struct Move {
    start_secs: f64,
    end_secs: f64,
    to: Stand,
    lift_m: f64,
}

/// One foot's whole way.
pub(super) struct FootPlan {
    first: Stand,
    moves: Vec<Move>,
}

/// A foot at one moment.
pub(super) struct FootNow {
    pub stand: Stand,
    /// Clearance of the sole.
    pub lift_m: f64,
    /// Toes down, radians.
    pub pitch_rad: f64,
}

/// 0..1 with zero speed and acceleration at both ends.
pub(super) fn ease(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

impl FootPlan {
    pub fn at(&self, secs: f64) -> FootNow {
        let mut stand = self.first;
        for step in &self.moves {
            if secs >= step.end_secs {
                stand = step.to;
                continue;
            }
            if secs > step.start_secs {
                let t = (secs - step.start_secs) / (step.end_secs - step.start_secs);
                let there = ease(t);
                // sin² has no speed at its ends, so the foot leaves and meets the floor softly.
                let arch = (std::f64::consts::PI * t).sin().powi(2);
                let stand = Stand {
                    floor_m: stand.floor_m.lerp(step.to.floor_m, there),
                    heading_rad: stand.heading_rad
                        + (step.to.heading_rad - stand.heading_rad) * there,
                };
                let pitch_rad = 0.35 * arch * (1.0 - t) * (step.lift_m / 0.05).min(1.4);
                return FootNow {
                    stand,
                    lift_m: step.lift_m * arch,
                    pitch_rad,
                };
            }
            break;
        }
        FootNow {
            stand,
            lift_m: 0.0,
            pitch_rad: 0.0,
        }
    }
}

/// Side 0 is left (+X of the heading), side 1 right.
fn beside(middle: DVec2, heading_rad: f64, side: usize) -> Stand {
    let sign = if side == 0 { 1.0 } else { -1.0 };
    let left = DVec2::new(heading_rad.cos(), -heading_rad.sin());
    // Toes a little outwards.
    let heading_rad = heading_rad + sign * 0.1;
    Stand {
        floor_m: middle + left * (sign * HALF_STANCE_M),
        heading_rad,
    }
}

/// Steps for the whole score: left, right.
pub(super) fn plan(score: &Score) -> [FootPlan; 2] {
    let ahead = DVec2::new(score.entry_heading_rad.sin(), score.entry_heading_rad.cos());
    let walks = score.section(Part::Walk).is_some();
    let start = if walks {
        -ahead * score.walk_length_m()
    } else {
        DVec2::ZERO
    };
    let heading = if walks { score.entry_heading_rad } else { 0.0 };
    let mut plans = [0, 1].map(|side| FootPlan {
        first: beside(start, heading, side),
        moves: Vec::new(),
    });
    if let Some(walk) = score.section(Part::Walk) {
        for k in 0..score.walk_steps {
            // A step puts the foot half a stride past the other; the last one closes.
            let done = (k as f64 + 1.0).min(score.walk_steps as f64 - 1.0);
            let middle = start + ahead * (done * score.stride_m);
            let side = k % 2;
            plans[side].moves.push(Move {
                start_secs: walk.start_secs + k as f64 * score.step_secs,
                end_secs: walk.start_secs + (k as f64 + 0.82) * score.step_secs,
                to: beside(middle, score.entry_heading_rad, side),
                lift_m: score.lift_m,
            });
        }
    }
    if let Some(turn) = score.section(Part::Turn) {
        let beat = (turn.end_secs - turn.start_secs) / 4.0;
        for k in 0..4usize {
            let left_over = [0.5, 0.5, 0.0, 0.0][k] * score.entry_heading_rad;
            let side = (k + score.walk_steps) % 2;
            plans[side].moves.push(Move {
                start_secs: turn.start_secs + k as f64 * beat,
                end_secs: turn.start_secs + (k as f64 + 0.9) * beat,
                to: beside(DVec2::ZERO, left_over, side),
                lift_m: score.lift_m * 0.8,
            });
        }
    }
    dance_steps(score, &mut plans);
    plans
}

/// Step out, close, step back, close: four beats, as often as they fit.
fn dance_steps(score: &Score, plans: &mut [FootPlan; 2]) {
    let Some(dance) = score.section(Part::Dance) else {
        return;
    };
    let bars = ((dance.end_secs - dance.start_secs) / (4.0 * score.beat_secs)).floor() as usize;
    for bar in 0..bars {
        let lead = (bar + usize::from(score.leads_right)) % 2;
        let sign = if lead == 0 { 1.0 } else { -1.0 };
        let aside = DVec2::new(sign * score.side_step_m, 0.0);
        let steps = [
            (lead, aside),
            (1 - lead, aside),
            (1 - lead, DVec2::ZERO),
            (lead, DVec2::ZERO),
        ];
        for (k, (side, middle)) in steps.into_iter().enumerate() {
            let start_secs = dance.start_secs + (bar * 4 + k) as f64 * score.beat_secs;
            plans[side].moves.push(Move {
                start_secs,
                end_secs: start_secs + 0.85 * score.beat_secs,
                to: beside(middle, 0.0, side),
                lift_m: score.lift_m,
            });
        }
    }
}
