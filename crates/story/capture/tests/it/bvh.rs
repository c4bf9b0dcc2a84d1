//! BVH: dialects, refusals with their line, placing, round trip, recorded files.

use crate::data;
use backlot_capture::bvh::{self, AxisInFile, BvhReason, LengthUnit};
use backlot_capture::procedural::{PerformanceSettings, perform};
use backlot_geom::Motion;
use glam::DVec3;
use proptest::prelude::*;

/// A person of 1.7 m in the given unit, standing; `up` is "y" or "z". Two frames.
fn person(units_per_metre: f64, up: &str) -> String {
    let v = |x: f64, y: f64, z: f64| {
        let (x, y, z) = (
            x * units_per_metre,
            y * units_per_metre,
            z * units_per_metre,
        );
        if up == "z" {
            format!("{x} {} {y}", -z)
        } else {
            format!("{x} {y} {z}")
        }
    };
    let mut text = format!(
        "HIERARCHY\nROOT Hips\n{{\nOFFSET 0 0 0\nCHANNELS 6 Xposition Yposition Zposition \
         Zrotation Xrotation Yrotation\nJOINT Spine\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation \
         Yrotation\nJOINT Head\n{{\nOFFSET {}\nCHANNELS 3 Yrotation Xrotation Zrotation\nEnd \
         Site\n{{\nOFFSET {}\n}}\n}}\n}}\n",
        v(0.0, 0.3, 0.0),
        v(0.0, 0.33, 0.0),
        v(0.0, 0.15, 0.0)
    );
    for (side, x) in [("Left", 0.1), ("Right", -0.1)] {
        text += &format!(
            "JOINT {side}UpLeg\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation Yrotation\nJOINT \
             {side}Leg\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation Yrotation\nJOINT \
             {side}Foot\n{{\nOFFSET {}\nCHANNELS 3 Zrotation Xrotation Yrotation\nEnd \
             Site\n{{\nOFFSET {}\n}}\n}}\n}}\n}}\n",
            v(x, -0.05, 0.0),
            v(0.0, -0.43, 0.0),
            v(0.0, -0.42, 0.0),
            v(0.0, -0.05, 0.15)
        );
    }
    let rows = format!("{} {}\n", v(0.5, 0.95, 1.0), "0 ".repeat(27)).repeat(2);
    text + "}\nMOTION\nFrames: 2\nFrame Time: 0.0333333\n" + &rows
}

fn names(motion: &Motion) -> Vec<&str> {
    motion
        .skeleton
        .joints
        .iter()
        .map(|joint| joint.name.as_str())
        .collect()
}

#[test]
fn the_unit_and_the_up_axis_come_from_the_body() {
    let cases = [
        (100.0, LengthUnit::Centimetre),
        (1.0, LengthUnit::Metre),
        (1000.0, LengthUnit::Millimetre),
        (1.0 / 0.0254, LengthUnit::Inch),
        (0.45 / 0.0254, LengthUnit::CmuUnit),
    ];
    for (units_per_metre, unit) in cases {
        for (up, axis) in [("y", AxisInFile::PlusY), ("z", AxisInFile::PlusZ)] {
            let take = bvh::read(person(units_per_metre, up).as_bytes()).unwrap();
            assert_eq!((take.unit_assumed, take.up_axis_in_file), (unit, axis));
            let world = take.motion.world_from_joints(1);
            let head = world[2].translation;
            assert!(
                (head - DVec3::new(0.5, 1.58, 1.0)).length() < 1e-9,
                "{unit:?} {up}: {head}"
            );
            let left_foot = world[5].translation;
            assert!(
                (left_foot - DVec3::new(0.6, 0.05, 1.0)).length() < 1e-9,
                "{left_foot}"
            );
        }
    }
}

