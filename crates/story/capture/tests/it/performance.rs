//! The generated performance keeps its promises for many seeds, styles, lengths and rates.

use backlot_capture::procedural::{PerformanceSettings, PerformanceStyle, perform};
use backlot_geom::{HumanBone, Motion};
use glam::DVec3;

fn settings(seed: u64, seconds: f64, rate: f64, style: PerformanceStyle) -> PerformanceSettings {
    PerformanceSettings {
        seed,
        seconds,
        frame_rate_hz: rate,
        style,
    }
}

fn place(motion: &Motion, frame: usize, bone: HumanBone) -> DVec3 {
    motion.world_from_joints(frame)[bone as usize].translation
}

/// Lowest joint or end site over the take.
fn lowest(motion: &Motion) -> f64 {
    let mut lowest = f64::MAX;
    for frame in 0..motion.frames() {
        let world = motion.world_from_joints(frame);
        for joint in &world {
            lowest = lowest.min(joint.translation.y);
        }
        for (joint, tip) in &motion.skeleton.end_sites_m {
            lowest = lowest.min(world[*joint].transform_point3(*tip).y);
        }
    }
    lowest
}

/// Largest turn of any joint between two frames, degrees, and the joint.
fn largest_turn_deg(motion: &Motion) -> (f64, String) {
    let mut largest = (0.0, String::new());
    for frame in 1..motion.frames() {
        let pairs = motion.frame(frame).iter().zip(motion.frame(frame - 1));
        for (joint, (now, before)) in pairs.enumerate() {
            let turn = 2.0 * now.dot(*before).abs().min(1.0).acos().to_degrees();
            if turn > largest.0 {
                largest = (turn, motion.skeleton.joints[joint].name.clone());
            }
        }
    }
    largest
}

#[test]
fn nothing_goes_under_the_floor_and_nothing_jumps() {
    for style in PerformanceStyle::ALL {
        for seed in 0..25 {
            for seconds in [2.0, 6.0, 11.0, 25.0] {
                let motion = perform(&settings(seed, seconds, 30.0, style));
                let at = format!("{style:?} seed {seed} {seconds} s");
                assert_eq!(motion.frames(), (seconds * 30.0) as usize, "{at}");
                assert!(lowest(&motion) > -1e-6, "{at}: {} m", lowest(&motion));
                let (turn, joint) = largest_turn_deg(&motion);
                assert!(turn < 20.0, "{at}: {joint} turns {turn}°");
                assert!(
                    motion.parent_from_joint.iter().all(|q| q.is_normalized()),
                    "{at}"
                );
            }
        }
    }
}

#[test]
fn a_foot_on_the_floor_does_not_slide() {
    for style in PerformanceStyle::ALL {
        for seed in 0..10 {
            let motion = perform(&settings(seed, 12.0, 60.0, style));
            let mut planted = 0;
            for bone in [HumanBone::LeftFoot, HumanBone::RightFoot] {
                for frame in 2..motion.frames() {
                    let now = place(&motion, frame, bone);
                    let before = place(&motion, frame - 1, bone);
                    if now.y < 0.0901 && before.y < 0.0901 {
                        planted += 1;
                        let slide_mm = (now - before).length() * 1000.0;
                        assert!(
                            slide_mm < 1.0,
                            "{style:?} {seed} frame {frame}: {slide_mm} mm"
                        );
                    }
                }
            }
            let share = planted as f64 / (2 * motion.frames()) as f64;
            assert!(share > 0.4, "{style:?} {seed}: planted for {share}");
        }
    }
}

#[test]
fn the_piece_walks_waves_and_bows() {
    for seed in 0..10 {
        let motion = perform(&settings(seed, 12.0, 30.0, PerformanceStyle::Lively));
        let frames = motion.frames();
        let way = motion.root_in_world_m[0].distance(motion.root_in_world_m[frames - 1]);
        assert!(way > 1.0, "seed {seed}: walks {way} m");
        let hands = [HumanBone::LeftHand, HumanBone::RightHand];
        let top = (0..frames).flat_map(|f| hands.map(|hand| place(&motion, f, hand).y));
        let top = top.fold(0.0, f64::max);
        assert!(top > 1.55, "seed {seed}: hand up to {top} m");
        let head = |f: usize| place(&motion, f, HumanBone::Head).y;
        let bowed = (frames - 63..frames).map(head).fold(f64::MAX, f64::min);
        assert!(bowed < 1.35, "seed {seed}: head down to {bowed} m");
        let end = motion.world_from_joints(frames - 1);
        assert!(
            end[0].transform_vector3(DVec3::Z).z > 0.95,
            "seed {seed}: faces the viewer"
        );
        assert!(head(frames - 1) > 1.45, "seed {seed}: stands again");
    }
}

#[test]
fn same_settings_same_motion_other_seed_other_motion() {
    let one = settings(7, 10.5, 30.0, PerformanceStyle::Playful);
    assert_eq!(perform(&one), perform(&one));
    assert_ne!(
        perform(&one),
        perform(&PerformanceSettings { seed: 8, ..one })
    );
    let calm = PerformanceSettings {
        style: PerformanceStyle::Calm,
        ..one
    };
    assert_ne!(perform(&one), perform(&calm));
}

#[test]
fn unreasonable_settings_are_taken_into_bounds() {
    for (seconds, rate) in [
        (f64::NAN, f64::NAN),
        (-1.0, 0.0),
        (0.0, 1e9),
        (f64::INFINITY, 10.0),
    ] {
        let motion = perform(&settings(1, seconds, rate, PerformanceStyle::Calm));
        assert!(motion.frames() >= 2);
        assert!(motion.root_in_world_m.iter().all(|place| place.is_finite()));
    }
}
