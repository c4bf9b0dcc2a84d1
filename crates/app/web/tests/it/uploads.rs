//! Uploads: resuming, two at once, and everything a broken or hostile sender does.

use crate::common::{Answer, Browser, Lot};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use backlot_facts::sha256_hex;
use backlot_flows::uploads;
use serde_json::json;

const BVH: &[u8] =
    b"HIERARCHY\nROOT Hips\n{\nOFFSET 0 0 0\n}\nMOTION\nFrames: 0\nFrame Time: 0.01\n";

async fn announce(browser: &mut Browser, name: &str, bytes: i64) -> Answer {
    browser
        .post(
            "/api/uploads",
            json!({ "file_name": name, "bytes_total": bytes }),
        )
        .await
}

async fn patch(browser: &mut Browser, id: &str, offset: &str, body: impl Into<Body>) -> Answer {
    let headers = [("x-backlot", "1"), ("upload-offset", offset)];
    let path = format!("/api/uploads/{id}");
    browser
        .send(Method::PATCH, &path, &headers, body.into())
        .await
}

async fn id_of(browser: &mut Browser, name: &str, bytes: i64) -> String {
    let answer = announce(browser, name, bytes).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.value()["id"].as_str().unwrap().to_owned()
}

fn total(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}

#[tokio::test]
async fn a_take_in_pieces_becomes_a_stored_file() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let body = json!({ "file_name": "../../etc/舞.bvh", "bytes_total": BVH.len(),
        "expected": sha256_hex(BVH) });
    let upload = browser.post("/api/uploads", body).await.value();
    assert_eq!(upload["file_name"], "舞.bvh");
    let id = upload["id"].as_str().unwrap();
    let first = patch(&mut browser, id, "0", &BVH[..10]).await.value();
    assert_eq!(
        (&first["bytes_received"], &first["blob"]),
        (&json!(10), &json!(null))
    );
    let wrong = patch(&mut browser, id, "0", &BVH[..10]).await;
    assert_eq!(wrong.problem(), (409, "E0303".into()));
    assert!(wrong.value()["detail_en"].as_str().unwrap().contains("10"));
    let shown = browser.get(&format!("/api/uploads/{id}")).await.value();
    assert_eq!(shown["bytes_received"], 10);
    let last = patch(&mut browser, id, "10", &BVH[10..]).await.value();
    assert_eq!(last["kind"], "take");
    assert_eq!(last["blob"], sha256_hex(BVH).as_str());
    assert_eq!(lot.house.blobs.read(&sha256_hex(BVH)).await.unwrap(), BVH);
    assert_eq!(
        patch(&mut browser, id, "0", "x").await.problem(),
        (409, "E0306".into())
    );
    let parts = std::fs::read_dir(lot.house.settings.work_dir.join("uploads")).unwrap();
    assert_eq!(parts.count(), 0, "the staged file is gone");
}

#[tokio::test]
async fn bad_announcements() {
    let lot = Lot::open_with("http://lot.test", 2_000_000_000).await;
    let mut browser = lot.owner().await;
    for (name, bytes, problem) in [
        ("empty.bvh", 0, (422, "E0302")),
        ("negative.bvh", -5, (422, "E0302")),
        ("2 GB.mp4", 2_000_000_001, (413, "E0301")),
        ("most.mp4", i64::MAX, (413, "E0301")),
        ("", 5, (422, "E0302")),
        ("..", 5, (422, "E0302")),
        ("a\u{0}b", 5, (422, "E0302")),
    ] {
        let answer = announce(&mut browser, name, bytes).await;
        assert_eq!(
            answer.problem(),
            (problem.0, problem.1.to_owned()),
            "{name}"
        );
    }
    let body = json!({ "file_name": "a", "bytes_total": 5, "expected": "../../x" });
    assert_eq!(
        browser.post("/api/uploads", body).await.problem(),
        (422, "E0302".into())
    );
}

