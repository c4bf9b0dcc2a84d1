//! How each source joint's axes stand to the character's bone: the rest-pose correction.
//!
//! Words: `joint_from_bone` is the fixed rotation with
//! `world_from_bone = world_from_joint * joint_from_bone`. When the source's rest pose is a
//! standing
//! human (T, A or arms down), it is read from the rest directions; when all offsets lie along odd
//! axes and rest is no pose at all, it is measured from the motion itself.
//! Invariant: for the character's own skeleton every correction is the identity.

use backlot_geom::glam::{DMat3, DQuat, DVec3};
use backlot_geom::{
    HumanBone::{self, *},
    Skeleton,
};

use crate::character::Character;
use crate::topology::Mapping;

/// How the source's rest pose was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RestKind {
    /// A standing figure: directions of the rest pose.
    Standing,
    /// No figure: axes measured over the motion.
    Measured,
}

/// One source frame in the world.
pub(crate) struct SourceFrame {
    pub at_m: Vec<DVec3>,
    pub turn: Vec<DQuat>,
}

pub(crate) struct Correction {
    pub joint_from_bone: [DQuat; 22],
    pub kind: RestKind,
}

const LIMBS: [[HumanBone; 3]; 4] = [
    [LeftUpperArm, LeftLowerArm, LeftHand],
    [RightUpperArm, RightLowerArm, RightHand],
    [LeftUpperLeg, LeftLowerLeg, LeftFoot],
    [RightUpperLeg, RightLowerLeg, RightFoot],
];

/// Correction of every mapped bone. `frames` is a sample of the motion.
pub(crate) fn correction(
    skeleton: &Skeleton,
    mapping: &Mapping,
    character: &Character,
    frames: &[SourceFrame],
) -> Correction {
    let rest = rest_positions(skeleton);
    match standing_axes(&rest, mapping) {
        Some(body) => Correction {
            joint_from_bone: from_rest(&rest, mapping, character, body),
            kind: RestKind::Standing,
        },
        None => Correction {
            joint_from_bone: measured(skeleton, mapping, character, frames),
            kind: RestKind::Measured,
        },
    }
}

fn rest_positions(skeleton: &Skeleton) -> Vec<DVec3> {
    let mut at: Vec<DVec3> = Vec::with_capacity(skeleton.joints.len());
    for joint in &skeleton.joints {
        at.push(
            joint
                .parent
                .map_or(DVec3::ZERO, |parent| at[parent] + joint.offset_in_parent_m),
        );
    }
    at
}

fn unit(vector: DVec3) -> Option<DVec3> {
    vector.try_normalize()
}

/// `world_from_body` (left, up, forward) of a rest pose that stands; nothing when it does not.
fn standing_axes(rest: &[DVec3], mapping: &Mapping) -> Option<DQuat> {
    let at = |bone: HumanBone| mapping.joint(bone).map(|joint| rest[joint]);
    let hips = 0.5 * (at(LeftUpperLeg)? + at(RightUpperLeg)?);
    for leg in [
        [LeftUpperLeg, LeftLowerLeg, LeftFoot],
        [RightUpperLeg, RightLowerLeg, RightFoot],
    ] {
        for pair in leg.windows(2) {
            if unit(at(pair[1])? - at(pair[0])?)?.y > -0.7 {
                return None;
            }
        }
    }
    let top = at(Head)
        .or(at(Neck))
        .or(at(UpperChest))
        .or(at(Chest))
        .or(at(Spine))?;
    if unit(top - hips)?.y < 0.7 {
        return None;
    }
    let across = at(LeftUpperLeg)? - at(RightUpperLeg)?;
    let across = unit(DVec3::new(across.x, 0.0, across.z))?;
    for [upper, lower, _] in LIMBS.into_iter().take(2) {
        if let (Some(a), Some(b)) = (at(upper), at(lower)) {
            let side = if upper == LeftUpperArm {
                across
            } else {
                -across
            };
            let along = unit(b - a)?;
            // Neither raised overhead nor crossed: a calm arm.
            if along.y > 0.6 || along.dot(side) < -0.5 {
                return None;
            }
        }
    }
    Some(DQuat::from_mat3(&DMat3::from_cols(
        across,
        DVec3::Y,
        across.cross(DVec3::Y),
    )))
}

