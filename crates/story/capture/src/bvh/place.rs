//! Unit, up axis, rest pose and facing of a motion that states none of them.
//!
//! The body is the measure: a stature of 1.2 to 2.2 m picks the unit (the five candidate units have
//! disjoint ranges), feet to head picks the up axis, left to right picks the facing.

use super::BvhTake;
use crate::spatial::arc;
use backlot_geom::Motion;
use glam::{DQuat, DVec3};
use serde::{Deserialize, Serialize};

/// Length unit of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthUnit {
    Metre,
    Centimetre,
    Millimetre,
    Inch,
    Foot,
    /// CMU's ASF/AMC unit, 1/0.45 inch.
    CmuUnit,
}

impl LengthUnit {
    const ALL: [Self; 6] = [
        Self::Centimetre,
        Self::Metre,
        Self::Millimetre,
        Self::Inch,
        Self::CmuUnit,
        Self::Foot,
    ];

    /// Metres per unit.
    pub const fn metres(self) -> f64 {
        match self {
            Self::Metre => 1.0,
            Self::Centimetre => 0.01,
            Self::Millimetre => 0.001,
            Self::Inch => 0.0254,
            Self::Foot => 0.3048,
            Self::CmuUnit => 0.0254 / 0.45,
        }
    }
}

/// A signed axis of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxisInFile {
    #[serde(rename = "+X")]
    PlusX,
    #[serde(rename = "-X")]
    MinusX,
    #[serde(rename = "+Y")]
    PlusY,
    #[serde(rename = "-Y")]
    MinusY,
    #[serde(rename = "+Z")]
    PlusZ,
    #[serde(rename = "-Z")]
    MinusZ,
}

impl AxisInFile {
    pub const fn direction(self) -> DVec3 {
        match self {
            Self::PlusX => DVec3::X,
            Self::MinusX => DVec3::NEG_X,
            Self::PlusY => DVec3::Y,
            Self::MinusY => DVec3::NEG_Y,
            Self::PlusZ => DVec3::Z,
            Self::MinusZ => DVec3::NEG_Z,
        }
    }

    /// `world_from_file` when this axis points up: the quarter or half turn that makes it +Y.
    pub fn world_from_file(self) -> DQuat {
        use std::f64::consts::{FRAC_PI_2, PI};
        match self {
            Self::PlusY => DQuat::IDENTITY,
            Self::MinusY => DQuat::from_rotation_x(PI),
            Self::PlusZ => DQuat::from_rotation_x(-FRAC_PI_2),
            Self::MinusZ => DQuat::from_rotation_x(FRAC_PI_2),
            Self::PlusX => DQuat::from_rotation_z(FRAC_PI_2),
            Self::MinusX => DQuat::from_rotation_z(-FRAC_PI_2),
        }
    }

    /// The axis nearest to a direction, if it is clearly nearest (within about 40°).
    pub(crate) fn nearest(direction: DVec3) -> Option<Self> {
        let unit = direction.try_normalize()?;
        [
            Self::PlusY,
            Self::PlusZ,
            Self::MinusY,
            Self::MinusZ,
            Self::PlusX,
            Self::MinusX,
        ]
        .into_iter()
        .find(|axis| axis.direction().dot(unit) > 0.77)
    }
}

/// Joints the placing leans on, found by the plain English words of their names.
pub(super) struct Landmarks {
    head: Option<usize>,
    feet: Vec<usize>,
    /// Pairs of joints with the same name on the left and on the right, most useful first.
    pub sides: Vec<(usize, usize)>,
}

impl Landmarks {
    fn find(motion: &Motion) -> Self {
        let names: Vec<String> = motion
            .skeleton
            .joints
            .iter()
            .map(|joint| joint.name.to_lowercase())
            .collect();
        let find = |word: &str| names.iter().position(|name| name.contains(word));
        let head = find("head").or_else(|| find("neck"));
        let foot = ["ankle", "foot", "toe"]
            .into_iter()
            .find(|word| find(word).is_some());
        let feet = foot.map_or(Vec::new(), |word| {
            let feet = names
                .iter()
                .enumerate()
                .filter(|(_, name)| name.contains(word));
            feet.map(|(index, _)| index).collect()
        });
        let mut sides = Vec::new();
        for (left, name) in names.iter().enumerate() {
            let Some(right_name) = other_side(&motion.skeleton.joints[left].name, name) else {
                continue;
            };
            if let Some(right) = names.iter().position(|name| *name == right_name) {
                sides.push((left, right));
            }
        }
        Self { head, feet, sides }
    }

    /// Feet to head over the given joint positions.
    pub fn upward(&self, positions: &[DVec3]) -> Option<DVec3> {
        let head = positions[self.head?];
        if self.feet.is_empty() {
            return None;
        }
        let feet = self.feet.iter().map(|foot| positions[*foot]).sum::<DVec3>();
        Some(head - feet / self.feet.len() as f64)
    }

    /// Right to left over the given joint positions.
    pub fn leftward(&self, positions: &[DVec3]) -> DVec3 {
        self.sides
            .iter()
            .map(|(left, right)| positions[*left] - positions[*right])
            .sum()
    }
}

