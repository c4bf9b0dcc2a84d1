//! Feet that stand still: contact detection, lock, leg IK, and nothing below the floor.
//!
//! Words: the *ball* is the toes' joint; a *stance* is a run of frames in which the ball of one
//! foot
//! rests; its *anchor* is where it is held. The *sole points* are heel, ball and toe tip on the
//! ground side.
//! Invariants: within a stance the ball does not move (unless the leg cannot reach, which the
//! report shows); corrections fade in and out smoothly; a motion without contact is untouched.
//! Source: L. Kovar, J. Schreiner, M. Gleicher, "Footskate cleanup", 2002 (constraint, hips,
//! blend).

use backlot_geom::HumanBone::{self, *};
use backlot_geom::glam::{DQuat, DVec3};

use crate::character::Character;

/// A frame as world rotations; positions follow from the character's offsets.
#[derive(Debug, Clone)]
pub(crate) struct Pose {
    pub hips_in_world_m: DVec3,
    pub world_from_bone: [DQuat; 22],
}

/// What the feet did, after the lock.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct FeetFigures {
    pub stances: usize,
    pub planted_frames: usize,
    pub slide_median_m_per_s: f64,
    pub slide_max_m_per_s: f64,
    pub lowest_sole_m: f64,
}

const ENTER_M_PER_S: f64 = 0.35;
const LEAVE_M_PER_S: f64 = 0.75;
const BALL_LIFT_M: f64 = 0.045;
const SHORTEST_STANCE_SECS: f64 = 0.08;
const FADE_SECS: f64 = 0.12;
const DRIFT_MAX_M: f64 = 0.10;
/// Share of the straight leg that IK may use; the rest pose uses 0.9991.
const REACH: f64 = 0.9995;

#[derive(Debug, Clone, Copy)]
struct Leg {
    upper: HumanBone,
    lower: HumanBone,
    foot: HumanBone,
    toes: HumanBone,
}

const LEGS: [Leg; 2] = [
    Leg {
        upper: LeftUpperLeg,
        lower: LeftLowerLeg,
        foot: LeftFoot,
        toes: LeftToes,
    },
    Leg {
        upper: RightUpperLeg,
        lower: RightLowerLeg,
        foot: RightFoot,
        toes: RightToes,
    },
];

/// A stance: frames `first..=last`, the ball held at `anchor_m`.
#[derive(Debug, Clone, Copy)]
struct Stance {
    first: usize,
    last: usize,
    anchor_m: DVec3,
}

/// Sizes of the character's foot.
struct Foot {
    /// From ankle to ball, foot frame.
    ball_in_foot_m: DVec3,
    /// From ball down to the floor when flat.
    ball_height_m: f64,
    heel_from_ball_m: DVec3,
    tip_from_ball_m: DVec3,
}

impl Foot {
    fn new(character: &Character, leg: Leg) -> Self {
        let at = |bone: HumanBone| character.rest_in_world_m[bone as usize];
        let ball = at(leg.toes);
        let scale = character.scale();
        let heel = DVec3::new(at(leg.foot).x, 0.0, at(leg.foot).z - 0.060 * scale);
        let tip = DVec3::new(ball.x, 0.0, ball.z + 0.070 * scale);
        Self {
            ball_in_foot_m: ball - at(leg.foot),
            ball_height_m: ball.y,
            heel_from_ball_m: heel - ball,
            tip_from_ball_m: tip - ball,
        }
    }
}

impl Pose {
    fn at(&self, character: &Character, bone: HumanBone) -> DVec3 {
        match bone.parent() {
            None => self.hips_in_world_m,
            Some(parent) => {
                let turn = self.world_from_bone[parent as usize];
                self.at(character, parent) + turn * character.offset_in_parent_m(bone)
            }
        }
    }

    fn turn(&self, bone: HumanBone) -> DQuat {
        self.world_from_bone[bone as usize]
    }
}