#[test]
fn dialects_read_alike() {
    let plain = person(100.0, "y");
    let reference = bvh::read(plain.as_bytes()).unwrap();
    let dialects = [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        plain.replace(' ', "\t\t"),
        plain
            .replace("\n{", " {")
            .replace("Frames: 2", "Frames:2  "),
        plain
            .replace("HIERARCHY", "\u{feff}hierarchy")
            .replace("JOINT", "Joint"),
        plain
            .replace("Xposition", "XPOSITION")
            .replace("Frame Time: ", "FRAME TIME:\t"),
        plain.clone() + "\n\n   \n",
        plain.replace('\n', "\n\n"),
    ];
    for (k, dialect) in dialects.iter().enumerate() {
        let take = bvh::read(dialect.as_bytes()).unwrap_or_else(|e| panic!("dialect {k}: {e}"));
        assert_eq!(take, reference, "dialect {k}");
    }
    let spaced = plain.replace("JOINT Spine", "JOINT mixamorig:Low er Spine");
    let take = bvh::read(spaced.as_bytes()).unwrap();
    assert_eq!(names(&take.motion)[1], "mixamorig:Low er Spine");
}

#[test]
fn channel_order_is_each_joints_own() {
    // The head turns 90° about Y, then 90° about the turned X: file order Y X Z.
    let text = person(1.0, "y");
    let row = format!("0 0 0 {}90 90 0 {}\n", "0 ".repeat(6), "0 ".repeat(18));
    let at = text.find("Frames").unwrap();
    let text = format!("{}Frames: 1\nFrame Time: 0.01\n{row}", &text[..at]);
    let take = bvh::read(text.as_bytes()).unwrap();
    let head = take.motion.world_from_joints(0)[2];
    // Ry·Rx: Z → Rx → −Y → Ry → −Y.
    assert!((head.transform_vector3(DVec3::Z) - DVec3::NEG_Y).length() < 1e-9);
    assert!((head.transform_vector3(DVec3::X) - DVec3::NEG_Z).length() < 1e-9);
}

#[test]
fn travel_below_the_root_is_kept_or_reported() {
    let text = person(1.0, "y");
    let moved = text.replacen(
        "CHANNELS 3 Zrotation Xrotation Yrotation\nJOINT Head",
        "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation\nJOINT Head",
        1,
    );
    let at = moved.find("Frames").unwrap();
    let row = |y: f64| format!("0 0.95 0 0 0 0 0 {y} 0 {}\n", "0 ".repeat(24));
    let steady = format!(
        "{}Frames: 2\nFrame Time: 0.01\n{}{}",
        &moved[..at],
        row(0.35),
        row(0.35)
    );
    let take = bvh::read(steady.as_bytes()).unwrap();
    assert!((take.motion.world_from_joints(0)[1].translation.y - 1.3).abs() < 1e-9);
    assert!(take.warnings.is_empty(), "{:?}", take.warnings);
    let strays = format!(
        "{}Frames: 2\nFrame Time: 0.01\n{}{}",
        &moved[..at],
        row(0.2),
        row(0.4)
    );
    let take = bvh::read(strays.as_bytes()).unwrap();
    assert!(
        take.warnings.iter().any(|w| w.contains("`Spine`")),
        "{:?}",
        take.warnings
    );
}

