//! Biovision hierarchies (BVH): reading any dialect we have met, writing one plain dialect.
//!
//! BVH states no unit, no up axis and no facing. `read` infers all three from the body itself,
//! records what it assumed, and returns a motion in metres, Y up.
//! Source: Meredith & Maddock, "Motion capture file formats explained", Sheffield CS-01-11.

mod error;
mod parse;
mod place;
mod rest_pose;
mod words;
mod write;

pub use error::{BvhError, BvhReason};
pub use place::{AxisInFile, LengthUnit};
pub use write::write;

use backlot_geom::{Joint, Motion, Skeleton};
use glam::{DQuat, DVec3};
use parse::{Channel, RawTake};

/// A BVH file, read and placed.
#[derive(Debug, Clone, PartialEq)]
pub struct BvhTake {
    pub motion: Motion,
    /// The unit the file's lengths were taken for, from the height of the body.
    pub unit_assumed: LengthUnit,
    /// The axis of the file that points up.
    pub up_axis_in_file: AxisInFile,
    /// Stature estimated from the skeleton, in the unit assumed.
    pub stature_m: f64,
    /// What a person should know before trusting the take.
    pub warnings: Vec<String>,
}

/// Reads one BVH file with one performer.
///
/// # Errors
/// `BvhError` with line and remedy when the file is damaged or beyond a bound (1,024 joints,
/// 2,000,000 frames, 20,000,000 rotations).
pub fn read(bytes: &[u8]) -> Result<BvhTake, BvhError> {
    let mut raw = parse::parse(bytes)?;
    let mut warnings = std::mem::take(&mut raw.warnings);
    let motion = pose(&raw, &mut warnings);
    Ok(place::place(motion, warnings))
}

/// File numbers → motion, still in file units and axes.
fn pose(raw: &RawTake, warnings: &mut Vec<String>) -> Motion {
    let joints = raw.joints.len();
    let channels = raw.channels();
    let mut offsets: Vec<DVec3> = raw.joints.iter().map(|joint| joint.offset).collect();
    let carried = moving_child(raw, warnings, &mut offsets);
    let mut root_path = Vec::with_capacity(raw.frames);
    let mut rotations = Vec::with_capacity(raw.frames * joints);
    for row in raw.values.chunks_exact(channels) {
        let mut at = 0;
        let mut root = offsets[0];
        for (index, joint) in raw.joints.iter().enumerate() {
            let numbers = &row[at..at + joint.channels.len()];
            at += joint.channels.len();
            let (position, rotation) = local(&joint.channels, numbers, joint.offset);
            rotations.push(rotation);
            if index == 0 {
                root = position;
            } else if carried == Some(index) {
                let first = rotations.len() - index - 1;
                root += rotations[first] * position;
            }
        }
        root_path.push(root);
    }
    crate::spatial::make_continuous(&mut rotations, joints);
    if let Some(child) = carried {
        offsets[child] = DVec3::ZERO;
    }
    let entries = raw
        .joints
        .iter()
        .zip(&offsets)
        .map(|(joint, offset)| Joint {
            name: joint.name.clone(),
            parent: joint.parent,
            offset_in_parent_m: if joint.parent.is_none() {
                DVec3::ZERO
            } else {
                *offset
            },
        });
    Motion {
        skeleton: Skeleton {
            joints: entries.collect(),
            end_sites_m: raw.end_sites.clone(),
        },
        frame_rate_hz: 1.0 / raw.frame_time_secs,
        root_in_world_m: root_path,
        parent_from_joint: rotations,
    }
}

/// One joint in one frame: position channels replace the offset's components, rotations apply in
/// file order, the first listed outermost.
fn local(channels: &[Channel], numbers: &[f64], offset: DVec3) -> (DVec3, DQuat) {
    let mut position = offset;
    let mut rotation = DQuat::IDENTITY;
    for (channel, value) in channels.iter().zip(numbers) {
        match channel {
            Channel::Position(axis) => position[*axis] = *value,
            Channel::Rotation(axis) => {
                let unit = DVec3::AXES[*axis];
                rotation *= DQuat::from_axis_angle(unit, value.to_radians());
            }
        }
    }
    (position, rotation.normalize())
}

/// Position channels below the root. Steady ones become the joint's offset; the only child of the
/// root may travel (many studios hang the hips under a still root) and is returned, its travel is
/// moved into the root's path; any other travel cannot be kept and is reported.
fn moving_child(raw: &RawTake, warnings: &mut Vec<String>, offsets: &mut [DVec3]) -> Option<usize> {
    let channels = raw.channels();
    let only_child = raw
        .joints
        .iter()
        .filter(|joint| joint.parent == Some(0))
        .count()
        == 1;
    let body: f64 = raw
        .joints
        .iter()
        .skip(1)
        .map(|joint| joint.offset.length())
        .fold(0.0, f64::max);
    let mut at = 0;
    let mut carried = None;
    for (index, joint) in raw.joints.iter().enumerate() {
        let range = at..at + joint.channels.len();
        at = range.end;
        if index == 0
            || !joint
                .channels
                .iter()
                .any(|c| matches!(c, Channel::Position(_)))
        {
            continue;
        }
        let path = || {
            raw.values
                .chunks_exact(channels)
                .map(|row| local(&joint.channels, &row[range.clone()], joint.offset).0)
        };
        let mean = path().sum::<DVec3>() / raw.frames.max(1) as f64;
        let stray = path()
            .map(|point| (point - mean).length())
            .fold(0.0, f64::max);
        if joint.parent == Some(0) && only_child && stray > 1e-3 * body {
            carried = Some(index);
            let text = "the root joint's only child travels; its path was taken as the root's";
            warnings.push(format!("{text} (`{}`)", joint.name));
            continue;
        }
        offsets[index] = mean;
        if stray > 0.01 * body {
            let text = "travels against its parent; its mean place was kept, it strays up to";
            warnings.push(format!(
                "joint `{}` {text} {stray:.3} file units",
                joint.name
            ));
        }
    }
    carried
}