fn from_rest(
    rest: &[DVec3],
    mapping: &Mapping,
    character: &Character,
    world_from_body: DQuat,
) -> [DQuat; 22] {
    let body_from_world = world_from_body.inverse();
    let mut inner = [DQuat::IDENTITY; 22];
    let source = |from: HumanBone, to: HumanBone| {
        let (a, b) = (mapping.joint(from)?, mapping.joint(to)?);
        unit(body_from_world * (rest[b] - rest[a]))
    };
    let own = |from: HumanBone, to: HumanBone| {
        unit(character.rest_in_world_m[to as usize] - character.rest_in_world_m[from as usize])
    };
    for [upper, lower, end] in LIMBS {
        if let (Some(there), Some(here)) = (source(upper, lower), own(upper, lower)) {
            inner[upper as usize] = arc(here, there);
            inner[lower as usize] = inner[upper as usize];
        }
        if let (Some(there), Some(here)) = (source(lower, end), own(lower, end)) {
            // On top of the upper bone's turn, so that the twist is carried down the limb.
            let carried = inner[upper as usize];
            inner[lower as usize] = arc(carried * here, there) * carried;
        }
        if matches!(end, LeftHand | RightHand) {
            inner[end as usize] = inner[lower as usize];
        }
    }
    for (foot, toes) in [(LeftFoot, LeftToes), (RightFoot, RightToes)] {
        if let (Some(there), Some(here)) = (source(foot, toes), own(foot, toes)) {
            // Both stand on their soles at rest: only the heading may differ.
            let flat = |d: DVec3| DVec3::new(d.x, 0.0, d.z);
            let turn = match (unit(flat(here)), unit(flat(there))) {
                (Some(a), Some(b)) if flat(there).length() > 0.4 => arc(a, b),
                _ => arc(here, there),
            };
            inner[foot as usize] = turn;
            inner[toes as usize] = turn;
        }
    }
    inner.map(|turn| (world_from_body * turn).normalize())
}

/// Shortest turn; exactly the identity for equal directions.
fn arc(from: DVec3, to: DVec3) -> DQuat {
    if from.distance_squared(to) < 1e-18 {
        DQuat::IDENTITY
    } else {
        DQuat::from_rotation_arc(from, to)
    }
}

/// Axes of a bone in the world, measured in one frame, with the trust it deserves.
struct Seen {
    world_from_bone: DQuat,
    trust: f64,
}

fn measured(
    skeleton: &Skeleton,
    mapping: &Mapping,
    character: &Character,
    frames: &[SourceFrame],
) -> [DQuat; 22] {
    let floor_m = ankle_floor(mapping, frames);
    HumanBone::ALL.map(|bone| {
        let Some(joint) = mapping.joint(bone) else {
            return DQuat::IDENTITY;
        };
        let mut sum = DMat3::ZERO;
        for frame in frames {
            if let Some(seen) = see(bone, mapping, character, frame, floor_m) {
                let joint_from_bone = frame.turn[joint].inverse() * seen.world_from_bone;
                sum += DMat3::from_quat(joint_from_bone) * seen.trust;
            }
        }
        // A foot's own line slopes from ankle to ball: its flat sole was measured instead.
        if matches!(bone, LeftFoot | LeftToes | RightFoot | RightToes) {
            return mean_rotation(sum);
        }
        let along = own_axis(bone, skeleton, mapping);
        let turn = square_up(mean_rotation(sum), along);
        // Limbs point exactly where the performer's do.
        match (LIMBS.iter().find(|limb| limb[..2].contains(&bone)), along) {
            (Some(limb), Some(axis)) => {
                let next = if limb[0] == bone { limb[1] } else { limb[2] };
                let rest = |b: HumanBone| character.rest_in_world_m[b as usize];
                unit(rest(next) - rest(bone)).map_or(turn, |own| arc(turn * own, axis) * turn)
            }
            _ => turn,
        }
    })
}

