//! The rest skeleton scaled to one performer: measured lengths where there are some, otherwise the
//! average proportion times one scale.

use crate::rest::{STATURE_M, human_skeleton, index_of};
use crate::spatial::median;
use backlot_geom::{HumanBone, Skeleton};
use glam::DVec3;

/// Median lengths over the take, metres.
#[derive(Default)]
pub(super) struct Lengths {
    pub thigh: Option<f64>,
    pub shank: Option<f64>,
    pub upper_arm: Option<f64>,
    pub forearm: Option<f64>,
    pub hip_to_hip: Option<f64>,
    pub shoulder_to_shoulder: Option<f64>,
    /// Middle of the hips to middle of the shoulders.
    pub trunk: Option<f64>,
}

/// Median distance between two tracks where both are seen.
pub(super) fn distance(a: &[Option<DVec3>], b: &[Option<DVec3>]) -> Option<f64> {
    let both = a
        .iter()
        .zip(b)
        .filter_map(|(a, b)| Some((*a)?.distance((*b)?)));
    median(&both.collect::<Vec<_>>()).filter(|length| *length > 0.01)
}

/// Middle of what both sides measured.
pub(super) fn pair(left: Option<f64>, right: Option<f64>) -> Option<f64> {
    match (left, right) {
        (Some(left), Some(right)) => Some((left + right) / 2.0),
        (one, None) | (None, one) => one,
    }
}

/// Skeleton and scale.
pub(super) fn fit(lengths: &Lengths, fallback_scale: f64) -> (Skeleton, f64) {
    let rest = |length: Option<f64>, average: f64| length.map(|length| length / average);
    let ratios: Vec<f64> = [
        rest(lengths.thigh, 0.41),
        rest(lengths.shank, 0.41),
        rest(lengths.trunk, 0.49),
        rest(lengths.upper_arm, 0.26),
        rest(lengths.forearm, 0.26),
    ]
    .into_iter()
    .flatten()
    .filter(|ratio| (0.3..=2.0).contains(ratio))
    .collect();
    let scale = median(&ratios).unwrap_or(fallback_scale).clamp(0.3, 2.0);
    let mut skeleton = human_skeleton(scale);
    let mut stretch = |bones: &[HumanBone], measured: Option<f64>, axis: DVec3, average: f64| {
        let Some(factor) = rest(measured, average * scale) else {
            return;
        };
        let factor = factor.clamp(0.5, 2.0);
        for bone in bones {
            let offset = &mut skeleton.joints[index_of(*bone)].offset_in_parent_m;
            *offset += axis * (offset.dot(axis) * (factor - 1.0));
        }
    };
    use HumanBone as B;
    stretch(
        &[B::LeftLowerLeg, B::RightLowerLeg],
        lengths.thigh,
        DVec3::Y,
        0.41,
    );
    stretch(&[B::LeftFoot, B::RightFoot], lengths.shank, DVec3::Y, 0.41);
    stretch(
        &[B::LeftLowerArm, B::RightLowerArm],
        lengths.upper_arm,
        DVec3::X,
        0.26,
    );
    stretch(
        &[B::LeftHand, B::RightHand],
        lengths.forearm,
        DVec3::X,
        0.26,
    );
    stretch(
        &[B::LeftUpperLeg, B::RightUpperLeg],
        lengths.hip_to_hip,
        DVec3::X,
        0.19,
    );
    let shoulders = [
        B::LeftShoulder,
        B::RightShoulder,
        B::LeftUpperArm,
        B::RightUpperArm,
    ];
    stretch(&shoulders, lengths.shoulder_to_shoulder, DVec3::X, 0.34);
    stretch(
        &[B::Spine, B::Chest, B::UpperChest],
        lengths.trunk,
        DVec3::Y,
        0.49,
    );
    (skeleton, scale)
}

/// Stature of a skeleton of this scale, metres.
pub(super) fn stature_m(scale: f64) -> f64 {
    STATURE_M * scale
}
