//! Where the 22 joints stand in T-pose.
//!
//! Words: *canonical* positions are for a figure 1.70 m tall; everything is scaled from there.
//! Invariant: left is +X and mirrors right; the soles stand on y = 0. Source: VRMC_vrm-1.0, T-pose.

use backlot_geom::HumanBone;
use backlot_geom::glam::Vec3;

use crate::settings::Look;

/// Height for which the canonical numbers are written, metres.
pub(crate) const CANONICAL_HEIGHT_M: f32 = 1.70;

/// Canonical rest positions of every bone, in the order of [`HumanBone::ALL`], metres.
pub(crate) fn canonical_joints(look: &Look) -> [Vec3; 22] {
    HumanBone::ALL.map(|bone| joint(bone, look))
}

fn joint(bone: HumanBone, look: &Look) -> Vec3 {
    let wide = look.shoulders;
    let hip = 0.5 + 0.5 * look.girth;
    let left = |x: f32, y: f32, z: f32| Vec3::new(x, y, z);
    let right = |x: f32, y: f32, z: f32| Vec3::new(-x, y, z);
    let arm = |out: f32| 0.158 * wide + out;
    match bone {
        HumanBone::Hips => left(0.0, 0.945, 0.0),
        HumanBone::Spine => left(0.0, 1.035, -0.004),
        HumanBone::Chest => left(0.0, 1.145, -0.008),
        HumanBone::UpperChest => left(0.0, 1.255, -0.012),
        HumanBone::Neck => left(0.0, 1.390, -0.014),
        HumanBone::Head => left(0.0, 1.452, -0.002),
        HumanBone::LeftShoulder => left(0.030, 1.352, -0.010),
        HumanBone::LeftUpperArm => left(arm(0.0), 1.352, -0.012),
        HumanBone::LeftLowerArm => left(arm(0.262), 1.352, -0.016),
        HumanBone::LeftHand => left(arm(0.502), 1.352, -0.006),
        HumanBone::RightShoulder => right(0.030, 1.352, -0.010),
        HumanBone::RightUpperArm => right(arm(0.0), 1.352, -0.012),
        HumanBone::RightLowerArm => right(arm(0.262), 1.352, -0.016),
        HumanBone::RightHand => right(arm(0.502), 1.352, -0.006),
        HumanBone::LeftUpperLeg => left(0.088 * hip, 0.905, 0.0),
        HumanBone::LeftLowerLeg => left(0.091 * hip, 0.495, 0.006),
        HumanBone::LeftFoot => left(0.093 * hip, 0.086, -0.022),
        HumanBone::LeftToes => left(0.097 * hip, 0.030, 0.108),
        HumanBone::RightUpperLeg => right(0.088 * hip, 0.905, 0.0),
        HumanBone::RightLowerLeg => right(0.091 * hip, 0.495, 0.006),
        HumanBone::RightFoot => right(0.093 * hip, 0.086, -0.022),
        HumanBone::RightToes => right(0.097 * hip, 0.030, 0.108),
    }
}
