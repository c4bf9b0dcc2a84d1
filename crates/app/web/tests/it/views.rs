//! The mirrors of the OpenAPI document say exactly what serde writes of the records.

use backlot_flows::licences::{GrantRequest, PaymentRequest, vocabulary};
use backlot_ports::{jobs, records};
use backlot_web::views;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Every member filled, then every optional one empty.
fn check<R, M>(full: Value)
where
    R: Serialize + DeserializeOwned,
    M: Serialize + DeserializeOwned,
{
    let name = std::any::type_name::<R>();
    let record: R = serde_json::from_value(full.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let written = serde_json::to_value(&record).unwrap();
    assert_eq!(written, full, "{name}: the sample lacks a member");
    let mirror: M = serde_json::from_value(written.clone())
        .unwrap_or_else(|e| panic!("the mirror of {name} refuses it: {e}"));
    assert_eq!(serde_json::to_value(&mirror).unwrap(), written, "{name}");
}

fn digest() -> String {
    "a".repeat(64)
}

#[test]
fn story_records() {
    check::<records::Upload, views::Upload>(json!({
        "id": "u", "person_id": "p", "file_name": "f", "bytes_total": 1, "bytes_received": 1,
        "expected": digest(), "blob": digest(), "kind": "take", "created": 1,
    }));
    let source = json!({ "blob": digest(), "file_name": "f" });
    check::<records::StoryRun, views::StoryRun>(json!({
        "id": "r", "work_id": "w", "title_zh": "舞", "title_en": "Dance", "take_source": source,
        "video_source": source, "state": "running", "error": "x", "created": 1, "updated": 2,
        "steps": [{ "name": "capture", "state": "done", "job_id": "j", "figures": { "a": 1 },
            "started": 1, "finished": null }],
    }));
    check::<records::Work, views::Work>(json!({
        "id": "w", "title_zh": "舞", "title_en": "Dance", "organisation_id": "o", "created": 1,
    }));
    check::<records::Take, views::Take>(json!({
        "id": "t", "work_id": "w", "run_id": "r", "name": "n", "source_format": "bvh",
        "source_blob": digest(), "frames": 1, "frame_rate_hz": 60.0, "duration_us": 1,
        "joints": 1, "markers": 0, "warnings": ["w"], "motion_blob": digest(),
        "markers_blob": digest(),
        "character_blob": digest(), "clip_glb_blob": digest(), "clip_bvh_blob": digest(),
        "preview_blob": digest(), "poster_blob": null, "created": 1,
    }));
    check::<records::Master, views::Master>(json!({
        "id": "m", "work_id": "w", "run_id": "r", "name": "n", "origin": "video",
        "blob": digest(), "bytes": 1, "sha256": "s", "sm3": "s", "blake3": "b",
        "duration_us": 1, "width": 2, "height": 2, "frame_rate_num": 25, "frame_rate_den": 1,
        "probe": { "x": [1] }, "poster_blob": digest(), "proxy_blob": digest(),
        "proxy_frames": 1, "proxy_rate_num": 25, "proxy_rate_den": 1,
        "subtitles": [{ "language": "zh-Hans", "blob": digest(), "cues": 1 }],
        "hls": { "main.m3u8": digest() }, "fingerprint_blob": digest(), "created": 1,
    }));
}

#[test]
fn ledger_and_monitor_records() {
    check::<records::Evidence, views::Evidence>(json!({
        "id": "e", "code": "C", "work_id": "w", "act": "work-registered", "title_zh": "舞",
        "title_en": "Dance", "leaf_index": 0, "tree_size": 1, "leaf_hash": digest(),
        "signed_by": [{ "id": "notary", "name_zh": "公证处", "name_en": "Notary", "signed": 1 }],
        "claim": {}, "package_blob": digest(), "package_bytes": 1, "registered": 1,
    }));
    check::<records::Match, views::Match>(json!({
        "id": "m", "work_id": "w", "run_id": "r", "master_id": "m", "suspect_name": "s",
        "suspect_blob": digest(), "suspect_proxy_blob": digest(), "verdict": "match",
        "score": 0.5, "case_id": "c", "created": 1,
        "segments": [{ "library_start_us": 0, "library_end_us": 1, "copy_start_us": 0,
            "copy_end_us": 1, "mean_distance_bits": 3.5, "edits": ["crop"] }],
    }));
    check::<records::Case, views::Case>(json!({
        "id": "c", "match_id": "m", "work_id": "w", "title_zh": "舞", "title_en": "Dance",
        "state": "open", "evidence_id": "e", "created": 1,
    }));
    let id = "0197a000-0000-7000-8000-000000000000";
    check::<jobs::Job, views::Job>(json!({
        "id": id, "kind": "k", "subject": "s", "payload": {}, "state": "queued", "attempt": 1,
        "max_attempts": 3, "run_at": 1, "lease_owner": "w", "lease_until": 1,
        "progress_ppm": 1, "stage": "s", "error": "e", "cancel_requested": false,
        "created": 1, "updated": 1,
    }));
    check::<jobs::JobLogLine, views::JobLogLine>(json!({ "at": 1, "line": "x" }));
}

#[test]
fn licensing() {
    check::<records::Licence, views::Licence>(json!({
        "id": "l", "work_id": "w", "title_zh": "舞", "title_en": "Dance", "licensee": "TV",
        "territories": "CN", "media": ["tv"], "languages": ["zh"], "starts_on": "2027-01-01",
        "ends_on": null, "exclusive": true, "state": "paid", "price_minor": 1,
        "currency": "CNY", "paid_minor": 1, "created": 1,
        "payments": [{ "receipt_no": "1", "paid_on": "2027-01-01", "amount_minor": 1,
            "shares": [{ "party": "p", "basis_points": 10_000, "amount_minor": 1 }] }],
    }));
    check::<records::RightsIn, views::RightsIn>(json!({
        "id": "r", "work_id": "w", "from_party": "p", "territories": "World", "media": ["tv"],
        "languages": ["zh"], "starts_on": "2027-01-01", "ends_on": "2028-01-01",
        "exclusive": true, "created": 1,
    }));
    check::<GrantRequest, views::GrantRequest>(json!({
        "work_id": "w", "licensee": "TV", "territories": "CN", "media": ["tv"],
        "languages": ["zh"], "starts_on": "2027-01-01", "ends_on": "2028-01-01",
        "exclusive": true, "price_minor": 1, "currency": "CNY",
        "shares": [{ "party": "p", "basis_points": 10_000 }],
    }));
    check::<PaymentRequest, views::PaymentBody>(json!({
        "receipt_no": "1", "paid_on": "2027-01-01", "amount_minor": 1, "currency": "CNY",
    }));
    let date = backlot_flows::licences::today(backlot_facts::UtcMicros::from_secs(1_800_000_000));
    let words = serde_json::to_value(vocabulary(date)).unwrap();
    let mirror: views::Vocab = serde_json::from_value(words.clone()).unwrap();
    assert_eq!(serde_json::to_value(&mirror).unwrap(), words);
    assert!(mirror.territories.len() > 200 && !mirror.media.is_empty());
}
