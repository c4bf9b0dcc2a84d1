//! The 22-bone human at rest: T-pose, metres, Y up, facing +Z, +X the person's left.
//!
//! Invariant: joint order is `HumanBone::ALL`, joint names are VRM 1.0 names, the lowest point
//! (the toe tip) stands on the floor when the hips are at `HIPS_HEIGHT_M`.
//! Source: proportions of the generated Backlot character.

use backlot_geom::{HumanBone, Joint, Skeleton};
use glam::DVec3;

/// Stature of the unscaled skeleton, floor to crown.
pub(crate) const STATURE_M: f64 = 1.72;
/// Height of the hips joint of the unscaled skeleton over the floor.
pub(crate) const HIPS_HEIGHT_M: f64 = 0.95;
/// Height of the ankle (foot joint) over the sole.
pub(crate) const ANKLE_HEIGHT_M: f64 = 0.09;

/// Index of a bone in the skeleton: its place in `HumanBone::ALL`.
pub(crate) const fn index_of(bone: HumanBone) -> usize {
    bone as usize
}

/// Rest position of a bone in the world, unscaled, metres.
pub(crate) fn rest_in_world_m(bone: HumanBone) -> DVec3 {
    use HumanBone as B;
    let (x, y, z) = match bone {
        B::Hips => (0.0, HIPS_HEIGHT_M, 0.0),
        B::Spine => (0.0, 1.05, 0.0),
        B::Chest => (0.0, 1.17, 0.0),
        B::UpperChest => (0.0, 1.29, 0.0),
        B::Neck => (0.0, 1.45, 0.0),
        B::Head => (0.0, 1.54, 0.0),
        B::LeftShoulder => (0.04, 1.40, 0.0),
        B::LeftUpperArm => (0.17, 1.40, 0.0),
        B::LeftLowerArm => (0.43, 1.40, 0.0),
        B::LeftHand => (0.69, 1.40, 0.0),
        B::LeftUpperLeg => (0.095, 0.91, 0.0),
        B::LeftLowerLeg => (0.095, 0.50, 0.0),
        B::LeftFoot => (0.095, ANKLE_HEIGHT_M, 0.0),
        B::LeftToes => (0.095, 0.02, 0.13),
        right => {
            let left = rest_in_world_m(mirrored(right));
            (-left.x, left.y, left.z)
        }
    };
    DVec3::new(x, y, z)
}

/// The same bone on the other side of the body; middle bones are their own mirror.
pub(crate) const fn mirrored(bone: HumanBone) -> HumanBone {
    use HumanBone as B;
    match bone {
        B::LeftShoulder => B::RightShoulder,
        B::LeftUpperArm => B::RightUpperArm,
        B::LeftLowerArm => B::RightLowerArm,
        B::LeftHand => B::RightHand,
        B::LeftUpperLeg => B::RightUpperLeg,
        B::LeftLowerLeg => B::RightLowerLeg,
        B::LeftFoot => B::RightFoot,
        B::LeftToes => B::RightToes,
        B::RightShoulder => B::LeftShoulder,
        B::RightUpperArm => B::LeftUpperArm,
        B::RightLowerArm => B::LeftLowerArm,
        B::RightHand => B::LeftHand,
        B::RightUpperLeg => B::LeftUpperLeg,
        B::RightLowerLeg => B::LeftLowerLeg,
        B::RightFoot => B::LeftFoot,
        B::RightToes => B::LeftToes,
        middle => middle,
    }
}

/// The T-pose human scaled by one factor: joints in `HumanBone::ALL` order with VRM names, end
/// sites at crown, fingertips and toe tips. The root's own offset is zero.
pub fn human_skeleton(scale: f64) -> Skeleton {
    let joints = HumanBone::ALL
        .iter()
        .map(|bone| Joint {
            name: bone.vrm_name().to_owned(),
            parent: bone.parent().map(index_of),
            offset_in_parent_m: bone.parent().map_or(DVec3::ZERO, |parent| {
                (rest_in_world_m(*bone) - rest_in_world_m(parent)) * scale
            }),
        })
        .collect();
    let ends = [
        (HumanBone::Head, DVec3::new(0.0, STATURE_M - 1.54, 0.0)),
        (HumanBone::LeftHand, DVec3::new(0.17, 0.0, 0.0)),
        (HumanBone::RightHand, DVec3::new(-0.17, 0.0, 0.0)),
        (HumanBone::LeftToes, DVec3::new(0.0, -0.02, 0.07)),
        (HumanBone::RightToes, DVec3::new(0.0, -0.02, 0.07)),
    ];
    let end_sites_m = ends
        .iter()
        .map(|(bone, tip)| (index_of(*bone), *tip * scale))
        .collect();
    Skeleton {
        joints,
        end_sites_m,
    }
}

#[cfg(test)]
mod tests {
    use super::{human_skeleton, index_of};
    use backlot_geom::HumanBone;

    #[test]
    fn order_and_mirror_hold() {
        let skeleton = human_skeleton(1.0);
        for (place, bone) in HumanBone::ALL.iter().enumerate() {
            assert_eq!(index_of(*bone), place);
            assert_eq!(skeleton.joints[place].name, bone.vrm_name());
        }
        let left = skeleton.joints[index_of(HumanBone::LeftHand)].offset_in_parent_m;
        let right = skeleton.joints[index_of(HumanBone::RightHand)].offset_in_parent_m;
        assert_eq!((left.x, left.y), (-right.x, right.y));
        assert!(left.x > 0.0);
    }
}
