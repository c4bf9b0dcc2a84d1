//! Motions made by hand, on skeletons of several conventions and rest poses.

use backlot_animate::{Build, Character, CharacterSettings, generate};
use backlot_geom::glam::{DQuat, DVec3};
use backlot_geom::{HumanBone, Joint, Motion, Skeleton};

pub fn character(seed: u64) -> Character {
    generate(&CharacterSettings {
        seed,
        build: Build::Average,
        ..CharacterSettings::default()
    })
}

pub fn motion(skeleton: Skeleton, root: Vec<DVec3>, turns: Vec<DQuat>) -> Motion {
    Motion::try_new(skeleton, 60.0, root, turns).unwrap()
}

/// The character's own skeleton gliding on stiff legs, too fast to be planted; everything above the
/// hips turns, each joint differently.
pub fn swaying(character: &Character, frames: usize) -> Motion {
    let mut turns = Vec::new();
    let mut root = Vec::new();
    for frame in 0..frames {
        let t = frame as f64 / 60.0;
        root.push(character.rest_in_world_m[0] + DVec3::new(2.0 * t, 0.0, t));
        for joint in 0..22 {
            let phase = joint as f64 * 0.7;
            let axis = DVec3::new(phase.sin(), phase.cos(), (2.0 * phase).sin()).normalize();
            let is_upper = (1..14).contains(&joint);
            let angle = if is_upper {
                0.35 * (3.0 * t + phase).sin()
            } else {
                0.0
            };
            turns.push(DQuat::from_axis_angle(axis, angle));
        }
    }
    motion(character.skeleton(), root, turns)
}

/// The same body whose rest pose has the arms hanging; `world` rotations are kept.
pub fn with_arms_down(source: &Motion) -> Motion {
    let mut skeleton = source.skeleton.clone();
    let rest_turn = |bone: HumanBone| match bone {
        HumanBone::LeftUpperArm | HumanBone::LeftLowerArm | HumanBone::LeftHand => {
            DQuat::from_rotation_z(-std::f64::consts::FRAC_PI_2)
        }
        HumanBone::RightUpperArm | HumanBone::RightLowerArm | HumanBone::RightHand => {
            DQuat::from_rotation_z(std::f64::consts::FRAC_PI_2)
        }
        _ => DQuat::IDENTITY,
    };
    for bone in HumanBone::ALL {
        if let Some(parent) = bone.parent() {
            let joint = &mut skeleton.joints[bone as usize];
            joint.offset_in_parent_m = rest_turn(parent) * joint.offset_in_parent_m;
        }
    }
    re_rest(source, skeleton, |bone| rest_turn(bone).inverse())
}

/// Every joint's own axes turned by `joint_from_bone` per bone: offsets and rotations follow, so
/// that all positions in the world stay the same.
pub fn re_rest(
    source: &Motion,
    skeleton: Skeleton,
    joint_from_old: impl Fn(HumanBone) -> DQuat,
) -> Motion {
    let mut turns = Vec::new();
    for frame in 0..source.frames() {
        for bone in HumanBone::ALL {
            let own = source.frame(frame)[bone as usize];
            let parent = bone
                .parent()
                .map_or(DQuat::IDENTITY, |p| joint_from_old(p).inverse());
            turns.push((parent * own * joint_from_old(bone)).normalize());
        }
    }
    motion(skeleton, source.root_in_world_m.clone(), turns)
}

/// All bones along +X of odd frames, as some exporters write; rest is no pose at all.
pub fn with_odd_axes(source: &Motion) -> Motion {
    let odd = |bone: HumanBone| {
        let quarter = std::f64::consts::FRAC_PI_2;
        match bone as usize % 4 {
            0 => DQuat::from_rotation_z(quarter),
            1 => DQuat::from_rotation_z(-quarter) * DQuat::from_rotation_x(quarter),
            2 => DQuat::from_rotation_y(quarter),
            _ => DQuat::from_rotation_x(-quarter) * DQuat::from_rotation_z(quarter),
        }
    };
    let mut skeleton = source.skeleton.clone();
    for bone in HumanBone::ALL {
        if let Some(parent) = bone.parent() {
            let joint = &mut skeleton.joints[bone as usize];
            joint.offset_in_parent_m = odd(parent).inverse() * joint.offset_in_parent_m;
        }
    }
    re_rest(source, skeleton, odd)
}

/// A walk by formula on the character's skeleton scaled by `size`. A standing leg swings back
/// evenly while the hips move on, so its foot nearly stands, and slides by a few centimetres.
pub fn walking(character: &Character, frames: usize, size: f64) -> Motion {
    const REACH_RAD: f64 = 0.30;
    const BEATS_PER_SEC: f64 = 0.9;
    let mut skeleton = character.skeleton();
    for joint in &mut skeleton.joints {
        joint.offset_in_parent_m *= size;
    }
    let hips = character.rest_in_world_m[0].y;
    let pace = 4.0 * REACH_RAD * BEATS_PER_SEC * 0.86;
    let mut root = Vec::new();
    let mut turns = Vec::new();
    for frame in 0..frames {
        let t = frame as f64 / 60.0;
        // Thigh and shin angles of a leg at a share of its cycle.
        let leg = |share: f64| {
            let share = share.rem_euclid(1.0);
            if share < 0.5 {
                (REACH_RAD * (4.0 * share - 1.0), 0.04)
            } else {
                let lift = (std::f64::consts::TAU * (share - 0.5)).sin();
                (
                    REACH_RAD * (3.0 - 4.0 * share) - 0.35 * lift,
                    0.04 + 0.9 * lift,
                )
            }
        };
        let left = leg(BEATS_PER_SEC * t);
        let right = leg(BEATS_PER_SEC * t + 0.5);
        root.push(DVec3::new(0.0, hips - 0.02, pace * t) * size);
        for bone in HumanBone::ALL {
            let x = DQuat::from_rotation_x;
            turns.push(match bone {
                HumanBone::LeftUpperLeg => x(left.0),
                HumanBone::RightUpperLeg => x(right.0),
                HumanBone::LeftLowerLeg => x(left.1),
                HumanBone::RightLowerLeg => x(right.1),
                HumanBone::LeftFoot => x(-left.0 - left.1),
                HumanBone::RightFoot => x(-right.0 - right.1),
                HumanBone::LeftUpperArm => x(right.0) * DQuat::from_rotation_z(-1.2),
                HumanBone::RightUpperArm => x(left.0) * DQuat::from_rotation_z(1.2),
                HumanBone::LeftLowerArm => DQuat::from_rotation_y(-0.5),
                HumanBone::RightLowerArm => DQuat::from_rotation_y(0.5),
                _ => DQuat::IDENTITY,
            });
        }
    }
    motion(skeleton, root, turns)
}

/// The same motion under other joint names.
pub fn renamed(source: &Motion, name: impl Fn(HumanBone) -> String) -> Motion {
    let mut other = source.clone();
    for bone in HumanBone::ALL {
        other.skeleton.joints[bone as usize].name = name(bone);
    }
    other
}

/// Joints `from -> to` without hips or legs.
pub fn table_lamp() -> Motion {
    let joint = |name: &str, parent: Option<usize>| Joint {
        name: name.to_owned(),
        parent,
        offset_in_parent_m: DVec3::Y * 0.2,
    };
    let joints = vec![
        joint("base", None),
        joint("rod", Some(0)),
        joint("shade", Some(1)),
    ];
    let skeleton = Skeleton {
        joints,
        end_sites_m: vec![],
    };
    motion(skeleton, vec![DVec3::ZERO; 2], vec![DQuat::IDENTITY; 6])
}
