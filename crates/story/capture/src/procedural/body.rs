//! Score and steps → joint rotations: pelvis over the feet, legs by two-bone geometry, trunk and
//! arms straight from the pose.

use super::score::{ArmPose, Pose, Score};
use super::steps::{FootNow, FootPlan};
use crate::rest::{ANKLE_HEIGHT_M, HIPS_HEIGHT_M, human_skeleton, index_of};
use crate::spatial::{make_continuous, rotation_between};
use backlot_geom::{HumanBone, Motion};
use glam::{DQuat, DVec2, DVec3};
use std::f64::consts::FRAC_PI_2;

const THIGH_M: f64 = 0.41;
const SHANK_M: f64 = 0.41;
/// A leg is never stretched beyond this, so a knee never snaps.
const REACH_M: f64 = 0.806;
/// Ankle to toe tip in the foot's frame: ahead, and down.
const TOE_AHEAD_M: f64 = 0.20;
/// The pelvis follows the feet over this time to both sides.
const FOLLOW_SECS: f64 = 0.42;
const HIP: DVec3 = DVec3::new(0.095, -0.04, 0.0);

/// One frame before the height is settled.
struct Draft {
    pose: Pose,
    feet: [FootNow; 2],
    ankles: [DVec3; 2],
    floor_m: DVec2,
    world_from_hips: DQuat,
}

pub(super) fn animate(
    score: &Score,
    plans: &[FootPlan; 2],
    frames: usize,
    frame_rate_hz: f64,
) -> Motion {
    let secs = |frame: usize| frame as f64 / frame_rate_hz;
    let drafts: Vec<Draft> = (0..frames).map(|f| draft(score, plans, secs(f))).collect();
    let limits: Vec<f64> = drafts.iter().map(height_limit_m).collect();
    let reach = (0.3 * frame_rate_hz).round().max(1.0) as usize;
    let heights = settle(&limits, reach);
    let skeleton = human_skeleton(1.0);
    let joints = skeleton.joints.len();
    let mut rotations = vec![DQuat::IDENTITY; frames * joints];
    let mut root_in_world_m = Vec::with_capacity(frames);
    for (f, draft) in drafts.iter().enumerate() {
        let root = DVec3::new(draft.floor_m.x, heights[f], draft.floor_m.y);
        root_in_world_m.push(root);
        let locals = &mut rotations[f * joints..(f + 1) * joints];
        trunk(draft, locals);
        for side in 0..2 {
            leg(draft, side, root, locals);
            arm(&draft.pose.arms[side], side, locals);
        }
    }
    make_continuous(&mut rotations, joints);
    Motion {
        skeleton,
        frame_rate_hz,
        root_in_world_m,
        parent_from_joint: rotations,
    }
}

fn draft(score: &Score, plans: &[FootPlan; 2], secs: f64) -> Draft {
    let pose = score.pose(secs);
    let feet = [plans[0].at(secs), plans[1].at(secs)];
    let ankles = [0, 1].map(|side| ankle(&feet[side]));
    let (middle, heading) = follow(plans, secs);
    let left = DVec2::new(heading.cos(), -heading.sin());
    let ahead = DVec2::new(heading.sin(), heading.cos());
    let floor_m = middle + left * pose.sway_left_m - ahead * pose.lean_back_m;
    let world_from_hips = DQuat::from_rotation_y(heading + pose.pelvis_yaw)
        * DQuat::from_rotation_x(pose.pelvis_pitch)
        * DQuat::from_rotation_z(pose.pelvis_roll);
    Draft {
        pose,
        feet,
        ankles,
        floor_m,
        world_from_hips,
    }
}

/// Middle and heading of both feet, averaged with a raised cosine around the moment.
fn follow(plans: &[FootPlan; 2], secs: f64) -> (DVec2, f64) {
    const HALF: i32 = 8;
    let (mut place, mut heading, mut total) = (DVec2::ZERO, 0.0, 0.0);
    for k in -HALF..=HALF {
        let offset = f64::from(k) / f64::from(HALF + 1);
        let weight = 1.0 + (std::f64::consts::PI * offset).cos();
        let feet = [0, 1].map(|side| plans[side].at(secs + offset * FOLLOW_SECS).stand);
        place += (feet[0].floor_m + feet[1].floor_m) * (0.5 * weight);
        heading += (feet[0].heading_rad + feet[1].heading_rad) * (0.5 * weight);
        total += weight;
    }
    (place / total, heading / total)
}

/// The ankle high enough that neither sole nor toe tip is under the floor.
fn ankle(foot: &FootNow) -> DVec3 {
    let (sin, cos) = foot.pitch_rad.sin_cos();
    let height = ANKLE_HEIGHT_M * cos + TOE_AHEAD_M * sin + foot.lift_m;
    DVec3::new(
        foot.stand.floor_m.x,
        height.max(ANKLE_HEIGHT_M),
        foot.stand.floor_m.y,
    )
}

/// Highest hips from which both ankles are in reach, or the pose's own height.
fn height_limit_m(draft: &Draft) -> f64 {
    let mut limit = HIPS_HEIGHT_M - 0.022 - draft.pose.sink_m;
    for side in 0..2 {
        let hip = draft.world_from_hips * hip_offset(side);
        let ankle = draft.ankles[side];
        let flat = DVec2::new(draft.floor_m.x + hip.x, draft.floor_m.y + hip.z)
            .distance(DVec2::new(ankle.x, ankle.z));
        let rise = (REACH_M * REACH_M - flat * flat).max(0.2).sqrt();
        limit = limit.min(ankle.y + rise - hip.y);
    }
    limit
}