/// The least height of an ankle that is usual in the motion.
pub(crate) fn ankle_floor(mapping: &Mapping, frames: &[SourceFrame]) -> f64 {
    let feet = [mapping.joint(LeftFoot), mapping.joint(RightFoot)];
    let mut heights: Vec<f64> = frames
        .iter()
        .filter_map(|frame| {
            feet.iter()
                .flatten()
                .map(|foot| frame.at_m[*foot].y)
                .reduce(f64::min)
        })
        .collect();
    heights.sort_by(f64::total_cmp);
    heights.get(heights.len() / 20).copied().unwrap_or(0.0)
}

fn axes(left: DVec3, up: DVec3) -> Option<DQuat> {
    let left = unit(left)?;
    let forward = unit(left.cross(up))?;
    Some(DQuat::from_mat3(&DMat3::from_cols(
        left,
        forward.cross(left),
        forward,
    )))
}

fn see(
    bone: HumanBone,
    mapping: &Mapping,
    character: &Character,
    frame: &SourceFrame,
    floor_m: f64,
) -> Option<Seen> {
    let at = |bone: HumanBone| mapping.joint(bone).map(|joint| frame.at_m[joint]);
    let trunk_top = || {
        at(UpperChest)
            .or(at(Chest))
            .or(at(Spine))
            .or(at(Neck))
            .or(at(Head))
    };
    let pelvis = || {
        let middle = 0.5 * (at(LeftUpperLeg)? + at(RightUpperLeg)?);
        axes(
            at(LeftUpperLeg)? - at(RightUpperLeg)?,
            at(Spine).or_else(trunk_top)? - middle,
        )
    };
    let ribs = || {
        let (left, right) = (at(LeftUpperArm)?, at(RightUpperArm)?);
        let top = at(Neck).or(at(Head)).unwrap_or(0.5 * (left + right));
        let low = at(Spine).or(at(Hips))?;
        axes(left - right, top - low)
    };
    let plain = |world_from_bone: Option<DQuat>| {
        Some(Seen {
            world_from_bone: world_from_bone?,
            trust: 1.0,
        })
    };
    match bone {
        Hips => plain(pelvis()),
        Spine => {
            let (low, high) = (pelvis()?, ribs().or_else(pelvis)?);
            plain(Some(
                low.slerp(if low.dot(high) < 0.0 { -high } else { high }, 0.4),
            ))
        }
        Chest | UpperChest | Neck | Head => plain(ribs().or_else(pelvis)),
        LeftShoulder | RightShoulder => plain(ribs()),
        LeftUpperArm | LeftLowerArm | LeftHand => {
            limb(bone, LIMBS[0], mapping, character, frame, DVec3::NEG_Y)
        }
        RightUpperArm | RightLowerArm | RightHand => {
            limb(bone, LIMBS[1], mapping, character, frame, DVec3::Y)
        }
        LeftUpperLeg | LeftLowerLeg => limb(bone, LIMBS[2], mapping, character, frame, DVec3::X),
        RightUpperLeg | RightLowerLeg => limb(bone, LIMBS[3], mapping, character, frame, DVec3::X),
        LeftFoot | LeftToes => planted(LIMBS[2], LeftToes, mapping, frame, floor_m),
        RightFoot | RightToes => planted(LIMBS[3], RightToes, mapping, frame, floor_m),
    }
}

/// Axes of an arm or leg bone from its direction and the plane in which the limb bends; `hinge` is
/// the character's bending axis at rest.
fn limb(
    bone: HumanBone,
    chain: [HumanBone; 3],
    mapping: &Mapping,
    character: &Character,
    frame: &SourceFrame,
    hinge: DVec3,
) -> Option<Seen> {
    let at = |bone: HumanBone| mapping.joint(bone).map(|joint| frame.at_m[joint]);
    let [upper, lower, end] = chain;
    let (above, below) = (unit(at(lower)? - at(upper)?)?, unit(at(end)? - at(lower)?)?);
    let normal = above.cross(below);
    let bend = normal.length();
    let rest = |bone: HumanBone| character.rest_in_world_m[bone as usize];
    let (own, seen) = if bone == upper {
        (rest(lower) - rest(upper), above)
    } else {
        (rest(end) - rest(lower), below)
    };
    let from = basis(unit(own)?, hinge)?;
    let to = basis(seen, unit(normal)?)?;
    Some(Seen {
        world_from_bone: (to * from.inverse()).normalize(),
        trust: bend * bend + 1e-9,
    })
}

