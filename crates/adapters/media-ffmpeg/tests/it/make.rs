//! What the engine makes: proxies frame by frame, packages, odd inputs made regular.

use crate::common::{QUIET, Studio, data, engine};
use backlot_master::Rational;
use backlot_master::hls::parse_media_playlist;
use backlot_ports::media::Media;
use std::path::Path;
use std::process::Command;

/// Picture types and presentation times of every frame, as the engine's own prober sees them.
fn frames(path: &Path) -> Vec<(char, f64)> {
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            "v",
            "-show_entries",
            "frame=pict_type,pts_time",
        ])
        .args(["-of", "csv=p=0"])
        .arg(path)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let frame = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let kind = cells
            .iter()
            .find_map(|c| c.chars().next().filter(|c| "IPB".contains(*c)));
        let time = cells.iter().find_map(|c| c.parse().ok());
        Some((kind?, time?))
    };
    text.lines().filter_map(frame).collect()
}

fn assert_reviewable(path: &Path, rate: Rational) {
    let frames = frames(path);
    assert!(!frames.is_empty());
    let mut since_key = 0;
    for (i, (kind, secs)) in frames.iter().enumerate() {
        assert_ne!(*kind, 'B');
        since_key = if *kind == 'I' { 0 } else { since_key + 1 };
        assert!(since_key < 12, "frame {i}");
        let due = i as f64 / rate.as_f64();
        assert!(
            (secs - frames[0].1 - due).abs() < 0.002,
            "frame {i} at {secs}, due {due}"
        );
    }
    let bytes = std::fs::read(path).unwrap();
    let at = |kind: &[u8]| bytes.windows(4).position(|window| window == kind).unwrap();
    assert!(at(b"moov") < at(b"mdat"));
}

#[test]
fn a_preview_becomes_a_proxy_and_a_package() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let preview = dir.path().join("preview.mp4");
    let studio = Studio {
        secs: 10,
        ..Studio::performance(3)
    };
    let start = std::time::Instant::now();
    studio.film(&media, &preview);
    println!("preview {:?}", start.elapsed());
    let probe = media.validate(&preview, QUIET).unwrap();
    assert_eq!(probe.video[0].frames, Some(240));
    assert_eq!(probe.video[0].color_space.as_deref(), Some("bt709"));
    let proxy = dir.path().join("proxy.mp4");
    let start = std::time::Instant::now();
    media.proxy(&preview, &proxy, QUIET).unwrap();
    println!("proxy {:?}", start.elapsed());
    assert_reviewable(&proxy, Rational { num: 24, den: 1 });
    assert_eq!(frames(&proxy).len(), 240);
    let package = dir.path().join("hls");
    let start = std::time::Instant::now();
    let made = media.hls(&proxy, &package, QUIET).unwrap();
    println!("hls {:?} {made:?}", start.elapsed());
    assert_eq!(made.segment_grid_us.last().unwrap().1, 10_000_000);
    assert!(
        made.video_codec.starts_with("avc1.6400"),
        "{}",
        made.video_codec
    );
    let start = std::time::Instant::now();
    crate::common::fingerprint(&media, &proxy);
    println!("fingerprint {:?}", start.elapsed());
    assert!(
        media.hls(&proxy, &package, QUIET).is_err(),
        "a package is never written over"
    );
}

#[test]
fn real_files_become_regular_proxies() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    for name in [
        "odd/smpte-2997.mp4",
        "odd/chaplin.mp4",
        "packaging/count-video.mp4",
        "video/near-duplicates/test-padded-dimensions.mp4",
        "video/near-duplicates/pattern-sd-with-small-logo-bar.mp4",
        "video/live-action/again.mkv",
    ] {
        let Some(path) = data(name) else { return };
        let probe = media
            .validate(&path, QUIET)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let rate = probe.video[0].cfr_rate();
        let proxy = dir.path().join("proxy.mp4");
        media.proxy(&path, &proxy, QUIET).unwrap();
        assert_reviewable(&proxy, rate);
        let made = media.probe(&proxy).unwrap();
        let (width, height) = probe.video[0].display_size();
        let shown = &made.video[0];
        assert!(
            shown.height <= 720 && shown.width % 2 == 0 && shown.height % 2 == 0,
            "{name}"
        );
        let aspect = f64::from(width) / f64::from(height);
        let found = f64::from(shown.width) / f64::from(shown.height);
        assert!(
            (aspect / found - 1.0).abs() < 0.02,
            "{name}: {aspect} became {found}"
        );
        assert_eq!(made.audio.is_empty(), probe.audio.is_empty(), "{name}");
        let drift = (made.duration_us - probe.duration_us).abs();
        println!(
            "{name}: {rate} {}x{} drift {drift} µs",
            shown.width, shown.height
        );
        assert!(drift < 400_000, "{name}: {drift}");
        let package = dir.path().join("hls");
        let hls = media.hls(&proxy, &package, QUIET).unwrap();
        assert_eq!(
            hls.audio_playlist.is_some(),
            !made.audio.is_empty(),
            "{name}"
        );
        for list in std::iter::once(&hls.video_playlist).chain(&hls.audio_playlist) {
            let text = std::fs::read_to_string(package.join(list)).unwrap();
            let list = parse_media_playlist(&text).unwrap();
            assert!(list.is_ended && list.map_uri.is_some());
            assert!(
                list.segments
                    .iter()
                    .all(|(uri, _)| package.join(uri).exists())
            );
        }
        std::fs::remove_dir_all(&package).unwrap();
    }
}