/// Locks the feet of a whole motion and reports how well they stand.
pub(crate) fn lock(character: &Character, rate_hz: f64, poses: &mut [Pose]) -> FeetFigures {
    let feet = LEGS.map(|leg| Foot::new(character, leg));
    let balls = LEGS.map(|leg| -> Vec<DVec3> {
        poses
            .iter()
            .map(|pose| pose.at(character, leg.toes))
            .collect()
    });
    let stances = [0, 1].map(|side| find_stances(&balls[side], &feet[side], character, rate_hz));
    let fade = (FADE_SECS * rate_hz).round().max(1.0) as usize;
    let mut targets: [Vec<DVec3>; 2] = [Vec::new(), Vec::new()];
    for side in 0..2 {
        let offsets = offsets(&balls[side], &stances[side], fade);
        targets[side] = balls[side]
            .iter()
            .zip(offsets)
            .map(|(ball, offset)| *ball + offset)
            .collect();
        for (frame, pose) in poses.iter_mut().enumerate() {
            flatten(pose, LEGS[side], &feet[side], &mut targets[side][frame]);
        }
    }
    lower_hips(character, rate_hz, poses, &feet, &targets);
    for (frame, pose) in poses.iter_mut().enumerate() {
        for side in 0..2 {
            let leg = LEGS[side];
            let arm = pose.turn(leg.foot) * feet[side].ball_in_foot_m;
            solve_leg(character, pose, leg, targets[side][frame] - arm);
        }
    }
    measure(character, rate_hz, poses, &feet, &stances)
}

fn flat_speed(path: &[DVec3], frame: usize, rate_hz: f64) -> f64 {
    let (before, after) = (frame.saturating_sub(1), (frame + 1).min(path.len() - 1));
    if after == before {
        return 0.0;
    }
    let step = path[after] - path[before];
    step.x.hypot(step.z) * rate_hz / (after - before) as f64
}

fn find_stances(ball: &[DVec3], foot: &Foot, character: &Character, rate_hz: f64) -> Vec<Stance> {
    let scale = character.scale();
    let shortest = (SHORTEST_STANCE_SECS * rate_hz).round().max(2.0) as usize;
    let mut stances: Vec<Stance> = Vec::new();
    let mut open: Option<(usize, DVec3)> = None;
    for frame in 0..=ball.len() {
        let (speed, lift) = match ball.get(frame) {
            Some(point) => (
                flat_speed(ball, frame, rate_hz),
                point.y - foot.ball_height_m,
            ),
            None => (f64::MAX, f64::MAX),
        };
        match open {
            None if speed < ENTER_M_PER_S * scale && lift < BALL_LIFT_M * scale => {
                open = Some((frame, ball[frame]));
            }
            Some((first, sum)) => {
                let mean = sum / (frame - first) as f64;
                let drift = ball
                    .get(frame)
                    .map_or(f64::MAX, |p| (p.x - mean.x).hypot(p.z - mean.z));
                let leaves = speed > LEAVE_M_PER_S * scale
                    || lift > 1.6 * BALL_LIFT_M * scale
                    || drift > DRIFT_MAX_M * scale;
                if leaves {
                    let mut anchor_m = mean;
                    anchor_m.y = foot.ball_height_m;
                    if frame - first >= shortest {
                        stances.push(Stance {
                            first,
                            last: frame - 1,
                            anchor_m,
                        });
                    }
                    open = None;
                } else {
                    open = Some((first, sum + ball[frame]));
                }
            }
            None => {}
        }
    }
    stances
}

