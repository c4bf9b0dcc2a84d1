//! Row shapes: what flows write beside the facts and what lists and pages read.
//!
//! Each record stands in its own table: `id`, the index columns of [`Record::index`], and the whole
//! record as JSON in `body`. Time is microseconds UTC, money minor units, files are SHA-256 names.

use crate::store::{Record, Value};
use backlot_facts::{Sha256Hex, UtcMicros};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A company, studio, park or institution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Organisation {
    pub id: String,
    pub name: String,
    pub created: UtcMicros,
}

impl Record for Organisation {
    const TABLE: &'static str = "organisations";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("name", self.name.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// Someone who can sign in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub organisation_id: String,
    /// Lowercase; unique.
    pub email: String,
    pub name: String,
    /// `owner`, `producer`, `rights-manager`, `licensee`, `authority`, `auditor`, `park-staff`.
    pub role: String,
    /// Argon2id PHC string.
    pub password_hash: String,
    /// `zh-CN` or `en`.
    pub locale: String,
    pub failed_sign_ins: i64,
    pub locked_until: Option<UtcMicros>,
    pub enabled: bool,
    pub created: UtcMicros,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

impl Record for Person {
    const TABLE: &'static str = "people";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("organisation_id", self.organisation_id.as_str().into()),
            ("email", self.email.as_str().into()),
            ("name", self.name.as_str().into()),
            ("role", self.role.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// A signed-in browser. The id is the SHA-256 of the cookie token; the token itself is never stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub id: String,
    pub person_id: String,
    pub created: UtcMicros,
    pub expires: UtcMicros,
    pub user_agent: String,
}

impl Record for Session {
    const TABLE: &'static str = "sessions";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("person_id", self.person_id.as_str().into()),
            ("created", self.created.0.into()),
            ("expires", self.expires.0.into()),
        ]
    }
}

/// A file on its way in. `blob` is set once all bytes are there and their digest is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Upload {
    pub id: String,
    pub person_id: String,
    /// As the browser gave it, for showing only; never a path.
    pub file_name: String,
    pub bytes_total: i64,
    pub bytes_received: i64,
    /// What the browser says the SHA-256 is, if it computed one.
    pub expected: Option<Sha256Hex>,
    pub blob: Option<Sha256Hex>,
    /// `take` or `video`, sniffed from content once complete.
    pub kind: Option<String>,
    pub created: UtcMicros,
}