/// Smooths without ever going above a limit: the mean, around each frame, of running minima over
/// the same width.
fn settle(limits: &[f64], reach: usize) -> Vec<f64> {
    let around = |f: usize| f.saturating_sub(reach)..(f + reach + 1).min(limits.len());
    let lowest: Vec<f64> = (0..limits.len())
        .map(|f| limits[around(f)].iter().copied().fold(f64::MAX, f64::min))
        .collect();
    (0..limits.len())
        .map(|f| {
            let (mut sum, mut total) = (0.0, 0.0);
            for g in around(f) {
                let offset = (g as f64 - f as f64) / (reach + 1) as f64;
                let weight = 1.0 + (std::f64::consts::PI * offset).cos();
                sum += lowest[g] * weight;
                total += weight;
            }
            sum / total
        })
        .collect()
}

fn hip_offset(side: usize) -> DVec3 {
    if side == 0 {
        HIP
    } else {
        DVec3::new(-HIP.x, HIP.y, HIP.z)
    }
}

fn turn(yaw: f64, pitch: f64, roll: f64) -> DQuat {
    DQuat::from_rotation_y(yaw) * DQuat::from_rotation_x(pitch) * DQuat::from_rotation_z(roll)
}

fn trunk(draft: &Draft, locals: &mut [DQuat]) {
    use HumanBone as B;
    let pose = &draft.pose;
    locals[index_of(B::Hips)] = draft.world_from_hips;
    for (bone, share) in [(B::Spine, 0.4), (B::Chest, 0.35), (B::UpperChest, 0.25)] {
        locals[index_of(bone)] = turn(
            pose.spine_yaw * share,
            pose.spine_pitch * share,
            pose.spine_roll * share,
        );
    }
    for (bone, share) in [(B::Neck, 0.4), (B::Head, 0.6)] {
        locals[index_of(bone)] = turn(
            pose.head_yaw * share,
            pose.head_pitch * share,
            pose.head_roll * share,
        );
    }
}

fn arm(pose: &ArmPose, side: usize, locals: &mut [DQuat]) {
    use HumanBone as B;
    let (collar, upper, lower, hand) = match side {
        0 => (
            B::LeftShoulder,
            B::LeftUpperArm,
            B::LeftLowerArm,
            B::LeftHand,
        ),
        _ => (
            B::RightShoulder,
            B::RightUpperArm,
            B::RightLowerArm,
            B::RightHand,
        ),
    };
    let sign = if side == 0 { 1.0 } else { -1.0 };
    // The collar bone takes a little of every raise.
    let lift = 0.12 * (pose.abduct - 0.6).max(0.0);
    locals[index_of(collar)] = DQuat::from_rotation_z(sign * lift);
    locals[index_of(upper)] = DQuat::from_rotation_x(-pose.swing)
        * DQuat::from_rotation_z(-sign * (FRAC_PI_2 - pose.abduct + lift))
        * DQuat::from_rotation_x(-pose.twist);
    locals[index_of(lower)] = DQuat::from_rotation_y(-sign * pose.elbow.max(0.02));
    locals[index_of(hand)] = DQuat::from_rotation_z(-sign * 0.06);
}

/// Two-bone leg with the knee towards the toes.
fn leg(draft: &Draft, side: usize, root: DVec3, locals: &mut [DQuat]) {
    use HumanBone as B;
    let (upper, lower, foot) = match side {
        0 => (B::LeftUpperLeg, B::LeftLowerLeg, B::LeftFoot),
        _ => (B::RightUpperLeg, B::RightLowerLeg, B::RightFoot),
    };
    let hip = root + draft.world_from_hips * hip_offset(side);
    let line = draft.ankles[side] - hip;
    let length = line.length().clamp(0.25, REACH_M);
    let down = line.normalize_or(DVec3::NEG_Y);
    let heading = draft.feet[side].stand.heading_rad;
    let toward_toes = DVec3::new(heading.sin(), 0.0, heading.cos());
    let ahead = (toward_toes + draft.world_from_hips * DVec3::Z).normalize_or(toward_toes);
    let bow = (ahead - down * ahead.dot(down)).normalize_or(DVec3::Z);
    let along = (THIGH_M * THIGH_M - SHANK_M * SHANK_M + length * length) / (2.0 * length);
    let out = (THIGH_M * THIGH_M - along * along).max(0.0).sqrt();
    let knee = down * along + bow * out;
    let left = bow.cross(down);
    let thigh = rotation_between(DVec3::NEG_Y, DVec3::X, knee, left);
    let shank = rotation_between(DVec3::NEG_Y, DVec3::X, down * length - knee, left);
    let (thigh, shank) = (thigh.unwrap_or_default(), shank.unwrap_or_default());
    let sole = DQuat::from_rotation_y(heading) * DQuat::from_rotation_x(draft.feet[side].pitch_rad);
    locals[index_of(upper)] = (draft.world_from_hips.inverse() * thigh).normalize();
    locals[index_of(lower)] = (thigh.inverse() * shank).normalize();
    locals[index_of(foot)] = (shank.inverse() * sole).normalize();
}