#[test]
fn damage_is_refused_with_line_and_remedy() {
    let good = person(1.0, "y");
    let deep = |joints: usize| {
        let open: String = (0..joints)
            .map(|k| format!("JOINT j{k}\n{{\nOFFSET 0 1 0\n"))
            .collect();
        let close = "}\n".repeat(joints);
        format!("HIERARCHY\nROOT r\n{{\nOFFSET 0 0 0\n{open}{close}}}\nMOTION\n")
    };
    let first_row = good.lines().count() - 1;
    let cases: Vec<(&str, String, usize, BvhReason)> = vec![
        ("empty", String::new(), 1, BvhReason::HierarchyMissing),
        ("other", "hello\n".into(), 1, BvhReason::HierarchyMissing),
        (
            "deep",
            deep(10_000),
            3074,
            BvhReason::TooManyJoints { limit: 1024 },
        ),
        (
            "itself",
            good.replace("JOINT Head", "JOINT Spine"),
            10,
            BvhReason::JointInsideItself {
                name: "Spine".into(),
            },
        ),
        (
            "twice",
            good.replace("RightFoot", "LeftFoot"),
            47,
            BvhReason::DuplicateJoint {
                name: "LeftFoot".into(),
            },
        ),
        (
            "roots",
            good.replace("MOTION", "ROOT Second"),
            first_row - 3,
            BvhReason::SecondRoot,
        ),
        (
            "nan",
            good.replacen("0.95", "NaN", 1),
            first_row,
            BvhReason::NotANumber { text: "NaN".into() },
        ),
        (
            "inf",
            good.replacen("OFFSET 0 0.3", "OFFSET 0 inf", 1),
            8,
            BvhReason::NotANumber { text: "inf".into() },
        ),
        (
            "short row",
            good.replacen("0.5 0.95", "0.95", 1),
            first_row,
            BvhReason::RowLength {
                found: 29,
                expected: 30,
            },
        ),
        (
            "few rows",
            good.replace("Frames: 2", "Frames: 2000000"),
            first_row + 1,
            BvhReason::RowsMissing {
                announced: 2_000_000,
                found: 2,
            },
        ),
        (
            "many",
            good.replace("Frames: 2", "Frames: 2000001"),
            first_row - 2,
            BvhReason::FrameCount {
                text: "2000001".into(),
                limit: 2_000_000,
            },
        ),
        (
            "time",
            good.replace("0.0333333", "0"),
            first_row - 1,
            BvhReason::FrameTime { text: "0".into() },
        ),
        (
            "channel",
            good.replacen("Zrotation", "Wrotation", 1),
            5,
            BvhReason::UnknownChannel {
                text: "Wrotation".into(),
            },
        ),
        (
            "brace",
            good.replacen("}\nMOTION", "MOTION", 1),
            first_row - 4,
            BvhReason::Unexpected {
                expected: "OFFSET, CHANNELS, JOINT, End Site or `}`",
                found: "MOTION".into(),
            },
        ),
    ];
    for (name, text, line, reason) in cases {
        let refused = bvh::read(text.as_bytes()).unwrap_err();
        assert_eq!(refused.reason, reason, "{name}: {refused}");
        assert_eq!(refused.line, line, "{name}: {refused}");
    }
}

#[test]
fn a_written_motion_reads_back() {
    for seed in 0..3 {
        let settings = PerformanceSettings {
            seed,
            ..PerformanceSettings::default()
        };
        let motion = perform(&settings);
        let take = bvh::read(bvh::write(&motion).as_bytes()).unwrap();
        assert_eq!(names(&take.motion), names(&motion));
        assert_eq!(
            take.motion.skeleton.end_sites_m.len(),
            motion.skeleton.end_sites_m.len()
        );
        assert!((take.motion.frame_rate_hz - motion.frame_rate_hz).abs() < 1e-5);
        assert_eq!(take.warnings, Vec::<String>::new());
        for frame in 0..motion.frames() {
            let pairs = motion.world_from_joints(frame);
            for (a, b) in pairs.iter().zip(take.motion.world_from_joints(frame)) {
                assert!((a.translation - b.translation).length() < 1e-6);
            }
        }
    }
}