/// What is added to the ball's path: the way to the anchor in a stance, fading outside.
fn offsets(ball: &[DVec3], stances: &[Stance], fade: usize) -> Vec<DVec3> {
    let mut offset = vec![DVec3::ZERO; ball.len()];
    for stance in stances {
        for frame in stance.first..=stance.last {
            offset[frame] = stance.anchor_m - ball[frame];
        }
    }
    let smooth = |share: f64| {
        let left = (1.0 - share).clamp(0.0, 1.0);
        left * left * (3.0 - 2.0 * left)
    };
    for (index, stance) in stances.iter().enumerate() {
        let next = stances.get(index + 1).map_or(ball.len(), |next| next.first);
        let before = if index == 0 {
            None
        } else {
            Some(stances[index - 1].last)
        };
        let after_length = fade.min(next.saturating_sub(stance.last)).max(1);
        let at_last = offset[stance.last];
        let end = (stance.last + after_length).min(next);
        for (step, value) in offset[stance.last + 1..end.max(stance.last + 1)]
            .iter_mut()
            .enumerate()
        {
            *value += at_last * smooth((step + 1) as f64 / after_length as f64);
        }
        let room = stance.first - before.map_or(0, |last| (last + 1).min(stance.first));
        let before_length = fade.min(room + 1);
        let at_first = offset[stance.first];
        for back in 1..before_length {
            let share = back as f64 / before_length as f64;
            offset[stance.first - back] += at_first * smooth(share);
        }
    }
    offset
}

/// Heading of a rotation about the vertical.
fn heading(turn: DQuat) -> DQuat {
    let forward = turn * DVec3::Z;
    if forward.x.hypot(forward.z) < 1e-6 {
        return DQuat::IDENTITY;
    }
    DQuat::from_rotation_y(forward.x.atan2(forward.z))
}

/// Turns foot and toes toward flat by the least that keeps heel and tip above the floor, and lifts
/// the ball onto it.
fn flatten(pose: &mut Pose, leg: Leg, foot: &Foot, ball_target: &mut DVec3) {
    ball_target.y = ball_target.y.max(foot.ball_height_m);
    let ball_y = ball_target.y;
    for (bone, reach) in [
        (leg.foot, foot.heel_from_ball_m),
        (leg.toes, foot.tip_from_ball_m),
    ] {
        let turn = pose.turn(bone);
        let low = |turn: DQuat| ball_y + (turn * reach).y;
        if low(turn) >= -1e-6 {
            continue;
        }
        let flat = heading(turn);
        let (mut bad, mut good) = (0.0, 1.0);
        for _ in 0..24 {
            let middle = 0.5 * (bad + good);
            if low(turn.slerp(flat, middle)) < 0.0 {
                bad = middle
            } else {
                good = middle
            }
        }
        pose.world_from_bone[bone as usize] = turn.slerp(flat, good).normalize();
    }
}

/// Lowers the hips where a held foot is out of reach, smoothly over time.
fn lower_hips(
    character: &Character,
    rate_hz: f64,
    poses: &mut [Pose],
    feet: &[Foot; 2],
    targets: &[Vec<DVec3>; 2],
) {
    let need: Vec<f64> = poses
        .iter()
        .enumerate()
        .map(|(frame, pose)| {
            let per_leg = [0, 1].map(|side| {
                let leg = LEGS[side];
                let ankle = targets[side][frame] - pose.turn(leg.foot) * feet[side].ball_in_foot_m;
                let hip = pose.at(character, leg.upper);
                let limit = REACH * leg_length(character, leg);
                let flat = (ankle.x - hip.x).hypot(ankle.z - hip.z).min(limit);
                let high = (limit * limit - flat * flat).sqrt();
                (hip.y - ankle.y - high).max(0.0)
            });
            per_leg[0].max(per_leg[1]).min(0.25 * character.scale())
        })
        .collect();
    if need.iter().all(|n| *n <= 1e-9) {
        return;
    }
    let half = (0.10 * rate_hz).round().max(1.0) as usize;
    let window = |values: &[f64], frame: usize| {
        (
            frame.saturating_sub(half),
            (frame + half).min(values.len() - 1),
        )
    };
    let widest: Vec<f64> = (0..need.len())
        .map(|frame| {
            let (first, last) = window(&need, frame);
            need[first..=last].iter().copied().fold(0.0, f64::max)
        })
        .collect();
    for (frame, pose) in poses.iter_mut().enumerate() {
        // The mean of maxima over the same window is never less than the need itself.
        let (first, last) = window(&widest, frame);
        let mean = widest[first..=last].iter().sum::<f64>() / (last - first + 1) as f64;
        pose.hips_in_world_m.y -= mean;
    }
}