impl Record for Upload {
    const TABLE: &'static str = "uploads";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("person_id", self.person_id.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// One walk through the story: capture, animate, master, register, license, monitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryRun {
    pub id: String,
    pub work_id: String,
    pub title_zh: String,
    pub title_en: String,
    /// Blob and file name of a given take; none = a generated performance.
    pub take_source: Option<SourceFile>,
    pub video_source: Option<SourceFile>,
    /// `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// Steps in order with their figures as soon as each is done.
    pub steps: Vec<StoryStep>,
    pub error: Option<String>,
    pub created: UtcMicros,
    pub updated: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceFile {
    pub blob: Sha256Hex,
    pub file_name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryStep {
    /// `capture`, `animate`, `master`, `register`, `license`, `monitor`.
    pub name: String,
    /// `waiting`, `running`, `done`, `failed`.
    pub state: String,
    pub job_id: String,
    /// What the step measured; the same object `backlot demo --json` prints.
    pub figures: serde_json::Value,
    pub started: Option<UtcMicros>,
    pub finished: Option<UtcMicros>,
}

impl Record for StoryRun {
    const TABLE: &'static str = "story_runs";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("state", self.state.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// A title that can be registered and licensed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Work {
    pub id: String,
    pub title_zh: String,
    pub title_en: String,
    pub organisation_id: String,
    pub created: UtcMicros,
}

impl Record for Work {
    const TABLE: &'static str = "works";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("title_zh", self.title_zh.as_str().into()),
            ("title_en", self.title_en.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// A recorded performance and what was animated from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Take {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    pub name: String,
    /// `bvh`, `c3d` or `procedural`.
    pub source_format: String,
    pub source_blob: Option<Sha256Hex>,
    pub frames: i64,
    pub frame_rate_hz: f64,
    pub duration_us: i64,
    pub joints: i64,
    pub markers: i64,
    /// Warnings of the reader, in English, one per line.
    pub warnings: Vec<String>,
    /// The solved motion as JSON (`backlot_geom::Motion`).
    pub motion_blob: Sha256Hex,
    /// Marker paths as JSON (`backlot_geom::MarkerTrajectories`), when the take has markers.
    pub markers_blob: Option<Sha256Hex>,
    /// Set by animate.
    pub character_blob: Option<Sha256Hex>,
    pub clip_glb_blob: Option<Sha256Hex>,
    pub clip_bvh_blob: Option<Sha256Hex>,
    pub preview_blob: Option<Sha256Hex>,
    pub poster_blob: Option<Sha256Hex>,
    pub created: UtcMicros,
}

impl Record for Take {
    const TABLE: &'static str = "takes";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("name", self.name.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// A checked master in the library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Master {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    pub name: String,
    /// `preview` (rendered by us) or `video` (given).
    pub origin: String,
    pub blob: Sha256Hex,
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
    pub probe: serde_json::Value,
    pub poster_blob: Sha256Hex,
    pub proxy_blob: Sha256Hex,
    /// Frames in the proxy.
    pub proxy_frames: i64,
    pub proxy_rate_num: i64,
    pub proxy_rate_den: i64,
    pub subtitles: Vec<SubtitleTrack>,
    /// HLS package: file name inside the package to blob; `main.m3u8` is the entry.
    pub hls: BTreeMap<String, Sha256Hex>,
    pub fingerprint_blob: Option<Sha256Hex>,
    pub created: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubtitleTrack {
    /// BCP 47.
    pub language: String,
    pub blob: Sha256Hex,
    pub cues: i64,
}

impl Record for Master {
    const TABLE: &'static str = "masters";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("name", self.name.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// One registered claim and its evidence package.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub claim: serde_json::Value,
    pub package_blob: Sha256Hex,
    pub package_bytes: i64,
    pub registered: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedBy {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    pub signed: UtcMicros,
}

impl Record for Evidence {
    const TABLE: &'static str = "evidence";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("code", self.code.as_str().into()),
            ("work_id", self.work_id.as_str().into()),
            ("act", self.act.as_str().into()),
            ("leaf_index", self.leaf_index.into()),
            ("registered", self.registered.0.into()),
        ]
    }
}

/// A licence that was granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
    pub ends_on: Option<String>,
    pub exclusive: bool,
    /// `granted`, `paid`, `terminated`.
    pub state: String,
    pub price_minor: i64,
    pub currency: String,
    pub paid_minor: i64,
    pub payments: Vec<Payment>,
    pub created: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub receipt_no: String,
    pub paid_on: String,
    pub amount_minor: i64,
    pub shares: Vec<PaymentShare>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentShare {
    pub party: String,
    pub basis_points: i64,
    pub amount_minor: i64,
}

impl Record for Licence {
    const TABLE: &'static str = "licences";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("licensee", self.licensee.as_str().into()),
            ("title_zh", self.title_zh.as_str().into()),
            ("title_en", self.title_en.as_str().into()),
            ("state", self.state.as_str().into()),
            ("starts_on", self.starts_on.as_str().into()),
            ("price_minor", self.price_minor.into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// Rights the house holds in a work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RightsIn {
    pub id: String,
    pub work_id: String,
    pub from_party: String,
    pub territories: String,
    pub media: Vec<String>,
    pub languages: Vec<String>,
    pub starts_on: String,
    pub ends_on: Option<String>,
    pub exclusive: bool,
    pub created: UtcMicros,
}

impl Record for RightsIn {
    const TABLE: &'static str = "rights_in";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// A suspect copy compared with the library.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Match {
    pub id: String,
    pub work_id: String,
    pub run_id: String,
    /// The master it matches; none when nothing was found.
    pub master_id: Option<String>,
    pub suspect_name: String,
    pub suspect_blob: Sha256Hex,
    pub suspect_proxy_blob: Option<Sha256Hex>,
    /// `match`, `weak`, `insufficient-content`, `no-match`.
    pub verdict: String,
    pub score: f64,
    pub segments: Vec<MatchSegment>,
    pub case_id: Option<String>,
    pub created: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

impl Record for Match {
    const TABLE: &'static str = "matches";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("verdict", self.verdict.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}

/// An infringement case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: String,
    pub match_id: String,
    pub work_id: String,
    pub title_zh: String,
    pub title_en: String,
    /// `open`, `closed`.
    pub state: String,
    pub evidence_id: Option<String>,
    pub created: UtcMicros,
}

impl Record for Case {
    const TABLE: &'static str = "cases";
    fn id(&self) -> &str {
        &self.id
    }
    fn index(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("work_id", self.work_id.as_str().into()),
            ("state", self.state.as_str().into()),
            ("created", self.created.0.into()),
        ]
    }
}
