//! The store: a hash-chained journal of facts, rows made from them, and jobs, committed together.
//!
//! Invariant: whatever a [`Commit`] carries becomes visible at once or not at all, and
//! `Commit::expect` is checked inside that same transaction. Two writers that read the same stream
//! version can never both win.

use crate::jobs::{Job, JobLogLine, JobQuery, LeaseLost, NewJob, Progress};
use async_trait::async_trait;
use backlot_facts::{ChainedFact, Id, NewFact, UtcMicros};
use serde::{Serialize, de::DeserializeOwned};

/// One indexed column value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Int(i64),
    Null,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int(int)
    }
}
impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row shape: a table with an `id`, a few indexed columns and the whole record as JSON in `body`.
/// Table and column names are constants of the program, never input.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    const TABLE: &'static str;
    fn id(&self) -> &str;
    /// The columns lists filter and sort by. Every put writes all of them.
    fn index(&self) -> Vec<(&'static str, Value)>;
}

/// Insert or replace one row by id.
#[derive(Debug, Clone, PartialEq)]
pub struct RowPut {
    pub table: &'static str,
    pub id: String,
    pub index: Vec<(&'static str, Value)>,
    pub body: String,
}

impl RowPut {
    pub fn of<R: Record>(record: &R) -> Result<Self, StoreError> {
        Ok(Self {
            table: R::TABLE,
            id: record.id().to_owned(),
            index: record.index(),
            body: serde_json::to_string(record).map_err(|source| StoreError::Body {
                table: R::TABLE,
                source,
            })?,
        })
    }
}

/// Everything one use-case changes.
#[derive(Debug, Clone, Default)]
pub struct Commit {
    /// `person/<id>`, `worker/<name>` or `system`.
    pub actor: String,
    pub at: Option<UtcMicros>,
    pub facts: Vec<NewFact>,
    /// Streams the decision read, with the version it saw (0 = empty).
    pub expect: Vec<(String, i64)>,
    pub puts: Vec<RowPut>,
    /// Only for rows that are not facts: sessions, finished uploads.
    pub deletes: Vec<(&'static str, String)>,
    pub jobs: Vec<NewJob>,
    /// Finish this leased job in the same transaction; refused when the lease is gone.
    pub finish: Option<JobLease>,
}

impl Commit {
    pub fn new(actor: impl Into<String>, at: UtcMicros) -> Self {
        Self {
            actor: actor.into(),
            at: Some(at),
            ..Self::default()
        }
    }

    pub fn fact(mut self, fact: NewFact) -> Self {
        self.facts.push(fact);
        self
    }

    pub fn expect(mut self, stream: impl Into<String>, version: i64) -> Self {
        self.expect.push((stream.into(), version));
        self
    }

    pub fn put<R: Record>(mut self, record: &R) -> Result<Self, StoreError> {
        self.puts.push(RowPut::of(record)?);
        Ok(self)
    }

    pub fn delete<R: Record>(mut self, id: &str) -> Self {
        self.deletes.push((R::TABLE, id.to_owned()));
        self
    }

    pub fn job(mut self, job: NewJob) -> Self {
        self.jobs.push(job);
        self
    }

    pub fn finish(mut self, lease: JobLease) -> Self {
        self.finish = Some(lease);
        self
    }
}

/// Proof that a worker still holds a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobLease {
    pub job: Id,
    pub token: String,
}

/// What a commit added to the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Highest journal number after this commit.
    pub last_seq: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Case-insensitive substring of a text column.
    Contains,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub column: &'static str,
    /// Further columns, any of which may satisfy the comparison instead.
    pub or_columns: &'static [&'static str],
    pub compare: Compare,
    pub value: Value,
}

impl Filter {
    pub fn new(column: &'static str, compare: Compare, value: impl Into<Value>) -> Self {
        Self {
            column,
            or_columns: &[],
            compare,
            value: value.into(),
        }
    }

    /// Rows in which any of `columns` contains `text`, case-insensitively. `None` without columns.
    pub fn any_contains(columns: &'static [&'static str], text: &str) -> Option<Self> {
        let (column, or_columns) = columns.split_first()?;
        let found = Self::new(column, Compare::Contains, text);
        Some(Self {
            or_columns,
            ..found
        })
    }
}

/// A keyset page over one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub filters: Vec<Filter>,
    /// A NOT NULL index column, or `id`.
    pub order_by: &'static str,
    pub descending: bool,
    /// 1 to [`Query::LIMIT_MAX`].
    pub limit: u32,
    /// `Page::next` of the page before.
    pub after: Option<String>,
}

impl Query {
    pub const LIMIT_MAX: u32 = 500;

    pub fn by(order_by: &'static str) -> Self {
        Self {
            filters: Vec::new(),
            order_by,
            descending: false,
            limit: 50,
            after: None,
        }
    }

    pub fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    pub fn filter(
        mut self,
        column: &'static str,
        compare: Compare,
        value: impl Into<Value>,
    ) -> Self {
        self.filters.push(Filter::new(column, compare, value));
        self
    }

    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.clamp(1, Self::LIMIT_MAX);
        self
    }

    pub fn after(mut self, cursor: Option<String>) -> Self {
        self.after = cursor;
        self
    }
}

