//! C3D: every byte order and storage, counts that lie, damage, and recorded files.

use crate::c3d_build::{Cpu, Param, Plan};
use crate::data;
use backlot_capture::c3d::{self, AnalogChannel, C3dReason, C3dTake, ParameterFault, Storage};
use backlot_geom::MarkerTrajectories;
use glam::DVec3;
use proptest::prelude::*;

fn plan(cpu: Cpu, real: bool) -> Plan {
    let frame = |k: f32| {
        vec![
            Some([100.0 + k, -200.0, 1500.5]),
            if k == 1.0 { None } else { Some([0.5, k, -3.0]) },
        ]
    };
    Plan {
        cpu,
        real,
        scale: 0.5,
        points: (0..4).map(|k| frame(k as f32)).collect(),
        labels: vec!["S:LASI", "RASI"],
        analog: (0..4)
            .map(|k| vec![vec![k, 2000 + k], vec![k + 10, -5]])
            .collect(),
        extra: vec![
            ("POINT:UNITS", Param::Text(vec!["mm"])),
            ("POINT:X_SCREEN", Param::Text(vec!["+X"])),
            ("POINT:Y_SCREEN", Param::Text(vec!["+Z"])),
            ("ANALOG:LABELS", Param::Text(vec!["FX1", "EMG"])),
            ("ANALOG:UNITS", Param::Text(vec!["N", "V"])),
            ("ANALOG:GEN_SCALE", Param::Reals(vec![2.0], vec![])),
            ("ANALOG:SCALE", Param::Reals(vec![0.5, 0.25], vec![2])),
            ("ANALOG:OFFSET", Param::Words(vec![1, 0])),
            ("EVENT:LABELS", Param::Text(vec!["Foot Strike", "Foot Off"])),
            ("EVENT:CONTEXTS", Param::Text(vec!["Left", "Right"])),
            (
                "EVENT:TIMES",
                Param::Reals(vec![1.0, 2.5, 0.0, 0.5], vec![2, 2]),
            ),
        ],
    }
}

const KINDS: [(Cpu, bool); 6] = [
    (Cpu::Intel, false),
    (Cpu::Intel, true),
    (Cpu::Dec, false),
    (Cpu::Dec, true),
    (Cpu::Sgi, false),
    (Cpu::Sgi, true),
];

#[test]
fn every_byte_order_and_storage_gives_the_same_take() {
    for (cpu, real) in KINDS {
        let take = c3d::read(&plan(cpu, real).build()).unwrap();
        let at = format!("{cpu:?} real {real}");
        assert_eq!(take.markers.labels, ["S:LASI", "RASI"], "{at}");
        assert_eq!((take.frames, take.markers.frame_rate_hz), (4, 50.0), "{at}");
        // Z up in the file: (x, y, z) mm → (x, z, −y) m.
        let first = take.markers.frame(0)[0].unwrap();
        assert!(
            (first - DVec3::new(0.1, 1.5005, 0.2)).length() < 1e-9,
            "{at}: {first}"
        );
        assert_eq!(take.markers.frame(1)[1], None, "{at}");
        let second = take.markers.frame(2)[1].unwrap();
        assert!(
            (second - DVec3::new(0.0005, -0.003, -0.002)).length() < 1e-9,
            "{at}: {second}"
        );
        let [fx, emg]: [AnalogChannel; 2] = take.analog_channels.try_into().unwrap();
        assert_eq!(
            (fx.label.as_str(), fx.unit.as_str(), fx.sample_rate_hz),
            ("FX1", "N", 100.0)
        );
        // (raw − 1) × 0.5 × 2 and raw × 0.25 × 2
        assert_eq!(
            fx.samples,
            [-1.0, 9.0, 0.0, 10.0, 1.0, 11.0, 2.0, 12.0],
            "{at}"
        );
        assert_eq!(emg.samples[..2], [1000.0, -2.5], "{at}");
        let events: Vec<(f64, &str, &str)> = take
            .events
            .iter()
            .map(|e| (e.time_secs, e.label.as_str(), e.context.as_str()))
            .collect();
        assert_eq!(
            events,
            [(0.5, "Foot Off", "Right"), (62.5, "Foot Strike", "Left")],
            "{at}"
        );
        assert_eq!(take.warnings, Vec::<String>::new(), "{at}");
    }
}

