//! The front door tells formats by content and refuses in words.

use crate::data;
use backlot_capture::procedural::{PerformanceSettings, perform};
use backlot_capture::take::{SourceFormat, TakeError, read_take};
use backlot_capture::{bvh, c3d};
use backlot_geom::MarkerTrajectories;
use glam::DVec3;

#[test]
fn content_decides_not_the_name() {
    let text = bvh::write(&perform(&PerformanceSettings::default()));
    let take = read_take("walk.c3d", text.as_bytes()).unwrap();
    assert_eq!(
        (take.source_format, take.motion.frames()),
        (SourceFormat::Bvh, 360)
    );
    let markers = MarkerTrajectories {
        labels: vec!["a".into(), "b".into()],
        frame_rate_hz: 100.0,
        point_in_world_m: vec![Some(DVec3::Y), None, None, Some(DVec3::new(0.1, 1.0, 0.0))],
    };
    let take = read_take("walk.bvh", &c3d::write(&markers)).unwrap();
    assert_eq!(
        (take.source_format, take.motion.frames()),
        (SourceFormat::C3d, 2)
    );
    assert_eq!(take.motion.skeleton.joints.len(), 22);
    assert_eq!(take.markers.unwrap().labels, ["a", "b"]);
}

#[test]
fn what_is_no_take_is_refused_in_words() {
    let cases: [(&[u8], &str); 6] = [
        (
            b"",
            "`x` is empty; upload the recording again (BVH and C3D are read)",
        ),
        (
            b" \r\n",
            "`x` is empty; upload the recording again (BVH and C3D are read)",
        ),
        (
            b"glTF\x02\0\0\0",
            "`x` looks like GLB; export it as BVH or C3D, these are read",
        ),
        (
            b"Kaydara FBX Binary  \0",
            "`x` looks like FBX; export it as BVH or C3D, these are read",
        ),
        (
            b"some text",
            "`x` is neither BVH (text that begins with HIERARCHY) nor C3D; these are read",
        ),
        (
            b"\x02\x50",
            "failed to read `x` as C3D: byte 2: the file has 2 bytes, a C3D header alone has 512; \
             fetch the file again",
        ),
    ];
    for (bytes, message) in cases {
        assert_eq!(read_take("x", bytes).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_file_without_a_visible_marker_is_refused() {
    let markers = MarkerTrajectories {
        labels: vec!["a".into()],
        frame_rate_hz: 100.0,
        point_in_world_m: vec![None; 5],
    };
    let refused = read_take("x", &c3d::write(&markers)).unwrap_err();
    assert!(matches!(refused, TakeError::Solve { .. }), "{refused}");
}

#[test]
fn every_recorded_file_gives_a_take() {
    let folders = [("btk", "c3d"), ("pycgm", "c3d"), ("bandai", "bvh")];
    for (name, bytes) in folders
        .iter()
        .flat_map(|(folder, kind)| data::files(folder, kind))
    {
        let take = read_take(&name, &bytes).unwrap_or_else(|refused| panic!("{refused}"));
        assert!(
            take.motion.frames() > 0 && take.motion.root_in_world_m[0].is_finite(),
            "{name}"
        );
        assert!(
            take.motion
                .parent_from_joint
                .iter()
                .all(|turn| turn.is_normalized()),
            "{name}"
        );
    }
}
