//! The 22 humanoid bones of VRM 1.0 that Backlot's characters have.

use serde::{Deserialize, Serialize};

/// A VRM 1.0 humanoid bone (`VRMC_vrm-1.0`, humanoid). Order: parents before children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HumanBone {
    Hips,
    Spine,
    Chest,
    UpperChest,
    Neck,
    Head,
    LeftShoulder,
    LeftUpperArm,
    LeftLowerArm,
    LeftHand,
    RightShoulder,
    RightUpperArm,
    RightLowerArm,
    RightHand,
    LeftUpperLeg,
    LeftLowerLeg,
    LeftFoot,
    LeftToes,
    RightUpperLeg,
    RightLowerLeg,
    RightFoot,
    RightToes,
}

impl HumanBone {
    pub const ALL: [Self; 22] = [
        Self::Hips,
        Self::Spine,
        Self::Chest,
        Self::UpperChest,
        Self::Neck,
        Self::Head,
        Self::LeftShoulder,
        Self::LeftUpperArm,
        Self::LeftLowerArm,
        Self::LeftHand,
        Self::RightShoulder,
        Self::RightUpperArm,
        Self::RightLowerArm,
        Self::RightHand,
        Self::LeftUpperLeg,
        Self::LeftLowerLeg,
        Self::LeftFoot,
        Self::LeftToes,
        Self::RightUpperLeg,
        Self::RightLowerLeg,
        Self::RightFoot,
        Self::RightToes,
    ];

    /// The name VRM gives it, `leftUpperArm`.
    pub const fn vrm_name(self) -> &'static str {
        match self {
            Self::Hips => "hips",
            Self::Spine => "spine",
            Self::Chest => "chest",
            Self::UpperChest => "upperChest",
            Self::Neck => "neck",
            Self::Head => "head",
            Self::LeftShoulder => "leftShoulder",
            Self::LeftUpperArm => "leftUpperArm",
            Self::LeftLowerArm => "leftLowerArm",
            Self::LeftHand => "leftHand",
            Self::RightShoulder => "rightShoulder",
            Self::RightUpperArm => "rightUpperArm",
            Self::RightLowerArm => "rightLowerArm",
            Self::RightHand => "rightHand",
            Self::LeftUpperLeg => "leftUpperLeg",
            Self::LeftLowerLeg => "leftLowerLeg",
            Self::LeftFoot => "leftFoot",
            Self::LeftToes => "leftToes",
            Self::RightUpperLeg => "rightUpperLeg",
            Self::RightLowerLeg => "rightLowerLeg",
            Self::RightFoot => "rightFoot",
            Self::RightToes => "rightToes",
        }
    }

    pub const fn parent(self) -> Option<Self> {
        Some(match self {
            Self::Hips => return None,
            Self::Spine | Self::LeftUpperLeg | Self::RightUpperLeg => Self::Hips,
            Self::Chest => Self::Spine,
            Self::UpperChest => Self::Chest,
            Self::Neck | Self::LeftShoulder | Self::RightShoulder => Self::UpperChest,
            Self::Head => Self::Neck,
            Self::LeftUpperArm => Self::LeftShoulder,
            Self::LeftLowerArm => Self::LeftUpperArm,
            Self::LeftHand => Self::LeftLowerArm,
            Self::RightUpperArm => Self::RightShoulder,
            Self::RightLowerArm => Self::RightUpperArm,
            Self::RightHand => Self::RightLowerArm,
            Self::LeftLowerLeg => Self::LeftUpperLeg,
            Self::LeftFoot => Self::LeftLowerLeg,
            Self::LeftToes => Self::LeftFoot,
            Self::RightLowerLeg => Self::RightUpperLeg,
            Self::RightFoot => Self::RightLowerLeg,
            Self::RightToes => Self::RightFoot,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::HumanBone;

    #[test]
    fn parents_stand_before_children() {
        for (index, bone) in HumanBone::ALL.iter().enumerate() {
            if let Some(parent) = bone.parent() {
                assert!(HumanBone::ALL.iter().position(|b| *b == parent).unwrap() < index);
            }
        }
    }
}