#[test]
fn unsigned_analog_reaches_past_the_sign_bit() {
    let mut plan = plan(Cpu::Intel, false);
    plan.extra
        .push(("ANALOG:FORMAT", Param::Text(vec!["UNSIGNED"])));
    plan.extra.retain(|(name, _)| *name != "ANALOG:OFFSET");
    plan.extra
        .push(("ANALOG:OFFSET", Param::Words(vec![0, 32_768])));
    let take = c3d::read(&plan.build()).unwrap();
    // −5 is 65,531 unsigned: (65,531 − 32,768) × 0.25 × 2
    assert_eq!(take.analog_channels[1].samples[1], 16_381.5);
}

#[test]
fn units_and_up_axes_of_the_file_are_honoured() {
    let cases = [
        ("cm", "+Z", DVec3::new(1.0, 15.005, 2.0)),
        ("m", "+Y", DVec3::new(100.0, -200.0, 1500.5)),
        ("in", "+Y", DVec3::new(2.54, -5.08, 38.1127)),
        ("mm", "-Y", DVec3::new(0.1, 0.2, -1.5005)),
        ("mm", "+X", DVec3::new(0.2, 0.1, 1.5005)),
    ];
    for (unit, up, expected) in cases {
        let mut plan = plan(Cpu::Intel, true);
        plan.extra
            .retain(|(name, _)| *name != "POINT:UNITS" && *name != "POINT:Y_SCREEN");
        plan.extra.push(("POINT:UNITS", Param::Text(vec![unit])));
        plan.extra.push(("POINT:Y_SCREEN", Param::Text(vec![up])));
        let take = c3d::read(&plan.build()).unwrap();
        let place = take.markers.frame(0)[0].unwrap();
        assert!((place - expected).length() < 1e-6, "{unit} {up}: {place}");
    }
}

#[test]
fn angles_among_the_points_are_no_markers() {
    let mut plan = plan(Cpu::Intel, true);
    plan.extra.push(("POINT:ANGLES", Param::Text(vec!["RASI"])));
    let take = c3d::read(&plan.build()).unwrap();
    assert_eq!(take.markers.labels, ["S:LASI"]);
    assert_eq!(take.outputs[0].kind, "ANGLES");
    assert_eq!(take.outputs[0].values[2], Some(DVec3::new(0.5, 2.0, -3.0)));
}

#[test]
fn damage_is_refused_with_its_place() {
    let good = plan(Cpu::Intel, true).build();
    let section = 512;
    let spoil = |offset: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[offset..offset + bytes.len()].copy_from_slice(bytes);
        file
    };
    let labels = good.windows(6).position(|w| w == b"LABELS").unwrap();
    let cases: Vec<(&str, Vec<u8>, usize, C3dReason)> = vec![
        (
            "short",
            good[..300].to_vec(),
            300,
            C3dReason::TooShort { bytes: 300 },
        ),
        ("key", spoil(1, &[0x51]), 1, C3dReason::Key { found: 0x51 }),
        (
            "block 0",
            spoil(0, &[0]),
            0,
            C3dReason::ParameterBlock { block: 0 },
        ),
        (
            "block 99",
            spoil(0, &[99]),
            0,
            C3dReason::ParameterBlock { block: 99 },
        ),
        (
            "cpu",
            spoil(section + 3, &[87]),
            section + 3,
            C3dReason::Processor { found: 87 },
        ),
        (
            "type",
            spoil(labels + 8, &[7]),
            labels + 8,
            C3dReason::Parameter {
                name: "LABELS".into(),
                what: ParameterFault::Type(7),
            },
        ),
        (
            "dims",
            spoil(labels + 9, &[8]),
            labels + 9,
            C3dReason::Parameter {
                name: "LABELS".into(),
                what: ParameterFault::Dimensions(8),
            },
        ),
        (
            "lying dims",
            spoil(labels + 9, &[7, 255, 255, 255, 255, 255, 255, 255]),
            labels - 2,
            C3dReason::Parameter {
                name: "LABELS".into(),
                what: ParameterFault::BeyondEnd,
            },
        ),
        (
            "data",
            spoil(16, &[0xFF, 0xFF]),
            16,
            C3dReason::DataBlock { block: 0xFFFF },
        ),
        ("frames", spoil(8, &[0xFF, 0x0F]), 8, truncated(4095, &good)),
        (
            "points",
            spoil(2, &[0xFF, 0xFF]),
            8,
            C3dReason::Truncated {
                announced: 4,
                found: 0,
            },
        ),
        (
            "range",
            spoil(6, &[9, 0]),
            6,
            C3dReason::FrameRange { first: 9, last: 4 },
        ),
        ("rate", spoil(20, &[0, 0, 0, 0]), 20, C3dReason::FrameRate),
        (
            "nan rate",
            spoil(20, &f32::NAN.to_le_bytes()),
            20,
            C3dReason::FrameRate,
        ),
        ("scale", spoil(12, &[0, 0, 0, 0]), 12, C3dReason::PointScale),
        (
            "analog",
            spoil(18, &[3, 0]),
            18,
            C3dReason::AnalogLayout {
                total: 4,
                per_frame: 3,
            },
        ),
        (
            "empty",
            spoil(2, &[0, 0, 0, 0]),
            2,
            C3dReason::NothingRecorded,
        ),
    ];
    for (name, file, offset, reason) in cases {
        let refused = c3d::read(&file).unwrap_err();
        assert_eq!(
            (refused.offset, &refused.reason),
            (offset, &reason),
            "{name}: {refused}"
        );
    }
}

