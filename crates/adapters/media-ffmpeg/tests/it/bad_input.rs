//! Files that are not what they seem: each is refused with a reason, nothing is left behind.

use crate::common::{QUIET, Studio, data, engine};
use backlot_media_ffmpeg::{FfmpegMedia, FfmpegSettings};
use backlot_ports::media::{Media, MediaControl, MediaError};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

fn write(dir: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn film(media: &FfmpegMedia, dir: &Path) -> Vec<u8> {
    let path = dir.join("good.mp4");
    Studio {
        secs: 3,
        ..Studio::performance(7)
    }
    .film(media, &path);
    std::fs::read(path).unwrap()
}

/// Position of a top-level box.
fn box_at(bytes: &[u8], kind: &[u8; 4]) -> usize {
    let mut at = 0;
    while &bytes[at + 4..at + 8] != kind {
        at += u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    }
    at
}

#[test]
fn what_is_no_media_is_refused_before_decoding() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let good = film(&media, dir.path());
    let secret = write(dir.path(), "secret.mp4", &good);
    let playlist = format!(
        "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n",
        secret.display()
    );
    let concat = format!("ffconcat version 1.0\nfile '{}'\n", secret.display());
    let mut claim = vec![0x7f, 0xff, 0xff, 0xff];
    claim.extend(b"ftypisom");
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("empty.mp4", Vec::new()),
        ("text.mp4", b"Dear viewer, this is no film.\n".repeat(200)),
        ("zeros.mp4", vec![0; 100_000]),
        ("playlist.mp4", playlist.clone().into_bytes()),
        ("playlist.m3u8", playlist.into_bytes()),
        ("list.ffconcat", concat.clone().into_bytes()),
        ("list.mp4", concat.into_bytes()),
        ("claim.mp4", claim),
        (
            "picture.mp4",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x40\0\0\0\x40\0\x08\x02\0\0\0".to_vec(),
        ),
        (
            "script.sdp",
            b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n".to_vec(),
        ),
    ];
    for (name, bytes) in cases {
        let path = write(dir.path(), name, &bytes);
        let refused = media.probe(&path).unwrap_err();
        let right = matches!(
            refused,
            MediaError::NotMedia { .. } | MediaError::Truncated { .. }
        );
        assert!(right, "{name}: {refused}");
        assert!(
            media
                .proxy(&path, &dir.path().join("out.mp4"), QUIET)
                .is_err(),
            "{name}"
        );
        println!("{name}: {refused}");
    }
    let missing = media.probe(&dir.path().join("absent.mp4")).unwrap_err();
    assert!(matches!(missing, MediaError::Io { .. }), "{missing}");
    assert!(media.probe(dir.path()).is_err());
    assert!(!dir.path().join("out.mp4").exists());
    let left: Vec<_> = dir
        .path()
        .read_dir()
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        left.iter()
            .all(|name| !name.to_string_lossy().starts_with(".part")),
        "{left:?}"
    );
}

#[test]
fn cut_and_lying_films_are_refused_by_validation() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let good = film(&media, dir.path());
    let whole = write(dir.path(), "whole.mp4", &good);
    media.validate(&whole, QUIET).unwrap();
    // Faststart files carry the index first: cutting the end leaves a perfect header.
    let cut_data = write(dir.path(), "cut.mp4", &good[..good.len() * 6 / 10]);
    let moov = box_at(&good, b"moov");
    let cut_index = write(dir.path(), "index.mp4", &good[..moov + 400]);
    let mut lying = good.clone();
    let mdat = box_at(&good, b"mdat");
    lying[mdat..mdat + 4].copy_from_slice(&0x7fff_ffffu32.to_be_bytes());
    let lying = write(dir.path(), "lying.mp4", &lying[..mdat + 3000]);
    let mut broken = good.clone();
    let middle = mdat + (good.len() - mdat) / 2;
    broken[middle..middle + 4000.min(good.len() - middle)].fill(0xa5);
    let broken = write(dir.path(), "broken.mp4", &broken);
    for path in [cut_data, cut_index, lying, broken] {
        let refused = media.validate(&path, QUIET).unwrap_err();
        println!("{}: {refused}", path.display());
        let right = matches!(
            refused,
            MediaError::NotMedia { .. } | MediaError::Truncated { .. }
        );
        assert!(right, "{refused}");
    }
}

#[test]
fn odd_names_are_only_names() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let good = film(&media, dir.path());
    for name in [
        "-i.mp4",
        "a b 'c' \"d\".mp4",
        "表演 😀.mp4",
        "%05d.mp4",
        "concat:x|y.mp4",
        "*.mp4",
    ] {
        let path = write(dir.path(), name, &good);
        let probe = media.probe(&path).unwrap();
        assert_eq!(
            (probe.video[0].width, probe.video[0].height),
            (320, 180),
            "{name}"
        );
        let target = dir.path().join(format!("out {name}"));
        media.proxy(&path, &target, QUIET).unwrap();
        assert!(media.probe(&target).is_ok(), "{name}");
        let poster = dir.path().join(format!("{name}.jpg"));
        media.poster(&path, 1.0, &poster).unwrap();
        assert!(
            std::fs::read(&poster).unwrap().starts_with(&[0xff, 0xd8]),
            "{name}"
        );
        let package = dir.path().join(format!("hls {name}"));
        media.hls(&target, &package, QUIET).unwrap();
    }
}

#[test]
fn sound_alone_is_no_master() {
    let Some(media) = engine() else { return };
    let Some(song) = data("audio/robin.ogg") else {
        return;
    };
    let probe = media.probe(&song).unwrap();
    assert!(probe.is_playable_master().is_err());
    assert!(matches!(
        media.validate(&song, QUIET),
        Err(MediaError::NotMedia { .. })
    ));
}

#[test]
fn a_stopped_call_leaves_nothing() {
    let Some(media) = engine() else { return };
    let dir = tempfile::tempdir().unwrap();
    let cancel = AtomicBool::new(false);
    let on_progress = |_: f32| cancel.store(true, Ordering::Relaxed);
    let control = MediaControl {
        cancel: &cancel,
        on_progress: &on_progress,
    };
    let target = dir.path().join("long.mp4");
    let stopped = media.unrelated_clip(&target, 3000.0, 3, control);
    assert!(
        matches!(stopped, Err(MediaError::Cancelled { .. })),
        "{stopped:?}"
    );
    let hasty = FfmpegMedia::new(FfmpegSettings {
        limit_base: Duration::from_millis(300),
        limit_per_media_sec: Duration::ZERO,
        ..FfmpegSettings::default()
    });
    let late = hasty.unrelated_clip(&target, 3000.0, 3, QUIET);
    assert!(matches!(late, Err(MediaError::TimedOut { .. })), "{late:?}");
    assert_eq!(dir.path().read_dir().unwrap().count(), 0);
}

#[test]
fn a_missing_program_names_the_remedy() {
    let media = FfmpegMedia::new(FfmpegSettings {
        ffmpeg: "/nowhere/ffmpeg".into(),
        ..FfmpegSettings::default()
    });
    let error = media.version().unwrap_err();
    assert!(
        error.to_string().contains("apt-get install -y ffmpeg"),
        "{error}"
    );
}