/// `leftarm` → `rightarm`, `upperarm_l` → `upperarm_r`, `LArm` → `rarm`; lower case out.
fn other_side(original: &str, lower: &str) -> Option<String> {
    if lower.contains("left") {
        return Some(lower.replacen("left", "right", 1));
    }
    for (left, right) in [("_l", "_r"), (".l", ".r"), ("-l", "-r"), (" l", " r")] {
        if let Some(stem) = lower.strip_suffix(left) {
            return Some(format!("{stem}{right}"));
        }
    }
    for (left, right) in [("l_", "r_"), ("l.", "r."), ("_l_", "_r_")] {
        if let Some(at) = lower
            .find(left)
            .filter(|at| *at == 0 || left.starts_with('_'))
        {
            return Some(format!(
                "{}{right}{}",
                &lower[..at],
                &lower[at + left.len()..]
            ));
        }
    }
    let mut letters = original.chars();
    let camel = matches!(letters.next(), Some('L' | 'l'))
        && letters.next().is_some_and(|second| second.is_uppercase());
    camel.then(|| format!("r{}", &lower[1..]))
}

/// Turns a motion in file units and axes into metres, Y up, resting upright and facing +Z.
pub(super) fn place(mut motion: Motion, mut warnings: Vec<String>) -> BvhTake {
    let landmarks = Landmarks::find(&motion);
    let sampled = sample(&motion);
    let up = up_axis(&motion, &landmarks, &sampled, &mut warnings);
    turn(&mut motion, up.world_from_file());
    let sampled = sample(&motion);
    let stature = stature(&motion, &landmarks, &sampled);
    let (unit, stature_m) = unit(stature, &mut warnings);
    scale(&mut motion, unit.metres());
    settle_rest(&mut motion, &landmarks, &mut warnings);
    BvhTake {
        motion,
        unit_assumed: unit,
        up_axis_in_file: up,
        stature_m,
        warnings,
    }
}

/// Joint positions of up to 32 frames spread over the take.
fn sample(motion: &Motion) -> Vec<Vec<DVec3>> {
    let frames = motion.frames();
    let count = frames.min(32);
    (0..count)
        .map(|k| posed(motion, k * frames / count))
        .collect()
}

pub(super) fn posed(motion: &Motion, frame: usize) -> Vec<DVec3> {
    motion
        .world_from_joints(frame)
        .iter()
        .map(|joint| joint.translation)
        .collect()
}

/// Joint positions with every rotation at identity and the root at the origin.
fn rest(motion: &Motion) -> Vec<DVec3> {
    let mut positions: Vec<DVec3> = Vec::with_capacity(motion.skeleton.joints.len());
    for joint in &motion.skeleton.joints {
        let place = joint
            .parent
            .map_or(DVec3::ZERO, |p| positions[p] + joint.offset_in_parent_m);
        positions.push(place);
    }
    positions
}

/// The pose decides when the body keeps one posture; a take of somebody lying or tumbling is
/// decided by the rest pose; without names, by the axis along which the body is longest.
fn up_axis(
    motion: &Motion,
    landmarks: &Landmarks,
    sampled: &[Vec<DVec3>],
    warnings: &mut Vec<String>,
) -> AxisInFile {
    let upward = |positions: &Vec<DVec3>| landmarks.upward(positions)?.try_normalize();
    let ways: Vec<DVec3> = sampled.iter().filter_map(upward).collect();
    let mean = ways.iter().sum::<DVec3>() / ways.len().max(1) as f64;
    if mean.length() > 0.85
        && let Some(axis) = AxisInFile::nearest(mean)
    {
        return axis;
    }
    if let Some(axis) = upward(&rest(motion)).and_then(AxisInFile::nearest) {
        return axis;
    }
    if landmarks.head.is_some() && !landmarks.feet.is_empty() {
        warnings.push("the body keeps no upright posture; Y was taken as up".to_owned());
        return AxisInFile::PlusY;
    }
    let extent = mean_extent(sampled);
    if extent.z > 1.3 * extent.y {
        warnings.push("no head and feet by name; Z was taken as up, the body is longest so".into());
        return AxisInFile::PlusZ;
    }
    AxisInFile::PlusY
}

fn mean_extent(sampled: &[Vec<DVec3>]) -> DVec3 {
    let extents = sampled.iter().map(|positions| {
        let low = positions
            .iter()
            .copied()
            .reduce(DVec3::min)
            .unwrap_or_default();
        let high = positions
            .iter()
            .copied()
            .reduce(DVec3::max)
            .unwrap_or_default();
        high - low
    });
    extents.sum::<DVec3>() / sampled.len().max(1) as f64
}

