//! A performer's motion on a character's bones.
//!
//! Words: *source* is the take's own skeleton; *scale* is the ratio of leg lengths.
//! Steps, in order: refuse what is not finite or not human; map joints to bones; correct rest
//! poses;
//! turn bones in the world; place the hips so that standing ankles stand; lock the feet.
//! Invariants: heading is kept; an unmapped bone keeps its rest to its parent; the result is on the
//! character's 22 bones at the source's frame rate.

use backlot_geom::glam::{DQuat, DVec3};
use backlot_geom::{
    HumanBone::{self, *},
    Motion,
};
use serde::{Deserialize, Serialize};

use crate::character::Character;
use crate::feet::{self, Pose};
use crate::rest::{self, RestKind, SourceFrame, ankle_floor};
use crate::topology::{self, Mapping};

/// A take on a character.
#[derive(Debug, Clone, PartialEq)]
pub struct Retargeted {
    /// On the character's 22 bones.
    pub motion: Motion,
    pub report: RetargetReport,
}

/// What was understood and how well the feet stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetargetReport {
    /// Bone and the source joint that drives it, in the order of [`HumanBone::ALL`].
    pub mapped: Vec<(HumanBone, String)>,
    /// Bones that keep their rest pose.
    pub unmapped: Vec<HumanBone>,
    /// Source joints that drive nothing.
    pub unused_joints: Vec<String>,
    /// Names said nothing; the skeleton's shape decided.
    pub by_shape: bool,
    pub rest: RestKind,
    /// Character metres per source metre.
    pub scale: f64,
    pub stances: usize,
    /// Share of foot-frames in which a foot is planted.
    pub planted_share: f64,
    pub slide_median_m_per_s: f64,
    pub slide_max_m_per_s: f64,
    /// Lowest point of a sole over the whole motion; 0 is the floor.
    pub lowest_sole_m: f64,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RetargetError {
    #[error(
        "the skeleton is not a human this crate can read: no {missing} among the joints {joints}; \
         hint: name the joints as VRM or Mixamo do (`leftUpperLeg`, `LeftUpLeg`), or export a \
         skeleton with hips, two legs of three joints and two arms"
    )]
    NotHuman { missing: String, joints: String },
    #[error("the motion has no frame; hint: export at least one frame of motion")]
    NoFrames,
    #[error("joint `{joint}` has a value that is not a number in frame {frame}")]
    NotFinite { joint: String, frame: usize },
    #[error("joint `{joint}` has an offset that is not a number")]
    OffsetNotFinite { joint: String },
    #[error("the legs of the skeleton have no length; hint: check the offsets' unit")]
    NoLegLength,
    #[error("the motion is not whole: {reason}")]
    Broken { reason: String },
}

/// Most names a refusal lists.
const NAMES_LISTED: usize = 40;
/// Frames looked at for the measured rest pose.
const SAMPLES: usize = 240;

/// Carries a motion onto a character.
///
/// # Errors
/// Values that are not numbers, no frames, or a skeleton without hips and two legs.
pub fn retarget(source: &Motion, character: &Character) -> Result<Retargeted, RetargetError> {
    refuse_broken(source)?;
    let mapping = topology::map(source);
    refuse_not_human(source, &mapping)?;
    let frames = source.frames();
    let stride = frames.div_ceil(SAMPLES).max(1);
    let sample: Vec<SourceFrame> = (0..frames)
        .step_by(stride)
        .map(|frame| source_frame(source, frame))
        .collect();
    let correction = rest::correction(&source.skeleton, &mapping, character, &sample);
    let scale = leg_scale(source, &mapping, character)?;
    let floor_m = ankle_floor(&mapping, &sample);
    let own_ankle_m = character.rest_in_world_m[LeftFoot as usize].y;
    let mut poses = Vec::with_capacity(frames);
    for frame in 0..frames {
        let there = source_frame(source, frame);
        let world_from_bone = bone_turns(&there, &mapping, &correction.joint_from_bone);
        let at = |bone: HumanBone| mapping.joint(bone).map(|joint| there.at_m[joint]);
        let (left, right) = (at(LeftUpperLeg), at(RightUpperLeg));
        let middle = 0.5 * (left.unwrap_or(DVec3::ZERO) + right.unwrap_or(DVec3::ZERO));
        let mut legs_m = middle * scale;
        legs_m.y = (middle.y - floor_m) * scale + own_ankle_m;
        let own_middle = 0.5
            * (character.offset_in_parent_m(LeftUpperLeg)
                + character.offset_in_parent_m(RightUpperLeg));
        let hips_in_world_m = legs_m - world_from_bone[Hips as usize] * own_middle;
        poses.push(Pose {
            hips_in_world_m,
            world_from_bone,
        });
    }
    let figures = feet::lock(character, source.frame_rate_hz, &mut poses);
    let motion = to_motion(&poses, character, source.frame_rate_hz)?;
    let report = report(source, &mapping, correction.kind, scale, &figures);
    Ok(Retargeted { motion, report })
}

fn refuse_broken(source: &Motion) -> Result<(), RetargetError> {
    let joints = &source.skeleton.joints;
    if source.frames() == 0 {
        return Err(RetargetError::NoFrames);
    }
    // The fields are public: what `try_new` checks is checked again.
    let check = Motion::try_new(
        source.skeleton.clone(),
        source.frame_rate_hz,
        source.root_in_world_m.clone(),
        source.parent_from_joint.clone(),
    );
    if let Err(error) = check {
        return Err(RetargetError::Broken {
            reason: error.to_string(),
        });
    }
    if let Some(joint) = joints
        .iter()
        .find(|joint| !joint.offset_in_parent_m.is_finite())
    {
        return Err(RetargetError::OffsetNotFinite {
            joint: joint.name.clone(),
        });
    }
    for frame in 0..source.frames() {
        let turns = source.frame(frame);
        let bad = turns
            .iter()
            .position(|turn| !turn.is_finite() || turn.length_squared() < 1e-6)
            .or_else(|| (!source.root_in_world_m[frame].is_finite()).then_some(0));
        if let Some(joint) = bad {
            return Err(RetargetError::NotFinite {
                joint: joints[joint].name.clone(),
                frame,
            });
        }
    }
    Ok(())
}