/// Rows in order and the cursor of the next page, if there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<R> {
    pub rows: Vec<R>,
    pub next: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("stream `{stream}` is at version {found}, the decision read {expected}")]
    StreamMoved {
        stream: String,
        expected: i64,
        found: i64,
    },
    #[error("a row of `{table}` with the same unique value exists")]
    Taken { table: &'static str },
    #[error(transparent)]
    LeaseLost(#[from] LeaseLost),
    #[error("failed to write or read the body of a `{table}` row")]
    Body {
        table: &'static str,
        source: serde_json::Error,
    },
    #[error("`{0}` is not a page cursor")]
    Cursor(String),
    #[error("the store is full: {0}")]
    Full(String),
    #[error("the store failed to {doing}")]
    Backend {
        doing: &'static str,
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What `doctor` and the health page say about a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreHealth {
    /// `sqlite` or `postgres`.
    pub engine: String,
    pub engine_version: String,
    pub schema_version: i64,
    pub journal_rows: i64,
    pub bytes: i64,
}

/// The outcome of re-reading the whole journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalCheck {
    pub rows: i64,
    /// First broken row and what is wrong with it, `None` when every hash holds.
    pub broken: Option<(i64, String)>,
    pub head_hash: String,
}

#[async_trait]
pub trait Store: Send + Sync {
    async fn migrate(&self) -> Result<(), StoreError>;
    async fn health(&self) -> Result<StoreHealth, StoreError>;
    /// Re-hashes every journal row.
    async fn check_journal(&self) -> Result<JournalCheck, StoreError>;

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;

    /// All facts of one stream, oldest first.
    async fn stream(&self, stream: &str) -> Result<Vec<ChainedFact>, StoreError>;
    /// Facts after a journal number, oldest first, at most `limit`.
    async fn facts_after(&self, seq: i64, limit: u32) -> Result<Vec<ChainedFact>, StoreError>;
    /// Newest facts first, before a journal number (`i64::MAX` = from the end), optionally of one
    /// actor or one stream.
    async fn audit(
        &self,
        before_seq: i64,
        actor: Option<&str>,
        stream: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ChainedFact>, StoreError>;

    /// The body of one row.
    async fn row(&self, table: &'static str, id: &str) -> Result<Option<String>, StoreError>;
    /// Bodies of a page of rows.
    async fn rows(&self, table: &'static str, query: &Query) -> Result<Page<String>, StoreError>;
    async fn count(&self, table: &'static str, filters: &[Filter]) -> Result<i64, StoreError>;
    /// As [`Store::count`], but stops counting at `limit`.
    async fn count_up_to(
        &self,
        table: &'static str,
        filters: &[Filter],
        limit: u32,
    ) -> Result<i64, StoreError>;

    /// Takes the oldest due job of one of `kinds` (empty = any): queued, or running with an expired
    /// lease and attempts left. Gives it a fresh token and counts one attempt.
    async fn lease_job(
        &self,
        kinds: &[&str],
        worker: &str,
        now: UtcMicros,
        lease_secs: i64,
    ) -> Result<Option<Job>, StoreError>;
    /// Extends the lease and stores progress. `cancel_requested` comes back with the answer.
    async fn report_progress(
        &self,
        lease: &JobLease,
        now: UtcMicros,
        lease_secs: i64,
        progress: &Progress,
    ) -> Result<bool, StoreError>;
    async fn log_job(&self, job: &Id, at: UtcMicros, line: &str) -> Result<(), StoreError>;
    async fn job_log(&self, job: &Id) -> Result<Vec<JobLogLine>, StoreError>;
    /// Ends an attempt: queued again at `retry_at`, or failed for good.
    async fn fail_job(
        &self,
        lease: &JobLease,
        now: UtcMicros,
        error: &str,
        retry_at: Option<UtcMicros>,
    ) -> Result<(), StoreError>;
    /// Ends a leased job as cancelled.
    async fn cancel_leased(&self, lease: &JobLease, now: UtcMicros) -> Result<(), StoreError>;
    /// A queued job is cancelled at once; a running one is asked to stop. False = already ended.
    async fn request_cancel(&self, job: &Id, now: UtcMicros) -> Result<bool, StoreError>;
    /// A failed or cancelled job is queued again with fresh attempts. False = not in such a state.
    async fn retry_job(&self, job: &Id, now: UtcMicros) -> Result<bool, StoreError>;
    /// Leases of a worker that is known to be dead (this process, before a restart) expire now.
    async fn release_leases(&self, worker: &str, now: UtcMicros) -> Result<u64, StoreError>;
    async fn job(&self, job: &Id) -> Result<Option<Job>, StoreError>;
    /// Newest change first.
    async fn jobs(&self, query: &JobQuery) -> Result<Vec<Job>, StoreError>;
}

/// One typed row.
pub async fn get<R: Record>(store: &dyn Store, id: &str) -> Result<Option<R>, StoreError> {
    match store.row(R::TABLE, id).await? {
        None => Ok(None),
        Some(body) => parse::<R>(&body).map(Some),
    }
}

/// One typed page.
pub async fn list<R: Record>(store: &dyn Store, query: &Query) -> Result<Page<R>, StoreError> {
    let page = store.rows(R::TABLE, query).await?;
    let rows = page
        .rows
        .iter()
        .map(|body| parse::<R>(body))
        .collect::<Result<_, _>>()?;
    Ok(Page {
        rows,
        next: page.next,
    })
}

fn parse<R: Record>(body: &str) -> Result<R, StoreError> {
    serde_json::from_str(body).map_err(|source| StoreError::Body {
        table: R::TABLE,
        source,
    })
}
