//! Which bones move a vertex, and by how much.
//!
//! Words: each bone has a *core* line; a vertex follows the bones whose cores are near.
//! Invariant: at most four bones, weights of 255 summing exactly, never across the body's middle
//! for
//! legs and arms.

use backlot_geom::HumanBone;
use backlot_geom::glam::Vec3;

/// The cores of the 22 bones in canonical metres.
pub(crate) struct Cores {
    line: [(Vec3, Vec3); 22],
}

impl Cores {
    pub fn new(joint: &[Vec3; 22]) -> Self {
        let line = HumanBone::ALL.map(|bone| core(bone, joint));
        Self { line }
    }

    /// Joints and weights for a point, from the allowed bones only.
    pub fn weigh(&self, point: Vec3, allowed: &[HumanBone]) -> ([u8; 4], [u8; 4]) {
        let mut pull: Vec<(f32, u8)> = allowed
            .iter()
            .map(|bone| {
                let index = *bone as usize;
                let (a, b) = self.line[index];
                let near = distance_to_line(point, a, b) + 0.006;
                (side_factor(*bone, point) / near.powi(5), index as u8)
            })
            .collect();
        pull.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        pull.truncate(4);
        quantise(&pull)
    }
}

fn core(bone: HumanBone, joint: &[Vec3; 22]) -> (Vec3, Vec3) {
    let at = |bone: HumanBone| joint[bone as usize];
    let here = at(bone);
    let wide = |half: f32, up: f32| {
        (
            here + Vec3::new(-half, up, 0.0),
            here + Vec3::new(half, up, 0.0),
        )
    };
    let from = |start: f32, end: Vec3| (here.lerp(end, start), end);
    match bone {
        HumanBone::Hips => wide(0.085, 0.015),
        HumanBone::Spine => wide(0.060, 0.050),
        HumanBone::Chest => wide(0.065, 0.050),
        HumanBone::UpperChest => wide(0.085, 0.045),
        HumanBone::Neck => from(0.25, at(HumanBone::Head)),
        HumanBone::Head => (here + Vec3::Y * 0.03, here + Vec3::Y * 0.18),
        HumanBone::LeftShoulder => from(0.15, here.lerp(at(HumanBone::LeftUpperArm), 0.85)),
        HumanBone::RightShoulder => from(0.15, here.lerp(at(HumanBone::RightUpperArm), 0.85)),
        HumanBone::LeftUpperArm => from(0.10, at(HumanBone::LeftLowerArm)),
        HumanBone::RightUpperArm => from(0.10, at(HumanBone::RightLowerArm)),
        HumanBone::LeftLowerArm => from(0.02, at(HumanBone::LeftHand)),
        HumanBone::RightLowerArm => from(0.02, at(HumanBone::RightHand)),
        HumanBone::LeftHand => (here + Vec3::X * 0.012, here + Vec3::X * 0.17),
        HumanBone::RightHand => (here - Vec3::X * 0.012, here - Vec3::X * 0.17),
        HumanBone::LeftUpperLeg => from(0.16, at(HumanBone::LeftLowerLeg)),
        HumanBone::RightUpperLeg => from(0.16, at(HumanBone::RightLowerLeg)),
        HumanBone::LeftLowerLeg => from(0.02, at(HumanBone::LeftFoot)),
        HumanBone::RightLowerLeg => from(0.02, at(HumanBone::RightFoot)),
        HumanBone::LeftFoot => foot_core(here, at(HumanBone::LeftToes)),
        HumanBone::RightFoot => foot_core(here, at(HumanBone::RightToes)),
        HumanBone::LeftToes | HumanBone::RightToes => {
            (here + Vec3::Z * 0.012, here + Vec3::new(0.0, -0.005, 0.06))
        }
    }
}

/// The foot moves the heel too: its core runs from under the ankle to short of the ball.
fn foot_core(ankle: Vec3, ball: Vec3) -> (Vec3, Vec3) {
    (
        ankle + Vec3::new(0.0, -0.045, -0.03),
        ankle.lerp(ball, 0.85),
    )
}

fn distance_to_line(point: Vec3, a: Vec3, b: Vec3) -> f32 {
    let axis = b - a;
    let along = ((point - a).dot(axis) / axis.length_squared().max(1e-12)).clamp(0.0, 1.0);
    (point - a - axis * along).length()
}

/// 0 on the other side of the body's middle for a bone that has a side, 1 well on its own.
fn side_factor(bone: HumanBone, point: Vec3) -> f32 {
    let name = bone.vrm_name();
    let signed = if name.starts_with("left") {
        point.x
    } else if name.starts_with("right") {
        -point.x
    } else {
        return 1.0;
    };
    let ramp = ((signed + 0.015) / 0.03).clamp(0.0, 1.0);
    ramp * ramp * (3.0 - 2.0 * ramp)
}

fn quantise(pull: &[(f32, u8)]) -> ([u8; 4], [u8; 4]) {
    let total: f32 = pull.iter().map(|p| p.0).sum();
    let mut joints = [0_u8; 4];
    let mut weights = [0_u8; 4];
    let mut left = 255_u32;
    // From the weakest to the strongest, which takes what rounding left over.
    for (slot, (strength, index)) in pull.iter().enumerate().skip(1) {
        let share = ((strength / total) * 255.0).round() as u32;
        let share = if share < 3 { 0 } else { share.min(left) };
        weights[slot] = share as u8;
        joints[slot] = if share == 0 { 0 } else { *index };
        left -= share;
    }
    weights[0] = left as u8;
    joints[0] = pull.first().map_or(0, |p| p.1);
    (joints, weights)
}
