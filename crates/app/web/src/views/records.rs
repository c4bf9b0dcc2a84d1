//! Mirrors of the records of `backlot_ports`, for the OpenAPI document only.
//!
//! Invariant: field for field what serde writes of the record; `tests/it/views.rs` round-trips one
//! filled record of each kind through its mirror.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A file on its way in. `blob` is set once all bytes are there and their digest is checked.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    pub id: String,
    pub person_id: String,
    /// As the browser gave it, for showing only; never a path.
    pub file_name: String,
    pub bytes_total: i64,
    pub bytes_received: i64,
    /// What the browser says the SHA-256 is, if it computed one.
    #[schema(required)]
    pub expected: Option<String>,
    #[schema(required)]
    pub blob: Option<String>,
    /// `take` or `video`, sniffed from content once complete.
    #[schema(required)]
    pub kind: Option<String>,
    pub created: i64,
}

/// One walk through the story: capture, animate, master, register, license, monitor.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryRun {
    pub id: String,
    pub work_id: String,
    pub title_zh: String,
    pub title_en: String,
    /// Blob and file name of a given take; none = a generated performance.
    #[schema(required)]
    pub take_source: Option<SourceFile>,
    #[schema(required)]
    pub video_source: Option<SourceFile>,
    /// `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Steps in order with their figures as soon as each is done.
    pub steps: Vec<StoryStep>,
    #[schema(required)]
    pub error: Option<String>,
    pub created: i64,
    pub updated: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    pub blob: String,
    pub file_name: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryStep {
    /// `capture`, `animate`, `master`, `register`, `license`, `monitor`.
    pub name: String,
    /// `waiting`, `running`, `done`, `failed`.
    pub state: String,
    pub job_id: String,
    /// What the step measured; the same object `backlot demo --json` prints.
    pub figures: Value,
    #[schema(required)]
    pub started: Option<i64>,
    #[schema(required)]
    pub finished: Option<i64>,
}

/// A title that can be registered and licensed.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub id: String,
    pub title_zh: String,
    pub title_en: String,
    pub organisation_id: String,
    pub created: i64,
}

/// A recorded performance and what was animated from it.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    pub name: String,
    /// `bvh`, `c3d` or `procedural`.
    pub source_format: String,
    #[schema(required)]
    pub source_blob: Option<String>,
    pub frames: i64,
    pub frame_rate_hz: f64,
    pub duration_us: i64,
    pub joints: i64,
    pub markers: i64,
    /// Warnings of the reader, in English, one per line.
    pub warnings: Vec<String>,
    /// The solved motion as JSON (`backlot_geom::Motion`).
    pub motion_blob: String,
    /// Marker paths as JSON (`backlot_geom::MarkerTrajectories`), when the take has markers.
    #[schema(required)]
    pub markers_blob: Option<String>,
    /// Set by animate.
    #[schema(required)]
    pub character_blob: Option<String>,
    #[schema(required)]
    pub clip_glb_blob: Option<String>,
    #[schema(required)]
    pub clip_bvh_blob: Option<String>,
    #[schema(required)]
    pub preview_blob: Option<String>,
    #[schema(required)]
    pub poster_blob: Option<String>,
    pub created: i64,
}

/// A checked master in the library.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Master {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    pub name: String,
    /// `preview` (rendered by us) or `video` (given).
    pub origin: String,
    pub blob: String,
    pub bytes: i64,
    pub sha256: String,
    pub sm3: String,
    pub blake3: String,
    pub duration_us: i64,
    pub width: i64,
    pub height: i64,
    pub frame_rate_num: i64,
    pub frame_rate_den: i64,
    /// ffprobe's own answer.
    pub probe: Value,
    pub poster_blob: String,
    pub proxy_blob: String,
    /// Frames in the proxy.
    pub proxy_frames: i64,
    pub proxy_rate_num: i64,
    pub proxy_rate_den: i64,
    pub subtitles: Vec<SubtitleTrack>,
    /// HLS package: file name inside the package to blob; `main.m3u8` is the entry.
    pub hls: BTreeMap<String, String>,
    #[schema(required)]
    pub fingerprint_blob: Option<String>,
    pub created: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubtitleTrack {
    /// BCP 47.
    pub language: String,
    pub blob: String,
    pub cues: i64,
}

