//! A new rest pose for a skeleton whose own is no posture: a T-pose made from the take.
//!
//! The calmest pose of the take gives every joint's turn about its bone; arms, legs and spine are
//! then swung to where they lie in a T-pose. Invariant: only the joint frames change, the performed
//! motion (every joint's path) does not.

use super::place::{Landmarks, posed};
use crate::spatial::arc;
use backlot_geom::Motion;
use glam::{DQuat, DVec3};

/// Re-bases the joint frames.
pub(super) fn rebase(motion: &mut Motion, landmarks: &Landmarks) {
    let frames = motion.frames();
    let step = frames.div_ceil(512).max(1);
    // Upright, and every left-right pair pointing the same way: neither bent nor twisted.
    let calm = |frame: usize| {
        let positions = posed(motion, frame);
        let upward = landmarks.upward(&positions).unwrap_or_default();
        let flat = landmarks.sides.iter().map(|(left, right)| {
            let way = positions[*left] - positions[*right];
            DVec3::new(way.x, 0.0, way.z).normalize_or_zero()
        });
        let agreement = flat.sum::<DVec3>().length() / landmarks.sides.len().max(1) as f64;
        (upward.y - upward.x.hypot(upward.z)) * (0.2 + agreement)
    };
    let best = (0..frames)
        .step_by(step)
        .max_by(|a, b| calm(*a).total_cmp(&calm(*b)));
    let Some(best) = best else { return };
    let leftward = landmarks.leftward(&posed(motion, best));
    let facing = arc(DVec3::new(leftward.x, 0.0, leftward.z), DVec3::X);
    let facing = DQuat::from_rotation_y(crate::spatial::heading_rad(facing));
    // joint_from_new: where the new, world-parallel rest axes lie in each old joint frame.
    let mut joint_from_new: Vec<DQuat> = motion
        .world_from_joints(best)
        .iter()
        .map(|joint| (facing * DQuat::from_affine3(joint)).inverse().normalize())
        .collect();
    straighten(motion, &mut joint_from_new);
    for joint in &mut motion.skeleton.joints {
        if let Some(parent) = joint.parent {
            joint.offset_in_parent_m = joint_from_new[parent].inverse() * joint.offset_in_parent_m;
        }
    }
    for (joint, tip) in &mut motion.skeleton.end_sites_m {
        *tip = joint_from_new[*joint].inverse() * *tip;
    }
    let parents: Vec<Option<usize>> = motion.skeleton.joints.iter().map(|j| j.parent).collect();
    for (index, rotation) in motion.parent_from_joint.iter_mut().enumerate() {
        let joint = index % parents.len();
        let parent = parents[joint].map_or(DQuat::IDENTITY, |parent| joint_from_new[parent]);
        *rotation = (parent.inverse() * *rotation * joint_from_new[joint]).normalize();
    }
    crate::spatial::make_continuous(&mut motion.parent_from_joint, parents.len());
}

/// Swings the bones with a known place in a T-pose there: spine up, legs down, arms sideways,
/// feet ahead.
fn straighten(motion: &Motion, joint_from_new: &mut [DQuat]) {
    let joints = &motion.skeleton.joints;
    let names: Vec<String> = joints
        .iter()
        .map(|joint| joint.name.to_lowercase())
        .collect();
    for index in 0..joints.len() {
        let children: Vec<usize> = (index + 1..joints.len())
            .filter(|child| joints[*child].parent == Some(index))
            .collect();
        let along = match children.as_slice() {
            [only] => Some(*only),
            several => several
                .iter()
                .copied()
                .find(|child| has(&names[*child], &SPINE)),
        };
        let Some(child) = along else { continue };
        let at_rest = joint_from_new[index].inverse() * joints[child].offset_in_parent_m;
        let Some(wanted) = t_pose_direction(&names[index], at_rest) else {
            continue;
        };
        joint_from_new[index] =
            (joint_from_new[index] * arc(at_rest, wanted).inverse()).normalize();
    }
}

const SPINE: [&str; 7] = [
    "spine", "chest", "neck", "head", "torso", "abdomen", "thorax",
];
const ARM: [&str; 6] = ["arm", "elbow", "shoulder", "collar", "clav", "wrist"];
const LEG: [&str; 6] = ["leg", "thigh", "knee", "shin", "calf", "femur"];

const FOOT: [&str; 2] = ["foot", "ankle"];

fn has(name: &str, words: &[&str]) -> bool {
    words.iter().any(|word| name.contains(word))
}

/// Where the bone of this joint points in a T-pose; the side of an arm is its name's.
fn t_pose_direction(name: &str, at_rest: DVec3) -> Option<DVec3> {
    if has(name, &ARM) {
        let left = name.contains("left") || name.ends_with("_l") || name.ends_with(".l");
        let right = name.contains("right") || name.ends_with("_r") || name.ends_with(".r");
        let sign = match (left, right) {
            (true, false) => 1.0,
            (false, true) => -1.0,
            _ if name.starts_with('l') => 1.0,
            _ if name.starts_with('r') => -1.0,
            _ => at_rest.x.signum(),
        };
        return Some(DVec3::X * sign);
    }
    if has(name, &LEG) {
        return Some(DVec3::NEG_Y);
    }
    if has(name, &FOOT) {
        // From the ankle ahead to the ball of the foot, as in the rest of the 22-bone human.
        return Some(DVec3::new(0.0, -0.07, 0.13).normalize());
    }
    has(name, &SPINE).then_some(DVec3::Y)
}
