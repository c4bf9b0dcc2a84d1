//! Stored files: ranges, caching, types, and who reaches what.

use crate::common::{Browser, Lot};
use axum::body::Body;
use axum::http::Method;
use backlot_facts::Sha256Hex;
use backlot_ports::records::{Master, Take};
use bytes::Bytes;
use serde_json::json;

async fn stored(lot: &Lot, text: &'static [u8]) -> Sha256Hex {
    lot.house
        .blobs
        .put_bytes(Bytes::from_static(text))
        .await
        .unwrap()
}

async fn lot_with_master() -> (Lot, Sha256Hex, Sha256Hex) {
    let lot = Lot::open().await;
    let blob = stored(&lot, b"0123456789").await;
    let segment = stored(&lot, b"segment bytes").await;
    let master: Master = serde_json::from_value(json!({
        "id": "m", "work_id": "w", "run_id": "r", "name": "n", "origin": "video", "blob": blob,
        "bytes": 10, "sha256": "s", "sm3": "s", "blake3": "b", "duration_us": 1, "width": 2,
        "height": 2, "frame_rate_num": 25, "frame_rate_den": 1, "probe": {},
        "poster_blob": blob, "proxy_blob": blob, "proxy_frames": 1, "proxy_rate_num": 25,
        "proxy_rate_den": 1, "subtitles": [], "hls": { "main.m3u8": segment, "zh/0.vtt": blob },
        "fingerprint_blob": null, "created": 1,
    }))
    .unwrap();
    lot.put(&master).await;
    (lot, blob, segment)
}

async fn get(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> crate::common::Answer {
    browser
        .send(Method::GET, path, headers, Body::empty())
        .await
}

#[tokio::test]
async fn ranges_and_caching() {
    let (lot, blob, _) = lot_with_master().await;
    let mut browser = lot.owner().await;
    let path = format!("/files/{blob}/clip.mp4");
    let whole = get(&mut browser, &path, &[]).await;
    assert_eq!(
        (whole.status.as_u16(), whole.text()),
        (200, "0123456789".into())
    );
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert_eq!(whole.header("content-length"), "10");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").contains("immutable"));
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    let tag = whole.header("etag").to_owned();
    let part = get(&mut browser, &path, &[("range", "bytes=2-4")]).await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "234".into()));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    let tail = get(
        &mut browser,
        &path,
        &[("range", "bytes=-3"), ("if-range", &tag)],
    )
    .await;
    assert_eq!((tail.status.as_u16(), tail.text()), (206, "789".into()));
    let changed = get(
        &mut browser,
        &path,
        &[("range", "bytes=-3"), ("if-range", "\"x\"")],
    )
    .await;
    assert_eq!(changed.status.as_u16(), 200);
    let outside = get(&mut browser, &path, &[("range", "bytes=10-")]).await;
    assert_eq!(outside.problem(), (416, "E0208".into()));
    let same = get(&mut browser, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((same.status.as_u16(), same.text()), (304, String::new()));
    let head = browser.send(Method::HEAD, &path, &[], Body::empty()).await;
    assert_eq!((head.header("content-length"), head.bytes.len()), ("10", 0));
}

#[tokio::test]
async fn types_come_from_a_list() {
    let (lot, blob, _) = lot_with_master().await;
    let mut browser = lot.owner().await;
    for name in ["a.html", "a.svg", "a%22%0d%0ax.js", "a"] {
        let answer = get(&mut browser, &format!("/files/{blob}/{name}"), &[]).await;
        assert_eq!(
            answer.header("content-type"),
            "application/octet-stream",
            "{name}"
        );
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment;"),
            "{name}"
        );
    }
}

#[tokio::test]
async fn only_listed_digests_are_reachable() {
    let (lot, blob, segment) = lot_with_master().await;
    let secret = stored(&lot, b"not listed by any record").await;
    let mut browser = lot.owner().await;
    for digest in [
        secret.to_string(),
        "f".repeat(64),
        "../../etc/passwd".into(),
        "A".repeat(64),
    ] {
        let path = format!("/files/{}/x.mp4", digest.replace('/', "%2F"));
        assert_eq!(
            get(&mut browser, &path, &[]).await.problem(),
            (404, "E0201".into()),
            "{digest}"
        );
    }
    // A record that lists it later makes it reachable, though it was asked for before.
    let take: Take = serde_json::from_value(json!({
        "id": "t", "work_id": "w", "run_id": "r", "name": "n", "source_format": "bvh",
        "source_blob": null, "frames": 1, "frame_rate_hz": 60.0, "duration_us": 1, "joints": 1,
        "markers": 0, "warnings": [], "motion_blob": secret, "character_blob": null,
        "clip_glb_blob": null, "clip_bvh_blob": null, "preview_blob": null,
        "poster_blob": null, "created": 2,
    }))
    .unwrap();
    lot.put(&take).await;
    let path = format!("/files/{secret}/motion.json");
    assert_eq!(
        get(&mut browser, &path, &[]).await.header("content-type"),
        "application/json"
    );
    for digest in [&blob, &segment] {
        let path = format!("/files/{digest}/x.mp4");
        assert_eq!(get(&mut browser, &path, &[]).await.status.as_u16(), 200);
        assert_eq!(
            get(&mut lot.browser(), &path, &[]).await.problem(),
            (401, "E0101".into())
        );
    }
}

#[tokio::test]
async fn packages_serve_their_members_only() {
    let (lot, ..) = lot_with_master().await;
    let mut browser = lot.owner().await;
    let entry = get(&mut browser, "/hls/m/main.m3u8", &[]).await;
    assert_eq!(entry.text(), "segment bytes");
    assert_eq!(
        entry.header("content-type"),
        "application/vnd.apple.mpegurl"
    );
    assert_eq!(
        get(&mut browser, "/hls/m/zh/0.vtt", &[]).await.text(),
        "0123456789"
    );
    for path in [
        "other.ts",
        "..%2F..%2Fetc%2Fpasswd",
        "../main.m3u8",
        "%2e%2e/main.m3u8",
    ] {
        let answer = get(&mut browser, &format!("/hls/m/{path}"), &[]).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
    }
    assert_eq!(
        get(&mut browser, "/hls/none/main.m3u8", &[])
            .await
            .status
            .as_u16(),
        404
    );
}