/// One registered claim and its evidence package.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub id: String,
    /// Public code of `/v/CODE`; unique.
    pub code: String,
    pub work_id: String,
    /// `work-registered` or `infringement-found`.
    pub act: String,
    pub title_zh: String,
    pub title_en: String,
    pub leaf_index: i64,
    pub tree_size: i64,
    pub leaf_hash: String,
    /// Names of the authorities that signed.
    pub signed_by: Vec<SignedBy>,
    pub claim: Value,
    pub package_blob: String,
    pub package_bytes: i64,
    pub registered: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedBy {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub signed: i64,
}

/// A licence that was granted.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    pub id: String,
    pub work_id: String,
    pub title_zh: String,
    pub title_en: String,
    pub licensee: String,
    /// Shortest expression, `World ex CN,US`.
    pub territories: String,
    pub media: Vec<String>,
    pub languages: Vec<String>,
    /// ISO date, inclusive.
    pub starts_on: String,
    /// ISO date, exclusive; none = open.
    #[schema(required)]
    pub ends_on: Option<String>,
    pub exclusive: bool,
    /// `granted`, `paid`, `terminated`.
    pub state: String,
    pub price_minor: i64,
    pub currency: String,
    pub paid_minor: i64,
    pub payments: Vec<Payment>,
    pub created: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    pub receipt_no: String,
    pub paid_on: String,
    pub amount_minor: i64,
    pub shares: Vec<PaymentShare>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentShare {
    pub party: String,
    pub basis_points: i64,
    pub amount_minor: i64,
}

/// Rights the house holds in a work.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RightsIn {
    pub id: String,
    pub work_id: String,
    pub from_party: String,
    pub territories: String,
    pub media: Vec<String>,
    pub languages: Vec<String>,
    pub starts_on: String,
    #[schema(required)]
    pub ends_on: Option<String>,
    pub exclusive: bool,
    pub created: i64,
}

/// A suspect copy compared with the library.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Match {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    /// The master it matches; none when nothing was found.
    #[schema(required)]
    pub master_id: Option<String>,
    pub suspect_name: String,
    pub suspect_blob: String,
    #[schema(required)]
    pub suspect_proxy_blob: Option<String>,
    /// `match`, `weak`, `insufficient-content`, `no-match`.
    pub verdict: String,
    pub score: f64,
    pub segments: Vec<MatchSegment>,
    #[schema(required)]
    pub case_id: Option<String>,
    pub created: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MatchSegment {
    pub library_start_us: i64,
    pub library_end_us: i64,
    pub copy_start_us: i64,
    pub copy_end_us: i64,
    /// Mean Hamming distance of the agreeing frames, of 256 bits.
    pub mean_distance_bits: f64,
    /// Edits that explain the match, `crop`, `mirror`, `letterbox`.
    pub edits: Vec<String>,
}

/// An infringement case.
#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    pub match_id: String,
    pub work_id: String,
    pub title_zh: String,
    pub title_en: String,
    /// `open`, `closed`.
    pub state: String,
    #[schema(required)]
    pub evidence_id: Option<String>,
    pub created: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub payload: Value,
    pub state: String,
    /// Attempts started.
    pub attempt: i64,
    pub max_attempts: i64,
    pub run_at: i64,
    #[schema(required)]
    pub lease_owner: Option<String>,
    #[schema(required)]
    pub lease_until: Option<i64>,
    /// Parts per million.
    pub progress_ppm: i64,
    /// A short stage name, `encoding the proxy`.
    pub stage: String,
    #[schema(required)]
    pub error: Option<String>,
    pub cancel_requested: bool,
    pub created: i64,
    pub updated: i64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JobLogLine {
    pub at: i64,
    pub line: String,
}
