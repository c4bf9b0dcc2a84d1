//! The store on SQLite or PostgreSQL: one SQL text, through sqlx's `Any` driver.
//!
//! Words: a *head* is the one row that holds the journal's last number and hash; appends lock it,
//! so numbers have no gaps on either engine. A *lease* is a token on a job row.
//! Invariant: everything in a [`backlot_ports::store::Commit`] is one transaction.
//! Sources: SQLite WAL and `synchronous=FULL` (sqlite.org/wal.html, sqlite.org/pragma.html),
//! PostgreSQL READ COMMITTED and its error codes (appendix A), RFC 8785 for hashed bytes.
//! This adapter is trusted: it is what makes a commit durable.
//!
//! Reading order: [`engine`], [`schema`], [`migrate`], [`journal`], [`rows`], [`cursor`],
//! [`commit`], [`jobs`], [`job_log`].

mod commit;
mod cursor;
mod engine;
mod fault;
mod job_log;
mod jobs;
mod journal;
mod migrate;
mod rows;
mod schema;
mod sql;

use async_trait::async_trait;
use backlot_facts::{ChainedFact, Id, UtcMicros};
use backlot_ports::jobs::{Job, JobLogLine, JobQuery, Progress};
use backlot_ports::store::{
    Commit, Committed, Filter, JobLease, JournalCheck, Page, Query, Store, StoreError, StoreHealth,
};

pub use engine::{Engine, SqlOptions, SqlStore};
pub use job_log::{KEPT_FIRST, KEPT_LAST, LINE_CHARS};

#[async_trait]
impl Store for SqlStore {
    async fn migrate(&self) -> Result<(), StoreError> {
        Ok(migrate::run(self).await?)
    }

    async fn health(&self) -> Result<StoreHealth, StoreError> {
        Ok(engine::health(self).await?)
    }

    async fn check_journal(&self) -> Result<JournalCheck, StoreError> {
        Ok(journal::check(self).await?)
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError> {
        Ok(commit::run(self, &commit).await?)
    }

    async fn stream(&self, stream: &str) -> Result<Vec<ChainedFact>, StoreError> {
        Ok(journal::stream(self, stream).await?)
    }

    async fn facts_after(&self, seq: i64, limit: u32) -> Result<Vec<ChainedFact>, StoreError> {
        Ok(journal::after(self, seq, limit).await?)
    }

    async fn audit(
        &self,
        before_seq: i64,
        actor: Option<&str>,
        stream: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ChainedFact>, StoreError> {
        Ok(journal::audit(self, before_seq, actor, stream, limit).await?)
    }

    async fn row(&self, table: &'static str, id: &str) -> Result<Option<String>, StoreError> {
        Ok(rows::one(self, table, id).await?)
    }

    async fn rows(&self, table: &'static str, query: &Query) -> Result<Page<String>, StoreError> {
        Ok(rows::page(self, table, query).await?)
    }

    async fn count(&self, table: &'static str, filters: &[Filter]) -> Result<i64, StoreError> {
        Ok(rows::count(self, table, filters).await?)
    }

    async fn count_up_to(
        &self,
        table: &'static str,
        filters: &[Filter],
        limit: u32,
    ) -> Result<i64, StoreError> {
        Ok(rows::count_up_to(self, table, filters, limit).await?)
    }

    async fn lease_job(
        &self,
        kinds: &[&str],
        worker: &str,
        now: UtcMicros,
        lease_secs: i64,
    ) -> Result<Option<Job>, StoreError> {
        Ok(jobs::lease(self, kinds, worker, now, lease_secs).await?)
    }

    async fn report_progress(
        &self,
        lease: &JobLease,
        now: UtcMicros,
        lease_secs: i64,
        progress: &Progress,
    ) -> Result<bool, StoreError> {
        Ok(jobs::report(self, lease, now, lease_secs, progress).await?)
    }

    async fn log_job(&self, job: &Id, at: UtcMicros, line: &str) -> Result<(), StoreError> {
        Ok(job_log::append(self, job, at, line).await?)
    }

    async fn job_log(&self, job: &Id) -> Result<Vec<JobLogLine>, StoreError> {
        Ok(job_log::read(self, job).await?)
    }

    async fn fail_job(
        &self,
        lease: &JobLease,
        now: UtcMicros,
        error: &str,
        retry_at: Option<UtcMicros>,
    ) -> Result<(), StoreError> {
        Ok(jobs::fail(self, lease, now, error, retry_at).await?)
    }

    async fn cancel_leased(&self, lease: &JobLease, now: UtcMicros) -> Result<(), StoreError> {
        Ok(jobs::cancel_leased(self, lease, now).await?)
    }

    async fn request_cancel(&self, job: &Id, now: UtcMicros) -> Result<bool, StoreError> {
        Ok(jobs::request_cancel(self, job, now).await?)
    }

    async fn retry_job(&self, job: &Id, now: UtcMicros) -> Result<bool, StoreError> {
        Ok(jobs::retry(self, job, now).await?)
    }

    async fn release_leases(&self, worker: &str, now: UtcMicros) -> Result<u64, StoreError> {
        Ok(jobs::release(self, worker, now).await?)
    }

    async fn job(&self, job: &Id) -> Result<Option<Job>, StoreError> {
        Ok(jobs::one(self, job).await?)
    }

    async fn jobs(&self, query: &JobQuery) -> Result<Vec<Job>, StoreError> {
        Ok(jobs::list(self, query).await?)
    }
}