fn truncated(announced: usize, file: &[u8]) -> C3dReason {
    let data = (usize::from(u16::from_le_bytes([file[16], file[17]])) - 1) * 512;
    // 2 points × 4 + 2 channels × 2 samples, 4 bytes each
    C3dReason::Truncated {
        announced,
        found: (file.len() - data) / 48,
    }
}

#[test]
fn a_cut_file_says_how_many_frames_are_there() {
    let mut plan = plan(Cpu::Sgi, true);
    plan.points = (0..100).map(|_| vec![Some([1.0, 2.0, 3.0]); 2]).collect();
    plan.analog.clear();
    let file = plan.build();
    let data = file.len() - (100 * 32usize).div_ceil(512) * 512;
    let refused = c3d::read(&file[..data + 40 * 32 + 7]).unwrap_err();
    assert_eq!(
        refused.reason,
        C3dReason::Truncated {
            announced: 100,
            found: 40
        }
    );
    assert!(refused.to_string().contains("40 are there"), "{refused}");
}

#[test]
fn long_takes_count_past_16_bits_and_write_reads_back() {
    let labels: Vec<String> = (0..300).map(|k| format!("M{k:03}")).collect();
    let markers = MarkerTrajectories {
        labels: labels.clone(),
        frame_rate_hz: 120.0,
        point_in_world_m: (0..600)
            .map(|k| (k % 7 != 3).then(|| DVec3::new(k as f64 * 0.001, 1.5, -0.25)))
            .collect(),
    };
    let back = c3d::read(&c3d::write(&markers)).unwrap();
    assert_eq!(
        (back.markers.labels, back.markers.frame_rate_hz),
        (labels, 120.0)
    );
    assert_eq!(back.storage, Storage::Real);
    for (read, written) in back
        .markers
        .point_in_world_m
        .iter()
        .zip(&markers.point_in_world_m)
    {
        assert_eq!(read.is_some(), written.is_some());
        assert!(
            read.unwrap_or_default()
                .distance(written.unwrap_or_default())
                < 1e-6
        );
    }
    let long = MarkerTrajectories {
        labels: vec!["A".into()],
        frame_rate_hz: 100.0,
        point_in_world_m: vec![Some(DVec3::Y); 70_000],
    };
    let take = c3d::read(&c3d::write(&long)).unwrap();
    assert_eq!((take.frames, take.markers.frames()), (70_000, 70_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        let _ = c3d::read(&bytes);
        if bytes.len() > 516 {
            bytes[..2].copy_from_slice(&[2, 0x50]);
            bytes[515] = 84 + bytes[3] % 3;
            let _ = c3d::read(&bytes);
        }
    }

    #[test]
    fn a_spoilt_file_never_panics(
        kind in 0usize..6,
        spoils in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        keep in any::<prop::sample::Index>(),
    ) {
        let (cpu, real) = KINDS[kind];
        let mut file = plan(cpu, real).build();
        for (at, value) in spoils {
            let at = at.index(file.len());
            file[at] = value;
        }
        let _ = c3d::read(&file);
        let _ = c3d::read(&file[..keep.index(file.len())]);
    }
}

fn recorded() -> Vec<(String, C3dTake)> {
    let mut files = data::files("btk", "c3d");
    files.extend(data::files("pycgm", "c3d"));
    files
        .into_iter()
        .map(|(name, bytes)| {
            let take = c3d::read(&bytes).unwrap_or_else(|refused| panic!("{name}: {refused}"));
            (name, take)
        })
        .collect()
}

#[test]
fn recorded_files_have_the_published_sizes() {
    for (name, take) in recorded() {
        println!(
            "{name}: {} markers, {} outputs, {} frames, {} Hz, {} channels, {:?} {:?} {:?} {:?}",
            take.markers.labels.len(),
            take.outputs.len(),
            take.frames,
            take.markers.frame_rate_hz,
            take.analog_channels.len(),
            take.processor,
            take.storage,
            take.up_axis_in_file,
            take.warnings,
        );
        let points = take.markers.labels.len() + take.outputs.len();
        let found = (
            points,
            take.frames,
            take.markers.frame_rate_hz,
            take.analog_channels.len(),
        );
        let upper = name.to_uppercase();
        let expected = match upper.as_str() {
            _ if upper.starts_with("EB015") || upper.starts_with("TEST") => (26, 450, 50.0, 16),
            "PIG_MOTION-FLATFOOT-FULL.C3D" => (193, 315, 100.0, 38),
            "PIG_MOTION-FLATFOOT-HOLE.C3D" => (193, 320, 100.0, 38),
            "PIG_MOTION-FLATFOOT-ONE.C3D" => (193, 255, 100.0, 38),
            "PIG_MOTION3_FF_N18.C3D" => (92, 293, 100.0, 34),
            _ if upper.starts_with("PIG_MOTION3") => (97, 293, 100.0, 34),
            "STATIC_TRIAL.C3D" => (points, 498, 120.0, found.3),
            "SAMPLE_STATIC.C3D" => (points, 275, 100.0, found.3),
            "ROBOSTATIC.C3D" => (points, 560, 240.0, found.3),
            "59993_FRAME_STATIC.C3D" => (points, 371, 100.0, found.3),
            _ => (36, 89, 50.0, 16),
        };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn the_same_trial_in_six_formats_is_the_same_trial() {
    let all = recorded();
    let sample02 = ["pc_int.c3d", "pc_real.c3d", "Dec_real.c3d", "DEC_INT.C3D"];
    let groups: [Vec<&(String, C3dTake)>; 3] = [
        all.iter()
            .filter(|(name, _)| name.starts_with("Eb015"))
            .collect(),
        all.iter()
            .filter(|(name, _)| sample02.contains(&name.as_str()) || name.starts_with("sgi_"))
            .collect(),
        all.iter()
            .filter(|(name, _)| name.starts_with("TEST"))
            .collect(),
    ];
    for group in groups {
        let Some((first_name, first)) = group.first() else {
            continue;
        };
        assert!(group.len() == 6 || group.len() == 4);
        let step = group
            .iter()
            .filter_map(|(_, take)| take.integer_step_m)
            .fold(0.0, f64::max);
        for (name, take) in &group {
            let mut worst = 0.0f64;
            assert_eq!(take.markers.labels, first.markers.labels, "{name}");
            let pairs = take
                .markers
                .point_in_world_m
                .iter()
                .zip(&first.markers.point_in_world_m);
            for (point, other) in pairs {
                assert_eq!(
                    point.is_some(),
                    other.is_some(),
                    "{name} against {first_name}"
                );
                if let (Some(point), Some(other)) = (point, other) {
                    worst = worst.max((*point - *other).abs().max_element());
                }
            }
            println!("{name} against {first_name}: {worst:.6} m, step {step:.6} m");
            assert!(worst <= step * 1.001, "{name}: {worst} m");
        }
    }
}