fn leg_length(character: &Character, leg: Leg) -> f64 {
    character.offset_in_parent_m(leg.lower).length()
        + character.offset_in_parent_m(leg.foot).length()
}

/// Two-bone IK: puts the ankle at a point, keeps the foot's rotation and the knee's side.
fn solve_leg(character: &Character, pose: &mut Pose, leg: Leg, ankle_target: DVec3) {
    let (hip, knee, ankle) = (
        pose.at(character, leg.upper),
        pose.at(character, leg.lower),
        pose.at(character, leg.foot),
    );
    if ankle.distance(ankle_target) < 1e-7 {
        return;
    }
    let (thigh, shin) = (hip.distance(knee), knee.distance(ankle));
    let Some(direction) = (ankle_target - hip).try_normalize() else {
        return;
    };
    let shortest = (thigh - shin).abs() + 1e-4;
    let reach = hip
        .distance(ankle_target)
        .clamp(shortest, (thigh + shin) * 0.99995);
    let along = (thigh * thigh - shin * shin + reach * reach) / (2.0 * reach);
    let out = (thigh * thigh - along * along).max(0.0).sqrt();
    let forward = pose.turn(leg.upper) * DVec3::Z;
    let flat = |v: DVec3| v - direction * v.dot(direction);
    let bent = flat(knee - hip);
    // A nearly straight or backward knee takes the thigh's own forward.
    let pole =
        bent + flat(forward) * (0.02 * thigh) + flat(forward) * (-bent.dot(forward)).max(0.0);
    let Some(pole) = pole.try_normalize() else {
        return;
    };
    let new_knee = hip + direction * along + pole * out;
    let new_ankle = hip + direction * reach;
    let upper = DQuat::from_rotation_arc((knee - hip) / thigh, (new_knee - hip).normalize());
    let lower = DQuat::from_rotation_arc((ankle - knee) / shin, (new_ankle - new_knee).normalize());
    let set = &mut pose.world_from_bone;
    set[leg.upper as usize] = (upper * set[leg.upper as usize]).normalize();
    set[leg.lower as usize] = (lower * set[leg.lower as usize]).normalize();
}

fn measure(
    character: &Character,
    rate_hz: f64,
    poses: &[Pose],
    feet: &[Foot; 2],
    stances: &[Vec<Stance>; 2],
) -> FeetFigures {
    let mut figures = FeetFigures {
        lowest_sole_m: f64::MAX,
        ..FeetFigures::default()
    };
    let mut slides: Vec<f64> = Vec::new();
    for (side, leg) in LEGS.into_iter().enumerate() {
        let ball: Vec<DVec3> = poses
            .iter()
            .map(|pose| pose.at(character, leg.toes))
            .collect();
        figures.stances += stances[side].len();
        for stance in &stances[side] {
            figures.planted_frames += stance.last - stance.first + 1;
            for pair in ball[stance.first..=stance.last].windows(2) {
                slides.push((pair[1] - pair[0]).length() * rate_hz);
            }
        }
        for (pose, ball) in poses.iter().zip(&ball) {
            let heel = ball.y + (pose.turn(leg.foot) * feet[side].heel_from_ball_m).y;
            let tip = ball.y + (pose.turn(leg.toes) * feet[side].tip_from_ball_m).y;
            figures.lowest_sole_m = figures.lowest_sole_m.min(heel).min(tip);
        }
    }
    slides.sort_by(f64::total_cmp);
    figures.slide_median_m_per_s = slides.get(slides.len() / 2).copied().unwrap_or(0.0);
    figures.slide_max_m_per_s = slides.last().copied().unwrap_or(0.0);
    if poses.is_empty() {
        figures.lowest_sole_m = 0.0;
    }
    figures
}
