//! Jobs: leased rows of the store, enqueued in the transaction that causes them.
//!
//! A worker that dies loses its lease; the next one runs the job again. The last step of every job
//! is a commit with `Commit::finish`, a compare-and-set on the lease, so nothing visible happens twice.

use backlot_facts::{Id, UtcMicros};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobState {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl JobState {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Queued,
            Self::Running,
            Self::Done,
            Self::Failed,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// The same id twice is the same job: the second enqueue does nothing.
    pub id: Id,
    /// `story-capture`, `story-animate`, …
    pub kind: String,
    /// What it works on, `story-run/<id>`.
    pub subject: String,
    pub payload: Value,
    pub run_at: UtcMicros,
    pub max_attempts: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub id: Id,
    pub kind: String,
    pub subject: String,
    pub payload: Value,
    pub state: JobState,
    /// Attempts started.
    pub attempt: i64,
    pub max_attempts: i64,
    pub run_at: UtcMicros,
    pub lease_owner: Option<String>,
    pub lease_until: Option<UtcMicros>,
    #[serde(skip)]
    pub lease_token: Option<String>,
    /// Parts per million.
    pub progress_ppm: i64,
    /// A short stage name, `encoding the proxy`.
    pub stage: String,
    pub error: Option<String>,
    pub cancel_requested: bool,
    pub created: UtcMicros,
    pub updated: UtcMicros,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// 0 to 1,000,000.
    pub ppm: i64,
    pub stage: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLogLine {
    pub at: UtcMicros,
    pub line: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobQuery {
    pub state: Option<JobState>,
    pub subject: Option<String>,
    /// Only jobs changed after this instant.
    pub updated_after: Option<UtcMicros>,
    /// 1 to 500; 0 means 100.
    pub limit: u32,
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("job {job} is no longer leased to this worker")]
pub struct LeaseLost {
    pub job: Id,
}
