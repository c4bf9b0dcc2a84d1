//! Motion keeps its meaning whatever the source's rest pose, names or size.

use backlot_animate::{HumanBone, RetargetError, retarget};
use backlot_geom::glam::{DQuat, DVec3};
use backlot_geom::{Joint, Motion, Skeleton};
use proptest::prelude::*;

use crate::takes::{
    character, renamed, swaying, table_lamp, walking, with_arms_down, with_odd_axes,
};

/// Largest angle between world directions of limbs, degrees.
fn limb_error_degrees(a: &Motion, b: &Motion) -> f64 {
    use HumanBone::*;
    let pairs = [
        (LeftUpperArm, LeftLowerArm),
        (LeftLowerArm, LeftHand),
        (RightUpperArm, RightLowerArm),
        (RightLowerArm, RightHand),
        (LeftUpperLeg, LeftLowerLeg),
        (LeftLowerLeg, LeftFoot),
        (RightUpperLeg, RightLowerLeg),
        (RightLowerLeg, RightFoot),
    ];
    let mut worst = 0.0_f64;
    for frame in 0..a.frames() {
        let (a, b) = (a.world_from_joints(frame), b.world_from_joints(frame));
        for (from, to) in pairs {
            let along = |w: &[backlot_geom::glam::DAffine3]| {
                (w[to as usize].translation - w[from as usize].translation).normalize()
            };
            worst = worst.max(along(&a).angle_between(along(&b)).to_degrees());
        }
    }
    worst
}

fn turn_error_degrees(a: &Motion, b: &Motion) -> f64 {
    let pairs = a.parent_from_joint.iter().zip(&b.parent_from_joint);
    pairs
        .map(|(a, b)| a.angle_between(*b).to_degrees())
        .fold(0.0, f64::max)
}

#[test]
fn the_characters_own_motion_comes_back_unchanged() {
    let character = character(1);
    let motion = swaying(&character, 40);
    let result = retarget(&motion, &character).unwrap();
    assert!(turn_error_degrees(&motion, &result.motion) < 1e-3);
    assert!((result.report.scale - 1.0).abs() < 1e-9);
    assert!(result.report.unmapped.is_empty());
    for (a, b) in motion
        .root_in_world_m
        .iter()
        .zip(&result.motion.root_in_world_m)
    {
        // Height is measured from the ankles' usual height; the way over the floor is kept.
        assert!((a.x - b.x).abs() < 1e-9 && (a.z - b.z).abs() < 1e-9);
    }
}

#[test]
fn arms_hanging_at_rest_give_the_same_pose_as_a_t_pose() {
    let character = character(1);
    let motion = swaying(&character, 30);
    let hanging = with_arms_down(&motion);
    let a = retarget(&motion, &character).unwrap().motion;
    let b = retarget(&hanging, &character).unwrap().motion;
    // The pose of the source is the same in the world: so is the character's.
    assert!(limb_error_degrees(&motion, &hanging) < 1e-3);
    assert!(limb_error_degrees(&a, &b) < 1e-3);
    // The character's arm is not quite straight: its twist may differ by that much.
    assert!(
        turn_error_degrees(&a, &b) < 2.5,
        "{}",
        turn_error_degrees(&a, &b)
    );
}

#[test]
fn odd_axes_give_the_same_limbs() {
    let character = character(1);
    let motion = walking(&character, 240, 1.0);
    let odd = with_odd_axes(&motion);
    assert!(limb_error_degrees(&motion, &odd) < 1e-3);
    let a = retarget(&motion, &character).unwrap();
    let b = retarget(&odd, &character).unwrap();
    assert_eq!(b.report.rest, backlot_animate::RestKind::Measured);
    let error = limb_error_degrees(&a.motion, &b.motion);
    assert!(error < 6.0, "{error} degrees");
}