/// Rotates the world: path, offsets and rotations alike, so rest axes stay parallel to the world's.
fn turn(motion: &mut Motion, world_from_file: DQuat) {
    if world_from_file == DQuat::IDENTITY {
        return;
    }
    let back = world_from_file.inverse();
    for joint in &mut motion.skeleton.joints {
        joint.offset_in_parent_m = world_from_file * joint.offset_in_parent_m;
    }
    for (_, tip) in &mut motion.skeleton.end_sites_m {
        *tip = world_from_file * *tip;
    }
    for place in &mut motion.root_in_world_m {
        *place = world_from_file * *place;
    }
    for rotation in &mut motion.parent_from_joint {
        *rotation = (world_from_file * *rotation * back).normalize();
    }
}

fn scale(motion: &mut Motion, factor: f64) {
    for joint in &mut motion.skeleton.joints {
        joint.offset_in_parent_m *= factor;
    }
    for (_, tip) in &mut motion.skeleton.end_sites_m {
        *tip *= factor;
    }
    for place in &mut motion.root_in_world_m {
        *place *= factor;
    }
}

/// Stature in file units. With a head and feet by name: the straight lengths from the hip over knee
/// to foot and from the root to the head, which no posture changes, plus the head's own top and the
/// foot's height (a tenth together, Drillis & Contini 1966). Otherwise the tallest posture.
fn stature(motion: &Motion, landmarks: &Landmarks, sampled: &[Vec<DVec3>]) -> f64 {
    let joints = &motion.skeleton.joints;
    let chain = |tip: usize| {
        let mut lengths = Vec::new();
        let mut at = tip;
        while let Some(parent) = joints[at].parent {
            lengths.push(joints[at].offset_in_parent_m.length());
            at = parent;
        }
        lengths
    };
    let leg = landmarks.feet.iter().map(|foot| {
        let lengths = chain(*foot);
        // Not the sideways step from the root to the hip.
        lengths.iter().rev().skip(1).rev().take(2).sum::<f64>()
    });
    let leg = leg.fold(0.0, f64::max);
    let torso: f64 = landmarks.head.map_or(0.0, |head| chain(head).iter().sum());
    if leg > 0.0 && torso > 0.0 && leg < 4.0 * torso && torso < 4.0 * leg {
        return (leg + torso) * 1.1;
    }
    let heights = sampled.iter().map(|positions| {
        let heights = positions.iter().map(|place| place.y);
        heights.clone().fold(f64::MIN, f64::max) - heights.fold(f64::MAX, f64::min)
    });
    heights.fold(0.0, f64::max) * 1.1
}

fn unit(stature: f64, warnings: &mut Vec<String>) -> (LengthUnit, f64) {
    if stature.is_nan() || stature <= 1e-9 {
        warnings.push("the skeleton has no extent; centimetres were assumed".to_owned());
        return (LengthUnit::Centimetre, 0.0);
    }
    let human = |unit: &LengthUnit| (1.2..=2.2).contains(&(stature * unit.metres()));
    if let Some(unit) = LengthUnit::ALL.into_iter().find(human) {
        return (unit, stature * unit.metres());
    }
    let miss = |unit: &LengthUnit| (stature * unit.metres() / 1.7).ln().abs();
    let nearest = LengthUnit::ALL
        .into_iter()
        .min_by(|a, b| miss(a).total_cmp(&miss(b)));
    let unit = nearest.unwrap_or(LengthUnit::Centimetre);
    let metres = stature * unit.metres();
    warnings.push(format!(
        "no unit gives a human stature; the nearest makes it {metres:.2} m"
    ));
    (unit, metres)
}

/// Makes the rest pose upright and facing +Z. An upright rest is only turned about Y; a rest that
/// is no posture (some exporters lay every bone along X) is replaced by a T-pose made from the
/// take: joint frames are re-based, the performed motion does not change.
fn settle_rest(motion: &mut Motion, landmarks: &Landmarks, warnings: &mut Vec<String>) {
    let resting = rest(motion);
    let Some(upward) = landmarks.upward(&resting) else {
        return;
    };
    let leftward = landmarks.leftward(&resting);
    let upright = upward.try_normalize().is_some_and(|way| way.y > 0.8);
    let flat = leftward.x.hypot(leftward.z) > 0.5 * leftward.length();
    if upright && flat && leftward.length() > 1e-6 {
        let turn_back = arc(DVec3::new(leftward.x, 0.0, leftward.z), DVec3::X);
        if turn_back.angle_between(DQuat::IDENTITY) > 0.17 {
            turn(motion, snapped_turn(turn_back));
            warnings.push("the rest pose faced another way; the take was turned to +Z".to_owned());
        }
        return;
    }
    if upright && landmarks.sides.is_empty() {
        return;
    }
    super::rest_pose::rebase(motion, landmarks);
    warnings.push("the rest pose is no posture; a T-pose was made from the take".to_owned());
}

/// A turn about Y alone, to the nearest quarter when within a degree of one.
fn snapped_turn(turn: DQuat) -> DQuat {
    let angle = crate::spatial::heading_rad(turn);
    let quarter = (angle / std::f64::consts::FRAC_PI_2).round() * std::f64::consts::FRAC_PI_2;
    DQuat::from_rotation_y(if (angle - quarter).abs() < 0.018 {
        quarter
    } else {
        angle
    })
}
