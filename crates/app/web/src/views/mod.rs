//! Shapes of the interface. Records travel as serde writes them; [`records`] mirrors them for the
//! OpenAPI document and a test proves that both are the same.
//!
//! Here stand the shapes that no record has: pages, the session, home, refusals, people.

pub mod licensing;
pub mod records;

pub use licensing::*;
pub use records::*;

use backlot_flows::accounts::SignedIn;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// One page of a list. `T` is a record on the wire and its mirror in the document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Cursor of the next page.
    #[schema(required)]
    pub next: Option<String>,
    /// Rows of all pages.
    pub total: i64,
}

impl<T> From<backlot_flows::reading::Listing<T>> for Page<T> {
    fn from(listing: backlot_flows::reading::Listing<T>) -> Self {
        Self {
            rows: listing.rows,
            next: listing.next,
            total: listing.total,
        }
    }
}

/// The signed-in person as the session knows him.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionPerson {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
    pub organisation: String,
    pub locale: String,
}

impl From<&SignedIn> for SessionPerson {
    fn from(who: &SignedIn) -> Self {
        let person = who.person.clone();
        Self {
            id: person.id,
            name: person.name,
            email: person.email,
            role: person.role,
            organisation: who.organisation.clone(),
            locale: person.locale,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SessionView {
    #[schema(required)]
    pub person: Option<SessionPerson>,
    pub version: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SignedInView {
    pub person: SessionPerson,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInBody {
    pub email: String,
    pub password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPatch {
    pub locale: Option<String>,
    pub name: Option<String>,
    pub old_password: Option<String>,
    pub new_password: Option<String>,
}

/// A person as the owner sees him; the password hash never leaves the house.
#[derive(Debug, Serialize, ToSchema)]
pub struct Person {
    pub id: String,
    pub organisation_id: String,
    /// Name of the organisation.
    pub organisation: String,
    pub email: String,
    pub name: String,
    pub role: String,
    pub locale: String,
    pub failed_sign_ins: i64,
    #[schema(required)]
    pub locked_until: Option<i64>,
    pub enabled: bool,
    pub created: i64,
}

impl Person {
    pub fn of(person: backlot_ports::records::Person, organisation: String) -> Self {
        Self {
            id: person.id,
            organisation_id: person.organisation_id,
            organisation,
            email: person.email,
            name: person.name,
            role: person.role,
            locale: person.locale,
            failed_sign_ins: person.failed_sign_ins,
            locked_until: person.locked_until.map(|at| at.0),
            enabled: person.enabled,
            created: person.created.0,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteBody {
    pub email: String,
    pub name: String,
    pub role: String,
    pub locale: String,
    /// Name of the organisation; a new name makes a new one, none = the inviter's.
    pub organisation: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    pub role: Option<String>,
    pub enabled: Option<bool>,
    #[serde(default)]
    pub reset_password: bool,
}

#[derive(Serialize, ToSchema)]
pub struct PersonAnswer {
    pub person: Person,
    /// Shown once, to be handed over; null when the password did not change.
    #[schema(required)]
    pub one_time_password: Option<String>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Counts {
    pub takes: i64,
    pub masters: i64,
    pub evidence: i64,
    pub licences: i64,
    pub licences_paid: i64,
    pub matches: i64,
    pub cases: i64,
    pub works: i64,
}

/// What the first page shows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Home {
    pub counts: Counts,
    #[schema(required, value_type = Option<StoryRun>)]
    pub last_run: Option<backlot_ports::records::StoryRun>,
    /// `run-story`, `watch-run`, `grant-licence`, `review-match` or `none`.
    pub next_action: &'static str,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartStoryBody {
    pub title_zh: Option<String>,
    pub title_en: Option<String>,
    /// Id of a finished upload of kind `take`; none = a generated performance.
    pub take_upload: Option<String>,
    /// Id of a finished upload of kind `video`.
    pub video_upload: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUploadBody {
    pub file_name: String,
    pub bytes_total: i64,
    /// SHA-256 of the whole file, lowercase hex, when the browser computed it.
    pub expected: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct JobRows {
    #[schema(value_type = Vec<Job>)]
    pub rows: Vec<backlot_ports::jobs::Job>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct JobLog {
    #[schema(value_type = Vec<JobLogLine>)]
    pub lines: Vec<backlot_ports::jobs::JobLogLine>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkRights {
    #[schema(value_type = Work)]
    pub work: backlot_ports::records::Work,
    #[schema(value_type = Vec<RightsIn>)]
    pub rights_in: Vec<backlot_ports::records::RightsIn>,
    #[schema(value_type = Vec<Licence>)]
    pub licences: Vec<backlot_ports::records::Licence>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRow {
    pub seq: i64,
    pub at: i64,
    /// `person/<id>`, `worker/<name>` or `system`.
    pub actor: String,
    #[schema(required)]
    pub actor_name: Option<String>,
    pub kind: String,
    pub stream: String,
    pub body: Value,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    #[schema(required)]
    pub next_before: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHit {
    /// `work`, `take`, `master`, `evidence`, `licence` or `person`.
    pub kind: &'static str,
    pub id: String,
    pub title_zh: String,
    pub title_en: String,
    /// Path in the web app.
    pub href: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchHits {
    pub hits: Vec<SearchHit>,
}

/// One fact as the event stream tells it; the body is read from the audit page.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FactEvent {
    pub seq: i64,
    pub kind: String,
    pub stream: String,
    pub at: i64,
}

/// Why a licence cannot be granted, with the grant that stands in the way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
    pub witness: Option<Witness>,
    pub nearest_free: Option<Window>,
    pub field: Option<String>,
}

/// The licence that stands in the way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Witness {
    pub licence_id: String,
    pub licensee: String,
    pub territories: String,
    pub media: Vec<String>,
    pub languages: Vec<String>,
    pub starts_on: String,
    #[schema(required)]
    pub ends_on: Option<String>,
}

/// Half-open dates; no end = open.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub starts_on: String,
    #[schema(required)]
    pub ends_on: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictLine {
    pub code: String,
    pub text_zh: String,
    pub text_en: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct VerdictFailure {
    pub what: String,
    /// The entry of the package that is at fault.
    pub entry: String,
    pub detail: String,
}

/// What an evidence package proves and what not.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verdict {
    pub ok: bool,
    pub proven: Vec<VerdictLine>,
    pub not_proven: Vec<VerdictLine>,
    pub failures: Vec<VerdictFailure>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Authority {
    pub id: String,
    pub name_zh: String,
    pub name_en: String,
    /// Public key in the signed-note form.
    pub vkey: String,
    pub last_signed_size: u64,
    #[schema(required)]
    pub last_signed: Option<i64>,
    pub healthy: bool,
    /// Why it is not healthy.
    #[schema(required)]
    pub problem: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Ledger {
    pub origin: String,
    pub size: u64,
    /// Root hash of the Merkle tree, hex.
    pub root: String,
    pub authorities: Vec<Authority>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoreView {
    pub engine: String,
    pub engine_version: String,
    pub schema_version: i64,
    pub journal_rows: i64,
    pub bytes: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MediaView {
    pub version: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DiskView {
    pub free_bytes: u64,
    pub total_bytes: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkerView {
    pub running: usize,
    pub queued: usize,
}

/// What the health page shows. What cannot be read is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    pub version: String,
    pub store: StoreView,
    /// `folder …` or `s3 …`.
    pub blobs: String,
    #[schema(required)]
    pub media: Option<MediaView>,
    pub authorities: Vec<Authority>,
    /// Null when the journal is too long to be read while somebody waits.
    #[schema(required)]
    pub journal_ok: Option<bool>,
    #[schema(required)]
    pub disk: Option<DiskView>,
    pub worker: WorkerView,
}
