//! Copies are really re-encoded, then looked for among titles that look alike.

use crate::common::{QUIET, Studio, data, engine, fingerprint, query};
use backlot_media_ffmpeg::FfmpegMedia;
use backlot_monitor::{Fingerprint, Segment, Verdict, compare, search};
use backlot_ports::media::{AlterSettings, Media};
use std::path::{Path, PathBuf};

/// Films of four performances in one studio, two with the same moving camera, two with a still one.
fn studio_films(media: &FfmpegMedia, dir: &Path) -> Vec<(u64, PathBuf)> {
    let film = |seed: u64, is_camera_still: bool| {
        let path = dir.join(format!("performance-{seed}-{is_camera_still}.mp4"));
        Studio {
            is_camera_still,
            ..Studio::performance(seed)
        }
        .film(media, &path);
        (seed, path)
    };
    vec![
        film(11, false),
        film(12, false),
        film(13, false),
        film(11, true),
        film(12, true),
    ]
}

fn copy(media: &FfmpegMedia, source: &Path, settings: AlterSettings) -> PathBuf {
    let target = source.with_file_name("copy.mp4");
    media
        .altered_copy(source, &target, &settings, QUIET)
        .unwrap();
    target
}

fn only_segment(verdict: &Verdict, what: &str) -> Segment {
    match verdict {
        Verdict::Match { segments } if segments.len() == 1 => segments[0].clone(),
        other => panic!("{what}: {other:?}"),
    }
}

/// Library start, library end, copy start, copy end within `off` seconds.
fn assert_times(segment: &Segment, expected_secs: [f64; 4], off: f64, what: &str) {
    let found = [
        segment.library_start_us,
        segment.library_end_us,
        segment.copy_start_us,
        segment.copy_end_us,
    ];
    for (found, expected) in found.iter().zip(expected_secs) {
        assert!(
            (*found as f64 / 1e6 - expected).abs() <= off,
            "{what}: {segment:?}"
        );
    }
}

#[test]
fn a_performance_is_found_and_told_from_others_in_the_same_studio() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let films = studio_films(&media, dir.path());
    let library: Vec<(u64, Fingerprint)> = films
        .iter()
        .map(|(seed, path)| (*seed, fingerprint(&media, path)))
        .collect();
    let base = AlterSettings::default();
    let trimmed = AlterSettings {
        start_secs: 2.3,
        duration_secs: Some(7.0),
        ..base
    };
    for (position, (seed, path)) in films.iter().enumerate() {
        let cases = [
            ("as the demo", base, [0.0, 12.0, 0.0, 12.0]),
            ("trimmed", trimmed, [2.3, 9.3, 0.0, 7.0]),
            (
                "mirrored",
                AlterSettings {
                    mirror: true,
                    ..base
                },
                [0.0, 12.0, 0.0, 12.0],
            ),
            (
                "bars",
                AlterSettings {
                    letterbox_fraction: 0.25,
                    ..base
                },
                [0.0, 12.0, 0.0, 12.0],
            ),
        ];
        for (edit, settings, times) in cases {
            let what = format!("performance {seed}, film {position}, {edit}");
            let query = query(&media, &copy(&media, path, settings));
            let own = compare(&library[position].1, &query);
            let segment = only_segment(&own, &what);
            println!("{what}: {segment:?}");
            assert_times(&segment, times, 0.6, &what);
            assert_eq!(segment.edits.is_mirrored, settings.mirror, "{what}");
            for (other, print) in library.iter().filter(|(other, _)| other != seed) {
                let verdict = compare(print, &query);
                println!("  against performance {other}: {:.0}", verdict.score());
                assert!(!verdict.is_match(), "{what} against {other}: {verdict:?}");
            }
            let hits = search(&library, &query);
            assert_eq!(hits[0].id, *seed, "{what}");
        }
    }
}

#[test]
fn camera_video_is_found_and_unrelated_films_are_not() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut library = Vec::new();
    let mut sources = Vec::new();
    for name in [
        "live-action/bottle-detection",
        "near-duplicates/pattern-hd-no-bar",
        "near-duplicates/doorknob-hd-no-bar",
    ] {
        let Some(path) = data(&format!("video/{name}.mp4")) else {
            return;
        };
        library.push((name.to_owned(), fingerprint(&media, &path)));
        sources.push(path);
    }
    for seed in 0..5u64 {
        let path = dir.path().join(format!("unrelated-{seed}.mp4"));
        media.unrelated_clip(&path, 8.0, seed, QUIET).unwrap();
        let query = query(&media, &path);
        let hits = search(&library, &query);
        assert!(
            hits.iter().all(|hit| !hit.verdict.is_match()),
            "{seed}: {hits:?}"
        );
        library.push((format!("unrelated-{seed}"), fingerprint(&media, &path)));
    }
    for (position, source) in sources.iter().enumerate() {
        let linked = dir.path().join("source.mp4");
        std::fs::copy(source, &linked).unwrap();
        let query = query(&media, &copy(&media, &linked, AlterSettings::default()));
        let hits = search(&library, &query);
        println!("{:?}", hits[0]);
        assert_eq!(hits[0].id, library[position].0);
        assert!(hits[0].verdict.is_match());
        assert!(
            hits[1..].iter().all(|hit| !hit.verdict.is_match()),
            "{hits:?}"
        );
    }
}

#[test]
fn a_still_is_too_little_to_say() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let still = dir.path().join("still.mp4");
    let settings = backlot_ports::media::EncodeSettings {
        width: 320,
        height: 180,
        frame_rate: backlot_master::Rational { num: 24, den: 1 },
        frames_expected: 240,
        crf: 20,
    };
    let mut left = 240;
    let mut next = |out: &mut Vec<u8>| {
        let pixel = |i: u32| ((i % 320) / 3 + (i / 320) / 2) as u8;
        out.extend((0..320 * 180).flat_map(|i| [pixel(i); 3]));
        left -= 1;
        left > 0
    };
    media
        .encode_rgb_frames(&settings, &still, &mut next, QUIET)
        .unwrap();
    let print = fingerprint(&media, &still);
    let verdict = compare(&print, &query(&media, &still));
    assert_eq!(verdict, Verdict::InsufficientContent);
}