#[test]
fn feet_stand_still_on_bodies_of_every_size() {
    // Source sizes from a child to a giant; the walk slides by construction.
    for size in [0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 2.4] {
        let character = character(2);
        let motion = walking(&character, 300, size);
        let report = retarget(&motion, &character).unwrap().report;
        assert!(report.stances >= 4, "size {size}: {report:?}");
        assert!(
            report.slide_median_m_per_s <= 0.005,
            "size {size}: {report:?}"
        );
        assert!(report.lowest_sole_m >= -0.001, "size {size}: {report:?}");
        assert!((report.scale * size - 1.0).abs() < 1e-6);
    }
}

#[test]
fn heading_is_kept() {
    let character = character(1);
    let mut motion = walking(&character, 120, 1.0);
    let turn = DQuat::from_rotation_y(2.1);
    for frame in 0..motion.frames() {
        motion.root_in_world_m[frame] = turn * motion.root_in_world_m[frame];
        motion.parent_from_joint[frame * 22] = turn * motion.parent_from_joint[frame * 22];
    }
    let result = retarget(&motion, &character).unwrap().motion;
    let forward = result.frame(60)[0] * DVec3::Z;
    assert!(forward.angle_between(turn * DVec3::Z) < 0.02);
    let travel = result.root_in_world_m[119] - result.root_in_world_m[0];
    assert!(travel.normalize().dot(turn * DVec3::Z) > 0.99);
}

#[test]
fn shape_alone_finds_the_bones() {
    let character = character(1);
    let motion = walking(&character, 120, 1.0);
    let blank = renamed(&motion, |bone| format!("node{}", bone as usize));
    let a = retarget(&motion, &character).unwrap();
    let b = retarget(&blank, &character).unwrap();
    assert!(b.report.by_shape);
    for (bone, name) in &b.report.mapped {
        assert_eq!(*name, format!("node{}", *bone as usize));
    }
    assert!(limb_error_degrees(&a.motion, &b.motion) < 1e-3);
}

#[test]
fn words_with_two_meanings_are_read_from_the_whole_skeleton() {
    use HumanBone::*;
    // Biovision: the shoulder is the upper arm, the hip the upper leg.
    let biovision = |bone: HumanBone| {
        match bone {
            Hips => "Hips",
            Spine => "Chest",
            Chest => "Chest2",
            UpperChest => "Chest3",
            Neck => "Neck",
            Head => "Head",
            LeftShoulder => "LeftCollar",
            LeftUpperArm => "LeftShoulder",
            LeftLowerArm => "LeftElbow",
            LeftHand => "LeftWrist",
            RightShoulder => "RightCollar",
            RightUpperArm => "RightShoulder",
            RightLowerArm => "RightElbow",
            RightHand => "RightWrist",
            LeftUpperLeg => "LeftHip",
            LeftLowerLeg => "LeftKnee",
            LeftFoot => "LeftAnkle",
            LeftToes => "LeftToe",
            RightUpperLeg => "RightHip",
            RightLowerLeg => "RightKnee",
            RightFoot => "RightAnkle",
            RightToes => "RightToe",
        }
        .to_owned()
    };
    // SMPL: the foot hangs from the ankle and is the toes.
    let smpl = |bone: HumanBone| {
        let name = match bone {
            Hips => "Pelvis",
            Spine => "Spine1",
            Chest => "Spine2",
            UpperChest => "Spine3",
            Neck => "Neck",
            Head => "Head",
            LeftShoulder => "L_Collar",
            LeftUpperArm => "L_Shoulder",
            LeftLowerArm => "L_Elbow",
            LeftHand => "L_Wrist",
            RightShoulder => "R_Collar",
            RightUpperArm => "R_Shoulder",
            RightLowerArm => "R_Elbow",
            RightHand => "R_Wrist",
            LeftUpperLeg => "L_Hip",
            LeftLowerLeg => "L_Knee",
            LeftFoot => "L_Ankle",
            LeftToes => "L_Foot",
            RightUpperLeg => "R_Hip",
            RightLowerLeg => "R_Knee",
            RightFoot => "R_Ankle",
            RightToes => "R_Foot",
        };
        name.to_owned()
    };
    let character = character(1);
    let motion = swaying(&character, 5);
    for naming in [biovision as fn(HumanBone) -> String, smpl] {
        let report = retarget(&renamed(&motion, naming), &character)
            .unwrap()
            .report;
        assert!(report.unmapped.is_empty(), "{:?}", report.unmapped);
        for (bone, name) in &report.mapped {
            assert_eq!(*name, naming(*bone));
        }
    }
}

