//! One row of every record of the port, so that a column nobody migrated is found.

use backlot_ports::records as r;
use backlot_ports::store::{Record, RowPut};
use serde_json::{Value, json};

/// Panics when a sample does not fit its record: then the record changed and this file must too.
pub fn samples() -> Vec<RowPut> {
    let d = "a".repeat(64);
    vec![
        row::<r::Organisation>(json!({"id": "1", "name": "片场", "created": 1})),
        row::<r::Person>(
            json!({"id": "1", "organisation_id": "o", "email": "a@b", "name": "n",
            "role": "owner", "password_hash": "h", "locale": "en", "failed_sign_ins": 0,
            "locked_until": null, "enabled": true, "created": 1}),
        ),
        row::<r::Session>(
            json!({"id": "1", "person_id": "p", "created": 1, "expires": 2,
            "user_agent": ""}),
        ),
        row::<r::Upload>(
            json!({"id": "1", "person_id": "p", "file_name": "f", "bytes_total": 1,
            "bytes_received": 0, "expected": null, "blob": null, "kind": null, "created": 1}),
        ),
        row::<r::StoryRun>(
            json!({"id": "1", "work_id": "w", "title_zh": "题", "title_en": "t",
            "take_source": null, "video_source": null, "state": "running", "steps": [],
            "error": null, "created": 1, "updated": 1}),
        ),
        row::<r::Work>(json!({"id": "1", "title_zh": "题", "title_en": "t",
            "organisation_id": "o", "created": 1})),
        row::<r::Take>(
            json!({"id": "1", "work_id": "w", "run_id": "r", "name": "n",
            "source_format": "bvh", "source_blob": null, "frames": 1, "frame_rate_hz": 60.0,
            "duration_us": 1, "joints": 1, "markers": 0, "warnings": [], "motion_blob": d,
            "character_blob": null, "clip_glb_blob": null, "clip_bvh_blob": null,
            "preview_blob": null, "poster_blob": null, "created": 1}),
        ),
        row::<r::Master>(
            json!({"id": "1", "work_id": "w", "run_id": "r", "name": "n",
            "origin": "video", "blob": d, "bytes": 1, "sha256": d, "sm3": d, "blake3": d,
            "duration_us": 1, "width": 1, "height": 1, "frame_rate_num": 25,
            "frame_rate_den": 1, "probe": {}, "poster_blob": d, "proxy_blob": d,
            "proxy_frames": 1, "proxy_rate_num": 25, "proxy_rate_den": 1, "subtitles": [],
            "hls": {}, "fingerprint_blob": null, "created": 1}),
        ),
        row::<r::Evidence>(json!({"id": "1", "code": "C", "work_id": "w",
            "act": "work-registered", "title_zh": "题", "title_en": "t", "leaf_index": 0,
            "tree_size": 1, "leaf_hash": d, "signed_by": [], "claim": {}, "package_blob": d,
            "package_bytes": 1, "registered": 1})),
        row::<r::Licence>(
            serde_json::to_value(crate::store_suite::licence(1)).expect("a licence is JSON"),
        ),
        row::<r::RightsIn>(json!({"id": "1", "work_id": "w", "from_party": "f",
            "territories": "World", "media": [], "languages": [], "starts_on": "2026-01-01",
            "ends_on": null, "exclusive": false, "created": 1})),
        row::<r::Match>(
            json!({"id": "1", "work_id": "w", "run_id": "r", "master_id": null,
            "suspect_name": "s", "suspect_blob": d, "suspect_proxy_blob": null,
            "verdict": "match", "score": 1.0, "segments": [], "case_id": null, "created": 1}),
        ),
        row::<r::Case>(
            json!({"id": "1", "match_id": "m", "work_id": "w", "title_zh": "题",
            "title_en": "t", "state": "open", "evidence_id": null, "created": 1}),
        ),
    ]
}

fn row<R: Record>(sample: Value) -> RowPut {
    let record: R = serde_json::from_value(sample).expect("the sample fits its record");
    RowPut::of(&record).expect("a record is JSON")
}