#[test]
fn recorded_takes_stand_upright_in_metres() {
    for (name, bytes) in data::files("bandai", "bvh") {
        let take = bvh::read(&bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        let motion = &take.motion;
        assert_eq!(motion.skeleton.joints.len(), 22, "{name}");
        assert_eq!(take.unit_assumed, LengthUnit::Centimetre, "{name}");
        assert_eq!(take.up_axis_in_file, AxisInFile::PlusY, "{name}");
        assert!((motion.frame_rate_hz - 30.0).abs() < 0.01);
        let at = |part: &str| names(motion).iter().position(|name| *name == part).unwrap();
        let (head, foot, hand) = (at("Head"), at("Foot_L"), at("Hand_L"));
        let rest = rest(motion);
        assert!(
            rest[head].y - rest[foot].y > 1.1,
            "{name}: rest {:?}",
            rest[head] - rest[foot]
        );
        let foot_under_hip = rest[foot] - rest[at("UpperLeg_L")];
        assert!(
            foot_under_hip.x.hypot(foot_under_hip.z) < 0.05,
            "{name}: {foot_under_hip}"
        );
        let arm = rest[hand] - rest[at("UpperArm_L")];
        assert!(arm.x > 0.4 && arm.y.hypot(arm.z) < 0.05, "{name}: {arm}");
        let toes = rest[at("Toes_L")] - rest[foot];
        assert!(toes.z > 0.04, "{name}: toes {toes}");
        let world = motion.world_from_joints(0);
        let height = world[head].translation.y - world[foot].translation.y;
        assert!((0.8..1.7).contains(&height), "{name}: {height}");
        println!(
            "{name}: {} frames, stature {:.2} m, hand {:.2}, {:?}",
            motion.frames(),
            take.stature_m,
            world[hand].translation.y,
            take.warnings
        );
    }
}

fn rest(motion: &Motion) -> Vec<DVec3> {
    let mut places: Vec<DVec3> = Vec::new();
    for joint in &motion.skeleton.joints {
        let parent = joint.parent.map_or(DVec3::ZERO, |parent| places[parent]);
        places.push(parent + joint.offset_in_parent_m);
    }
    places
}

/// The oracle: forward kinematics straight from the file's numbers, joint_Root still, all in cm.
#[test]
fn placing_keeps_the_recorded_pose() {
    for (name, bytes) in data::files("bandai", "bvh").into_iter().take(6) {
        let take = bvh::read(&bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let row = text
            .lines()
            .skip_while(|line| !line.starts_with("Frame Time"))
            .nth(1)
            .unwrap();
        let numbers: Vec<f64> = row.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let mut world: Vec<glam::DAffine3> = Vec::new();
        for (index, joint) in take.motion.skeleton.joints.iter().enumerate() {
            let n = &numbers[index * 6..index * 6 + 6];
            let turn = glam::DQuat::from_euler(
                glam::EulerRot::ZXY,
                n[3].to_radians(),
                n[4].to_radians(),
                n[5].to_radians(),
            );
            let shift = DVec3::new(n[0], n[1], n[2]) / 100.0;
            let local = glam::DAffine3::from_rotation_translation(turn, shift);
            world.push(joint.parent.map_or(local, |parent| world[parent] * local));
        }
        let read = take.motion.world_from_joints(0);
        // The take may be turned about Y as a whole; distances between joints may not change.
        for a in 1..world.len() {
            for b in 1..a {
                let was = world[a].translation.distance(world[b].translation);
                let now = read[a].translation.distance(read[b].translation);
                assert!((was - now).abs() < 1e-4, "{name}: {a}-{b} {was} {now}");
            }
            assert!(
                (world[a].translation.y - read[a].translation.y).abs() < 1e-4,
                "{name} {a}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let _ = bvh::read(&bytes);
        let _ = bvh::read(&[b"HIERARCHY\nROOT a\n{\n", &bytes[..]].concat());
    }

    #[test]
    fn a_spoilt_file_never_panics(
        spoils in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        keep in any::<prop::sample::Index>(),
    ) {
        let mut file = person(100.0, "y").into_bytes();
        for (at, value) in spoils {
            let at = at.index(file.len());
            file[at] = value;
        }
        let _ = bvh::read(&file);
        let _ = bvh::read(&file[..keep.index(file.len())]);
    }
}
