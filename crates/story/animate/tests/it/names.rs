//! Joint names of the conventions in use, each as a table a person can check.

use backlot_animate::{HumanBone, human_bone_of};

/// Hips, spine, neck, head; left shoulder, upper arm, lower arm, hand; left upper leg, lower leg,
/// foot, toes; then one right-hand name. Names that need the whole skeleton are in `retargets`.
const TABLE: [(&str, [&str; 13]); 12] = [
    (
        "VRM",
        [
            "hips",
            "spine",
            "neck",
            "head",
            "leftShoulder",
            "leftUpperArm",
            "leftLowerArm",
            "leftHand",
            "leftUpperLeg",
            "leftLowerLeg",
            "leftFoot",
            "leftToes",
            "rightUpperLeg",
        ],
    ),
    (
        "Mixamo",
        [
            "mixamorig:Hips",
            "mixamorig:Spine",
            "mixamorig:Neck",
            "mixamorig:Head",
            "mixamorig:LeftShoulder",
            "mixamorig:LeftArm",
            "mixamorig:LeftForeArm",
            "mixamorig:LeftHand",
            "mixamorig:LeftUpLeg",
            "mixamorig:LeftLeg",
            "mixamorig:LeftFoot",
            "mixamorig:LeftToeBase",
            "mixamorig:RightUpLeg",
        ],
    ),
    (
        "Mixamo, no colon",
        [
            "mixamorigHips",
            "mixamorigSpine",
            "mixamorigNeck",
            "mixamorigHead",
            "mixamorigLeftShoulder",
            "mixamorigLeftArm",
            "mixamorigLeftForeArm",
            "mixamorigLeftHand",
            "mixamorigLeftUpLeg",
            "mixamorigLeftLeg",
            "mixamorigLeftFoot",
            "mixamorigLeftToeBase",
            "mixamorigRightUpLeg",
        ],
    ),
    (
        "CMU ASF",
        [
            "pelvis",
            "lowerback",
            "lowerneck",
            "head",
            "lclavicle",
            "lhumerus",
            "lradius",
            "lwrist",
            "lfemur",
            "ltibia",
            "lfoot",
            "ltoes",
            "rfemur",
        ],
    ),
    (
        "Bandai",
        [
            "Hips",
            "Spine",
            "Neck",
            "Head",
            "Shoulder_L",
            "UpperArm_L",
            "LowerArm_L",
            "Hand_L",
            "UpperLeg_L",
            "LowerLeg_L",
            "Foot_L",
            "Toes_L",
            "UpperLeg_R",
        ],
    ),
    (
        "Xsens",
        [
            "Pelvis",
            "L5",
            "Neck",
            "Head",
            "LeftShoulder",
            "LeftUpperArm",
            "LeftForeArm",
            "LeftHand",
            "LeftUpperLeg",
            "LeftLowerLeg",
            "LeftFoot",
            "LeftToe",
            "RightUpperLeg",
        ],
    ),
    (
        "Rokoko",
        [
            "Hips",
            "Spine",
            "Neck",
            "Head",
            "LeftShoulder",
            "LeftArm",
            "LeftForeArm",
            "LeftHand",
            "LeftThigh",
            "LeftShin",
            "LeftFoot",
            "LeftToe",
            "RightThigh",
        ],
    ),
    (
        "Axis Neuron",
        [
            "Robot_Hips",
            "Robot_Spine",
            "Robot_Neck",
            "Robot_Head",
            "Robot_LeftShoulder",
            "Robot_LeftArm",
            "Robot_LeftForeArm",
            "Robot_LeftHand",
            "Robot_LeftUpLeg",
            "Robot_LeftLeg",
            "Robot_LeftFoot",
            "Robot_LeftToeBase",
            "Robot_RightUpLeg",
        ],
    ),
    (
        "mocopi",
        [
            "hips",
            "torso_1",
            "neck_1",
            "head",
            "l_shoulder",
            "l_up_arm",
            "l_low_arm",
            "l_hand",
            "l_up_leg",
            "l_low_leg",
            "l_foot",
            "l_toes",
            "r_up_leg",
        ],
    ),
    (
        "Unreal",
        [
            "pelvis",
            "spine_01",
            "neck_01",
            "head",
            "clavicle_l",
            "upperarm_l",
            "lowerarm_l",
            "hand_l",
            "thigh_l",
            "calf_l",
            "foot_l",
            "ball_l",
            "thigh_r",
        ],
    ),
    (
        "Biped",
        [
            "Bip01 Pelvis",
            "Bip01 Spine",
            "Bip01 Neck",
            "Bip01 Head",
            "Bip01 L Clavicle",
            "Bip01 L UpperArm",
            "Bip01 L Forearm",
            "Bip01 L Hand",
            "Bip01 L Thigh",
            "Bip01 L Calf",
            "Bip01 L Foot",
            "Bip01 L Toe0",
            "Bip01 R Thigh",
        ],
    ),
    (
        "Blender",
        [
            "hips",
            "spine",
            "neck",
            "head",
            "shoulder.L",
            "upper_arm.L",
            "forearm.L",
            "hand.L",
            "thigh.L",
            "shin.L",
            "foot.L",
            "toe.L",
            "thigh.R",
        ],
    ),
];

const BONES: [HumanBone; 13] = [
    HumanBone::Hips,
    HumanBone::Spine,
    HumanBone::Neck,
    HumanBone::Head,
    HumanBone::LeftShoulder,
    HumanBone::LeftUpperArm,
    HumanBone::LeftLowerArm,
    HumanBone::LeftHand,
    HumanBone::LeftUpperLeg,
    HumanBone::LeftLowerLeg,
    HumanBone::LeftFoot,
    HumanBone::LeftToes,
    HumanBone::RightUpperLeg,
];

#[test]
fn every_convention_is_read_in_any_case() {
    for (convention, names) in TABLE {
        for (name, bone) in names.into_iter().zip(BONES) {
            assert_eq!(human_bone_of(name), Some(bone), "{convention}: {name}");
            let small = name.to_lowercase();
            assert_eq!(human_bone_of(&small), Some(bone), "{convention}: {small}");
            let large = name.to_uppercase();
            assert_eq!(human_bone_of(&large), Some(bone), "{convention}: {large}");
        }
    }
}

#[test]
fn daz_and_biovision_words_are_known() {
    for (name, bone) in [
        ("lCollar", HumanBone::LeftShoulder),
        ("rForeArm", HumanBone::RightLowerArm),
        ("lThigh", HumanBone::LeftUpperLeg),
        ("rShin", HumanBone::RightLowerLeg),
        ("LeftCollar", HumanBone::LeftShoulder),
        ("LeftHip", HumanBone::LeftUpperLeg),
        ("RightKnee", HumanBone::RightLowerLeg),
        ("RightAnkle", HumanBone::RightFoot),
        ("LeftElbow", HumanBone::LeftLowerArm),
        ("LeftWrist", HumanBone::LeftHand),
    ] {
        assert_eq!(human_bone_of(name), Some(bone), "{name}");
    }
}

#[test]
fn helpers_are_not_bones() {
    for name in [
        "upperarm_twist_01_l",
        "LeftHandIndex1",
        "mixamorig:LeftHandThumb2",
        "LeftToeEnd_end",
        "HeadNub",
        "LHipJoint",
        "RHipJoint",
        "ik_foot_l",
        "LeftEye",
        "prop",
        "",
        "l",
        "...",
    ] {
        assert_eq!(human_bone_of(name), None, "{name}");
    }
}
