//! A skeleton and its motion over time, structure-of-arrays.

use glam::{DAffine3, DQuat, DVec3};
use serde::{Deserialize, Serialize};

/// One joint. At rest every joint's axes are parallel to the world's (the BVH convention).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    pub name: String,
    /// Index into the skeleton, always smaller than this joint's own; `None` only for the root.
    pub parent: Option<usize>,
    /// Position in the parent's frame, metres.
    pub offset_in_parent_m: DVec3,
}

/// Joints, parents before children, exactly one root at index 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skeleton {
    pub joints: Vec<Joint>,
    /// Positions of end sites in their joint's frame: (joint index, metres). For drawing and for
    /// bone directions of leaf joints.
    pub end_sites_m: Vec<(usize, DVec3)>,
}

/// Rotations and root path of one performer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    pub skeleton: Skeleton,
    pub frame_rate_hz: f64,
    /// One per frame.
    pub root_in_world_m: Vec<DVec3>,
    /// `frames × joints`, frame-major, unit quaternions `parent_from_joint`.
    pub parent_from_joint: Vec<DQuat>,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum MotionError {
    #[error("{found} rotations for {frames} frames of {joints} joints")]
    RotationCount {
        found: usize,
        frames: usize,
        joints: usize,
    },
    #[error("joint {joint} names parent {parent}, which does not stand before it")]
    ParentOrder { joint: usize, parent: usize },
    #[error("the skeleton has no joint")]
    Empty,
    #[error("the frame rate is not a positive number")]
    FrameRate,
}

impl Motion {
    /// Checks counts, parent order and frame rate.
    pub fn try_new(
        skeleton: Skeleton,
        frame_rate_hz: f64,
        root_in_world_m: Vec<DVec3>,
        parent_from_joint: Vec<DQuat>,
    ) -> Result<Self, MotionError> {
        let joints = skeleton.joints.len();
        if joints == 0 {
            return Err(MotionError::Empty);
        }
        if !(frame_rate_hz.is_finite() && frame_rate_hz > 0.0) {
            return Err(MotionError::FrameRate);
        }
        for (joint, entry) in skeleton.joints.iter().enumerate() {
            if let Some(parent) = entry.parent.filter(|parent| *parent >= joint) {
                return Err(MotionError::ParentOrder { joint, parent });
            }
        }
        let frames = root_in_world_m.len();
        if parent_from_joint.len() != frames * joints {
            return Err(MotionError::RotationCount {
                found: parent_from_joint.len(),
                frames,
                joints,
            });
        }
        Ok(Self {
            skeleton,
            frame_rate_hz,
            root_in_world_m,
            parent_from_joint,
        })
    }

    pub fn frames(&self) -> usize {
        self.root_in_world_m.len()
    }

    pub fn duration_secs(&self) -> f64 {
        self.frames() as f64 / self.frame_rate_hz
    }

    /// Rotations of one frame, one per joint.
    pub fn frame(&self, frame: usize) -> &[DQuat] {
        let joints = self.skeleton.joints.len();
        &self.parent_from_joint[frame * joints..(frame + 1) * joints]
    }

    /// `world_from_joint` of every joint in one frame.
    pub fn world_from_joints(&self, frame: usize) -> Vec<DAffine3> {
        let mut world = Vec::with_capacity(self.skeleton.joints.len());
        for (joint, rotation) in self.skeleton.joints.iter().zip(self.frame(frame)) {
            let local = match joint.parent {
                None => DAffine3::from_rotation_translation(*rotation, self.root_in_world_m[frame]),
                Some(_) => DAffine3::from_rotation_translation(*rotation, joint.offset_in_parent_m),
            };
            world.push(match joint.parent {
                None => local,
                Some(parent) => {
                    let parent: DAffine3 = world[parent];
                    parent * local
                }
            });
        }
        world
    }
}