#[test]
fn what_is_not_human_is_refused_with_its_joints() {
    let error = retarget(&table_lamp(), &character(1)).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, RetargetError::NotHuman { .. }));
    for part in ["`rod`", "leftUpperLeg", "hint"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn not_a_number_is_refused_where_it_stands() {
    let character = character(1);
    let mut motion = swaying(&character, 5);
    motion.parent_from_joint[22 * 3 + 5].x = f64::NAN;
    let error = retarget(&motion, &character).unwrap_err();
    assert_eq!(
        error,
        RetargetError::NotFinite {
            joint: "head".to_owned(),
            frame: 3
        }
    );
    let mut motion = swaying(&character, 5);
    motion.root_in_world_m[2].y = f64::INFINITY;
    assert!(matches!(
        retarget(&motion, &character),
        Err(RetargetError::NotFinite { frame: 2, .. })
    ));
    let mut motion = swaying(&character, 5);
    motion.parent_from_joint.pop();
    assert!(matches!(
        retarget(&motion, &character),
        Err(RetargetError::Broken { .. })
    ));
}

fn any_turn() -> impl Strategy<Value = DQuat> {
    [-1.0..1.0, -1.0..1.0, -1.0..1.0, 0.01..1.0_f64]
        .prop_map(|[x, y, z, w]| DQuat::from_xyzw(x, y, z, w).normalize())
}

fn any_place() -> impl Strategy<Value = DVec3> {
    [-3.0..3.0_f64, -3.0..3.0, -3.0..3.0].prop_map(DVec3::from_array)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_motion_gives_finite_unit_rotations(
        turns in proptest::collection::vec(any_turn(), 22 * 6),
        root in proptest::collection::vec(any_place(), 6),
        seed in 0_u64..3,
    ) {
        thread_local!(static CHARACTER: backlot_animate::Character = character(1));
        CHARACTER.with(|character| {
            let motion = Motion::try_new(character.skeleton(), 60.0, root, turns).unwrap();
            let motion = if seed == 0 { with_odd_axes(&motion) } else { motion };
            let result = retarget(&motion, character).unwrap().motion;
            for turn in &result.parent_from_joint {
                assert!(turn.is_finite() && (turn.length() - 1.0).abs() < 1e-6);
            }
            assert!(result.root_in_world_m.iter().all(|p| p.is_finite()));
        });
    }

    #[test]
    fn any_tree_is_read_or_refused(
        tree in proptest::collection::vec((any::<u16>(), any_place(), "[A-Za-z_.:]{0,12}"), 1..60),
    ) {
        thread_local!(static CHARACTER: backlot_animate::Character = character(1));
        let joints: Vec<Joint> = tree
            .into_iter()
            .enumerate()
            .map(|(index, (parent, offset_in_parent_m, name))| Joint {
                name,
                parent: (index > 0).then(|| usize::from(parent) % index.max(1)),
                offset_in_parent_m,
            })
            .collect();
        let count = joints.len();
        let skeleton = Skeleton { joints, end_sites_m: vec![] };
        let motion =
            Motion::try_new(skeleton, 30.0, vec![DVec3::ZERO; 2], vec![DQuat::IDENTITY; 2 * count])
                .unwrap();
        CHARACTER.with(|character| {
            if let Ok(result) = retarget(&motion, character) {
                assert!(result.motion.root_in_world_m.iter().all(|p| p.is_finite()));
            }
        });
    }
}