fn refuse_not_human(source: &Motion, mapping: &Mapping) -> Result<(), RetargetError> {
    let missing = mapping.missing();
    if missing.is_empty() {
        return Ok(());
    }
    let joints = &source.skeleton.joints;
    let mut names: Vec<String> = joints
        .iter()
        .take(NAMES_LISTED)
        .map(|joint| format!("`{}`", joint.name))
        .collect();
    if joints.len() > NAMES_LISTED {
        names.push(format!("and {} more", joints.len() - NAMES_LISTED));
    }
    let missing: Vec<&str> = missing.iter().map(|bone| bone.vrm_name()).collect();
    Err(RetargetError::NotHuman {
        missing: missing.join(", "),
        joints: names.join(", "),
    })
}

fn source_frame(source: &Motion, frame: usize) -> SourceFrame {
    let joints = &source.skeleton.joints;
    let mut at_m: Vec<DVec3> = Vec::with_capacity(joints.len());
    let mut turn: Vec<DQuat> = Vec::with_capacity(joints.len());
    for (joint, local) in joints.iter().zip(source.frame(frame)) {
        let local = local.normalize();
        match joint.parent {
            None => {
                at_m.push(source.root_in_world_m[frame]);
                turn.push(local);
            }
            Some(parent) => {
                at_m.push(at_m[parent] + turn[parent] * joint.offset_in_parent_m);
                turn.push((turn[parent] * local).normalize());
            }
        }
    }
    SourceFrame { at_m, turn }
}

fn bone_turns(
    there: &SourceFrame,
    mapping: &Mapping,
    joint_from_bone: &[DQuat; 22],
) -> [DQuat; 22] {
    let mut turns = [DQuat::IDENTITY; 22];
    for bone in HumanBone::ALL {
        let index = bone as usize;
        turns[index] = match (mapping.joint_of[index], bone.parent()) {
            (Some(joint), _) => (there.turn[joint] * joint_from_bone[index]).normalize(),
            (None, Some(parent)) => turns[parent as usize],
            (None, None) => DQuat::IDENTITY,
        };
    }
    turns
}

fn leg_scale(
    source: &Motion,
    mapping: &Mapping,
    character: &Character,
) -> Result<f64, RetargetError> {
    let there = source_frame(source, 0);
    let at = |bone: HumanBone| {
        mapping
            .joint(bone)
            .map_or(DVec3::ZERO, |joint| there.at_m[joint])
    };
    let own = |bone: HumanBone| character.rest_in_world_m[bone as usize];
    let mut lengths = [0.0, 0.0];
    for [upper, lower, foot] in [
        [LeftUpperLeg, LeftLowerLeg, LeftFoot],
        [RightUpperLeg, RightLowerLeg, RightFoot],
    ] {
        lengths[0] += at(upper).distance(at(lower)) + at(lower).distance(at(foot));
        lengths[1] += own(upper).distance(own(lower)) + own(lower).distance(own(foot));
    }
    if lengths[0] < 1e-4 {
        Err(RetargetError::NoLegLength)
    } else {
        Ok(lengths[1] / lengths[0])
    }
}

fn to_motion(
    poses: &[Pose],
    character: &Character,
    frame_rate_hz: f64,
) -> Result<Motion, RetargetError> {
    let mut rotations = Vec::with_capacity(poses.len() * 22);
    for pose in poses {
        for bone in HumanBone::ALL {
            let world = pose.world_from_bone[bone as usize];
            let local = bone.parent().map_or(world, |parent| {
                pose.world_from_bone[parent as usize].inverse() * world
            });
            rotations.push(if local.w < 0.0 {
                -local.normalize()
            } else {
                local.normalize()
            });
        }
    }
    let path = poses.iter().map(|pose| pose.hips_in_world_m).collect();
    Motion::try_new(character.skeleton(), frame_rate_hz, path, rotations).map_err(|error| {
        RetargetError::Broken {
            reason: error.to_string(),
        }
    })
}

fn report(
    source: &Motion,
    mapping: &Mapping,
    rest: RestKind,
    scale: f64,
    feet: &feet::FeetFigures,
) -> RetargetReport {
    let name = |joint: usize| source.skeleton.joints[joint].name.clone();
    let mut mapped = Vec::new();
    let mut unmapped = Vec::new();
    for bone in HumanBone::ALL {
        match mapping.joint(bone) {
            Some(joint) => mapped.push((bone, name(joint))),
            None => unmapped.push(bone),
        }
    }
    let unused_joints = (0..source.skeleton.joints.len())
        .filter(|joint| !mapping.joint_of.contains(&Some(*joint)))
        .map(name)
        .collect();
    RetargetReport {
        mapped,
        unmapped,
        unused_joints,
        by_shape: mapping.by_shape,
        rest,
        scale,
        stances: feet.stances,
        planted_share: feet.planted_frames as f64 / (2 * source.frames()) as f64,
        slide_median_m_per_s: feet.slide_median_m_per_s,
        slide_max_m_per_s: feet.slide_max_m_per_s,
        lowest_sole_m: feet.lowest_sole_m,
    }
}