/// Rotation whose x is `along` and whose z is `across`, made square.
fn basis(along: DVec3, across: DVec3) -> Option<DQuat> {
    let y = unit(across.cross(along))?;
    Some(DQuat::from_mat3(&DMat3::from_cols(
        along,
        y,
        along.cross(y),
    )))
}

/// A foot on the floor is flat: its up is the world's, its heading the toes' or the knee's.
fn planted(
    leg: [HumanBone; 3],
    toes: HumanBone,
    mapping: &Mapping,
    frame: &SourceFrame,
    floor_m: f64,
) -> Option<Seen> {
    let at = |bone: HumanBone| mapping.joint(bone).map(|joint| frame.at_m[joint]);
    let (hip, knee, ankle) = (at(leg[0])?, at(leg[1])?, at(leg[2])?);
    let length = hip.distance(knee) + knee.distance(ankle);
    let height = (ankle.y - floor_m) / length;
    let toward = match at(toes) {
        Some(toe) if toe.distance(ankle) > 0.02 * length => toe - ankle,
        _ => knee - 0.5 * (hip + ankle),
    };
    let forward = unit(DVec3::new(toward.x, 0.0, toward.z))?;
    let turn = DQuat::from_mat3(&DMat3::from_cols(
        DVec3::Y.cross(forward),
        DVec3::Y,
        forward,
    ));
    let near = (-(height / 0.02).powi(2)).exp();
    Some(Seen {
        world_from_bone: turn,
        trust: near + 1e-9,
    })
}

/// Where the joint's own bone lies in its frame.
fn own_axis(bone: HumanBone, skeleton: &Skeleton, mapping: &Mapping) -> Option<DVec3> {
    let child = HumanBone::ALL
        .into_iter()
        .find(|child| child.parent() == Some(bone))?;
    let (joint, child) = (mapping.joint(bone)?, mapping.joint(child)?);
    (skeleton.joints[child].parent == Some(joint))
        .then(|| unit(skeleton.joints[child].offset_in_parent_m))?
}

/// Rotation nearest to a sum of rotations: polar decomposition by Newton's iteration (Higham 1986).
fn mean_rotation(sum: DMat3) -> DQuat {
    let size = sum.determinant().abs().cbrt();
    if !(size.is_finite() && size > 1e-9) {
        return DQuat::IDENTITY;
    }
    let mut m = sum * (1.0 / size);
    for _ in 0..24 {
        m = (m + m.inverse().transpose()) * 0.5;
    }
    if m.is_finite() && m.determinant() > 0.0 {
        DQuat::from_mat3(&m).normalize()
    } else {
        DQuat::IDENTITY
    }
}

/// Rigs with odd axes are built on right angles: a joint whose bone lies along one of its own axes
/// takes the nearest right-angled correction when it is near enough.
fn square_up(joint_from_bone: DQuat, along: Option<DVec3>) -> DQuat {
    const NEAR_RAD: f64 = 0.5;
    if along.is_some_and(|axis| axis.abs().max_element() < 0.995) {
        return joint_from_bone;
    }
    let near = |v: DVec3| {
        let a = v.abs();
        if a.x >= a.y && a.x >= a.z {
            DVec3::X * v.x.signum()
        } else if a.y >= a.z {
            DVec3::Y * v.y.signum()
        } else {
            DVec3::Z * v.z.signum()
        }
    };
    let m = DMat3::from_quat(joint_from_bone);
    let (x, y) = (near(m.x_axis), near(m.y_axis));
    if x.dot(y).abs() > 0.5 {
        return joint_from_bone;
    }
    let square = DQuat::from_mat3(&DMat3::from_cols(x, y, x.cross(y)));
    if square.angle_between(joint_from_bone) < NEAR_RAD {
        square
    } else {
        joint_from_bone
    }
}