#[tokio::test]
async fn what_is_not_what_was_announced_is_not_kept() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let png: &'static [u8] = b"\x89PNG\r\n\x1a\n and more";
    let zeros: &'static [u8] = &[0u8; 700];
    for (bytes, expected, problem) in [
        (png, None, (422, "E0305")),
        (zeros, None, (422, "E0305")),
        (b"<html>HIERARCHY".as_slice(), None, (422, "E0305")),
        (BVH, Some(sha256_hex(b"other")), (422, "E0304")),
    ] {
        let body = json!({ "file_name": "a.mp4", "bytes_total": bytes.len(),
            "expected": expected });
        let id = browser.post("/api/uploads", body).await.value()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let answer = patch(&mut browser, &id, "0", bytes).await;
        assert_eq!(answer.problem(), (problem.0, problem.1.to_owned()));
        let gone = browser.get(&format!("/api/uploads/{id}")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        assert_eq!(
            lot.house.blobs.size(&sha256_hex(bytes)).await.unwrap(),
            None
        );
    }
    // More bytes than announced.
    let id = id_of(&mut browser, "a.bvh", 12).await;
    assert_eq!(
        patch(&mut browser, &id, "0", BVH).await.problem(),
        (422, "E0309".into())
    );
    assert_eq!(
        browser.get(&format!("/api/uploads/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    let parts = std::fs::read_dir(lot.house.settings.work_dir.join("uploads")).unwrap();
    assert_eq!(parts.count(), 0);
}

#[tokio::test]
async fn offsets_and_names_of_strangers() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let id = id_of(&mut browser, "a.bvh", total(BVH)).await;
    for offset in ["", "-1", "x", "1", "99999999999999999999"] {
        let answer = patch(&mut browser, &id, offset, "x").await;
        assert!(
            matches!(answer.status.as_u16(), 409 | 422),
            "{offset}: {}",
            answer.status
        );
    }
    let mut other = lot.person("producer", None).await;
    assert_eq!(
        other.get(&format!("/api/uploads/{id}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        patch(&mut other, &id, "0", "x").await.status,
        StatusCode::NOT_FOUND
    );
    for wrong in ["..%2F..%2Fetc%2Fpasswd", "%00", "x", ".part"] {
        let answer = patch(&mut browser, wrong, "0", "x").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn only_one_transfer_at_a_time() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let id = id_of(&mut browser, "a.bvh", total(BVH)).await;
    let who = lot.owner_as_flow().await;
    let mut first = uploads::begin(&lot.house, &who, &id, 0).await.unwrap();
    first.write(&BVH[..5]).await.unwrap();
    let second = patch(&mut browser, &id, "5", &BVH[5..]).await;
    assert_eq!(second.problem(), (409, "E0306".into()));
    // The first one breaks off; what it wrote counts, whatever the row says.
    drop(first);
    let shown = browser.get(&format!("/api/uploads/{id}")).await.value();
    assert_eq!(shown["bytes_received"], 5);
    let done = patch(&mut browser, &id, "5", &BVH[5..]).await.value();
    assert_eq!(done["kind"], "take");
}

/// A crash between the last byte and the check: an empty transfer finishes it.
#[tokio::test]
async fn a_complete_part_is_finished_later() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let id = id_of(&mut browser, "a.bvh", total(BVH)).await;
    let part = lot
        .house
        .settings
        .work_dir
        .join(format!("uploads/{id}.part"));
    std::fs::write(part, BVH).unwrap();
    let done = patch(&mut browser, &id, &BVH.len().to_string(), Body::empty())
        .await
        .value();
    assert_eq!(done["blob"], sha256_hex(BVH).as_str());
}

#[tokio::test]
async fn a_full_disk_is_said_before_the_first_byte() {
    let lot = Lot::open_with("http://lot.test", i64::MAX).await;
    let mut browser = lot.owner().await;
    let answer = announce(&mut browser, "huge.mp4", i64::MAX / 4).await;
    assert_eq!(answer.problem(), (507, "E0307".into()));
}

#[tokio::test]
async fn abandoned_uploads_go_and_finished_ones_stay() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let finished = id_of(&mut browser, "a.bvh", total(BVH)).await;
    patch(&mut browser, &finished, "0", BVH).await;
    let abandoned = id_of(&mut browser, "b.bvh", 100).await;
    assert_eq!(uploads::clean(&lot.house).await.unwrap(), 0);
    lot.clock.advance_secs(7 * 86_400 + 1);
    assert_eq!(uploads::clean(&lot.house).await.unwrap(), 1);
    let path = |id: &str| format!("/api/uploads/{id}");
    assert_eq!(browser.get(&path(&finished)).await.status, StatusCode::OK);
    assert_eq!(
        browser.get(&path(&abandoned)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_story_takes_only_finished_uploads_of_the_right_kind() {
    let lot = Lot::open().await;
    let mut browser = lot.owner().await;
    let id = id_of(&mut browser, "a.bvh", total(BVH)).await;
    let body = json!({ "take_upload": id });
    assert_eq!(
        browser.post("/api/story-runs", body).await.problem(),
        (422, "E0602".into())
    );
    patch(&mut browser, &id, "0", BVH).await;
    let body = json!({ "video_upload": id });
    assert_eq!(
        browser.post("/api/story-runs", body).await.problem(),
        (422, "E0602".into())
    );
    let answer = browser
        .post("/api/story-runs", json!({ "take_upload": id }))
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let run = answer.value();
    assert_eq!(run["take_source"]["file_name"], "a.bvh");
    let home = browser.get("/api/home").await.value();
    assert_eq!(home["next_action"], "watch-run");
    assert_eq!(home["last_run"]["id"], run["id"]);
    let run_id = run["id"].as_str().unwrap();
    let jobs = browser
        .get(&format!("/api/jobs?subject=story-run/{run_id}"))
        .await
        .value();
    assert_eq!(jobs["rows"].as_array().unwrap().len(), 1);
    let path = format!("/api/story-runs/{run_id}/cancel");
    assert_eq!(
        browser.post(&path, json!({})).await.value()["state"],
        "cancelled"
    );
}
